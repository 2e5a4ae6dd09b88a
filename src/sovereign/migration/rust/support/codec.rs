//! Texts as bytes and back: `decode_bytes(bytes, encoding, errors)?`, `Str::encode(encoding, errors)?`; UTF-8, ASCII, Latin-1,
//! UTF-16 and UTF-32, with the handlers `strict`, `ignore`, `replace`, `backslashreplace` and `xmlcharrefreplace`.

use crate::{write_escape, Bytes, Exc, Str, LOOKUP_ERROR, UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR};
use alloc::string::String;
use alloc::vec::Vec;

/// The encodings we know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Codec {
    /// UTF-8; the flag stands for a mark at the begin.
    Utf8(bool),
    /// Codes below 128.
    Ascii,
    /// Codes below 256.
    Latin1,
    /// Two bytes a unit: little end first, or not; the flag stands for a mark at the begin.
    Utf16(bool, bool),
    /// Four bytes a character: little end first, or not; the flag stands for a mark at the begin.
    Utf32(bool, bool),
}

/// The encoding of that name.
pub fn codec_named(name: &str) -> Result<Codec, Exc> {
    let plain = name.to_ascii_lowercase().replace(['_', ' '], "-");
    Ok(match plain.as_str() {
        "utf-8" | "utf8" | "u8" | "utf" => Codec::Utf8(false),
        "utf-8-sig" => Codec::Utf8(true),
        "ascii" | "us-ascii" | "646" => Codec::Ascii,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "cp819" | "l1" | "latin" => Codec::Latin1,
        "utf-16" | "utf16" | "u16" => Codec::Utf16(true, true),
        "utf-16-le" | "utf-16le" => Codec::Utf16(true, false),
        "utf-16-be" | "utf-16be" => Codec::Utf16(false, false),
        "utf-32" | "utf32" | "u32" => Codec::Utf32(true, true),
        "utf-32-le" | "utf-32le" => Codec::Utf32(true, false),
        "utf-32-be" | "utf-32be" => Codec::Utf32(false, false),
        _ => return Err(Exc::new(&LOOKUP_ERROR, alloc::format!("unknown encoding: {name}"))),
    })
}

impl Codec {
    /// The name that errors show.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Utf8(_) => "utf-8",
            Codec::Ascii => "ascii",
            Codec::Latin1 => "latin-1",
            Codec::Utf16(true, _) => "utf-16-le",
            Codec::Utf16(false, _) => "utf-16-be",
            Codec::Utf32(true, _) => "utf-32-le",
            Codec::Utf32(false, _) => "utf-32-be",
        }
    }
}

/// `unknown error handler name`.
#[cold]
pub fn unknown_handler(name: &str) -> Exc {
    Exc::new(&LOOKUP_ERROR, alloc::format!("unknown error handler name '{name}'"))
}

/// Bytes that are no text: from there, so many, and why.
pub struct Undecodable {
    at: usize,
    count: usize,
    reason: &'static str,
}

/// `bytes.decode(encoding, errors)`.
pub fn decode_bytes(bytes: &[u8], encoding: &str, errors: &str) -> Result<Str, Exc> {
    // CPython does not ask for the encoding of nothing.
    if bytes.is_empty() {
        return Ok(Str::new());
    }
    let codec = codec_named(encoding)?;
    if codec == Codec::Latin1 {
        return Ok(crate::latin_text(bytes));
    }
    let (codec, mut start) = without_mark(bytes, codec);
    let mut bytes = bytes;
    if let Codec::Utf8(true) = codec {
        // Its errors count from behind the mark.
        (bytes, start) = (&bytes[start..], 0);
    }
    let mut out = String::with_capacity(bytes.len());
    let mut at = start;
    loop {
        let Some(fault) = decode_some(bytes, at, codec, &mut out) else {
            return Ok(Str::from(out));
        };
        let bad = &bytes[fault.at..fault.at + fault.count];
        match errors {
            "ignore" => {}
            "replace" => out.push('\u{fffd}'),
            "backslashreplace" => bad.iter().for_each(|byte| out.push_str(&alloc::format!("\\x{byte:02x}"))),
            "strict" => return Err(no_text(codec, bad, &fault)),
            other => return Err(unknown_handler(other)),
        }
        at = fault.at + fault.count;
    }
}

