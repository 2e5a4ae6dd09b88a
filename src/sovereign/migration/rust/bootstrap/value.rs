//! JSON without copies: a document is checked once, and its values are parts of its text.
//!
//! Enters: the bytes of an event. Leaves: `Json`, a value that knows where it stands; looking something up walks over
//! what is before it. A text without escapes is a part of the event, and one with escapes is written into an `Arena`.

use crate::address::digit;
use crate::slices::{find, part};
use crate::Arena;

/// Deeper documents are refused; nothing of this file calls itself.
pub const DEPTH_LIMIT: usize = 16_384;

/// Where a document stops being one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The place of the first byte that does not belong there.
    pub at: usize,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

/// A value of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Json<'a> {
    /// The value's own text, without blanks around it.
    text: &'a str,
}

impl<'a> Json<'a> {
    /// Check a document, and give its value.
    pub fn read(bytes: &'a [u8]) -> Result<Json<'a>, JsonError> {
        let text = core::str::from_utf8(bytes).map_err(|error| JsonError { at: error.valid_up_to() })?;
        let end = check(bytes)?;
        let start = skip_blanks(bytes, 0);
        Ok(Json { text: text.get(start..end).unwrap_or_default() })
    }

    /// The value's own text.
    pub fn raw(&self) -> &'a str {
        self.text
    }

    /// What the value is.
    pub fn kind(&self) -> JsonKind {
        match self.text.as_bytes().first() {
            Some(b'{') => JsonKind::Object,
            Some(b'[') => JsonKind::List,
            Some(b'"') => JsonKind::Text,
            Some(b't' | b'f') => JsonKind::Bool,
            Some(b'n') | None => JsonKind::Null,
            Some(_) => JsonKind::Number,
        }
    }

    /// Whether it is `true`, if it is one of both.
    pub fn as_bool(&self) -> Option<bool> {
        match self.text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The integer, if it is one of 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        let (is_negative, digits) = match self.text.as_bytes() {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        let mut value: i64 = 0;
        for &byte in digits {
            let digit = i64::from(byte.wrapping_sub(b'0'));
            if digit > 9 {
                return None;
            }
            value = value.checked_mul(10)?.checked_add(if is_negative { -digit } else { digit })?;
        }
        (!digits.is_empty()).then_some(value)
    }

    /// The number.
    pub fn as_f64(&self) -> Option<f64> {
        if self.kind() == JsonKind::Number {
            self.text.parse().ok()
        } else {
            None
        }
    }

    /// The text between the quotes as it is written, if it is a text.
    pub fn as_written(&self) -> Option<&'a str> {
        self.text.strip_prefix('"')?.strip_suffix('"')
    }

    /// The text, if it is one and has no escapes.
    pub fn as_str(&self) -> Option<&'a str> {
        self.as_written().filter(|text| find(text.as_bytes(), b'\\').is_none())
    }

    /// The text, if it is one; escapes are resolved in the arena. Nothing where that is too small.
    pub fn text_in(&self, arena: &Arena<'a>) -> Option<&'a str> {
        let written = self.as_written()?;
        if find(written.as_bytes(), b'\\').is_none() {
            return Some(written);
        }
        let bytes = arena.fill(|room| {
            let mut filled = 0;
            for letter in Unescaped::of(written) {
                let size = letter.len_utf8();
                letter.encode_utf8(room.get_mut(filled..filled + size)?);
                filled += size;
            }
            Some(filled)
        })?;
        core::str::from_utf8(bytes).ok()
    }

    /// Whether it is this text.
    pub fn is(&self, text: &str) -> bool {
        self.as_written().is_some_and(|written| written == text || Unescaped::of(written).eq(text.chars()))
    }

    /// The member of an object; the last one where several have the name.
    pub fn get(&self, name: &str) -> Option<Json<'a>> {
        self.members().filter(|(key, _)| key.is(name)).last().map(|(_, value)| value)
    }

    /// The member of an object, unless it is `null`.
    pub fn given(&self, name: &str) -> Option<Json<'a>> {
        self.get(name).filter(|value| value.kind() != JsonKind::Null)
    }

    /// The members of an object; of anything else none.
    pub fn members(&self) -> Members<'a> {
        Members { walk: Walk::into(self, b'{') }
    }

    /// The items of a list; of anything else none.
    pub fn items(&self) -> Items<'a> {
        Items { walk: Walk::into(self, b'[') }
    }
}

