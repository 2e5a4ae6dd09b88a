//! Calls of the kernel that the runtime needs, the same on every architecture.
//!
//! None of them is newer than Linux 4.14. Each gives its result, or the number of its error.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::{call, number, O_DIRECTORY, SA_RESTORER, STACK_POINTER_OFFSET, STAT_MODE_OFFSET};
#[cfg(target_arch = "x86_64")]
pub use x86_64::{call, number, O_DIRECTORY, SA_RESTORER, STACK_POINTER_OFFSET, STAT_MODE_OFFSET};

use core::ptr;

use crate::{slices, Address, Errno};

const AF_UNIX: u16 = 1;
const AF_INET: u16 = 2;
const SOCK_STREAM: usize = 1;
const SOCK_CLOEXEC: usize = 0o2_000_000;
const MSG_PEEK: usize = 2;
const MSG_DONTWAIT: usize = 0x40;
const IPPROTO_TCP: usize = 6;
const TCP_NODELAY: usize = 1;
const POLLOUT: i16 = 4;
const MOST_PIECES: usize = 4;
const CLOCK_REALTIME: usize = 0;
const CLOCK_MONOTONIC: usize = 1;
const PROT_READ_WRITE: usize = 3;
const MAP_PRIVATE_ANONYMOUS: usize = 0x22;
const MREMAP_MAYMOVE: usize = 1;
const SIGCHLD: usize = 17;
/// What the kernel calls the current folder.
pub const AT_FDCWD: usize = -100isize as usize;
/// Interrupted by a signal.
pub const EINTR: Errno = Errno(4);
/// Not now.
pub const EAGAIN: Errno = Errno(11);

/// What a call gave.
pub type Answer = Result<usize, Errno>;

/// The result of a call, or the number of its error.
pub fn answer(result: isize) -> Answer {
    if result < 0 {
        Err(Errno(-result as i32))
    } else {
        Ok(result as usize)
    }
}

/// Ask the kernel, with as many arguments as are given.
macro_rules! ask {
    ($number:expr, $first:expr) => {
        ask!($number, $first, 0)
    };
    ($number:expr, $first:expr, $second:expr) => {
        ask!($number, $first, $second, 0)
    };
    ($number:expr, $first:expr, $second:expr, $third:expr) => {
        ask!($number, $first, $second, $third, 0, 0, 0)
    };
    ($number:expr, $first:expr, $second:expr, $third:expr, $fourth:expr) => {
        ask!($number, $first, $second, $third, $fourth, 0, 0)
    };
    ($number:expr, $first:expr, $second:expr, $third:expr, $fourth:expr, $fifth:expr) => {
        ask!($number, $first, $second, $third, $fourth, $fifth, 0)
    };
    ($number:expr, $first:expr, $second:expr, $third:expr, $fourth:expr, $fifth:expr, $sixth:expr) => {
        // SAFETY: each function of this module passes memory that lives as long as the call, and its true size.
        answer(unsafe {
            call(
                $number,
                [
                    $first as usize,
                    $second as usize,
                    $third as usize,
                    $fourth as usize,
                    $fifth as usize,
                    $sixth as usize,
                ],
            )
        })
    };
}

