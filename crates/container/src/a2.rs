//! Layout A2: header, JSON metadata, tensor index, aligned tensors, checksum. All numbers are little-endian.
//!
//! | offset | size | field               | may hold |
//! |-------:|-----:|---------------------|----------|
//! |      0 |    4 | magic               | `APR\0` |
//! |      4 |    2 | version             | 2, 0 |
//! |      6 |    2 | flags               | bits of [`flags`] |
//! |      8 |    4 | tensor_count        | entries of the index |
//! |     12 |    8 | metadata_offset     | 64 |
//! |     20 |    4 | metadata_size       | bytes of JSON, without padding |
//! |     24 |    8 | tensor_index_offset | multiple of 64 behind the metadata |
//! |     32 |    8 | data_offset         | multiple of 64 behind the index |
//! |     40 |    4 | header_checksum     | CRC-32 of bytes 0-39 and 44-63 |
//! |     44 |    1 | cipher_suite        | a code of [`Suite`](crate::Suite); 0 = not signed |
//! |     45 |    1 | cipher_mode         | 0 |
//! |     46 |    2 | reserved            | 0 |
//! |     48 |    8 | signature_offset    | multiple of 64 behind the tensors; 0 = not signed |
//! |     56 |    8 | reserved            | 0 |
//!
//! An entry of the index, sorted by the bytes of the name: name_size u16, name, dtype u8, dimensions u8, lengths u64
//! each, offset u64 from `data_offset`, size u64. The index is padded as a whole, each tensor by itself. Numbers
//! stand at absolute multiples of 64. The CRC-32 of every byte before it ends the file.

use alloc::vec::Vec;

use crate::{
    Cover, Dtype, Error, Expected, Field, Layout, Limits, Outline, Role, Source, Suite, Tensor, crc32,
    limits::MOST_DIMENSIONS, outline::ALIGNMENT, source::Cursor,
};

/// Bytes of the header.
pub const HEADER_SIZE: usize = 64;

/// Bytes of a name; writers cut longer ones.
const LONGEST_NAME: u64 = 256;

/// Bytes of an entry with a name of one byte and no dimension.
const SMALLEST_ENTRY: u64 = 21;

/// The bits of the header's flags.
#[allow(missing_docs, reason = "the names are those of the format")]
pub mod flags {
    pub const LZ4: u16 = 0x001;
    pub const ZSTD: u16 = 0x002;
    pub const ENCRYPTED: u16 = 0x004;
    pub const SIGNED: u16 = 0x008;
    pub const SHARDED: u16 = 0x010;
    pub const QUANTIZED: u16 = 0x020;
    pub const HAS_FILTERBANK: u16 = 0x040;
    pub const HAS_MODEL_CARD: u16 = 0x080;
    pub const STREAMING: u16 = 0x100;
    pub const HAS_VOCAB: u16 = 0x200;
    pub const LAYOUT_ROW_MAJOR: u16 = 0x400;
    pub const LAYOUT_COLUMN_MAJOR: u16 = 0x800;
    pub(super) const KNOWN: u16 = 0xFFF;
}

/// A header of which every field was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the table of the module says what each holds")]
pub struct Header {
    pub flags: u16,
    pub tensor_count: u32,
    pub metadata_size: u32,
    pub tensor_index_offset: u64,
    pub data_offset: u64,
    pub cipher_suite: Suite,
    pub signature_offset: u64,
}

