//! The loop: a task stops, what that means is told to the sink, the task goes on.

use std::{
    cell::RefCell,
    collections::{HashMap, VecDeque},
    io, mem, ptr,
    time::{Duration, Instant},
};

use crate::{
    call::{Call, Process},
    chosen::Chosen,
    decode::{self, Limits},
    engine::{
        clock::Clock,
        filter,
        known::Known,
        launch::{self, Command, Failure},
        ptrace::{self, Birth, Point, Stop, Tid, Waited},
        stopper::Stopper,
        target::{self, Target},
        task::{Task, Tasks},
    },
    error::Error,
    event::{Ended, Event, Head, How, Moment, Outcome, Usage, What, Who},
    python::Frames,
    sink::{Sink, Wants},
};

/// How long a task may take to stop when the tracer leaves; what still runs then is left as it runs.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is to be traced, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Also the tasks that a traced one makes.
    pub follow: bool,
    /// The calls to be seen.
    pub chosen: Chosen,
    /// Let the kernel pass over calls that are not chosen, where that is possible.
    pub filter: bool,
    /// How much of texts and buffers is kept.
    pub limits: Limits,
    /// Find the line of Python that made a call.
    pub python: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { follow: true, chosen: Chosen::all(), filter: true, limits: Limits::default(), python: false }
    }
}

/// Follows tasks; bound to the thread that made it.
pub struct Tracer<'s> {
    options: Options,
    sink: &'s mut dyn Sink,
    wants: Wants,
    clock: Clock,
    tasks: Tasks,
    /// Stops of tasks whose birth has not been told of yet.
    held: HashMap<Tid, Stop>,
    queue: VecDeque<Waited>,
    /// Stops that are being answered; where that fails, their tasks still stand.
    answering: Vec<Waited>,
    stopper: Stopper,
    /// Calls that are not chosen do not stop.
    is_filtered: bool,
    /// Nobody is told anything any more; the tasks are followed because they cannot be left.
    is_mute: bool,
    /// The program was asked to end.
    is_ending: bool,
    /// The program that was started, its name, and where it says why it did not begin.
    main: Option<(Tid, String, Option<Failure>)>,
    outcome: Outcome,
    frames: Option<Frames>,
    known: RefCell<Known>,
}

impl<'s> Tracer<'s> {
    /// A tracer of nothing yet.
    pub fn new(options: Options, sink: &'s mut dyn Sink, stopper: Stopper) -> Self {
        let wants = sink.wants();
        let frames = (options.python && wants.arguments).then(Frames::default);
        Self {
            options,
            sink,
            wants,
            clock: Clock::start(),
            tasks: Tasks::default(),
            held: HashMap::new(),
            queue: VecDeque::new(),
            answering: Vec::new(),
            stopper,
            is_filtered: false,
            is_mute: false,
            is_ending: false,
            main: None,
            outcome: Outcome::default(),
            frames,
            known: RefCell::default(),
        }
    }

    /// Start a program and follow it to its end.
    ///
    /// # Errors
    ///
    /// `Error` where it does not start, and where the sink fails; the program goes on untraced then.
    pub fn launch(mut self, command: &Command, mask: &libc::sigset_t) -> Result<Outcome, Error> {
        let filter =
            if self.options.filter && self.options.follow { filter::program(&self.options.chosen) } else { Vec::new() };
        self.is_filtered = !filter.is_empty();
        if self.is_filtered {
            self.stopper.bind();
        }
        self.begin(command.words(), command.place())?;
        let child = launch::launch(command, &filter, mask).map_err(|cause| Error::System { call: "fork", cause })?;
        let tid = child.tid;
        if let Err(error) = self.seize(tid) {
            child.abandon();
            return Err(error);
        }
        if self.options.follow && !self.is_filtered && self.wants.arguments {
            self.known.get_mut().turn_on();
            self.known.get_mut().add(tid, None);
        }
        let mut task = Task::new(Who { pid: tid, tid });
        task.is_starting = true;
        self.tasks.add(task);
        ptrace::interrupt(tid).map_err(|cause| Error::System { call: "ptrace", cause })?;
        // It stands still from here on: not a call of the program can be missed.
        match ptrace::wait(true) {
            Ok(Some(waited)) => self.queue.push_back(waited),
            Ok(None) => {}
            Err(cause) => return Err(Error::System { call: "wait4", cause }),
        }
        self.main = Some((tid, command.name(), Some(child.release())));
        self.tell(tid, What::Process { parent: None, how: How::Start, program: None })?;
        self.run()
    }

