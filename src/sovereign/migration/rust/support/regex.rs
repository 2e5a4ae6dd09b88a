//! `re`: patterns and matches, with CPython's results and error texts.
//!
//! `re_compile(pattern: &Str, flags: i64) -> Result<Pattern, Exc>` (kept, so that a program may call it in a loop);
//! flags are `RE_IGNORECASE RE_MULTILINE RE_DOTALL RE_VERBOSE RE_ASCII`; `re_escape(&str) -> Str`;
//! `re_purge()`. The other functions of the module are methods of the compiled pattern.
//! `Pattern::{search, match_, fullmatch}(&self, text: &Str) -> Option<Match>`, each also `_between(text, pos, endpos: i64)`;
//! `findall::<R: ReRow>(&self, text) -> List<R>` (R is `Str` for up to one group, else a tuple of `Str`),
//! `finditer(&self, text) -> Iter<Match>`, `split(text, maxsplit: i64) -> List<Str>` (no groups), `split_groups(text,
//! maxsplit) -> List<Option<Str>>`, `sub(template: &Str, text, count: i64) -> Result<Str, Exc>`, `subn -> (Str, i64)`,
//! `sub_with(f: impl FnMut(Match) -> Result<Str, Exc>, text, count)`, `subn_with`, `pattern() -> Str`, `flags() -> i64`,
//! `groups() -> i64`, `groupindex() -> Dict<Str, i64>`.
//! `Match::{whole() -> Str, group(i64) -> Result<Option<Str>, Exc>, group_named(&str), groups_as::<R>() -> R,
//! groups_list(default: Option<Str>) -> Vec<Option<Str>>, groupdict(default) -> Dict<Str, Option<Str>>, start(i64) ->
//! Result<i64, Exc>, end, span -> Result<(i64, i64), Exc>, number(&str) -> Result<i64, Exc> (of a named group), expand(&str)
//! -> Result<Str, Exc>, lastindex() -> Option<i64>, lastgroup() -> Option<Str>, string(), pos(), endpos(), re()}`.
//! Refused: byte patterns, `re.LOCALE`, `re.DEBUG`, `re.Scanner`, `\N{...}`.

use crate::{
    re_control, re_find, re_is_name, re_program, re_quoted, Dict, Exc, Iter, List, Object, ReHow, ReProgram, ReSource,
    ReText, Seq, Single, Str, INDEX_ERROR, RE_UNSET,
};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

/// A compiled pattern; a clone is the same pattern.
#[derive(Clone)]
pub struct Pattern(Rc<ReProgram>);

/// What a match holds.
pub struct MatchBody {
    /// The pattern.
    pub pattern: Pattern,
    /// The text that was searched.
    pub subject: Str,
    /// The text with its characters in reach.
    pub text: ReText,
    /// Where each group begins and ends, then the last group that closed.
    pub slots: Vec<usize>,
    /// Where the search began.
    pub pos: i64,
    /// Where the search ended.
    pub endpos: i64,
}

/// A match; a clone is the same match.
#[derive(Clone)]
pub struct Match(Rc<MatchBody>);

/// One pattern that was compiled before: its text, its flags, itself.
pub type ReKept = (Str, i64, Pattern);

/// The patterns that were compiled before.
pub static RE_CACHE: Single<Vec<ReKept>> = Single::new(Vec::new());

/// `re.compile`.
pub fn re_compile(pattern: &Str, flags: i64) -> Result<Pattern, Exc> {
    let mut kept = RE_CACHE.replace(Vec::new());
    let found =
        kept.iter().find(|(text, known, _)| *known == flags && text == pattern).map(|(_, _, found)| found.clone());
    let compiled = match found {
        Some(found) => Ok(found),
        None => re_program(pattern, flags).map(|program| Pattern(Rc::new(program))),
    };
    if let (Ok(compiled), false) = (&compiled, kept.iter().any(|(text, known, _)| *known == flags && text == pattern)) {
        if kept.len() >= 512 {
            kept.remove(0);
        }
        kept.push((pattern.clone(), flags, compiled.clone()));
    }
    RE_CACHE.replace(kept);
    compiled
}

