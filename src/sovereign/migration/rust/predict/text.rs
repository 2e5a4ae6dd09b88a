//! Family 10, text: how often each term stands in a text, and what is made of these counts.
//!
//! `terms` uint8 (sorted by bytes, one behind the other), `term_offsets` (v+1,) int32, `columns` (v,) int32, `idf` (outputs,)
//! where counts are weighed. Place 7: terms are 0 words, 1 characters, 2 characters inside words; 8 and 9: how many of them in a row,
//! least and most; 10: rows are divided by 0 nothing, 1 the sum of amounts, 2 the Euclidean length. Flags: 1 letters become
//! small first, 2 only whether a term is there, 4 one plus the logarithm of the count, 8 and 16 accents are taken off.
//!
//! A word is two or more letters, digits or underscores in a row, as in scikit-learn. Taking accents off needs the tables
//! of Unicode, which are not here: with these flags only ASCII is read, and the caller brings other texts into that form.

use core::{cmp::Ordering, str::Chars};

use crate::{
    Family, Floats, Head, InferenceError, Integers, Number, ParseError, Scope, Tensors, Wanted, model::product,
    row_norm::RowNorm,
};

const LOWERCASE: u32 = 1;
const BINARY: u32 = 2;
const SUBLINEAR: u32 = 4;
const ACCENTS: u32 = 8 | 16;

/// Words of the longest term.
const MOST_WORDS: usize = 8;

/// Characters of the longest term.
const MOST_CHARACTERS: i32 = 64;

/// A vocabulary.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    terms: &'a [u8],
    offsets: Integers<'a>,
    columns: Integers<'a>,
    idf: Option<Floats<'a>>,
    analyzer: Analyzer,
    least: usize,
    most: usize,
    norm: Option<RowNorm>,
    flags: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Analyzer {
    Words,
    Characters,
    InsideWords,
}

impl<'a> Family<'a> for Text<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        let analyzer = match head.extra(7) {
            0 => Analyzer::Words,
            1 => Analyzer::Characters,
            2 => Analyzer::InsideWords,
            // Patterns and lists of stop words are read by Python alone.
            _ => return Err(ParseError::UnsupportedModelType),
        };
        let longest = if analyzer == Analyzer::Words { MOST_WORDS as i32 } else { MOST_CHARACTERS };
        let least = head.extra_within(8, 1, longest)?;
        let terms = tensors.get("terms").ok_or(ParseError::Missing { array: "terms" })?;
        let found = Self {
            terms: terms.bytes,
            offsets: tensors.integers("term_offsets")?,
            columns: tensors.integers("columns")?,
            idf: tensors.optional_floats("idf", [1, head.outputs])?,
            analyzer,
            least,
            most: head.extra_within(9, least as i32, longest)?,
            norm: match head.extra_within(10, 0, 2)? {
                0 => None,
                1 => Some(RowNorm::L1),
                _ => Some(RowNorm::L2),
            },
            flags: head.flags,
        };
        found.check(head)?;
        Ok(found)
    }

    fn operations(&self, head: &Head) -> u64 {
        // What the text adds is fixed by its length: some hundred for each character and length of a term.
        product(8, head.outputs)
    }

    fn are_double(&self) -> bool {
        self.idf.is_some_and(|idf| idf.are_double())
    }

    fn row<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        _x: &[N],
        _out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        Err(InferenceError::WrongInput)
    }

    fn text<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        text: &str,
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        if self.flags & ACCENTS != 0 && !text.is_ascii() {
            return Err(InferenceError::NotNormalized);
        }
        out.iter_mut().for_each(|count| *count = N::ZERO);
        let letters = Letters::new(text, self.flags & LOWERCASE != 0);
        match self.analyzer {
            Analyzer::Words => self.words(letters, out),
            Analyzer::Characters => self.characters(Spaced { letters, held: None }, out),
            Analyzer::InsideWords => self.inside_words(letters, out),
        }
        self.finish(out);
        Ok(())
    }
}

