//! `re`, first stage: a pattern's text becomes a tree, with CPython's errors.
//!
//! `re_parse(pattern: &str, flags: i64) -> Result<ReParsed, Exc>`. The tree is `Vec<ReNode>`; `regex_program.rs` reads it.
//! Refused: `\N{...}` (a clear error), byte patterns, the LOCALE flag; the warnings of nested sets are not given.

use crate::{write_quoted, Exc, Kind, Str, EXCEPTION, OVERFLOW_ERROR, VALUE_ERROR};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// `re.error`.
pub static RE_ERROR: Kind = Kind::within("re", "error", &EXCEPTION);

/// `re.IGNORECASE`.
pub const RE_IGNORECASE: i64 = 2;
/// `re.LOCALE`.
pub const RE_LOCALE: i64 = 4;
/// `re.MULTILINE`.
pub const RE_MULTILINE: i64 = 8;
/// `re.DOTALL`.
pub const RE_DOTALL: i64 = 16;
/// `re.UNICODE`.
pub const RE_UNICODE: i64 = 32;
/// `re.VERBOSE`.
pub const RE_VERBOSE: i64 = 64;
/// `re.ASCII`.
pub const RE_ASCII: i64 = 256;
/// The flags that say what a letter is.
pub const RE_TYPE_FLAGS: i64 = RE_ASCII | RE_LOCALE | RE_UNICODE;
/// No upper limit of a repetition.
pub const RE_ENDLESS: u32 = u32::MAX;

/// A class of characters, as `\d` names one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReClass {
    /// `\d`.
    Digit,
    /// `\s`.
    Space,
    /// `\w`.
    Word,
}

/// One member of a set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReMember {
    /// All characters from the first to the second.
    Range(u32, u32),
    /// A class, or all but the class.
    Class(ReClass, bool),
}

/// A place in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RePlace {
    /// `^`.
    Begin,
    /// `$`.
    End,
    /// `\A`.
    TextBegin,
    /// `\Z`.
    TextEnd,
    /// `\b`.
    Boundary,
    /// `\B`.
    NoBoundary,
}

/// How a repetition takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReGreed {
    /// As much as possible.
    Greedy,
    /// As little as possible.
    Lazy,
    /// As much as possible, and nothing back.
    Possessive,
}

/// A piece of a pattern.
pub enum ReNode {
    /// One character.
    Literal(u32),
    /// `.`.
    Any,
    /// One character of a set, or not of it.
    Set(bool, Vec<ReMember>),
    /// A place.
    At(RePlace),
    /// Alternatives.
    Branch(Vec<Vec<ReNode>>),
    /// A group: its number if it captures, flags that it sets and clears.
    Group(Option<usize>, i64, i64, Vec<ReNode>),
    /// A repetition.
    Repeat(u32, u32, ReGreed, Vec<ReNode>),
    /// The text of a group.
    Back(usize),
    /// Looks ahead (or behind), for the pattern or for its absence.
    Look(bool, bool, Vec<ReNode>),
    /// One pattern if the group matched, else the other.
    If(usize, Vec<ReNode>, Vec<ReNode>),
    /// A group that gives nothing back.
    Atomic(Vec<ReNode>),
}

/// A parsed pattern.
pub struct ReParsed {
    /// The tree.
    pub nodes: Vec<ReNode>,
    /// All flags, those of the text too.
    pub flags: i64,
    /// How many groups capture.
    pub groups: usize,
    /// Names of groups, in order of their numbers.
    pub names: Vec<(String, usize)>,
    /// The narrowest and widest text of each group, for look-behind.
    pub widths: Vec<Option<(u64, u64)>>,
}

/// A pattern while it is read: characters, with an escape and what it escapes as one.
pub struct ReSource {
    /// The text.
    pub text: Vec<char>,
    /// The place behind `next`.
    pub index: usize,
    /// The character to come, and the one behind it if it is a backslash.
    pub next: Option<(char, Option<char>)>,
}

