//! Searching texts: `find`, `rfind`, `index`, `rindex`, `count`, `startswith`, `endswith`, each also `..._between(start, stop)`;
//! `startswith_any`, `endswith_any`, `replace`, `removeprefix`, `removesuffix`, `translate`, `maketrans`,
//! `translation_table`.

use crate::{Dict, Exc, List, Object, Str, VALUE_ERROR};
use alloc::string::String;

/// The part of a sequence that a search looks at; none when it begins behind its end.
pub fn search_window(start: Option<i64>, stop: Option<i64>, length: i64) -> Option<(i64, i64)> {
    let clip = |at: i64| if at < 0 { (at + length).max(0) } else { at };
    let start = start.map_or(0, clip);
    let stop = stop.map_or(length, |stop| clip(stop).min(length));
    (start <= stop).then_some((start, stop))
}

/// `substring not found`.
#[cold]
pub fn not_found(what: &str) -> Exc {
    Exc::new(&VALUE_ERROR, alloc::format!("{what} not found"))
}

impl Str {
    /// The bytes that a search looks at, and where they begin.
    pub fn window(&self, start: Option<i64>, stop: Option<i64>) -> Option<(usize, &str)> {
        let text = self.as_str();
        if start.is_none() && stop.is_none() {
            return Some((0, text));
        }
        let (start, stop) = search_window(start, stop, self.len())?;
        let (begin, end) = (self.byte_of(start as usize), self.byte_of(stop as usize));
        Some((begin, &text[begin..end]))
    }

    /// `self.find(part)`.
    pub fn find(&self, part: &str) -> i64 {
        self.as_str().find(part).map_or(-1, |byte| self.character_of(byte))
    }

    /// `self.find(part, start, stop)`.
    pub fn find_between(&self, part: &str, start: Option<i64>, stop: Option<i64>) -> i64 {
        let found = self.window(start, stop).and_then(|(begin, text)| text.find(part).map(|byte| begin + byte));
        found.map_or(-1, |byte| self.character_of(byte))
    }

    /// `self.rfind(part)`.
    pub fn rfind(&self, part: &str) -> i64 {
        self.as_str().rfind(part).map_or(-1, |byte| self.character_of(byte))
    }

    /// `self.rfind(part, start, stop)`.
    pub fn rfind_between(&self, part: &str, start: Option<i64>, stop: Option<i64>) -> i64 {
        let found = self.window(start, stop).and_then(|(begin, text)| text.rfind(part).map(|byte| begin + byte));
        found.map_or(-1, |byte| self.character_of(byte))
    }

    /// `self.index(part)`.
    pub fn index(&self, part: &str) -> Result<i64, Exc> {
        self.index_between(part, None, None)
    }

    /// `self.index(part, start, stop)`.
    pub fn index_between(&self, part: &str, start: Option<i64>, stop: Option<i64>) -> Result<i64, Exc> {
        let at = self.find_between(part, start, stop);
        if at < 0 {
            return Err(not_found("substring"));
        }
        Ok(at)
    }

    /// `self.rindex(part)`.
    pub fn rindex(&self, part: &str) -> Result<i64, Exc> {
        self.rindex_between(part, None, None)
    }

    /// `self.rindex(part, start, stop)`.
    pub fn rindex_between(&self, part: &str, start: Option<i64>, stop: Option<i64>) -> Result<i64, Exc> {
        let at = self.rfind_between(part, start, stop);
        if at < 0 {
            return Err(not_found("substring"));
        }
        Ok(at)
    }

    /// `self.count(part)`.
    pub fn count(&self, part: &str) -> i64 {
        self.as_str().matches(part).count() as i64
    }

    /// `self.count(part, start, stop)`.
    pub fn count_between(&self, part: &str, start: Option<i64>, stop: Option<i64>) -> i64 {
        self.window(start, stop).map_or(0, |(_, text)| text.matches(part).count() as i64)
    }
}

impl Str {
    /// `self.startswith(part)`.
    #[inline]
    pub fn startswith(&self, part: &str) -> bool {
        self.as_str().starts_with(part)
    }

    /// `self.startswith(part, start, stop)`.
    pub fn startswith_between(&self, part: &str, start: Option<i64>, stop: Option<i64>) -> bool {
        self.window(start, stop).is_some_and(|(_, text)| text.starts_with(part))
    }

    /// `self.startswith(parts)` for a tuple.
    pub fn startswith_any<S: AsRef<str>>(&self, parts: impl IntoIterator<Item = S>) -> bool {
        parts.into_iter().any(|part| self.startswith(part.as_ref()))
    }

    /// `self.endswith(part)`.
    #[inline]
    pub fn endswith(&self, part: &str) -> bool {
        self.as_str().ends_with(part)
    }

    /// `self.endswith(part, start, stop)`.
    pub fn endswith_between(&self, part: &str, start: Option<i64>, stop: Option<i64>) -> bool {
        self.window(start, stop).is_some_and(|(_, text)| text.ends_with(part))
    }

    /// `self.endswith(parts)` for a tuple.
    pub fn endswith_any<S: AsRef<str>>(&self, parts: impl IntoIterator<Item = S>) -> bool {
        parts.into_iter().any(|part| self.endswith(part.as_ref()))
    }
}

