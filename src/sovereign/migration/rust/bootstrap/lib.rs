//! The contract between a handler and the function runtime.
//!
//! A handler is `pub fn handle(ctx: &Context, event: &[u8], out: &mut Writer) -> Result<(), HandlerError>`, called once
//! per invocation; `pub fn init() -> Result<(), HandlerError>` comes before the first. Both are plain functions, so that
//! a handler is compiled straight into the runtime.

#![no_std]

extern crate alloc;

use alloc::string::String;
use alloc::vec::Vec;

/// One invocation, as the runtime was told of it. What the platform does not say is empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The id of the invocation.
    pub request_id: &'a str,
    /// When the invocation times out, in milliseconds since 1970.
    pub deadline_ms: i64,
    /// The function's Amazon resource name.
    pub invoked_function_arn: &'a str,
    /// The function's name.
    pub function_name: &'a str,
    /// The function's version.
    pub function_version: &'a str,
    /// The memory of the function in MiB, in digits.
    pub memory_limit_in_mb: &'a str,
    /// The group of the function's log.
    pub log_group_name: &'a str,
    /// The stream of the function's log.
    pub log_stream_name: &'a str,
    /// The tenant of the invocation.
    pub tenant_id: &'a str,
}

/// Where a handler writes its reply.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A writer that holds nothing.
    pub const fn new() -> Writer {
        Writer { bytes: Vec::new() }
    }

    /// Append bytes to the reply.
    pub fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// What was written so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forget what was written, and keep the memory for the next reply.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }
}

/// Why a handler gave no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlerError {
    /// The name of the error's class.
    pub error_type: String,
    /// What it says.
    pub message: String,
}

impl HandlerError {
    /// An error of a class, with a message.
    pub fn new(error_type: &str, message: &str) -> HandlerError {
        HandlerError { error_type: String::from(error_type), message: String::from(message) }
    }
}
