//! The layouts behind the names `.apr` and `.ald`: recognised, read, verified and written.
//!
//! What enters are bytes that nobody vouches for, as a [`Source`]. What leaves is an [`Outline`] in which every byte of
//! the file has a role, or an [`Error`] that names the field, its offset, what was expected and what was found. No
//! memory is asked for by a number from the file before [`Limits`] and the size of the file allow it. Files in the
//! order a reader passes them: `layout.rs` recognises, `a1.rs` to `a8.rs` and `ald.rs` read one layout each,
//! `outline.rs` holds what they find, `file.rs` joins them, `decompress.rs` expands payloads, `bincode.rs` decodes them as
//! `shapes.rs` says, `numbers.rs` rearranges embedded data. Read `file.rs` first.

#![no_std]

extern crate alloc;

#[cfg(test)]
extern crate std;

mod a1;
pub mod a2;
mod a3;
mod a5;
mod a6;
mod a8;
mod ald;
pub mod bincode;
pub mod decompress;
mod error;
mod file;
mod layout;
mod limits;
pub mod numbers;
mod outline;
mod shapes;
mod source;
mod trailer;

pub use a1::{Compression, Flags, Header, ModelType, NewFile, Suite};
pub use error::{Error, Expected, Field};
pub use file::{Verdict, decompress_a4, outline, verify};
pub use layout::{IDENTIFYING, Layout};
pub use limits::Limits;
pub use outline::{ALIGNMENT, Cover, Dtype, Entry, Outline, Role, Section, Tensor};
pub use shapes::shape_of;
pub use source::Source;
pub use trailer::{crc32, verify_trailer};

/// Bytes of the header of layout A1.
pub const HEADER_SIZE: usize = 32;

/// Bytes of the checksum that ends a file.
pub const TRAILER_SIZE: usize = 4;

/// The most that a payload of layout A1 may hold when decompressed.
pub const LARGEST_PAYLOAD: u32 = 1 << 30;
