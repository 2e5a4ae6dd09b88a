//! What the runtime asks of the world: connections, a clock, somewhere to log.

use crate::Address;

/// The number of an error of the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errno(pub i32);

/// What the runtime is doing; whoever ends the process early has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase<'a> {
    /// The handler's `init` runs.
    Starting,
    /// Nothing is to be answered.
    Waiting,
    /// The handler runs for the invocation of this id.
    Handling(&'a str),
    /// The answer is on its way.
    Posting,
}

/// The world of the runtime. Calls that the kernel interrupts are not repeated by it: they give `EINTR`.
pub trait System: Copy {
    /// Open a connection.
    fn connect(&self, address: &Address) -> Result<i32, Errno>;
    /// Close a connection.
    fn close(&self, socket: i32);
    /// Whether the other side holds the connection open and has said nothing more.
    fn is_quiet(&self, socket: i32) -> bool;
    /// Take some bytes; none at the end.
    fn receive(&self, socket: i32, into: &mut [u8]) -> Result<usize, Errno>;
    /// Give some of the bytes of the pieces to a connection or a file, or wait until that is possible and give none.
    fn write(&self, descriptor: i32, pieces: &[&[u8]]) -> Result<usize, Errno>;
    /// Send small pieces at once from now on.
    fn hasten(&self, socket: i32);
    /// Microseconds since 1970.
    fn now_us(&self) -> i64;
    /// Wait.
    fn sleep_ms(&self, duration: u32);
    /// Whether the process was asked to end.
    fn is_terminated(&self) -> bool;
    /// Take note of what happens next.
    fn enter(&self, phase: Phase<'_>);
    /// Take note that the head of the invocation's reply is sent.
    fn enter_stream(&self);
}
