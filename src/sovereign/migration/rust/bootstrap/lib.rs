//! The function runtime, and the contract between it and a handler.
//!
//! A handler is `pub fn handle(ctx: &Context, event: &[u8], out: &mut Writer) -> Result<(), HandlerError>`, called once
//! per invocation; `pub fn init() -> Result<(), HandlerError>` comes before the first. Both are plain functions, so that
//! a handler is compiled straight into the runtime.
//!
//! Files in the order in which data passes them: `environment` reads what the platform set, `client` speaks HTTP with
//! the runtime API over a `System` (`http` parses, `buffer` and `block` hold), `runtime` is the loop, `contract` and `writer` are
//! what a handler sees, `failure` and `logs` are what goes wrong and what is written of it, `template`, `json` and
//! `number` make texts. All of that is a library, tested under `std`. `linux` with `sys`, `signals`, `crash`, `memory`,
//! `bytes`, `workers` and `start` stand on the kernel alone; `files` is what handlers may want of it.

#![no_std]

extern crate alloc;

mod address;
mod arena;
mod block;
mod buffer;
mod client;
mod contract;
mod environment;
pub mod events;
mod failure;
mod http;
mod json;
mod logs;
pub mod msgpack;
mod number;
mod runtime;
mod slices;
mod system;
mod template;
mod value;
mod writer;

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub mod bytes;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod crash;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub mod files;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub mod memory;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod signals;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub mod start;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub mod sys;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod workers;

pub use address::Address;
pub use arena::Arena;
pub use block::Block;
pub use buffer::Buffer;
pub use client::{Client, Outcome, Trouble};
pub use contract::{Context, Handler, Level, Log};
pub use environment::{Environment, Format, Variable};
pub use failure::HandlerError;
pub use http::{Fault, Field, Parser, Progress, Reply, BODY_LIMIT, HEAD_LIMIT};
pub use number::Digits;
pub use runtime::{run, Memory, EXIT_FAILED, EXIT_FINE, EXIT_MISCONFIGURED};
pub use system::{Errno, Phase, System};
pub use value::{Items, Json, JsonError, JsonKind, Members, DEPTH_LIMIT};
pub use writer::{Sink, Writer};
