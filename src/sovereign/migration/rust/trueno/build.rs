//! Ask the compiler for its version: AVX-512 intrinsics are stable since Rust 1.89, the project's oldest Rust is 1.85.

use std::{env, process::Command};

const FIRST_WITH_AVX512: u32 = 89;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(avx512_compiled)");
    println!("cargo::rerun-if-changed=build.rs");
    if minor_version().is_some_and(|minor| minor >= FIRST_WITH_AVX512) {
        println!("cargo::rustc-cfg=avx512_compiled");
    }
}

/// The 95 of `rustc 1.95.0 (...)`; without an answer the file stays out, which is always right.
fn minor_version() -> Option<u32> {
    let compiler = env::var_os("RUSTC")?;
    let answer = Command::new(compiler).arg("--version").output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    text.split('.').nth(1)?.parse().ok()
}
