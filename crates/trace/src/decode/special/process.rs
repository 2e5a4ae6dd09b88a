//! Processes: how they are made, run, told apart and ended.

use crate::decode::{
    kind::Kind,
    memory::{Context, address},
    names, scalar, tables,
    value::Value,
};

const CSIGNAL: u64 = 0xff;
const CLONE_PARENT_SETTID: u64 = 0x10_0000;
const MREMAP_FIXED: u64 = 2;
const MREMAP_DONTUNMAP: u64 = 4;
const RESET_ON_FORK: u64 = 0x4000_0000;
const MOST_VARIABLES: u64 = 4096;
const MOST_CPU_BYTES: u64 = 1024;

/// Flags of `clone` and the signal that the parent gets.
pub fn clone_flags(number: u64) -> Value {
    let Value::Flags(mut names, rest) = tables::SET_CLONE.flags(number & !CSIGNAL) else {
        return Value::Based(number, 16);
    };
    match tables::SET_SIGNAL.name_of(number & CSIGNAL) {
        Some(name) => {
            names.push(name);
            Value::Flags(names, rest)
        }
        None => Value::Flags(names, rest | number & CSIGNAL),
    }
}

const CLONE_PIDFD: u64 = 0x1000;
const CLONE_SETTLS: u64 = 0x8_0000;
const CLONE_CHILD_TID: u64 = 0x120_0000;
const CLONE_INTO_CGROUP: u64 = 1 << 33;

/// The arguments of `clone3`; those that its flags do not ask for are left out, because anything may stand there.
pub fn clone_args(context: &Context<'_>, at: u64, size: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let layout = &tables::STRUCT_CLONE_ARGS;
    let whole = u64::from(layout.size[context.table()]);
    let Some(bytes) = context.exact(at, size.min(whole) as usize) else { return Value::Fault(at) };
    let [flags, count] = ["flags", "set_tid_size"].map(|name| scalar::field(context, layout, &bytes, name));
    let Value::Structure(mut fields) = scalar::structure(context, layout, &bytes, 0) else { return address(at) };
    fields.retain(|(name, _)| match *name {
        "pidfd" => flags & CLONE_PIDFD != 0,
        "child_tid" => flags & CLONE_CHILD_TID != 0,
        "parent_tid" => flags & CLONE_PARENT_SETTID != 0,
        "tls" => flags & CLONE_SETTLS != 0,
        "set_tid" | "set_tid_size" => count != 0,
        "cgroup" => flags & CLONE_INTO_CGROUP != 0,
        _ => true,
    });
    Value::Structure(fields)
}

const CAPABILITIES_IN_32_BITS: u64 = 0x1998_0330;

/// What a process may do: three sets of names, of 32 bits in the first version of the structure and of 64 later.
pub fn capabilities(context: &Context<'_>, at: u64, header: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let is_old = context.unsigned_at(header, 4) == Some(CAPABILITIES_IN_32_BITS);
    let Some(bytes) = context.exact(at, if is_old { 12 } else { 24 }) else { return Value::Fault(at) };
    let set = |from: usize| {
        let part = |from: usize| bytes.get(from..from + 4).map_or(0, scalar::little);
        let held = part(from) | part(from + 12) << 32;
        let names = tables::SET_CAPABILITY.names.iter().filter(|(number, _)| held >> number & 1 == 1);
        let rest = tables::SET_CAPABILITY.names.iter().fold(held, |rest, (number, _)| rest & !(1 << number));
        Value::Flags(names.map(|(_, name)| *name).collect(), rest)
    };
    Value::Structure(vec![("effective", set(0)), ("permitted", set(4)), ("inheritable", set(8))])
}

/// The child's number, where `clone` was asked to write it.
pub fn child_number(context: &Context<'_>, at: u64, flags: u64) -> Option<Value> {
    if flags & CLONE_PARENT_SETTID == 0 {
        return None;
    }
    let number = context.unsigned_at(at, 4)?;
    Some(Value::Pointed(Box::new(Value::Int(i64::from(number as i32)))))
}

/// A list of texts that ends with no address.
pub fn strings(context: &Context<'_>, at: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let word = context.word();
    let mut list = Vec::new();
    let mut place = at;
    loop {
        let Some(pointer) = context.unsigned_at(place, word) else {
            return if list.is_empty() { Value::Fault(at) } else { Value::List(list, true) };
        };
        if pointer == 0 {
            return Value::List(list, false);
        }
        if list.len() >= context.limits.elements {
            return Value::List(list, true);
        }
        list.push(context.text(pointer));
        let Some(next) = place.checked_add(u64::from(word)) else { return Value::List(list, true) };
        place = next;
    }
}

