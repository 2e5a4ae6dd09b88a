//! Signals: the end is asked for, a pipe is gone, the stack is exhausted.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::sys::{self, number};
use crate::{crash, workers, Phase};

const SIGBUS: usize = 7;
const SIGSEGV: usize = 11;
const SIGPIPE: usize = 13;
const SIGALRM: usize = 14;
const SIGTERM: usize = 15;
const SA_ONSTACK: usize = 0x0800_0000;
const SA_SIGINFO: usize = 4;
const IGNORED: usize = 1;
const ITIMER_REAL: usize = 0;
/// What a handler has to end in after the process is asked to.
const GRACE_US: i64 = 400_000;
/// A fault so near the stack pointer is one of the stack: the compiler touches every page of a frame.
const STACK_REACH: usize = 1 << 20;
const SIGNAL_STACK_SIZE: usize = 64 << 10;

static IS_TERMINATED: AtomicBool = AtomicBool::new(false);
static IS_GUARDED: AtomicBool = AtomicBool::new(false);
static STATE: AtomicU8 = AtomicU8::new(BUSY);
const BUSY: u8 = 0;
const IDLE: u8 = 1;
/// Where a parent waits for its workers.
const PARENT: u8 = 2;

struct SignalStack(UnsafeCell<[u8; SIGNAL_STACK_SIZE]>);

// SAFETY: the kernel alone writes there, for one signal at a time of one thread.
unsafe impl Sync for SignalStack {}

static SIGNAL_STACK: SignalStack = SignalStack(UnsafeCell::new([0; SIGNAL_STACK_SIZE]));

extern "C" {
    fn bootstrap_restore();
}

#[repr(C)]
struct Action {
    handler: usize,
    flags: usize,
    restorer: usize,
    mask: u64,
}

fn set(signal: usize, handler: usize, flags: usize) {
    let restorer = bootstrap_restore as *const () as usize;
    let action = Action { handler, flags: flags | sys::SA_RESTORER, restorer, mask: 0 };
    // SAFETY: the action lives as long as the call, and its handler as long as the program.
    unsafe { sys::call(number::RT_SIGACTION, [signal, &raw const action as usize, 0, 8, 0, 0]) };
}

/// Take note of what asks the process to end, and survive writing where nobody reads.
pub fn watch() {
    set(SIGTERM, on_terminate as *const () as usize, 0);
    set(SIGPIPE, IGNORED, 0);
}

/// Have a stack for the report of an exhausted stack; before the first of the handler's functions is called.
pub fn guard_stack() {
    if IS_GUARDED.swap(true, Ordering::Relaxed) {
        return;
    }
    let stack = [SIGNAL_STACK.0.get() as usize, 0, SIGNAL_STACK_SIZE];
    // SAFETY: the memory is there as long as the program, and nothing else uses it.
    unsafe { sys::call(number::SIGALTSTACK, [&raw const stack as usize, 0, 0, 0, 0, 0]) };
    for signal in [SIGSEGV, SIGBUS] {
        set(signal, on_fault as *const () as usize, SA_ONSTACK | SA_SIGINFO);
    }
}

/// Whether the process was asked to end.
pub fn is_terminated() -> bool {
    IS_TERMINATED.load(Ordering::Relaxed)
}

/// Take note of what the process does.
pub fn enter(phase: Phase<'_>) {
    let state = match phase {
        Phase::Waiting if is_terminated() => BUSY,
        Phase::Waiting => IDLE,
        _ => BUSY,
    };
    STATE.store(state, Ordering::Relaxed);
}

/// From now on the process waits for its workers.
pub fn enter_parent() {
    STATE.store(PARENT, Ordering::Relaxed);
}

/// The copy of a process that waits for its workers is none.
pub fn enter_worker() {
    STATE.store(BUSY, Ordering::Relaxed);
}

/// Whoever waits ends at once; a handler that runs has some time to end.
extern "C" fn on_terminate(_signal: i32) {
    match STATE.load(Ordering::Relaxed) {
        IDLE => sys::exit(crate::EXIT_FINE),
        state => {
            IS_TERMINATED.store(true, Ordering::Relaxed);
            if state == PARENT {
                workers::terminate();
            } else {
                set(SIGALRM, on_alarm as *const () as usize, 0);
                let timer = [0, 0, 0, GRACE_US];
                // SAFETY: the timer lives as long as the call.
                unsafe { sys::call(number::SETITIMER, [ITIMER_REAL, &raw const timer as usize, 0, 0, 0, 0]) };
            }
        }
    }
}

extern "C" fn on_alarm(_signal: i32) {
    sys::exit(crate::EXIT_FINE)
}

extern "C" fn on_fault(_signal: i32, information: *const usize, place: *const u8) {
    // SAFETY: the kernel passes both, laid out for this architecture.
    let (address, stack) = unsafe { (*information.add(2), *place.add(sys::STACK_POINTER_OFFSET).cast::<usize>()) };
    if address.abs_diff(stack) < STACK_REACH {
        crash::report("Runtime.StackOverflow", "the stack is exhausted");
    }
    crash::report("Runtime.SegmentationFault", "memory that is not there");
}