impl Str {
    /// `self.replace(old, new)`.
    pub fn replace(&self, old: &str, new: &str) -> Str {
        if let [byte] = old.as_bytes() {
            return self.replace_byte(*byte, new);
        }
        let is_ascii = self.is_ascii_only() && new.is_ascii();
        let text = self.as_str().replace(old, new);
        if is_ascii {
            Str::taken(text, true)
        } else {
            Str::from(text)
        }
    }

    /// `self.replace(old, new)` of one ASCII character; a text without it is itself.
    pub fn replace_byte(&self, old: u8, new: &str) -> Str {
        let text = self.as_str();
        if !text.as_bytes().contains(&old) {
            return self.clone();
        }
        let mut out = String::with_capacity(text.len() + new.len() * 4);
        let mut start = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte == old {
                out.push_str(&text[start..at]);
                out.push_str(new);
                start = at + 1;
            }
        }
        out.push_str(&text[start..]);
        let is_ascii = self.is_ascii_only() && new.is_ascii();
        if is_ascii {
            Str::taken(out, true)
        } else {
            Str::from(out)
        }
    }

    /// `self.replace(old, new, count)`.
    pub fn replace_count(&self, old: &str, new: &str, count: i64) -> Str {
        match usize::try_from(count) {
            Ok(count) => Str::from(self.as_str().replacen(old, new, count)),
            Err(_) => self.replace(old, new),
        }
    }

    /// `self.removeprefix(prefix)`.
    pub fn removeprefix(&self, prefix: &str) -> Str {
        self.as_str().strip_prefix(prefix).map_or_else(|| self.clone(), Str::from)
    }

    /// `self.removesuffix(suffix)`.
    pub fn removesuffix(&self, suffix: &str) -> Str {
        self.as_str().strip_suffix(suffix).map_or_else(|| self.clone(), Str::from)
    }
}

/// What `str.maketrans` makes: a text for a code, or none where the character goes.
pub type TranslationTable = Dict<i64, Option<Str>>;

/// A key of the dict that `str.maketrans` is given.
pub trait TranslationKey {
    /// The code that it means.
    fn code(&self) -> i64;
}

impl TranslationKey for i64 {
    fn code(&self) -> i64 {
        *self
    }
}

impl TranslationKey for Str {
    fn code(&self) -> i64 {
        self.chars().next().map_or(-1, |character| i64::from(u32::from(character)))
    }
}

/// A value of the dict that `str.maketrans` is given.
pub trait TranslationValue {
    /// The text that it means, if any.
    fn replacement(&self) -> Option<Str>;
}

impl TranslationValue for Str {
    fn replacement(&self) -> Option<Str> {
        Some(self.clone())
    }
}

impl TranslationValue for i64 {
    fn replacement(&self) -> Option<Str> {
        crate::chr(*self).ok()
    }
}

impl TranslationValue for () {
    fn replacement(&self) -> Option<Str> {
        None
    }
}

impl<T: TranslationValue> TranslationValue for Option<T> {
    fn replacement(&self) -> Option<Str> {
        self.as_ref().and_then(TranslationValue::replacement)
    }
}

/// `str.maketrans(dict)`.
pub fn translation_table<K: Object + TranslationKey + Clone, V: TranslationValue + Clone>(
    dict: &Dict<K, V>,
) -> TranslationTable {
    dict.items().map(|(key, value)| (key.code(), value.replacement())).collect()
}

impl Str {
    /// `self.translate(table)`; a code without a text is left out.
    pub fn translate(&self, table: &TranslationTable) -> Str {
        let mut out = String::with_capacity(self.as_str().len());
        for character in self.chars() {
            match table.get(&i64::from(u32::from(character))) {
                Some(Some(text)) => out.push_str(&text),
                Some(None) => {}
                None => out.push(character),
            }
        }
        Str::from(out)
    }

    /// `str.maketrans(from, to, without)`.
    pub fn maketrans(from: &str, to: &str, without: &str) -> Result<TranslationTable, Exc> {
        if from.chars().count() != to.chars().count() {
            let text = "the first two maketrans arguments must have equal length";
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        let table = Dict::new();
        let code = |character: char| i64::from(u32::from(character));
        from.chars().zip(to.chars()).for_each(|(from, to)| table.set_item(code(from), Some(Str::from(to))));
        without.chars().for_each(|character| table.set_item(code(character), None));
        Ok(table)
    }
}

impl Str {
    /// `self.partition(separator)`.
    pub fn partition(&self, separator: &str) -> Result<(Str, Str, Str), Exc> {
        if separator.is_empty() {
            return Err(empty_separator());
        }
        Ok(match self.as_str().split_once(separator) {
            Some((before, after)) => (Str::from(before), Str::from(separator), Str::from(after)),
            None => (self.clone(), Str::new(), Str::new()),
        })
    }

    /// `self.rpartition(separator)`.
    pub fn rpartition(&self, separator: &str) -> Result<(Str, Str, Str), Exc> {
        if separator.is_empty() {
            return Err(empty_separator());
        }
        Ok(match self.as_str().rsplit_once(separator) {
            Some((before, after)) => (Str::from(before), Str::from(separator), Str::from(after)),
            None => (Str::new(), Str::new(), self.clone()),
        })
    }
}

/// `empty separator`.
#[cold]
pub fn empty_separator() -> Exc {
    Exc::new(&VALUE_ERROR, "empty separator")
}

impl Str {
    /// `list(self)`.
    pub fn list(&self) -> List<Str> {
        self.iter().collect()
    }
}
