//! Numbers of a register or of memory, structures and lists of them.

use std::borrow::Cow;

use super::{
    kind::{Count, Element, Field, Kind, Layout, Pointee},
    memory::{Context, address, signed, unsigned},
    names, tables,
    value::Value,
};

const AT_FDCWD: i64 = -100;
const UTIME_NOW: i64 = (1 << 30) - 1;
const UTIME_OMIT: i64 = (1 << 30) - 2;
const DEEPEST: usize = 4;

/// A number as its kind shows it; `width` is how many of its bytes count.
pub(super) fn scalar(context: &Context<'_>, kind: &Kind, number: u64, width: u8) -> Value {
    let (bits, number) = (unsigned(number, width), signed(number, width));
    match kind {
        Kind::Uint => Value::Uint(bits),
        Kind::Id if number == -1 => Value::Int(-1),
        Kind::Id => Value::Uint(bits),
        Kind::Hex => Value::Based(bits, 16),
        Kind::Octal => Value::Based(bits, 8),
        Kind::Address | Kind::Handler if bits > 1 => Value::Address(bits),
        Kind::Address => address(bits),
        Kind::Handler => Value::Name(Cow::Borrowed(if bits == 0 { "SIG_DFL" } else { "SIG_IGN" })),
        Kind::Fd => context.descriptor(number),
        Kind::Folder => folder(context, bits),
        Kind::Signal if number == 0 => Value::Int(0),
        Kind::Signal => names::signal(number),
        Kind::Device => Value::Device(bits),
        Kind::FileMode => Value::Mode(bits as u32),
        Kind::Limit if number == -1 => Value::Name(Cow::Borrowed("RLIM64_INFINITY")),
        Kind::Limit => Value::Uint(bits),
        Kind::SignalMask => Value::Signals(bits),
        Kind::UtimeNanoseconds if number == UTIME_NOW => Value::Name(Cow::Borrowed("UTIME_NOW")),
        Kind::UtimeNanoseconds if number == UTIME_OMIT => Value::Name(Cow::Borrowed("UTIME_OMIT")),
        Kind::Bits(set) => set.flags(bits),
        Kind::One(set) => one(set.signed_name(number), bits, number),
        Kind::Ipv4 => ipv4(bits as u32),
        _ => Value::Int(number),
    }
}

/// A name, or the number where it has none.
pub(super) fn one(name: Option<&'static str>, bits: u64, number: i64) -> Value {
    match name {
        Some(name) => Value::Name(Cow::Borrowed(name)),
        None if (-4096..4096).contains(&number) => Value::Int(number),
        None => Value::Based(bits, 16),
    }
}

/// An address of the Internet, as four bytes in the order of the network.
pub(super) fn ipv4(bytes: u32) -> Value {
    let text = std::net::Ipv4Addr::from(bytes.to_le_bytes()).to_string();
    Value::Written("inet_addr", Box::new(Value::Text(text.into_bytes(), false)))
}

fn folder(context: &Context<'_>, bits: u64) -> Value {
    if i64::from(bits as i32) != AT_FDCWD {
        return context.descriptor(i64::from(bits as i32));
    }
    Value::Descriptor(AT_FDCWD as i32, context.process.folder())
}

/// A structure whose bytes have been read.
pub(super) fn structure(context: &Context<'_>, layout: &Layout, bytes: &[u8], depth: usize) -> Value {
    let fields = layout.fields.iter().filter_map(|field| Some((field.name, inside(context, field, bytes, depth)?)));
    Value::Structure(fields.collect())
}

/// The field of that name of a structure whose bytes have been read; 0 where it does not reach so far.
pub(super) fn field(context: &Context<'_>, layout: &Layout, bytes: &[u8], name: &str) -> u64 {
    let table = context.table();
    let Some(field) = layout.fields.iter().find(|field| field.name == name) else { return 0 };
    let (from, width) = (usize::from(field.offset[table]), usize::from(field.width[table]));
    bytes.get(from..from + width).map_or(0, little)
}