/// An error at a place of a pattern.
pub fn re_error_at(message: &str, pattern: &[char], position: i64) -> Exc {
    let before = &pattern[..(position.max(0) as usize).min(pattern.len())];
    let line = before.iter().filter(|c| **c == '\n').count() + 1;
    let column = position - before.iter().rposition(|c| *c == '\n').map_or(-1, |place| place as i64);
    if pattern.contains(&'\n') {
        return Exc::new(&RE_ERROR, format!("{message} at position {position} (line {line}, column {column})"));
    }
    Exc::new(&RE_ERROR, format!("{message} at position {position}"))
}

/// `repr` of a text.
pub fn re_quoted(text: &str) -> String {
    let mut out = String::new();
    write_quoted(text, &mut out);
    out
}

impl ReSource {
    /// The start of a pattern.
    pub fn new(text: &str) -> Result<ReSource, Exc> {
        let mut source = ReSource { text: text.chars().collect(), index: 0, next: None };
        source.advance()?;
        Ok(source)
    }

    /// Read the next character.
    pub fn advance(&mut self) -> Result<(), Exc> {
        let Some(&character) = self.text.get(self.index) else {
            self.next = None;
            return Ok(());
        };
        self.index += 1;
        let mut second = None;
        if character == '\\' {
            let Some(&escaped) = self.text.get(self.index) else {
                let end = self.text.len() as i64 - 1;
                return Err(re_error_at("bad escape (end of pattern)", &self.text, end));
            };
            second = Some(escaped);
            self.index += 1;
        }
        self.next = Some((character, second));
        Ok(())
    }

    /// Take the next character if it is this one.
    pub fn take(&mut self, character: char) -> Result<bool, Exc> {
        let found = self.next == Some((character, None));
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// The next character, taken.
    pub fn get(&mut self) -> Result<Option<(char, Option<char>)>, Exc> {
        let this = self.next;
        self.advance()?;
        Ok(this)
    }

    /// The next character, if it is none of an escape.
    pub fn peek(&self) -> Option<char> {
        match self.next {
            Some((character, None)) => Some(character),
            _ => None,
        }
    }

    /// At most `count` characters that satisfy the test.
    pub fn get_while(&mut self, count: usize, test: fn(char) -> bool) -> Result<String, Exc> {
        let mut found = String::new();
        while found.len() < count {
            match self.peek() {
                Some(character) if test(character) => found.push(character),
                _ => break,
            }
            self.advance()?;
        }
        Ok(found)
    }

    /// The name up to a terminator, which is taken too.
    pub fn get_until(&mut self, terminator: char, what: &str) -> Result<String, Exc> {
        let mut found = String::new();
        loop {
            let this = self.get()?;
            match this {
                None if found.is_empty() => return Err(self.error(&format!("missing {what}"), 0)),
                None => {
                    let length = found.chars().count() as i64;
                    return Err(self.error(&format!("missing {terminator}, unterminated name"), length));
                }
                Some((character, None)) if character == terminator => break,
                Some((character, second)) => {
                    found.push(character);
                    found.extend(second);
                }
            }
        }
        if found.is_empty() {
            return Err(self.error(&format!("missing {what}"), 1));
        }
        Ok(found)
    }

    /// The place of the next character.
    pub fn tell(&self) -> i64 {
        let width = match self.next {
            None => 0,
            Some((_, None)) => 1,
            Some(_) => 2,
        };
        (self.index - width) as i64
    }

    /// Go back to a place.
    pub fn seek(&mut self, index: i64) -> Result<(), Exc> {
        self.index = index as usize;
        self.advance()
    }

    /// An error so many characters before the next one.
    pub fn error(&self, message: &str, offset: i64) -> Exc {
        re_error_at(message, &self.text, self.tell() - offset)
    }
}

/// What is known of a pattern's groups while it is read.
pub struct ReState {
    /// The flags so far.
    pub flags: i64,
    /// Names and numbers of groups.
    pub names: Vec<(String, usize)>,
    /// Widths of the groups that are closed; group 0 is always open.
    pub widths: Vec<Option<(u64, u64)>>,
    /// The first group that a look-behind may not refer to.
    pub look_behind: Option<usize>,
    /// Numbers of groups that a condition names, and where.
    pub conditions: Vec<(usize, i64)>,
}

/// Reads a pattern.
pub struct ReReader {
    /// The text.
    pub source: ReSource,
    /// The groups.
    pub state: ReState,
}

/// Whether a text is an identifier, as names of groups are.
pub fn re_is_name(text: &str) -> bool {
    Str::from(text).isidentifier()
}

/// A pattern's tree.
pub fn re_parse(pattern: &str, flags: i64) -> Result<ReParsed, Exc> {
    if flags & RE_LOCALE != 0 {
        return Err(Exc::new(&VALUE_ERROR, "cannot use LOCALE flag with a str pattern"));
    }
    let source = ReSource::new(pattern)?;
    let state = ReState { flags, names: Vec::new(), widths: vec![None], look_behind: None, conditions: Vec::new() };
    let mut reader = ReReader { source, state };
    let nodes = reader.alternatives(flags & RE_VERBOSE != 0, true)?;
    if reader.state.flags & RE_ASCII == 0 {
        reader.state.flags |= RE_UNICODE;
    } else if reader.state.flags & RE_UNICODE != 0 {
        return Err(Exc::new(&VALUE_ERROR, "ASCII and UNICODE flags are incompatible"));
    }
    if reader.source.next.is_some() {
        return Err(reader.source.error("unbalanced parenthesis", 0));
    }
    for (group, position) in &reader.state.conditions {
        if *group >= reader.state.widths.len() {
            return Err(re_error_at(&format!("invalid group reference {group}"), &reader.source.text, *position));
        }
    }
    let ReState { flags, names, widths, .. } = reader.state;
    Ok(ReParsed { nodes, flags, groups: widths.len() - 1, names, widths })
}

impl ReReader {
    /// Patterns with bars between them.
    pub fn alternatives(&mut self, verbose: bool, top: bool) -> Result<Vec<ReNode>, Exc> {
        let mut verbose = verbose;
        let mut items: Vec<Vec<ReNode>> = Vec::new();
        loop {
            let item = self.sequence(verbose, top && items.is_empty())?;
            items.push(item);
            if !self.source.take('|')? {
                break;
            }
            if top {
                verbose = self.state.flags & RE_VERBOSE != 0;
            }
        }
        match items.len() {
            1 => Ok(items.remove(0)),
            _ => Ok(vec![ReNode::Branch(items)]),
        }
    }

