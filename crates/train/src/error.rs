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
    /// A kernel of `trueno` refused.
    Kernel(trueno::Error),
}

impl From<trueno::Error> for Error {
    fn from(error: trueno::Error) -> Self {
        Self::Kernel(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting { name, value, allowed } => write!(f, "`{name}` should be {allowed}, it is: `{value}`"),
            Self::Lengths { name, expected, got } => {
                write!(f, "`{name}` should have {expected} elements, it has: `{got}`")
            }
            Self::Kernel(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

/// Refuse a slice of another length.
pub(crate) fn require_length<T>(name: &'static str, expected: usize, slice: &[T]) -> Result<(), Error> {
    if slice.len() == expected { Ok(()) } else { Err(Error::Lengths { name, expected, got: slice.len() }) }
}

/// Refuse a setting that makes no sense.
pub(crate) fn require_setting(
    name: &'static str,
    makes_sense: bool,
    value: impl fmt::Display,
    allowed: &'static str,
) -> Result<(), Error> {
    if makes_sense { Ok(()) } else { Err(Error::Setting { name, value: value.to_string(), allowed }) }
}

/// Refuse indexes of groups that are too few or not all below `count`; without any there is one group.
pub(crate) fn require_groups(
    name: &'static str,
    count: usize,
    rows: usize,
    groups: Option<&[i32]>,
) -> Result<(), Error> {
    let Some(groups) = groups else { return require_setting(name, count == 1, "nothing", "given for several groups") };
    require_length(name, rows, groups)?;
    match groups.iter().find(|&&group| usize::try_from(group).map_or(true, |group| group >= count)) {
        None => Ok(()),
        Some(group) => require_setting(name, false, group, "below the number of groups"),
    }
}
