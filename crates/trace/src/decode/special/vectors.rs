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
    let layout = &tables::STRUCT_IOVEC;
    scalar::structures(context, layout, at, count, |bytes| {
        let [base, length] = ["iov_base", "iov_len"].map(|name| scalar::field(context, layout, bytes, name));
        show(base, length)
    })
}