    /// Follow processes that run already.
    ///
    /// # Errors
    ///
    /// `Error` where there is no such process, where the kernel refuses, and where the sink fails.
    pub fn attach(mut self, pids: &[Tid]) -> Result<Outcome, Error> {
        let folder = std::env::current_dir().unwrap_or_default().into_os_string().into_encoded_bytes();
        self.begin(Vec::new(), folder)?;
        for &pid in pids {
            if let Err(error) = self.attach_one(pid) {
                self.leave();
                return Err(error);
            }
        }
        self.run()
    }

    fn begin(&mut self, command: Vec<Vec<u8>>, folder: Vec<u8>) -> Result<(), Error> {
        if !cfg!(target_arch = "x86_64") {
            // The tables of calls are those of x86-64: elsewhere every name would be a wrong one.
            return Err(Error::System { call: "ptrace", cause: io::ErrorKind::Unsupported.into() });
        }
        let head = Head { command, folder, start: self.clock.now() };
        self.sink.begin(&head).map_err(Error::Output)
    }

    fn attach_one(&mut self, pid: Tid) -> Result<(), Error> {
        let mut found = vec![pid];
        if self.options.follow {
            found.extend(target::tasks(pid).into_iter().filter(|tid| *tid != pid));
        }
        // Threads that are made meanwhile are found in the next round, or belong to one that is traced already.
        while let Some(tid) = found.iter().copied().find(|tid| !self.tasks.knows(*tid)) {
            let process = target::status(tid, "Tgid").map_or(pid, |number| number as Tid);
            match self.seize(tid) {
                Ok(()) => {}
                // A thread that ended; of the process itself this is the answer.
                Err(Error::NoProcess(_)) if tid != pid => {
                    found.retain(|other| *other != tid);
                    continue;
                }
                Err(error) => return Err(error),
            }
            self.tasks.add(Task::new(Who { pid: process, tid }));
            self.tell(tid, What::Process { parent: None, how: How::Attach, program: target::program(tid) })?;
            let _ = ptrace::interrupt(tid);
            if self.options.follow {
                found.extend(target::tasks(pid));
            }
        }
        Ok(())
    }

    fn seize(&self, tid: Tid) -> Result<(), Error> {
        let mut options = libc::PTRACE_O_TRACESYSGOOD | libc::PTRACE_O_TRACEEXEC | libc::PTRACE_O_TRACEEXIT;
        if self.options.follow {
            options |= libc::PTRACE_O_TRACEFORK | libc::PTRACE_O_TRACEVFORK | libc::PTRACE_O_TRACECLONE;
        }
        if self.is_filtered {
            // Without a tracer the kernel would refuse each call that the filter names, as if it did not exist: a program
            // that works on in such a world does more harm than one that ends.
            options |= libc::PTRACE_O_TRACESECCOMP | libc::PTRACE_O_EXITKILL;
        }
        ptrace::seize(tid, options).map_err(|cause| match cause.raw_os_error() {
            Some(libc::ESRCH) => Error::NoProcess(tid),
            _ => Error::Refused { pid: tid, cause },
        })
    }

    fn run(mut self) -> Result<Outcome, Error> {
        let inside = self.stopper.clone();
        let _inside = inside.enter().map_err(|cause| Error::System { call: "sigaction", cause })?;
        let mut followed = self.follow();
        if followed.is_err() {
            if self.is_filtered && !self.tasks.is_empty() {
                self.is_mute = true;
                // What failed first is what is told; without a sink nothing of the kind can happen again.
                self.queue.extend(mem::take(&mut self.answering));
                followed = followed.and(self.follow());
            } else {
                self.leave();
            }
        }
        followed?;
        self.outcome.end = self.clock.now();
        if !self.is_mute {
            self.sink.end(&self.outcome).map_err(Error::Output)?;
        }
        Ok(self.outcome)
    }

