//! Paths, permissions, devices, entries of folders.

use std::borrow::Cow;

use crate::decode::{
    memory::{Context, address},
    scalar, tables,
    value::Value,
};

const O_CREAT: u64 = 0o100;
const O_TMPFILE: u64 = 0o20_000_000;
const S_IFMT: u64 = 0o170_000;
const S_IFCHR: u64 = 0o20_000;
const S_IFBLK: u64 = 0o60_000;

/// Permissions, where the flags make a file.
pub fn open_mode(context: &Context<'_>, index: usize, flags: usize) -> Option<Value> {
    let makes = context.raw(flags) & (O_CREAT | O_TMPFILE) != 0;
    makes.then(|| Value::Based(context.raw(index), 8))
}

/// What `access` asks for.
pub fn access_mode(number: u64) -> Value {
    if number == 0 { Value::Name(Cow::Borrowed("F_OK")) } else { tables::SET_ACCESS.flags(number) }
}

/// A text, or the address where none stands there.
pub fn text_or_address(context: &Context<'_>, at: u64) -> Value {
    match context.text(at) {
        Value::Fault(at) => address(at),
        value => value,
    }
}

/// The device, where the mode makes one.
pub fn device(context: &Context<'_>, index: usize, mode: usize) -> Option<Value> {
    let is_device = matches!(context.raw(mode) & S_IFMT, S_IFCHR | S_IFBLK);
    is_device.then(|| Value::Device(context.raw(index)))
}

/// A path of a known length.
pub fn path(context: &Context<'_>, at: u64, length: u64) -> Value {
    let wanted = usize::try_from(length).unwrap_or(usize::MAX);
    let kept = wanted.min(context.limits.text);
    context.exact(at, kept).map_or(Value::Fault(at), |bytes| Value::Text(bytes, kept < wanted))
}

/// Entries of a folder, as many as the limit allows.
pub fn entries(context: &Context<'_>, at: u64, length: u64, is_new: bool) -> Value {
    let word = if is_new { 8 } else { context.word() };
    let head = 2 * u64::from(word) + 2;
    let mut list = Vec::new();
    let mut place = 0;
    while place + head < length {
        if list.len() >= context.limits.elements {
            return Value::List(list, true);
        }
        let Some((value, step)) = entry(context, at.wrapping_add(place), word, length - place, is_new) else {
            return if list.is_empty() { Value::Fault(at) } else { Value::List(list, true) };
        };
        list.push(value);
        place += step;
    }
    Value::List(list, false)
}

fn entry(context: &Context<'_>, at: u64, word: u8, left: u64, is_new: bool) -> Option<(Value, u64)> {
    let wide = u64::from(word);
    let number = context.unsigned_at(at, word)?;
    let next = context.unsigned_at(at.checked_add(wide)?, word)?;
    let length = context.unsigned_at(at.checked_add(2 * wide)?, 2)?;
    let head = 2 * wide + if is_new { 3 } else { 2 };
    if length <= head || length > left {
        return None;
    }
    let bytes = context.exact(at, length as usize)?;
    let (start, kind_at) = (head as usize, if is_new { head as usize - 1 } else { bytes.len() - 1 });
    let end = bytes[start..].iter().position(|byte| *byte == 0).map_or(bytes.len(), |place| start + place);
    let kind = u64::from(bytes[kind_at]);
    let fields = vec![
        ("d_ino", Value::Uint(number)),
        ("d_off", Value::Int(next as i64)),
        ("d_reclen", Value::Uint(length)),
        ("d_name", Value::Text(bytes[start..end].to_vec(), false)),
        ("d_type", scalar::one(tables::SET_DIRENTTYPE.name_of(kind), kind, kind as i64)),
    ];
    Some((Value::Structure(fields), length))
}
