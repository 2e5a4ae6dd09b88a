//! How another thread ends a trace.

use std::{
    io, mem, ptr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Asks the thread of a tracer to leave its tasks, and waits until it has.
#[derive(Clone, Debug, Default)]
pub struct Stopper {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    is_asked: AtomicBool,
    is_abandoned: AtomicBool,
    is_bound: AtomicBool,
    /// The thread that traces, while it does.
    thread: Mutex<Option<libc::pthread_t>>,
}

/// Between two reminders; a signal that comes just before the thread begins to wait is lost.
const REMINDER: Duration = Duration::from_millis(10);

impl Stopper {
    /// Ask the tracer to leave, and do not wait. To be repeated, because a signal that comes too early is lost.
    ///
    /// A program behind a filter cannot be left: it is asked to end, by `SIGTERM`, and followed until it does.
    pub fn ask(&self) {
        self.shared.is_asked.store(true, Ordering::SeqCst);
        self.remind();
    }

    /// Nobody listens any more: ask, and wait until the tracer has left. One that cannot leave goes on without a word.
    pub fn abandon(&self) {
        self.shared.is_abandoned.store(true, Ordering::SeqCst);
        while !self.is_bound() && self.remind() {
            thread::sleep(REMINDER);
        }
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.shared.is_asked.load(Ordering::SeqCst)
    }

    /// Whether nobody listens.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        self.shared.is_abandoned.load(Ordering::SeqCst)
    }

    /// Whether the tracer cannot leave.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.shared.is_bound.load(Ordering::SeqCst)
    }

    /// From here on the tracer cannot leave.
    pub(crate) fn bind(&self) {
        self.shared.is_bound.store(true, Ordering::SeqCst);
    }

    /// Interrupt the thread's waiting; whether there is one.
    fn remind(&self) -> bool {
        let Ok(thread) = self.shared.thread.lock() else { return false };
        if let Some(thread) = *thread {
            // SAFETY: the thread takes its number away, under the same lock, before it ends.
            unsafe { libc::pthread_kill(thread, signal()) };
        }
        thread.is_some()
    }

    /// This thread traces from here on, until the guard is dropped.
    pub(crate) fn enter(&self) -> io::Result<Inside> {
        listen()?;
        if let Ok(mut thread) = self.shared.thread.lock() {
            // SAFETY: a call without arguments that cannot fail.
            *thread = Some(unsafe { libc::pthread_self() });
        }
        Ok(Inside(self.clone()))
    }
}

/// A thread that traces.
pub(crate) struct Inside(Stopper);

impl Drop for Inside {
    fn drop(&mut self) {
        if let Ok(mut thread) = self.0.shared.thread.lock() {
            *thread = None;
        }
    }
}

/// The signal that interrupts the waiting; the system leaves it to programs.
fn signal() -> i32 {
    libc::SIGRTMIN() + 6
}

/// Let the signal interrupt calls, and do nothing else.
fn listen() -> io::Result<()> {
    extern "C" fn nothing(_: libc::c_int) {}
    // SAFETY: a description of zeros is valid, the handler does nothing, and the places are our own.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_sigaction = nothing as extern "C" fn(libc::c_int) as usize;
        if libc::sigaction(signal(), &raw const action, ptr::null_mut()) < 0 {
            return Err(io::Error::last_os_error());
        }
        let mut mask: libc::sigset_t = mem::zeroed();
        libc::sigemptyset(&raw mut mask);
        libc::sigaddset(&raw mut mask, signal());
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const mask, ptr::null_mut());
    }
    Ok(())
}
