//! What a handler sees of its invocation.

use core::fmt::{Debug, Formatter};

use crate::{HandlerError, Writer};

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
    /// Where the invocation stands in a distributed trace.
    pub trace_id: &'a str,
    /// What a client application said of itself, as JSON.
    pub client_context: &'a str,
    /// Who the caller is, as JSON.
    pub cognito_identity: &'a str,
    /// What the event's bytes are, such as `application/json`.
    pub content_type: &'a str,
    /// Where records are logged.
    pub log: Option<&'a dyn Log>,
}

impl Context<'_> {
    /// Log a message.
    pub fn log(&self, level: Level, message: &str) {
        if let Some(log) = self.log {
            log.record(level, message);
        }
    }

    /// Milliseconds until the invocation times out, seen from a moment in milliseconds since 1970; never negative.
    pub fn remaining_ms(&self, now_ms: i64) -> i64 {
        (self.deadline_ms - now_ms).max(0)
    }
}

/// How much a record matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Steps of an algorithm.
    Trace = 1,
    /// What helps to find a defect.
    Debug = 2,
    /// What happens as it should.
    Info = 3,
    /// What should not happen, and does no harm.
    Warn = 4,
    /// What failed.
    Error = 5,
    /// What ends the process.
    Fatal = 6,
}

/// Where a handler's records go.
pub trait Log {
    /// Log a message, if its level is wanted.
    fn record(&self, level: Level, message: &str);
}

impl Debug for dyn Log + '_ {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("Log")
    }
}

/// What answers invocations.
pub trait Handler {
    /// Whether replies may be streamed; a program that never does is the smaller for saying so.
    const STREAMS: bool = true;

    /// Once, before the first invocation.
    fn init(&mut self) -> Result<(), HandlerError> {
        Ok(())
    }

    /// Answer one event.
    fn handle(&mut self, ctx: &Context<'_>, event: &[u8], out: &mut Writer<'_>) -> Result<(), HandlerError>;
}
