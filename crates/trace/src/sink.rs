//! Where events go.

use std::io;

use crate::event::{Ended, Event, Head, Outcome, Who};

/// What a sink needs to be found out about each call; what it does not want costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// The arguments, decoded.
    pub arguments: bool,
    /// Tasks, programs, signals and ends as well as calls.
    pub tasks: bool,
    /// Calls that have begun, before they end, where there is more than one task.
    pub begun: bool,
    /// To be told when nothing happens, which is asked of the kernel before every stop that is waited for.
    pub idle: bool,
}

/// Takes events as they come. An error ends the trace; the traced tasks go on.
pub trait Sink {
    /// What it needs.
    fn wants(&self) -> Wants;

    /// Take what is known before the first event.
    fn begin(&mut self, _head: &Head) -> io::Result<()> {
        Ok(())
    }

    /// Take a call that has begun; it may go on for long.
    fn begun(&mut self, _who: Who, _ended: &Ended) -> io::Result<()> {
        Ok(())
    }

    /// Take an event.
    fn take(&mut self, event: &Event) -> io::Result<()>;

    /// Nothing is happening: what is held back may be shown.
    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Take what is known at the end.
    fn end(&mut self, _outcome: &Outcome) -> io::Result<()> {
        Ok(())
    }
}
