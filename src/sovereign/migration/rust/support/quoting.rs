//! `repr` and `ascii` of texts and bytes: `write_quoted`, `write_quoted_bytes`, `ascii_text`, `is_printable`.

use crate::Str;
use alloc::string::String;
use core::fmt::Write;

/// Append `repr(text)`.
pub fn write_quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character == quote => {
                out.push('\\');
                out.push(quote);
            }
            _ if is_printable(character) => out.push(character),
            _ => write_escape(character, out),
        }
    }
    out.push(quote);
}

/// Append a character as its code: `\x07`, `\u200b`, `\U000e0001`.
pub fn write_escape(character: char, out: &mut String) {
    let code = u32::from(character);
    // Writing to a string does not fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// Append `repr(bytes)`; that of a `bytearray` escapes every apostrophe.
pub fn write_quoted_bytes(bytes: &[u8], escapes_apostrophes: bool, out: &mut String) {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    out.push('b');
    out.push(char::from(quote));
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ if byte == quote || byte == b'\'' && escapes_apostrophes => {
                out.push('\\');
                out.push(char::from(byte));
            }
            b' '..=b'~' => out.push(char::from(byte)),
            _ => write_escape(char::from(byte), out),
        }
    }
    out.push(char::from(quote));
}

/// `repr` with every character that is not ASCII as its code, for `ascii(value)`.
pub fn ascii_text(repr: &str) -> Str {
    let mut out = String::new();
    for character in repr.chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            write_escape(character, &mut out);
        }
    }
    Str::taken(out, true)
}

/// Whether `str.isprintable` holds: neither control nor unassigned, and no space but the plain one.
#[inline]
pub fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    // Rust's own escapes ask the same of every character but the first, which must not be a mark.
    let mut pair = [b'a'; 5];
    let end = 1 + character.encode_utf8(&mut pair[1..]).len();
    let pair = core::str::from_utf8(&pair[..end]).unwrap_or_default();
    pair.escape_debug().nth(1) == Some(character)
}
