//! The formats that are written while a program runs.
//!
//! Enters: events. Leaves: bytes. `lines.rs` writes JSON lines, `text.rs` what a person reads, `summary.rs` counts and times.

pub mod json;
pub mod lines;
mod names;
pub mod summary;
pub mod text;
