//! A trace in a thread of its own, for a caller that has other things to do.
//!
//! Enters: what is to be traced, and where the events go. Leaves: batches of JSON lines where they are asked for, and what
//! became of the program. The thread holds no more than a few batches: where the caller does not take them, the traced
//! tasks wait.

use std::{
    fs::File,
    io::{self, Write},
    mem,
    os::fd::OwnedFd,
    panic::{self, AssertUnwindSafe},
    ptr,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread::JoinHandle,
    time::Duration,
};

use crate::{
    engine::{Command, Options, Stopper, Tracer, ptrace::Tid, tracer::signal_mask},
    error::Error,
    event::Outcome,
    sink::Sink,
    write::{
        lines::Lines,
        summary::{Order, Summary},
        text::{Style, Text},
    },
};

/// Batches that wait for the caller.
const WAITING: usize = 4;

/// What is to be traced.
#[derive(Debug)]
pub enum Subject {
    /// A program that is started.
    Command(Command),
    /// Processes that run already.
    Processes(Vec<Tid>),
}

/// Where the events go.
#[derive(Debug)]
pub enum Destination {
    /// To the caller, as JSON lines; the text is the object of options for the first line.
    Caller(String),
    /// Into a file, as JSON lines.
    Lines(OwnedFd, String),
    /// Into a file, as text.
    Text(OwnedFd, Style),
    /// Into a file, counted.
    Summary(OwnedFd, Order),
}

/// What `Background::next` gives.
#[derive(Debug)]
pub enum Next {
    /// Whole JSON lines.
    Batch(Vec<u8>),
    /// Nothing yet.
    Pending,
    /// The end.
    End(Result<Outcome, Error>),
}

enum Message {
    Batch(Vec<u8>),
    End(Result<Outcome, Error>),
}

/// A running trace. Dropping it stops the trace, and lets the traced tasks go on.
#[derive(Debug)]
pub struct Background {
    stopper: Stopper,
    messages: Option<Receiver<Message>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Start the thread, and the trace in it.
    ///
    /// # Errors
    ///
    /// Where the system gives no thread.
    pub fn start(subject: Subject, options: Options, destination: Destination) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        let stopper = Stopper::default();
        let mask = signal_mask();
        let inner = stopper.clone();
        let run = move || {
            hold_signals();
            let mut sink = sink(destination, sender.clone());
            let traced = panic::catch_unwind(AssertUnwindSafe(|| {
                let tracer = Tracer::new(options, sink.as_mut(), inner);
                match &subject {
                    Subject::Command(command) => tracer.launch(command, &mask),
                    Subject::Processes(pids) => tracer.attach(pids),
                }
            }));
            let end = traced.unwrap_or_else(|_| Err(Error::Output(io::Error::other("the tracer panicked"))));
            // Whoever is not there any more does not want to know.
            let _ = sender.send(Message::End(end));
        };
        let thread = std::thread::Builder::new().name("renacer".to_owned()).spawn(run)?;
        Ok(Self { stopper, messages: Some(receiver), thread: Some(thread) })
    }

    /// The next thing that there is, waited for so long at most.
    pub fn next(&self, patience: Duration) -> Next {
        let Some(messages) = &self.messages else { return Next::End(Ok(Outcome::default())) };
        match messages.recv_timeout(patience) {
            Ok(Message::Batch(batch)) => Next::Batch(batch),
            Ok(Message::End(end)) => Next::End(end),
            Err(RecvTimeoutError::Timeout) => {
                if self.stopper.is_asked() {
                    self.stopper.ask();
                }
                Next::Pending
            }
            Err(RecvTimeoutError::Disconnected) => Next::End(Ok(Outcome::default())),
        }
    }

    /// Leave the traced tasks; what was seen before still comes, and the end after it.
    pub fn stop(&self) {
        self.stopper.ask();
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Without a receiver the thread can wait for nobody.
        self.messages = None;
        self.stopper.abandon();
        if let (Some(thread), false) = (self.thread.take(), self.stopper.is_bound()) {
            let _ = thread.join();
        }
    }
}

fn sink(destination: Destination, sender: SyncSender<Message>) -> Box<dyn Sink> {
    match destination {
        Destination::Caller(options) => Box::new(Lines::new(Batches(sender), options, true)),
        Destination::Lines(file, options) => Box::new(Lines::new(File::from(file), options, false)),
        Destination::Text(file, style) => Box::new(Text::new(File::from(file), style)),
        Destination::Summary(file, order) => Box::new(Summary::new(File::from(file), order)),
    }
}

/// Sends what is written, each piece as a batch.
struct Batches(SyncSender<Message>);

impl Write for Batches {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.send(Message::Batch(bytes.to_vec())) {
            Ok(()) => Ok(bytes.len()),
            Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Leave signals to the other threads, whose business they are.
///
/// All but `SIGCHLD`, which the kernel sends at each stop of a traced task: it throws it away where nobody wants it, but only
/// if the thread that traces does not hold it back; else it wakes the caller's thread for nothing, twice a call.
fn hold_signals() {
    // SAFETY: a set of zeros is valid, and only this thread's mask changes.
    unsafe {
        let mut all: libc::sigset_t = mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::sigdelset(&raw mut all, libc::SIGCHLD);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, ptr::null_mut());
    }
}
