//! Threads that wait for work, so that a product of a tenth of a millisecond can be shared.
//!
//! Starting a thread, or waking one, may take as long as the work itself. So workers live on after a call, look for the
//! next one for a while, and sleep after that. A worker that has not begun when the caller is through is told that
//! there is nothing to do: pieces of work are taken by whoever is ready, and nobody waits for one who is not.
//!
//! There are never more threads than processors. One call has the workers at a time; another that comes meanwhile does
//! its work alone. A child process has none of the workers of its parent: it is told by its number, and makes new ones,
//! also when it was forked while a call had them.

use std::{
    cell::{Cell, UnsafeCell},
    mem,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering},
    },
    thread::{self, Thread},
    time::{Duration, Instant},
    vec::Vec,
};

/// How long a worker looks for its next work before it sleeps: a few calls of a program that makes one after another.
const PATIENCE: Duration = Duration::from_micros(500);

/// Looks at a flag between two looks at the clock, which takes longer.
const LOOKS: u32 = 256;

/// What a worker is at.
mod state {
    pub(super) const IDLE: u8 = 0;
    pub(super) const ASKED: u8 = 1;
    pub(super) const WORKING: u8 = 2;
}

/// A call, with the number of the thread that is to make it.
type Job = (*const (dyn Fn(usize) + Sync), usize);

struct Worker {
    state: AtomicU8,
    is_asleep: AtomicBool,
    has_panicked: AtomicBool,
    job: UnsafeCell<Option<Job>>,
}

// SAFETY: `job` is written by the caller while the state is IDLE and read by the worker after it has made it WORKING;
// both changes are ordered by the state. What the job points to may be called from any thread.
unsafe impl Sync for Worker {}
// SAFETY: as above.
unsafe impl Send for Worker {}

/// The workers of this process, and which process has them in use: 0 when none has.
struct Crew {
    user: AtomicU32,
    workers: UnsafeCell<Vec<(Arc<Worker>, Thread)>>,
}

// SAFETY: `workers` is touched only between `Crew::take` and the drop of what it gives, which one thread has at a time.
unsafe impl Sync for Crew {}

static CREW: Crew = Crew { user: AtomicU32::new(0), workers: UnsafeCell::new(Vec::new()) };

/// The process whose workers stand in [`CREW`].
static OWNER: AtomicU32 = AtomicU32::new(0);

/// The workers, for the length of a call.
struct Taken<'a>(&'a mut Vec<(Arc<Worker>, Thread)>);

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        CREW.user.store(0, Ordering::Release);
    }
}

impl Crew {
    /// The workers, unless another thread of this process has them.
    fn take(&'static self) -> Option<Taken<'static>> {
        let process = std::process::id();
        let user = self.user.load(Ordering::Relaxed);
        // A user of another number is the parent, in which a thread had them when this process was forked.
        if user == process || self.user.compare_exchange(user, process, Ordering::Acquire, Ordering::Relaxed).is_err() {
            return None;
        }
        // SAFETY: `user` says that they are ours until `Taken` is dropped.
        let workers = unsafe { &mut *self.workers.get() };
        if OWNER.swap(process, Ordering::Relaxed) != process {
            // Those of the parent are not ours to end, and their list may have been half written.
            mem::forget(mem::take(workers));
        }
        Some(Taken(workers))
    }
}

/// As many threads as can run at a time.
fn most_threads() -> usize {
    static MOST: OnceLock<usize> = OnceLock::new();
    *MOST.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

/// How many threads take part where so many are allowed.
pub(crate) fn allowed(threads: usize) -> usize {
    threads.min(most_threads())
}

std::thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(1) };
}

/// The most threads, the calling one among them, that got a share of a call of this thread since this was asked before.
pub fn threads_taken() -> usize {
    TAKEN.replace(1)
}