fn inside(context: &Context<'_>, field: &Field, bytes: &[u8], depth: usize) -> Option<Value> {
    let table = context.table();
    let (from, width) = (usize::from(field.offset[table]), usize::from(field.width[table]));
    let own = bytes.get(from..from + width).filter(|own| !own.is_empty())?;
    Some(match field.kind {
        Kind::Structure(layout) if depth < DEEPEST => structure(context, layout, own, depth + 1),
        Kind::Array(kind, count) => {
            let step = (own.len() / usize::from(count.max(1))).max(1);
            Value::List(
                own.chunks_exact(step).map(|one| scalar(context, kind, little(one), step as u8)).collect(),
                false,
            )
        }
        Kind::Chars => {
            let end = own.iter().position(|byte| *byte == 0).unwrap_or(own.len());
            Value::Text(own[..end].to_vec(), false)
        }
        ref kind => scalar(context, kind, little(own), width as u8),
    })
}

/// A number from up to 8 bytes.
pub(super) fn little(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// What stands behind an address.
pub(super) fn follow(context: &Context<'_>, pointee: &Pointee, at: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    match pointee.count {
        Count::One => match element(context, &pointee.element, at) {
            Some(value) if matches!(pointee.element.kind, Kind::Structure(_)) => value,
            Some(value) => Value::Pointed(Box::new(value)),
            None => Value::Fault(at),
        },
        Count::Fixed(count) => list(context, &pointee.element, at, u64::from(count)),
        Count::Argument(index) => list(context, &pointee.element, at, context.raw(usize::from(index))),
        Count::Result => list(context, &pointee.element, at, context.success().unwrap_or(0)),
    }
}

/// Elements one after another, within the limit.
pub(super) fn list(context: &Context<'_>, what: &Element, at: u64, count: u64) -> Value {
    each(context, what.size[context.table()], at, count, |place| element(context, what, place))
}

/// Things of `size` bytes one after another, as many as the limit allows and can be shown.
pub(super) fn each(
    context: &Context<'_>,
    size: u16,
    at: u64,
    count: u64,
    mut show: impl FnMut(u64) -> Option<Value>,
) -> Value {
    let shown = count.min(context.limits.elements as u64);
    let mut values = Vec::new();
    for index in 0..shown {
        match at.checked_add(index * u64::from(size)).and_then(&mut show) {
            Some(value) => values.push(value),
            None if index == 0 => return Value::Fault(at),
            None => return Value::List(values, true),
        }
    }
    Value::List(values, count > shown)
}

/// The same of structures, from their bytes; nothing where there is no address.
pub(super) fn structures(
    context: &Context<'_>,
    layout: &Layout,
    at: u64,
    count: u64,
    mut show: impl FnMut(&[u8]) -> Vec<(&'static str, Value)>,
) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let size = layout.size[context.table()];
    each(context, size, at, count, |place| Some(Value::Structure(show(&context.exact(place, usize::from(size))?))))
}

fn element(context: &Context<'_>, what: &Element, at: u64) -> Option<Value> {
    let size = usize::from(what.size[context.table()]);
    match what.kind {
        Kind::Structure(layout) => read_structure(context, layout, at),
        ref kind => Some(scalar(context, kind, context.unsigned_at(at, size as u8)?, size as u8)),
    }
}

/// A structure at an address; none where it cannot be read, or where this table of calls has none.
pub(super) fn read_structure(context: &Context<'_>, layout: &Layout, at: u64) -> Option<Value> {
    let size = usize::from(layout.size[context.table()]);
    if size == 0 {
        return None;
    }
    let bytes = context.exact(at, size)?;
    Some(structure(context, layout, &bytes, 0))
}

/// A structure at an address, or what can be said of it instead.
pub(super) fn structure_at(context: &Context<'_>, layout: &Layout, at: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    read_structure(context, layout, at).unwrap_or(Value::Fault(at))
}

/// A set of names that other modules ask for by value.
pub(super) fn family(number: u64) -> Value {
    one(tables::SET_FAMILY.name_of(number), number, number as i64)
}
