//! What can go wrong before a kernel runs.

use core::fmt;

use crate::Backend;

/// Why a call was refused; nothing was read or written then.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// Two vectors that should have the same length do not.
    LengthsDiffer {
        /// Elements of the first vector.
        left: usize,
        /// Elements of the second vector.
        right: usize,
    },
    /// A matrix is not a whole number of rows.
    RowsUneven {
        /// Elements of the matrix.
        length: usize,
        /// Elements that a row should have.
        columns: usize,
    },
    /// An index points outside of its vector.
    IndexOutside {
        /// Where the index stands among the indices.
        position: usize,
        /// The index.
        index: i64,
        /// Elements of the vector.
        length: usize,
    },
    /// More elements were asked for than there are.
    TooFew {
        /// Elements of the vector.
        length: usize,
        /// Elements that were asked for.
        wanted: usize,
    },
    /// A scale is not a positive number.
    ScaleNotPositive(f32),
    /// A zero point does not lie in -128..=127.
    ZeroPointOutside(i32),
    /// A sum of whole numbers does not fit into 32 bits.
    SumOutside(i64),
    /// An expression was given more or fewer inputs than it has.
    InputsDiffer {
        /// Inputs that were given.
        given: usize,
        /// Inputs of the expression.
        needed: usize,
    },
    /// The output was named as an operand of what has none.
    NoOutput,
    /// A fused expression is not well formed.
    Program(ProgramError),
    /// Two matrices do not go together.
    ShapesDiffer {
        /// Rows and columns that would do.
        expected: [usize; 2],
        /// Rows and columns that came.
        got: [usize; 2],
    },
    /// A matrix of this shape does not fit into its memory.
    MatrixTooLarge {
        /// Rows of the matrix.
        rows: usize,
        /// Columns of the matrix.
        columns: usize,
        /// Elements that there are.
        len: usize,
    },
    /// Rows that are to be written lie on each other.
    RowsOverlap {
        /// Elements of a row.
        columns: usize,
        /// Elements from the start of a row to that of the next.
        row_stride: usize,
    },
    /// A matrix was packed for one backend and used by another.
    PackedElsewhere {
        /// The backend that packed it.
        packed: Backend,
        /// The backend that should multiply.
        used: Backend,
    },
    /// A matrix has no Cholesky factor; the output holds the columns before this one.
    NotPositiveDefinite {
        /// The first column whose diagonal element is not above zero.
        pivot: usize,
    },
    /// A triangular matrix has a zero on its diagonal.
    Singular {
        /// The first such row.
        pivot: usize,
    },
    /// A convolution does not fit: a size, stride or number of groups that allows no output.
    Convolution(&'static str),
    /// The backend exists, but this processor, operating system or build lacks it.
    BackendMissing(Backend),
    /// No backend has this name.
    BackendUnknown,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LengthsDiffer { left, right } => write!(f, "the vectors differ in length: `{left}` and `{right}`"),
            Self::RowsUneven { length, columns } => {
                write!(f, "`{length}` elements are not a whole number of rows of this length: `{columns}`")
            }
            Self::IndexOutside { position, index, length } => {
                write!(f, "index number `{position}` points outside of a vector of `{length}` elements: `{index}`")
            }
            Self::TooFew { length, wanted } => write!(f, "a vector of `{length}` has fewer elements than: `{wanted}`"),
            Self::ScaleNotPositive(scale) => write!(f, "a scale must be a positive number, got: `{scale}`"),
            Self::ZeroPointOutside(zero) => write!(f, "a zero point must lie in -128..=127, got: `{zero}`"),
            Self::SumOutside(sum) => write!(f, "the sum does not fit into 32 bits: `{sum}`"),
            Self::InputsDiffer { given, needed } => {
                write!(f, "an expression of `{needed}` inputs was given: `{given}`")
            }
            Self::NoOutput => f.write_str("a reduction has no output that could be an operand"),
            Self::Program(error) => error.fmt(f),
            Self::ShapesDiffer { expected, got } => {
                write!(f, "a matrix of {} x {} is needed, it has: `{} x {}`", expected[0], expected[1], got[0], got[1])
            }
            Self::MatrixTooLarge { rows, columns, len } => {
                write!(f, "a matrix of {rows} x {columns} does not fit into elements: `{len}`")
            }
            Self::RowsOverlap { columns, row_stride } => {
                write!(f, "rows of {columns} elements overlap at a stride of: `{row_stride}`")
            }
            Self::PackedElsewhere { packed, used } => {
                write!(f, "the matrix was packed for `{}`, not for: `{}`", packed.name(), used.name())
            }
            Self::NotPositiveDefinite { pivot } => {
                write!(f, "the matrix is not positive definite, seen at column: `{pivot}`")
            }
            Self::Singular { pivot } => write!(f, "the triangular matrix has a zero on its diagonal in row: `{pivot}`"),
            Self::Convolution(reason) => write!(f, "the convolution does not fit: {reason}"),
            Self::BackendMissing(backend) => write!(f, "this machine lacks the backend: `{}`", backend.name()),
            Self::BackendUnknown => f.write_str("no backend has this name"),
        }
    }
}

impl core::error::Error for Error {}

/// Why a list of steps is no expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProgramError {
    /// There is no step, so there is no value.
    Empty,
    /// More steps than an expression can have.
    TooLong {
        /// Steps of the list.
        steps: usize,
        /// Steps that are possible.
        limit: usize,
    },
    /// A step asks for an input that is not there.
    NoInput {
        /// The step.
        step: usize,
        /// The input that it asks for.
        input: usize,
    },
    /// A step asks for the value of a step that does not come before it.
    NoValue {
        /// The step.
        step: usize,
        /// The step whose value it asks for.
        value: usize,
    },
    /// More values are needed at once than there is room for.
    TooWide {
        /// Values that there is room for.
        limit: usize,
    },
}

impl fmt::Display for ProgramError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an expression needs at least one step"),
            Self::TooLong { steps, limit } => write!(f, "an expression of `{steps}` steps is longer than: `{limit}`"),
            Self::NoInput { step, input } => write!(f, "step `{step}` asks for an input that is not there: `{input}`"),
            Self::NoValue { step, value } => {
                write!(f, "step `{step}` asks for the value of a step that does not come before it: `{value}`")
            }
            Self::TooWide { limit } => write!(f, "an expression needs more values at once than: `{limit}`"),
        }
    }
}

#[inline]
pub(crate) fn require_equal(left: usize, right: usize) -> Result<(), Error> {
    if left == right { Ok(()) } else { Err(Error::LengthsDiffer { left, right }) }
}
