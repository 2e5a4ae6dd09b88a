//! Text inside the quotes of JSON.

use crate::slices::part;
use crate::Writer;

/// Write a text as it stands between quotes; what is not ASCII stays.
pub fn escape(bytes: &[u8], into: &mut Writer<'_>) {
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte < b' ' || byte == b'"' || byte == b'\\' {
            into.write(part(bytes, from..at));
            from = at + 1;
            escape_unit(u16::from(byte), into);
        }
    }
    into.write(part(bytes, from..bytes.len()));
}

/// Write a text as it stands between quotes, in ASCII without control characters.
pub fn escape_ascii(text: &str, into: &mut Writer<'_>) {
    for letter in text.chars() {
        let mut units = [0; 2];
        for &mut unit in letter.encode_utf16(&mut units) {
            if matches!(unit, 0x20..=0x7e) && unit != 0x22 && unit != 0x5c {
                into.write(&[unit as u8]);
            } else {
                escape_unit(unit, into);
            }
        }
    }
}

fn escape_unit(unit: u16, into: &mut Writer<'_>) {
    let short = match unit as u8 {
        _ if unit > 0x7f => 0,
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => 0,
    };
    if short != 0 {
        return into.write(&[b'\\', short]);
    }
    let mut escape = *b"\\u0000";
    let mut rest = unit;
    for place in escape.iter_mut().rev().take(4) {
        let digit = (rest & 15) as u8;
        *place = digit + if digit < 10 { b'0' } else { b'a' - 10 };
        rest >>= 4;
    }
    into.write(&escape);
}
