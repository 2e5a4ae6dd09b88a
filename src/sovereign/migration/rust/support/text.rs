//! `Str`, Python's `str`: made, measured, indexed, sliced, joined, compared.
//!
//! `Str::new()`, `Str::literal("...")` (also in constants, `text!("...")` for both), `Str::from(&str | String | char)`;
//! `len`, `item`, `slice`, `slice_step`, `iter` (one-character texts; `chars` of `str` gives `char`), `concat`, `append`,
//! `repeat`, `contains`, `join_text`. It derefs to `str`. Searching: `search.rs`; splitting: `split.rs`; letters:
//! `letters.rs`; padding and stripping: `margins.rs`; `repr`: `quoting.rs`.

use crate::{
    hash_short, hash_text, index_in, position, range_in, short_text, short_text_within, slice_bounds, write_quoted,
    Exc, Iter, Iterable, Kind, Object, Ordered, ShortText, MEMORY_ERROR, OVERFLOW_ERROR, SHORT_TEXT, TYPE_ERROR,
};
use alloc::rc::Rc;
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt::{Debug, Display, Formatter};
use core::ops::Deref;

/// Where the bytes of a text are; the flag says that all are ASCII.
pub enum TextBody {
    /// In the program.
    Static(bool, &'static str),
    /// In the handle.
    Inline(bool, u8, ShortText),
    /// Behind a handle, exactly as long.
    Shared(bool, Rc<str>),
    /// Behind a handle, with room to grow.
    Grown(bool, Rc<String>),
}

/// What `join` takes as the length of texts that it has not seen, and the most room that it makes for them.
pub const JOIN_LENGTH: usize = 8;
/// See `JOIN_LENGTH`.
pub const JOIN_ROOM: usize = 1 << 16;

/// Whether a byte stands among others.
#[inline]
pub fn has_byte(bytes: &[u8], byte: u8) -> bool {
    if bytes.len() > SHORT_TEXT {
        return bytes.contains(&byte);
    }
    // For a few bytes a plain loop is faster than the search by words.
    let mut found = false;
    for other in bytes {
        found |= *other == byte;
    }
    found
}

/// An immutable text; a clone is cheap.
pub struct Str(TextBody);

impl Clone for Str {
    #[inline]
    fn clone(&self) -> Str {
        match &self.0 {
            TextBody::Shared(_, text) => core::mem::forget(Rc::clone(text)),
            TextBody::Grown(_, text) => core::mem::forget(Rc::clone(text)),
            _ => {}
        }
        // SAFETY: all that a copy of the bytes shares is a counted pointer, which was counted once more.
        unsafe { core::ptr::read(self) }
    }
}

/// A literal as a `Str`, made when the program is compiled.
#[macro_export]
macro_rules! text {
    ($literal:expr) => {
        const { Str::literal($literal) }
    };
}

pub use text;

/// The bytes of both words.
pub fn both_words(words: ShortText) -> [u8; SHORT_TEXT] {
    let mut bytes = [0; SHORT_TEXT];
    bytes[..8].copy_from_slice(&words[0].to_ne_bytes());
    bytes[8..].copy_from_slice(&words[1].to_ne_bytes());
    bytes
}

/// Whether all bytes are ASCII, in constants too.
pub const fn is_ascii_text(text: &str) -> bool {
    text.is_ascii()
}

impl Str {
    /// The empty text.
    pub const fn new() -> Str {
        Str(TextBody::Static(true, ""))
    }

    /// A text that stands in the program.
    #[inline]
    pub const fn literal(text: &'static str) -> Str {
        Str(TextBody::Static(is_ascii_text(text), text))
    }

    /// A copy of some text, whose flag is known.
    #[inline]
    pub fn known(text: &str, is_ascii: bool) -> Str {
        if text.len() <= SHORT_TEXT {
            Str(TextBody::Inline(is_ascii, text.len() as u8, short_text(text.as_bytes())))
        } else {
            Str(TextBody::Shared(is_ascii, Rc::from(text)))
        }
    }

    /// The text of one ASCII character.
    #[inline]
    pub const fn of_byte(byte: u8) -> Str {
        Str(TextBody::Inline(true, 1, [(byte as u64).to_le(), 0]))
    }

    /// A copy of a part of an ASCII text.
    #[inline]
    pub fn cut(text: &str, start: usize, end: usize) -> Str {
        if end - start <= SHORT_TEXT {
            let words = short_text_within(text.as_bytes(), start, end);
            Str(TextBody::Inline(true, (end - start) as u8, words))
        } else {
            Str(TextBody::Shared(true, Rc::from(&text[start..end])))
        }
    }

