//! The requests of `ptrace` and of the calls around it, each a safe function.
//!
//! Everything the kernel is asked about another task goes through here, so that the reason why a request is sound stands
//! beside it. A task that is gone is an error with `ESRCH`, which callers expect at any time.

use std::{io, mem, ptr};

use crate::call::{Abi, Call};

/// The number of a task: of a thread, or of a process, whose first thread has the same.
pub type Tid = i32;

/// A task was born by this call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Birth {
    /// `fork` and what is like it.
    Fork,
    /// `vfork`: the parent waits for the child.
    Vfork,
    /// `clone` with another signal than `SIGCHLD`, so most often a thread.
    Clone,
}

/// Why a task stands still, or that it is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// At the entry or the exit of a call.
    Syscall,
    /// At the entry of a call that the filter names.
    Chosen,
    /// A signal is about to arrive.
    Signal(i32),
    /// The process was stopped by this signal, as by Ctrl-Z.
    Group(i32),
    /// After `interrupt`, at birth, or when a stopped process goes on.
    Trap,
    /// It made a new task.
    Born(Birth),
    /// It runs another program now.
    Executed,
    /// It is about to end.
    Leaving,
    /// Something that needs no answer.
    Other,
    /// It ended with this status.
    Exited(i32),
    /// A signal ended it; whether its memory was written to a file.
    Killed(i32, bool),
}

/// Where in a call a task stands.
#[derive(Clone, Copy, Debug)]
pub enum Point {
    /// Before the call.
    Entry(Call),
    /// After it: what it gives, and whether that is an error.
    Exit(i64, bool),
    /// In no call.
    Outside,
}

/// What was written about one end of a task.
#[derive(Clone, Copy, Debug)]
pub struct Waited {
    /// Which task.
    pub tid: Tid,
    /// What happened to it.
    pub stop: Stop,
}

/// The number of the bit that x32 calls carry.
const X32_BIT: u64 = 0x4000_0000;
const ARCH_X86_64: u32 = 0xC000_003E;

fn request(request: libc::c_uint, tid: Tid, address: usize, data: usize) -> io::Result<libc::c_long> {
    // SAFETY: the requests of this file either take numbers, or an address of a place that the caller holds and that is
    // as large as the request writes.
    let answer = unsafe { libc::ptrace(request, tid, address, data) };
    if answer < 0 { Err(io::Error::last_os_error()) } else { Ok(answer) }
}

/// Begin to trace a task without stopping it.
pub fn seize(tid: Tid, options: i32) -> io::Result<()> {
    request(libc::PTRACE_SEIZE, tid, 0, options as usize).map(drop)
}

/// Ask a task to stop.
pub fn interrupt(tid: Tid) -> io::Result<()> {
    request(libc::PTRACE_INTERRUPT, tid, 0, 0).map(drop)
}

/// Let a task run, with a signal or 0, up to the next edge of a call, or where `calls` is false up to the next event.
pub fn resume(tid: Tid, calls: bool, signal: i32) -> io::Result<()> {
    let how = if calls { libc::PTRACE_SYSCALL } else { libc::PTRACE_CONT };
    request(how, tid, 0, signal as usize).map(drop)
}

/// Leave a stopped process stopped, and hear when it goes on.
pub fn listen(tid: Tid) -> io::Result<()> {
    request(libc::PTRACE_LISTEN, tid, 0, 0).map(drop)
}

/// Trace a task no more; it goes on with a signal or 0.
pub fn detach(tid: Tid, signal: i32) -> io::Result<()> {
    request(libc::PTRACE_DETACH, tid, 0, signal as usize).map(drop)
}

/// The number that belongs to the event: the new task, the former number of one that executes, a status.
pub fn message(tid: Tid) -> io::Result<u64> {
    let mut found: libc::c_ulong = 0;
    request(libc::PTRACE_GETEVENTMSG, tid, 0, &raw mut found as usize)?;
    Ok(found)
}

/// Who sent the signal that is about to arrive, and why: its code, and the sender where there is one.
pub fn signal_facts(tid: Tid) -> io::Result<(i32, Option<i32>)> {
    // SAFETY: a siginfo of zeros is a valid one.
    let mut found: libc::siginfo_t = unsafe { mem::zeroed() };
    request(libc::PTRACE_GETSIGINFO, tid, 0, &raw mut found as usize)?;
    // Codes up to zero come from a process; SIGCHLD names the child, whatever its code is.
    let sender = (found.si_code <= 0 || found.si_signo == libc::SIGCHLD).then(|| {
        // SAFETY: for these codes the kernel has written the sender.
        unsafe { found.si_pid() }
    });
    Ok((found.si_code, sender))
}

/// Where in a call a stopped task stands.
pub fn point(tid: Tid) -> io::Result<Point> {
    let mut info = mem::MaybeUninit::<libc::ptrace_syscall_info>::zeroed();
    let size = size_of::<libc::ptrace_syscall_info>();
    request(libc::PTRACE_GET_SYSCALL_INFO, tid, size, info.as_mut_ptr() as usize)?;
    // SAFETY: all fields are numbers, and the place was filled with zeros before the kernel wrote to it.
    let info = unsafe { info.assume_init() };
    Ok(match info.op {
        libc::PTRACE_SYSCALL_INFO_ENTRY | libc::PTRACE_SYSCALL_INFO_SECCOMP => {
            // SAFETY: `op` says that the kernel wrote this member; that of a filter begins with the same fields.
            let entry = unsafe { info.u.entry };
            Point::Entry(call(info.arch, entry.nr, entry.args))
        }
        libc::PTRACE_SYSCALL_INFO_EXIT => {
            // SAFETY: as above.
            let exit = unsafe { info.u.exit };
            Point::Exit(exit.sval, exit.is_error != 0)
        }
        _ => Point::Outside,
    })
}

