//! Texts in pieces: `split_words(max)` (by white space; `words()` to loop over them), `split(separator, max)?`, `rsplit_words`, `rsplit`, `splitlines`.
//! A negative `max` means all.

use crate::{empty_separator, is_space, Exc, List, Str};
use alloc::vec::Vec;

/// A piece of a text whose flag is known to be that of the whole, if that is ASCII.
#[inline]
pub fn piece_of(text: &str, is_ascii: bool) -> Str {
    Str::known(text, is_ascii || text.is_ascii())
}

impl Str {
    /// `self.split()`, with at most `max` cuts.
    pub fn split_words(&self, max: i64) -> List<Str> {
        let is_ascii = self.is_ascii_only();
        if max < 0 {
            return self.words().collect();
        }
        let mut pieces = Vec::new();
        let mut rest = self.as_str().trim_start_matches(is_space);
        while !rest.is_empty() {
            if pieces.len() as i64 == max {
                pieces.push(piece_of(rest, is_ascii));
                break;
            }
            let end = rest.find(is_space).unwrap_or(rest.len());
            pieces.push(piece_of(&rest[..end], is_ascii));
            rest = rest[end..].trim_start_matches(is_space);
        }
        List::from(pieces)
    }

    /// `self.rsplit()`, with at most `max` cuts.
    pub fn rsplit_words(&self, max: i64) -> List<Str> {
        let is_ascii = self.is_ascii_only();
        let mut pieces = Vec::new();
        let mut rest = self.as_str().trim_end_matches(is_space);
        while !rest.is_empty() {
            if pieces.len() as i64 == max {
                pieces.push(piece_of(rest, is_ascii));
                break;
            }
            let kept = rest.trim_end_matches(|character| !is_space(character)).len();
            pieces.push(piece_of(&rest[kept..], is_ascii));
            rest = rest[..kept].trim_end_matches(is_space);
        }
        pieces.reverse();
        List::from(pieces)
    }
}

/// The words of a text, one after the other: what `for word in text.split()` needs.
pub struct Words {
    text: Str,
    at: usize,
}

/// Where the white space ends that begins there.
pub fn space_end(text: &str, start: usize) -> usize {
    text.len() - text[start..].trim_start_matches(is_space).len()
}

/// Where the word ends that begins there; only characters that are not ASCII are looked at as such.
pub fn word_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        if bytes[at].is_ascii() {
            if bytes[at] <= b' ' && is_space(char::from(bytes[at])) {
                break;
            }
            at += 1;
            continue;
        }
        match text[at..].chars().next() {
            Some(character) if !is_space(character) => at += character.len_utf8(),
            _ => break,
        }
    }
    at
}

impl Iterator for Words {
    type Item = Str;
    #[inline]
    fn next(&mut self) -> Option<Str> {
        let text = self.text.as_str();
        if !self.text.is_ascii_only() {
            let start = space_end(text, self.at);
            let end = word_end(text, start);
            self.at = end;
            return (end > start).then(|| Str::from(&text[start..end]));
        }
        let bytes = text.as_bytes();
        let is_end = |byte: u8| byte <= b' ' && is_space(char::from(byte));
        let mut at = self.at;
        while at < bytes.len() && is_end(bytes[at]) {
            at += 1;
        }
        let start = at;
        while at < bytes.len() && !is_end(bytes[at]) {
            at += 1;
        }
        self.at = at;
        (at > start).then(|| Str::cut(text, start, at))
    }
}

impl Str {
    /// `iter(self.split())`, without the list.
    #[inline]
    pub fn words(&self) -> Words {
        Words { text: self.clone(), at: 0 }
    }
}

impl Str {
    /// `self.split(separator)`, with at most `max` cuts.
    pub fn split(&self, separator: &str, max: i64) -> Result<List<Str>, Exc> {
        if separator.is_empty() {
            return Err(empty_separator());
        }
        let is_ascii = self.is_ascii_only();
        let pieces = self.as_str().splitn(piece_limit(max), separator);
        Ok(pieces.map(|piece| piece_of(piece, is_ascii)).collect())
    }

    /// `self.rsplit(separator)`, with at most `max` cuts.
    pub fn rsplit(&self, separator: &str, max: i64) -> Result<List<Str>, Exc> {
        if separator.is_empty() {
            return Err(empty_separator());
        }
        let is_ascii = self.is_ascii_only();
        let pieces = self.as_str().rsplitn(piece_limit(max), separator);
        let mut pieces: Vec<Str> = pieces.map(|piece| piece_of(piece, is_ascii)).collect();
        pieces.reverse();
        Ok(List::from(pieces))
    }
}

/// How many pieces so many cuts make at most.
pub fn piece_limit(max: i64) -> usize {
    usize::try_from(max).map_or(usize::MAX, |max| max.saturating_add(1))
}

/// Whether a character ends a line.
pub fn ends_line(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

impl Str {
    /// `self.splitlines(keepends)`.
    pub fn splitlines(&self, keep_ends: bool) -> List<Str> {
        let is_ascii = self.is_ascii_only();
        let mut pieces = Vec::new();
        let mut rest = self.as_str();
        while !rest.is_empty() {
            let end = line_stop(rest);
            let next = line_end(rest, end);
            pieces.push(piece_of(&rest[..if keep_ends { next } else { end }], is_ascii));
            rest = &rest[next..];
        }
        List::from(pieces)
    }
}

/// Where a character stands that ends a line; the length where none does.
pub fn line_stop(text: &str) -> usize {
    let bytes = text.as_bytes();
    let may_end = |byte: u8| byte < b' ' || byte == 0xc2 || byte == 0xe2;
    let mut at = 0;
    // Bytes inside of a longer character never look like the first of one.
    while let Some(found) = bytes[at..].iter().position(|byte| may_end(*byte)) {
        at += found;
        match text[at..].chars().next() {
            Some(character) if !ends_line(character) => at += character.len_utf8(),
            _ => return at,
        }
    }
    bytes.len()
}

/// Where the next line begins, behind an end of line that stands there.
pub fn line_end(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    if rest.starts_with("\r\n") {
        return end + 2;
    }
    end + rest.chars().next().map_or(0, char::len_utf8)
}