impl Header {
    /// Read the first 64 of `bytes`; what follows is not looked at.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let too_short = Error::Truncated { expected: HEADER_SIZE as u64, got: bytes.len() as u64 };
        let bytes: &[u8; HEADER_SIZE] = bytes.first_chunk().ok_or(too_short)?;
        if Layout::identify(bytes)? != Layout::A2 {
            return Err(Error::Version { got: bytes[4].into() });
        }
        let header = Self {
            flags: u16::from_le_bytes([bytes[6], bytes[7]]),
            tensor_count: word(bytes, 8),
            metadata_size: word(bytes, 20),
            tensor_index_offset: long(bytes, 24),
            data_offset: long(bytes, 32),
            cipher_suite: Suite::of_code(bytes[44]).ok_or(wrong(
                "cipher_suite",
                44,
                "a known cipher suite",
                bytes[44],
            ))?,
            signature_offset: long(bytes, 48),
        };
        header.check_checksum(bytes)?;
        header.check_constants(bytes)?;
        header.check_flags()?;
        header.check_places()?;
        Ok(header)
    }

    fn check_checksum(&self, bytes: &[u8; HEADER_SIZE]) -> Result<(), Error> {
        let (expected, got) = (word(bytes, 40), header_checksum(bytes));
        if expected == got { Ok(()) } else { Err(Error::Checksum { offset: 40, expected, got }) }
    }

    fn check_constants(&self, bytes: &[u8; HEADER_SIZE]) -> Result<(), Error> {
        if bytes[5] != 0 {
            return Err(wrong("version_minor", 5, "`0`", bytes[5]));
        }
        if long(bytes, 12) != HEADER_SIZE as u64 {
            return Err(wrong("metadata_offset", 12, "`64`", long(bytes, 12)));
        }
        if bytes[45] != 0 {
            return Err(wrong("cipher_mode", 45, "`0`, as encrypted files of this layout are not read", bytes[45]));
        }
        let reserved = (46..48).chain(56..64).find(|&place| bytes[place] != 0);
        reserved.map_or(Ok(()), |place| Err(wrong("reserved", place as u64, "`0`", bytes[place])))
    }

    fn check_flags(&self) -> Result<(), Error> {
        let has = |flag| self.flags & flag != 0;
        if self.flags & !flags::KNOWN != 0 {
            return Err(wrong("flags", 6, "below `4096`", self.flags));
        }
        if has(flags::LAYOUT_COLUMN_MAJOR) {
            return Err(wrong("flags", 6, "without the column-major bit", self.flags));
        }
        if has(flags::ENCRYPTED) {
            return Err(Error::Unsupported { layout: Layout::A2, reason: "its tensors are encrypted" });
        }
        let is_signed = self.signature_offset != 0;
        match (has(flags::SIGNED), is_signed, self.cipher_suite) {
            (true, true, Suite::Legacy) => Err(wrong("cipher_suite", 44, "above `0` where the file is signed", 0_u8)),
            (true, true, _) | (false, false, Suite::Legacy) => Ok(()),
            (true, false, _) => Err(wrong("signature_offset", 48, "above `0` where the file is signed", 0_u8)),
            (false, true, _) => Err(wrong("flags", 6, "with the bit of a signed file", self.flags)),
            (false, false, suite) => Err(wrong("cipher_suite", 44, "`0` where the file is not signed", suite.code())),
        }
    }

    fn check_places(&self) -> Result<(), Error> {
        let index = align(HEADER_SIZE as u64 + u64::from(self.metadata_size));
        if self.tensor_index_offset != index {
            let expected = "the first multiple of 64 behind the metadata";
            return Err(wrong("tensor_index_offset", 24, expected, self.tensor_index_offset));
        }
        if self.data_offset < index || self.data_offset % ALIGNMENT != 0 {
            return Err(wrong("data_offset", 32, "a multiple of 64 behind the index", self.data_offset));
        }
        let room = (self.data_offset - index) / SMALLEST_ENTRY;
        if u64::from(self.tensor_count) > room {
            return Err(wrong("tensor_count", 8, "as many entries as the index has room for", self.tensor_count));
        }
        if self.signature_offset % ALIGNMENT != 0
            || (self.signature_offset != 0 && self.signature_offset < self.data_offset)
        {
            return Err(wrong("signature_offset", 48, "a multiple of 64 behind the tensors", self.signature_offset));
        }
        Ok(())
    }
}