/// `re.purge`.
pub fn re_purge() {
    RE_CACHE.replace(Vec::new());
}

/// `re.escape`.
pub fn re_escape(text: &str) -> Str {
    let mut out = String::new();
    for character in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\x0b\x0c".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    Str::from(out)
}

impl Pattern {
    /// A match in part of a text.
    pub fn find(&self, subject: &Str, text: &ReText, pos: i64, endpos: i64, how: ReHow, leave: bool) -> Option<Match> {
        let length = text.len() as i64;
        let endpos = endpos.clamp(0, length);
        let pos = pos.clamp(0, length);
        let slots = re_find(&self.0, text, pos as usize, endpos as usize, how, leave)?;
        let (pattern, subject, text) = (self.clone(), subject.clone(), text.clone());
        Some(Match(Rc::new(MatchBody { pattern, subject, text, slots, pos, endpos })))
    }

    /// `pattern.search(text, pos, endpos)`.
    pub fn search_between(&self, text: &Str, pos: i64, endpos: i64) -> Option<Match> {
        self.find(text, &ReText::new(text), pos, endpos, ReHow::Search, false)
    }

    /// `pattern.match(text, pos, endpos)`.
    pub fn match_between(&self, text: &Str, pos: i64, endpos: i64) -> Option<Match> {
        self.find(text, &ReText::new(text), pos, endpos, ReHow::Match, false)
    }

    /// `pattern.fullmatch(text, pos, endpos)`.
    pub fn fullmatch_between(&self, text: &Str, pos: i64, endpos: i64) -> Option<Match> {
        self.find(text, &ReText::new(text), pos, endpos, ReHow::FullMatch, false)
    }

    /// `pattern.search(text)`.
    pub fn search(&self, text: &Str) -> Option<Match> {
        self.search_between(text, 0, i64::MAX)
    }

    /// `pattern.match(text)`.
    pub fn match_(&self, text: &Str) -> Option<Match> {
        self.match_between(text, 0, i64::MAX)
    }

    /// `pattern.fullmatch(text)`.
    pub fn fullmatch(&self, text: &Str) -> Option<Match> {
        self.fullmatch_between(text, 0, i64::MAX)
    }
}

/// Goes from match to match, as `finditer` does.
pub struct ReWalk {
    /// The pattern.
    pub pattern: Pattern,
    /// The text.
    pub subject: Str,
    /// The text with its characters in reach.
    pub text: ReText,
    /// Where to go on.
    pub place: i64,
    /// Whether the last match was empty, so that the next one must not be.
    pub leave: bool,
}

impl Iterator for ReWalk {
    type Item = Match;

    fn next(&mut self) -> Option<Match> {
        let end = self.text.len() as i64;
        if self.place > end {
            return None;
        }
        let found = self.pattern.find(&self.subject, &self.text, self.place, end, ReHow::Search, self.leave);
        let Some(found) = found else {
            self.place = end + 1;
            return None;
        };
        let (start, stop) = (found.0.slots[0], found.0.slots[1]);
        self.leave = start == stop;
        self.place = stop as i64;
        Some(found)
    }
}

impl Pattern {
    /// The matches of a text, one by one.
    pub fn walk(&self, text: &Str) -> ReWalk {
        ReWalk { pattern: self.clone(), subject: text.clone(), text: ReText::new(text), place: 0, leave: false }
    }

    /// `pattern.finditer(text)`.
    pub fn finditer(&self, text: &Str) -> Iter<Match> {
        Iter::infallible(self.walk(text).map(Match::from_start))
    }

    /// `pattern.findall(text)`.
    pub fn findall<R: ReRow>(&self, text: &Str) -> List<R> {
        let first = usize::from(self.0.groups > 0);
        self.walk(text).map(|found| R::from_groups(&mut |group| found.text_of(group + first))).collect()
    }

