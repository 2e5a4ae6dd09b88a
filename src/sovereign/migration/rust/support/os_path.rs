//! `os.path` of POSIX, on texts alone, and `fnmatch`.
//!
//! `os_path_join(&[&str]) -> Str`, `os_path_split(&str) -> (Str, Str)`, `os_path_basename`, `os_path_dirname`, `os_path_splitext ->
//! (Str, Str)`, `os_path_normpath`, `os_path_isabs -> bool`, `os_path_commonprefix(&[Str]) -> Str`,
//! `os_path_commonpath(&[Str]) -> Result<Str, Exc>`, `os_path_abspath`, `os_path_relpath(&str, start: Option<&str>) -> Result<Str,
//! Exc>`, `os_path_expanduser`, `os_path_expandvars`, `os_path_exists -> bool`, `os_path_isfile`, `os_path_isdir`,
//! `os_path_getsize -> Result<i64, Exc>`; `fnmatch_fnmatchcase(name: &str, pattern: &str) -> bool` (also `fnmatch.fnmatch`),
//! `fnmatch_filter(&List<Str>, pattern) -> List<Str>`. Refused: `realpath`, times of files, links, users by name.

use crate::{os_error, platform, Exc, List, PathKind, Str, VALUE_ERROR};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// `os.path.join`.
pub fn os_path_join(parts: &[&str]) -> Str {
    let mut path = String::new();
    for (place, part) in parts.iter().enumerate() {
        if part.starts_with('/') || place == 0 {
            path.clear();
        } else if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(part);
    }
    Str::from(path)
}

/// The folder's part and the name's part of a path.
pub fn os_path_halves(path: &str) -> (&str, &str) {
    let start = path.rfind('/').map_or(0, |place| place + 1);
    let (head, tail) = path.split_at(start);
    let trimmed = head.trim_end_matches('/');
    (if trimmed.is_empty() { head } else { trimmed }, tail)
}

/// `os.path.split`.
pub fn os_path_split(path: &str) -> (Str, Str) {
    let (head, tail) = os_path_halves(path);
    (Str::from(head), Str::from(tail))
}

/// `os.path.basename`.
pub fn os_path_basename(path: &str) -> Str {
    Str::from(os_path_halves(path).1)
}

/// `os.path.dirname`.
pub fn os_path_dirname(path: &str) -> Str {
    Str::from(os_path_halves(path).0)
}

/// `os.path.splitext`.
pub fn os_path_splitext(path: &str) -> (Str, Str) {
    let start = path.rfind('/').map_or(0, |place| place + 1);
    let dot = path[start..].rfind('.').map(|place| place + start);
    match dot {
        // A name of leading dots alone has no extension.
        Some(dot) if !path[start..dot].trim_start_matches('.').is_empty() => {
            (Str::from(&path[..dot]), Str::from(&path[dot..]))
        }
        _ => (Str::from(path), Str::new()),
    }
}

/// `os.path.isabs`.
pub fn os_path_isabs(path: &str) -> bool {
    path.starts_with('/')
}

/// `os.path.normpath`.
pub fn os_path_normpath(path: &str) -> Str {
    if path.is_empty() {
        return Str::literal(".");
    }
    let slashes = match path.len() - path.trim_start_matches('/').len() {
        // POSIX lets two slashes mean something else.
        2 => "//",
        0 => "",
        _ => "/",
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part != ".." || slashes.is_empty() && parts.last().is_none_or(|last| *last == "..") {
            parts.push(part);
        } else {
            parts.pop();
        }
    }
    let joined = format!("{slashes}{}", parts.join("/"));
    if joined.is_empty() {
        return Str::literal(".");
    }
    Str::from(joined)
}

/// `os.path.abspath`.
pub fn os_path_abspath(path: &str) -> Result<Str, Exc> {
    if os_path_isabs(path) {
        return Ok(os_path_normpath(path));
    }
    let folder = platform().current_folder().map_err(|fault| os_error(&fault, ""))?;
    Ok(os_path_normpath(&os_path_join(&[&folder, path])))
}

/// `os.path.relpath`.
pub fn os_path_relpath(path: &str, start: Option<&str>) -> Result<Str, Exc> {
    if path.is_empty() {
        return Err(Exc::new(&VALUE_ERROR, "no path specified"));
    }
    let (start, path) = (os_path_abspath(start.unwrap_or("."))?, os_path_abspath(path)?);
    let parts = |path: &Str| -> Vec<String> {
        path.as_str().split('/').filter(|part| !part.is_empty()).map(String::from).collect()
    };
    let (from, to) = (parts(&start), parts(&path));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut relative: Vec<&str> = from[common..].iter().map(|_| "..").collect();
    relative.extend(to[common..].iter().map(String::as_str));
    Ok(if relative.is_empty() { Str::literal(".") } else { Str::from(relative.join("/")) })
}

