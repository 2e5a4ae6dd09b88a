//! What a program prints: `say!`, `say_raw!`, `complain!`, `complain_raw!`, `flush_output`.
//!
//! Standard output is kept in one buffer, written when it is large, before standard error, before input and at the end.

use crate::{platform, Single, Stream};
use alloc::string::String;
use core::fmt::{Arguments, Write};

/// Bytes kept back before they are written.
pub const OUTPUT_BUFFER: usize = 1 << 15;

/// What was printed and not yet written.
pub static PENDING_OUTPUT: Single<String> = Single::new(String::new());

/// Whether standard output refused bytes, as a closed pipe does.
pub static OUTPUT_BROKEN: Single<bool> = Single::new(false);

/// Print one line.
#[macro_export]
macro_rules! say {
    ($($argument:tt)*) => { write_line(format_args!($($argument)*)) };
}

/// Print without an end of line.
#[macro_export]
macro_rules! say_raw {
    ($($argument:tt)*) => { write_raw(format_args!($($argument)*)) };
}

/// Print one line on standard error.
#[macro_export]
macro_rules! complain {
    ($($argument:tt)*) => { complain_line(format_args!($($argument)*)) };
}

/// Print on standard error without an end of line.
#[macro_export]
macro_rules! complain_raw {
    ($($argument:tt)*) => { complain_text(format_args!($($argument)*)) };
}

pub use complain;
pub use complain_raw;
pub use say;
pub use say_raw;

/// Print the arguments; text that formatting them printed comes first.
pub fn write_output(arguments: Arguments<'_>, end: &str) {
    let mut buffer = PENDING_OUTPUT.replace(String::new());
    let start = buffer.len();
    // Writing to a string does not fail.
    let _ = buffer.write_fmt(arguments);
    buffer.push_str(end);
    let within = PENDING_OUTPUT.replace(String::new());
    if !within.is_empty() {
        buffer.insert_str(start, &within);
    }
    let is_large = buffer.len() >= OUTPUT_BUFFER;
    PENDING_OUTPUT.replace(buffer);
    if is_large {
        flush_output();
    }
}

/// Print a line; `say!` calls it.
pub fn write_line(arguments: Arguments<'_>) {
    write_output(arguments, "\n");
}

/// Print without an end of line; `say_raw!` calls it.
pub fn write_raw(arguments: Arguments<'_>) {
    write_output(arguments, "");
}

/// Write what was printed.
pub fn flush_output() {
    let mut buffer = PENDING_OUTPUT.replace(String::new());
    if !buffer.is_empty() && platform().write(Stream::Output, buffer.as_bytes()).is_err() {
        OUTPUT_BROKEN.set(true);
    }
    buffer.clear();
    PENDING_OUTPUT.replace(buffer);
}

/// Print on standard error; `complain_raw!` calls it.
pub fn complain_text(arguments: Arguments<'_>) {
    let mut text = String::new();
    let _ = text.write_fmt(arguments);
    flush_output();
    let _ = platform().write(Stream::Errors, text.as_bytes());
}

/// Print a line on standard error; `complain!` calls it.
pub fn complain_line(arguments: Arguments<'_>) {
    complain_text(format_args!("{arguments}\n"));
}
