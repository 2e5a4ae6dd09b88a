//! Why bytes are not an `.apr` file.

use core::fmt;

/// A field of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are those of the table in `header.rs`")]
pub enum Field {
    VersionMajor,
    VersionMinor,
    ModelType,
    UncompressedSize,
    Compression,
    Flags,
    QualityScore,
    CipherSuite,
    CipherMode,
    Reserved,
}

impl Field {
    /// The name in the table of the layout.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VersionMajor => "version_major",
            Self::VersionMinor => "version_minor",
            Self::ModelType => "model_type",
            Self::UncompressedSize => "uncompressed_size",
            Self::Compression => "compression",
            Self::Flags => "flags",
            Self::QualityScore => "quality_score",
            Self::CipherSuite => "cipher_suite",
            Self::CipherMode => "cipher_mode",
            Self::Reserved => "reserved",
        }
    }
}

/// What a field may hold, in words for a message.
pub type Expected = &'static str;

/// What is wrong, with the facts that a message needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The first bytes are not `APRN`.
    Magic {
        /// The bytes that stand there; the missing ones of a shorter file are 0.
        got: [u8; 4],
    },
    /// The format version is not 1.
    Version {
        /// The major version that the file names.
        got: u8,
    },
    /// A header field holds what the format does not allow.
    Field {
        /// Which one.
        field: Field,
        /// Its first byte, or the first byte of it that is wrong.
        offset: usize,
        /// What it may hold.
        expected: Expected,
        /// What it holds.
        got: u32,
    },
    /// The file ends too early.
    Truncated {
        /// Bytes that the header needs, or that it announces.
        expected: u64,
        /// Bytes that there are.
        got: u64,
    },
    /// More bytes follow than the header announces, so something hides between payload and checksum.
    Surplus {
        /// Bytes that the header announces.
        expected: u64,
        /// Bytes that there are.
        got: u64,
    },
    /// The checksum at the end is not the one of the bytes before it.
    Checksum {
        /// Where the stored checksum stands.
        offset: u64,
        /// The stored checksum.
        expected: u32,
        /// The checksum of the bytes.
        got: u32,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Magic { got } => {
                write!(f, "the file should begin with `APRN`, it begins with: `{}`", got.escape_ascii())
            }
            Self::Version { got } => write!(f, "the format version should be `1`, it is: `{got}`"),
            Self::Field { field, offset, expected, got } => {
                write!(f, "the header field `{}` at byte {offset} should be {expected}, it is: `{got}`", field.name())
            }
            Self::Truncated { expected, got } => write!(f, "the file should have {expected} bytes, it has: `{got}`"),
            Self::Surplus { expected, got } => {
                write!(f, "the header announces {expected} bytes and hidden ones follow, the file has: `{got}`")
            }
            Self::Checksum { expected, got, .. } => {
                write!(f, "the file carries the checksum `{expected:#010x}`, its bytes have: `{got:#010x}`")
            }
        }
    }
}

impl core::error::Error for Error {}
