//! The end of the stack of a Ruchy program that does not catch: `watch_ruchy_stack`, `enter_watched`.
//!
//! Where a program catches no errors a recursion that is too deep ends it, so that calls need not look at the stack: closed
//! pages stand at its end, and the signal of touching them, which has a stack of its own, prints the message. Other systems
//! than Linux on 64 bits ask at each call, as programs that catch do.

use crate::Frame;

/// Begin a call of a function that may call itself: the stack grows with each, so that none becomes a loop.
#[inline(always)]
#[track_caller]
pub fn enter_watched() -> Frame {
    #[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
    crate::descend_once();
    Frame
}

/// Have the end of this thread's stack, which lies at `end`, reported as the error that it is; `end` is above the last page.
pub fn watch_ruchy_stack(end: usize) {
    #[cfg(all(target_os = "linux", target_pointer_width = "64"))]
    {
        use crate::c_signals::{
            _exit, mprotect, sigaction, sigaltstack, Action, Stack, ADDRESS_OFFSET, CLOSED, HANDLER_STACK, PROT_NONE,
            SA_ONSTACK, SA_SIGINFO, SIGSEGV,
        };
        use crate::CLOSED_STACK;
        use core::sync::atomic::Ordering;

        /// What a touch of a page that may not be touched leads to: the end of the program, or what it was before.
        extern "C" fn ruchy_stack_ended(signal: core::ffi::c_int, information: *const u8, _: *const u8) {
            // SAFETY: the kernel hands a `siginfo_t`, which has the address of the fault there.
            let address = unsafe { information.add(ADDRESS_OFFSET).cast::<usize>().read() };
            let closed = CLOSED_STACK.load(Ordering::Relaxed);
            if closed != 0 && (closed..closed + CLOSED).contains(&address) {
                crate::complain_text(format_args!("Error: Evaluation error: recursion: {}\n", crate::TOO_DEEP));
                // SAFETY: ends the process; nothing that it runs needs the stack that is full.
                unsafe { _exit(1) }
            }
            let usual = Action { handler: 0, mask: [0; 16], flags: 0, restorer: 0 };
            // SAFETY: the action lives through the call; the instruction faults again, and ends the process as if unwatched.
            unsafe { sigaction(signal, &usual, core::ptr::null_mut()) };
        }

        let closed = (end & !(CLOSED - 1)) - CLOSED;
        // Nothing touches the pages of this stack before they are needed; it is never given back.
        let mut room = core::mem::ManuallyDrop::new(alloc::vec::Vec::<u8>::with_capacity(HANDLER_STACK));
        let stack = Stack { start: room.as_mut_ptr().cast(), flags: 0, size: HANDLER_STACK };
        let handler = ruchy_stack_ended as extern "C" fn(core::ffi::c_int, *const u8, *const u8) as usize;
        let action = Action { handler, mask: [0; 16], flags: SA_SIGINFO | SA_ONSTACK, restorer: 0 };
        // SAFETY: both structures live through the calls and the stack of the handler for ever; the closed pages lie within
        // this thread's stack, far below all that is in use, as its size is far above the margin that they stand at.
        unsafe {
            if sigaltstack(&stack, core::ptr::null_mut()) == 0
                && sigaction(SIGSEGV, &action, core::ptr::null_mut()) == 0
                && mprotect(closed as *mut core::ffi::c_void, CLOSED, PROT_NONE) == 0
            {
                CLOSED_STACK.store(closed, Ordering::Relaxed);
            }
        }
    }
    #[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
    let _ = end;
}