    /// A pattern up to a bar, a parenthesis or the end.
    pub fn sequence(&mut self, verbose: bool, first: bool) -> Result<Vec<ReNode>, Exc> {
        let mut verbose = verbose;
        let mut nodes: Vec<ReNode> = Vec::new();
        while let Some(this) = self.source.next {
            if this == ('|', None) || this == (')', None) {
                break;
            }
            self.source.advance()?;
            match this {
                (character, None) if verbose && matches!(character, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c') => {}
                ('#', None) if verbose => while !matches!(self.source.get()?, None | Some(('\n', None))) {},
                (_, Some(escaped)) => nodes.push(self.escape(escaped)?),
                ('[', None) => nodes.push(self.set()?),
                ('?' | '*' | '+' | '{', None) => self.repeat(this.0, &mut nodes)?,
                ('.', None) => nodes.push(ReNode::Any),
                ('(', None) => self.group(&mut verbose, first, &mut nodes)?,
                ('^', None) => nodes.push(ReNode::At(RePlace::Begin)),
                ('$', None) => nodes.push(ReNode::At(RePlace::End)),
                (character, None) => nodes.push(ReNode::Literal(character as u32)),
            }
        }
        Ok(nodes)
    }
}

impl ReReader {
    /// A repetition of what stands before it.
    pub fn repeat(&mut self, mark: char, nodes: &mut Vec<ReNode>) -> Result<(), Exc> {
        let here = self.source.tell();
        let (min, max) = match mark {
            '?' => (0, 1),
            '*' => (0, RE_ENDLESS),
            '+' => (1, RE_ENDLESS),
            _ => match self.bounds(here)? {
                Some(bounds) => bounds,
                None => {
                    nodes.push(ReNode::Literal('{' as u32));
                    return Ok(());
                }
            },
        };
        let width = self.source.tell() - here + 1;
        match nodes.last() {
            None | Some(ReNode::At(_)) => return Err(self.source.error("nothing to repeat", width)),
            Some(ReNode::Repeat(..)) => return Err(self.source.error("multiple repeat", width)),
            Some(_) => {}
        }
        let body = match nodes.pop() {
            Some(ReNode::Group(None, 0, 0, body)) => body,
            Some(node) => vec![node],
            None => Vec::new(),
        };
        let greed = if self.source.take('?')? {
            ReGreed::Lazy
        } else if self.source.take('+')? {
            ReGreed::Possessive
        } else {
            ReGreed::Greedy
        };
        nodes.push(ReNode::Repeat(min, max, greed, body));
        Ok(())
    }

