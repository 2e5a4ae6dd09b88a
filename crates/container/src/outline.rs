//! What is where in a file: its sections and tensors, found without reading the content.

use alloc::{string::String, vec::Vec};

use crate::{Error, Expected, Field, Layout, Source};

/// What a stretch of bytes is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// Magic, version, sizes, flags.
    Header,
    /// Facts about the model, for people and programs.
    Metadata,
    /// Which tensors, models or chunks there are.
    Index,
    /// The columns of a dataset.
    Schema,
    /// Salt, nonce and wrapped key of an encrypted payload.
    Encryption,
    /// The model or the rows, as stored.
    Payload,
    /// The numbers of one tensor.
    Tensor,
    /// One model of a bundle.
    Model,
    /// Zero bytes up to the next multiple of 64.
    Padding,
    /// Signature and public key.
    Signature,
    /// Who may use the file, and until when.
    Licence,
    /// CRC-32 of bytes before it.
    Checksum,
}

impl Role {
    /// The name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Metadata => "metadata",
            Self::Index => "index",
            Self::Schema => "schema",
            Self::Encryption => "encryption",
            Self::Payload => "payload",
            Self::Tensor => "tensor",
            Self::Model => "model",
            Self::Padding => "padding",
            Self::Signature => "signature",
            Self::Licence => "licence",
            Self::Checksum => "checksum",
        }
    }
}

/// A stretch of bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// What it is for.
    pub role: Role,
    /// Its first byte.
    pub offset: u64,
    /// Its bytes.
    pub length: u64,
}

/// How the numbers of a tensor are stored, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names say it; the block types are described in `docs/reference/format.md`")]
pub enum Dtype {
    F32,
    F16,
    BF16,
    F64,
    I32,
    I64,
    I8,
    U8,
    /// 32 numbers in 18 bytes: a half-precision scale, then 4 bits each.
    Q4,
    /// One single-precision scale for the tensor, then 8 bits each.
    Q8,
    /// 256 numbers in 144 bytes, as GGML lays them out.
    Q4K,
    /// 256 numbers in 210 bytes, as GGML lays them out.
    Q6K,
}

impl Dtype {
    /// Every type.
    pub const ALL: [Self; 12] = [
        Self::F32,
        Self::F16,
        Self::BF16,
        Self::F64,
        Self::I32,
        Self::I64,
        Self::I8,
        Self::U8,
        Self::Q4,
        Self::Q8,
        Self::Q4K,
        Self::Q6K,
    ];

    /// The name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::BF16 => "BF16",
            Self::F64 => "F64",
            Self::I32 => "I32",
            Self::I64 => "I64",
            Self::I8 => "I8",
            Self::U8 => "U8",
            Self::Q4 => "Q4",
            Self::Q8 => "Q8",
            Self::Q4K => "Q4_K",
            Self::Q6K => "Q6_K",
        }
    }

    /// The type of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dtype| dtype.name() == name)
    }

    /// Bytes of so many numbers, None where they do not fit into 64 bits.
    pub const fn size_of(self, count: u64) -> Option<u64> {
        match self {
            Self::I8 | Self::U8 => Some(count),
            Self::F16 | Self::BF16 => count.checked_mul(2),
            Self::F32 | Self::I32 => count.checked_mul(4),
            Self::F64 | Self::I64 => count.checked_mul(8),
            Self::Q8 => count.checked_add(4),
            Self::Q4 => count.div_ceil(32).checked_mul(18),
            Self::Q4K => count.div_ceil(256).checked_mul(144),
            Self::Q6K => count.div_ceil(256).checked_mul(210),
        }
    }

    /// Bytes of so many numbers in each dimension, None where that is more than memory can have.
    ///
    /// A dimension of length 0 makes a tensor empty and excuses nothing: whoever makes an array of it multiplies the
    /// others all the same.
    pub fn size_of_shape(self, shape: &[u64]) -> Option<u64> {
        let product = |least| shape.iter().try_fold(1_u64, |count, &side| count.checked_mul(side.max(least)));
        self.size_of(product(1)?).filter(|&size| size <= i64::MAX as u64)?;
        self.size_of(product(0)?)
    }
}

/// A tensor and where its numbers are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// Its name, unique in the file.
    pub name: String,
    /// How its numbers are stored.
    pub dtype: Dtype,
    /// Lengths of its dimensions, the slowest first.
    pub shape: Vec<u64>,
    /// Its first byte in the file; in the decompressed image for A4.
    pub offset: u64,
    /// Its bytes.
    pub length: u64,
}

impl Tensor {
    /// Require that the shape and the type account for every byte.
    pub(crate) fn check_length(&self, offset: u64, length: u64) -> Result<(), Error> {
        if self.dtype.size_of_shape(&self.shape) == Some(length) {
            return Ok(());
        }
        let expected: Expected = "the size that shape and type give";
        Err(Error::Field { field: Field("tensor.size"), offset, expected, got: length })
    }
}

/// One model of a bundle and where its file begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, unique in the bundle.
    pub name: String,
    /// Its first byte.
    pub offset: u64,
    /// Its bytes.
    pub length: u64,
}

/// A checksum: the bytes it covers and the place where it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cover {
    /// The first byte that it covers.
    pub start: u64,
    /// The byte behind the last that it covers.
    pub end: u64,
    /// Where its four bytes stand.
    pub stored_at: u64,
}

