//! `Bytes`, Python's `bytes`: `Bytes::from(Vec<u8> | &[u8] | &str)`, `Bytes::zeros(count)?`, `Bytes::of_numbers(numbers)?`; `len`,
//! `item`, `slice`, `slice_step`, `concat`, `repeat`, `contains`, `contains_byte`, `iter`, `list`, `decode`, `hex`, `Bytes::fromhex`,
//! and the methods that `str` has too, under the names they have there. It derefs to a slice. `ByteArray`: `byte_array.rs`.

use crate::{
    decode_bytes, hash_text, index_in, range_in, slice_bounds, write_quoted_bytes, Exc, Iter, Iterable, List, Object,
    Ordered, Str, VALUE_ERROR,
};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Deref;

/// Immutable bytes; a clone is cheap.
#[derive(Clone)]
pub struct Bytes(Rc<[u8]>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        Bytes(Rc::from(bytes))
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        Bytes(Rc::from(bytes))
    }
}

impl<const N: usize> From<&[u8; N]> for Bytes {
    /// Out of a literal, `b"..."`.
    fn from(bytes: &[u8; N]) -> Bytes {
        Bytes(Rc::from(bytes.as_slice()))
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Bytes::from(Vec::new())
    }
}

impl Deref for Bytes {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Bytes) -> bool {
        self.0 == other.0
    }
}

impl Eq for Bytes {}

impl Object for Bytes {
    fn write_repr(&self, out: &mut String) {
        write_quoted_bytes(self, false, out);
    }
    fn equals(&self, other: &Self) -> bool {
        self.0 == other.0
    }
    fn hash(&self) -> u64 {
        hash_text(self)
    }
    fn truth(&self) -> bool {
        !self.0.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "bytes"
    }
}

impl Ordered for Bytes {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.0.cmp(&other.0))
    }
    #[inline]
    fn is_total(&self) -> bool {
        true
    }
}

/// A number as a byte.
#[inline]
pub fn byte_of_number(number: i64) -> Result<u8, Exc> {
    u8::try_from(number).map_err(|_| Exc::new(&VALUE_ERROR, "byte must be in range(0, 256)"))
}

impl Bytes {
    /// `bytes(count)`.
    pub fn zeros(count: i64) -> Result<Bytes, Exc> {
        let count = usize::try_from(count).map_err(|_| Exc::new(&VALUE_ERROR, "negative count"))?;
        Ok(Bytes::from(vec![0; count]))
    }

    /// `bytes(numbers)`.
    pub fn of_numbers(numbers: impl IntoIterator<Item = i64>) -> Result<Bytes, Exc> {
        let byte = |number| u8::try_from(number).map_err(|_| Exc::new(&VALUE_ERROR, "bytes must be in range(0, 256)"));
        Ok(Bytes::from(numbers.into_iter().map(byte).collect::<Result<Vec<u8>, Exc>>()?))
    }

    /// `len(self)`.
    #[inline]
    pub fn len(&self) -> i64 {
        self.0.len() as i64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Bytes {
    /// `self[index]`.
    #[inline]
    pub fn item(&self, index: i64) -> Result<i64, Exc> {
        Ok(i64::from(self.0[index_in(index, self.0.len(), "index")?]))
    }

    /// `self[start:stop]`.
    pub fn slice(&self, start: Option<i64>, stop: Option<i64>) -> Bytes {
        let (start, stop) = range_in(start, stop, self.0.len());
        Bytes::from(&self.0[start..stop])
    }

    /// `self[start:stop:step]`.
    pub fn slice_step(&self, start: Option<i64>, stop: Option<i64>, step: i64) -> Result<Bytes, Exc> {
        let span = slice_bounds(start, stop, step, self.len())?;
        Ok(Bytes::from(span.positions().map(|at| self.0[at]).collect::<Vec<u8>>()))
    }

    /// `self + other`.
    pub fn concat(&self, other: &[u8]) -> Bytes {
        Bytes::from([self, other].concat())
    }

    /// `self * count`.
    pub fn repeat(&self, count: i64) -> Bytes {
        Bytes::from(self.0.repeat(usize::try_from(count).unwrap_or(0)))
    }

    /// `part in self`.
    pub fn contains(&self, part: &[u8]) -> bool {
        self.find(part) >= 0
    }

    /// `number in self`.
    pub fn contains_byte(&self, number: i64) -> Result<bool, Exc> {
        Ok(self.0.contains(&byte_of_number(number)?))
    }
}

/// The numbers of some bytes.
pub struct BytesIter {
    bytes: Bytes,
    at: usize,
}

impl Iterator for BytesIter {
    type Item = i64;
    #[inline]
    fn next(&mut self) -> Option<i64> {
        let byte = self.bytes.0.get(self.at)?;
        self.at += 1;
        Some(i64::from(*byte))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.bytes.0.len() - self.at, Some(self.bytes.0.len() - self.at))
    }
}

impl Bytes {
    /// The numbers, as a `for` loop meets them.
    pub fn iter(&self) -> BytesIter {
        BytesIter { bytes: self.clone(), at: 0 }
    }

