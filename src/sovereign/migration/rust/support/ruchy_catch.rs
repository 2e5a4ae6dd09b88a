//! `try` and the start of a Ruchy program, where there is an operating system: `attempt_body`, `run_ruchy`.

use crate::{
    end_with, fault, flush_output, raise_again, watch_ruchy_stack, Places, Pool, Raised, CATCHERS, PLACES, POOL,
    STACK_END, STACK_SIZE, UNWIND,
};
use alloc::boxed::Box;

/// Carry an error to the innermost `try`.
pub fn unwind_with(raised: Raised) -> ! {
    std::panic::resume_unwind(Box::new(Carried_(raised)))
}

/// An error on its way; it never leaves the thread.
#[allow(non_camel_case_types)]
pub struct Carried_(pub Raised);

// SAFETY: the program has one thread, and `attempt_body` takes the error on the thread that raised it.
unsafe impl Send for Carried_ {}

/// Run the body of a `try`.
pub fn attempt_body<T>(body: impl FnOnce() -> T) -> Result<T, Raised> {
    UNWIND.set(Some(unwind_with));
    let open = CATCHERS.get();
    let end = STACK_END.get();
    CATCHERS.set(open + 1);
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body));
    CATCHERS.set(open);
    STACK_END.set(end);
    match outcome {
        Ok(value) => Ok(value),
        Err(carried) => match carried.downcast::<Carried_>() {
            Ok(carried) => Err(carried.0),
            Err(other) => std::panic::resume_unwind(other),
        },
    }
}

/// What a `try` with `finally` gives once that has run.
pub fn handed_on<T>(outcome: Result<T, Raised>) -> T {
    match outcome {
        Ok(value) => value,
        Err(raised) => raise_again(raised),
    }
}

/// Bytes of the stack that are left to what runs when the recursion is too deep.
pub const STACK_MARGIN: usize = 1 << 18;

/// Run a program on a thread with a big stack; ends the process.
pub fn run_ruchy(program: fn(), places: &'static Places) {
    PLACES.set(Some(places));
    let _: &Pool = &POOL;
    let run = move || {
        let here = 0u8;
        let begin = core::ptr::addr_of!(here) as usize;
        let end = begin.saturating_sub(STACK_SIZE - STACK_MARGIN);
        STACK_END.set(end + STACK_MARGIN);
        watch_ruchy_stack(end);
        program();
        flush_output();
        std::process::exit(0)
    };
    match std::thread::Builder::new().stack_size(STACK_SIZE).spawn(run) {
        Ok(thread) => {
            // Only an internal fault comes back: what was printed before it is kept.
            let _ = thread.join();
            flush_output();
            std::process::exit(101)
        }
        Err(_) => end_with(&Raised::Fault("memory", "there is not enough memory for the stack".into())),
    }
}

/// `sleep(milliseconds)`.
pub fn sleep_for(milliseconds: f64) {
    flush_output();
    crate::platform().sleep((milliseconds.max(0.0) * 1e6) as i64);
}

/// A random float from 0 to 1.
#[track_caller]
pub fn random_float() -> f64 {
    (random_bits() >> 11) as f64 / (1u64 << 53) as f64
}

/// A random integer between two, both of them possible.
#[track_caller]
pub fn random_between(low: i64, high: i64) -> i64 {
    if low > high {
        fault("argument", "a random number needs its lower end first");
    }
    let width = (high as u64).wrapping_sub(low as u64).wrapping_add(1);
    if width == 0 {
        return random_bits() as i64;
    }
    low.wrapping_add((random_bits() % width) as i64)
}

/// Bits of the operating system.
#[track_caller]
pub fn random_bits() -> u64 {
    let mut bytes = [0u8; 8];
    if crate::platform().random_bytes(&mut bytes).is_err() {
        fault("io", "there are no random numbers");
    }
    u64::from_ne_bytes(bytes)
}