/// The encoding that a mark at the begin names, and where the text begins.
pub fn without_mark(bytes: &[u8], codec: Codec) -> (Codec, usize) {
    match codec {
        Codec::Utf8(true) if bytes.starts_with(b"\xef\xbb\xbf") => (codec, 3),
        Codec::Utf16(_, true) if bytes.starts_with(b"\xff\xfe") => (Codec::Utf16(true, true), 2),
        Codec::Utf16(_, true) if bytes.starts_with(b"\xfe\xff") => (Codec::Utf16(false, true), 2),
        Codec::Utf32(_, true) if bytes.starts_with(b"\xff\xfe\0\0") => (Codec::Utf32(true, true), 4),
        Codec::Utf32(_, true) if bytes.starts_with(b"\0\0\xfe\xff") => (Codec::Utf32(false, true), 4),
        _ => (codec, 0),
    }
}

/// Decode up to the first fault.
pub fn decode_some(bytes: &[u8], start: usize, codec: Codec, out: &mut String) -> Option<Undecodable> {
    match codec {
        Codec::Utf8(_) => decode_utf8(bytes, start, out),
        Codec::Utf16(is_little, _) => decode_utf16(bytes, start, is_little, out),
        Codec::Utf32(is_little, _) => decode_utf32(bytes, start, is_little, out),
        Codec::Ascii | Codec::Latin1 => {
            for (at, byte) in bytes.iter().enumerate().skip(start) {
                if !byte.is_ascii() {
                    return Some(Undecodable { at, count: 1, reason: "ordinal not in range(128)" });
                }
                out.push(char::from(*byte));
            }
            None
        }
    }
}

/// Decode UTF-8 up to the first fault.
pub fn decode_utf8(bytes: &[u8], start: usize, out: &mut String) -> Option<Undecodable> {
    let rest = &bytes[start..];
    let error = match core::str::from_utf8(rest) {
        Ok(text) => {
            out.push_str(text);
            return None;
        }
        Err(error) => error,
    };
    let valid = error.valid_up_to();
    out.push_str(core::str::from_utf8(&rest[..valid]).unwrap_or_default());
    let at = start + valid;
    let (count, reason) = match error.error_len() {
        None => (bytes.len() - at, "unexpected end of data"),
        Some(count) if matches!(bytes[at], 0xc2..=0xf4) => (count, "invalid continuation byte"),
        Some(_) => (1, "invalid start byte"),
    };
    Some(Undecodable { at, count, reason })
}

/// Decode UTF-16 up to the first fault.
pub fn decode_utf16(bytes: &[u8], start: usize, is_little: bool, out: &mut String) -> Option<Undecodable> {
    let unit = |at: usize| {
        let pair = [*bytes.get(at)?, *bytes.get(at + 1)?];
        Some(u32::from(if is_little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }))
    };
    let mut at = start;
    while at < bytes.len() {
        let Some(first) = unit(at) else {
            return Some(Undecodable { at, count: 1, reason: "truncated data" });
        };
        if let Some(character) = char::from_u32(first) {
            out.push(character);
            at += 2;
            continue;
        }
        if first >= 0xdc00 {
            return Some(Undecodable { at, count: 2, reason: "illegal encoding" });
        }
        let Some(second) = unit(at + 2) else {
            return Some(Undecodable { at, count: bytes.len() - at, reason: "unexpected end of data" });
        };
        if !(0xdc00..0xe000).contains(&second) {
            return Some(Undecodable { at, count: 2, reason: "illegal UTF-16 surrogate" });
        }
        out.extend(char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)));
        at += 4;
    }
    None
}

/// Decode UTF-32 up to the first fault.
pub fn decode_utf32(bytes: &[u8], start: usize, is_little: bool, out: &mut String) -> Option<Undecodable> {
    let mut at = start;
    while at < bytes.len() {
        let Some(four) = bytes.get(at..at + 4) else {
            return Some(Undecodable { at, count: bytes.len() - at, reason: "truncated data" });
        };
        let four = [four[0], four[1], four[2], four[3]];
        let code = if is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
        let Some(character) = char::from_u32(code) else {
            let is_half = code < 0x1_0000;
            let reason = if is_half {
                "code point in surrogate code point range(0xd800, 0xe000)"
            } else {
                "code point not in range(0x110000)"
            };
            return Some(Undecodable { at, count: 4, reason });
        };
        out.push(character);
        at += 4;
    }
    None
}