    /// `list(self)`.
    pub fn list(&self) -> List<i64> {
        self.iter().collect()
    }
}

impl IntoIterator for &Bytes {
    type Item = i64;
    type IntoIter = BytesIter;
    fn into_iter(self) -> BytesIter {
        self.iter()
    }
}

impl Iterable for Bytes {
    type Item = i64;
    fn to_iter(&self) -> Iter<i64> {
        Iter::infallible(self.iter())
    }
}

impl Bytes {
    /// `self.decode(encoding, errors)`.
    pub fn decode(&self, encoding: &str, errors: &str) -> Result<Str, Exc> {
        decode_bytes(self, encoding, errors)
    }

    /// `self.hex()`.
    pub fn hex(&self) -> Str {
        Str::from(self.0.iter().map(|byte| alloc::format!("{byte:02x}")).collect::<String>())
    }

    /// `self.hex(separator, group)`: groups are counted from the end, from the begin when the number is negative.
    pub fn hex_grouped(&self, separator: &str, group: i64) -> Str {
        let size = group.unsigned_abs() as usize;
        let mut out = String::new();
        for (at, byte) in self.0.iter().enumerate() {
            let place = if group > 0 { self.0.len() - at } else { at };
            if at > 0 && size > 0 && place % size == 0 {
                out.push_str(separator);
            }
            out.push_str(&alloc::format!("{byte:02x}"));
        }
        Str::from(out)
    }