    fn follow(&mut self) -> Result<(), Error> {
        while !self.tasks.is_empty() {
            if (self.stopper.is_asked() || self.stopper.is_abandoned()) && !self.is_filtered {
                self.leave();
                self.outcome.is_detached = true;
                return Ok(());
            }
            self.is_mute |= self.stopper.is_abandoned();
            if self.stopper.is_asked() && !self.is_ending {
                self.end_main();
            }
            if let Some(waited) = self.next()? {
                self.handle(waited.tid, waited.stop)?;
            }
        }
        Ok(())
    }

    /// Ask the program that was started to end.
    fn end_main(&mut self) {
        self.is_ending = true;
        if let Some((tid, ..)) = self.main {
            // SAFETY: a plain call with the number of a task that is ours until its end was waited for.
            unsafe { libc::kill(tid, libc::SIGTERM) };
        }
    }

    /// The next stop; none where a signal came instead.
    fn next(&mut self) -> Result<Option<Waited>, Error> {
        if let Some(waited) = self.queue.pop_front() {
            return Ok(Some(waited));
        }
        let mut waited = if self.wants.idle { self.wait(false)? } else { None };
        if waited.is_none() {
            if self.wants.idle && !self.is_mute {
                self.sink.idle().map_err(Error::Output)?;
            }
            waited = self.wait(true)?;
        }
        let Some(waited) = waited else { return Ok(None) };
        self.queue.push_back(waited);
        // The kernel looks through the tasks in one order: without this a busy one would starve those behind it.
        if self.tasks.len() > 1 {
            while let Some(waited) = self.wait(false)? {
                self.queue.push_back(waited);
            }
        }
        Ok(self.queue.pop_front())
    }

    fn wait(&mut self, blocking: bool) -> Result<Option<Waited>, Error> {
        match ptrace::wait(blocking) {
            Ok(waited) => Ok(waited),
            Err(cause) if cause.raw_os_error() == Some(libc::EINTR) => Ok(None),
            // The last ends lie in the queue and are still to be told.
            Err(cause) if cause.raw_os_error() == Some(libc::ECHILD) && !self.queue.is_empty() => Ok(None),
            Err(cause) if cause.raw_os_error() == Some(libc::ECHILD) => {
                // Somebody else took the ends of our tasks away, so there is nothing left to follow.
                for tid in self.tasks.numbers() {
                    self.tasks.remove(tid);
                }
                Ok(None)
            }
            Err(cause) => Err(Error::System { call: "wait4", cause }),
        }
    }

    fn handle(&mut self, tid: Tid, stop: Stop) -> Result<(), Error> {
        self.answering.push(Waited { tid, stop });
        self.answer(tid, stop)?;
        self.answering.pop();
        Ok(())
    }

    fn answer(&mut self, tid: Tid, stop: Stop) -> Result<(), Error> {
        if !self.tasks.knows(tid) && stop != Stop::Executed {
            return self.hold(tid, stop);
        }
        match stop {
            Stop::Syscall | Stop::Chosen => self.at_call(tid)?,
            Stop::Signal(signal) => {
                self.tell_signal(tid, signal)?;
                self.resume(tid, signal);
                return Ok(());
            }
            Stop::Group(signal) => {
                if self.wants.tasks {
                    self.tell(tid, What::Stopped { signal })?;
                }
                let _ = ptrace::listen(tid);
                return Ok(());
            }
            Stop::Born(birth) => self.born(tid, birth)?,
            Stop::Executed => self.executed(tid)?,
            Stop::Leaving => self.leaving(tid)?,
            Stop::Exited(status) => return self.ended(tid, Some(status), None, false),
            Stop::Killed(signal, core) => return self.ended(tid, None, Some(signal), core),
            Stop::Trap | Stop::Other => {}
        }
        self.resume(tid, 0);
        Ok(())
    }

