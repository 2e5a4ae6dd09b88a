//! Attributes of exceptions of the library, which are read from their arguments or their text.
//!
//! `exception_errno(&Exc) -> Option<i64>`, `exception_strerror`, `exception_filename -> Option<Str>` (OSError);
//! `exception_msg -> Str`, `exception_pos`, `exception_lineno`, `exception_colno -> i64` (json.JSONDecodeError, re.error);
//! `exception_returncode -> i64` (subprocess.CalledProcessError).

use crate::{Exc, Str};
use alloc::string::String;

/// `error.errno`.
pub fn exception_errno(exc: &Exc) -> Option<i64> {
    exc.argument_value::<i64>(0).filter(|_| exc.arguments().len() > 1)
}

/// `error.strerror`.
pub fn exception_strerror(exc: &Exc) -> Option<Str> {
    exc.argument_text(1)
}

/// `error.filename`.
pub fn exception_filename(exc: &Exc) -> Option<Str> {
    exc.argument_text(2)
}

/// The number behind a word of an error's text.
pub fn exception_number(exc: &Exc, words: &[&str]) -> Option<i64> {
    let text = exc.text();
    let text = text.as_str();
    let behind = words.iter().find_map(|word| text.rfind(word).map(|place| &text[place + word.len()..]))?;
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// `error.msg`.
pub fn exception_msg(exc: &Exc) -> Str {
    let text = exc.text();
    let end = [": line ", " at position "].iter().find_map(|word| text.as_str().rfind(word));
    Str::from(end.map_or(text.as_str(), |end| &text.as_str()[..end]))
}

/// `error.pos`.
pub fn exception_pos(exc: &Exc) -> i64 {
    exception_number(exc, &["(char ", " at position "]).unwrap_or(0)
}

/// `error.lineno`.
pub fn exception_lineno(exc: &Exc) -> i64 {
    exception_number(exc, &[": line ", "(line "]).unwrap_or(1)
}

/// `error.colno`.
pub fn exception_colno(exc: &Exc) -> i64 {
    exception_number(exc, &[" column "]).unwrap_or(exception_pos(exc) + 1)
}

/// `error.returncode`.
pub fn exception_returncode(exc: &Exc) -> i64 {
    let code = exception_number(exc, &["exit status "]);
    code.unwrap_or(-exception_number(exc, &[": "]).unwrap_or(0))
}