    /// The numbers of `{m,n}`; none if the brace is only a brace.
    pub fn bounds(&mut self, here: i64) -> Result<Option<(u32, u32)>, Exc> {
        if self.source.peek() == Some('}') {
            return Ok(None);
        }
        let digit = |c: char| c.is_ascii_digit();
        let low = self.source.get_while(usize::MAX, digit)?;
        let high = if self.source.take(',')? { self.source.get_while(usize::MAX, digit)? } else { low.clone() };
        if !self.source.take('}')? {
            self.source.seek(here)?;
            return Ok(None);
        }
        let number = |digits: &str, missing: u32| match digits.parse::<u32>() {
            _ if digits.is_empty() => Ok(missing),
            Ok(number) if number != RE_ENDLESS => Ok(number),
            _ => Err(Exc::new(&OVERFLOW_ERROR, "the repetition number is too large")),
        };
        let (min, max) = (number(&low, 0)?, number(&high, RE_ENDLESS)?);
        if max < min {
            return Err(self.source.error("min repeat greater than max repeat", self.source.tell() - here));
        }
        Ok(Some((min, max)))
    }
}

/// The character that a letter behind a backslash stands for.
pub fn re_control(escaped: char) -> Option<u32> {
    Some(match escaped {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        '\\' => 92,
        _ => return None,
    })
}

/// The class that a letter behind a backslash stands for.
pub fn re_class(escaped: char) -> Option<ReMember> {
    Some(match escaped {
        'd' => ReMember::Class(ReClass::Digit, false),
        'D' => ReMember::Class(ReClass::Digit, true),
        's' => ReMember::Class(ReClass::Space, false),
        'S' => ReMember::Class(ReClass::Space, true),
        'w' => ReMember::Class(ReClass::Word, false),
        'W' => ReMember::Class(ReClass::Word, true),
        _ => return None,
    })
}

impl ReReader {
    /// An escape outside sets.
    pub fn escape(&mut self, escaped: char) -> Result<ReNode, Exc> {
        let place = match escaped {
            'A' => Some(RePlace::TextBegin),
            'Z' => Some(RePlace::TextEnd),
            'b' => Some(RePlace::Boundary),
            'B' => Some(RePlace::NoBoundary),
            _ => None,
        };
        if let Some(place) = place {
            return Ok(ReNode::At(place));
        }
        if let Some(class) = re_class(escaped) {
            return Ok(ReNode::Set(false, vec![class]));
        }
        if let Some(code) = re_control(escaped) {
            return Ok(ReNode::Literal(code));
        }
        match escaped {
            '0' => {
                let digits = self.source.get_while(2, |c| ('0'..='7').contains(&c))?;
                Ok(ReNode::Literal(u32::from_str_radix(&format!("0{digits}"), 8).unwrap_or(0)))
            }
            '1'..='9' => self.reference(escaped),
            _ => self.code(escaped).map(ReNode::Literal),
        }
    }

    /// A reference to a group, or an octal number of three digits.
    pub fn reference(&mut self, escaped: char) -> Result<ReNode, Exc> {
        let octal = |c: char| ('0'..='7').contains(&c);
        let mut digits = escaped.to_string();
        if let Some(second) = self.source.peek().filter(char::is_ascii_digit) {
            digits.push(second);
            self.source.advance()?;
            if let Some(third) = self.source.peek().filter(|c| octal(*c) && digits.chars().all(octal)) {
                digits.push(third);
                self.source.advance()?;
                return self.octal(&digits).map(ReNode::Literal);
            }
        }
        let group = digits.parse::<usize>().unwrap_or(0);
        let width = digits.len() as i64;
        if group >= self.state.widths.len() {
            return Err(self.source.error(&format!("invalid group reference {group}"), width));
        }
        if self.state.widths[group].is_none() {
            return Err(self.source.error("cannot refer to an open group", width + 1));
        }
        self.check_look_behind(group)?;
        Ok(ReNode::Back(group))
    }

