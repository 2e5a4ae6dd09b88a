//! The command `ruchy`: a program that was built before and did not change is run at once, without starting Python.
//!
//! `ruchy run FILE` and `ruchy FILE` look for a build that `sovereign.migration.ruchy.builds` has recorded; all else, and
//! what has no valid build, is handed to the Python of the environment in which this command lies. `builds.rs` reads the
//! records.

#![cfg_attr(not(test), no_main)]
#![deny(unsafe_code)]

mod builds;

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What Python is told to do: the same as the script that an installer would write.
const START: &str = "import sys; from sovereign.migration.ruchy.cli import main; sys.exit(main())";
const CANNOT: i32 = 2;

/// What the C library calls. The set-up that Rust puts before `main` costs twenty system calls, and this command, which
/// becomes another one at once, needs none of it.
#[cfg(not(test))]
#[allow(unsafe_code, reason = "the name is the C library's")]
// SAFETY: nothing else has this name, and it has the type that C gives it.
#[unsafe(no_mangle)]
pub extern "C" fn main(_count: i32, _words: *const *const u8) -> i32 {
    start()
}

/// Become the program, or Python; this comes back only when neither is there.
#[cfg_attr(test, allow(dead_code, reason = "tests do not become another program"))]
fn start() -> i32 {
    let words: Vec<OsString> = env::args_os().skip(1).collect();
    if let Some((file, arguments)) = program_of(&words) {
        let is_off = env::var_os("RUCHY_BUILD").is_some_and(|value| value == "off");
        if let Some(build) = (!is_off).then(|| builds::find(Path::new(file))).flatten() {
            // This comes back only when the build cannot be executed, as when it was deleted a moment ago.
            let _ = Command::new(build).arg0(file).args(arguments).exec();
        }
    }
    let python = python();
    let error = Command::new(&python).args(["-P", "-c", START]).args(&words).exec();
    eprintln!(
        "ruchy: error: Python does not start, which belongs beside this command: `{}`: {error}",
        python.display()
    );
    CANNOT
}

/// The file of a program that is to be run, and its arguments; none where the words ask for anything else.
fn program_of(words: &[OsString]) -> Option<(&OsStr, &[OsString])> {
    let (first, rest) = words.split_first()?;
    let (file, rest) = if first == "run" { rest.split_first()? } else { (first, rest) };
    let name = file.as_bytes();
    let is_file = !name.starts_with(b"-") && (first == "run" || name.ends_with(b".ruchy") || name.contains(&b'/'));
    let begin = usize::from(rest.first().is_some_and(|word| word == "--"));
    is_file.then_some((file.as_os_str(), &rest[begin..]))
}

/// The interpreter beside this command, or the one that `RUCHY_PYTHON` names.
fn python() -> PathBuf {
    if let Some(named) = env::var_os("RUCHY_PYTHON") {
        return named.into();
    }
    let beside = env::current_exe().ok().and_then(|own| own.parent().map(|folder| folder.join("python")));
    beside.filter(|path| path.exists()).unwrap_or_else(|| "python3".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn programs_are_told_from_commands() {
        for (text, expected) in [
            ("run a.ruchy", Some(("a.ruchy", 0))),
            ("run a.ruchy x --json", Some(("a.ruchy", 2))),
            ("run a.ruchy -- x", Some(("a.ruchy", 1))),
            ("a.ruchy x", Some(("a.ruchy", 1))),
            ("./program", Some(("./program", 0))),
            ("run --json a.ruchy", None),
            ("run -", None),
            ("-e 1", None),
            ("fmt a.ruchy", None),
            ("run", None),
        ] {
            let words = words(text);
            let found = program_of(&words).map(|(file, rest)| (file.to_str().unwrap(), rest.len()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
