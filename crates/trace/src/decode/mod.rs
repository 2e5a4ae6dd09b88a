//! What the numbers of a call mean: names, flags, texts, structures, errors.
//!
//! Enters: a `Call` and its `Process`. Leaves: named values. `value.rs` says what a value is.

use std::borrow::Cow;

use crate::{
    call::{Call, Process},
    decode::value::{Arg, Value},
};

pub mod value;

/// How much is kept.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Of texts.
    pub text: usize,
    /// Of buffers.
    pub bytes: usize,
    /// Of lists.
    pub elements: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { text: 4096, bytes: 32, elements: 32 }
    }
}

/// The name of a call.
pub fn name(call: &Call) -> Cow<'static, str> {
    format!("syscall_{:#x}", call.number).into()
}

/// The name of an error.
pub fn error_name(_: i32) -> Option<&'static str> {
    None
}

/// The name of a signal.
pub fn signal_name(number: i32) -> Cow<'static, str> {
    format!("SIG_{number}").into()
}

/// The name of a signal's code.
pub fn signal_code(_: i32, code: i32) -> Cow<'static, str> {
    code.to_string().into()
}

/// Whether the result is a descriptor.
pub fn gives_descriptor(_: &Call) -> bool {
    false
}

/// The arguments at the entry.
pub fn entry(call: &Call, _: &dyn Process, _: &Limits) -> Vec<Arg> {
    let names = ["a", "b", "c", "d", "e", "f"];
    names.iter().zip(call.args).map(|(name, value)| Arg { name, value: Value::Address(value) }).collect()
}

/// The arguments at the exit.
pub fn exit(_: &Call, _: &dyn Process, _: &Limits, _: &mut Vec<Arg>) {}

/// Whether the result is an address.
pub fn gives_address(_: &Call) -> bool {
    false
}

/// Values as text.
pub mod text {
    use super::value::Value;

    /// Append a value.
    pub fn value(value: &Value, into: &mut Vec<u8>) {
        if let Value::Address(address) = value {
            into.extend_from_slice(format!("{address:#x}").as_bytes());
        }
    }
}

/// Values as JSON.
pub mod json {
    use super::value::Value;

    /// Append a value.
    pub fn value(value: &Value, into: &mut Vec<u8>) {
        if let Value::Address(address) = value {
            into.extend_from_slice(format!("\"{address:#x}\"").as_bytes());
        }
    }
}