#[repr(C)]
struct InternetAddress {
    family: u16,
    port: [u8; 2],
    host: [u8; 4],
    rest: [u8; 8],
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Piece {
    start: *const u8,
    length: usize,
}

#[repr(C)]
struct Moment {
    seconds: i64,
    nanoseconds: i64,
}

/// Open a connection to an address.
pub fn connect(address: &Address) -> Result<i32, Errno> {
    let name = InternetAddress { family: AF_INET, port: address.port.to_be_bytes(), host: address.host, rest: [0; 8] };
    connect_to(AF_INET, &raw const name as usize, size_of::<InternetAddress>())
}

/// Open a connection to a socket of the file system.
pub fn connect_local(path: &[u8]) -> Result<i32, Errno> {
    let mut name = [0u8; 110];
    slices::fill(&mut name, &AF_UNIX.to_ne_bytes());
    if path.len() + 2 >= name.len() {
        return Err(Errno(36));
    }
    slices::fill(name.get_mut(2..).unwrap_or_default(), path);
    connect_to(AF_UNIX, name.as_ptr() as usize, name.len())
}

fn connect_to(family: u16, name: usize, size: usize) -> Result<i32, Errno> {
    let socket = ask!(number::SOCKET, family, SOCK_STREAM | SOCK_CLOEXEC, 0)? as i32;
    match ask!(number::CONNECT, socket, name, size) {
        Ok(_) => Ok(socket),
        Err(errno) => {
            close(socket);
            Err(errno)
        }
    }
}

/// Close a descriptor.
pub fn close(descriptor: i32) {
    let _ = ask!(number::CLOSE, descriptor);
}

/// Whether a connection is open and nothing waits there.
pub fn is_quiet(socket: i32) -> bool {
    let mut byte = 0u8;
    ask!(number::RECVFROM, socket, &raw mut byte, 1, MSG_PEEK | MSG_DONTWAIT, 0, 0) == Err(EAGAIN)
}

/// Take bytes from a connection.
pub fn receive(socket: i32, into: &mut [u8]) -> Answer {
    ask!(number::RECVFROM, socket, into.as_mut_ptr(), into.len(), 0, 0, 0)
}

/// Send small pieces at once.
pub fn hasten(socket: i32) {
    let yes = 1i32;
    let _ = ask!(number::SETSOCKOPT, socket, IPPROTO_TCP, TCP_NODELAY, &raw const yes, 4);
}

/// Write some bytes of some pieces; where there is no room, wait for some.
pub fn write(descriptor: i32, pieces: &[&[u8]]) -> Answer {
    let mut gathered = [Piece { start: ptr::null(), length: 0 }; MOST_PIECES];
    let mut count = 0;
    for (place, piece) in gathered.iter_mut().zip(pieces) {
        *place = Piece { start: piece.as_ptr(), length: piece.len() };
        count += 1;
    }
    let answer = ask!(number::WRITEV, descriptor, gathered.as_ptr(), count);
    if answer == Err(EAGAIN) {
        await_room(descriptor);
        return Ok(0);
    }
    answer
}

fn await_room(descriptor: i32) {
    #[repr(C)]
    struct Poll {
        descriptor: i32,
        wanted: i16,
        found: i16,
    }
    let mut poll = Poll { descriptor, wanted: POLLOUT, found: 0 };
    let _ = ask!(number::PPOLL, &raw mut poll, 1, 0, 0, 0);
}

/// Take bytes from a descriptor.
pub fn read(descriptor: i32, into: &mut [u8]) -> Answer {
    ask!(number::READ, descriptor, into.as_mut_ptr(), into.len())
}

/// Nanoseconds since 1970.
pub fn now_ns() -> i64 {
    clock(CLOCK_REALTIME)
}

/// Nanoseconds since some moment, never falling.
pub fn monotonic_ns() -> i64 {
    clock(CLOCK_MONOTONIC)
}

fn clock(which: usize) -> i64 {
    let mut moment = Moment { seconds: 0, nanoseconds: 0 };
    let _ = ask!(number::CLOCK_GETTIME, which, &raw mut moment);
    moment.seconds * 1_000_000_000 + moment.nanoseconds
}

/// Wait so many nanoseconds, whatever signals come meanwhile.
pub fn sleep_ns(duration: i64) {
    let mut rest = Moment { seconds: duration / 1_000_000_000, nanoseconds: duration % 1_000_000_000 };
    while ask!(number::NANOSLEEP, &raw const rest, &raw mut rest) == Err(EINTR) {}
}

/// End the process.
pub fn exit(code: i32) -> ! {
    loop {
        let _ = ask!(number::EXIT_GROUP, code);
    }
}

/// Fresh memory, all zero.
pub fn map(size: usize) -> Answer {
    ask!(number::MMAP, 0, size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, usize::MAX, 0)
}

/// Give memory of `map` back.
///
/// # Safety
///
/// The memory must be one of `map` or `remap` with this size, and nobody may use it afterwards.
pub unsafe fn unmap(start: usize, size: usize) {
    let _ = ask!(number::MUNMAP, start, size);
}

/// Change the size of memory of `map`; it may move.
///
/// # Safety
///
/// As for `unmap`: the old place is gone.
pub unsafe fn remap(start: usize, size: usize, new_size: usize) -> Answer {
    ask!(number::MREMAP, start, size, new_size, MREMAP_MAYMOVE)
}

/// Fill with random bytes.
pub fn random(mut into: &mut [u8]) -> Result<(), Errno> {
    while !into.is_empty() {
        match ask!(number::GETRANDOM, into.as_mut_ptr(), into.len(), 0) {
            Ok(count) => into = into.get_mut(count..).unwrap_or_default(),
            Err(EINTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// Make a copy of this process; zero in the copy.
pub fn fork() -> Answer {
    ask!(number::CLONE, SIGCHLD, 0, 0, 0, 0)
}

/// Wait for a copy to end; its number and how it ended.
pub fn wait() -> Result<(i32, i32), Errno> {
    let mut status = 0i32;
    let process = ask!(number::WAIT4, usize::MAX, &raw mut status, 0, 0)?;
    Ok((process as i32, status))
}

/// Send a signal.
pub fn kill(process: i32, signal: i32) {
    let _ = ask!(number::KILL, process, signal);
}

/// Let a descriptor be another name of one that is open.
pub fn duplicate(from: i32, to: i32) -> Answer {
    ask!(number::DUP3, from, to, 0)
}
