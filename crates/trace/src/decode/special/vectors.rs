//! Tables of buffers.

use crate::decode::{
    memory::{Context, address},
    scalar, tables,
    value::Value,
};

/// The buffers of a table, of which the call has moved `moved` bytes in all.
pub fn written(context: &Context<'_>, at: u64, count: u64, moved: u64) -> Value {
    let mut left = moved;
    each(context, at, count, |base, length| {
        let own = length.min(left);
        left -= own;
        vec![("iov_base", context.buffer(base, own)), ("iov_len", Value::Uint(length))]
    })
}

/// The addresses and lengths of a table.
pub fn addresses(context: &Context<'_>, at: u64, count: u64) -> Value {
    each(context, at, count, |base, length| vec![("iov_base", address(base)), ("iov_len", Value::Uint(length))])
}

fn each(
    context: &Context<'_>,
    at: u64,
    count: u64,
    mut show: impl FnMut(u64, u64) -> Vec<(&'static str, Value)>,
) -> Value {
    if at == 0 {
        return Value::Null;
    }
    let layout = &tables::STRUCT_IOVEC;
    let size = layout.size[context.table()];
    let shown = count.min(context.limits.elements as u64);
    let mut list = Vec::new();
    for index in 0..shown {
        let place = at.checked_add(index * u64::from(size));
        let Some(bytes) = place.and_then(|place| context.exact(place, usize::from(size))) else {
            return if index == 0 { Value::Fault(at) } else { Value::List(list, true) };
        };
        let [base, length] = ["iov_base", "iov_len"].map(|name| scalar::field(context, layout, &bytes, name));
        list.push(Value::Structure(show(base, length)));
    }
    Value::List(list, count > shown)
}
