//! The kernel's door on aarch64: registers of a call, numbers of the calls, the first instructions of a process.

use core::arch::asm;

/// Ask the kernel.
///
/// # Safety
///
/// The arguments have to be what this call expects: whoever calls answers for the memory that they point to.
#[inline]
pub unsafe fn call(number: usize, arguments: [usize; 6]) -> isize {
    let [first, second, third, fourth, fifth, sixth] = arguments;
    let result;
    // SAFETY: the kernel changes x0 alone, and the memory that the caller answers for.
    unsafe {
        asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") first => result,
            in("x1") second,
            in("x2") third,
            in("x3") fourth,
            in("x4") fifth,
            in("x5") sixth,
            options(nostack),
        );
    }
    result
}

/// The numbers of the calls.
#[allow(missing_docs)]
pub mod number {
    pub const GETCWD: usize = 17;
    pub const DUP3: usize = 24;
    pub const MKDIRAT: usize = 34;
    pub const UNLINKAT: usize = 35;
    pub const RENAMEAT: usize = 38;
    pub const OPENAT: usize = 56;
    pub const CLOSE: usize = 57;
    pub const GETDENTS64: usize = 61;
    pub const READ: usize = 63;
    pub const WRITEV: usize = 66;
    pub const PPOLL: usize = 73;
    pub const NEWFSTATAT: usize = 79;
    pub const EXIT_GROUP: usize = 94;
    pub const NANOSLEEP: usize = 101;
    pub const SETITIMER: usize = 103;
    pub const CLOCK_GETTIME: usize = 113;
    pub const KILL: usize = 129;
    pub const SIGALTSTACK: usize = 132;
    pub const RT_SIGACTION: usize = 134;
    pub const RT_SIGRETURN: usize = 139;
    pub const SOCKET: usize = 198;
    pub const CONNECT: usize = 203;
    pub const RECVFROM: usize = 207;
    pub const SETSOCKOPT: usize = 208;
    pub const MUNMAP: usize = 215;
    pub const MREMAP: usize = 216;
    pub const CLONE: usize = 220;
    pub const MMAP: usize = 222;
    pub const WAIT4: usize = 260;
    pub const GETRANDOM: usize = 278;
}

/// Where the stack pointer stands in what the kernel tells a signal handler of the interrupted place.
pub const STACK_POINTER_OFFSET: usize = 432;
/// The flag that says a handler brings its own way back.
pub const SA_RESTORER: usize = 0x0400_0000;
/// `O_DIRECTORY`.
pub const O_DIRECTORY: usize = 0o40_000;
/// Where `st_mode` stands in `struct stat`.
pub const STAT_MODE_OFFSET: usize = 16;

/// The first instructions of a process, and the way back from a signal handler.
#[macro_export]
macro_rules! entry_point {
    () => {
        core::arch::global_asm!(
            ".globl _start",
            "_start:",
            "mov x29, xzr",
            "mov x30, xzr",
            "mov x0, sp",
            "bl bootstrap_enter",
            "brk #1",
            ".globl bootstrap_restore",
            "bootstrap_restore:",
            "mov x8, #139",
            "svc #0",
        );
    };
}