/// How many variables there are.
pub fn environment(context: &Context<'_>, at: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let word = u64::from(context.word());
    for count in 0..MOST_VARIABLES {
        let place = at.checked_add(count * word);
        match place.and_then(|place| context.unsigned_at(place, word as u8)) {
            Some(0) => return Value::Counted(at, count),
            Some(_) => {}
            None => return address(at),
        }
    }
    Value::Counted(at, MOST_VARIABLES)
}

/// How a child ended, where one did.
pub fn status(context: &Context<'_>, at: u64, result: u64) -> Option<Value> {
    if result == 0 {
        return None;
    }
    Some(context.unsigned_at(at, 4).map_or(Value::Fault(at), |number| Value::Status(number as i32)))
}

/// The new address, where `mremap` is told one.
pub fn mremap_address(context: &Context<'_>, index: usize, flags: usize) -> Option<Value> {
    let is_used = context.raw(flags) & (MREMAP_FIXED | MREMAP_DONTUNMAP) != 0;
    is_used.then(|| address(context.pointer(index)))
}

/// How a process is scheduled.
pub fn policy(number: u64) -> Value {
    let base = number & !RESET_ON_FORK;
    let name = tables::SET_POLICY.name_of(base);
    match name {
        Some(name) if base != number => Value::Flags(vec![name, "SCHED_RESET_ON_FORK"], 0),
        name => scalar::one(name, number, i64::from(number as i32)),
    }
}

/// Processors, by number.
pub fn cpus(context: &Context<'_>, at: u64, length: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    bits(context, at, length.min(MOST_CPU_BYTES) as usize, u64::MAX)
}

/// The places of the bits that are set in memory, below `end`.
pub fn bits(context: &Context<'_>, at: u64, length: usize, end: u64) -> Value {
    let Some(bytes) = context.exact(at, length) else { return Value::Fault(at) };
    let places = bytes.iter().enumerate().flat_map(|(index, byte)| {
        (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| (index * 8 + bit) as i32)
    });
    Value::Set(places.filter(|place| (*place as u64) < end).collect())
}

/// The second argument of `prctl`; none where the option takes none.
pub fn prctl_before(context: &Context<'_>, index: usize, option: u64) -> Option<Value> {
    let (at, raw) = (context.pointer(index), context.raw(index));
    Some(match option {
        1 => names::signal(raw as i64),
        15 => context.text(at),
        23 | 24 => scalar::one(tables::SET_CAPABILITY.name_of(raw), raw, raw as i64),
        4 | 8 | 29 | 36 | 38 | 41 => Value::Int(raw as i64),
        3 | 7 | 21 | 27 | 30 | 39 | 42 => return None,
        _ => scalar::scalar(context, &Kind::Hex, raw, 8),
    })
}

/// The same after the call.
pub fn prctl_after(context: &Context<'_>, at: u64, option: u64) -> Option<Value> {
    match option {
        16 => Some(context.text(at)),
        2 | 37 => {
            let number = context.unsigned_at(at, 4)?;
            let shown = if option == 2 { names::signal(number as i64) } else { Value::Int(number as i64) };
            Some(Value::Pointed(Box::new(shown)))
        }
        _ => None,
    }
}

/// The further arguments of `prctl`, up to the last that is not 0.
pub fn prctl_more(context: &Context<'_>, index: usize, option: u64) -> Option<Value> {
    let takes_one = matches!(option, 1..=4 | 7 | 8 | 15 | 16 | 23 | 24);
    let is_used = (index..5).any(|later| context.raw(later) != 0);
    (is_used && !takes_one).then(|| scalar::scalar(context, &Kind::Hex, context.raw(index), 8))
}

/// The second argument of `arch_prctl`.
pub fn arch_prctl_before(context: &Context<'_>, index: usize, option: u64) -> Value {
    match option {
        0x1001..=0x1004 => address(context.pointer(index)),
        _ => Value::Based(context.raw(index), 16),
    }
}

/// The same after the call.
pub fn arch_prctl_after(context: &Context<'_>, at: u64, option: u64) -> Option<Value> {
    let asks = matches!(option, 0x1003 | 0x1004);
    let told = if asks { context.unsigned_at(at, 8)? } else { return None };
    Some(Value::Pointed(Box::new(address(told))))
}
