//! Recursion without end: the end of the stack becomes a `RecursionError`, as CPython reports it, and status 1.
//!
//! `watch_stack()` at the start of the thread that a program runs on; `set_recursion_limit(limit)` where a program asks for
//! more depth than usual. A page that may not be touched stands at the depth where no program of CPython's default limit
//! comes; the signal of touching it, which has a stack of its own, ends the program. Calls cost nothing. Other systems than
//! Linux on 64 bits end with the message of Rust's own runtime.

use crate::{complain_text, too_deep, traceback_text, Exc, DEPTH_LIMIT, STACK_SIZE, VALUE_ERROR};

/// Bytes of the stack before the closed pages: 1000 frames of 256 KiB.
pub const STACK_DEPTH: usize = 1 << 28;

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
pub(crate) mod c_signals {
    use core::ffi::{c_int, c_void};

    pub const SIGSEGV: c_int = 11;
    pub const SA_SIGINFO: c_int = 4;
    pub const SA_ONSTACK: c_int = 0x0800_0000;
    pub const PROT_NONE: c_int = 0;
    pub const PROT_READ_WRITE: c_int = 3;
    /// Bytes of the closed part of the stack: no frame reaches over it without touching it.
    pub const CLOSED: usize = 1 << 16;
    /// Bytes of the stack that the handler runs on.
    pub const HANDLER_STACK: usize = 1 << 17;
    /// Where the address of the fault stands in `siginfo_t`.
    pub const ADDRESS_OFFSET: usize = 16;

    /// C's `struct sigaction`.
    #[repr(C)]
    pub struct Action {
        pub handler: usize,
        pub mask: [u64; 16],
        pub flags: c_int,
        pub restorer: usize,
    }

    /// C's `stack_t`.
    #[repr(C)]
    pub struct Stack {
        pub start: *mut c_void,
        pub flags: c_int,
        pub size: usize,
    }

    extern "C" {
        pub fn sigaction(signal: c_int, action: *const Action, old: *mut Action) -> c_int;
        pub fn sigaltstack(stack: *const Stack, old: *mut Stack) -> c_int;
        pub fn mprotect(address: *mut c_void, length: usize, protection: c_int) -> c_int;
        pub fn _exit(code: c_int) -> !;
    }
}

/// Where the closed pages begin; 0 while there are none.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
pub static CLOSED_STACK: core::sync::atomic::AtomicUsize = core::sync::atomic::AtomicUsize::new(0);

/// Have the end of this thread's stack reported as a `RecursionError`.
pub fn watch_stack() {
    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    {
        use c_signals::{
            _exit, mprotect, sigaction, sigaltstack, Action, Stack, ADDRESS_OFFSET, CLOSED, HANDLER_STACK, PROT_NONE,
            SA_ONSTACK, SA_SIGINFO, SIGSEGV,
        };

        /// What a touch of a page that may not be touched leads to: the end of the program, or what it was before.
        extern "C" fn stack_ended(signal: core::ffi::c_int, information: *const u8, _: *const u8) {
            // SAFETY: the kernel hands a `siginfo_t`, which has the address of the fault there.
            let address = unsafe { information.add(ADDRESS_OFFSET).cast::<usize>().read() };
            let closed = CLOSED_STACK.load(core::sync::atomic::Ordering::Relaxed);
            if closed != 0 && (closed..closed + CLOSED).contains(&address) {
                complain_text(format_args!("{}", traceback_text(&too_deep())));
                // SAFETY: ends the process; nothing that it runs needs the stack that is full.
                unsafe { _exit(1) }
            }
            let usual = Action { handler: 0, mask: [0; 16], flags: 0, restorer: 0 };
            // SAFETY: the action lives through the call; the instruction faults again, and ends the process as if unwatched.
            unsafe { sigaction(signal, &usual, core::ptr::null_mut()) };
        }

        let here = 0u8;
        let closed = ((&raw const here as usize) - STACK_DEPTH) & !(CLOSED - 1);
        let room: &'static mut [u8] = alloc::vec![0u8; HANDLER_STACK].leak();
        let stack = Stack { start: room.as_mut_ptr().cast(), flags: 0, size: HANDLER_STACK };
        let handler = stack_ended as extern "C" fn(core::ffi::c_int, *const u8, *const u8) as usize;
        let action = Action { handler, mask: [0; 16], flags: SA_SIGINFO | SA_ONSTACK, restorer: 0 };
        // SAFETY: both structures live through the calls and the stack of the handler for ever; the closed pages lie within
        // this thread's stack, far below all that is in use, as its size is far above `STACK_DEPTH`.
        unsafe {
            if sigaltstack(&stack, core::ptr::null_mut()) == 0
                && sigaction(SIGSEGV, &action, core::ptr::null_mut()) == 0
                && mprotect(closed as *mut core::ffi::c_void, CLOSED, PROT_NONE) == 0
            {
                CLOSED_STACK.store(closed, core::sync::atomic::Ordering::Relaxed);
            }
        }
    }
}

/// `sys.setrecursionlimit(limit)`: more than CPython's default has the whole stack.
pub fn set_recursion_limit(limit: i64) -> Result<(), Exc> {
    if limit < 1 {
        return Err(Exc::new(&VALUE_ERROR, "recursion limit must be greater or equal than 1"));
    }
    DEPTH_LIMIT.set(limit);
    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    {
        use c_signals::{mprotect, CLOSED, PROT_NONE, PROT_READ_WRITE};
        let closed = CLOSED_STACK.load(core::sync::atomic::Ordering::Relaxed);
        let last = closed.wrapping_sub(STACK_SIZE - STACK_DEPTH - (CLOSED << 6));
        if closed != 0 && limit > 1000 && !LAST_CLOSED.swap(true, core::sync::atomic::Ordering::Relaxed) {
            // SAFETY: the first pages are those that `watch_stack` closed, in which nothing is kept; the others lie near the end
            // of the same stack, far below all that is in use.
            unsafe {
                if mprotect(last as *mut core::ffi::c_void, CLOSED, PROT_NONE) == 0 {
                    CLOSED_STACK.store(last, core::sync::atomic::Ordering::Relaxed);
                    mprotect(closed as *mut core::ffi::c_void, CLOSED, PROT_READ_WRITE);
                }
            }
        }
    }
    Ok(())
}

/// Whether the closed pages are those near the end of the stack.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
pub static LAST_CLOSED: core::sync::atomic::AtomicBool = core::sync::atomic::AtomicBool::new(false);