    /// An octal number behind a backslash.
    pub fn octal(&mut self, digits: &str) -> Result<u32, Exc> {
        let code = u32::from_str_radix(digits, 8).unwrap_or(0);
        if code > 0o377 {
            let message = format!("octal escape value \\{digits} outside of range 0-0o377");
            return Err(self.source.error(&message, digits.len() as i64 + 1));
        }
        Ok(code)
    }

    /// A group that a look-behind refers to must stand before it.
    pub fn check_look_behind(&mut self, group: usize) -> Result<(), Exc> {
        let Some(first) = self.state.look_behind else { return Ok(()) };
        if !matches!(self.state.widths.get(group), Some(Some(_))) {
            return Err(self.source.error("cannot refer to an open group", 0));
        }
        if group >= first {
            let message = "cannot refer to group defined in the same lookbehind subpattern";
            return Err(self.source.error(message, 0));
        }
        Ok(())
    }

    /// The character of `\x41`, `\u0041`, `\U00000041` or of an escaped sign.
    pub fn code(&mut self, escaped: char) -> Result<u32, Exc> {
        let width = match escaped {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            'N' => return Err(self.source.error("\\N is not supported", 2)),
            _ if escaped.is_ascii_alphanumeric() => {
                return Err(self.source.error(&format!("bad escape \\{escaped}"), 2));
            }
            _ => return Ok(escaped as u32),
        };
        let digits = self.source.get_while(width, |c| c.is_ascii_hexdigit())?;
        let seen = digits.len() as i64 + 2;
        if digits.len() != width {
            return Err(self.source.error(&format!("incomplete escape \\{escaped}{digits}"), seen));
        }
        match u32::from_str_radix(&digits, 16) {
            Ok(code) if code < 0x11_0000 => Ok(code),
            _ => Err(self.source.error(&format!("bad escape \\{escaped}{digits}"), seen)),
        }
    }
}

impl ReReader {
    /// A set in brackets.
    pub fn set(&mut self) -> Result<ReNode, Exc> {
        let here = self.source.tell() - 1;
        let negated = self.source.take('^')?;
        let mut members: Vec<ReMember> = Vec::new();
        loop {
            let Some(this) = self.source.get()? else {
                return Err(self.unterminated_set(here));
            };
            if this == (']', None) && !members.is_empty() {
                break;
            }
            let low = self.member(this)?;
            if !self.source.take('-')? {
                members.push(low);
                continue;
            }
            let Some(that) = self.source.get()? else {
                return Err(self.unterminated_set(here));
            };
            if that == (']', None) {
                members.push(low);
                members.push(ReMember::Range('-' as u32, '-' as u32));
                break;
            }
            let high = self.member(that)?;
            match (low, high) {
                (ReMember::Range(from, _), ReMember::Range(to, _)) if from <= to => {
                    members.push(ReMember::Range(from, to));
                }
                _ => return Err(self.bad_range(this, that)),
            }
        }
        Ok(match members[..] {
            [ReMember::Range(from, to)] if from == to && !negated => ReNode::Literal(from),
            _ => ReNode::Set(negated, members),
        })
    }

    /// A set without its end.
    pub fn unterminated_set(&self, here: i64) -> Exc {
        self.source.error("unterminated character set", self.source.tell() - here)
    }

    /// A range whose ends are out of order or no characters.
    pub fn bad_range(&self, this: (char, Option<char>), that: (char, Option<char>)) -> Exc {
        // CPython names only what an escape begins with, and counts back by its names.
        let name = |(character, second): (char, Option<char>)| match second {
            Some(second) => format!("{character}{second}"),
            None => character.to_string(),
        };
        let (low, high) = (name(this), name(that));
        let width = low.chars().count() + 1 + high.chars().count();
        self.source.error(&format!("bad character range {low}-{high}"), width as i64)
    }