    /// Let a task go on. It may be gone, which `wait` tells.
    fn resume(&mut self, tid: Tid, signal: i32) {
        let is_inside = self.tasks.get(tid).is_some_and(|task| task.inside.is_some());
        let _ = ptrace::resume(tid, is_inside || !self.is_filtered, signal);
    }

    fn tell(&mut self, tid: Tid, what: What) -> Result<(), Error> {
        let time = self.clock.now();
        self.tell_at(tid, what, time)
    }

    fn tell_at(&mut self, tid: Tid, what: What, time: Moment) -> Result<(), Error> {
        let Some(task) = self.tasks.get(tid) else { return Ok(()) };
        if self.is_mute {
            return Ok(());
        }
        let event = Event { who: task.who, time, what };
        self.sink.take(&event).map_err(Error::Output)
    }

    fn at_call(&mut self, tid: Tid) -> Result<(), Error> {
        match ptrace::point(tid) {
            Ok(Point::Entry(call)) => {
                self.enter(tid, call)?;
                self.known.get_mut().entered(tid, &call);
                Ok(())
            }
            Ok(Point::Exit(value, is_error)) => {
                self.known.get_mut().left(tid);
                self.exit(tid, value, is_error)
            }
            Ok(Point::Outside) => Ok(()),
            Err(cause) if cause.raw_os_error() == Some(libc::ESRCH) => Ok(()),
            Err(cause) => Err(Error::System { call: "ptrace", cause }),
        }
    }

    fn enter(&mut self, tid: Tid, call: Call) -> Result<(), Error> {
        let Some(task) = self.tasks.get(tid) else { return Ok(()) };
        if task.is_starting && !launch::is_execve(&call) {
            return Ok(());
        }
        if self.is_mute || !self.options.chosen.holds(&call) {
            return Ok(());
        }
        let who = task.who;
        let args = if self.wants.arguments {
            decode::entry(&call, &Target::new(tid, &self.known), &self.options.limits)
        } else {
            Vec::new()
        };
        let frame = self.frames.as_mut().and_then(|frames| frames.of(who));
        let start = self.clock.now();
        let begun =
            Ended { call, start, duration: 0, error: None, args, descriptor: None, frame, is_unfinished: false };
        if self.wants.begun && self.tasks.len() > 1 {
            self.sink.begun(who, &begun).map_err(Error::Output)?;
        }
        if let Some(task) = self.tasks.get(tid) {
            task.inside = Some(begun);
        }
        Ok(())
    }

    fn exit(&mut self, tid: Tid, value: i64, is_error: bool) -> Result<(), Error> {
        let end = self.clock.now();
        let Some(mut ended) = self.tasks.get(tid).and_then(|task| task.inside.take()) else { return Ok(()) };
        ended.duration = end.saturating_sub(ended.start);
        ended.call.result = Some(value);
        ended.error = is_error.then(|| value.wrapping_neg() as i32);
        if self.wants.arguments && !self.is_mute {
            let process = Target::new(tid, &self.known);
            decode::exit(&ended.call, &process, &self.options.limits, &mut ended.args);
            if !is_error && decode::result_kind(&ended.call) == decode::ResultKind::Descriptor {
                ended.descriptor = i32::try_from(value).ok().and_then(|number| process.descriptor(number));
            }
        }
        self.outcome.calls += 1;
        self.tell_at(tid, What::Call(Box::new(ended)), end)
    }

    /// A call that its task did not come back from.
    fn unfinished(&mut self, tid: Tid) -> Result<(), Error> {
        let end = self.clock.now();
        let Some(mut ended) = self.tasks.get(tid).and_then(|task| task.inside.take()) else { return Ok(()) };
        ended.duration = end.saturating_sub(ended.start);
        ended.is_unfinished = true;
        self.outcome.calls += 1;
        self.tell_at(tid, What::Call(Box::new(ended)), end)
    }

