//! Layout A5 and the dataset of tensors: everything in line, every text and list led by its length, no checksum.
//!
//! A5: magic `APR\0`, version u32 = 1, model_type text, layer_count u32, then for each layer its type as text,
//! parameter_count u32 and so many tensors; pairs of texts, key and value, fill the rest. The dataset: magic `ALD\0`,
//! version u32 = 1, tensor_count u32, tensors. A text is size u32 and UTF-8; a tensor is name text, dtype u32 (0 F32,
//! 1 F64, 2 I32, 3 I64, 4 U8), dimension_count u32, lengths u32 each, numbers. Layers give their tensors the same names,
//! so a tensor is called `layers.0.name` here.

use alloc::{format, vec::Vec};

use crate::{
    Dtype, Error, Field, Layout, Limits, Outline, Role, Source, Tensor,
    limits::{LONGEST_NAME, MOST_DIMENSIONS},
    outline::require_unique,
    source::Cursor,
};

/// What is where in A5, found by walking from tensor to tensor.
pub(crate) fn outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    let mut walk = Walk::new(Layout::A5, source, limits, 8);
    walk.text("model_type")?;
    let layers = walk.count("layer_count")?;
    for layer in 0..layers {
        walk.text("layer.type")?;
        let parameters = walk.count("layer.parameter_count")?;
        for _ in 0..parameters {
            walk.tensor(Some(layer))?;
        }
    }
    walk.close_header();
    walk.require_unique()?;
    while walk.cursor.at() < walk.outline.size {
        walk.text("metadata.key")?;
        walk.text("metadata.value")?;
    }
    let rest = walk.cursor.at() - walk.outline.end();
    walk.outline.add(Role::Metadata, rest);
    walk.outline.require_whole()?;
    Ok(walk.outline)
}

/// What is where in the dataset of tensors.
pub(crate) fn dataset_outline<S: Source>(source: &mut S, limits: &Limits) -> Result<Outline, Error> {
    let version = Cursor::new(source, 4).u32()?;
    if version != 1 {
        return Err(Error::Version { got: version });
    }
    let mut walk = Walk::new(Layout::AldTensors, source, limits, 8);
    let count = walk.count("tensor_count")?;
    for _ in 0..count {
        walk.tensor(None)?;
    }
    walk.close_header();
    walk.require_unique()?;
    walk.outline.require_whole()?;
    Ok(walk.outline)
}

struct Walk<'a, S: Source> {
    cursor: Cursor<'a, S>,
    outline: Outline,
    limits: &'a Limits,
    entries: u64,
}

impl<'a, S: Source> Walk<'a, S> {
    fn new(layout: Layout, source: &'a mut S, limits: &'a Limits, start: u64) -> Self {
        let outline = Outline::new(layout, (1, 0), source.size());
        Self { cursor: Cursor::new(source, start), outline, limits, entries: 0 }
    }

    /// A list is as long as it says only if its items are there; each of them takes part in one common limit.
    fn count(&mut self, field: &'static str) -> Result<u64, Error> {
        let offset = self.cursor.at();
        let got = u64::from(self.cursor.u32()?);
        self.entries += got;
        if self.entries > self.limits.entries {
            return Err(Error::Limit { field: Field(field), offset, most: self.limits.entries, got });
        }
        Ok(got)
    }

    fn text(&mut self, field: &'static str) -> Result<alloc::string::String, Error> {
        let length = u64::from(self.cursor.u32()?);
        self.cursor.text(Field(field), length, self.limits.metadata.min(MOST_TEXT))
    }

    /// A tensor; one of a layer is called `layers.0.name`, because layers give their tensors the same names.
    fn tensor(&mut self, layer: Option<u64>) -> Result<(), Error> {
        let name_at = self.cursor.at();
        let name = self.text("tensor.name")?;
        if name.len() as u64 > LONGEST_NAME {
            let got = name.len() as u64;
            return Err(Error::Limit { field: Field("tensor.name"), offset: name_at, most: LONGEST_NAME, got });
        }
        let name = match layer {
            Some(layer) => format!("layers.{layer}.{name}"),
            None => name,
        };
        let offset = self.cursor.at();
        let code = self.cursor.u32()?;
        let wrong =
            |field, offset, expected, got: u32| Error::Field { field: Field(field), offset, expected, got: got.into() };
        let dtype = match code {
            0 => Dtype::F32,
            1 => Dtype::F64,
            2 => Dtype::I32,
            3 => Dtype::I64,
            4 => Dtype::U8,
            _ => return Err(wrong("tensor.dtype", offset, "from `0` to `4`", code)),
        };
        let dimensions = self.cursor.u32()?;
        if u64::from(dimensions) > MOST_DIMENSIONS {
            return Err(wrong("tensor.dimensions", offset + 4, "at most `8`", dimensions));
        }
        let shape = (0..dimensions).map(|_| self.cursor.u32().map(u64::from)).collect::<Result<Vec<_>, _>>()?;
        let length = dtype.size_of_shape(&shape);
        let length = length.ok_or(wrong("tensor.shape", offset + 8, "of a size that fits into a file", dimensions))?;
        self.close_header();
        let place = self.cursor.at();
        self.cursor.skip(length)?;
        self.outline.add(Role::Tensor, length);
        self.outline.tensors.push(Tensor { name, dtype, shape, offset: place, length });
        Ok(())
    }

    fn require_unique(&self) -> Result<(), Error> {
        let names = self.outline.tensors.iter().map(|tensor| tensor.name.as_str());
        require_unique(names, Field("tensor.name"), FIRST_COUNT)
    }

    /// What was read since the last section describes what follows.
    fn close_header(&mut self) {
        let length = self.cursor.at() - self.outline.end();
        self.outline.add(Role::Header, length);
    }
}

/// Where the first count of a file stands, which is as near as a message about all names gets.
const FIRST_COUNT: u64 = 8;

/// Bytes of a text, whatever the limit for metadata is.
const MOST_TEXT: u64 = 1 << 20;