    /// `pattern.findall(text)` whose rows are tuples of all groups, or of the whole match where there are none.
    pub fn findall_rows(&self, text: &Str) -> Vec<Seq<Str>> {
        let first = usize::from(self.0.groups > 0);
        let cells = first..self.0.groups.max(first) + 1;
        let row = |found: Match| cells.clone().map(|group| found.text_of(group).unwrap_or_default()).collect();
        self.walk(text).map(row).collect()
    }

    /// `pattern.split(text, maxsplit)` of a pattern without groups.
    pub fn split(&self, text: &Str, maxsplit: i64) -> List<Str> {
        let parts = self.split_groups(text, maxsplit);
        parts.iter().map(Option::unwrap_or_default).collect()
    }

    /// `pattern.split(text, maxsplit)`.
    pub fn split_groups(&self, text: &Str, maxsplit: i64) -> List<Option<Str>> {
        let parts = List::new();
        let mut walk = self.walk(text);
        let mut last = 0;
        let mut count = 0;
        while maxsplit == 0 || count < maxsplit {
            let Some(found) = walk.next() else { break };
            parts.append(Some(walk.text.part(last, found.0.slots[0])));
            for group in 1..=self.0.groups {
                parts.append(found.text_of(group));
            }
            last = found.0.slots[1];
            count += 1;
        }
        parts.append(Some(walk.text.part(last, walk.text.len())));
        parts
    }
}

impl Pattern {
    /// `pattern.subn(function, text, count)`.
    pub fn subn_with(
        &self,
        mut replace: impl FnMut(Match) -> Result<Str, Exc>,
        text: &Str,
        count: i64,
    ) -> Result<(Str, i64), Exc> {
        let mut out = String::new();
        let mut walk = self.walk(text);
        let mut last = 0;
        let mut done = 0;
        while count == 0 || done < count {
            let Some(found) = walk.next() else { break };
            out.push_str(&walk.text.part(last, found.0.slots[0]));
            last = found.0.slots[1];
            out.push_str(&replace(found)?);
            done += 1;
        }
        if done == 0 {
            return Ok((text.clone(), 0));
        }
        out.push_str(&walk.text.part(last, walk.text.len()));
        Ok((Str::from(out), done))
    }

    /// `pattern.sub(function, text, count)`.
    pub fn sub_with(&self, replace: impl FnMut(Match) -> Result<Str, Exc>, text: &Str, count: i64) -> Result<Str, Exc> {
        self.subn_with(replace, text, count).map(|(text, _)| text)
    }

    /// `pattern.subn(template, text, count)`.
    pub fn subn(&self, template: &Str, text: &Str, count: i64) -> Result<(Str, i64), Exc> {
        let parts = re_template(template, self)?;
        self.subn_with(|found| Ok(found.fill(&parts)), text, count)
    }

    /// `pattern.sub(template, text, count)`.
    pub fn sub(&self, template: &Str, text: &Str, count: i64) -> Result<Str, Exc> {
        self.subn(template, text, count).map(|(text, _)| text)
    }
}

impl Pattern {
    /// `pattern.pattern`.
    pub fn pattern(&self) -> Str {
        self.0.pattern.clone()
    }

    /// `pattern.flags`.
    pub fn flags(&self) -> i64 {
        self.0.flags
    }

    /// `pattern.groups`.
    pub fn groups(&self) -> i64 {
        self.0.groups as i64
    }

    /// `pattern.groupindex`.
    pub fn groupindex(&self) -> Dict<Str, i64> {
        self.0.names.iter().map(|(name, group)| (Str::from(name), *group as i64)).collect()
    }

    /// The number of a named group.
    pub fn group_of(&self, name: &str) -> Option<usize> {
        self.0.names.iter().find(|(known, _)| known == name).map(|(_, group)| *group)
    }
}

/// One piece of a template.
pub enum ReTemplatePart {
    /// Text as it is.
    Text(String),
    /// The text of a group.
    Group(usize),
}