    fn tell_signal(&mut self, tid: Tid, signal: i32) -> Result<(), Error> {
        if !self.wants.tasks {
            return Ok(());
        }
        let Ok((code, sender)) = ptrace::signal_facts(tid) else { return Ok(()) };
        self.tell(tid, What::Signal { signal, code, sender })
    }

    /// A task stopped before its parent's stop said that it was born: remember the stop until then.
    fn hold(&mut self, tid: Tid, stop: Stop) -> Result<(), Error> {
        match stop {
            Stop::Exited(_) | Stop::Killed(..) => {
                self.held.remove(&tid);
            }
            stop => {
                self.held.insert(tid, stop);
            }
        }
        Ok(())
    }

    fn born(&mut self, parent: Tid, birth: Birth) -> Result<(), Error> {
        let Ok(child) = ptrace::message(parent).map(|number| number as Tid) else { return Ok(()) };
        if self.tasks.knows(child) {
            return Ok(());
        }
        let is_alone = self.tasks.len() == 1;
        let Some(maker) = self.tasks.get(parent) else { return Ok(()) };
        let (who, process) = (maker.who, maker.who.pid);
        if let (Some(inside), true) = (&maker.inside, self.wants.begun && is_alone && !self.is_mute) {
            self.sink.begun(who, inside).map_err(Error::Output)?;
        }
        let is_process = birth != Birth::Clone || ptrace::is_leader(child);
        let how = match birth {
            Birth::Fork => How::Fork,
            Birth::Vfork => How::Vfork,
            Birth::Clone if is_process => How::Clone,
            Birth::Clone => How::Thread,
        };
        if let (true, Some(frames)) = (is_process, &mut self.frames) {
            frames.inherit(process, child);
        }
        let task = Task::new(Who { pid: if is_process { child } else { process }, tid: child });
        self.tasks.add(task);
        self.known.get_mut().add(child, Some(parent));
        if self.wants.tasks {
            let program = if is_process { target::program(parent) } else { None };
            self.tell(child, What::Process { parent: Some(parent), how, program })?;
        }
        match self.held.remove(&child) {
            Some(stop) => self.handle(child, stop),
            None => Ok(()),
        }
    }

    /// Tasks that stand still although whoever made them is gone, and so cannot tell of them any more.
    fn adopt(&mut self) -> Result<(), Error> {
        for (tid, stop) in mem::take(&mut self.held) {
            // What it shares with others was not told.
            self.known.get_mut().turn_off();
            let pid = target::status(tid, "Tgid").map_or(tid, |number| number as Tid);
            self.tasks.add(Task::new(Who { pid, tid }));
            let how = if pid == tid { How::Fork } else { How::Thread };
            let program = target::program(tid);
            self.tell(tid, What::Process { parent: None, how, program })?;
            self.handle(tid, stop)?;
        }
        Ok(())
    }

    fn executed(&mut self, tid: Tid) -> Result<(), Error> {
        let former = ptrace::message(tid).map_or(tid, |number| number as Tid);
        if former != tid {
            self.take_over(tid, former)?;
            self.known.get_mut().remove(former);
        }
        self.known.get_mut().add(tid, None);
        let Some(task) = self.tasks.get(tid) else { return Ok(()) };
        task.is_starting = false;
        if let Some(frames) = &mut self.frames {
            frames.forget(tid);
        }
        if self.wants.tasks {
            let former = (former != tid).then_some(former);
            let (program, argv) = (target::program(tid).unwrap_or_default(), target::words(tid));
            self.tell(tid, What::Exec { program, argv, former })?;
        }
        Ok(())
    }

    /// A thread that was not the first of its process executes: all others are gone, and it gets the first one's number.
    fn take_over(&mut self, tid: Tid, former: Tid) -> Result<(), Error> {
        self.unfinished(tid)?;
        let gone = What::Exit { status: None, signal: None, core: false, usage: None };
        let inside = self.tasks.get(former).and_then(|task| task.inside.take());
        self.tell(former, gone)?;
        let Some(mut task) = self.tasks.remove(former) else { return Ok(()) };
        task.who = Who { pid: tid, tid };
        task.inside = inside;
        self.tasks.add(task);
        Ok(())
    }