    /// A text that takes over a string, whose flag is known.
    pub fn taken(text: String, is_ascii: bool) -> Str {
        if text.len() <= SHORT_TEXT {
            return Str::known(&text, is_ascii);
        }
        Str(TextBody::Grown(is_ascii, Rc::new(text)))
    }

    /// The text as Rust's.
    #[inline]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            TextBody::Static(_, text) => text,
            TextBody::Inline(_, length, words) => {
                // SAFETY: the length is at most the bytes of both words, and whole characters were put there: all
                // that makes such a text copies them out of a `str`.
                unsafe {
                    let bytes = core::slice::from_raw_parts(words.as_ptr().cast::<u8>(), *length as usize);
                    core::str::from_utf8_unchecked(bytes)
                }
            }
            TextBody::Shared(_, text) => text,
            TextBody::Grown(_, text) => text,
        }
    }

    /// Whether all characters are ASCII.
    #[inline]
    pub fn is_ascii_only(&self) -> bool {
        match &self.0 {
            TextBody::Static(is_ascii, _)
            | TextBody::Inline(is_ascii, ..)
            | TextBody::Shared(is_ascii, _)
            | TextBody::Grown(is_ascii, _) => *is_ascii,
        }
    }
}

impl Default for Str {
    fn default() -> Self {
        Str::new()
    }
}

impl Deref for Str {
    type Target = str;
    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Str {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Str {
    #[inline]
    fn from(text: &str) -> Str {
        Str::known(text, text.is_ascii())
    }
}

impl From<String> for Str {
    #[inline]
    fn from(text: String) -> Str {
        let is_ascii = text.is_ascii();
        Str::taken(text, is_ascii)
    }
}

impl From<&String> for Str {
    fn from(text: &String) -> Str {
        Str::from(text.as_str())
    }
}

impl From<&Str> for Str {
    fn from(text: &Str) -> Str {
        text.clone()
    }
}

impl From<char> for Str {
    #[inline]
    fn from(character: char) -> Str {
        let mut bytes = [0; 4];
        let length = character.encode_utf8(&mut bytes).len();
        let low = u64::from(u32::from_le_bytes(bytes));
        Str(TextBody::Inline(character.is_ascii(), length as u8, [low.to_le(), 0]))
    }
}

impl FromIterator<char> for Str {
    fn from_iter<I: IntoIterator<Item = char>>(characters: I) -> Str {
        Str::from(characters.into_iter().collect::<String>())
    }
}

impl FromIterator<Str> for Str {
    fn from_iter<I: IntoIterator<Item = Str>>(texts: I) -> Str {
        let mut all = String::new();
        texts.into_iter().for_each(|text| all.push_str(&text));
        Str::from(all)
    }
}

impl Display for Str {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        Display::fmt(self.as_str(), formatter)
    }
}

impl Debug for Str {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> core::fmt::Result {
        Debug::fmt(self.as_str(), formatter)
    }
}

impl PartialEq for Str {
    #[inline]
    fn eq(&self, other: &Str) -> bool {
        match (&self.0, &other.0) {
            // The bytes behind a short text's end are zeros, so all of them compare, without a call.
            (TextBody::Inline(_, length, words), TextBody::Inline(_, other_length, other_words)) => {
                length == other_length && words == other_words
            }
            _ => self.as_str() == other.as_str(),
        }
    }
}

impl Eq for Str {}

impl PartialEq<str> for Str {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Str {
    #[inline]
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<Str> for str {
    fn eq(&self, other: &Str) -> bool {
        self == other.as_str()
    }
}

impl PartialEq<Str> for &str {
    fn eq(&self, other: &Str) -> bool {
        *self == other.as_str()
    }
}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Str) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    /// By code point, which is the order of the bytes.
    fn cmp(&self, other: &Str) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Object for Str {
    fn write_repr(&self, out: &mut String) {
        write_quoted(self, out);
    }
    fn write_str(&self, out: &mut String) {
        out.push_str(self);
    }
    #[inline]
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    #[inline]
    fn hash(&self) -> u64 {
        match &self.0 {
            TextBody::Inline(_, length, words) => hash_short(words, *length as usize),
            _ => hash_text(self.as_bytes()),
        }
    }
    fn truth(&self) -> bool {
        !self.is_empty()
    }
    fn type_name(&self) -> &'static str {
        "str"
    }
}

impl Ordered for Str {
    #[inline]
    fn is_total(&self) -> bool {
        true
    }
    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Str {
    /// `len(self)`.
    #[inline]
    pub fn len(&self) -> i64 {
        let text = self.as_str();
        if self.is_ascii_only() {
            text.len() as i64
        } else {
            text.chars().count() as i64
        }
    }

    /// Whether it has no characters.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }

    /// The byte where character `at` begins; the end for those behind it.
    pub fn byte_of(&self, at: usize) -> usize {
        let text = self.as_str();
        if self.is_ascii_only() {
            return at.min(text.len());
        }
        text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
    }

    /// Which character begins at that byte.
    pub fn character_of(&self, byte: usize) -> i64 {
        if self.is_ascii_only() {
            byte as i64
        } else {
            self.as_str()[..byte].chars().count() as i64
        }
    }
}

impl Str {
    /// `self[index]`.
    #[inline]
    pub fn item(&self, index: i64) -> Result<Str, Exc> {
        let bytes = self.as_str().as_bytes();
        match position(index, bytes.len()) {
            Some(at) if self.is_ascii_only() => Ok(Str::of_byte(bytes[at])),
            _ => self.item_apart(index),
        }
    }