/// Reads templates of `sub` and `expand`.
pub fn re_template(template: &str, pattern: &Pattern) -> Result<Vec<ReTemplatePart>, Exc> {
    let mut source = ReSource::new(template)?;
    let mut parts: Vec<ReTemplatePart> = Vec::new();
    while let Some((character, second)) = source.get()? {
        match second {
            None => re_template_text(&mut parts, character),
            Some('g') => {
                let group = re_template_name(&mut source, pattern)?;
                parts.push(ReTemplatePart::Group(group));
            }
            Some(digit @ '0'..='9') => re_template_digits(&mut source, pattern, digit, &mut parts)?,
            Some(escaped) => match re_control(escaped) {
                Some(code) => re_template_text(&mut parts, char::from_u32(code).unwrap_or('\0')),
                None if escaped.is_ascii_alphabetic() => {
                    return Err(source.error(&format!("bad escape \\{escaped}"), 2));
                }
                None => {
                    re_template_text(&mut parts, '\\');
                    re_template_text(&mut parts, escaped);
                }
            },
        }
    }
    Ok(parts)
}

/// Add a character to a template.
pub fn re_template_text(parts: &mut Vec<ReTemplatePart>, character: char) {
    match parts.last_mut() {
        Some(ReTemplatePart::Text(text)) => text.push(character),
        _ => parts.push(ReTemplatePart::Text(String::from(character))),
    }
}

/// The group of `\g<name>`.
pub fn re_template_name(source: &mut ReSource, pattern: &Pattern) -> Result<usize, Exc> {
    if !source.take('<')? {
        return Err(source.error("missing <", 0));
    }
    let name = source.get_until('>', "group name")?;
    let width = name.chars().count() as i64 + 1;
    if re_is_name(&name) {
        let unknown = || Exc::new(&INDEX_ERROR, format!("unknown group name {}", re_quoted(&name)));
        return pattern.group_of(&name).ok_or_else(unknown);
    }
    let Ok(group) = name.parse::<u32>() else {
        return Err(source.error(&format!("bad character in group name {}", re_quoted(&name)), width));
    };
    re_template_group(source, pattern, group as usize, width)
}

/// A group that must exist.
pub fn re_template_group(source: &ReSource, pattern: &Pattern, group: usize, width: i64) -> Result<usize, Exc> {
    if group > pattern.0.groups {
        return Err(source.error(&format!("invalid group reference {group}"), width));
    }
    Ok(group)
}

/// A group's number behind a backslash, or an octal number.
pub fn re_template_digits(
    source: &mut ReSource,
    pattern: &Pattern,
    digit: char,
    parts: &mut Vec<ReTemplatePart>,
) -> Result<(), Exc> {
    let octal = |c: char| ('0'..='7').contains(&c);
    let mut digits = String::from(digit);
    if digit == '0' {
        digits.push_str(&source.get_while(2, octal)?);
        let code = u32::from_str_radix(&digits, 8).unwrap_or(0) & 0xff;
        re_template_text(parts, char::from_u32(code).unwrap_or('\0'));
        return Ok(());
    }
    digits.push_str(&source.get_while(1, |c| c.is_ascii_digit())?);
    let third = source.peek().filter(|c| octal(*c) && digits.len() == 2 && digits.chars().all(octal));
    if let Some(third) = third {
        source.advance()?;
        digits.push(third);
        let code = u32::from_str_radix(&digits, 8).unwrap_or(0);
        if code > 0o377 {
            let message = format!("octal escape value \\{digits} outside of range 0-0o377");
            return Err(source.error(&message, 4));
        }
        re_template_text(parts, char::from_u32(code).unwrap_or('\0'));
        return Ok(());
    }
    let width = digits.len() as i64;
    let group = re_template_group(source, pattern, digits.parse().unwrap_or(usize::MAX), width)?;
    parts.push(ReTemplatePart::Group(group));
    Ok(())
}