/// What is where, from header and index.
pub(crate) fn outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    let size = source.size();
    let header = Header::parse(&Cursor::new(source, 0).array::<HEADER_SIZE>()?)?;
    let mut outline = Outline::new(Layout::A2, (2, 0), size);
    outline.flags = header.flags.into();
    outline.add(Role::Header, HEADER_SIZE as u64);
    require_limit("metadata_size", 20, header.metadata_size.into(), limits.metadata)?;
    outline.add(Role::Metadata, header.metadata_size.into());
    outline.pad_to(Field("tensor_index_offset"), 24, header.tensor_index_offset)?;
    let end = read_index(source, &header, limits, &mut outline.tensors)?;
    outline.add(Role::Index, end - header.tensor_index_offset);
    outline.pad_to(Field("data_offset"), 32, header.data_offset)?;
    let places = outline.tensors.iter().map(|tensor| (tensor.offset, tensor.length)).collect();
    outline.add_sorted(Role::Tensor, places, Field("tensor.offset"), header.tensor_index_offset)?;
    let behind = if header.signature_offset == 0 { align(outline.end()) } else { header.signature_offset };
    outline.pad_to(Field("signature_offset"), 48, behind)?;
    if header.signature_offset != 0 {
        outline.add(Role::Signature, header.cipher_suite.signature_size());
    }
    outline.cover = Some(Cover { start: 0, end: outline.end(), stored_at: outline.end() });
    outline.add(Role::Checksum, 4);
    outline.require_whole()?;
    Ok(outline)
}

/// Read the entries into `tensors`; the byte behind the last one.
fn read_index<S: Source>(
    source: &mut S,
    header: &Header,
    limits: &Limits,
    tensors: &mut Vec<Tensor>,
) -> Result<u64, Error> {
    require_limit("tensor_count", 8, header.tensor_count.into(), limits.entries)?;
    require_limit("data_offset", 32, header.data_offset - header.tensor_index_offset, limits.index)?;
    // The index is read at once: entries are small, and a source may be slow to ask.
    let length = header.data_offset - header.tensor_index_offset;
    let block = Cursor::new(source, header.tensor_index_offset).bytes(Field("index"), length, limits.index)?;
    let mut block = &block[..];
    let mut cursor = Cursor::new(&mut block, 0);
    tensors.reserve_exact(header.tensor_count as usize);
    for _ in 0..header.tensor_count {
        let at = header.tensor_index_offset + cursor.at();
        let tensor = read_entry(&mut cursor, at, header.data_offset)?;
        if tensors.last().is_some_and(|last: &Tensor| last.name.as_bytes() >= tensor.name.as_bytes()) {
            let got = tensor.name.len() as u64;
            return Err(wrong("tensor.name", at, "behind the name before it in the order of bytes", got));
        }
        tensors.push(tensor);
    }
    Ok(header.tensor_index_offset + cursor.at())
}

fn read_entry(cursor: &mut Cursor<'_, &[u8]>, at: u64, data_offset: u64) -> Result<Tensor, Error> {
    let start = cursor.at();
    let here = |cursor: &Cursor<'_, &[u8]>| at + cursor.at() - start;
    let name_size = u64::from(cursor.u16()?);
    if name_size == 0 || name_size > LONGEST_NAME {
        return Err(wrong("tensor.name_size", at, "from `1` to `256`", name_size));
    }
    let name = cursor.text(Field("tensor.name"), name_size, LONGEST_NAME).map_err(|error| match error {
        Error::Text { field, .. } => Error::Text { field, offset: at + 2 },
        other => other,
    })?;
    let dtype_at = here(cursor);
    let code = cursor.u8()?;
    let dtype = dtype_of(code).ok_or(wrong("tensor.dtype", dtype_at, "a known tensor type", code))?;
    let dimensions = u64::from(cursor.u8()?);
    if dimensions > MOST_DIMENSIONS {
        return Err(wrong("tensor.dimensions", dtype_at + 1, "at most `8`", dimensions));
    }
    let shape = (0..dimensions).map(|_| cursor.u64()).collect::<Result<Vec<_>, _>>()?;
    let offset_at = here(cursor);
    let (relative, length) = (cursor.u64()?, cursor.u64()?);
    let offset = data_offset.checked_add(relative).filter(|offset| offset % ALIGNMENT == 0);
    let offset = offset.ok_or(wrong("tensor.offset", offset_at, "a multiple of 64 inside the file", relative))?;
    if offset.checked_add(length).is_none() {
        return Err(wrong("tensor.size", offset_at + 8, "what the file has room for", length));
    }
    let tensor = Tensor { name, dtype, shape, offset, length };
    tensor.check_length(offset_at + 8, length)?;
    Ok(tensor)
}

