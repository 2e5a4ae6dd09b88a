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

/// What Python is told to do: the same as the script that an installer would write. The first word is where an image of the
/// compiled files is missed.
macro_rules! start {
    () => {
        "import sys; from sovereign.migration.ruchy.start import main; sys.exit(main(sys.argv[2:], sys.argv[1]))"
    };
}

/// What Python is told to do where there is an image, as `sovereign.migration.ruchy.image` writes it: no file of ours is
/// looked for, and none is compiled. One of another Python, or of files that changed, is one that is missed.
const START_IMAGE: &str = concat!(
    "import marshal, posix, sys\n",
    "try:\n",
    "    with open(sys.argv[1], 'rb') as file:\n",
    "        fits = file.readline() == b'ruchy image 2 %d\\n' % sys.hexversion\n",
    "        image = marshal.loads(file.read()) if fits else None\n",
    "except (OSError, EOFError, ValueError, TypeError):\n",
    "    image = None\n",
    "names = {'__name__': 'ruchy', '__file__': ''}\n",
    "if image:\n",
    "    exec(image['start'], names)\n",
    "if not image or not names['begin'](image):\n",
    "    posix.execv(sys.executable, [sys.executable, '-P', '-c', '",
    start!(),
    "', *sys.argv[1:]])\n",
    "from sovereign.migration.ruchy.start import main\n",
    "sys.exit(main(sys.argv[2:]))\n",
);

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
    let image = image(&python).unwrap_or_default();
    let start: &[&str] =
        if builds::is_own_file(&image) { &["-S", "-P", "-c", START_IMAGE] } else { &["-P", "-c", start!()] };
    let error = Command::new(&python).args(start).arg(image).args(&words).exec();
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

/// Where the image for a Python lies, which depends on where that looks for modules. There is none where that depends on the
/// folder that one is in, nor for who measures the coverage of Python, whose hook in `site` an image does without.
fn image(python: &Path) -> Option<PathBuf> {
    let folders = env::var_os("PYTHONPATH").unwrap_or_default();
    let is_fixed = folders.is_empty() || env::split_paths(&folders).all(|folder| folder.is_absolute());
    if !is_fixed || env::vars_os().any(|(name, _)| name.as_bytes().starts_with(b"COVERAGE_PROCESS_")) {
        return None;
    }
    let mut of = python.as_os_str().to_owned();
    of.push("\n");
    of.push(folders);
    builds::kept(&of, "image")
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
