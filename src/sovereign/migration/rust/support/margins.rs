//! Texts with more or less around them: `strip`, `lstrip`, `rstrip` (and `..._of(characters)`), `ljust`, `rjust`, `center`,
//! `zfill`, `expandtabs`.

use crate::{is_space, Exc, Str, TYPE_ERROR};
use alloc::string::String;

impl Str {
    /// A part of this text that `trim` leaves.
    fn trimmed(&self, text: &str) -> Str {
        if text.len() == self.as_str().len() {
            return self.clone();
        }
        Str::known(text, self.is_ascii_only() || text.is_ascii())
    }

    /// `self.strip()`.
    pub fn strip(&self) -> Str {
        self.trimmed(self.as_str().trim_matches(is_space))
    }

    /// `self.lstrip()`.
    pub fn lstrip(&self) -> Str {
        self.trimmed(self.as_str().trim_start_matches(is_space))
    }

    /// `self.rstrip()`.
    pub fn rstrip(&self) -> Str {
        self.trimmed(self.as_str().trim_end_matches(is_space))
    }

    /// `self.strip(characters)`.
    pub fn strip_of(&self, characters: &str) -> Str {
        let bytes = self.as_bytes();
        // Bytes of longer characters are none of an ASCII one.
        if let ([only], [first, .., last]) = (characters.as_bytes(), bytes) {
            if first != only && last != only {
                return self.clone();
            }
        }
        self.trimmed(self.as_str().trim_matches(|character| characters.contains(character)))
    }

    /// `self.lstrip(characters)`.
    pub fn lstrip_of(&self, characters: &str) -> Str {
        self.trimmed(self.as_str().trim_start_matches(|character| characters.contains(character)))
    }

    /// `self.rstrip(characters)`.
    pub fn rstrip_of(&self, characters: &str) -> Str {
        self.trimmed(self.as_str().trim_end_matches(|character| characters.contains(character)))
    }
}

/// The one character of a fill.
pub fn fill_character(fill: &str) -> Result<char, Exc> {
    let mut characters = fill.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(Exc::new(&TYPE_ERROR, "The fill character must be exactly one character long")),
    }
}

impl Str {
    /// The text with so many of a character before and behind it.
    pub fn padded(&self, before: i64, behind: i64, fill: char) -> Str {
        if before <= 0 && behind <= 0 {
            return self.clone();
        }
        let count = (before.max(0) + behind.max(0)) as usize;
        let mut out = String::with_capacity(self.as_str().len() + count * fill.len_utf8());
        (0..before).for_each(|_| out.push(fill));
        out.push_str(self);
        (0..behind).for_each(|_| out.push(fill));
        Str::taken(out, self.is_ascii_only() && fill.is_ascii())
    }

    /// `self.ljust(width, fill)`.
    pub fn ljust(&self, width: i64, fill: &str) -> Result<Str, Exc> {
        Ok(self.padded(0, width - self.len(), fill_character(fill)?))
    }

    /// `self.rjust(width, fill)`.
    pub fn rjust(&self, width: i64, fill: &str) -> Result<Str, Exc> {
        Ok(self.padded(width - self.len(), 0, fill_character(fill)?))
    }

    /// `self.center(width, fill)`.
    pub fn center(&self, width: i64, fill: &str) -> Result<Str, Exc> {
        let missing = (width - self.len()).max(0);
        // CPython's odd one out stands left when the width is odd.
        let before = missing / 2 + (missing & width & 1);
        Ok(self.padded(before, missing - before, fill_character(fill)?))
    }

    /// `self.zfill(width)`.
    pub fn zfill(&self, width: i64) -> Str {
        let missing = width - self.len();
        if missing <= 0 {
            return self.clone();
        }
        let text = self.as_str();
        let (sign, rest) = text.split_at(usize::from(text.starts_with(['+', '-'])));
        let mut out = String::from(sign);
        (0..missing).for_each(|_| out.push('0'));
        out.push_str(rest);
        Str::taken(out, self.is_ascii_only())
    }

    /// `self.expandtabs(size)`.
    pub fn expandtabs(&self, size: i64) -> Str {
        let mut out = String::with_capacity(self.as_str().len());
        let mut column = 0;
        for character in self.chars() {
            if character == '\t' {
                let missing = if size > 0 { size - column % size } else { 0 };
                (0..missing).for_each(|_| out.push(' '));
                column += missing;
            } else {
                out.push(character);
                column = if matches!(character, '\n' | '\r') { 0 } else { column + 1 };
            }
        }
        Str::from(out)
    }
}
