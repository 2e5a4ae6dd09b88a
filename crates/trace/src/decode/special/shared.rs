//! Shared memory, semaphores and queues of System V.

use std::borrow::Cow;

use crate::decode::{kind::Set, memory::Context, scalar, value::Value};

const IPC_64: u64 = 0x100;

/// The key of a shared thing.
pub fn key(number: u64) -> Value {
    if number == 0 { Value::Name(Cow::Borrowed("IPC_PRIVATE")) } else { Value::Based(number, 16) }
}

/// Flags, and permissions in the low bits.
pub fn flags(set: &Set, number: u64) -> Value {
    match set.flags(number & !0o777) {
        Value::Flags(names, rest) => Value::Creation(names, (rest | number & 0o777) as u32),
        other => other,
    }
}

/// What to do with it.
pub fn command(set: &Set, number: u64) -> Value {
    scalar::one(set.name_of(number & !IPC_64), number, number as i64)
}

/// A message: its type, then its bytes.
pub fn message(context: &Context<'_>, at: u64, length: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let word = context.word();
    let Some(kind) = context.unsigned_at(at, word) else { return Value::Fault(at) };
    let text = at.wrapping_add(u64::from(word));
    Value::Structure(vec![
        ("mtype", Value::Int(crate::decode::memory::signed(kind, word))),
        ("mtext", context.buffer(text, length)),
    ])
}