/// Walks over the values inside of a list or an object that was checked.
#[derive(Clone, Debug)]
struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    fn into(value: &Json<'a>, opening: u8) -> Walk<'a> {
        let is_one = value.text.as_bytes().first() == Some(&opening);
        Walk { text: if is_one { value.text } else { "" }, at: 1 }
    }

    fn next(&mut self) -> Option<Json<'a>> {
        let bytes = self.text.as_bytes();
        let mut start = skip_blanks(bytes, self.at);
        if matches!(bytes.get(start), Some(b',' | b':')) {
            start = skip_blanks(bytes, start + 1);
        }
        if matches!(bytes.get(start), None | Some(b']' | b'}')) {
            return None;
        }
        self.at = skip_value(bytes, start);
        Some(Json { text: self.text.get(start..self.at)? })
    }
}

/// The items of a list.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    walk: Walk<'a>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        self.walk.next()
    }
}

/// The members of an object: names and values.
#[derive(Clone, Debug)]
pub struct Members<'a> {
    walk: Walk<'a>,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Json<'a>, Json<'a>);

    fn next(&mut self) -> Option<(Json<'a>, Json<'a>)> {
        Some((self.walk.next()?, self.walk.next()?))
    }
}

/// The letters of a text with its escapes resolved; half of a pair of units becomes the replacement character.
struct Unescaped<'a> {
    rest: &'a str,
}

impl<'a> Unescaped<'a> {
    fn of(rest: &'a str) -> Unescaped<'a> {
        Unescaped { rest }
    }

    fn unit(&mut self) -> u32 {
        let digits = self.rest.as_bytes().get(..4).unwrap_or_default();
        let value = digits.iter().fold(0, |value, &byte| value << 4 | u32::from(digit(byte).unwrap_or(0)));
        self.rest = self.rest.get(4..).unwrap_or_default();
        value
    }
}

impl Iterator for Unescaped<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let letter = letters.next()?;
        self.rest = letters.as_str();
        if letter != '\\' {
            return Some(letter);
        }
        let letter = letters.next()?;
        self.rest = letters.as_str();
        Some(match letter {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let mut value = self.unit();
                if (0xd800..0xdc00).contains(&value) && self.rest.starts_with("\\u") {
                    let kept = self.rest;
                    self.rest = self.rest.get(2..).unwrap_or_default();
                    let low = self.unit();
                    if (0xdc00..0xe000).contains(&low) {
                        value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
                    } else {
                        self.rest = kept;
                    }
                }
                char::from_u32(value).unwrap_or('\u{fffd}')
            }
            other => other,
        })
    }
}

fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    let rest = part(bytes, from..bytes.len());
    from + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count()
}

/// The end of a text that begins at `from` with its quote, in a document that was checked.
fn skip_text(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b'"' => return at + 1,
            b'\\' => 2,
            _ => 1,
        };
    }
    at
}