impl Text<'_> {
    fn check(&self, head: &Head) -> Result<(), ParseError> {
        let terms = self.offsets.len().saturating_sub(1);
        self.offsets.require_borders("term_offsets", terms, self.terms.len())?;
        if self.columns.len() != terms {
            let got = [1, self.columns.len()];
            return Err(ParseError::WrongShape { array: "columns", expected: [1, terms], got });
        }
        let is_column = |column: i32| usize::try_from(column).is_ok_and(|column| column < head.outputs);
        if let Some(place) = self.columns.iter().position(|column| !is_column(column)) {
            return Err(ParseError::WrongValue { array: "columns", place });
        }
        let is_sorted = |place: usize| matches!((self.term(place), self.term(place.saturating_add(1))), (Some(a), Some(b)) if a < b);
        match (0..terms.saturating_sub(1)).find(|&place| !is_sorted(place)) {
            Some(place) => Err(ParseError::WrongValue { array: "terms", place }),
            None => Ok(()),
        }
    }

    fn term(&self, place: usize) -> Option<&[u8]> {
        self.terms.get(self.offsets.count(place)?..self.offsets.count(place.checked_add(1)?)?)
    }

    /// Count the term that these characters make, if it is one.
    fn count<N: Number>(&self, characters: impl Iterator<Item = char> + Clone, out: &mut [N]) {
        let (mut low, mut high) = (0, self.columns.len());
        while low < high {
            let middle = low.midpoint(high);
            match compare(self.term(middle).unwrap_or(&[]), characters.clone()) {
                Ordering::Less => low = middle.saturating_add(1),
                Ordering::Greater => high = middle,
                Ordering::Equal => {
                    let column = self.columns.count(middle).and_then(|column| out.get_mut(column));
                    column.into_iter().for_each(|count| *count += N::ONE);
                    return;
                }
            }
        }
    }

    fn words<N: Number>(&self, mut letters: Letters<'_>, out: &mut [N]) {
        // The last words, the latest in front.
        let mut last: [Option<Word<'_>>; MOST_WORDS] = [const { None }; MOST_WORDS];
        while let Some(word) = Word::next(&mut letters) {
            let mut moved = Some(word);
            last.iter_mut().for_each(|place| core::mem::swap(place, &mut moved));
            for count in self.least..=self.most {
                let Some(words) = last.get(..count) else { break };
                if words.last().is_none_or(Option::is_none) {
                    break;
                }
                let joined = words.iter().rev().flatten().enumerate().flat_map(|(place, word)| {
                    let space = (place > 0).then_some(' ');
                    space.into_iter().chain(word.letters.clone().take(word.length))
                });
                self.count(joined, out);
            }
        }
    }

    /// Count runs of characters from each place on.
    fn characters<N: Number>(&self, mut rest: impl Iterator<Item = char> + Clone, out: &mut [N]) {
        loop {
            let mut probe = rest.clone();
            for length in 1..=self.most {
                if probe.next().is_none() {
                    break;
                }
                if length >= self.least {
                    self.count(rest.clone().take(length), out);
                }
            }
            if rest.next().is_none() {
                return;
            }
        }
    }

    /// Count runs of characters inside each word with a space before and behind it; a word shorter than a run counts
    /// whole, once.
    fn inside_words<N: Number>(&self, letters: Letters<'_>, out: &mut [N]) {
        let mut rest = letters;
        loop {
            let mut ahead = rest.clone();
            let Some(first) = ahead.next() else { return };
            if is_space(first) {
                rest = ahead;
                continue;
            }
            let length = rest.clone().take_while(|&c| !is_space(c)).count();
            let padded = [' '].into_iter().chain(rest.clone().take(length)).chain([' ']);
            let whole = length.saturating_add(2);
            for run in self.least..=self.most {
                if run >= whole {
                    self.count(padded.clone(), out);
                    break;
                }
                for start in 0..=whole.saturating_sub(run) {
                    self.count(padded.clone().skip(start).take(run), out);
                }
            }
            for _ in 0..length {
                rest.next();
            }
        }
    }

    /// Make of counts what the model gives.
    fn finish<N: Number>(&self, out: &mut [N]) {
        let has = |flag| self.flags & flag != 0;
        for count in out.iter_mut().filter(|count| **count > N::ZERO) {
            if has(BINARY) {
                *count = N::ONE;
            }
            if has(SUBLINEAR) {
                *count = count.ln() + N::ONE;
            }
        }
        if let Some(idf) = self.idf {
            out.iter_mut().zip(idf.iter::<N>()).for_each(|(count, idf)| *count = *count * idf);
        }
        if let Some(norm) = self.norm {
            norm.divide(out);
        }
    }
}

