//! `ruchy`: run the native program that stands for a file, or else the Python package, which knows the rest.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use launcher::{cache_folder, native_of, record_path, words};

const ENTRY: &str = "import sys; from sovereign.migration.ruchy.cli import main; sys.exit(main())";

fn main() {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if let Some((native, program, rest)) = native(&arguments) {
        // A program that cannot be started after all is run by Python.
        let _ = Command::new(native).arg0(program).args(rest).exec();
    }
    let error = Command::new(python()).arg("-c").arg(ENTRY).args(&arguments).exec();
    eprintln!("ruchy: Python cannot be started: {error}");
    std::process::exit(2);
}

/// The native program for a command line, unless it is unwanted or there is none.
fn native(arguments: &[OsString]) -> Option<(PathBuf, OsString, &[OsString])> {
    if std::env::var_os("RUCHY_BUILD").is_some_and(|mode| mode == "off") {
        return None;
    }
    let (program, rest) = words(arguments)?;
    let cache = cache_folder(|name| std::env::var_os(name))?;
    let record = std::fs::read_to_string(record_path(&cache, Path::new(program))?).ok()?;
    Some((native_of(&record)?, program.to_os_string(), rest))
}

/// The Python of the environment that this command belongs to.
fn python() -> PathBuf {
    if let Some(own) = std::env::var_os("SOVEREIGN_PYTHON") {
        return PathBuf::from(own);
    }
    let beside = std::env::current_exe().ok().and_then(|path| Some(path.parent()?.join("python3")));
    beside.filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from("python3"))
}
