//! What a program asks of the kernel, seen from beside it.
//!
//! Enters: a command or the number of a process. Leaves: its calls, decoded, one by one. `call.rs` says what a call is,
//! `decode` says what its numbers mean.

pub mod call;
pub mod decode;
