//! Addresses and options of sockets.

use std::borrow::Cow;

use crate::decode::{
    kind::Kind,
    memory::{Context, address},
    scalar, tables,
    value::Value,
};

const AF_UNIX: u64 = 1;
const AF_INET: u64 = 2;
const AF_INET6: u64 = 10;
const AF_NETLINK: u64 = 16;
const AF_PACKET: u64 = 17;
const AF_VSOCK: u64 = 40;
/// As long as the kernel's largest address.
const LONGEST: u64 = 128;

const SOL_IP: u64 = 0;
const SOL_SOCKET: u64 = 1;
const SOL_TCP: u64 = 6;
const SOL_UDP: u64 = 17;
const SOL_IPV6: u64 = 41;
const SOL_NETLINK: u64 = 270;

type Fields = Vec<(&'static str, Value)>;

/// The address that a program hands over.
pub fn address_at(context: &Context<'_>, at: u64, length: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let length = length.min(LONGEST) as usize;
    if length < 2 {
        return address(at);
    }
    context.exact(at, length).map_or(Value::Fault(at), |bytes| shown(context, &bytes))
}

/// The address that a call has written, whose length stands behind another argument.
pub fn address_told(context: &Context<'_>, at: u64, length: usize) -> Option<Value> {
    let told = context.unsigned_at(context.pointer(length), 4)?;
    let own = told.min(context.capacity.unwrap_or(told));
    (own >= 2).then(|| address_at(context, at, own))
}

fn shown(context: &Context<'_>, bytes: &[u8]) -> Value {
    let family = scalar::little(&bytes[..2]);
    let mut fields = vec![("sa_family", scalar::family(family))];
    match family {
        AF_UNIX if bytes.len() == 2 => {}
        AF_UNIX => fields.push(("sun_path", unix_path(&bytes[2..]))),
        AF_INET if bytes.len() >= 8 => {
            fields.push(("sin_port", port(&bytes[2..4])));
            fields.push(("sin_addr", scalar::ipv4(scalar::little(&bytes[4..8]) as u32)));
        }
        AF_INET6 if bytes.len() >= 24 => internet6(&mut fields, bytes),
        AF_NETLINK if bytes.len() >= 12 => {
            fields.push(("nl_pid", Value::Int(scalar::little(&bytes[4..8]) as i64)));
            fields.push(("nl_groups", Value::Based(scalar::little(&bytes[8..12]), 16)));
        }
        AF_PACKET if bytes.len() >= 8 => {
            fields.push(("sll_protocol", port(&bytes[2..4])));
            fields.push(("sll_ifindex", Value::Int(scalar::little(&bytes[4..8]) as i64)));
        }
        AF_VSOCK if bytes.len() >= 12 => {
            fields.push(("svm_cid", Value::Uint(scalar::little(&bytes[8..12]))));
            fields.push(("svm_port", Value::Uint(scalar::little(&bytes[4..8]))));
        }
        _ => {
            let data = &bytes[2..];
            let kept = data[..data.len().min(context.limits.bytes)].to_vec();
            fields.push(("sa_data", context.bytes(kept, data.len() as u64, None)));
        }
    }
    Value::Structure(fields)
}

fn unix_path(bytes: &[u8]) -> Value {
    if bytes.first() == Some(&0) && bytes.len() > 1 {
        return Value::Written("@", Box::new(Value::Text(bytes[1..].to_vec(), false)));
    }
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    Value::Text(bytes[..end].to_vec(), false)
}

fn port(bytes: &[u8]) -> Value {
    let number = u64::from(bytes[0]) << 8 | u64::from(bytes[1]);
    Value::Written("htons", Box::new(Value::Uint(number)))
}

fn internet6(fields: &mut Fields, bytes: &[u8]) {
    fields.push(("sin6_port", port(&bytes[2..4])));
    let flow = bytes[4..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    fields.push(("sin6_flowinfo", Value::Written("htonl", Box::new(Value::Uint(flow)))));
    let mut octets = [0; 16];
    octets.copy_from_slice(&bytes[8..24]);
    let text = std::net::Ipv6Addr::from(octets).to_string().into_bytes();
    fields.push(("sin6_addr", Value::Written("inet_pton", Box::new(Value::Text(text, false)))));
    if bytes.len() >= 28 {
        fields.push(("sin6_scope_id", Value::Uint(scalar::little(&bytes[24..28]))));
    }
}

/// The protocol of a family.
pub fn protocol(family: u64, number: u64) -> Value {
    let name = match family {
        AF_INET | AF_INET6 => tables::SET_IPPROTO.name_of(number),
        AF_NETLINK => tables::SET_NETLINK.name_of(number),
        _ => None,
    };
    scalar::one(name, number, i64::from(number as i32))
}

/// The name of an option.
pub fn option(level: u64, number: u64) -> Value {
    let name = match level {
        SOL_IP => tables::SET_SOIP.name_of(number),
        SOL_SOCKET => tables::SET_SOSOCKET.name_of(number),
        SOL_TCP => tables::SET_SOTCP.name_of(number),
        SOL_UDP => tables::SET_SOUDP.name_of(number),
        SOL_IPV6 => tables::SET_SOIP6.name_of(number),
        SOL_NETLINK => tables::SET_SONETLINK.name_of(number),
        _ => None,
    };
    scalar::one(name, number, i64::from(number as i32))
}

/// The value of an option that a program sets.
pub fn option_value(context: &Context<'_>, at: u64, length: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let (level, option) = (context.raw(1), context.raw(2));
    match (level, option, length) {
        (SOL_SOCKET, 13, 8) => scalar::structure_at(context, &tables::STRUCT_LINGER, at),
        (SOL_SOCKET, 17, 12) => scalar::structure_at(context, &tables::STRUCT_UCRED, at),
        (SOL_SOCKET, 20 | 21, _) if length == u64::from(tables::STRUCT_TIMEVAL.size[context.table()]) => {
            scalar::structure_at(context, &tables::STRUCT_TIMEVAL, at)
        }
        (SOL_IP, 35 | 36, 8) => scalar::structure_at(context, &tables::STRUCT_MREQ, at),
        (SOL_SOCKET, 25, _) | (SOL_TCP, 13, _) => text(context, at, length),
        (SOL_SOCKET, 3, 4) => named(context, at, |number| {
            let rest = tables::SET_SOCKTYPE.flags(number);
            if let Value::Flags(mut names, 0) = rest {
                return names.pop().map_or(Value::Uint(number), |name| Value::Name(Cow::Borrowed(name)));
            }
            Value::Uint(number)
        }),
        (SOL_SOCKET, 39, 4) => named(context, at, scalar::family),
        (_, _, 4) => named(context, at, |number| scalar::scalar(context, &Kind::Int, number, 4)),
        _ => context.buffer(at, length),
    }
}

/// The value of an option that a call has told.
pub fn option_told(context: &Context<'_>, at: u64) -> Option<Value> {
    let told = context.unsigned_at(context.pointer(4), 4)?;
    Some(option_value(context, at, told.min(context.capacity.unwrap_or(told))))
}

fn named(context: &Context<'_>, at: u64, show: impl Fn(u64) -> Value) -> Value {
    context.unsigned_at(at, 4).map_or(Value::Fault(at), |number| Value::Pointed(Box::new(show(number))))
}

fn text(context: &Context<'_>, at: u64, length: u64) -> Value {
    let kept = usize::try_from(length).unwrap_or(usize::MAX).min(context.limits.text);
    let Some(mut bytes) = context.exact(at, kept) else { return Value::Fault(at) };
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    bytes.truncate(end);
    Value::Text(bytes, false)
}
