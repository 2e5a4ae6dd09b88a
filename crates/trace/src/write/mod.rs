//! The formats that are written while a program runs.
//!
//! Enters: events. Leaves: bytes. `lines.rs` writes JSON lines, `text.rs` what a person reads, `summary.rs` counts and times; `output.rs` hands lines on.

pub mod json;
pub mod lines;
mod names;
mod output;
pub mod summary;
pub mod text;