/// `UnicodeDecodeError`.
#[cold]
pub fn no_text(codec: Codec, bad: &[u8], fault: &Undecodable) -> Exc {
    let (name, at, reason) = (codec.name(), fault.at, fault.reason);
    let text = match bad {
        [only] => alloc::format!("'{name}' codec can't decode byte 0x{only:02x} in position {at}: {reason}"),
        _ => {
            let last = at + bad.len() - 1;
            alloc::format!("'{name}' codec can't decode bytes in position {at}-{last}: {reason}")
        }
    };
    Exc::new(&UNICODE_DECODE_ERROR, text)
}

impl Str {
    /// `self.encode(encoding, errors)`.
    pub fn encode(&self, encoding: &str, errors: &str) -> Result<Bytes, Exc> {
        let codec = codec_named(encoding)?;
        match codec {
            Codec::Utf8(false) => Ok(Bytes::from(self.as_bytes())),
            Codec::Utf8(true) => Ok(Bytes::from([b"\xef\xbb\xbf", self.as_bytes()].concat())),
            Codec::Ascii => encode_below(self, 128, codec, errors),
            Codec::Latin1 => encode_below(self, 256, codec, errors),
            Codec::Utf16(is_little, has_mark) => Ok(encode_utf16(self, is_little, has_mark)),
            Codec::Utf32(is_little, has_mark) => Ok(encode_utf32(self, is_little, has_mark)),
        }
    }
}

/// One unit of bytes, either end first.
pub fn push_unit(unit: u32, size: usize, is_little: bool, out: &mut Vec<u8>) {
    if is_little {
        out.extend_from_slice(&unit.to_le_bytes()[..size]);
    } else {
        out.extend_from_slice(&unit.to_be_bytes()[4 - size..]);
    }
}

/// A text in UTF-16.
pub fn encode_utf16(text: &str, is_little: bool, has_mark: bool) -> Bytes {
    let mut out = Vec::new();
    if has_mark {
        push_unit(0xfeff, 2, is_little, &mut out);
    }
    text.encode_utf16().for_each(|unit| push_unit(u32::from(unit), 2, is_little, &mut out));
    Bytes::from(out)
}

/// A text in UTF-32.
pub fn encode_utf32(text: &str, is_little: bool, has_mark: bool) -> Bytes {
    let mut out = Vec::new();
    if has_mark {
        push_unit(0xfeff, 4, is_little, &mut out);
    }
    text.chars().for_each(|character| push_unit(u32::from(character), 4, is_little, &mut out));
    Bytes::from(out)
}

/// A text whose codes must lie below a limit.
pub fn encode_below(text: &Str, limit: u32, codec: Codec, errors: &str) -> Result<Bytes, Exc> {
    let mut out = Vec::with_capacity(text.as_str().len());
    for (at, character) in text.chars().enumerate() {
        let code = u32::from(character);
        if code < limit {
            out.push(code as u8);
            continue;
        }
        let mut instead = String::new();
        match errors {
            "ignore" => {}
            "replace" => instead.push('?'),
            "xmlcharrefreplace" => instead = alloc::format!("&#{code};"),
            "backslashreplace" => write_escape(character, &mut instead),
            "strict" => return Err(no_bytes(text, at, limit, codec)),
            other => return Err(unknown_handler(other)),
        }
        out.extend_from_slice(instead.as_bytes());
    }
    Ok(Bytes::from(out))
}

/// `UnicodeEncodeError`.
#[cold]
pub fn no_bytes(text: &str, at: usize, limit: u32, codec: Codec) -> Exc {
    let bad = text.chars().skip(at).take_while(|character| u32::from(*character) >= limit).count();
    let (name, last) = (codec.name(), at + bad - 1);
    let text = if bad == 1 {
        let mut shown = String::new();
        text.chars().nth(at).into_iter().for_each(|character| write_escape(character, &mut shown));
        alloc::format!(
            "'{name}' codec can't encode character '{shown}' in position {at}: ordinal not in range({limit})"
        )
    } else {
        alloc::format!("'{name}' codec can't encode characters in position {at}-{last}: ordinal not in range({limit})")
    };
    Exc::new(&UNICODE_ENCODE_ERROR, text)
}
