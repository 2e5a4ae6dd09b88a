//! What the small native `ruchy` command decides: does a native program stand for a file as it is now?
//!
//! `ruchy run` of the Python package writes a record for each program that it built: the native program, the files it
//! was made from with the digests of their content, and the compiler and files that made it with size and time. A
//! record holds while all of that does. `words` takes a command line apart, `record_path` says where a record lies,
//! `native_of` reads it; `sha256.rs` is the digest.

pub mod sha256;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The program that a command line names, and the words behind it; none where the command is another one.
pub fn words(arguments: &[OsString]) -> Option<(&OsStr, &[OsString])> {
    let (first, rest) = arguments.split_first()?;
    if first == "run" {
        let (program, rest) = rest.split_first()?;
        return is_program(program).then_some((program.as_os_str(), behind(rest)));
    }
    (is_program(first) && first.as_bytes().ends_with(b".ruchy")).then_some((first.as_os_str(), behind(rest)))
}

/// Whether a word is the path of a file and no option.
fn is_program(word: &OsStr) -> bool {
    !word.as_bytes().starts_with(b"-")
}

/// The words of the program itself, without the mark that may stand before them.
fn behind(rest: &[OsString]) -> &[OsString] {
    match rest.split_first() {
        Some((first, others)) if first == "--" => others,
        _ => rest,
    }
}

/// The folder of what may be deleted at any time, as the Python package finds it.
pub fn cache_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(own) = variable("SOVEREIGN_CACHE").filter(|own| !own.is_empty()) {
        return std::path::absolute(own).ok();
    }
    match variable("XDG_CACHE_HOME").filter(|base| base.as_bytes().starts_with(b"/")) {
        Some(base) => Some(Path::new(&base).join("sovereign")),
        None => Some(Path::new(&variable("HOME")?).join(".cache/sovereign")),
    }
}

/// Where it is written down what stands for a program.
pub fn record_path(cache: &Path, program: &Path) -> Option<PathBuf> {
    let whole = std::fs::canonicalize(program).ok()?;
    let key = sha256::hexadecimal(&sha256::digest(whole.as_os_str().as_bytes()));
    Some(cache.join("ruchy/launch").join(key))
}

/// The native program of a record that still holds.
pub fn native_of(record: &str) -> Option<PathBuf> {
    let mut lines = record.lines();
    if lines.next() != Some("ruchy 1") {
        return None;
    }
    let mut native = None;
    for line in lines {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "file" if has_content(rest) => {}
            "stat" if is_as_it_was(rest).is_some() => {}
            "binary" => native = Some(is_as_it_was(rest)?),
            _ => return None,
        }
    }
    native
}

/// Whether a file still has the content of a digest.
fn has_content(rest: &str) -> bool {
    let Some((digest, path)) = rest.split_once(' ') else { return false };
    std::fs::read(path).is_ok_and(|bytes| sha256::hexadecimal(&sha256::digest(&bytes)) == digest)
}

/// A file that still has its size and time.
fn is_as_it_was(rest: &str) -> Option<PathBuf> {
    let mut parts = rest.splitn(3, ' ');
    let (size, moment, path) = (parts.next()?, parts.next()?, parts.next()?);
    let found = std::fs::metadata(path).ok()?;
    let time = i128::from(found.mtime()) * 1_000_000_000 + i128::from(found.mtime_nsec());
    (found.len().to_string() == size && time.to_string() == moment).then(|| PathBuf::from(path))
}
