//! The dataset of rows, `.ald` 1.2, in its block and its streaming form.
//!
//! | offset | size | field             | of the block form may hold |
//! |-------:|-----:|-------------------|----------------------------|
//! |      0 |    4 | magic             | `ALDF` |
//! |      4 |    2 | version           | 1, at most 2 |
//! |      6 |    2 | dataset_type      | a known type |
//! |      8 |    4 | metadata_size     | bytes of MessagePack |
//! |     12 |    4 | payload_size      | bytes of rows as stored |
//! |     16 |    4 | uncompressed_size | bytes of rows when decompressed |
//! |     20 |    1 | compression       | 0 none, 1 and 2 zstd frame, 3 LZ4 frame |
//! |     21 |    1 | flags             | 1 encrypted, 2 signed, 4 streaming, 8 licensed, 16 native |
//! |     22 |    2 | schema_size       | bytes of an Arrow stream without rows |
//! |     24 |    8 | row_count         | rows |
//!
//! Metadata, schema, encryption header, payload, signature, licence and the CRC-32 of every byte before it follow.
//! The streaming form has 6 flags u16 = 4, 8 dataset type u8 = 1, 7 compression, 12 metadata_size, 16 schema_size,
//! 20 index_size, each u32, 24 payload_size u64; metadata, schema, a MessagePack index of chunks and the chunks follow,
//! and nothing proves them whole.

use crate::{Cover, Error, Expected, Field, Layout, Limits, Outline, Role, Source, source::Cursor};

const HEADER_SIZE: usize = 32;

/// The bits of the block form's flags.
mod flag {
    pub(super) const ENCRYPTED: u8 = 1;
    pub(super) const SIGNED: u8 = 2;
    pub(super) const LICENSED: u8 = 8;
    pub(super) const KNOWN: u8 = 0x1B;
}

/// Dataset types: tables, text, vision, audio, recommender, multimodal, custom.
const TYPES: [core::ops::RangeInclusive<u16>; 7] =
    [0x01..=0x04, 0x10..=0x16, 0x20..=0x24, 0x30..=0x32, 0x40..=0x42, 0x50..=0x52, 0xFF..=0xFF];

/// Bytes of the encryption header: mode with salt and nonce, or mode with a key and a nonce.
const PASSWORD_SIZE: u64 = 1 + 16 + 12;
const RECIPIENT_SIZE: u64 = 1 + 32 + 12;

/// Bytes of an Ed25519 signature with its key, and of a licence without its terms.
const SIGNATURE_SIZE: u64 = 64 + 32;
const LICENCE_SIZE: u64 = 75;

/// What is where in the block form.
pub(crate) fn block_outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    let size = source.size();
    let header = Cursor::new(source, 0).array::<HEADER_SIZE>()?;
    check_header(&header)?;
    let (metadata_size, payload_size) = (word(&header, 8), word(&header, 12));
    require_limit("metadata_size", 8, metadata_size, limits.metadata)?;
    require_limit("uncompressed_size", 16, word(&header, 16), limits.payload)?;
    let has = |bit| header[21] & bit != 0;
    let mut outline = Outline::new(Layout::AldBlock, (header[4].into(), header[5].into()), size);
    outline.flags = header[21].into();
    outline.add(Role::Header, HEADER_SIZE as u64);
    outline.add(Role::Metadata, metadata_size);
    outline.add(Role::Schema, half(&header, 22));
    if has(flag::ENCRYPTED) {
        let at = outline.end();
        outline.add(Role::Encryption, encryption_size(Cursor::new(source, at).u8()?, at)?);
    }
    outline.add(Role::Payload, payload_size);
    if has(flag::SIGNED) {
        outline.add(Role::Signature, SIGNATURE_SIZE);
    }
    if has(flag::LICENSED) {
        let terms_at = outline.end() + LICENCE_SIZE - 4;
        let terms = Cursor::new(source, terms_at).u32()?;
        outline.add(Role::Licence, LICENCE_SIZE + u64::from(terms));
    }
    outline.cover = Some(Cover { start: 0, end: outline.end(), stored_at: outline.end() });
    outline.add(Role::Checksum, 4);
    outline.require_whole()?;
    Ok(outline)
}

