//! Layouts A3 and A4: tensors with their index in JSON, plain and compressed as a whole.
//!
//! A3: magic `APR1`, metadata_size u32, JSON metadata, tensor_count u32, index_size u32, JSON index, numbers, CRC-32 of
//! every byte before it. The index is a list of `{name, dtype, shape, offset, size}`, offsets from the first number.
//!
//! | offset | size | field             | of A4 may hold |
//! |-------:|-----:|-------------------|----------------|
//! |      0 |    4 | magic             | `APR2` |
//! |      4 |    1 | codec             | 1 LZ4 block, 2 zstd frame |
//! |      5 |    4 | uncompressed_size | bytes of the A3 file inside |

use alloc::{string::String, vec::Vec};

use serde::Deserialize;

use crate::{
    Cover, Dtype, Error, Field, Layout, Limits, Outline, Role, Source, Tensor,
    decompress::{self, Codec},
    limits::{LONGEST_NAME, MOST_DIMENSIONS},
    outline::require_unique,
    source::Cursor,
};

/// An entry of the index as JSON spells it; other keys are ignored.
#[derive(Deserialize)]
struct Described {
    name: String,
    dtype: String,
    shape: Vec<u64>,
    offset: u64,
    size: u64,
}

/// What is where, from the two blocks of JSON.
pub(crate) fn outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    let size = source.size();
    let mut outline = Outline::new(Layout::A3, (1, 0), size);
    let mut cursor = Cursor::new(source, 4);
    let metadata_size = u64::from(cursor.u32()?);
    require_json(&cursor.bytes(Field("metadata"), metadata_size, limits.metadata)?, Field("metadata"), 8)?;
    let count_at = cursor.at();
    let count = u64::from(cursor.u32()?);
    if count > limits.entries {
        return Err(Error::Limit { field: Field("tensor_count"), offset: count_at, most: limits.entries, got: count });
    }
    let index_size = u64::from(cursor.u32()?);
    let index_at = cursor.at();
    let index = cursor.bytes(Field("index"), index_size, limits.index)?;
    let described: Vec<Described> =
        serde_json::from_slice(&index).map_err(|error| malformed(&error, Field("index"), index_at))?;
    if described.len() as u64 != count {
        let (expected, got) = ("the number of tensors in the index", count);
        return Err(Error::Field { field: Field("tensor_count"), offset: count_at, expected, got });
    }
    outline.add(Role::Header, 8);
    outline.add(Role::Metadata, metadata_size);
    outline.add(Role::Header, 8);
    outline.add(Role::Index, index_size);
    let data_at = outline.end();
    outline.tensors = described.into_iter().map(|one| tensor(one, data_at, index_at)).collect::<Result<_, _>>()?;
    require_unique(outline.tensors.iter().map(|tensor| tensor.name.as_str()), Field("tensor.name"), index_at)?;
    let places = outline.tensors.iter().map(|tensor| (tensor.offset, tensor.length)).collect();
    outline.add_sorted(Role::Tensor, places, Field("tensor.offset"), index_at)?;
    outline.cover = Some(Cover { start: 0, end: outline.end(), stored_at: outline.end() });
    outline.add(Role::Checksum, 4);
    outline.require_whole()?;
    Ok(outline)
}

fn tensor(described: Described, data_at: u64, index_at: u64) -> Result<Tensor, Error> {
    let wrong = |field, expected, got| Error::Field { field: Field(field), offset: index_at, expected, got };
    let name_size = described.name.len() as u64;
    if name_size == 0 || name_size > LONGEST_NAME {
        return Err(wrong("tensor.name", "from `1` to `4096` bytes", name_size));
    }
    let dtype = Dtype::named(&described.dtype)
        .ok_or_else(|| wrong("tensor.dtype", "a known tensor type", described.dtype.len() as u64))?;
    if described.shape.len() as u64 > MOST_DIMENSIONS {
        return Err(wrong("tensor.dimensions", "at most `8`", described.shape.len() as u64));
    }
    let end = data_at.checked_add(described.offset).and_then(|offset| offset.checked_add(described.size));
    if end.is_none() {
        return Err(wrong("tensor.offset", "a place inside the file", described.offset));
    }
    let offset = data_at + described.offset;
    let tensor = Tensor { name: described.name, dtype, shape: described.shape, offset, length: described.size };
    tensor.check_length(index_at, described.size)?;
    Ok(tensor)
}

fn require_json(bytes: &[u8], field: Field, offset: u64) -> Result<(), Error> {
    serde_json::from_slice::<serde::de::IgnoredAny>(bytes).map(|_| ()).map_err(|error| malformed(&error, field, offset))
}

fn malformed(error: &serde_json::Error, field: Field, offset: u64) -> Error {
    Error::Json { field, offset, line: error.line() as u32, column: error.column() as u32 }
}

/// Bytes before the compressed image of A4.
const WRAPPER_SIZE: u64 = 9;

/// What is where in A4, without looking inside.
pub(crate) fn compressed_outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    let size = source.size();
    wrapper(source, limits)?;
    let mut outline = Outline::new(Layout::A4, (2, 0), size);
    outline.add(Role::Header, WRAPPER_SIZE);
    outline.add(Role::Payload, size - WRAPPER_SIZE);
    outline.require_whole()?;
    Ok(outline)
}

/// The A3 file inside A4, decompressed and no larger than it says.
pub(crate) fn decompressed<S: Source>(source: &mut S, limits: &Limits) -> Result<Vec<u8>, Error> {
    let (codec, declared) = wrapper(source, limits)?;
    let stored = source.size() - WRAPPER_SIZE;
    let bytes = Cursor::new(source, WRAPPER_SIZE).bytes(Field("payload"), stored, stored)?;
    decompress::whole(codec, &bytes, declared, WRAPPER_SIZE)
}

fn wrapper<S: Source>(source: &mut S, limits: &Limits) -> Result<(Codec, u64), Error> {
    let mut cursor = Cursor::new(source, 4);
    let (code, declared) = (cursor.u8()?, u64::from(cursor.u32()?));
    let codec = match code {
        1 => Codec::Lz4Block,
        2 => Codec::Zstd,
        _ => {
            let (field, expected) = (Field("codec"), "`1` or `2`");
            return Err(Error::Field { field, offset: 4, expected, got: code.into() });
        }
    };
    if declared > limits.payload {
        return Err(Error::Limit { field: Field("uncompressed_size"), offset: 5, most: limits.payload, got: declared });
    }
    Ok((codec, declared))
}