/// `os.path.commonprefix`.
pub fn os_path_commonprefix(paths: &[Str]) -> Str {
    let (Some(least), Some(most)) = (paths.iter().min(), paths.iter().max()) else { return Str::new() };
    least.chars().zip(most.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
}

/// `os.path.commonpath`.
pub fn os_path_commonpath(paths: &[Str]) -> Result<Str, Exc> {
    if paths.is_empty() {
        return Err(Exc::new(&VALUE_ERROR, "commonpath() arg is an empty sequence"));
    }
    let absolute = paths.iter().filter(|path| path.starts_with('/')).count();
    if absolute != 0 && absolute != paths.len() {
        return Err(Exc::new(&VALUE_ERROR, "Can't mix absolute and relative paths"));
    }
    let parts = |path: &Str| -> Vec<String> {
        path.as_str().split('/').filter(|part| !part.is_empty() && *part != ".").map(String::from).collect()
    };
    let all: Vec<Vec<String>> = paths.iter().map(parts).collect();
    let (Some(least), Some(most)) = (all.iter().min(), all.iter().max()) else { return Ok(Str::new()) };
    let common: Vec<&str> = least.iter().zip(most).take_while(|(a, b)| a == b).map(|(a, _)| a.as_str()).collect();
    Ok(Str::from(format!("{}{}", if absolute > 0 { "/" } else { "" }, common.join("/"))))
}

/// `os.path.expanduser`; another user's folder is not looked up.
pub fn os_path_expanduser(path: &str) -> Str {
    let Some(rest) = path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
        return Str::from(path);
    };
    // CPython would ask the user's entry, which is not looked up here.
    let Some(home) = platform().variable("HOME") else { return Str::from(path) };
    let expanded = format!("{}{rest}", home.trim_end_matches('/'));
    Str::from(if expanded.is_empty() { String::from("/") } else { expanded })
}

/// `os.path.expandvars`.
pub fn os_path_expandvars(path: &str) -> Str {
    let mut out = String::new();
    let mut rest = path;
    while let Some(place) = rest.find('$') {
        out.push_str(&rest[..place]);
        let behind = &rest[place + 1..];
        let (name, after) = match behind.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((name, after)) => (name, after),
            None => {
                let end = behind.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(behind.len());
                behind.split_at(end)
            }
        };
        match platform().variable(name).filter(|_| !name.is_empty()) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[place..rest.len() - after.len()]),
        }
        rest = after;
    }
    out.push_str(rest);
    Str::from(out)
}

/// `os.path.exists`.
pub fn os_path_exists(path: &str) -> bool {
    platform().path_kind(path) != PathKind::Missing
}

/// `os.path.isfile`.
pub fn os_path_isfile(path: &str) -> bool {
    platform().path_kind(path) == PathKind::File
}

/// `os.path.isdir`.
pub fn os_path_isdir(path: &str) -> bool {
    platform().path_kind(path) == PathKind::Folder
}

/// `os.path.getsize` of a file.
pub fn os_path_getsize(path: &str) -> Result<i64, Exc> {
    platform().read_file(path).map(|bytes| bytes.len() as i64).map_err(|fault| os_error(&fault, path))
}

/// Whether a pattern's rest matches a name's rest.
pub fn fnmatch_rest(name: &[char], pattern: &[char]) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return name.is_empty() };
    match first {
        '*' => (0..=name.len()).any(|start| fnmatch_rest(&name[start..], rest)),
        '?' => !name.is_empty() && fnmatch_rest(&name[1..], rest),
        '[' => {
            let skip = usize::from(rest.first() == Some(&'!'));
            // A closing bracket that stands first is a member.
            let close = rest.iter().skip(skip + 1).position(|c| *c == ']').map(|place| place + skip + 1);
            let Some(close) = close else { return name.first() == Some(&'[') && fnmatch_rest(&name[1..], rest) };
            let Some(character) = name.first() else { return false };
            let found = fnmatch_member(*character, &rest[skip..close]);
            found != (skip == 1) && fnmatch_rest(&name[1..], &rest[close + 1..])
        }
        other => name.first() == Some(other) && fnmatch_rest(&name[1..], rest),
    }
}

/// Whether a character is a member of a set with ranges.
pub fn fnmatch_member(character: char, members: &[char]) -> bool {
    let mut place = 0;
    while place < members.len() {
        if members.get(place + 1) == Some(&'-') && place + 2 < members.len() {
            if (members[place]..=members[place + 2]).contains(&character) {
                return true;
            }
            place += 3;
        } else {
            if members[place] == character {
                return true;
            }
            place += 1;
        }
    }
    false
}

/// `fnmatch.fnmatchcase`, and `fnmatch.fnmatch` of POSIX.
pub fn fnmatch_fnmatchcase(name: &str, pattern: &str) -> bool {
    let (name, pattern): (Vec<char>, Vec<char>) = (name.chars().collect(), pattern.chars().collect());
    fnmatch_rest(&name, &pattern)
}

/// `fnmatch.filter`.
pub fn fnmatch_filter(names: &List<Str>, pattern: &str) -> List<Str> {
    names.iter().filter(|name| fnmatch_fnmatchcase(name, pattern)).collect()
}
