//! Messages of sockets, and what travels beside them.

use super::{sockets, vectors};
use crate::decode::{memory::Context, scalar, tables, value::Value};

const SOL_SOCKET: u64 = 1;
const SCM_RIGHTS: u64 = 1;
const SCM_CREDENTIALS: u64 = 2;
const LONGEST_CONTROL: u64 = 1024;

/// One message, with the bytes that were moved where the call has run.
pub fn one(context: &Context<'_>, at: u64, is_told: bool, moved: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let size = usize::from(tables::STRUCT_MSGHDR.size[context.table()]);
    context.exact(at, size).map_or(Value::Fault(at), |bytes| header(context, &bytes, is_told, moved))
}

/// Several messages, each with how long it is.
pub fn several(context: &Context<'_>, at: u64, count: u64, is_told: bool) -> Value {
    let layout = &tables::STRUCT_MMSGHDR;
    scalar::structures(context, layout, at, count, |bytes| {
        let length = scalar::field(context, layout, bytes, "msg_len");
        let moved = if is_told { length } else { u64::MAX };
        let mut fields = vec![("msg_hdr", header(context, bytes, is_told, moved))];
        if is_told {
            fields.push(("msg_len", Value::Uint(length)));
        }
        fields
    })
}

fn header(context: &Context<'_>, bytes: &[u8], is_told: bool, moved: u64) -> Value {
    let of = |name| scalar::field(context, &tables::STRUCT_MSGHDR, bytes, name);
    let (name_length, vector_length, control_length) = (of("msg_namelen"), of("msg_iovlen"), of("msg_controllen"));
    let mut fields = vec![
        ("msg_name", sockets::address_at(context, of("msg_name"), name_length)),
        ("msg_namelen", Value::Uint(name_length)),
        ("msg_iov", vectors::written(context, of("msg_iov"), vector_length, moved)),
        ("msg_iovlen", Value::Uint(vector_length)),
    ];
    if control_length > 0 {
        fields.push(("msg_control", control(context, of("msg_control"), control_length)));
    }
    fields.push(("msg_controllen", Value::Uint(control_length)));
    if is_told {
        fields.push(("msg_flags", tables::SET_MSG.flags(of("msg_flags"))));
    }
    Value::Structure(fields)
}

/// What travels beside the bytes: descriptors, who sent it, times.
fn control(context: &Context<'_>, at: u64, length: u64) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let Some(bytes) = context.exact(at, length.min(LONGEST_CONTROL) as usize) else { return Value::Fault(at) };
    let layout = &tables::STRUCT_CMSGHDR;
    let head = usize::from(layout.size[context.table()]);
    let align = usize::from(context.word());
    let mut list = Vec::new();
    let mut rest = &bytes[..];
    while rest.len() >= head {
        if list.len() >= context.limits.elements {
            return Value::List(list, true);
        }
        let own = scalar::field(context, layout, rest, "cmsg_len") as usize;
        if own < head || own > rest.len() {
            break;
        }
        list.push(piece(context, &rest[..own], head));
        rest = rest.get(own.next_multiple_of(align)..).unwrap_or(&[]);
    }
    Value::List(list, length > LONGEST_CONTROL || rest.len() >= head)
}

fn piece(context: &Context<'_>, bytes: &[u8], head: usize) -> Value {
    let of = |name| scalar::field(context, &tables::STRUCT_CMSGHDR, bytes, name);
    let (level, kind, data) = (of("cmsg_level"), of("cmsg_type"), &bytes[head..]);
    let is_socket = level == SOL_SOCKET;
    let shown = match kind {
        SCM_RIGHTS if is_socket => {
            let numbers = data.chunks_exact(4).map(|one| context.descriptor(i64::from(scalar::little(one) as i32)));
            Value::List(numbers.take(context.limits.elements).collect(), data.len() / 4 > context.limits.elements)
        }
        SCM_CREDENTIALS if is_socket => scalar::structure(context, &tables::STRUCT_UCRED, data, 0),
        _ => {
            let kept = data[..data.len().min(context.limits.bytes)].to_vec();
            context.bytes(kept, data.len() as u64, None)
        }
    };
    let name = if is_socket { tables::SET_CMSGSOCKET.name_of(kind) } else { None };
    Value::Structure(vec![
        ("cmsg_len", Value::Uint(bytes.len() as u64)),
        ("cmsg_level", scalar::one(tables::SET_SOLEVEL.name_of(level), level, level as i64)),
        ("cmsg_type", scalar::one(name, kind, kind as i64)),
        ("cmsg_data", shown),
    ])
}