    /// One member of a set, a range of one character where it is no class.
    pub fn member(&mut self, this: (char, Option<char>)) -> Result<ReMember, Exc> {
        let one = |code: u32| ReMember::Range(code, code);
        let (_, Some(escaped)) = this else { return Ok(one(this.0 as u32)) };
        if let Some(code) = re_control(escaped) {
            return Ok(one(code));
        }
        if let Some(class) = re_class(escaped) {
            return Ok(class);
        }
        if ('0'..='7').contains(&escaped) {
            let digits = self.source.get_while(2, |c| ('0'..='7').contains(&c))?;
            return self.octal(&format!("{escaped}{digits}")).map(one);
        }
        self.code(escaped).map(one)
    }
}

impl ReReader {
    /// What stands between parentheses, the opening one taken.
    pub fn group(&mut self, verbose: &mut bool, first: bool, nodes: &mut Vec<ReNode>) -> Result<(), Exc> {
        let start = self.source.tell() - 1;
        if !self.source.take('?')? {
            return self.capture(None, start, *verbose, nodes);
        }
        match self.extension()? {
            ('P', None) => self.named(start, *verbose, nodes),
            (':', None) => self.plain_group(start, *verbose, (0, 0), nodes),
            ('#', None) => loop {
                match self.source.get()? {
                    None => {
                        let width = self.source.tell() - start;
                        return Err(self.source.error("missing ), unterminated comment", width));
                    }
                    Some((')', None)) => return Ok(()),
                    Some(_) => {}
                }
            },
            ('=', None) => self.look(start, *verbose, (true, false), nodes),
            ('!', None) => self.look(start, *verbose, (true, true), nodes),
            ('<', None) => match self.extension()? {
                ('=', None) => self.look(start, *verbose, (false, false), nodes),
                ('!', None) => self.look(start, *verbose, (false, true), nodes),
                other => Err(self.unknown_extension("?<", other)),
            },
            ('(', None) => self.condition(start, *verbose, nodes),
            ('>', None) => {
                let body = self.alternatives(*verbose, false)?;
                self.close(start)?;
                nodes.push(ReNode::Atomic(body));
                Ok(())
            }
            (flag, None) if flag == '-' || re_flag(flag).is_some() => {
                let Some(flags) = self.flags(flag)? else {
                    if !first || !nodes.is_empty() {
                        let width = self.source.tell() - start;
                        return Err(self.source.error("global flags not at the start of the expression", width));
                    }
                    *verbose = self.state.flags & RE_VERBOSE != 0;
                    return Ok(());
                };
                let inner = (*verbose || flags.0 & RE_VERBOSE != 0) && flags.1 & RE_VERBOSE == 0;
                self.plain_group(start, inner, flags, nodes)
            }
            other => Err(self.unknown_extension("?", other)),
        }
    }

    /// The character that says what an extension is.
    pub fn extension(&mut self) -> Result<(char, Option<char>), Exc> {
        self.source.get()?.ok_or_else(|| self.source.error("unexpected end of pattern", 0))
    }

    /// An extension that does not exist.
    pub fn unknown_extension(&self, prefix: &str, (character, second): (char, Option<char>)) -> Exc {
        let mut name = character.to_string();
        name.extend(second);
        let width = name.chars().count() + prefix.len();
        self.source.error(&format!("unknown extension {prefix}{name}"), width as i64)
    }

    /// The closing parenthesis.
    pub fn close(&mut self, start: i64) -> Result<(), Exc> {
        if self.source.take(')')? {
            return Ok(());
        }
        Err(self.source.error("missing ), unterminated subpattern", self.source.tell() - start))
    }

    /// A group that captures.
    pub fn capture(
        &mut self,
        name: Option<String>,
        start: i64,
        verbose: bool,
        nodes: &mut Vec<ReNode>,
    ) -> Result<(), Exc> {
        let group = self.state.widths.len();
        self.state.widths.push(None);
        if let Some(name) = name {
            if let Some((_, other)) = self.state.names.iter().find(|(known, _)| *known == name) {
                let message =
                    format!("redefinition of group name {} as group {group}; was group {other}", re_quoted(&name));
                return Err(self.source.error(&message, name.chars().count() as i64 + 1));
            }
            self.state.names.push((name, group));
        }
        let body = self.alternatives(verbose, false)?;
        self.close(start)?;
        self.state.widths[group] = Some(re_width(&body, &self.state.widths));
        nodes.push(ReNode::Group(Some(group), 0, 0, body));
        Ok(())
    }

