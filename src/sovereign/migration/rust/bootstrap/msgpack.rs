//! Events in MessagePack, for whoever sends them with such a content type: they become JSON.
//!
//! Enters: bytes. Leaves: JSON in a `Writer`. Numbers, texts, lists and maps are what they are there; bytes become base64;
//! extensions are refused. Nothing here calls itself.

use core::fmt::Write as _;

use crate::client::base64;
use crate::number::Digits;
use crate::slices::{is_alike, part, text};
use crate::{json, Context, HandlerError, Writer};

/// Deeper documents are refused.
pub const DEPTH_LIMIT: usize = 512;

const NAMES: [&str; 3] = ["application/msgpack", "application/x-msgpack", "application/vnd.msgpack"];

/// Whether a content type is one of MessagePack.
pub fn is_named(content_type: &str) -> bool {
    let name = content_type.split(';').next().unwrap_or_default().trim();
    NAMES.iter().any(|known| is_alike(name.as_bytes(), known.as_bytes()))
}

/// Answer an event as JSON, whichever of both it is.
pub fn as_json(
    ctx: &Context<'_>,
    event: &[u8],
    answer: impl FnOnce(&[u8]) -> Result<(), HandlerError>,
) -> Result<(), HandlerError> {
    if !is_named(ctx.content_type) {
        return answer(event);
    }
    let mut out = Writer::new();
    if to_json(event, &mut out).is_none() {
        return Err(HandlerError::new("Runtime.UnmarshalError", "the event is no MessagePack that JSON can say"));
    }
    answer(out.bytes())
}

/// Write a document as JSON; nothing where it is none.
pub fn to_json(bytes: &[u8], out: &mut Writer<'_>) -> Option<()> {
    let mut reader = Reader { bytes, at: 0 };
    // What is left of each open list or map, in values; those of a map count names as well.
    let mut open = [(0u32, false); DEPTH_LIMIT];
    let mut depth: usize = 0;
    loop {
        let (left, is_map) = depth.checked_sub(1).and_then(|top| open.get(top)).copied().unwrap_or((1, false));
        let is_name = is_map && left % 2 == 0;
        match reader.value(out, is_name)? {
            0 => {}
            _ if is_name => return None,
            count => {
                let is_map = count >> 32 == MAP >> 32;
                let values = (count as u32).checked_mul(if is_map { 2 } else { 1 })?;
                out.write(if is_map { b"{" } else { b"[" });
                *open.get_mut(depth)? = (values.checked_add(1)?, is_map);
                depth += 1;
            }
        }
        // A value, or the beginning of one, is written: go on behind it.
        loop {
            let Some((left, is_map)) = depth.checked_sub(1).and_then(|top| open.get_mut(top)) else {
                return (reader.at == bytes.len()).then_some(());
            };
            let is_first = matches!(out.bytes().last(), Some(b'{' | b'['));
            *left -= 1;
            if *left > 0 {
                let is_name = *is_map && *left % 2 == 0;
                out.write(if is_first {
                    b""
                } else if *is_map && !is_name {
                    b":"
                } else {
                    b","
                });
                break;
            }
            out.write(if *is_map { b"}" } else { b"]" });
            depth -= 1;
        }
    }
}

/// In the upper half of what `value` gives: a list begins, or a map.
const LIST: u64 = 1 << 32;
const MAP: u64 = 2 << 32;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count).filter(|&end| end <= self.bytes.len())?;
        let taken = part(self.bytes, self.at..end);
        self.at = end;
        Some(taken)
    }

    /// A number of so many bytes.
    fn number(&mut self, size: usize) -> Option<u64> {
        Some(self.take(size)?.iter().fold(0, |value, &byte| value << 8 | u64::from(byte)))
    }

    /// Write a value that holds no others, and give zero; or give what begins, with its count in the lower half.
    fn value(&mut self, out: &mut Writer<'_>, is_name: bool) -> Option<u64> {
        let first = self.number(1)? as u8;
        match first {
            0..=0x7f => whole(i128::from(first), is_name, out),
            0xe0..=0xff => whole(i128::from(first as i8), is_name, out),
            0x80..=0x8f => return Some(MAP | u64::from(first & 15)),
            0x90..=0x9f => return Some(LIST | u64::from(first & 15)),
            0xdc | 0xdd => return Some(LIST | self.number(2 << (first - 0xdc))?),
            0xde | 0xdf => return Some(MAP | self.number(2 << (first - 0xde))?),
            0xa0..=0xbf => self.text(usize::from(first & 31), out)?,
            0xd9..=0xdb => {
                let size = self.number(1 << (first - 0xd9))?;
                self.text(usize::try_from(size).ok()?, out)?;
            }
            0xcc..=0xcf => whole(i128::from(self.number(1 << (first - 0xcc))?), is_name, out),
            0xd0..=0xd3 => {
                let size = 1 << (first - 0xd0);
                let shift = 64 - 8 * size as u32;
                let value = (self.number(size)? << shift) as i64 >> shift;
                whole(i128::from(value), is_name, out);
            }
            _ if is_name => return None,
            0xc0 => out.write(b"null"),
            0xc2 => out.write(b"false"),
            0xc3 => out.write(b"true"),
            0xca => float(f64::from(f32::from_bits(self.number(4)? as u32)), out),
            0xcb => float(f64::from_bits(self.number(8)?), out),
            0xc4..=0xc6 => {
                let size = self.number(1 << (first - 0xc4))?;
                out.write(b"\"");
                base64(self.take(usize::try_from(size).ok()?)?, out);
                out.write(b"\"");
            }
            _ => return None,
        }
        Some(0)
    }

    fn text(&mut self, size: usize, out: &mut Writer<'_>) -> Option<()> {
        let bytes = self.take(size)?;
        if text(bytes).len() != bytes.len() {
            return None;
        }
        out.write(b"\"");
        json::escape(bytes, out);
        out.write(b"\"");
        Some(())
    }
}

/// Write an integer; as the name of a member it is a text.
fn whole(value: i128, is_name: bool, out: &mut Writer<'_>) {
    let quote: &[u8] = if is_name { b"\"" } else { b"" };
    out.write(quote);
    out.write(if value < 0 { b"-" } else { b"" });
    out.write(Digits::decimal(value.unsigned_abs() as u64).bytes());
    out.write(quote);
}

fn float(value: f64, out: &mut Writer<'_>) {
    struct Text<'a, 'b>(&'a mut Writer<'b>);
    impl core::fmt::Write for Text<'_, '_> {
        fn write_str(&mut self, text: &str) -> core::fmt::Result {
            self.0.write(text.as_bytes());
            Ok(())
        }
    }
    if value.is_nan() {
        out.write(b"NaN");
    } else if value.is_infinite() {
        out.write(if value > 0.0 { b"Infinity" } else { b"-Infinity" });
    } else {
        let _ = write!(Text(out), "{value:?}");
    }
}
