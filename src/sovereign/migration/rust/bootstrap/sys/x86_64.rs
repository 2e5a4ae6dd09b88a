//! The kernel's door on x86-64: registers of a call, numbers of the calls, the first instructions of a process.

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
    // SAFETY: the kernel changes rax, rcx and r11 alone, and the memory that the caller answers for.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") first,
            in("rsi") second,
            in("rdx") third,
            in("r10") fourth,
            in("r8") fifth,
            in("r9") sixth,
            lateout("rcx") _,
            lateout("r11") _,
            options(nostack),
        );
    }
    result
}

/// The numbers of the calls.
#[allow(missing_docs)]
pub mod number {
    pub const READ: usize = 0;
    pub const CLOSE: usize = 3;
    pub const MMAP: usize = 9;
    pub const MUNMAP: usize = 11;
    pub const RT_SIGACTION: usize = 13;
    pub const RT_SIGRETURN: usize = 15;
    pub const WRITEV: usize = 20;
    pub const MREMAP: usize = 25;
    pub const NANOSLEEP: usize = 35;
    pub const SETITIMER: usize = 38;
    pub const SOCKET: usize = 41;
    pub const CONNECT: usize = 42;
    pub const RECVFROM: usize = 45;
    pub const SETSOCKOPT: usize = 54;
    pub const CLONE: usize = 56;
    pub const WAIT4: usize = 61;
    pub const KILL: usize = 62;
    pub const GETCWD: usize = 79;
    pub const SIGALTSTACK: usize = 131;
    pub const GETDENTS64: usize = 217;
    pub const CLOCK_GETTIME: usize = 228;
    pub const EXIT_GROUP: usize = 231;
    pub const OPENAT: usize = 257;
    pub const MKDIRAT: usize = 258;
    pub const NEWFSTATAT: usize = 262;
    pub const UNLINKAT: usize = 263;
    pub const RENAMEAT: usize = 264;
    pub const PPOLL: usize = 271;
    pub const DUP3: usize = 292;
    pub const GETRANDOM: usize = 318;
}

/// Where the stack pointer stands in what the kernel tells a signal handler of the interrupted place.
pub const STACK_POINTER_OFFSET: usize = 160;
/// The flag that says a handler brings its own way back.
pub const SA_RESTORER: usize = 0x0400_0000;
/// `O_DIRECTORY`.
pub const O_DIRECTORY: usize = 0o200_000;
/// Where `st_mode` stands in `struct stat`.
pub const STAT_MODE_OFFSET: usize = 24;

/// The first instructions of a process, and the way back from a signal handler.
#[macro_export]
macro_rules! entry_point {
    () => {
        core::arch::global_asm!(
            ".globl _start",
            "_start:",
            "xor ebp, ebp",
            "mov rdi, rsp",
            "and rsp, -16",
            "call bootstrap_enter",
            "ud2",
            ".globl bootstrap_restore",
            "bootstrap_restore:",
            "mov eax, 15",
            "syscall",
        );
    };
}