/// Call `work` with each of `0..threads`, here and on as many workers as are ready before the work is done.
pub(crate) fn each(threads: usize, work: &(dyn Fn(usize) + Sync)) {
    let Some(crew) = CREW.take() else { return work(0) };
    while crew.0.len() + 1 < threads {
        let Some(worker) = start() else { break };
        crew.0.push(worker);
    }
    let asked = crew.0.len().min(threads - 1);
    let asked = &crew.0[..asked];
    TAKEN.set(TAKEN.get().max(asked.len() + 1));
    for (place, (worker, thread)) in asked.iter().enumerate() {
        // SAFETY: `finish` below waits until the worker no longer has the job, also when `work` panics here.
        unsafe { worker.ask(work, place + 1) };
        if worker.is_asleep.load(Ordering::SeqCst) {
            thread.unpark();
        }
    }
    let answer = panic::catch_unwind(AssertUnwindSafe(|| work(0)));
    let has_panicked = asked.iter().fold(false, |has, (worker, _)| worker.finish() || has);
    drop(crew);
    if let Err(payload) = answer {
        panic::resume_unwind(payload);
    }
    assert!(!has_panicked, "a thread of a kernel panicked");
}

/// A new worker, None where the system gives no thread.
fn start() -> Option<(Arc<Worker>, Thread)> {
    let worker = Arc::new(Worker {
        state: AtomicU8::new(state::IDLE),
        is_asleep: AtomicBool::new(false),
        has_panicked: AtomicBool::new(false),
        job: UnsafeCell::new(None),
    });
    let own = Arc::clone(&worker);
    let handle = thread::Builder::new().name("trueno".into()).spawn(move || own.wait_and_work()).ok()?;
    Some((worker, handle.thread().clone()))
}

impl Worker {
    /// # Safety
    /// The worker is idle, and `work` lives until `finish` has returned.
    unsafe fn ask(&self, work: &(dyn Fn(usize) + Sync), number: usize) {
        let work: *const (dyn Fn(usize) + Sync) = work;
        // SAFETY: the caller vouches for the lifetime; an idle worker does not look at its job.
        unsafe {
            let work =
                std::mem::transmute::<*const (dyn Fn(usize) + Sync), *const (dyn Fn(usize) + Sync + 'static)>(work);
            *self.job.get() = Some((work, number));
        }
        self.state.store(state::ASKED, Ordering::SeqCst);
    }

    /// Wait until the worker is through, or take back what it has not begun; whether it panicked.
    fn finish(&self) -> bool {
        let took_back = self.state.compare_exchange(state::ASKED, state::IDLE, Ordering::AcqRel, Ordering::Acquire);
        if took_back.is_err() {
            let mut looks = 0_u32;
            while self.state.load(Ordering::Acquire) != state::IDLE {
                looks = looks.wrapping_add(1);
                // The worker may wait for the processor that we are on.
                if looks % LOOKS == 0 { thread::yield_now() } else { std::hint::spin_loop() }
            }
        }
        self.has_panicked.swap(false, Ordering::Relaxed)
    }

    fn wait_and_work(&self) -> ! {
        loop {
            self.wait();
            let begins = self.state.compare_exchange(state::ASKED, state::WORKING, Ordering::AcqRel, Ordering::Acquire);
            if begins.is_err() {
                continue;
            }
            // SAFETY: the state says that the job is ours until it is IDLE again, and that its caller waits.
            let job = unsafe { (*self.job.get()).take() };
            if let Some((work, number)) = job {
                // SAFETY: as above.
                let answer = panic::catch_unwind(AssertUnwindSafe(|| unsafe { (*work)(number) }));
                self.has_panicked.store(answer.is_err(), Ordering::Relaxed);
            }
            self.state.store(state::IDLE, Ordering::Release);
        }
    }

    /// Look for work, then sleep until there is some.
    fn wait(&self) {
        let start = Instant::now();
        loop {
            for _ in 0..LOOKS {
                if self.state.load(Ordering::Acquire) == state::ASKED {
                    return;
                }
                std::hint::spin_loop();
            }
            if start.elapsed() > PATIENCE {
                break;
            }
        }
        self.is_asleep.store(true, Ordering::SeqCst);
        while self.state.load(Ordering::SeqCst) != state::ASKED {
            thread::park();
        }
        self.is_asleep.store(false, Ordering::SeqCst);
    }
}

/// How many workers there are, once nobody has them.
#[cfg(test)]
pub(crate) fn started() -> usize {
    loop {
        if let Some(crew) = CREW.take() {
            return crew.0.len();
        }
    }
}

#[cfg(test)]
mod tests;
