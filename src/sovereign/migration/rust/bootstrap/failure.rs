//! Why a handler gave no reply, and how the runtime API is told.

use alloc::string::String;

use crate::slices::part;
use crate::{json, template, Writer};

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

const BODY: &str = "{\"errorMessage\":\"\x11\",\"errorType\":\"\x12\",\"requestId\":\"\x13\",\"stackTrace\":[]}";
/// The body of an error, with the keys that Python's runtime client sends.
pub fn body(kind: &str, message: &str, request_id: &str, into: &mut Writer<'_>) {
    template::write(BODY, &[message.as_bytes(), kind.as_bytes(), request_id.as_bytes()], into);
}

/// The cause of an error, as a field of the request shows it to tracing.
pub fn cause(kind: &str, message: &str, into: &mut Writer<'_>) {
    into.write(b"{\"working_directory\":\"\",\"exceptions\":[{\"message\":\"");
    json::escape_ascii(message, into);
    into.write(b"\",\"type\":\"");
    json::escape_ascii(kind, into);
    into.write(b"\",\"stack\":[]}],\"paths\":[]}");
}

/// The class of an error as the value of a field, as far as it can stand there.
pub fn kind_field(kind: &str) -> &[u8] {
    let end = kind.bytes().position(|byte| !byte.is_ascii_graphic()).unwrap_or(kind.len());
    if end == 0 {
        return b"Function.Unknown";
    }
    part(kind.as_bytes(), 0..end)
}
