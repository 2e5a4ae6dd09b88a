//! Why a fit has no answer.

use std::fmt;

/// What a kernel refuses; everything else is checked before it is called.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A setting that makes no sense together with the data.
    Setting {
        /// The parameter.
        name: &'static str,
        /// What it is.
        value: String,
        /// What it may be.
        allowed: &'static str,
    },
    /// Slices that should belong together have lengths that do not fit.
    Lengths {
        /// The slice.
        name: &'static str,
        /// The length that the others call for.
        expected: usize,
        /// The length that it has.
        got: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting { name, value, allowed } => write!(f, "`{name}` should be {allowed}, it is: `{value}`"),
            Self::Lengths { name, expected, got } => {
                write!(f, "`{name}` should have {expected} elements, it has: `{got}`")
            }
        }
    }
}

impl std::error::Error for Error {}
