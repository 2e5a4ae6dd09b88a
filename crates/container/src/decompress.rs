//! Compressed payloads, expanded to exactly the size that the file declares and not one byte further.

use alloc::{vec, vec::Vec};

use ruzstd::{
    decoding::{BlockDecodingStrategy, FrameDecoder},
    io::Read,
};

use crate::{Compression, Error};

/// How a stream is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Codec {
    /// As it is.
    Stored,
    /// One zstd frame.
    Zstd,
    /// One LZ4 block.
    Lz4Block,
    /// The size when decompressed as u32, then one LZ4 block.
    Lz4Sized,
}

impl From<Compression> for Codec {
    fn from(compression: Compression) -> Self {
        match compression {
            Compression::None => Self::Stored,
            Compression::Zstd | Compression::ZstdMax => Self::Zstd,
            Compression::Lz4 => Self::Lz4Sized,
        }
    }
}

/// How much of a stream is expanded at a time, so that a bomb is noticed before it grows.
const PIECE: usize = 1 << 16;

/// The most that one byte of LZ4 can stand for; a larger claim is refused before memory is asked for.
const LZ4_RATIO: u64 = 255;

/// Expand a whole stream of `declared` bytes; `offset` is its place in the file, for messages.
///
/// The stream must end where `bytes` end, and give neither fewer nor more bytes than are declared.
pub fn whole(codec: Codec, bytes: &[u8], declared: u64, offset: u64) -> Result<Vec<u8>, Error> {
    match codec {
        Codec::Stored => require_size(bytes.to_vec(), declared, offset),
        Codec::Zstd => zstd(bytes, declared, offset),
        Codec::Lz4Block => lz4(bytes, declared, offset),
        Codec::Lz4Sized => {
            let (size, block) = bytes.split_first_chunk().ok_or(Error::Stream { offset })?;
            let got = u64::from(u32::from_le_bytes(*size));
            if got == declared { lz4(block, declared, offset) } else { Err(expansion(offset, declared, got)) }
        }
    }
}

fn zstd(bytes: &[u8], declared: u64, offset: u64) -> Result<Vec<u8>, Error> {
    let stream = |_| Error::Stream { offset };
    let (mut source, mut decoder, mut out) = (bytes, FrameDecoder::new(), Vec::new());
    decoder.init(&mut source).map_err(stream)?;
    let mut piece = vec![0; PIECE];
    loop {
        let is_finished =
            decoder.decode_blocks(&mut source, BlockDecodingStrategy::UptoBytes(PIECE)).map_err(stream)?;
        while decoder.can_collect() > 0 {
            let length = decoder.read(&mut piece).map_err(|_| Error::Stream { offset })?;
            out.extend_from_slice(&piece[..length]);
            if out.len() as u64 > declared {
                return Err(expansion(offset, declared, declared + 1));
            }
        }
        if is_finished {
            break;
        }
    }
    if decoder.get_checksum_from_data().is_some_and(|stored| Some(stored) != decoder.get_calculated_checksum()) {
        return Err(Error::Stream { offset });
    }
    if !source.is_empty() {
        let got = offset + bytes.len() as u64;
        return Err(Error::Surplus { expected: got - source.len() as u64, got });
    }
    require_size(out, declared, offset)
}

fn lz4(block: &[u8], declared: u64, offset: u64) -> Result<Vec<u8>, Error> {
    let most = (block.len() as u64).saturating_mul(LZ4_RATIO);
    if declared > most {
        return Err(expansion(offset, declared, most));
    }
    let mut out = vec![0; declared as usize];
    let length = lz4_flex::block::decompress_into(block, &mut out).map_err(|_| Error::Stream { offset })?;
    out.truncate(length);
    require_size(out, declared, offset)
}

fn require_size(out: Vec<u8>, declared: u64, offset: u64) -> Result<Vec<u8>, Error> {
    let got = out.len() as u64;
    if got == declared { Ok(out) } else { Err(expansion(offset, declared, got)) }
}

fn expansion(offset: u64, expected: u64, got: u64) -> Error {
    Error::Expansion { offset, expected, got }
}
