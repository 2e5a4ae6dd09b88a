//! What estimators compute in `fit`: trees and forests by histograms.
//!
//! What enters are slices of numbers whose shapes the caller has checked, and settings; what leaves is plain data, or an
//! [`Error`]. Nothing here knows Python, files or predictions of models, which are the crate `predict`'s.
//!
//! Results are the same bits for any number of threads: work is cut into tasks that do not depend on the number of
//! threads (`threads.rs`), each task has random numbers of its own (`random.rs`), and sums are made in a fixed order.

mod error;
mod random;
mod threads;

pub use error::Error;
