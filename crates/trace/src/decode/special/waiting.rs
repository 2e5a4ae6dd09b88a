//! Waiting: futexes and descriptors.

use std::borrow::Cow;

use super::process;
use crate::decode::{
    kind::{Layout, Special},
    memory::{Context, address},
    scalar, tables,
    value::Value,
};

const PRIVATE: u64 = 0x80;
const CLOCK_REALTIME: u64 = 0x100;
const MATCH_ANY: u64 = 0xffff_ffff;
const MOST_DESCRIPTORS: i64 = 1 << 16;

/// An argument of `futex`; none where its operation does not use it.
pub fn futex(context: &Context<'_>, special: Special, index: usize, operation: u64) -> Option<Value> {
    let command = operation & !(PRIVATE | CLOCK_REALTIME);
    let raw = context.raw(index) & 0xffff_ffff;
    match special {
        Special::FutexOp => Some(futex_operation(context.raw(index))),
        Special::FutexVal => (!matches!(command, 6 | 7 | 8 | 13)).then_some(Value::Uint(raw)),
        Special::FutexTime => futex_time(context, index, command, &tables::STRUCT_TIMESPEC),
        Special::FutexTime64 => futex_time(context, index, command, &tables::STRUCT_TIMESPEC64),
        Special::FutexAddr => matches!(command, 3 | 4 | 5 | 11 | 12).then(|| address(context.pointer(index))),
        _ => match command {
            9 | 10 if raw == MATCH_ANY => Some(Value::Name(Cow::Borrowed("FUTEX_BITSET_MATCH_ANY"))),
            5 | 9 | 10 => Some(Value::Based(raw, 16)),
            4 | 12 => Some(Value::Uint(raw)),
            _ => None,
        },
    }
}

fn futex_operation(number: u64) -> Value {
    let mut rest = number;
    let mut names = Vec::new();
    let base = number & !CLOCK_REALTIME;
    if let Some(name) = tables::SET_FUTEX.name_of(base).or_else(|| tables::SET_FUTEXPRIVATE.name_of(base)) {
        names.push(name);
        rest &= CLOCK_REALTIME;
    }
    if rest & CLOCK_REALTIME != 0 {
        names.push("FUTEX_CLOCK_REALTIME");
        rest &= !CLOCK_REALTIME;
    }
    Value::Flags(names, rest)
}

fn futex_time(context: &Context<'_>, index: usize, command: u64, layout: &Layout) -> Option<Value> {
    match command {
        0 | 6 | 9 | 11 | 13 => Some(scalar::structure_at(context, layout, context.pointer(index))),
        3 | 4 | 5 | 12 => Some(Value::Uint(context.raw(index) & 0xffff_ffff)),
        _ => None,
    }
}

const EPOLL_CTL_DEL: u64 = 2;

/// What an event is wanted for; nobody reads it where a descriptor is taken out.
pub fn wanted_event(context: &Context<'_>, at: u64, operation: u64) -> Value {
    if operation == EPOLL_CTL_DEL {
        return address(at);
    }
    scalar::structure_at(context, &tables::STRUCT_EPOLL_EVENT, at)
}

/// Descriptors to wait for, and after the call what is true of each.
pub fn poll(context: &Context<'_>, at: u64, count: u64, is_told: bool) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let layout = &tables::STRUCT_POLLFD;
    let size = u64::from(layout.size[context.table()]);
    let shown = count.min(context.limits.elements as u64);
    let mut list = Vec::new();
    for index in 0..shown {
        let place = at.checked_add(index * size);
        let Some(value) = place.and_then(|place| scalar::read_structure(context, layout, place)) else {
            return if index == 0 { Value::Fault(at) } else { Value::List(list, true) };
        };
        list.push(if is_told { value } else { without_answer(value) });
    }
    Value::List(list, count > shown)
}

fn without_answer(value: Value) -> Value {
    match value {
        Value::Structure(mut fields) => {
            fields.retain(|(name, _)| *name != "revents");
            Value::Structure(fields)
        }
        other => other,
    }
}

/// Descriptors below `end`, a bit each.
pub fn descriptors(context: &Context<'_>, at: u64, end: i64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let end = end.clamp(0, MOST_DESCRIPTORS);
    process::bits(context, at, (end as usize).div_ceil(8), end as u64)
}