    /// `bytes.fromhex(text)`.
    pub fn fromhex(text: &str) -> Result<Bytes, Exc> {
        let characters: Vec<char> = text.chars().collect();
        let mut bytes = Vec::new();
        let mut at = 0;
        while at < characters.len() {
            if matches!(characters[at], ' ' | '\t'..='\r') {
                at += 1;
                continue;
            }
            let digit = |at: usize| {
                let found = characters.get(at).and_then(|character| character.to_digit(16));
                found.ok_or_else(|| {
                    let text = alloc::format!("non-hexadecimal number found in fromhex() arg at position {at}");
                    Exc::new(&VALUE_ERROR, text)
                })
            };
            bytes.push((digit(at)? * 16 + digit(at + 1)?) as u8);
            at += 2;
        }
        Ok(Bytes::from(bytes))
    }
}

/// Bytes as the text whose characters have their codes, so that the methods of texts do for bytes.
pub fn latin_text(bytes: &[u8]) -> Str {
    match core::str::from_utf8(bytes) {
        Ok(text) if bytes.is_ascii() => Str::known(text, true),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The bytes that a text of such characters stands for.
pub fn latin_bytes(text: &Str) -> Bytes {
    if text.is_ascii_only() {
        return Bytes::from(text.as_bytes());
    }
    Bytes::from(text.chars().map(|character| u32::from(character) as u8).collect::<Vec<u8>>())
}

/// Pieces of such a text as bytes.
pub fn latin_list(pieces: &List<Str>) -> List<Bytes> {
    pieces.iter().map(|piece| latin_bytes(&piece)).collect()
}

/// `subsection not found`.
#[cold]
pub fn no_subsection() -> Exc {
    Exc::new(&VALUE_ERROR, "subsection not found")
}

impl Bytes {
    /// `self.find(part)`.
    pub fn find(&self, part: &[u8]) -> i64 {
        self.find_between(part, None, None)
    }

    /// `self.find(part, start, stop)`.
    pub fn find_between(&self, part: &[u8], start: Option<i64>, stop: Option<i64>) -> i64 {
        latin_text(self).find_between(&latin_text(part), start, stop)
    }

    /// `self.rfind(part)`.
    pub fn rfind(&self, part: &[u8]) -> i64 {
        self.rfind_between(part, None, None)
    }

    /// `self.rfind(part, start, stop)`.
    pub fn rfind_between(&self, part: &[u8], start: Option<i64>, stop: Option<i64>) -> i64 {
        latin_text(self).rfind_between(&latin_text(part), start, stop)
    }

    /// `self.index(part)`.
    pub fn index(&self, part: &[u8]) -> Result<i64, Exc> {
        let at = self.find(part);
        if at < 0 {
            return Err(no_subsection());
        }
        Ok(at)
    }

    /// `self.rindex(part)`.
    pub fn rindex(&self, part: &[u8]) -> Result<i64, Exc> {
        let at = self.rfind(part);
        if at < 0 {
            return Err(no_subsection());
        }
        Ok(at)
    }

    /// `self.count(part)`.
    pub fn count(&self, part: &[u8]) -> i64 {
        latin_text(self).count(&latin_text(part))
    }

    /// `self.startswith(part)`.
    pub fn startswith(&self, part: &[u8]) -> bool {
        self.0.starts_with(part)
    }

    /// `self.endswith(part)`.
    pub fn endswith(&self, part: &[u8]) -> bool {
        self.0.ends_with(part)
    }

    /// `self.startswith(parts)` for a tuple.
    pub fn startswith_any<B: AsRef<[u8]>>(&self, parts: impl IntoIterator<Item = B>) -> bool {
        parts.into_iter().any(|part| self.0.starts_with(part.as_ref()))
    }

    /// `self.endswith(parts)` for a tuple.
    pub fn endswith_any<B: AsRef<[u8]>>(&self, parts: impl IntoIterator<Item = B>) -> bool {
        parts.into_iter().any(|part| self.0.ends_with(part.as_ref()))
    }
}

impl Bytes {
    /// `self.replace(old, new)`.
    pub fn replace(&self, old: &[u8], new: &[u8]) -> Bytes {
        self.replace_count(old, new, -1)
    }

    /// `self.replace(old, new, count)`.
    pub fn replace_count(&self, old: &[u8], new: &[u8], count: i64) -> Bytes {
        latin_bytes(&latin_text(self).replace_count(&latin_text(old), &latin_text(new), count))
    }

    /// `self.removeprefix(prefix)`.
    pub fn removeprefix(&self, prefix: &[u8]) -> Bytes {
        self.0.strip_prefix(prefix).map_or_else(|| self.clone(), Bytes::from)
    }

    /// `self.removesuffix(suffix)`.
    pub fn removesuffix(&self, suffix: &[u8]) -> Bytes {
        self.0.strip_suffix(suffix).map_or_else(|| self.clone(), Bytes::from)
    }

    /// `self.join(parts)`.
    pub fn join<B: AsRef<[u8]>>(&self, parts: impl IntoIterator<Item = B>) -> Bytes {
        let mut all = Vec::new();
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                all.extend_from_slice(self);
            }
            all.extend_from_slice(part.as_ref());
        }
        Bytes::from(all)
    }

    /// `self.translate(table, without)`.
    pub fn translate(&self, table: Option<&[u8]>, without: &[u8]) -> Result<Bytes, Exc> {
        if table.is_some_and(|table| table.len() != 256) {
            return Err(Exc::new(&VALUE_ERROR, "translation table must be 256 characters long"));
        }
        let kept = self.0.iter().filter(|byte| !without.contains(byte));
        let byte = |byte: &u8| table.map_or(*byte, |table| table[usize::from(*byte)]);
        Ok(Bytes::from(kept.map(byte).collect::<Vec<u8>>()))
    }

    /// `bytes.maketrans(from, to)`.
    pub fn maketrans(from: &[u8], to: &[u8]) -> Result<Bytes, Exc> {
        if from.len() != to.len() {
            return Err(Exc::new(&VALUE_ERROR, "maketrans arguments must have same length"));
        }
        let mut table: Vec<u8> = (0..=255).collect();
        from.iter().zip(to).for_each(|(from, to)| table[usize::from(*from)] = *to);
        Ok(Bytes::from(table))
    }
}

/// What `strip` takes off, and what words stand between.
pub const BYTE_SPACES: &str = " \t\n\r\x0b\x0c";

impl Bytes {
    /// `self.strip()`.
    pub fn strip(&self) -> Bytes {
        self.strip_of(BYTE_SPACES.as_bytes())
    }

