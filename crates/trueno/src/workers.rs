//! Threads that wait for work, so that a product of a tenth of a millisecond can be shared.
//!
//! Starting a thread, or waking one, may take as long as the work itself. So workers live on after a call, look for the
//! next one for a while, and sleep after that. A worker that has not begun when the caller is through is told that
//! there is nothing to do: pieces of work are taken by whoever is ready, and nobody waits for one who is not.
//!
//! One call has the workers at a time; another that comes meanwhile does its work alone. A process that forks has no
//! workers in the child, which is noticed by its number, and makes new ones.

use std::{
    cell::UnsafeCell,
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc, Mutex, PoisonError, TryLockError,
        atomic::{AtomicBool, AtomicU8, Ordering},
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

struct Crew {
    process: u32,
    workers: Vec<(Arc<Worker>, Thread)>,
}

static CREW: Mutex<Option<Crew>> = Mutex::new(None);

/// Call `work` with each of `0..threads`, here and on as many workers as are ready before the work is done.
pub(crate) fn each(threads: usize, work: &(dyn Fn(usize) + Sync)) {
    let mut crew = match CREW.try_lock() {
        Ok(crew) => crew,
        Err(TryLockError::Poisoned(poisoned)) => PoisonError::into_inner(poisoned),
        Err(TryLockError::WouldBlock) => return work(0),
    };
    let process = std::process::id();
    if crew.as_ref().is_none_or(|crew| crew.process != process) {
        // The workers of the process that forked are not ours to end.
        std::mem::forget(crew.replace(Crew { process, workers: Vec::new() }));
    }
    let Some(crew) = crew.as_mut() else { return work(0) };
    while crew.workers.len() + 1 < threads {
        let Some(worker) = start() else { break };
        crew.workers.push(worker);
    }
    let asked = crew.workers.len().min(threads - 1);
    let asked = &crew.workers[..asked];
    for (place, (worker, thread)) in asked.iter().enumerate() {
        // SAFETY: `finish` below waits until the worker no longer has the job, also when `work` panics here.
        unsafe { worker.ask(work, place + 1) };
        if worker.is_asleep.load(Ordering::SeqCst) {
            thread.unpark();
        }
    }
    let answer = panic::catch_unwind(AssertUnwindSafe(|| work(0)));
    let has_panicked = asked.iter().fold(false, |has, (worker, _)| worker.finish() || has);
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

/// What is alive of a test's own crew: the number of workers that were started in this process.
#[cfg(test)]
pub(crate) fn started() -> usize {
    CREW.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, |crew| crew.workers.len())
}

#[cfg(test)]
mod tests;
