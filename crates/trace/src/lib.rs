//! What a program asks of the kernel, seen from beside it.
//!
//! Enters: a command or the number of a process. Leaves: its calls, decoded, one by one. `call.rs` says what a call is,
//! `engine` follows processes and tells a `sink.rs` of each `event.rs`, `chosen.rs` says which calls are wanted, `decode`
//! what their numbers mean, `python` where in a Python program one was made, `write` holds the formats.

pub mod background;
pub mod call;
pub mod chosen;
pub mod decode;
pub mod engine;
pub mod error;
pub mod event;
pub mod python;

pub mod sink;
pub mod write;
