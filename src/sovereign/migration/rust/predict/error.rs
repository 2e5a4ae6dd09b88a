//! Why bytes are no model, and why a row has no prediction.

use core::fmt;

/// Why bytes are not a model that this crate runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseError {
    /// There are fewer bytes than a header, or than the header announces.
    TooSmall,
    /// The file does not begin as layout A2 does.
    InvalidMagic,
    /// Header or file do not have the checksum that they carry.
    ChecksumMismatch,
    /// The format, or the schema of the model, is of another version.
    UnsupportedVersion,
    /// The family is not known, or asks for what only Python does.
    UnsupportedModelType,
    /// The tensors are compressed, encrypted, or stored by columns.
    UnsupportedFlags,
    /// The index of the file, or an entry of it, points outside or is out of order.
    InvalidIndex,
    /// An array that the family needs is not there.
    Missing {
        /// Its name, without the prefix of a step.
        array: &'static str,
    },
    /// An array has other numbers than the family needs.
    WrongType {
        /// Its name, without the prefix of a step.
        array: &'static str,
    },
    /// An array has another shape than the rest of the model calls for.
    WrongShape {
        /// Its name, without the prefix of a step.
        array: &'static str,
        /// Rows and columns that would do; a vector is one row.
        expected: [usize; 2],
        /// Rows and columns that came.
        got: [usize; 2],
    },
    /// An array holds a number that makes no sense there.
    WrongValue {
        /// Its name, without the prefix of a step.
        array: &'static str,
        /// Where in the array.
        place: usize,
    },
    /// Models stand inside models deeper than this crate follows.
    TooDeep,
}

/// Why a row has no prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InferenceError {
    /// The row has more or fewer features than the model.
    DimensionMismatch {
        /// Features of the model.
        expected: usize,
        /// Features of the row.
        got: usize,
    },
    /// The output has no room for all columns.
    OutputBufferTooSmall,
    /// The scratch memory has no room for the steps of the model.
    ScratchTooSmall {
        /// Numbers that the model needs.
        needed: usize,
        /// Numbers that there is room for.
        got: usize,
    },
    /// A result is not a finite number.
    NumericalInstability,
    /// The arrays contradict each other.
    ModelCorrupted,
    /// The model reads text, and numbers came, or the other way round.
    WrongInput,
    /// The model has no classes, so that there are no labels.
    NoClasses,
    /// The model has learned labels of its own rows only, and none of others.
    NotPredictable,
    /// A value is none of the categories, and the model does not pass over unknown ones.
    UnknownCategory {
        /// The feature that holds it.
        feature: usize,
    },
    /// A text has letters whose accents this crate cannot take off; bring it into that form before.
    NotNormalized,
    /// There is no memory for the result on the way.
    NoMemory,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooSmall => f.write_str("the model ends too early"),
            Self::InvalidMagic => f.write_str("the model does not begin as a file of layout A2"),
            Self::ChecksumMismatch => f.write_str("the model does not have the checksum that it carries"),
            Self::UnsupportedVersion => f.write_str("the version of the model is not one that is read"),
            Self::UnsupportedModelType => f.write_str("models of this family are not run by the native core"),
            Self::UnsupportedFlags => f.write_str("the tensors are stored in a way that is not read"),
            Self::InvalidIndex => f.write_str("the index of the model points outside or is out of order"),
            Self::Missing { array } => write!(f, "the model lacks the array: `{array}`"),
            Self::WrongType { array } => write!(f, "an array of the model holds numbers of another type: `{array}`"),
            Self::WrongShape { array, expected: [rows, columns], got } => {
                write!(f, "the array `{array}` should be {rows} x {columns}, it is: `{} x {}`", got[0], got[1])
            }
            Self::WrongValue { array, place } => {
                write!(f, "the array `{array}` holds a number that makes no sense, at place: `{place}`")
            }
            Self::TooDeep => f.write_str("models stand inside models deeper than is followed"),
        }
    }
}

impl fmt::Display for InferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::DimensionMismatch { expected, got } => {
                write!(f, "the model expects {expected} features, a row has: `{got}`")
            }
            Self::OutputBufferTooSmall => f.write_str("the output has no room for all columns"),
            Self::ScratchTooSmall { needed, got } => {
                write!(f, "the model needs scratch memory for {needed} numbers, there is room for: `{got}`")
            }
            Self::NumericalInstability => f.write_str("a result is not a finite number"),
            Self::ModelCorrupted => f.write_str("the arrays of the model contradict each other"),
            Self::WrongInput => f.write_str("the model reads text where numbers came, or numbers where text came"),
            Self::NoClasses => f.write_str("the model has no classes, so that there are no labels"),
            Self::NotPredictable => f.write_str("the model knows labels of the rows it was fitted on only"),
            Self::UnknownCategory { feature } => write!(f, "a value is no known category, in feature: `{feature}`"),
            Self::NotNormalized => f.write_str("a text has accents that should be taken off before"),
            Self::NoMemory => f.write_str("there is no memory for what the model computes on the way"),
        }
    }
}

impl core::error::Error for ParseError {}
impl core::error::Error for InferenceError {}