    /// `self[index]` of a text that is not ASCII, or outside.
    #[cold]
    #[inline(never)]
    pub fn item_apart(&self, index: i64) -> Result<Str, Exc> {
        self.character(index).map(Str::from)
    }

    /// `self[index]` as Rust's character.
    #[inline]
    pub fn character(&self, index: i64) -> Result<char, Exc> {
        let text = self.as_str();
        if self.is_ascii_only() {
            let at = index_in(index, text.len(), "string index")?;
            return Ok(char::from(text.as_bytes()[at]));
        }
        let at = index_in(index, text.chars().count(), "string index")?;
        Ok(text.chars().nth(at).unwrap_or_default())
    }

    /// `self[start:stop]`.
    pub fn slice(&self, start: Option<i64>, stop: Option<i64>) -> Str {
        let text = self.as_str();
        if self.is_ascii_only() {
            let (start, stop) = range_in(start, stop, text.len());
            return Str::cut(text, start, stop);
        }
        let (start, stop) = range_in(start, stop, text.chars().count());
        let begin = self.byte_of(start);
        let rest = &text[begin..];
        let end = rest.char_indices().nth(stop - start).map_or(rest.len(), |(byte, _)| byte);
        Str::from(&rest[..end])
    }

    /// `self[start:stop:step]`.
    pub fn slice_step(&self, start: Option<i64>, stop: Option<i64>, step: i64) -> Result<Str, Exc> {
        let span = slice_bounds(start, stop, step, self.len())?;
        if step == 1 {
            return Ok(self.slice(start, stop));
        }
        if self.is_ascii_only() {
            let bytes = self.as_bytes();
            return Ok(Str::taken(span.positions().map(|at| char::from(bytes[at])).collect(), true));
        }
        let characters: alloc::vec::Vec<char> = self.chars().collect();
        Ok(Str::from(span.positions().map(|at| characters[at]).collect::<String>()))
    }

    /// The characters, each as a text.
    #[inline]
    pub fn iter(&self) -> TextIter {
        TextIter { text: self.clone(), byte: 0 }
    }

    /// `reversed(self)`: the characters from the last to the first, each as a text.
    pub fn reversed(&self) -> alloc::vec::IntoIter<Str> {
        self.chars().rev().map(Str::from).collect::<alloc::vec::Vec<Str>>().into_iter()
    }
}

/// The characters of a text, each as a text.
#[derive(Clone)]
pub struct TextIter {
    text: Str,
    byte: usize,
}

impl Iterator for TextIter {
    type Item = Str;
    #[inline]
    fn next(&mut self) -> Option<Str> {
        let character = self.text.as_str().get(self.byte..)?.chars().next()?;
        self.byte += character.len_utf8();
        Some(Str::from(character))
    }
}

impl Iterable for Str {
    type Item = Str;
    fn to_iter(&self) -> Iter<Str> {
        Iter::infallible(self.iter())
    }
}

impl Str {
    /// `self + other`.
    pub fn concat(&self, other: &str) -> Str {
        Str::joined([self.as_str(), other])
    }

    /// Several texts, one after the other.
    pub fn joined<const N: usize>(texts: [&str; N]) -> Str {
        let mut text = String::with_capacity(texts.iter().map(|text| text.len()).sum());
        texts.iter().for_each(|part| text.push_str(part));
        Str::from(text)
    }

