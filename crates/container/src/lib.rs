//! The `.apr` model file of layout A1, as far as its outside goes: header, lengths and checksum.
//!
//! What enters are bytes that nobody vouches for, what leaves is a [`Header`] of which every field was checked, or an
//! [`Error`] that names the field, its offset, what was expected and what was found. Nothing here needs a heap, and
//! nothing is sized by a number from the file. Read `header.rs` for the layout, then `trailer.rs`.

#![no_std]

#[cfg(test)]
extern crate std;

mod error;
mod header;
mod trailer;

pub use error::{Error, Expected, Field};
pub use header::{Compression, Flags, Header, ModelType, Suite};
pub use trailer::{crc32, verify_trailer};

/// Bytes of the header.
pub const HEADER_SIZE: usize = 32;

/// Bytes of the checksum that ends the file.
pub const TRAILER_SIZE: usize = 4;

/// Bytes of an Ed25519 signature and its public key, which follow the payload of a signed file.
pub const SIGNATURE_SIZE: usize = 64 + 32;

/// The most that a payload may hold when decompressed.
pub const LARGEST_PAYLOAD: u32 = 1 << 30;
