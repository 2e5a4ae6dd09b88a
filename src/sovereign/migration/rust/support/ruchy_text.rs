//! Texts of a Ruchy program: free functions on `Str`. Lengths are bytes, places are characters.

use crate::{debug_text, fault, shown_text, slice_ends, Array, Datum, Dyn, Str};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How many characters a text has.
#[inline]
pub fn character_count(text: &Str) -> i64 {
    if text.is_ascii_only() {
        text.as_str().len() as i64
    } else {
        text.as_str().chars().count() as i64
    }
}

/// Where the character at a place begins; the end of the text for the place behind the last one.
#[track_caller]
pub fn byte_place(text: &Str, place: usize) -> usize {
    if text.is_ascii_only() {
        return place.min(text.as_str().len());
    }
    text.as_str().char_indices().nth(place).map_or(text.as_str().len(), |(at, _)| at)
}

/// `text[index]`, from the end where it is negative.
#[inline]
#[track_caller]
pub fn character_at(text: &Str, index: i64) -> Str {
    let length = character_count(text);
    let place = if index < 0 { index.wrapping_add(length) } else { index };
    if place < 0 || place >= length {
        fault("index", "the index is outside of the text");
    }
    nth_character(text, place as usize).unwrap_or_default()
}

/// The character at a place, if there is one.
#[inline]
#[track_caller]
pub fn nth_character(text: &Str, place: usize) -> Option<Str> {
    if text.is_ascii_only() {
        return text.as_str().as_bytes().get(place).map(|byte| Str::from(*byte as char));
    }
    text.as_str().chars().nth(place).map(Str::from)
}

/// `text.nth(index)`.
#[track_caller]
pub fn character_get(text: &Str, index: i64) -> Option<Str> {
    usize::try_from(index).ok().and_then(|place| nth_character(text, place))
}

/// `text.last()`.
pub fn last_character(text: &Str) -> Option<Str> {
    text.as_str().chars().next_back().map(Str::from)
}

/// `text.chars()`.
pub fn characters(text: &Str) -> Array<Str> {
    text.as_str().chars().map(Str::from).collect()
}

/// `text.bytes()`.
pub fn byte_list(text: &Str) -> Array<i64> {
    text.as_str().bytes().map(i64::from).collect()
}

/// The characters between two places.
#[track_caller]
pub fn text_between(text: &Str, first: usize, last: usize) -> Str {
    let (start, stop) = (byte_place(text, first), byte_place(text, last));
    Str::from(&text.as_str()[start..stop.max(start)])
}

/// `text[start..stop]`.
#[track_caller]
pub fn sliced_text(text: &Str, start: Option<i64>, stop: Option<i64>, is_inclusive: bool) -> Str {
    let (first, last) = slice_ends(character_count(text), start, stop, is_inclusive);
    text_between(text, first, last)
}

/// `text.substring(start, stop)`: ends outside are cut.
#[track_caller]
pub fn text_part(text: &Str, start: i64, stop: i64) -> Str {
    let length = character_count(text);
    text_between(text, start.clamp(0, length) as usize, stop.clamp(0, length) as usize)
}

/// `text.split(separator)`.
pub fn split_text(text: &Str, separator: &str) -> Array<Str> {
    text.as_str().split(separator).map(Str::from).collect()
}

/// What counts as white space around a word.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// `text.split_whitespace()`.
pub fn split_words(text: &Str) -> Array<Str> {
    text.as_str().split(is_blank).filter(|word| !word.is_empty()).map(Str::from).collect()
}

