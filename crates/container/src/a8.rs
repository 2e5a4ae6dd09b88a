//! Layout A8: several models in one file, without a checksum.
//!
//! Magic `APBUNDLE`, version u32 = 1, manifest_size u64, manifest, models one behind the other. The manifest: version
//! u32 = 1, created_at u64 in Unix seconds, description text, model_count u32, then for each model its name as text,
//! size u64 and offset u64 from the first model. A text is size u32 and UTF-8.

use alloc::vec::Vec;

use crate::{
    Entry, Error, Field, Layout, Limits, Outline, Role, Source, limits::LONGEST_NAME, outline::require_unique,
    source::Cursor,
};

const HEADER_SIZE: u64 = 20;

/// What is where, from the manifest.
pub(crate) fn outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    let size = source.size();
    let mut cursor = Cursor::new(source, 8);
    let (version, manifest_size) = (cursor.u32()?, cursor.u64()?);
    if version != 1 {
        return Err(Error::Version { got: version });
    }
    let block = cursor.bytes(Field("manifest_size"), manifest_size, limits.index)?;
    let data_at = HEADER_SIZE + manifest_size;
    let mut outline = Outline::new(Layout::A8, (1, 0), size);
    outline.entries = read_manifest(&block, data_at, limits)?;
    outline.add(Role::Header, HEADER_SIZE);
    outline.add(Role::Index, manifest_size);
    require_unique(outline.entries.iter().map(|entry| entry.name.as_str()), Field("model.name"), HEADER_SIZE)?;
    let places: Vec<_> = outline.entries.iter().map(|entry| (entry.offset, entry.length)).collect();
    outline.add_sorted(Role::Model, places, Field("model.offset"), HEADER_SIZE)?;
    outline.require_whole()?;
    Ok(outline)
}

fn read_manifest(mut block: &[u8], data_at: u64, limits: &Limits) -> Result<Vec<Entry>, Error> {
    let wrong = |field, offset, expected, got| Error::Field { field: Field(field), offset, expected, got };
    let size = block.len() as u64;
    let mut cursor = Cursor::new(&mut block, 0);
    let version = cursor.u32()?;
    if version != 1 {
        return Err(wrong("manifest.version", HEADER_SIZE, "`1`", version.into()));
    }
    cursor.skip(8)?;
    let description_size = u64::from(cursor.u32()?);
    cursor.text(Field("description"), description_size, limits.metadata)?;
    let count = u64::from(cursor.u32()?);
    if count > limits.entries {
        let offset = HEADER_SIZE + cursor.at() - 4;
        return Err(Error::Limit { field: Field("model_count"), offset, most: limits.entries, got: count });
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        let offset = HEADER_SIZE + cursor.at();
        let name_size = u64::from(cursor.u32()?);
        let name = cursor.text(Field("model.name"), name_size, LONGEST_NAME)?;
        let (length, relative) = (cursor.u64()?, cursor.u64()?);
        let place = data_at.checked_add(relative).filter(|place| place.checked_add(length).is_some());
        let place = place.ok_or(wrong("model.offset", offset, "a place inside the file", relative))?;
        entries.push(Entry { name, offset: place, length });
    }
    if cursor.at() != size {
        return Err(wrong("manifest_size", 12, "the bytes that the manifest takes", size));
    }
    Ok(entries)
}