impl Match {
    /// The match, found by a search of the whole text.
    pub fn from_start(self) -> Match {
        match Rc::try_unwrap(self.0) {
            Ok(body) => Match(Rc::new(MatchBody { pos: 0, ..body })),
            Err(shared) => Match(shared),
        }
    }

    /// The text of a group that exists.
    pub fn text_of(&self, group: usize) -> Option<Str> {
        let (start, end) = (self.0.slots[2 * group], self.0.slots[2 * group + 1]);
        (start != RE_UNSET && end != RE_UNSET).then(|| self.0.text.part(start, end))
    }

    /// A template with the groups' texts.
    pub fn fill(&self, parts: &[ReTemplatePart]) -> Str {
        let mut out = String::new();
        for part in parts {
            match part {
                ReTemplatePart::Text(text) => out.push_str(text),
                ReTemplatePart::Group(group) => out.push_str(&self.text_of(*group).unwrap_or_default()),
            }
        }
        Str::from(out)
    }

    /// A group that must exist.
    pub fn checked(&self, group: i64) -> Result<usize, Exc> {
        if group < 0 || group > self.0.pattern.groups() {
            return Err(Exc::new(&INDEX_ERROR, "no such group"));
        }
        Ok(group as usize)
    }

    /// The number of a named group.
    pub fn number(&self, name: &str) -> Result<i64, Exc> {
        let group = self.0.pattern.group_of(name);
        group.map(|group| group as i64).ok_or_else(|| Exc::new(&INDEX_ERROR, "no such group"))
    }
}

impl Match {
    /// `match.group()`.
    pub fn whole(&self) -> Str {
        self.text_of(0).unwrap_or_default()
    }

    /// `match.group(number)`.
    pub fn group(&self, group: i64) -> Result<Option<Str>, Exc> {
        Ok(self.text_of(self.checked(group)?))
    }

    /// `match.group(name)`.
    pub fn group_named(&self, name: &str) -> Result<Option<Str>, Exc> {
        self.group(self.number(name)?)
    }

    /// `match.groups(default)`.
    pub fn groups_list(&self, default: Option<Str>) -> Vec<Option<Str>> {
        (1..=self.0.pattern.0.groups).map(|group| self.text_of(group).or_else(|| default.clone())).collect()
    }

    /// `match.groups()` as a tuple; its cells are `Option<Str>`, or `Str` where a group always matches.
    pub fn groups_as<R: ReRow>(&self) -> R {
        R::from_groups(&mut |group| self.text_of(group + 1))
    }

    /// `match.groupdict(default)`.
    pub fn groupdict(&self, default: Option<Str>) -> Dict<Str, Option<Str>> {
        let names = self.0.pattern.0.names.iter();
        names.map(|(name, group)| (Str::from(name), self.text_of(*group).or_else(|| default.clone()))).collect()
    }

    /// `match.expand(template)`.
    pub fn expand(&self, template: &str) -> Result<Str, Exc> {
        Ok(self.fill(&re_template(template, &self.0.pattern)?))
    }
}

impl Match {
    /// `match.span(group)`.
    pub fn span(&self, group: i64) -> Result<(i64, i64), Exc> {
        let group = self.checked(group)?;
        let (start, end) = (self.0.slots[2 * group], self.0.slots[2 * group + 1]);
        Ok(if start == RE_UNSET || end == RE_UNSET { (-1, -1) } else { (start as i64, end as i64) })
    }

    /// `match.start(group)`.
    pub fn start(&self, group: i64) -> Result<i64, Exc> {
        self.span(group).map(|(start, _)| start)
    }

    /// `match.end(group)`.
    pub fn end(&self, group: i64) -> Result<i64, Exc> {
        self.span(group).map(|(_, end)| end)
    }

    /// `match.lastindex`.
    pub fn lastindex(&self) -> Option<i64> {
        self.0.slots.last().filter(|last| **last != RE_UNSET).map(|last| *last as i64)
    }

