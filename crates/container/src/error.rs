//! Why bytes are not a file of ours.

use core::fmt;

use crate::Layout;

/// The name of a field, as the tables of the layouts spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field(pub &'static str);

impl Field {
    /// The name in the table of the layout.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// What a field may hold, in words for a message.
pub type Expected = &'static str;

/// What is wrong, with the facts that a message needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The first bytes are not those of the layout.
    Magic {
        /// The bytes that stand there; the missing ones of a shorter file are 0.
        got: [u8; 4],
    },
    /// The format version is not one that we read.
    Version {
        /// The version that the file names.
        got: u32,
    },
    /// A field holds what the format does not allow.
    Field {
        /// Which one.
        field: Field,
        /// Its first byte, or the first byte of it that is wrong.
        offset: u64,
        /// What it may hold.
        expected: Expected,
        /// What it holds.
        got: u64,
    },
    /// A field is larger than what a reader is willing to hold.
    Limit {
        /// Which one.
        field: Field,
        /// Its first byte.
        offset: u64,
        /// The most that is read.
        most: u64,
        /// What it holds.
        got: u64,
    },
    /// The file ends too early.
    Truncated {
        /// Bytes that the file should have, as far as it has been read.
        expected: u64,
        /// Bytes that there are.
        got: u64,
    },
    /// More bytes follow than the file announces, so something hides between its sections.
    Surplus {
        /// Bytes that the file announces.
        expected: u64,
        /// Bytes that there are.
        got: u64,
    },
    /// Bytes that should be zero padding carry something.
    Hidden {
        /// The first such byte.
        offset: u64,
        /// What it is.
        got: u8,
    },
    /// Two sections or tensors claim the same byte.
    Overlap {
        /// The byte where the second begins.
        offset: u64,
        /// The byte where the first ends.
        end: u64,
    },
    /// A text is not UTF-8.
    Text {
        /// Which field.
        field: Field,
        /// Its first byte.
        offset: u64,
    },
    /// A block of JSON is not what the layout says.
    Json {
        /// Which field.
        field: Field,
        /// Its first byte.
        offset: u64,
        /// Line of the block.
        line: u32,
        /// Column of the block.
        column: u32,
    },
    /// A checksum is not the one of the bytes it covers.
    Checksum {
        /// Where the stored checksum stands.
        offset: u64,
        /// The stored checksum.
        expected: u32,
        /// The checksum of the bytes.
        got: u32,
    },
    /// Compressed bytes are no stream of their kind.
    Stream {
        /// The first compressed byte.
        offset: u64,
    },
    /// A compressed stream does not hold as many bytes as the file declares.
    Expansion {
        /// The first compressed byte.
        offset: u64,
        /// Bytes that are declared.
        expected: u64,
        /// Bytes that came out, at most one more than declared.
        got: u64,
    },
    /// The layout was recognised, and this reader does not open it.
    Unsupported {
        /// The layout.
        layout: Layout,
        /// What stands in the way.
        reason: &'static str,
    },
    /// The source could not be read, or shrank while it was.
    Unreadable {
        /// The first byte that could not be had.
        offset: u64,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Magic { got } => {
                write!(
                    f,
                    "the file should begin with the name of a known layout, it begins with: `{}`",
                    got.escape_ascii()
                )
            }
            Self::Version { got } => write!(f, "the format version is not one that is read, it is: `{got}`"),
            Self::Field { field, offset, expected, got } => {
                write!(f, "the field `{}` at byte {offset} should be {expected}, it is: `{got}`", field.0)
            }
            Self::Limit { field, offset, most, got } => {
                write!(f, "the field `{}` at byte {offset} should be at most {most}, it is: `{got}`", field.0)
            }
            Self::Truncated { expected, got } => write!(f, "the file should have {expected} bytes, it has: `{got}`"),
            Self::Surplus { expected, got } => {
                write!(f, "the file announces {expected} bytes and hidden ones follow, it has: `{got}`")
            }
            Self::Hidden { offset, got } => write!(f, "the padding at byte {offset} should be zero, it is: `{got}`"),
            Self::Overlap { offset, end } => {
                write!(f, "a section begins at byte {offset}, and the one before it ends at: `{end}`")
            }
            Self::Text { field, offset } => write!(f, "the field `{}` is not UTF-8, at byte: `{offset}`", field.0),
            Self::Json { field, offset, line, column } => {
                write!(f, "the JSON of `{}` at byte {offset} is malformed, at: `{line}:{column}`", field.0)
            }
            Self::Checksum { expected, got, .. } => {
                write!(f, "the file carries the checksum `{expected:#010x}`, its bytes have: `{got:#010x}`")
            }
            Self::Stream { offset } => {
                write!(f, "the compressed bytes are no stream of their kind, at byte: `{offset}`")
            }
            Self::Expansion { offset, expected, got } => {
                write!(f, "the stream at byte {offset} should expand to {expected} bytes, it gave: `{got}`")
            }
            Self::Unsupported { layout, reason } => write!(f, "the file is not opened, {reason}: `{}`", layout.name()),
            Self::Unreadable { offset } => write!(f, "the file could not be read, at byte: `{offset}`"),
        }
    }
}

impl core::error::Error for Error {}