    /// A group that does not capture.
    pub fn plain_group(
        &mut self,
        start: i64,
        verbose: bool,
        flags: (i64, i64),
        nodes: &mut Vec<ReNode>,
    ) -> Result<(), Exc> {
        let body = self.alternatives(verbose, false)?;
        self.close(start)?;
        nodes.push(ReNode::Group(None, flags.0, flags.1, body));
        Ok(())
    }

    /// What begins with `(?P`.
    pub fn named(&mut self, start: i64, verbose: bool, nodes: &mut Vec<ReNode>) -> Result<(), Exc> {
        if self.source.take('<')? {
            let name = self.source.get_until('>', "group name")?;
            self.check_name(&name)?;
            return self.capture(Some(name), start, verbose, nodes);
        }
        if !self.source.take('=')? {
            let other = self.extension()?;
            return Err(self.unknown_extension("?P", other));
        }
        let name = self.source.get_until(')', "group name")?;
        self.check_name(&name)?;
        let width = name.chars().count() as i64 + 1;
        let Some(group) = self.group_number(&name) else {
            return Err(self.source.error(&format!("unknown group name {}", re_quoted(&name)), width));
        };
        if self.state.widths[group].is_none() {
            return Err(self.source.error("cannot refer to an open group", width));
        }
        self.check_look_behind(group)?;
        nodes.push(ReNode::Back(group));
        Ok(())
    }

    /// The number of a named group.
    pub fn group_number(&self, name: &str) -> Option<usize> {
        self.state.names.iter().find(|(known, _)| known == name).map(|(_, group)| *group)
    }

    /// A name must be one.
    pub fn check_name(&self, name: &str) -> Result<(), Exc> {
        if re_is_name(name) {
            return Ok(());
        }
        let message = format!("bad character in group name {}", re_quoted(name));
        Err(self.source.error(&message, name.chars().count() as i64 + 1))
    }

    /// A look ahead or behind.
    pub fn look(
        &mut self,
        start: i64,
        verbose: bool,
        (ahead, negated): (bool, bool),
        nodes: &mut Vec<ReNode>,
    ) -> Result<(), Exc> {
        let outer = self.state.look_behind;
        if !ahead && outer.is_none() {
            self.state.look_behind = Some(self.state.widths.len());
        }
        let body = self.alternatives(verbose, false)?;
        self.state.look_behind = outer;
        self.close(start)?;
        nodes.push(ReNode::Look(ahead, negated, body));
        Ok(())
    }