    /// `self += other`, in place when no one else holds the text.
    pub fn append(&mut self, other: &str) {
        let is_ascii = self.is_ascii_only() && other.is_ascii();
        match &mut self.0 {
            TextBody::Inline(flag, length, words) if *length as usize + other.len() <= SHORT_TEXT => {
                let more = u128::from_le_bytes(both_words(short_text(other.as_bytes())));
                let whole = u128::from_le_bytes(both_words(*words)) | more << (u32::from(*length) % 16 * 8);
                // A full text has room for nothing but the empty one.
                if !other.is_empty() {
                    *words = [(whole as u64).to_le(), ((whole >> 64) as u64).to_le()];
                }
                *length += other.len() as u8;
                *flag = is_ascii;
                return;
            }
            TextBody::Grown(flag, text) => {
                if let Some(text) = Rc::get_mut(text) {
                    text.push_str(other);
                    *flag = is_ascii;
                    return;
                }
            }
            _ => {}
        }
        if self.as_str().is_empty() && other.len() <= SHORT_TEXT {
            *self = Str::known(other, is_ascii);
        } else if !other.is_empty() {
            let mut text = String::with_capacity((self.as_str().len() + other.len()) * 2);
            text.push_str(self);
            text.push_str(other);
            *self = Str::taken(text, is_ascii);
        }
    }

    /// `self * count`.
    pub fn repeat(&self, count: i64) -> Str {
        let count = usize::try_from(count).unwrap_or(0);
        Str::taken(self.as_str().repeat(count), self.is_ascii_only())
    }

    /// `part in self`.
    #[inline]
    pub fn contains(&self, part: &str) -> bool {
        match part.as_bytes() {
            [byte] => has_byte(self.as_str().as_bytes(), *byte),
            _ => self.as_str().contains(part),
        }
    }
}

impl Str {
    /// `self.join(texts)`.
    pub fn join<I>(&self, texts: I) -> Str
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let texts = texts.into_iter();
        let expected = texts.size_hint().1.unwrap_or(0).min(JOIN_ROOM / JOIN_LENGTH);
        let mut all = String::with_capacity(expected * (self.as_str().len() + JOIN_LENGTH));
        for (index, text) in texts.enumerate() {
            if index > 0 {
                all.push_str(self);
            }
            all.push_str(text.as_ref());
        }
        Str::from(all)
    }

    /// `self.join(texts)` for texts that may fail to come.
    pub fn join_iter(&self, texts: impl IntoIterator<Item = Result<Str, Exc>>) -> Result<Str, Exc> {
        let mut all = String::new();
        for (index, text) in texts.into_iter().enumerate() {
            if index > 0 {
                all.push_str(self);
            }
            all.push_str(&text?);
        }
        Ok(Str::from(all))
    }
}

/// `chr(code)`.
pub fn chr(code: i64) -> Result<Str, Exc> {
    let character = u32::try_from(code).ok().filter(|code| *code < 0x11_0000);
    match character {
        Some(code) => char::from_u32(code).map(Str::from).ok_or_else(|| lone_surrogate(&crate::VALUE_ERROR)),
        None if i32::try_from(code).is_err() => {
            Err(Exc::new(&OVERFLOW_ERROR, "Python int too large to convert to C int"))
        }
        None => Err(Exc::new(&crate::VALUE_ERROR, "chr() arg not in range(0x110000)")),
    }
}

/// Half a pair of UTF-16, which our texts cannot hold.
#[cold]
pub fn lone_surrogate(kind: &'static Kind) -> Exc {
    Exc::new(kind, "lone surrogates are not supported in this translation")
}

/// `ord(text)`.
#[inline]
pub fn ord(text: &str) -> Result<i64, Exc> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => Ok(i64::from(u32::from(only))),
        _ => Err(not_one_character(text)),
    }
}

/// The error of `ord`.
#[cold]
pub fn not_one_character(text: &str) -> Exc {
    let count = text.chars().count();
    Exc::new(&TYPE_ERROR, alloc::format!("ord() expected a character, but string of length {count} found"))
}

/// How often a sequence is repeated, if any memory could hold that.
pub fn repeat_count(count: i64) -> Result<i64, Exc> {
    if count > 1 << 40 {
        return Err(out_of_memory());
    }
    Ok(count)
}

/// `MemoryError`, for lengths that no memory holds.
#[cold]
pub fn out_of_memory() -> Exc {
    Exc::bare(&MEMORY_ERROR)
}