    /// `match.lastgroup`.
    pub fn lastgroup(&self) -> Option<Str> {
        let last = self.lastindex()?;
        let names = &self.0.pattern.0.names;
        names.iter().find(|(_, group)| *group as i64 == last).map(|(name, _)| Str::from(name))
    }

    /// `match.string`.
    pub fn string(&self) -> Str {
        self.0.subject.clone()
    }

    /// `match.pos`.
    pub fn pos(&self) -> i64 {
        self.0.pos
    }

    /// `match.endpos`.
    pub fn endpos(&self) -> i64 {
        self.0.endpos
    }

    /// `match.re`.
    pub fn re(&self) -> Pattern {
        self.0.pattern.clone()
    }
}

/// What a row of groups becomes: a text, or a tuple of texts.
pub trait ReRow {
    /// A row out of the texts of groups by number, from 0.
    fn from_groups(text: &mut dyn FnMut(usize) -> Option<Str>) -> Self;
}

/// What one group of a row becomes.
pub trait ReCell {
    /// A cell out of a group's text.
    fn from_text(text: Option<Str>) -> Self;
}

impl ReCell for Str {
    fn from_text(text: Option<Str>) -> Str {
        text.unwrap_or_default()
    }
}

impl ReCell for Option<Str> {
    fn from_text(text: Option<Str>) -> Option<Str> {
        text
    }
}

impl ReRow for Str {
    fn from_groups(text: &mut dyn FnMut(usize) -> Option<Str>) -> Str {
        text(0).unwrap_or_default()
    }
}

/// `ReRow` for tuples of one length.
macro_rules! re_row {
    ($($name:ident $index:tt)+) => {
        impl<$($name: ReCell),+> ReRow for ($($name,)+) {
            fn from_groups(text: &mut dyn FnMut(usize) -> Option<Str>) -> Self {
                ($($name::from_text(text($index)),)+)
            }
        }
    };
}

re_row!(A 0);
re_row!(A 0 B 1);
re_row!(A 0 B 1 C 2);
re_row!(A 0 B 1 C 2 D 3);
re_row!(A 0 B 1 C 2 D 3 E 4);
re_row!(A 0 B 1 C 2 D 3 E 4 F 5);
re_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
re_row!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);

/// The first characters of a text, as `%.50R` of C shows them.
pub fn re_first_characters(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(byte, _)| &text[..byte])
}

impl Object for Pattern {
    fn write_repr(&self, out: &mut String) {
        out.push_str("re.compile(");
        out.push_str(re_first_characters(&re_quoted(&self.0.pattern), 200));
        let names =
            [(2, "IGNORECASE"), (4, "LOCALE"), (8, "MULTILINE"), (16, "DOTALL"), (64, "VERBOSE"), (256, "ASCII")];
        let set: Vec<String> =
            names.iter().filter(|(flag, _)| self.0.flags & flag != 0).map(|(_, name)| format!("re.{name}")).collect();
        if !set.is_empty() {
            out.push_str(", ");
            out.push_str(&set.join("|"));
        }
        out.push(')');
    }
    fn equals(&self, other: &Self) -> bool {
        self.0.flags == other.0.flags && self.0.pattern == other.0.pattern
    }
    fn hash(&self) -> u64 {
        self.0.pattern.hash() ^ self.0.flags as u64
    }
    fn type_name(&self) -> &'static str {
        "Pattern"
    }
}

impl Object for Match {
    fn write_repr(&self, out: &mut String) {
        let (start, end) = (self.0.slots[0], self.0.slots[1]);
        let quoted = re_quoted(&self.whole());
        let shown = re_first_characters(&quoted, 50);
        out.push_str(&format!("<re.Match object; span=({start}, {end}), match={shown}>"));
    }
    fn equals(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
    fn hash(&self) -> u64 {
        crate::hash_identity(&*self.0)
    }
    fn type_name(&self) -> &'static str {
        "Match"
    }
}