    /// `(?(group)yes|no)`.
    pub fn condition(&mut self, start: i64, verbose: bool, nodes: &mut Vec<ReNode>) -> Result<(), Exc> {
        let name = self.source.get_until(')', "group name")?;
        let width = name.chars().count() as i64 + 1;
        let group = if re_is_name(&name) {
            match self.group_number(&name) {
                Some(group) => group,
                None => {
                    return Err(self.source.error(&format!("unknown group name {}", re_quoted(&name)), width));
                }
            }
        } else {
            let group = match name.parse::<u32>() {
                Ok(group) => group as usize,
                Err(_) => {
                    let message = format!("bad character in group name {}", re_quoted(&name));
                    return Err(self.source.error(&message, width));
                }
            };
            if group == 0 {
                return Err(self.source.error("bad group number", width));
            }
            self.state.conditions.push((group, self.source.tell() - width));
            group
        };
        self.check_look_behind(group)?;
        let yes = self.sequence(verbose, false)?;
        let mut no = Vec::new();
        if self.source.take('|')? {
            no = self.sequence(verbose, false)?;
            if self.source.peek() == Some('|') {
                return Err(self.source.error("conditional backref with more than two branches", 0));
            }
        }
        self.close(start)?;
        nodes.push(ReNode::If(group, yes, no));
        Ok(())
    }
}

/// The flag that a letter names.
pub fn re_flag(letter: char) -> Option<i64> {
    Some(match letter {
        'i' => RE_IGNORECASE,
        'L' => RE_LOCALE,
        'm' => RE_MULTILINE,
        's' => RE_DOTALL,
        'x' => RE_VERBOSE,
        'a' => RE_ASCII,
        'u' => RE_UNICODE,
        _ => return None,
    })
}

impl ReReader {
    /// Flags in a group: those to set and to clear; none where they hold for the whole pattern.
    pub fn flags(&mut self, letter: char) -> Result<Option<(i64, i64)>, Exc> {
        let (mut added, mut cleared) = (0, 0);
        let mut letter = letter;
        while letter != '-' {
            let flag = re_flag(letter).unwrap_or(0);
            if flag == RE_LOCALE {
                return Err(self.source.error("bad inline flags: cannot use 'L' flag with a str pattern", 0));
            }
            added |= flag;
            if flag & RE_TYPE_FLAGS != 0 && added & RE_TYPE_FLAGS != flag {
                let message = "bad inline flags: flags 'a', 'u' and 'L' are incompatible";
                return Err(self.source.error(message, 0));
            }
            letter = self.flag_letter("missing -, : or )", ")-:")?;
            match letter {
                ')' => {
                    self.state.flags |= added;
                    return Ok(None);
                }
                ':' => return Ok(Some((added, 0))),
                _ => {}
            }
        }
        letter = self.flag_letter("missing flag", "")?;
        while letter != ':' {
            let flag = re_flag(letter).unwrap_or(0);
            if flag & RE_TYPE_FLAGS != 0 {
                let message = "bad inline flags: cannot turn off flags 'a', 'u' and 'L'";
                return Err(self.source.error(message, 0));
            }
            cleared |= flag;
            letter = self.flag_letter("missing :", ":")?;
        }
        if added & cleared != 0 {
            return Err(self.source.error("bad inline flags: flag turned on and off", 1));
        }
        Ok(Some((added, cleared)))
    }

    /// The next letter of flags, or one of the ends.
    pub fn flag_letter(&mut self, missing: &str, ends: &str) -> Result<char, Exc> {
        let Some((letter, second)) = self.source.get()? else {
            return Err(self.source.error(missing, 0));
        };
        if second.is_none() && (ends.contains(letter) || re_flag(letter).is_some()) {
            return Ok(letter);
        }
        let width = 1 + i64::from(second.is_some());
        let is_letter = second.is_none() && letter.is_alphabetic();
        Err(self.source.error(if is_letter { "unknown flag" } else { missing }, width))
    }
}

/// The narrowest and the widest text that nodes match.
pub fn re_width(nodes: &[ReNode], widths: &[Option<(u64, u64)>]) -> (u64, u64) {
    let (mut low, mut high) = (0u64, 0u64);
    for node in nodes {
        let (l, h) = match node {
            ReNode::Literal(_) | ReNode::Any | ReNode::Set(..) => (1, 1),
            ReNode::At(_) | ReNode::Look(..) => (0, 0),
            ReNode::Branch(items) => {
                items.iter().map(|item| re_width(item, widths)).fold((u64::MAX, 0), |a, b| (a.0.min(b.0), a.1.max(b.1)))
            }
            ReNode::Group(_, _, _, body) | ReNode::Atomic(body) => re_width(body, widths),
            ReNode::Repeat(min, max, _, body) => {
                let (l, h) = re_width(body, widths);
                let most = if *max == RE_ENDLESS && h > 0 { u64::MAX } else { h.saturating_mul(u64::from(*max)) };
                (l.saturating_mul(u64::from(*min)), most)
            }
            ReNode::Back(group) => widths.get(*group).copied().flatten().unwrap_or((0, 0)),
            ReNode::If(_, yes, no) => {
                let (a, b) = (re_width(yes, widths), re_width(no, widths));
                (a.0.min(b.0), a.1.max(b.1))
            }
        };
        low = low.saturating_add(l);
        high = high.saturating_add(h);
    }
    (low, high)
}

/// A set that a node stands for, if it matches one character.
pub fn re_is_single(nodes: &[ReNode]) -> bool {
    match nodes {
        [ReNode::Literal(_) | ReNode::Any | ReNode::Set(..)] => true,
        [ReNode::Group(None, _, _, body)] => re_is_single(body),
        _ => false,
    }
}
