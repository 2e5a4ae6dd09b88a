//! What can go wrong before a kernel runs.

use core::fmt;

use crate::Backend;

/// Why a call was refused; nothing was read or written then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Two vectors that should have the same length do not.
    LengthsDiffer {
        /// Elements of the first vector.
        left: usize,
        /// Elements of the second vector.
        right: usize,
    },
    /// The backend exists, but this processor, operating system or build lacks it.
    BackendMissing(Backend),
    /// No backend has this name.
    BackendUnknown,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LengthsDiffer { left, right } => write!(f, "the vectors differ in length: `{left}` and `{right}`"),
            Self::BackendMissing(backend) => write!(f, "this machine lacks the backend: `{}`", backend.name()),
            Self::BackendUnknown => f.write_str("no backend has this name"),
        }
    }
}

impl core::error::Error for Error {}
