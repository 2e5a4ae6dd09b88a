//! `textwrap`, and `string`'s constants, `capwords` and `Template`.
//!
//! `TextWrapper::new(width: i64)` with public fields of Python's names; `wrap(&self, &Str) -> Result<List<Str>, Exc>`,
//! `fill(&self, &Str) -> Result<Str, Exc>`; `textwrap_wrap(&Str, width)`, `textwrap_fill(&Str, width)`,
//! `textwrap_shorten(&Str, &TextWrapper) -> Result<Str, Exc>`, `textwrap_dedent(&Str) -> Str`,
//! `textwrap_indent(&Str, prefix: &Str) -> Str`, `textwrap_indent_where(&Str, &Str, FnMut(Str) -> Result<bool, Exc>)`.
//! `STRING_ASCII_LOWERCASE` and so on; `string_capwords(&Str, separator: Option<&str>) -> Result<Str, Exc>`;
//! `Template::new(Str)`, `substitute(&self, FnMut(&Str) -> Result<Str, Exc>) -> Result<Str, Exc>` (the function looks a name up
//! and raises KeyError), `safe_substitute(&self, FnMut(&Str) -> Option<Str>) -> Str`.

use crate::{is_letter, is_number, is_space, Exc, List, Str, VALUE_ERROR};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// `string.ascii_lowercase`.
pub const STRING_ASCII_LOWERCASE: Str = Str::literal("abcdefghijklmnopqrstuvwxyz");
/// `string.ascii_uppercase`.
pub const STRING_ASCII_UPPERCASE: Str = Str::literal("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
/// `string.ascii_letters`.
pub const STRING_ASCII_LETTERS: Str = Str::literal("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
/// `string.digits`.
pub const STRING_DIGITS: Str = Str::literal("0123456789");
/// `string.hexdigits`.
pub const STRING_HEXDIGITS: Str = Str::literal("0123456789abcdefABCDEF");
/// `string.octdigits`.
pub const STRING_OCTDIGITS: Str = Str::literal("01234567");
/// `string.punctuation`.
pub const STRING_PUNCTUATION: Str = Str::literal("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
/// `string.whitespace`.
pub const STRING_WHITESPACE: Str = Str::literal(" \t\n\r\x0b\x0c");
/// `string.printable`.
pub const STRING_PRINTABLE: Str = Str::literal(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\x0b\x0c",
);

/// White space of ASCII, which wrapping knows alone.
pub fn wrap_is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// `textwrap.TextWrapper`.
#[derive(Clone)]
pub struct TextWrapper {
    /// The most characters of a line.
    pub width: i64,
    /// What the first line begins with.
    pub initial_indent: Str,
    /// What other lines begin with.
    pub subsequent_indent: Str,
    /// Whether tabs become spaces first.
    pub expand_tabs: bool,
    /// Whether other white space becomes spaces.
    pub replace_whitespace: bool,
    /// Whether two spaces follow a sentence.
    pub fix_sentence_endings: bool,
    /// Whether words longer than a line are cut.
    pub break_long_words: bool,
    /// Whether white space at ends of lines goes.
    pub drop_whitespace: bool,
    /// Whether words are cut behind hyphens.
    pub break_on_hyphens: bool,
    /// The width of a tab.
    pub tabsize: i64,
    /// The most lines.
    pub max_lines: Option<i64>,
    /// What stands for the lines that are cut off.
    pub placeholder: Str,
}

impl TextWrapper {
    /// Python's defaults with a width (70 where a program gives none).
    pub fn new(width: i64) -> TextWrapper {
        TextWrapper {
            width,
            initial_indent: Str::new(),
            subsequent_indent: Str::new(),
            expand_tabs: true,
            replace_whitespace: true,
            fix_sentence_endings: false,
            break_long_words: true,
            drop_whitespace: true,
            break_on_hyphens: true,
            tabsize: 8,
            max_lines: None,
            placeholder: Str::literal(" [...]"),
        }
    }
}

/// The number of characters of a text.
pub fn wrap_width(text: &[char]) -> i64 {
    text.len() as i64
}

/// Whether a chunk is white space alone, or nothing.
pub fn wrap_is_blank(chunk: &[char]) -> bool {
    chunk.iter().all(|character| is_space(*character))
}

/// Whether a character is a letter, a digit or an underscore.
pub fn wrap_is_word(character: char) -> bool {
    character == '_' || is_letter(character) || is_number(character)
}

/// The end of the run of hyphens that stands at `place`, if there are two or more, a word before and a word behind.
pub fn wrap_dash_end(text: &[char], place: usize) -> Option<usize> {
    let before = *text.get(place.checked_sub(1)?)?;
    let starts = wrap_is_word(before) || "!\"'&.,?".contains(before);
    let end = place + text[place..].iter().take_while(|character| **character == '-').count();
    let word = text.get(end).is_some_and(|character| wrap_is_word(*character));
    (starts && word && end >= place + 2).then_some(end)
}

/// Whether a character is part of a word and no digit.
pub fn wrap_is_letter(character: Option<&char>) -> bool {
    character.is_some_and(|c| wrap_is_word(*c) && crate::decimal_digit(*c).is_none())
}

/// Whether a word may be cut before `place`, behind a hyphen that joins letters.
pub fn wrap_hyphen_ends(text: &[char], start: usize, place: usize) -> bool {
    let at = |back: usize| place.checked_sub(back).and_then(|place| text.get(place));
    if place < start + 2 || at(1) != Some(&'-') {
        return false;
    }
    let joined = wrap_is_letter(at(2)) && (wrap_is_letter(at(3)) || at(3) == Some(&'-') && wrap_is_letter(at(4)));
    let next = text.get(place);
    let after = text.get(place + 1);
    let hyphen = after == Some(&'-') && wrap_is_letter(text.get(place + 2));
    joined && wrap_is_letter(next) && (wrap_is_letter(after) || hyphen)
}

/// The end of the chunk that begins at `start`, of a text whose words are cut at hyphens too.
pub fn wrap_chunk_end(text: &[char], start: usize) -> usize {
    let space = text[start..].iter().take_while(|character| wrap_is_space(**character)).count();
    if space > 0 {
        return start + space;
    }
    if text[start] == '-' {
        if let Some(end) = wrap_dash_end(text, start) {
            return end;
        }
    }
    for place in start + 1..text.len() {
        if wrap_is_space(text[place]) || wrap_hyphen_ends(text, start, place) || wrap_dash_end(text, place).is_some() {
            return place;
        }
    }
    text.len()
}

impl TextWrapper {
    /// The chunks of a text that no line break divides.
    pub fn chunks(&self, text: &Str) -> Vec<Vec<char>> {
        let expanded = if self.expand_tabs { text.expandtabs(self.tabsize) } else { text.clone() };
        let plain = |character: char| {
            if self.replace_whitespace && wrap_is_space(character) {
                ' '
            } else {
                character
            }
        };
        let text: Vec<char> = expanded.chars().map(plain).collect();
        let mut chunks = Vec::new();
        let mut start = 0;
        while start < text.len() {
            let end = if self.break_on_hyphens {
                wrap_chunk_end(&text, start)
            } else {
                let space = wrap_is_space(text[start]);
                start + text[start..].iter().take_while(|character| wrap_is_space(**character) == space).count()
            };
            chunks.push(text[start..end].to_vec());
            start = end;
        }
        if self.fix_sentence_endings {
            wrap_fix_endings(&mut chunks);
        }
        chunks
    }
}

/// Two spaces behind what ends a sentence.
pub fn wrap_fix_endings(chunks: &mut [Vec<char>]) {
    let mut place = 0;
    while place + 1 < chunks.len() {
        let ends = match chunks[place].as_slice() {
            [.., letter, '.' | '!' | '?'] | [.., letter, '.' | '!' | '?', '"' | '\''] => letter.is_ascii_lowercase(),
            _ => false,
        };
        if ends && chunks[place + 1] == [' '] {
            chunks[place + 1].push(' ');
            place += 1;
        }
        place += 1;
    }
}

impl TextWrapper {
    /// `wrapper.wrap(text)`. Errors: ValueError for a width or a placeholder that does not do.
    pub fn wrap(&self, text: &Str) -> Result<List<Str>, Exc> {
        if self.width <= 0 {
            return Err(Exc::new(&VALUE_ERROR, format!("invalid width {} (must be > 0)", self.width)));
        }
        if let Some(max_lines) = self.max_lines {
            let indent = if max_lines > 1 { &self.subsequent_indent } else { &self.initial_indent };
            if indent.len() + self.placeholder.lstrip().len() > self.width {
                return Err(Exc::new(&VALUE_ERROR, "placeholder too large for max width"));
            }
        }
        let mut chunks = self.chunks(text);
        chunks.reverse();
        let mut lines: Vec<String> = Vec::new();
        while !chunks.is_empty() {
            if !self.line(&mut chunks, &mut lines) {
                break;
            }
        }
        Ok(lines.into_iter().map(Str::from).collect())
    }

    /// Make one line of the chunks, the next one last; false where the rest is cut off.
    pub fn line(&self, chunks: &mut Vec<Vec<char>>, lines: &mut Vec<String>) -> bool {
        let indent = if lines.is_empty() { &self.initial_indent } else { &self.subsequent_indent };
        let width = self.width - indent.len();
        let mut line: Vec<Vec<char>> = Vec::new();
        let mut length = 0;
        if self.drop_whitespace && !lines.is_empty() && chunks.last().is_some_and(|chunk| wrap_is_blank(chunk)) {
            chunks.pop();
        }
        while chunks.last().is_some_and(|chunk| length + wrap_width(chunk) <= width) {
            let Some(chunk) = chunks.pop() else { break };
            length += wrap_width(&chunk);
            line.push(chunk);
        }
        if chunks.last().is_some_and(|chunk| wrap_width(chunk) > width) {
            self.long_word(chunks, &mut line, length, width);
            length = line.iter().map(|chunk| wrap_width(chunk)).sum();
        }
        if self.drop_whitespace && line.last().is_some_and(|chunk| wrap_is_blank(chunk)) {
            length -= line.pop().map_or(0, |chunk| wrap_width(&chunk));
        }
        if line.is_empty() {
            return true;
        }
        let is_rest = chunks.is_empty() || self.drop_whitespace && chunks.len() == 1 && wrap_is_blank(&chunks[0]);
        let has_room = self.max_lines.is_none_or(|max_lines| lines.len() as i64 + 1 < max_lines);
        if has_room || is_rest && length <= width {
            lines.push(format!("{indent}{}", line.concat().iter().collect::<String>()));
            return true;
        }
        self.cut_off(line, length, width, lines);
        false
    }

    /// Take what fits of a word that fits no line.
    pub fn long_word(&self, chunks: &mut Vec<Vec<char>>, line: &mut Vec<Vec<char>>, length: i64, width: i64) {
        let left = if width < 1 { 1 } else { width - length };
        let Some(chunk) = chunks.last_mut() else { return };
        if !self.break_long_words {
            if line.is_empty() {
                line.extend(chunks.pop());
            }
            return;
        }
        let mut end = left.max(0) as usize;
        if self.break_on_hyphens && wrap_width(chunk) > left {
            let hyphen = chunk[..end].iter().rposition(|character| *character == '-').unwrap_or(0);
            if hyphen > 0 && chunk[..hyphen].iter().any(|character| *character != '-') {
                end = hyphen + 1;
            }
        }
        let rest = chunk.split_off(end.min(chunk.len()));
        line.push(core::mem::replace(chunk, rest));
    }

    /// End the last line with the placeholder.
    pub fn cut_off(&self, line: Vec<Vec<char>>, length: i64, width: i64, lines: &mut Vec<String>) {
        let indent = if lines.is_empty() { &self.initial_indent } else { &self.subsequent_indent };
        let (mut line, mut length) = (line, length);
        while let Some(chunk) = line.last() {
            if !wrap_is_blank(chunk) && length + self.placeholder.len() <= width {
                let text: String = line.concat().iter().collect();
                lines.push(format!("{indent}{text}{}", self.placeholder));
                return;
            }
            length -= wrap_width(chunk);
            line.pop();
        }
        if let Some(last) = lines.last_mut() {
            let kept = String::from(last.trim_end_matches(is_space));
            if kept.chars().count() as i64 + self.placeholder.len() <= self.width {
                *last = format!("{kept}{}", self.placeholder);
                return;
            }
        }
        lines.push(format!("{indent}{}", self.placeholder.lstrip()));
    }

    /// `wrapper.fill(text)`.
    pub fn fill(&self, text: &Str) -> Result<Str, Exc> {
        Ok(Str::literal("\n").join(self.wrap(text)?.iter()))
    }
}

/// `textwrap.wrap`.
pub fn textwrap_wrap(text: &Str, width: i64) -> Result<List<Str>, Exc> {
    TextWrapper::new(width).wrap(text)
}

/// `textwrap.fill`.
pub fn textwrap_fill(text: &Str, width: i64) -> Result<Str, Exc> {
    TextWrapper::new(width).fill(text)
}

/// `textwrap.shorten`, with the width and what else the wrapper says.
pub fn textwrap_shorten(text: &Str, wrapper: &TextWrapper) -> Result<Str, Exc> {
    let one_line = TextWrapper { max_lines: Some(1), ..wrapper.clone() };
    one_line.fill(&Str::literal(" ").join(text.split_words(-1).iter()))
}

/// `textwrap.dedent`.
pub fn textwrap_dedent(text: &Str) -> Str {
    let is_margin = |character: char| character == ' ' || character == '\t';
    let lines: Vec<&str> = text.split_terminated();
    // Lines of spaces and tabs alone become empty and do not count.
    let kept: Vec<&str> =
        lines.iter().map(|line| if line.trim_matches(is_margin).is_empty() { "" } else { *line }).collect();
    let mut margin: Option<&str> = None;
    for line in kept.iter().filter(|line| !line.is_empty()) {
        let indent = &line[..line.len() - line.trim_start_matches(is_margin).len()];
        margin = Some(match margin {
            None => indent,
            Some(margin) => {
                let common = margin.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count();
                &margin[..common]
            }
        });
    }
    let cut = margin.map_or(0, str::len);
    let out: Vec<&str> = kept.iter().map(|line| line.get(cut..).unwrap_or("")).collect();
    Str::from(out.join("\n"))
}

impl Str {
    /// The pieces between ends of lines, `\n` alone.
    pub fn split_terminated(&self) -> Vec<&str> {
        self.as_str().split('\n').collect()
    }
}

/// `textwrap.indent`.
pub fn textwrap_indent(text: &Str, prefix: &Str) -> Str {
    let mut out = String::new();
    for line in text.splitlines(true).iter() {
        if !line.strip().is_empty() {
            out.push_str(prefix);
        }
        out.push_str(&line);
    }
    Str::from(out)
}

/// `textwrap.indent` with a predicate.
pub fn textwrap_indent_where(
    text: &Str,
    prefix: &Str,
    mut predicate: impl FnMut(Str) -> Result<bool, Exc>,
) -> Result<Str, Exc> {
    let mut out = String::new();
    for line in text.splitlines(true).iter() {
        if predicate(line.clone())? {
            out.push_str(prefix);
        }
        out.push_str(&line);
    }
    Ok(Str::from(out))
}

/// `string.capwords`.
pub fn string_capwords(text: &Str, separator: Option<&str>) -> Result<Str, Exc> {
    let words = match separator {
        Some(separator) => text.split(separator, -1)?,
        None => text.split_words(-1),
    };
    let capitalized: Vec<Str> = words.iter().map(|word| word.capitalize()).collect();
    Ok(Str::from(separator.unwrap_or(" ")).join(capitalized))
}

/// `string.Template`.
#[derive(Clone)]
pub struct Template(pub Str);

/// One piece of a template.
pub enum TemplatePart<'a> {
    /// Text as it is.
    Text(&'a str),
    /// A name, and how it is written.
    Name(Str, &'a str),
    /// A dollar sign that is no placeholder, at a byte.
    Broken(usize),
}

impl Template {
    /// A template.
    pub fn new(template: Str) -> Template {
        Template(template)
    }

    /// The pieces.
    pub fn parts(&self) -> Vec<TemplatePart<'_>> {
        let text = self.0.as_str();
        let name_end = |from: usize| {
            let rest = &text[from..];
            let is_name = |c: char| c == '_' || c.is_ascii_alphanumeric();
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            (end > 0 && !rest.starts_with(|c: char| c.is_ascii_digit())).then_some(from + end)
        };
        let mut parts = Vec::new();
        let mut start = 0;
        while let Some(found) = text[start..].find('$') {
            let dollar = start + found;
            parts.push(TemplatePart::Text(&text[start..dollar]));
            start = dollar + 1;
            if text[start..].starts_with('$') {
                parts.push(TemplatePart::Text("$"));
                start += 1;
                continue;
            }
            let braced = text[start..].starts_with('{');
            let name = start + usize::from(braced);
            match name_end(name) {
                Some(end) if !braced || text[end..].starts_with('}') => {
                    start = end + usize::from(braced);
                    parts.push(TemplatePart::Name(Str::from(&text[name..end]), &text[dollar..start]));
                }
                _ => parts.push(TemplatePart::Broken(dollar)),
            }
        }
        parts.push(TemplatePart::Text(&text[start..]));
        parts
    }

    /// `template.substitute(mapping)`. Errors: ValueError for a broken placeholder; what the look-up raises.
    pub fn substitute(&self, mut find: impl FnMut(&Str) -> Result<Str, Exc>) -> Result<Str, Exc> {
        let mut out = String::new();
        for part in self.parts() {
            match part {
                TemplatePart::Text(text) => out.push_str(text),
                TemplatePart::Name(name, _) => out.push_str(&find(&name)?),
                TemplatePart::Broken(byte) => return Err(self.broken(byte)),
            }
        }
        Ok(Str::from(out))
    }

    /// `template.safe_substitute(mapping)`.
    pub fn safe_substitute(&self, mut find: impl FnMut(&Str) -> Option<Str>) -> Str {
        let mut out = String::new();
        for part in self.parts() {
            match part {
                TemplatePart::Text(text) => out.push_str(text),
                TemplatePart::Name(name, written) => out.push_str(find(&name).as_deref().unwrap_or(written)),
                TemplatePart::Broken(_) => out.push('$'),
            }
        }
        Str::from(out)
    }

    /// The error of a broken placeholder.
    pub fn broken(&self, byte: usize) -> Exc {
        // CPython counts up to the place behind the dollar sign.
        let before = Str::from(&self.0.as_str()[..byte + 1]);
        let lines = before.splitlines(true);
        let last = lines.iter().last().map_or(0, |line| line.len());
        let text = format!("Invalid placeholder in string: line {}, col {}", lines.len(), last);
        Exc::new(&VALUE_ERROR, text)
    }
}
