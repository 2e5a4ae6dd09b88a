//! Which calls an expression means: `openat,read`, `%file,!stat`, `!%memory`, `/^(get|set)sock/`.
//!
//! Words stand between commas: a call's name, a class behind `%` (the names of classes that are no call's also alone), a
//! pattern between slashes (POSIX extended, found anywhere in a name), `all` or `none`. A `!` before the first word takes
//! everything but what is named; before a later word it takes that out again. `?` before a name allows it to be unknown.

use std::{ffi::CString, fmt, mem::MaybeUninit};

use super::names::{classes, entry_of, is_in_class, last};
use crate::call::Abi;

const ABIS: [Abi; 3] = [Abi::X86_64, Abi::X32, Abi::I386];
const FARTHEST: usize = 3;
const MOST_NEAR: usize = 3;

/// What an expression means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    is_complement: bool,
    calls: Vec<(Abi, u32)>,
}

impl Selection {
    /// Whether a call is meant; a number without a name is where everything but some calls is.
    pub fn holds(&self, abi: Abi, number: u32) -> bool {
        self.calls.contains(&(abi, number)) != self.is_complement
    }
}

/// Why an expression has no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// No table has a call of that name; the names nearest to it.
    Call(String, Vec<&'static str>),
    /// There is no such class; the names nearest to it.
    Class(String, Vec<&'static str>),
    /// A pattern is wrong, and why.
    Pattern(String, String),
    /// Nothing stands between two commas, or in the whole.
    Empty,
}

impl fmt::Display for Unknown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, word, near) = match self {
            Unknown::Call(word, near) => ("call", word, near),
            Unknown::Class(word, near) => ("class of calls", word, near),
            Unknown::Pattern(word, why) => return write!(out, "the pattern `{word}` is wrong: {why}"),
            Unknown::Empty => return out.write_str("an expression of calls holds an empty word"),
        };
        write!(out, "there is no {what} of the name `{word}`")?;
        if near.is_empty() { Ok(()) } else { write!(out, "; near it: {}", near.join(", ")) }
    }
}

impl std::error::Error for Unknown {}

/// The meaning of an expression.
///
/// # Errors
/// A name, a class or a pattern that means nothing.
pub fn select(words: &str) -> Result<Selection, Unknown> {
    let (is_complement, words) = match words.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, words),
    };
    let mut selection = Selection { is_complement, calls: Vec::new() };
    for word in split(words) {
        match word.strip_prefix('!') {
            Some(taken) if !is_complement => {
                let out = named(taken)?;
                selection.calls.retain(|call| !out.contains(call));
            }
            other => selection.calls.extend(named(other.unwrap_or(word))?),
        }
    }
    selection.calls.sort_unstable_by_key(|(abi, number)| (*abi as u8, *number));
    selection.calls.dedup();
    Ok(selection)
}

/// The words between commas, of which one within slashes separates nothing.
fn split(words: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = words;
    loop {
        let start = rest.strip_prefix('!').map_or(0, |_| 1);
        let pattern = rest[start..].strip_prefix('/').and_then(|inside| inside.find('/').map(|end| start + end + 2));
        let from = pattern.unwrap_or(0);
        let Some(end) = rest[from..].find(',') else {
            found.push(rest);
            return found;
        };
        found.push(&rest[..from + end]);
        rest = &rest[from + end + 1..];
    }
}

fn named(word: &str) -> Result<Vec<(Abi, u32)>, Unknown> {
    if let Some(pattern) = word.strip_prefix('/') {
        let pattern = Pattern::new(pattern.strip_suffix('/').unwrap_or(pattern))?;
        return Ok(matching(|_, _, name| pattern.is_in(name)));
    }
    if let Some(class) = word.strip_prefix('%') {
        let is_known = classes().contains(&class);
        let near = || nearest(class, classes().iter().copied());
        return if is_known { Ok(of_class(class)) } else { Err(Unknown::Class(word.to_owned(), near())) };
    }
    let (is_optional, name) = word.strip_prefix('?').map_or((false, word), |name| (true, name));
    let calls = match name {
        "" => return Err(Unknown::Empty),
        "all" => return Ok(matching(|_, _, _| true)),
        "none" => return Ok(Vec::new()),
        _ => matching(|_, _, known| known == name),
    };
    if !calls.is_empty() || is_optional {
        return Ok(calls);
    }
    if classes().contains(&name) {
        return Ok(of_class(name));
    }
    let all = ABIS.iter().flat_map(|&abi| (0..=last(abi)).filter_map(move |number| super::name(abi, number)));
    Err(Unknown::Call(name.to_owned(), nearest(name, all)))
}

fn of_class(class: &str) -> Vec<(Abi, u32)> {
    matching(|abi, number, _| is_in_class(abi, number, class))
}

fn matching(holds: impl Fn(Abi, u32, &str) -> bool) -> Vec<(Abi, u32)> {
    let all = ABIS.iter().flat_map(|&abi| (0..=last(abi)).map(move |number| (abi, number)));
    all.filter(|&(abi, number)| entry_of(abi, number).is_some_and(|entry| holds(abi, number, entry.name))).collect()
}