    /// `self.lstrip()`.
    pub fn lstrip(&self) -> Bytes {
        self.lstrip_of(BYTE_SPACES.as_bytes())
    }

    /// `self.rstrip()`.
    pub fn rstrip(&self) -> Bytes {
        self.rstrip_of(BYTE_SPACES.as_bytes())
    }

    /// `self.strip(bytes)`.
    pub fn strip_of(&self, bytes: &[u8]) -> Bytes {
        self.lstrip_of(bytes).rstrip_of(bytes)
    }

    /// `self.lstrip(bytes)`.
    pub fn lstrip_of(&self, bytes: &[u8]) -> Bytes {
        let start = self.0.iter().position(|byte| !bytes.contains(byte)).unwrap_or(self.0.len());
        Bytes::from(&self.0[start..])
    }

    /// `self.rstrip(bytes)`.
    pub fn rstrip_of(&self, bytes: &[u8]) -> Bytes {
        let end = self.0.iter().rposition(|byte| !bytes.contains(byte)).map_or(0, |last| last + 1);
        Bytes::from(&self.0[..end])
    }

    /// `self.ljust(width, fill)`.
    pub fn ljust(&self, width: i64, fill: &[u8]) -> Result<Bytes, Exc> {
        latin_text(self).ljust(width, &latin_text(fill)).map(|text| latin_bytes(&text))
    }

    /// `self.rjust(width, fill)`.
    pub fn rjust(&self, width: i64, fill: &[u8]) -> Result<Bytes, Exc> {
        latin_text(self).rjust(width, &latin_text(fill)).map(|text| latin_bytes(&text))
    }

    /// `self.center(width, fill)`.
    pub fn center(&self, width: i64, fill: &[u8]) -> Result<Bytes, Exc> {
        latin_text(self).center(width, &latin_text(fill)).map(|text| latin_bytes(&text))
    }

    /// `self.zfill(width)`.
    pub fn zfill(&self, width: i64) -> Bytes {
        latin_bytes(&latin_text(self).zfill(width))
    }

    /// `self.expandtabs(size)`.
    pub fn expandtabs(&self, size: i64) -> Bytes {
        latin_bytes(&latin_text(self).expandtabs(size))
    }
}

impl Bytes {
    /// `self.split()`.
    pub fn split_words(&self) -> List<Bytes> {
        let is_space = |byte: &u8| BYTE_SPACES.as_bytes().contains(byte);
        self.0.split(is_space).filter(|word| !word.is_empty()).map(Bytes::from).collect()
    }

    /// `self.split(separator)`, with at most `max` cuts.
    pub fn split(&self, separator: &[u8], max: i64) -> Result<List<Bytes>, Exc> {
        latin_text(self).split(&latin_text(separator), max).map(|pieces| latin_list(&pieces))
    }

