//! What the numbers of a call mean: names, flags, texts, structures, errors.
//!
//! Enters: a `Call` and its `Process`. Leaves: named values. A call is decoded in two steps: `entry` before it runs, when
//! what the program hands over stands in its memory, and `exit` after it, when what the kernel wrote does. `value.rs` says
//! what a value is, `kind.rs` what the tables hold that `tools/syscalls.py` generates, `memory.rs` reads the process within
//! limits, `scalar.rs` shows numbers and structures, `special.rs` and the files below it what needs code of its own;
//! `text.rs` and `json.rs` write values.

pub mod json;
mod kind;
mod memory;
mod names;
mod scalar;
mod sha256;
mod special;
#[rustfmt::skip]
mod tables;
#[cfg(test)]
mod tests;
pub mod text;
pub mod value;

use kind::{Entry, Kind, Param, Way};
use memory::{Context, address};
use value::{Arg, Value};

pub use kind::ResultKind;
pub use memory::Limits;
pub use names::{
    arguments, classes, errno_name, errno_text, is_in_class, last, name, number, signal_code, signal_name,
};

use crate::call::{Call, Process};

const EINTR: i64 = 4;
const ERESTART_RESTARTBLOCK: i64 = 516;

/// The arguments of a call before it runs; what the kernel will write is an address yet.
pub fn entry(call: &Call, process: &dyn Process, limits: &Limits) -> Vec<Arg> {
    let Some(entry) = names::entry_of(call.abi, call.number) else {
        let raw =
            |&register| address(memory::unsigned(register, if call.abi == crate::call::Abi::X86_64 { 8 } else { 4 }));
        return RAW.iter().zip(&call.args).map(|(name, register)| Arg { name, value: raw(register) }).collect();
    };
    let context = Context::new(call, process, limits, entry.params);
    let mut args = Vec::with_capacity(entry.params.len());
    for (index, param) in entry.params.iter().enumerate() {
        if let Some(value) = before(&context, index, param) {
            args.push(Arg { name: param.name, value });
        }
    }
    args
}

const RAW: [&str; 6] = ["arg1", "arg2", "arg3", "arg4", "arg5", "arg6"];

/// Completes the arguments after the call has run, with what the kernel wrote.
pub fn exit(call: &Call, process: &dyn Process, limits: &Limits, args: &mut Vec<Arg>) {
    let Some(entry) = names::entry_of(call.abi, call.number) else { return };
    let mut context = Context::new(call, process, limits, entry.params);
    context.capacity = args.iter().find_map(|arg| match &arg.value {
        Value::Pointed(inside) => Some(if let Value::Int(length) = **inside { length.max(0) as u64 } else { 0 }),
        _ => None,
    });
    for (index, param) in entry.params.iter().enumerate() {
        let shorter =
            || args.iter().find(|arg| arg.name == param.name).and_then(|arg| moved(&context, entry, &arg.value));
        let moved = shorter().and_then(|length| handed_over(&context, index, param, length));
        let Some(value) = moved.or_else(|| after(&context, index, param)) else { continue };
        match args.iter_mut().find(|arg| arg.name == param.name) {
            Some(arg) => changed(&mut arg.value, value),
            None => args.push(Arg { name: param.name, value }),
        }
    }
}

/// How many of the arguments, from the first on, are told before the call runs: the next one is for the kernel to write.
pub fn settled(call: &Call, args: &[Arg]) -> usize {
    let Some(entry) = names::entry_of(call.abi, call.number) else { return args.len() };
    let waits = |param: &&Param| match param.kind {
        Kind::Filled => true,
        Kind::Follow(pointee) => pointee.way != Way::In,
        Kind::Special(special, other) => special::is_told_after(special, call.args[usize::from(other)]),
        _ => false,
    };
    let first = entry.params.iter().find(waits);
    first.and_then(|param| args.iter().position(|arg| arg.name == param.name)).unwrap_or(args.len())
}

/// What the result of a call is.
pub fn result_kind(call: &Call) -> ResultKind {
    let Some(entry) = names::entry_of(call.abi, call.number) else { return ResultKind::Number };
    match entry.result {
        ResultKind::Fcntl => special::fcntl_result(call.args[1]),
        other => other,
    }
}

fn before(context: &Context<'_>, index: usize, param: &Param) -> Option<Value> {
    let at = context.pointer(index);
    Some(match param.kind {
        Kind::Path | Kind::Text => context.text(at),
        Kind::Bytes(length) => context.buffer(at, context.raw(usize::from(length))),
        Kind::Follow(pointee) if matches!(pointee.way, Way::In | Way::Both) => scalar::follow(context, pointee, at),
        Kind::Special(special, other) => return special::before(context, special, index, usize::from(other)),
        ref kind if kind.is_followed() => address(at),
        ref kind => scalar::scalar(context, kind, context.raw(index), context.width(param)),
    })
}

fn after(context: &Context<'_>, index: usize, param: &Param) -> Option<Value> {
    let at = context.pointer(index);
    match param.kind {
        Kind::Filled => Some(context.buffer(at, context.success()?)),
        Kind::Follow(pointee) => match pointee.way {
            Way::In => None,
            Way::Out | Way::Both => context.success().map(|_| scalar::follow(context, pointee, at)),
            Way::Interrupted => matches!(context.call.result?.wrapping_neg(), EINTR | ERESTART_RESTARTBLOCK)
                .then(|| scalar::follow(context, pointee, at)),
        },
        Kind::Special(special, other) => special::after(context, special, index, usize::from(other)),
        _ => None,
    }
}

/// How many bytes a call has moved, where that is less than it was given.
fn moved(context: &Context<'_>, entry: &Entry, value: &Value) -> Option<u64> {
    let moved = context.success().filter(|_| entry.result == ResultKind::Count)?;
    (total(value) > moved).then_some(moved)
}

fn total(value: &Value) -> u64 {
    match value {
        Value::Bytes { length, .. } => *length,
        Value::List(values, _) => values.iter().map(total).fold(0, u64::saturating_add),
        Value::Structure(fields) => {
            let own = fields.iter().filter(|(name, _)| matches!(*name, "iov_base" | "msg_iov"));
            own.map(|(_, value)| total(value)).fold(0, u64::saturating_add)
        }
        _ => 0,
    }
}

/// What a program handed over, as far as the call has taken it.
fn handed_over(context: &Context<'_>, index: usize, param: &Param, length: u64) -> Option<Value> {
    let at = context.pointer(index);
    match param.kind {
        Kind::Bytes(_) => Some(context.buffer(at, length)),
        Kind::Special(special, other) => special::handed_over(context, special, at, usize::from(other), length),
        _ => None,
    }
}

/// Keeps what stood there before, where a number or a set alone has changed.
fn changed(old: &mut Value, new: Value) {
    if *old == new {
        return;
    }
    *old = match (std::mem::replace(old, Value::Null), new) {
        (Value::Pointed(before), Value::Pointed(after)) => Value::Changed(before, after),
        (Value::Set(before), Value::Set(after)) => Value::Changed(Value::Set(before).into(), Value::Set(after).into()),
        (_, new) => new,
    };
}
