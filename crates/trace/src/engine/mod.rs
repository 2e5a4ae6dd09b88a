//! Follows a tree of processes by `ptrace` and tells a sink what happens.
//!
//! Enters: a command or the number of a process, and a `Sink`. Leaves: events in the order of the stops. Files in the order
//! of the work: `launch.rs` starts a program, `filter.rs` builds the filter that spares the calls nobody wants to see,
//! `tracer.rs` is the loop over stops, `task.rs` its memory, `target.rs` what is read from a stopped process, `known.rs`
//! what its descriptors are as far as that is certain, `watch.rs` whether their paths are, `ptrace.rs` the requests, `clock.rs` the time.
//!
//! The kernel ties a trace to the thread that began it: make a `Tracer` and run it in one thread. When that thread ends, for
//! whatever reason, the kernel lets all its tasks go on untraced.

pub mod clock;
mod filter;
mod known;
pub mod launch;
pub mod ptrace;
pub mod stopper;
pub mod target;
mod task;
pub mod tracer;
mod watch;

pub use launch::Command;
pub use stopper::Stopper;
pub use tracer::{Options, Tracer};