fn call(arch: u32, number: u64, args: [u64; 6]) -> Call {
    let (abi, number) = match arch {
        ARCH_X86_64 if number as u32 != u32::MAX && number & X32_BIT != 0 => (Abi::X32, number & !X32_BIT),
        ARCH_X86_64 => (Abi::X86_64, number),
        _ => (Abi::I386, number),
    };
    Call { abi, number: number as u32, args, result: None }
}

/// The next thing that happened to a task that this thread traces; none when nothing has and `blocking` is false.
///
/// An error with `ECHILD` says that there is no such task, one with `EINTR` that a signal came.
pub fn wait(blocking: bool) -> io::Result<Option<Waited>> {
    let mut status = 0;
    // Other threads of this process may have children of their own, which are none of our business.
    let options = libc::__WALL | libc::__WNOTHREAD | if blocking { 0 } else { libc::WNOHANG };
    // SAFETY: `status` is a place of our own.
    let tid = unsafe { libc::wait4(-1, &raw mut status, options, ptr::null_mut()) };
    match tid {
        0 => Ok(None),
        tid if tid < 0 => Err(io::Error::last_os_error()),
        tid => Ok(Some(Waited { tid, stop: stop(status) })),
    }
}

fn stop(status: i32) -> Stop {
    if libc::WIFEXITED(status) {
        return Stop::Exited(libc::WEXITSTATUS(status));
    }
    if libc::WIFSIGNALED(status) {
        return Stop::Killed(libc::WTERMSIG(status), libc::WCOREDUMP(status));
    }
    let signal = libc::WSTOPSIG(status);
    match (status >> 16, signal) {
        (0, signal) if signal == libc::SIGTRAP | 0x80 => Stop::Syscall,
        (0, signal) => Stop::Signal(signal),
        (libc::PTRACE_EVENT_STOP, libc::SIGSTOP | libc::SIGTSTP | libc::SIGTTIN | libc::SIGTTOU) => Stop::Group(signal),
        (libc::PTRACE_EVENT_STOP, _) => Stop::Trap,
        (libc::PTRACE_EVENT_FORK, _) => Stop::Born(Birth::Fork),
        (libc::PTRACE_EVENT_VFORK, _) => Stop::Born(Birth::Vfork),
        (libc::PTRACE_EVENT_CLONE, _) => Stop::Born(Birth::Clone),
        (libc::PTRACE_EVENT_EXEC, _) => Stop::Executed,
        (libc::PTRACE_EVENT_EXIT, _) => Stop::Leaving,
        (libc::PTRACE_EVENT_SECCOMP, _) => Stop::Chosen,
        _ => Stop::Other,
    }
}

/// Read memory of another process from `address` on; gives how many bytes there were, less than asked where they end.
pub fn read_memory(pid: Tid, address: u64, into: &mut [u8]) -> usize {
    const PAGE: u64 = 4096;
    let mut done = 0;
    while done < into.len() {
        let (rest, from) = (&mut into[done..], address.wrapping_add(done as u64));
        let found = read_once(pid, from, rest);
        if found > 0 {
            done += found;
            continue;
        }
        // A transfer is all or nothing for each piece: up to the end of the page there may still be something.
        let in_page = (PAGE - from % PAGE) as usize;
        if in_page >= rest.len() {
            break;
        }
        let found = read_once(pid, from, &mut rest[..in_page]);
        if found == 0 {
            break;
        }
        done += found;
    }
    done
}

fn read_once(pid: Tid, address: u64, into: &mut [u8]) -> usize {
    let local = libc::iovec { iov_base: into.as_mut_ptr().cast(), iov_len: into.len() };
    let remote = libc::iovec { iov_base: address as *mut libc::c_void, iov_len: into.len() };
    // SAFETY: the local place is `into`; the other address is only looked at in the other process.
    let count = unsafe { libc::process_vm_readv(pid, &raw const local, 1, &raw const remote, 1, 0) };
    usize::try_from(count).unwrap_or(0)
}

/// Whether `tid` is the first thread of its process, and so has the number of the process.
pub fn is_leader(tid: Tid) -> bool {
    // SAFETY: signal 0 is never delivered, only the numbers are checked.
    unsafe { libc::syscall(libc::SYS_tgkill, tid, tid, 0) == 0 }
}

/// Nanoseconds that a process has run: in its own code, and in the kernel for it.
pub fn times(pid: Tid) -> Option<(u64, u64)> {
    const ALL: u32 = 0;
    const OWN: u32 = 1;
    let read = |kind: u32| {
        // The number of a clock of another process, as the kernel builds it in `posix-timers_types.h`.
        let clock = ((!pid as u32) << 3 | kind) as libc::clockid_t;
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `time` is a place of our own.
        let answer = unsafe { libc::clock_gettime(clock, &raw mut time) };
        (answer == 0).then_some(time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64)
    };
    let (all, own) = (read(ALL)?, read(OWN)?);
    Some((own, all.saturating_sub(own)))
}
