//! What a program is given: `input(prompt)?`, `stdin_read`, `stdin_readline`, `stdin_readlines`, `stdin_lines`, `environment`.
//! Ends of line stay as they come, as CPython leaves them on Unix.

use crate::{decode_bytes, flush_output, os_error, platform, write_raw, Exc, Iter, List, Str, EOF_ERROR};

/// `input(prompt)`.
pub fn input(prompt: &str) -> Result<Str, Exc> {
    write_raw(format_args!("{prompt}"));
    let line = stdin_readline()?;
    if line.is_empty() {
        return Err(Exc::new(&EOF_ERROR, "EOF when reading a line"));
    }
    Ok(line.removesuffix("\n"))
}

/// `sys.stdin.readline()`; empty at the end.
pub fn stdin_readline() -> Result<Str, Exc> {
    flush_output();
    let line = platform().read_line().map_err(|fault| os_error(&fault, ""))?;
    decode_bytes(&line, "utf-8", "strict")
}

/// `sys.stdin.read()`.
pub fn stdin_read() -> Result<Str, Exc> {
    flush_output();
    let rest = platform().read_input().map_err(|fault| os_error(&fault, ""))?;
    decode_bytes(&rest, "utf-8", "strict")
}

/// The lines of standard input, as a `for` loop meets them.
pub fn stdin_lines() -> Iter<Str> {
    Iter::new(|| stdin_readline().map(|line| Some(line).filter(|line| !line.is_empty())))
}

/// `sys.stdin.readlines()`.
pub fn stdin_readlines() -> Result<List<Str>, Exc> {
    stdin_lines().list()
}

/// `os.environ.get(name)`.
pub fn environment(name: &str) -> Option<Str> {
    platform().variable(name).map(Str::from)
}
