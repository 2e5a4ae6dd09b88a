//! Bake in what this core is built of and by which compiler, so that a stale build can be told from a fresh one.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Everything that this module is compiled from; `selftest.py` of the native door reads the same list.
const SOURCES: [&str; 5] = ["Cargo.lock", "Cargo.toml", "crates/container", "crates/sovereign-python", "crates/trueno"];

fn main() {
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../..");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    bake("SOURCES", &SOURCES.join(" "));
    bake("SOURCE_DIGEST", &format!("{:08x}", digest(&root)));
    bake("COMPILER", &compiler());
    bake("TARGET", &variable("TARGET"));
    bake("PROFILE", &variable("PROFILE"));
}

fn bake(name: &str, value: &str) {
    println!("cargo::rustc-env=SOVEREIGN_{name}={value}");
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|error| panic!("cargo should set `{name}`: {error}"))
}

fn compiler() -> String {
    let answer = Command::new(variable("RUSTC")).arg("--version").output().expect("rustc should tell its version");
    String::from_utf8_lossy(&answer.stdout).trim().to_owned()
}

/// CRC-32 over name, NUL, length and content of each file, in the order of the names.
fn digest(root: &Path) -> u32 {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&root.join(source), source, &mut files);
    }
    files.sort();
    let mut hasher = crc32fast::Hasher::new();
    for (name, path) in files {
        let content = fs::read(&path).unwrap_or_else(|error| panic!("`{name}` should be readable: {error}"));
        hasher.update(format!("{name}\0{}\0", content.len()).as_bytes());
        hasher.update(&content);
    }
    hasher.finalize()
}

/// Add the file, or the Rust and manifest files below the folder, under their names with `/`.
fn collect(path: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), &format!("{name}/{}", entry.file_name().to_string_lossy()), files);
        }
    } else if name.ends_with(".rs") || name.ends_with(".toml") || name.ends_with(".lock") {
        files.push((name.to_owned(), path.to_owned()));
    }
}