    /// `self.rsplit(separator)`, with at most `max` cuts.
    pub fn rsplit(&self, separator: &[u8], max: i64) -> Result<List<Bytes>, Exc> {
        latin_text(self).rsplit(&latin_text(separator), max).map(|pieces| latin_list(&pieces))
    }

    /// `self.partition(separator)`.
    pub fn partition(&self, separator: &[u8]) -> Result<(Bytes, Bytes, Bytes), Exc> {
        let (before, middle, behind) = latin_text(self).partition(&latin_text(separator))?;
        Ok((latin_bytes(&before), latin_bytes(&middle), latin_bytes(&behind)))
    }

    /// `self.rpartition(separator)`.
    pub fn rpartition(&self, separator: &[u8]) -> Result<(Bytes, Bytes, Bytes), Exc> {
        let (before, middle, behind) = latin_text(self).rpartition(&latin_text(separator))?;
        Ok((latin_bytes(&before), latin_bytes(&middle), latin_bytes(&behind)))
    }

    /// `self.splitlines(keepends)`.
    pub fn splitlines(&self, keep_ends: bool) -> List<Bytes> {
        let mut pieces = Vec::new();
        let mut rest: &[u8] = self;
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
            let next = if rest[end..].starts_with(b"\r\n") { end + 2 } else { (end + 1).min(rest.len()) };
            pieces.push(Bytes::from(&rest[..if keep_ends { next } else { end }]));
            rest = &rest[next..];
        }
        List::from(pieces)
    }
}

impl Bytes {
    /// `self.upper()`.
    pub fn upper(&self) -> Bytes {
        Bytes::from(self.0.to_ascii_uppercase())
    }

    /// `self.lower()`.
    pub fn lower(&self) -> Bytes {
        Bytes::from(self.0.to_ascii_lowercase())
    }

    /// `self.swapcase()`.
    pub fn swapcase(&self) -> Bytes {
        let swapped = |byte: &u8| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte };
        Bytes::from(self.0.iter().map(swapped).collect::<Vec<u8>>())
    }

    /// `self.capitalize()`.
    pub fn capitalize(&self) -> Bytes {
        let mut bytes = self.0.to_ascii_lowercase();
        bytes.first_mut().into_iter().for_each(|first| first.make_ascii_uppercase());
        Bytes::from(bytes)
    }

    /// `self.title()`.
    pub fn title(&self) -> Bytes {
        let mut is_inside = false;
        let mut titled = |byte: &u8| {
            let byte = if is_inside { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
            is_inside = byte.is_ascii_alphabetic();
            byte
        };
        Bytes::from(self.0.iter().map(&mut titled).collect::<Vec<u8>>())
    }
}

impl Bytes {
    /// Whether there are bytes and all are so.
    fn all_are(&self, is_so: impl Fn(&u8) -> bool) -> bool {
        !self.0.is_empty() && self.0.iter().all(is_so)
    }

    /// `self.isalpha()`.
    pub fn isalpha(&self) -> bool {
        self.all_are(u8::is_ascii_alphabetic)
    }

    /// `self.isdigit()`.
    pub fn isdigit(&self) -> bool {
        self.all_are(u8::is_ascii_digit)
    }

    /// `self.isalnum()`.
    pub fn isalnum(&self) -> bool {
        self.all_are(u8::is_ascii_alphanumeric)
    }

    /// `self.isspace()`.
    pub fn isspace(&self) -> bool {
        self.all_are(|byte| BYTE_SPACES.as_bytes().contains(byte))
    }

    /// `self.isascii()`.
    pub fn isascii(&self) -> bool {
        self.0.is_ascii()
    }

    /// `self.isupper()`.
    pub fn isupper(&self) -> bool {
        self.0.iter().any(u8::is_ascii_uppercase) && !self.0.iter().any(u8::is_ascii_lowercase)
    }

    /// `self.islower()`.
    pub fn islower(&self) -> bool {
        self.0.iter().any(u8::is_ascii_lowercase) && !self.0.iter().any(u8::is_ascii_uppercase)
    }
}
