//! The records of builds, as `sovereign.migration.ruchy.builds` writes them: `find(file)` gives the build of a program.
//!
//! A record lies in the cache folder, under a number made of the program's path, and says what the build was made from: the
//! content of every source file, paths where nothing was, size and time of the compiler and time of the translator's
//! folders. The build is valid when all of that is still so. A record is written after its build, in one step.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

const HEAD: &[u8] = b"ruchy build 1\n";
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// The build of a program whose record holds; none where there is no such record.
pub fn find(file: &Path) -> Option<PathBuf> {
    let file = fs::canonicalize(file).ok()?;
    let record = kept(file.as_os_str(), "build")?;
    let own = fs::metadata("/proc/self").ok()?.uid();
    let mut record = fs::File::open(record).ok()?;
    let facts = record.metadata().ok().filter(|facts| is_ours(facts, own))?;
    let mut text = vec![0; facts.len() as usize];
    record.read_exact(&mut text).ok()?;
    let program = valid_program(&text, &file)?;
    let facts = fs::metadata(program.path).ok()?;
    (is_ours(&facts, own) && facts.len() == program.size).then(|| program.path.to_path_buf())
}

/// Where something is kept for a path, or for another text.
pub fn kept(of: &OsStr, ending: &str) -> Option<PathBuf> {
    Some(cache_folder()?.join("ruchy").join(format!("{:016x}.{ending}", path_number(of))))
}

/// FNV-1a over the bytes of a path: nothing depends on it but the name of the record, which holds the path itself.
fn path_number(path: &OsStr) -> u64 {
    path.as_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |number, byte| (number ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// The folder that `sovereign.shell.cache.cache_folder` gives.
fn cache_folder() -> Option<PathBuf> {
    if let Some(own) = env::var_os("SOVEREIGN_CACHE").filter(|value| !value.is_empty()) {
        return std::path::absolute(own).ok();
    }
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let base = base.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))?;
    Some(base.join("sovereign"))
}

/// Whether a file is there that only this user could have written.
pub fn is_own_file(path: &Path) -> bool {
    let own = fs::metadata("/proc/self").map(|facts| facts.uid());
    own.is_ok_and(|own| fs::metadata(path).is_ok_and(|facts| facts.is_file() && is_ours(&facts, own)))
}

fn is_ours(facts: &Metadata, own: u32) -> bool {
    facts.uid() == own && facts.mode() & WRITABLE_BY_OTHERS == 0
}

struct Program<'a> {
    path: &'a Path,
    size: u64,
}

/// The build that a record names, if the record is whole and everything in it is still so.
fn valid_program<'a>(record: &'a [u8], file: &Path) -> Option<Program<'a>> {
    let mut rest = record.strip_prefix(HEAD)?;
    let mut is_first = true;
    let mut program = None;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = core::str::from_utf8(&rest[..end]).ok()?;
        rest = &rest[end + 1..];
        let mut words = line.split(' ');
        let kind = words.next()?;
        if kind == "end" {
            return program.filter(|_| rest.is_empty());
        }
        let path = Path::new(OsStr::from_bytes(taken(&mut rest, words.next()?)?));
        if is_first && (kind != "source" || path != file) {
            return None;
        }
        is_first = false;
        let holds = match kind {
            "source" => {
                let then = taken(&mut rest, words.next()?)?;
                has_content(path, then)
            }
            "absent" => fs::symlink_metadata(path).is_err(),
            "state" => is_as_it_was(path, words.next()?, words.next()?),
            "program" => {
                program = Some(Program { path, size: words.next()?.parse().ok()? });
                true
            }
            _ => false,
        };
        if !holds {
            return None;
        }
    }
}

/// So many bytes off the front.
fn taken<'a>(rest: &mut &'a [u8], count: &str) -> Option<&'a [u8]> {
    let (front, back) = rest.split_at_checked(count.parse().ok()?)?;
    *rest = back;
    Some(front)
}

/// Whether a file holds these bytes and no more; asked by one call, since every call counts here.
fn has_content(path: &Path, then: &[u8]) -> bool {
    let mut now = vec![0; then.len() + 1];
    let read = fs::File::open(path).and_then(|mut file| file.read(&mut now));
    read.is_ok_and(|count| now[..count] == *then)
}

/// Whether size and time of a path are those of the record; a folder's size says nothing and is `-`.
fn is_as_it_was(path: &Path, size: &str, time: &str) -> bool {
    fs::metadata(path).is_ok_and(|facts| {
        let now = i128::from(facts.mtime()) * 1_000_000_000 + i128::from(facts.mtime_nsec());
        time.parse() == Ok(now) && (size == "-" || size.parse() == Ok(facts.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_numbers() {
        assert_eq!(path_number(OsStr::new("")), 0xcbf2_9ce4_8422_2325);
        assert_eq!(path_number(OsStr::new("a")), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn a_record_that_is_torn_or_foreign_names_no_build() {
        let own = Path::new("/proc/self/comm");
        let content = fs::read(own).unwrap();
        let mut whole = HEAD.to_vec();
        whole.extend(format!("source {} {}\n{}", own.as_os_str().len(), content.len(), own.display()).bytes());
        whole.extend(&content);
        whole.extend(b"program 5 7\n/progend\n");
        assert!(valid_program(&whole, own).is_some_and(|found| found.path == Path::new("/prog") && found.size == 7));
        assert!(valid_program(&whole, Path::new("/proc/self/other")).is_none());
        for length in 0..whole.len() {
            assert!(valid_program(&whole[..length], own).is_none(), "{length}");
        }
        assert!(valid_program(&[&whole[..], b"more"].concat(), own).is_none());
    }
}
