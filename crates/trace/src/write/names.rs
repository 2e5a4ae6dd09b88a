//! Names for what may have none.

use std::borrow::Cow;

use crate::{call::Call, decode};

/// The name of a call, or its number where it has none yet.
pub fn call(call: &Call) -> Cow<'static, str> {
    match decode::name(call.abi, call.number) {
        Some(name) => Cow::Borrowed(name),
        None => Cow::Owned(format!("syscall_{:#x}", call.number)),
    }
}

/// The name of a signal.
pub fn signal(number: i32) -> Cow<'static, str> {
    decode::signal_name(number).unwrap_or_else(|| Cow::Owned(format!("SIG_{number}")))
}

/// The name of the code that says why a signal came.
pub fn signal_code(signal: i32, code: i32) -> Cow<'static, str> {
    decode::signal_code(signal, code).map_or_else(|| Cow::Owned(code.to_string()), Cow::Borrowed)
}
