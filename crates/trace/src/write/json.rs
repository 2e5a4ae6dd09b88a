//! JSON, piece by piece into a vector of bytes.

use std::io::Write;

use crate::event::Moment;

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A text: a string where it is UTF-8, else an object with its bytes in base 64.
pub fn text(bytes: &[u8], into: &mut Vec<u8>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => string(text, into),
        Err(_) => {
            into.extend_from_slice(b"{\"bytes\":\"");
            base64(bytes, into);
            into.extend_from_slice(b"\",\"length\":");
            number(bytes.len() as i128, into);
            into.push(b'}');
        }
    }
}

/// A string.
pub fn string(text: &str, into: &mut Vec<u8>) {
    into.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => into.extend_from_slice(b"\\\""),
            b'\\' => into.extend_from_slice(b"\\\\"),
            b'\n' => into.extend_from_slice(b"\\n"),
            b'\r' => into.extend_from_slice(b"\\r"),
            b'\t' => into.extend_from_slice(b"\\t"),
            0..0x20 | 0x7F => print(into, format_args!("\\u{byte:04x}")),
            byte => into.push(byte),
        }
    }
    into.push(b'"');
}

/// Bytes in base 64.
pub fn base64(bytes: &[u8], into: &mut Vec<u8>) {
    for piece in bytes.chunks(3) {
        let bits = piece.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - piece.len()));
        for place in 0..4 {
            into.push(if place <= piece.len() { BASE64[(bits >> (18 - 6 * place) & 63) as usize] } else { b'=' });
        }
    }
}

/// A whole number.
pub fn number(number: i128, into: &mut Vec<u8>) {
    print(into, format_args!("{number}"));
}

/// A whole number, or null.
pub fn optional(number: Option<i64>, into: &mut Vec<u8>) {
    match number {
        Some(number) => print(into, format_args!("{number}")),
        None => into.extend_from_slice(b"null"),
    }
}

/// Seconds since 1970, with nine digits after the point.
pub fn moment(moment: Moment, into: &mut Vec<u8>) {
    print(into, format_args!("{}.{:09}", moment / 1_000_000_000, moment % 1_000_000_000));
}

/// Nanoseconds as microseconds, without digits that say nothing.
pub fn microseconds(nanoseconds: u64, into: &mut Vec<u8>) {
    let (whole, rest) = (nanoseconds / 1000, nanoseconds % 1000);
    match rest {
        0 => print(into, format_args!("{whole}")),
        rest => print(into, format_args!("{whole}.{rest:03}")),
    }
}

/// Append formatted text.
pub(crate) fn print(into: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // A vector takes everything.
    let _ = into.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn texts_are_escaped_and_bytes_kept() {
        assert_eq!(written(|into| text(b"a\"\\\n\x01\xc3\xa9", into)), "\"a\\\"\\\\\\n\\u0001\u{e9}\"");
        assert_eq!(written(|into| text(b"\xff\x00", into)), "{\"bytes\":\"/wA=\",\"length\":2}");
    }

    #[test]
    fn base64_is_that_of_everybody() {
        for (bytes, expected) in
            [(&b""[..], ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v"), (b"foob", "Zm9vYg==")]
        {
            assert_eq!(written(|into| base64(bytes, into)), expected);
        }
    }

    #[test]
    fn moments_have_nine_digits() {
        assert_eq!(written(|into| moment(1_700_000_000_000_000_042, into)), "1700000000.000000042");
        assert_eq!(written(|into| microseconds(12_005, into)), "12.005");
        assert_eq!(written(|into| microseconds(12_000, into)), "12");
    }
}
