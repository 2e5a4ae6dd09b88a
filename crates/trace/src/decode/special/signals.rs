//! Signals, sets of them, what is done on them and what is known of them.

use crate::decode::{
    kind::Layout,
    memory::{Context, address},
    names, scalar, tables,
    value::Value,
};

const SA_RESTORER: u64 = 0x0400_0000;
const SET_BYTES: u64 = 8;

/// A set of signals.
pub fn set(context: &Context<'_>, at: u64, size: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    if size == 0 || size > SET_BYTES {
        return address(at);
    }
    context.unsigned_at(at, size as u8).map_or(Value::Fault(at), Value::Signals)
}

/// The set of signals of `pselect6`, behind an address and a size.
pub fn pselect(context: &Context<'_>, at: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let layout = &tables::STRUCT_PSELECT_MASK;
    let Some(bytes) = context.exact(at, usize::from(layout.size[context.table()])) else { return Value::Fault(at) };
    let [mask, size] = ["mask", "size"].map(|name| scalar::field(context, layout, &bytes, name));
    Value::Structure(vec![("sigmask", set(context, mask, size)), ("sigsetsize", Value::Uint(size))])
}

/// What is done on a signal.
pub fn action(context: &Context<'_>, at: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let layout = &tables::STRUCT_SIGACTION;
    let Some(bytes) = context.exact(at, usize::from(layout.size[context.table()])) else { return Value::Fault(at) };
    let flags = scalar::field(context, layout, &bytes, "sa_flags");
    let Value::Structure(mut fields) = scalar::structure(context, layout, &bytes, 0) else { return address(at) };
    if flags & SA_RESTORER == 0 {
        fields.retain(|(name, _)| *name != "sa_restorer");
    }
    Value::Structure(fields)
}

/// What is known of a signal.
pub fn siginfo(context: &Context<'_>, at: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let layout = &tables::STRUCT_SIGINFO;
    let Some(bytes) = context.exact(at, usize::from(layout.size[context.table()])) else { return Value::Fault(at) };
    let [signal, code] = ["si_signo", "si_code"].map(|name| scalar::field(context, layout, &bytes, name) as i32);
    let Value::Structure(mut fields) = scalar::structure(context, layout, &bytes, 0) else { return address(at) };
    for (name, value) in &mut fields {
        if *name == "si_code" {
            *value = scalar::one(names::signal_code(signal, code), code as u64, i64::from(code));
        }
    }
    fields.retain(|(name, value)| *name != "si_errno" || *value != Value::Int(0));
    if let Some(more) = rest_of(signal, code) {
        if let Value::Structure(own) = scalar::structure(context, more, &bytes, 0) {
            fields.extend(own);
        }
    }
    Value::Structure(fields)
}

/// Which fields a signal comes with.
fn rest_of(signal: i32, code: i32) -> Option<&'static Layout> {
    match (signal, code) {
        (_, 0 | -6) => Some(&tables::STRUCT_SIGINFO_KILL),
        (_, -2) => Some(&tables::STRUCT_SIGINFO_TIMER),
        (_, -1 | -3) => Some(&tables::STRUCT_SIGINFO_QUEUE),
        (libc::SIGCHLD, 1..=6) => Some(&tables::STRUCT_SIGINFO_CHILD),
        (libc::SIGSEGV | libc::SIGBUS | libc::SIGFPE | libc::SIGILL | libc::SIGTRAP, 1..0x80) => {
            Some(&tables::STRUCT_SIGINFO_FAULT)
        }
        (libc::SIGPOLL, 1..0x80) => Some(&tables::STRUCT_SIGINFO_POLL),
        (libc::SIGSYS, 1..0x80) => Some(&tables::STRUCT_SIGINFO_SYS),
        _ => None,
    }
}