fn nearest(wanted: &str, known: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut near: Vec<_> = known.map(|name| (distance(wanted, name), name)).collect();
    near.retain(|(distance, name)| *distance <= FARTHEST.min(name.len().max(wanted.len()) / 2));
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(MOST_NEAR).map(|(_, name)| name).collect()
}

/// How many letters must be put in, left out or changed.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = line + 1;
        for (place, known) in other.bytes().enumerate() {
            let change = corner + usize::from(letter != known);
            corner = row[place + 1];
            row[place + 1] = change.min(corner + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}

/// A pattern of the C library.
struct Pattern(libc::regex_t);

impl Pattern {
    fn new(text: &str) -> Result<Pattern, Unknown> {
        let wrong = |why: &str| Unknown::Pattern(text.to_owned(), why.to_owned());
        let pattern = CString::new(text).map_err(|_| wrong("it holds a zero byte"))?;
        let mut compiled = MaybeUninit::uninit();
        // SAFETY: `compiled` is room for a pattern and `pattern` ends with a zero byte; the library writes only the former.
        let code =
            unsafe { libc::regcomp(compiled.as_mut_ptr(), pattern.as_ptr(), libc::REG_EXTENDED | libc::REG_NOSUB) };
        if code != 0 {
            return Err(wrong(reason(code)));
        }
        // SAFETY: `regcomp` has succeeded, so it has written the whole pattern.
        Ok(Pattern(unsafe { compiled.assume_init() }))
    }

    fn is_in(&self, name: &str) -> bool {
        let Ok(name) = CString::new(name) else { return false };
        // SAFETY: the pattern was compiled by `new` and lives, the name ends with a zero byte, and no places are asked for.
        unsafe { libc::regexec(&raw const self.0, name.as_ptr(), 0, std::ptr::null_mut(), 0) == 0 }
    }
}

impl Drop for Pattern {
    fn drop(&mut self) {
        // SAFETY: the pattern was compiled by `new` and is freed once, here.
        unsafe { libc::regfree(&raw mut self.0) }
    }
}

fn reason(code: i32) -> &'static str {
    match code {
        libc::REG_EBRACK => "a `[` is not closed",
        libc::REG_EPAREN => "a `(` or `)` stands alone",
        libc::REG_EBRACE | libc::REG_BADBR => "a count between `{` and `}` is wrong",
        libc::REG_BADRPT => "nothing stands before a `*`, `+` or `?`",
        libc::REG_ERANGE => "a range of letters is wrong",
        libc::REG_EESCAPE => "it ends with a `\\`",
        _ => "the C library refuses it",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{name, number};

    fn shown(words: &str) -> Vec<&'static str> {
        let selection = select(words).expect("a meaning");
        let numbers = (0..=last(Abi::X86_64)).filter(|&number| selection.holds(Abi::X86_64, number));
        numbers.filter_map(|number| name(Abi::X86_64, number)).collect()
    }

    #[test]
    fn names_classes_and_patterns_add_up() {
        assert_eq!(shown("read,openat"), ["read", "openat"]);
        assert_eq!(shown("/^get.?sock/"), ["getsockname", "getsockopt"]);
        assert_eq!(shown("/^pipe2?$/,close"), ["close", "pipe", "pipe2"]);
        assert_eq!(shown("/^(dup{1,1}2|tee)$/"), ["dup2", "tee"]);
        assert!(shown("%network").contains(&"connect") && shown("network") == shown("%network"));
        assert_eq!(shown("stat"), ["stat"]);
        assert_eq!(shown("?nothing_like_it,read"), ["read"]);
        assert_eq!(shown("none"), Vec::<&str>::new());
    }

    #[test]
    fn a_mark_takes_out() {
        let all = shown("all").len();
        assert_eq!(shown("!read").len(), all - 1);
        assert_eq!(shown("!read,write").len(), all - 2);
        assert_eq!(shown("!read,!write").len(), all - 2);
        let file = shown("%file");
        assert_eq!(shown("%file,!openat").len(), file.len() - 1);
        assert!(select("!read").expect("a meaning").holds(Abi::X86_64, 9999));
        assert!(!select("all").expect("a meaning").holds(Abi::X86_64, 9999));
    }

    #[test]
    fn a_name_counts_in_every_table() {
        let selection = select("execve").expect("a meaning");
        assert!(selection.holds(Abi::X86_64, 59) && selection.holds(Abi::X32, 520) && selection.holds(Abi::I386, 11));
        assert!(
            select("socketcall").expect("a meaning").holds(Abi::I386, number(Abi::I386, "socketcall").expect("it"))
        );
    }

    #[test]
    fn what_means_nothing_is_refused_with_what_is_near() {
        let said = |words| select(words).expect_err("no meaning").to_string();
        assert_eq!(said("opnat"), "there is no call of the name `opnat`; near it: openat, openat2, linkat");
        assert_eq!(said("%fil"), "there is no class of calls of the name `%fil`; near it: file");
        assert_eq!(said("qqqqqqqqqq"), "there is no call of the name `qqqqqqqqqq`");
        assert_eq!(said("/a(/"), "the pattern `a(` is wrong: a `(` or `)` stands alone");
        assert_eq!(said("read,,write"), "an expression of calls holds an empty word");
        assert_eq!(said(""), said("read,"));
    }
}