/// A tensor to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewTensor<'a> {
    /// Its name, from 1 to 256 bytes.
    pub name: &'a str,
    /// How its numbers are stored.
    pub dtype: Dtype,
    /// Lengths of its dimensions, at most 8.
    pub shape: &'a [u64],
}

/// Where the tensors of a new file go: everything before the first of them, and the size of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Header, metadata and index with their padding.
    pub start: Vec<u8>,
    /// The place of each tensor, in the order in which they were given.
    pub offsets: Vec<u64>,
    /// Bytes of each tensor.
    pub lengths: Vec<u64>,
    /// Where the signature goes, or the checksum where there is none.
    pub end: u64,
}

/// Lay out a file: the same tensors and metadata give the same bytes, whatever the order in which they come.
///
/// `more_flags` are set beside the row-major bit; a suite that is not [`Suite::Legacy`] reserves a signature.
pub fn plan(metadata: &str, tensors: &[NewTensor<'_>], more_flags: u16, suite: Suite) -> Result<Plan, Error> {
    let mut order: Vec<usize> = (0..tensors.len()).collect();
    order.sort_unstable_by_key(|&place| tensors[place].name.as_bytes());
    if let Some(pair) = order.windows(2).find(|pair| tensors[pair[0]].name == tensors[pair[1]].name) {
        let got = tensors[pair[0]].name.len() as u64;
        return Err(wrong("tensor.name", 0, "unlike every other name", got));
    }
    let metadata_size = u32::try_from(metadata.len()).map_err(|_| too_large("metadata_size", metadata.len() as u64))?;
    let tensor_count = u32::try_from(tensors.len()).map_err(|_| too_large("tensor_count", tensors.len() as u64))?;
    let (mut index, mut relative) = (Vec::new(), 0_u64);
    let (mut offsets, mut lengths) = (alloc::vec![0; tensors.len()], alloc::vec![0; tensors.len()]);
    for place in order {
        let length = put_entry(&mut index, &tensors[place], relative)?;
        (offsets[place], lengths[place]) = (relative, length);
        relative = relative.checked_add(length).map(align).ok_or(too_large("tensor.size", length))?;
    }
    let index_offset = align(HEADER_SIZE as u64 + u64::from(metadata_size));
    let data_offset = align(index_offset + index.len() as u64);
    let end = data_offset.checked_add(relative).ok_or(too_large("tensor.size", relative))?;
    let is_signed = suite != Suite::Legacy;
    let flags = flags::LAYOUT_ROW_MAJOR | more_flags | if is_signed { flags::SIGNED } else { 0 };
    let mut start = Vec::with_capacity(data_offset as usize);
    start.extend_from_slice(b"APR\0\x02\0");
    start.extend_from_slice(&flags.to_le_bytes());
    start.extend_from_slice(&tensor_count.to_le_bytes());
    start.extend_from_slice(&(HEADER_SIZE as u64).to_le_bytes());
    start.extend_from_slice(&metadata_size.to_le_bytes());
    start.extend_from_slice(&index_offset.to_le_bytes());
    start.extend_from_slice(&data_offset.to_le_bytes());
    start.extend_from_slice(&[0, 0, 0, 0, suite.code(), 0, 0, 0]);
    start.extend_from_slice(&if is_signed { end } else { 0 }.to_le_bytes());
    start.extend_from_slice(&[0; 8]);
    let checksum = start.first_chunk().map(header_checksum).unwrap_or_default();
    start[40..44].copy_from_slice(&checksum.to_le_bytes());
    start.extend_from_slice(metadata.as_bytes());
    start.resize(index_offset as usize, 0);
    start.extend_from_slice(&index);
    start.resize(data_offset as usize, 0);
    offsets.iter_mut().for_each(|offset| *offset += data_offset);
    Header::parse(&start)?;
    Ok(Plan { start, offsets, lengths, end })
}

/// Append the entry of one tensor; the bytes of its numbers.
fn put_entry(index: &mut Vec<u8>, tensor: &NewTensor<'_>, relative: u64) -> Result<u64, Error> {
    let name_size = tensor.name.len() as u64;
    if name_size == 0 || name_size > LONGEST_NAME {
        return Err(wrong("tensor.name_size", 0, "from `1` to `256`", name_size));
    }
    let dimensions = tensor.shape.len() as u64;
    if dimensions > MOST_DIMENSIONS {
        return Err(wrong("tensor.dimensions", 0, "at most `8`", dimensions));
    }
    let length = tensor.dtype.size_of_shape(tensor.shape).ok_or(too_large("tensor.size", u64::MAX))?;
    index.extend_from_slice(&(name_size as u16).to_le_bytes());
    index.extend_from_slice(tensor.name.as_bytes());
    index.extend_from_slice(&[code_of(tensor.dtype), dimensions as u8]);
    for side in tensor.shape {
        index.extend_from_slice(&side.to_le_bytes());
    }
    index.extend_from_slice(&relative.to_le_bytes());
    index.extend_from_slice(&length.to_le_bytes());
    Ok(length)
}

/// The number that stands for each type; those between are GGML's and not used here.
const CODES: [(u8, Dtype); 12] = [
    (0, Dtype::F32),
    (1, Dtype::F16),
    (2, Dtype::BF16),
    (3, Dtype::F64),
    (4, Dtype::I32),
    (5, Dtype::I64),
    (6, Dtype::I8),
    (7, Dtype::U8),
    (8, Dtype::Q4),
    (9, Dtype::Q8),
    (12, Dtype::Q4K),
    (14, Dtype::Q6K),
];

fn dtype_of(code: u8) -> Option<Dtype> {
    CODES.iter().find(|(known, _)| *known == code).map(|(_, dtype)| *dtype)
}

fn code_of(dtype: Dtype) -> u8 {
    CODES.iter().find(|(_, known)| *known == dtype).map_or(u8::MAX, |(code, _)| *code)
}

/// CRC-32 of the header without the four bytes in which it is stored.
fn header_checksum(bytes: &[u8; HEADER_SIZE]) -> u32 {
    crc32(crc32(0, &bytes[..40]), &bytes[44..])
}

/// The first multiple of 64 that is not below; the callers stay far from the end of 64 bits.
const fn align(offset: u64) -> u64 {
    offset.saturating_add(ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT
}

fn word(bytes: &[u8; HEADER_SIZE], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn long(bytes: &[u8; HEADER_SIZE], at: usize) -> u64 {
    u64::from(word(bytes, at)) | u64::from(word(bytes, at + 4)) << 32
}

fn wrong(field: &'static str, offset: u64, expected: Expected, got: impl Into<u64>) -> Error {
    Error::Field { field: Field(field), offset, expected, got: got.into() }
}

fn too_large(field: &'static str, got: u64) -> Error {
    Error::Limit { field: Field(field), offset: 0, most: u32::MAX.into(), got }
}

fn require_limit(field: &'static str, offset: u64, got: u64, most: u64) -> Result<(), Error> {
    if got > most { Err(Error::Limit { field: Field(field), offset, most, got }) } else { Ok(()) }
}