/// What is where in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Which layout it has.
    pub layout: Layout,
    /// Version, major and minor.
    pub version: (u32, u32),
    /// Flags as the header holds them, 0 where there are none.
    pub flags: u32,
    /// Bytes of the file.
    pub size: u64,
    /// Every byte of the file, in order.
    pub sections: Vec<Section>,
    /// The tensors, as far as the layout has any; those of A4 are in the decompressed image.
    pub tensors: Vec<Tensor>,
    /// The models of a bundle.
    pub entries: Vec<Entry>,
    /// The checksum over the content, if the layout has one.
    pub cover: Option<Cover>,
}

impl Outline {
    pub(crate) fn new(layout: Layout, version: (u32, u32), size: u64) -> Self {
        let (sections, tensors, entries) = (Vec::new(), Vec::new(), Vec::new());
        Self { layout, version, flags: 0, size, sections, tensors, entries, cover: None }
    }

    /// The next section begins where the last one ends.
    pub(crate) fn add(&mut self, role: Role, length: u64) {
        let offset = self.end();
        if length > 0 {
            self.sections.push(Section { role, offset, length });
        }
    }

    /// Padding up to `next`, fewer than 64 bytes.
    pub(crate) fn pad_to(&mut self, field: Field, at: u64, next: u64) -> Result<(), Error> {
        let end = self.end();
        if next < end {
            return Err(Error::Overlap { offset: next, end });
        }
        if next - end >= ALIGNMENT {
            let expected = "right behind what comes before it";
            return Err(Error::Field { field, offset: at, expected, got: next });
        }
        self.add(Role::Padding, next - end);
        Ok(())
    }

    /// The byte behind the last section.
    pub fn end(&self) -> u64 {
        self.sections.last().map_or(0, |section| section.offset + section.length)
    }

    /// The section of a role, if there is one.
    pub fn section(&self, role: Role) -> Option<Section> {
        self.sections.iter().copied().find(|section| section.role == role)
    }

    /// Require that the sections are the whole file: no byte missing, none hidden.
    pub(crate) fn require_whole(&self) -> Result<(), Error> {
        match (self.end(), self.size) {
            (expected, got) if got < expected => Err(Error::Truncated { expected, got }),
            (expected, got) if got > expected => Err(Error::Surplus { expected, got }),
            _ => Ok(()),
        }
    }

    /// Tensors or models as sections, which may stand in any order, but not over each other.
    pub(crate) fn add_sorted(
        &mut self,
        role: Role,
        mut places: Vec<(u64, u64)>,
        field: Field,
        at: u64,
    ) -> Result<(), Error> {
        places.sort_unstable();
        for (offset, length) in places {
            if length > 0 {
                self.pad_to(field, at, offset)?;
                self.add(role, length);
            }
        }
        Ok(())
    }

    /// Require that padding is zero, which a reader that skips it would not notice.
    pub fn check_padding<S: Source>(&self, source: &mut S) -> Result<(), Error> {
        for section in self.sections.iter().filter(|section| section.role == Role::Padding) {
            let mut bytes = [0; ALIGNMENT as usize];
            let bytes = &mut bytes[..section.length as usize];
            source.read(section.offset, bytes)?;
            if let Some(place) = bytes.iter().position(|&byte| byte != 0) {
                return Err(Error::Hidden { offset: section.offset + place as u64, got: bytes[place] });
            }
        }
        Ok(())
    }

    /// Require that the checksum holds. `Ok(false)`: the layout has none, so nothing is proved.
    pub fn check_checksum<S: Source>(&self, source: &mut S) -> Result<bool, Error> {
        let Some(cover) = self.cover else { return Ok(false) };
        let mut stored = [0; 4];
        source.read(cover.stored_at, &mut stored)?;
        let (expected, got) = (u32::from_le_bytes(stored), checksum(source, cover.start, cover.end)?);
        if expected == got { Ok(true) } else { Err(Error::Checksum { offset: cover.stored_at, expected, got }) }
    }
}

/// What tensors are aligned to in A2, and the most that padding may take.
pub const ALIGNMENT: u64 = 64;

/// Two names that are the same, wherever they stand.
pub(crate) fn require_unique<'a>(names: impl Iterator<Item = &'a str>, field: Field, at: u64) -> Result<(), Error> {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => {
            let got = pair[0].len() as u64;
            Err(Error::Field { field, offset: at, expected: "unlike every other name", got })
        }
    }
}

/// Bytes that are read at a time; few enough for the stack of a small machine.
const PIECE: usize = 16 << 10;

/// CRC-32 of the bytes from `start` to `end`, read in pieces where they are not in memory.
fn checksum<S: Source>(source: &mut S, start: u64, end: u64) -> Result<u32, Error> {
    if let Some(bytes) = source.whole().and_then(|bytes| bytes.get(start as usize..end as usize)) {
        return Ok(crate::crc32(0, bytes));
    }
    let mut piece = [0; PIECE];
    let (mut at, mut found) = (start, 0);
    while at < end {
        let length = (end - at).min(piece.len() as u64) as usize;
        source.read(at, &mut piece[..length])?;
        found = crate::crc32(found, &piece[..length]);
        at += length as u64;
    }
    Ok(found)
}