    fn leaving(&mut self, tid: Tid) -> Result<(), Error> {
        self.unfinished(tid)?;
        let Some(pid) = self.tasks.get(tid).map(|task| task.who.pid) else { return Ok(()) };
        // Of threads that end before the first one, that one's end tells what they took.
        if self.wants.tasks && (tid == pid || self.tasks.took(pid)) {
            let (user, system) = ptrace::times(pid).unwrap_or_default();
            let max_rss = target::status(tid, "VmHWM").unwrap_or_default() * 1024;
            self.tasks.note(pid, Usage { user, system, max_rss });
        }
        Ok(())
    }

    fn ended(&mut self, tid: Tid, status: Option<i32>, signal: Option<i32>, core: bool) -> Result<(), Error> {
        self.unfinished(tid)?;
        let Some(task) = self.tasks.get(tid) else { return Ok(()) };
        let (who, is_starting) = (task.who, task.is_starting);
        let usage = if who.pid == tid { self.tasks.settle(tid) } else { None };
        let told = self.tell(tid, What::Exit { status, signal, core, usage });
        self.tasks.remove(tid);
        self.known.get_mut().remove(tid);
        if let Some(frames) = &mut self.frames {
            frames.forget(tid);
        }
        told?;
        if self.main.as_ref().is_some_and(|(main, ..)| *main == tid) {
            (self.outcome.status, self.outcome.signal) = (status, signal);
            if is_starting {
                return Err(self.why_not_started());
            }
        }
        self.adopt()
    }

    fn why_not_started(&mut self) -> Error {
        let Some((_, name, failure)) = self.main.take() else { return Error::DiedAtOnce { name: String::new() } };
        match failure.and_then(Failure::read) {
            Some(cause) => Error::Program { name, cause },
            None => Error::DiedAtOnce { name },
        }
    }

    /// Let all tasks go on untraced, each with the signal that it was about to get.
    fn leave(&mut self) {
        for tid in self.tasks.numbers() {
            let _ = ptrace::interrupt(tid);
        }
        let until = Instant::now() + PATIENCE;
        let held = mem::take(&mut self.held).into_iter().map(|(tid, stop)| Waited { tid, stop });
        self.queue.extend(held.chain(mem::take(&mut self.answering)));
        while !self.tasks.is_empty() && Instant::now() < until {
            let waited = match self.queue.pop_front() {
                Some(waited) => Ok(Some(waited)),
                None => ptrace::wait(false),
            };
            match waited {
                Ok(Some(waited)) => self.let_go(waited),
                Ok(None) => std::thread::sleep(Duration::from_micros(200)),
                Err(_) => return,
            }
        }
    }

    fn let_go(&mut self, Waited { tid, stop }: Waited) {
        match stop {
            Stop::Exited(status) => self.let_end(tid, Some(status), None),
            Stop::Killed(signal, _) => self.let_end(tid, None, Some(signal)),
            Stop::Signal(signal) => drop(ptrace::detach(tid, signal)),
            Stop::Born(_) => {
                if let Ok(child) = ptrace::message(tid) {
                    self.tasks.add(Task::new(Who { pid: child as Tid, tid: child as Tid }));
                }
                drop(ptrace::detach(tid, 0));
            }
            _ => drop(ptrace::detach(tid, 0)),
        }
        self.tasks.remove(tid);
    }

    fn let_end(&mut self, tid: Tid, status: Option<i32>, signal: Option<i32>) {
        if self.main.as_ref().is_some_and(|(main, ..)| *main == tid) {
            (self.outcome.status, self.outcome.signal) = (status, signal);
        }
    }
}

/// The signals that this thread holds back.
#[must_use]
pub fn signal_mask() -> libc::sigset_t {
    // SAFETY: a set of zeros is valid, and without a new set the call only writes the old one to our place.
    unsafe {
        let mut mask: libc::sigset_t = mem::zeroed();
        libc::pthread_sigmask(libc::SIG_BLOCK, ptr::null(), &raw mut mask);
        mask
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        io::Error::other(error)
    }
}