/// The end of a value that begins at `from`, in a document that was checked.
fn skip_value(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0usize;
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = skip_text(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' if depth > 0 => {
                at += 1;
                continue;
            }
            _ => at = skip_word(bytes, at),
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn skip_word(bytes: &[u8], from: usize) -> usize {
    let rest = part(bytes, from..bytes.len());
    let is_end = |byte: &u8| matches!(byte, b',' | b':' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
    from + rest.iter().position(is_end).unwrap_or(rest.len()).max(1)
}

/// Whether each level of nesting is an object.
struct Levels {
    bits: [u64; DEPTH_LIMIT / 64],
    depth: usize,
}

impl Levels {
    fn push(&mut self, is_object: bool) -> bool {
        let Some(word) = self.bits.get_mut(self.depth / 64) else {
            return false;
        };
        let bit = 1 << (self.depth % 64);
        *word = if is_object { *word | bit } else { *word & !bit };
        self.depth += 1;
        true
    }

    fn is_in_object(&self) -> bool {
        let level = self.depth.wrapping_sub(1);
        self.bits.get(level / 64).is_some_and(|word| word >> (level % 64) & 1 == 1)
    }
}

/// Check a whole document; the end of its value.
fn check(bytes: &[u8]) -> Result<usize, JsonError> {
    let mut levels = Levels { bits: [0; DEPTH_LIMIT / 64], depth: 0 };
    let mut at = skip_blanks(bytes, 0);
    loop {
        // A value begins here.
        let opening = bytes.get(at).copied();
        if let Some(b'{' | b'[') = opening {
            let is_object = opening == Some(b'{');
            if !levels.push(is_object) {
                return Err(JsonError { at });
            }
            let inside = skip_blanks(bytes, at + 1);
            let closing = if is_object { b'}' } else { b']' };
            if bytes.get(inside) == Some(&closing) {
                levels.depth -= 1;
                at = inside + 1;
            } else {
                at = if is_object { check_name(bytes, inside)? } else { inside };
                continue;
            }
        } else {
            at = check_plain(bytes, at)?;
        }
        // A value ended here: close what it closes.
        loop {
            let end = at;
            at = skip_blanks(bytes, at);
            if levels.depth == 0 {
                return if at == bytes.len() { Ok(end) } else { Err(JsonError { at }) };
            }
            let is_object = levels.is_in_object();
            match bytes.get(at) {
                Some(b',') => {
                    at = skip_blanks(bytes, at + 1);
                    if is_object {
                        at = check_name(bytes, at)?;
                    }
                    break;
                }
                Some(b'}') if is_object => {}
                Some(b']') if !is_object => {}
                _ => return Err(JsonError { at }),
            }
            levels.depth -= 1;
            at += 1;
        }
    }
}

/// Check the name of a member with its colon; where the value begins.
fn check_name(bytes: &[u8], at: usize) -> Result<usize, JsonError> {
    if bytes.get(at) != Some(&b'"') {
        return Err(JsonError { at });
    }
    let at = skip_blanks(bytes, check_text(bytes, at)?);
    if bytes.get(at) != Some(&b':') {
        return Err(JsonError { at });
    }
    Ok(skip_blanks(bytes, at + 1))
}

/// Check a value that holds no others; its end.
fn check_plain(bytes: &[u8], at: usize) -> Result<usize, JsonError> {
    match bytes.get(at) {
        Some(b'"') => return check_text(bytes, at),
        Some(b'-' | b'0'..=b'9') => return check_number(bytes, at),
        _ => {}
    }
    for word in ["true", "false", "null"] {
        if part(bytes, at..at + word.len()) == word.as_bytes() {
            return Ok(at + word.len());
        }
    }
    Err(JsonError { at })
}

fn check_text(bytes: &[u8], from: usize) -> Result<usize, JsonError> {
    let mut at = from + 1;
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => {
                let size = match bytes.get(at + 1) {
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
                    Some(b'u') if hexadecimal(part(bytes, at + 2..at + 6)) => 6,
                    _ => return Err(JsonError { at }),
                };
                at += size;
            }
            Some(byte) if *byte >= b' ' => at += 1,
            _ => return Err(JsonError { at }),
        }
    }
}

fn hexadecimal(digits: &[u8]) -> bool {
    digits.len() == 4 && digits.iter().all(|&byte| digit(byte).is_some())
}

fn check_number(bytes: &[u8], from: usize) -> Result<usize, JsonError> {
    let mut at = from + usize::from(bytes.get(from) == Some(&b'-'));
    let digits = |at: usize| part(bytes, at..bytes.len()).iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(at);
    if whole == 0 || whole > 1 && bytes.get(at) == Some(&b'0') {
        return Err(JsonError { at });
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let count = digits(at + 1);
        if count == 0 {
            return Err(JsonError { at });
        }
        at += 1 + count;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let count = digits(at);
        if count == 0 {
            return Err(JsonError { at });
        }
        at += count;
    }
    Ok(at)
}
