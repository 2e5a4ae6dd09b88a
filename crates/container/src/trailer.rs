//! The checksum that ends an `.apr` file: CRC-32 as in zlib, over every byte before it, stored little-endian.

use crate::{Error, Header, TRAILER_SIZE};

/// Go on from `start`, the checksum of what came before (0 at the beginning), over `bytes`.
pub fn crc32(start: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(start);
    hasher.update(bytes);
    hasher.finalize()
}

/// Check a whole file from outside: header, lengths, checksum. Returns the header.
pub fn verify_trailer(file: &[u8]) -> Result<Header, Error> {
    let header = Header::parse(file)?;
    header.require_file_size(file.len() as u64)?;
    let truncated = Error::Truncated { expected: header.file_size(), got: file.len() as u64 };
    let (content, trailer) = file.split_last_chunk::<TRAILER_SIZE>().ok_or(truncated)?;
    let (expected, got) = (u32::from_le_bytes(*trailer), crc32(0, content));
    if expected == got { Ok(header) } else { Err(Error::Checksum { offset: content.len() as u64, expected, got }) }
}

#[cfg(test)]
mod tests;
