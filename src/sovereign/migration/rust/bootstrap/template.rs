//! Texts with places for values: the heads of requests, the bodies of errors, the records of the log.
//!
//! In a template a byte from 1 to 7 stands for the value of that number, and one from 17 to 23 for the value as it stands
//! between quotes in JSON. None of these bytes means anything else in HTTP or JSON. One small loop is much less program than a call for every piece of text.

use crate::slices::part;
use crate::{json, Writer};

const JSON: u8 = 16;
const COUNT: u8 = 7;

/// Write a template with its values.
#[inline(never)]
pub fn write(template: &str, values: &[&[u8]], into: &mut Writer<'_>) {
    let bytes = template.as_bytes();
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let number = (byte & !JSON).wrapping_sub(1);
        if number >= COUNT {
            continue;
        }
        into.write(part(bytes, from..at));
        from = at + 1;
        let value = values.get(number as usize).copied().unwrap_or_default();
        if byte & JSON == 0 {
            into.write(value);
        } else {
            json::escape(value, into);
        }
    }
    into.write(part(bytes, from..bytes.len()));
}