fn check_header(header: &[u8; HEADER_SIZE]) -> Result<(), Error> {
    if header[4] != 1 {
        return Err(Error::Version { got: header[4].into() });
    }
    if header[5] > 2 {
        return Err(wrong("version_minor", 5, "at most `2`", header[5].into()));
    }
    let kind = half(header, 6);
    if !TYPES.iter().any(|range| range.contains(&(kind as u16))) {
        return Err(wrong("dataset_type", 6, "a known type", kind));
    }
    if header[20] > 3 {
        return Err(wrong("compression", 20, "from `0` to `3`", header[20].into()));
    }
    if header[21] & !flag::KNOWN != 0 {
        return Err(wrong("flags", 21, "bits of the block form", header[21].into()));
    }
    let is_plain = header[20] == 0 && header[21] & flag::ENCRYPTED == 0;
    if is_plain && word(header, 12) != word(header, 16) {
        let expected = "the size of the payload, which is not compressed";
        return Err(wrong("uncompressed_size", 16, expected, word(header, 16)));
    }
    Ok(())
}

fn encryption_size(mode: u8, at: u64) -> Result<u64, Error> {
    match mode {
        0 => Ok(PASSWORD_SIZE),
        1 => Ok(RECIPIENT_SIZE),
        _ => Err(wrong("encryption_mode", at, "`0` or `1`", mode.into())),
    }
}

/// What is where in the streaming form; it has no checksum.
pub(crate) fn stream_outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    let size = source.size();
    let header = Cursor::new(source, 0).array::<HEADER_SIZE>()?;
    if header[4] != 1 {
        return Err(Error::Version { got: header[4].into() });
    }
    if header[5] > 2 {
        return Err(wrong("version_minor", 5, "at most `2`", header[5].into()));
    }
    if let Some(place) = (9..12).find(|&place| header[place] != 0) {
        return Err(wrong("reserved", place as u64, "`0`", header[place].into()));
    }
    let (metadata_size, schema_size, index_size) = (word(&header, 12), word(&header, 16), word(&header, 20));
    require_limit("metadata_size", 12, metadata_size, limits.metadata)?;
    require_limit("schema_size", 16, schema_size, limits.index)?;
    require_limit("index_size", 20, index_size, limits.index)?;
    let payload_size = word(&header, 24) | word(&header, 28) << 32;
    let content = HEADER_SIZE as u64 + metadata_size + schema_size + index_size;
    let mut outline = Outline::new(Layout::AldStream, (header[4].into(), header[5].into()), size);
    outline.flags = half(&header, 6) as u32;
    outline.add(Role::Header, HEADER_SIZE as u64);
    outline.add(Role::Metadata, metadata_size);
    outline.add(Role::Schema, schema_size);
    outline.add(Role::Index, index_size);
    if content.checked_add(payload_size).is_none() {
        return Err(wrong("payload_size", 24, "what a file has room for", payload_size));
    }
    outline.add(Role::Payload, payload_size);
    outline.require_whole()?;
    Ok(outline)
}

fn half(header: &[u8; HEADER_SIZE], at: usize) -> u64 {
    u16::from_le_bytes([header[at], header[at + 1]]).into()
}

fn word(header: &[u8; HEADER_SIZE], at: usize) -> u64 {
    u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]).into()
}

fn wrong(field: &'static str, offset: u64, expected: Expected, got: u64) -> Error {
    Error::Field { field: Field(field), offset, expected, got }
}

fn require_limit(field: &'static str, offset: u64, got: u64, most: u64) -> Result<(), Error> {
    if got > most { Err(Error::Limit { field: Field(field), offset, most, got }) } else { Ok(()) }
}
