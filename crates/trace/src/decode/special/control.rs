//! Requests to devices, and commands to descriptors.

use crate::decode::{
    kind::{Kind, Layout, ResultKind, Set, Way},
    memory::{Context, address},
    names, scalar, tables,
    value::Value,
};

/// What goes with a request or a command.
enum Operand {
    Nothing,
    Number,
    Descriptor,
    Signal,
    Bits(&'static Set),
    One(&'static Set),
    Number32(Way),
    Structure(&'static Layout, Way),
    Unknown,
}

/// The name of a request.
pub fn ioctl_request(number: u64) -> Value {
    scalar::one(tables::SET_IOCTL.name_of(number), number, i64::MAX)
}

fn ioctl(request: u64) -> Operand {
    match request {
        0x5401 => Operand::Structure(&tables::STRUCT_TERMIOS, Way::Out),
        0x5402..=0x5404 => Operand::Structure(&tables::STRUCT_TERMIOS, Way::In),
        0x5413 => Operand::Structure(&tables::STRUCT_WINSIZE, Way::Out),
        0x5414 => Operand::Structure(&tables::STRUCT_WINSIZE, Way::In),
        0x540f | 0x541b | 0x5411 | 0x5424 | 0x5429 | 0x8004_5430 | 0x8004_5438 | 0x8004_5439 => {
            Operand::Number32(Way::Out)
        }
        0x5410 | 0x5421 | 0x5452 | 0x4004_5431 => Operand::Number32(Way::In),
        0x540b | 0x540a | 0x5409 | 0x540e => Operand::Number,
        0x5450 | 0x5451 | 0x540c | 0x540d | 0x5422 => Operand::Nothing,
        0x4004_9409 => Operand::Descriptor,
        _ => Operand::Unknown,
    }
}

fn fcntl(context: &Context<'_>, command: u64) -> Operand {
    let lock = if context.table() == 2 && !(5..=7).contains(&command) {
        &tables::STRUCT_FLOCK64
    } else {
        &tables::STRUCT_FLOCK
    };
    match command {
        0 | 1030 | 8 | 1031 => Operand::Number,
        1 | 3 | 9 | 11 | 1025 | 1032 | 1034 => Operand::Nothing,
        2 => Operand::Bits(&tables::SET_FDFLAGS),
        4 => Operand::Bits(&tables::SET_OPEN),
        5 | 12 | 36 => Operand::Structure(lock, Way::Both),
        6 | 7 | 13 | 14 | 37 | 38 => Operand::Structure(lock, Way::In),
        10 => Operand::Signal,
        15 => Operand::Structure(&tables::STRUCT_OWNER, Way::In),
        16 => Operand::Structure(&tables::STRUCT_OWNER, Way::Out),
        1026 => Operand::Bits(&tables::SET_NOTIFY),
        1024 => Operand::One(&tables::SET_LEASE),
        1033 => Operand::Bits(&tables::SET_SEALS),
        1027 => Operand::Descriptor,
        _ => Operand::Unknown,
    }
}

/// Whether a command sets a lock, which the kernel leaves as it is written.
pub fn is_lock(command: u64) -> bool {
    matches!(command, 6 | 7 | 13 | 14 | 37 | 38)
}

/// What goes with a request, before the call.
pub fn ioctl_before(context: &Context<'_>, at: u64, request: u64) -> Option<Value> {
    operand_before(context, &ioctl(request), at)
}

/// The same after it.
pub fn ioctl_after(context: &Context<'_>, at: u64, request: u64) -> Option<Value> {
    operand_after(context, &ioctl(request), at)
}

/// What goes with a command, before the call.
pub fn fcntl_before(context: &Context<'_>, index: usize, command: u64) -> Option<Value> {
    operand_before(context, &fcntl(context, command), context.pointer(index))
}

/// The same after it.
pub fn fcntl_after(context: &Context<'_>, at: u64, command: u64) -> Option<Value> {
    operand_after(context, &fcntl(context, command), at)
}

/// What a command gives.
pub fn fcntl_result(command: u64) -> ResultKind {
    match command as u32 {
        0 | 1030 => ResultKind::Descriptor,
        1 => ResultKind::FdFlags,
        3 => ResultKind::OpenFlags,
        _ => ResultKind::Number,
    }
}

fn operand_before(context: &Context<'_>, operand: &Operand, at: u64) -> Option<Value> {
    Some(match operand {
        Operand::Nothing => return None,
        Operand::Number => Value::Int(i64::from(at as i32)),
        Operand::Descriptor => context.descriptor(i64::from(at as i32)),
        Operand::Signal => names::signal(i64::from(at as i32)),
        Operand::Bits(set) => set.flags(at & 0xffff_ffff),
        Operand::One(set) => scalar::one(set.name_of(at), at, at as i64),
        Operand::Number32(Way::In) => number(context, at),
        Operand::Structure(layout, Way::In | Way::Both) => scalar::structure_at(context, layout, at),
        Operand::Number32(_) | Operand::Structure(..) | Operand::Unknown => address(at),
    })
}

fn operand_after(context: &Context<'_>, operand: &Operand, at: u64) -> Option<Value> {
    match operand {
        Operand::Number32(Way::Out) => Some(number(context, at)),
        Operand::Structure(layout, Way::Out | Way::Both) => Some(scalar::structure_at(context, layout, at)),
        _ => None,
    }
}

fn number(context: &Context<'_>, at: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let read = context.unsigned_at(at, 4);
    read.map_or(Value::Fault(at), |number| Value::Pointed(Box::new(scalar::scalar(context, &Kind::Int, number, 4))))
}