/// How the bytes of a term stand to those of characters.
fn compare(term: &[u8], characters: impl Iterator<Item = char>) -> Ordering {
    let mut rest = term;
    for character in characters {
        let mut place = [0; 4];
        let bytes = character.encode_utf8(&mut place).as_bytes();
        let (part, behind) = rest.split_at_checked(bytes.len()).unwrap_or((rest, &[]));
        match part.cmp(bytes) {
            Ordering::Equal => rest = behind,
            order => return order,
        }
    }
    if rest.is_empty() { Ordering::Equal } else { Ordering::Greater }
}

/// The characters of a text, small where that is wanted.
#[derive(Debug, Clone)]
struct Letters<'t> {
    rest: Chars<'t>,
    pending: Option<core::char::ToLowercase>,
    are_small: bool,
    /// Whether the last one was a letter, which decides how a sigma at the end of a word is written.
    was_letter: bool,
}

impl<'t> Letters<'t> {
    fn new(text: &'t str, are_small: bool) -> Self {
        Self { rest: text.chars(), pending: None, are_small, was_letter: false }
    }
}

impl Iterator for Letters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let Some(letter) = self.pending.as_mut().and_then(Iterator::next) {
            return Some(letter);
        }
        self.pending = None;
        let letter = self.rest.next()?;
        if !self.are_small {
            return Some(letter);
        }
        let was_letter = core::mem::replace(&mut self.was_letter, letter.is_alphabetic());
        if letter.is_ascii() {
            return Some(letter.to_ascii_lowercase());
        }
        if letter == 'Σ' && was_letter && !self.rest.clone().next().is_some_and(char::is_alphabetic) {
            return Some('ς');
        }
        let mut small = letter.to_lowercase();
        let first = small.next();
        self.pending = Some(small);
        first
    }
}

/// The same with one space for each run of two and more.
#[derive(Debug, Clone)]
struct Spaced<'t> {
    letters: Letters<'t>,
    held: Option<char>,
}

impl Iterator for Spaced<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let letter = self.held.take().or_else(|| self.letters.next())?;
        if !is_space(letter) {
            return Some(letter);
        }
        let mut count = 1_usize;
        loop {
            match self.letters.next() {
                Some(next) if is_space(next) => count = count.saturating_add(1),
                next => {
                    self.held = next;
                    // A single one stays what it is: a line may end in it.
                    return Some(if count > 1 { ' ' } else { letter });
                }
            }
        }
    }
}

/// A word: where it begins, and its length in characters.
struct Word<'t> {
    letters: Letters<'t>,
    length: usize,
}

impl<'t> Word<'t> {
    /// The next word of two or more characters, which is stepped over.
    fn next(letters: &mut Letters<'t>) -> Option<Self> {
        loop {
            let start = letters.clone();
            let mut length = 0_usize;
            let behind = loop {
                match letters.next() {
                    Some(letter) if is_of_word(letter) => length = length.saturating_add(1),
                    behind => break behind,
                }
            };
            if length >= 2 {
                return Some(Self { letters: start, length });
            }
            behind?;
        }
    }
}

fn is_of_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

/// White space as Python's `\s` and `str.split` have it.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{1c}'..='\u{1f}')
}