/// `text.lines()`.
pub fn text_lines(text: &Str) -> Array<Str> {
    let mut lines: Vec<&str> = text.as_str().split('\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines.into_iter().map(|line| Str::from(line.strip_suffix('\r').unwrap_or(line))).collect()
}

/// `text.trim()`.
pub fn trimmed(text: &Str) -> Str {
    Str::from(text.as_str().trim_matches(is_blank))
}

/// `text.trim_start()`.
pub fn trimmed_start(text: &Str) -> Str {
    Str::from(text.as_str().trim_start_matches(is_blank))
}

/// `text.trim_end()`.
pub fn trimmed_end(text: &Str) -> Str {
    Str::from(text.as_str().trim_end_matches(is_blank))
}

/// `text.to_upper()`.
pub fn upper_text(text: &Str) -> Str {
    Str::from(text.as_str().to_uppercase())
}

/// `text.to_lower()`.
pub fn lower_text(text: &Str) -> Str {
    Str::from(text.as_str().to_lowercase())
}

/// `text.replace(old, new)`.
pub fn replaced_text(text: &Str, old: &str, new: &str) -> Str {
    Str::from(text.as_str().replace(old, new))
}

/// `text * count`.
pub fn repeated_text(text: &Str, count: i64) -> Str {
    Str::from(text.as_str().repeat(count.max(0) as usize))
}

/// `text.reverse()`.
pub fn reversed_text(text: &Str) -> Str {
    text.as_str().chars().rev().collect()
}

/// `text.index_of(part)` in characters, -1 where it is not there.
#[track_caller]
pub fn text_index(text: &Str, part: &str) -> i64 {
    match text.as_str().find(part) {
        Some(at) => text.as_str()[..at].chars().count() as i64,
        None => -1,
    }
}

/// `text.find(part)`.
#[track_caller]
pub fn text_find(text: &Str, part: &str) -> Option<i64> {
    Some(text_index(text, part)).filter(|place| *place >= 0)
}

/// `text.count(part)`.
pub fn text_count(text: &Str, part: &str) -> i64 {
    if part.is_empty() {
        return character_count(text) + 1;
    }
    text.as_str().matches(part).count() as i64
}

/// `text.pad_left(width, padding)`.
pub fn padded_left(text: &Str, width: i64, padding: &str) -> Str {
    let missing = (width - character_count(text)).max(0) as usize;
    Str::from(padding.repeat(missing) + text.as_str())
}

/// `text.pad_right(width, padding)`.
pub fn padded_right(text: &Str, width: i64, padding: &str) -> Str {
    let missing = (width - character_count(text)).max(0) as usize;
    Str::from(text.as_str().to_string() + &padding.repeat(missing))
}

/// `text.is_numeric()`.
pub fn is_all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `text.is_alphabetic()` and its like.
pub fn is_all(text: &str, test: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(test)
}

/// `text.is_uppercase()`: some letter, and none that is lower.
pub fn is_upper_text(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// `text.is_lowercase()`.
pub fn is_lower_text(text: &str) -> bool {
    text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase)
}

/// The sign and the digits of an integer's text.
pub fn integer_digits(text: &str) -> Option<&str> {
    let trimmed = text.trim_matches(is_blank);
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    is_all_digits(digits).then_some(trimmed)
}

/// `text.to_int()`, or what is wrong with it.
pub fn read_integer(text: &Str) -> Result<i64, String> {
    let Some(digits) = integer_digits(text) else {
        return Err(alloc::format!("this is no integer: {}", debug_text(text).as_str()));
    };
    digits.parse::<i64>().map_err(|_| {
        if digits.trim_start_matches(['+', '-']).len() > 400 {
            alloc::format!("this is no integer: {}", debug_text(text).as_str())
        } else {
            alloc::format!("this integer is too large: {digits}")
        }
    })
}

/// `text.to_float()`, or what is wrong with it.
pub fn read_float(text: &Str) -> Result<f64, String> {
    let word = text.as_str().trim_matches(is_blank);
    let lower = word.trim_start_matches(['+', '-']).to_lowercase();
    let is_word = matches!(lower.as_str(), "inf" | "infinity" | "nan");
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if is_word || is_number {
        if let Ok(found) = word.parse::<f64>() {
            return Ok(found);
        }
    }
    Err(alloc::format!("this is no number: {}", debug_text(text).as_str()))
}

/// `text.to_int()`.
#[track_caller]
pub fn text_to_integer(text: &Str) -> i64 {
    match read_integer(text) {
        Ok(found) => found,
        Err(wrong) => fault("parse", wrong),
    }
}

/// `text.to_float()`.
#[track_caller]
pub fn text_to_float(text: &Str) -> f64 {
    match read_float(text) {
        Ok(found) => found,
        Err(wrong) => fault("parse", wrong),
    }
}

/// `text.parse()`: an integer where the text spells one, else a float.
pub fn read_number(text: &Str) -> Result<Dyn, String> {
    if integer_digits(text).is_some() {
        return read_integer(text).map(Dyn::Int);
    }
    read_float(text).map(Dyn::Float)
}

/// `text.parse()`.
#[track_caller]
pub fn parse_number(text: &Str) -> Dyn {
    match read_number(text) {
        Ok(found) => found,
        Err(wrong) => fault("parse", wrong),
    }
}

/// `parse_float(text)`.
#[track_caller]
pub fn parse_real(text: &Str) -> f64 {
    f64::from_dyn(parse_number(text))
}

/// `text.parse::<i64>()`.
pub fn parse_as_integer(text: &Str) -> Result<i64, Str> {
    read_integer(text).map_err(Str::from)
}

/// `text.parse::<f64>()`.
#[track_caller]
pub fn parse_as_float(text: &Str) -> Result<f64, Str> {
    read_number(text).map(f64::from_dyn).map_err(Str::from)
}

/// `text.parse::<bool>()`.
pub fn parse_as_bool(text: &Str) -> Result<bool, Str> {
    match text.as_str().trim_matches(is_blank) {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Str::from(alloc::format!("this is no bool: {}", debug_text(text).as_str()))),
    }
}

/// `text.push_str(more)`.
#[inline]
pub fn push_text<T: Datum>(text: &mut Str, more: &T) {
    text.append(&shown_text(more));
}

/// `text.pop()`.
pub fn pop_character(text: &mut Str) -> Option<Str> {
    let last = text.as_str().chars().next_back()?;
    let shorter = Str::from(&text.as_str()[..text.as_str().len() - last.len_utf8()]);
    *text = shorter;
    Some(Str::from(last))
}

/// `text.ord()`.
#[track_caller]
pub fn character_number(text: &Str) -> i64 {
    match text.as_str().chars().next() {
        Some(character) => i64::from(u32::from(character)),
        None => fault("index", "the index is outside of the text"),
    }
}

/// `number.to_char()`.
#[track_caller]
pub fn character_of(number: i64) -> Str {
    match u32::try_from(number).ok().and_then(char::from_u32) {
        Some(character) => Str::from(character),
        None => fault("argument", alloc::format!("no character has this number: {number}")),
    }
}

/// `text.join(parts)`: the text stands between the parts.
#[track_caller]
pub fn text_between_parts<T: Datum>(text: &Str, parts: &Array<T>) -> Str {
    parts.joined(text)
}

/// `text.len()`: bytes.
#[inline]
pub fn byte_count(text: &Str) -> i64 {
    text.as_str().len() as i64
}

/// `text.is_empty()`.
#[inline]
pub fn text_is_empty(text: &str) -> bool {
    text.is_empty()
}

/// `text.starts_with(part)`.
pub fn text_starts(text: &str, part: &str) -> bool {
    text.starts_with(part)
}

/// `text.ends_with(part)`.
pub fn text_ends(text: &str, part: &str) -> bool {
    text.ends_with(part)
}

/// `text.clear()`.
pub fn clear_text(text: &mut Str) {
    *text = Str::new();
}
