//! Why a handler gave no reply, and how the runtime API is told.

use alloc::string::String;

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

/// The class of an error as the value of a field: what cannot stand there becomes `_`.
pub fn kind_field<'a>(kind: &str, room: &'a mut [u8; 64]) -> &'a [u8] {
    let mut length = 0;
    for (place, byte) in room.iter_mut().zip(kind.bytes()) {
        *place = if byte.is_ascii_graphic() { byte } else { b'_' };
        length += 1;
    }
    if length == 0 {
        return b"Function.Unknown";
    }
    room.get(..length).unwrap_or_default()
}
