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
    /// A number of so many bytes, behind an address.
    Behind(Kind, u8, Way),
    /// A question about an interface of the network: its name alone, and with the answer.
    Interface(&'static Layout),
    Structure(&'static Layout, Way),
    Unknown,
}

/// The name of a request.
pub fn ioctl_request(number: u64) -> Value {
    scalar::one(tables::SET_IOCTL.name_of(number), number, i64::MAX)
}

const INT: Kind = Kind::Int;
const FILE_FLAGS: Kind = Kind::Bits(&tables::SET_FILEFLAGS);

fn ioctl(request: u64) -> Operand {
    match request {
        0x5401 => Operand::Structure(&tables::STRUCT_TERMIOS, Way::Out),
        0x5402..=0x5404 => Operand::Structure(&tables::STRUCT_TERMIOS, Way::In),
        0x5413 => Operand::Structure(&tables::STRUCT_WINSIZE, Way::Out),
        0x5414 => Operand::Structure(&tables::STRUCT_WINSIZE, Way::In),
        0x540f | 0x541b | 0x5411 | 0x5424 | 0x5429 | 0x8004_5430 | 0x8004_5438 | 0x8004_5439 => {
            Operand::Behind(INT, 4, Way::Out)
        }
        0x5410 | 0x5421 | 0x5452 | 0x4004_5431 => Operand::Behind(INT, 4, Way::In),
        0x540b | 0x540a | 0x5409 | 0x540e => Operand::Number,
        0x5450 | 0x5451 | 0x540c | 0x540d | 0x5422 => Operand::Nothing,
        0x5441 => Operand::Bits(&tables::SET_OPEN),
        0x5460 => Operand::Behind(INT, 8, Way::Out),
        _ => of_a_kind(request),
    }
}

/// Requests of file systems, disks, consoles and networks.
fn of_a_kind(request: u64) -> Operand {
    match request {
        0x4004_9409 | 0x4c00 => Operand::Descriptor,
        0x4020_940d => Operand::Structure(&tables::STRUCT_CLONERANGE, Way::In),
        // Their codes speak of a long number, and the kernel reads and writes a short one.
        0x8008_6601 | 0x8004_6601 => Operand::Behind(FILE_FLAGS, 4, Way::Out),
        0x4008_6602 | 0x4004_6602 => Operand::Behind(FILE_FLAGS, 4, Way::In),
        0x8008_1272 | 0x8008_2407 => Operand::Behind(Kind::Uint, 8, Way::Out),
        0x2 | 0x1268 | 0x127b | 0x125e | 0x8905 | 0x8004_5200 | 0x4b3b | 0x4b44 => Operand::Behind(INT, 4, Way::Out),
        0x125d => Operand::Behind(INT, 4, Way::In),
        0x2400 | 0x2401 | 0x2403 | 0x4b3a | 0x4b45 => Operand::Number,
        0x125f | 0x1261 | 0x4c01 | 0x4c82 => Operand::Nothing,
        0x8910 | 0x8933 => Operand::Interface(&tables::STRUCT_IFINDEX),
        0x8913 => Operand::Interface(&tables::STRUCT_IFFLAGS),
        0x8914 => Operand::Structure(&tables::STRUCT_IFFLAGS, Way::In),
        0x8921 => Operand::Interface(&tables::STRUCT_IFNUMBER),
        0x8922 => Operand::Structure(&tables::STRUCT_IFNUMBER, Way::In),
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
        Operand::Behind(kind, width, Way::In) => number(context, kind, *width, at),
        Operand::Interface(_) => scalar::structure_at(context, &tables::STRUCT_IFNAME, at),
        Operand::Structure(layout, Way::In | Way::Both) => scalar::structure_at(context, layout, at),
        Operand::Behind(..) | Operand::Structure(..) | Operand::Unknown => address(at),
    })
}

fn operand_after(context: &Context<'_>, operand: &Operand, at: u64) -> Option<Value> {
    match operand {
        Operand::Behind(kind, width, Way::Out) => Some(number(context, kind, *width, at)),
        Operand::Interface(layout) => Some(scalar::structure_at(context, layout, at)),
        Operand::Structure(layout, Way::Out | Way::Both) => Some(scalar::structure_at(context, layout, at)),
        _ => None,
    }
}

fn number(context: &Context<'_>, kind: &Kind, width: u8, at: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let read = context.unsigned_at(at, width);
    read.map_or(Value::Fault(at), |number| Value::Pointed(Box::new(scalar::scalar(context, kind, number, width))))
}
