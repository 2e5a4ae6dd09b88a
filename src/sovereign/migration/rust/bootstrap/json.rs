//! Text inside the quotes of JSON.

use crate::Writer;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Write a text as it stands between quotes; what is not ASCII stays.
pub fn escape(text: &str, into: &mut Writer<'_>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        into.write(bytes.get(from..at).unwrap_or_default());
        from = at + 1;
        escape_byte(byte, into);
    }
    into.write(bytes.get(from..).unwrap_or_default());
}

/// Write a text as it stands between quotes, in ASCII without control characters.
pub fn escape_ascii(text: &str, into: &mut Writer<'_>) {
    for letter in text.chars() {
        if letter.is_ascii() {
            let byte = letter as u8;
            match byte {
                b'"' | b'\\' | 0..=0x1f | 0x7f => escape_byte(byte, into),
                _ => into.write(&[byte]),
            }
            continue;
        }
        let mut units = [0; 2];
        for &mut unit in letter.encode_utf16(&mut units) {
            escape_unit(unit, into);
        }
    }
}

fn escape_byte(byte: u8, into: &mut Writer<'_>) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => return escape_unit(u16::from(byte), into),
    };
    into.write(&[b'\\', short]);
}

fn escape_unit(unit: u16, into: &mut Writer<'_>) {
    let digit = |shift: u32| HEX[usize::from(unit >> shift & 15)];
    into.write(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}
