//! What the numbers of a call mean: names, flags, texts, structures, errors.
//!
//! Enters: a `Call` and its `Process`. Leaves: named values. `value.rs` says what a value is.

pub mod value;
