//! A file of layout A2 as named arrays, found without a heap. `container` describes the layout byte by byte.
//!
//! [`Image::open`] walks the index once and accepts it only if every name is in order and every array lies inside the
//! file with as many bytes as its shape says. What it hands out is read number by number, at any alignment.

use crate::{Number, ParseError};

/// Bytes of the header.
const HEADER: usize = 64;

/// Bytes of the checksum that ends the file.
const TRAILER: usize = 4;

/// Flags of a file whose arrays do not lie as they are: compressed, encrypted, by columns.
const NOT_READ: u16 = 0x001 | 0x002 | 0x004 | 0x800;

/// Dimensions of an array.
const MOST_DIMENSIONS: u8 = 8;

/// Models inside models: a pipeline of votes of pipelines is the deepest.
pub(crate) const MOST_DEPTH: u8 = 3;

/// What an array is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dtype {
    /// Single precision.
    F32,
    /// Double precision.
    F64,
    /// Whole numbers of 32 bits.
    I32,
    /// Whole numbers of 64 bits.
    I64,
    /// Bytes.
    U8,
    /// What no family reads: halves, signed bytes, quantized blocks.
    Other,
}

impl Dtype {
    fn of_code(code: u8) -> Self {
        match code {
            0 => Self::F32,
            3 => Self::F64,
            4 => Self::I32,
            5 => Self::I64,
            7 => Self::U8,
            _ => Self::Other,
        }
    }

    fn size(self) -> Option<usize> {
        match self {
            Self::F32 | Self::I32 => Some(4),
            Self::F64 | Self::I64 => Some(8),
            Self::U8 => Some(1),
            Self::Other => None,
        }
    }
}

/// An array of the file.
#[derive(Debug, Clone, Copy)]
pub struct Tensor<'a> {
    /// What it is made of.
    pub dtype: Dtype,
    /// Rows and columns; a vector is one row, a number one row of one column.
    pub shape: [usize; 2],
    /// The numbers, little-endian, row by row.
    pub bytes: &'a [u8],
}

/// The arrays of a model, by their names.
pub trait Tensors<'a> {
    /// The array of this name.
    fn get(&self, name: &'static str) -> Option<Tensor<'a>>;

    /// The array of this name, a dot, and this number: `weight.0`.
    fn get_numbered(&self, name: &'static str, number: u8) -> Option<Tensor<'a>>;

    /// The array of floating numbers of this name and shape.
    fn floats(&self, name: &'static str, shape: [usize; 2]) -> Result<Floats<'a>, ParseError> {
        self.get(name).ok_or(ParseError::Missing { array: name })?.floats(name, shape)
    }

    /// As [`Tensors::floats`], if there is such an array.
    fn optional_floats(&self, name: &'static str, shape: [usize; 2]) -> Result<Option<Floats<'a>>, ParseError> {
        self.get(name).map(|tensor| tensor.floats(name, shape)).transpose()
    }

    /// The array of whole numbers of this name, a vector of any length.
    fn integers(&self, name: &'static str) -> Result<Integers<'a>, ParseError> {
        self.get(name).ok_or(ParseError::Missing { array: name })?.integers(name)
    }
}

impl<'a> Tensor<'a> {
    /// The numbers of an array of this shape.
    pub fn floats(&self, name: &'static str, shape: [usize; 2]) -> Result<Floats<'a>, ParseError> {
        let numbers = match self.dtype {
            Dtype::F32 => Floats::Single(self.bytes),
            Dtype::F64 => Floats::Double(self.bytes),
            _ => return Err(ParseError::WrongType { array: name }),
        };
        self.require(name, shape)?;
        Ok(numbers)
    }

    /// The numbers of a vector of 32-bit integers.
    pub fn integers(&self, name: &'static str) -> Result<Integers<'a>, ParseError> {
        match self.dtype {
            Dtype::I32 => Ok(Integers(self.bytes)),
            _ => Err(ParseError::WrongType { array: name }),
        }
    }

    fn require(&self, name: &'static str, expected: [usize; 2]) -> Result<(), ParseError> {
        let got = self.shape;
        if got == expected { Ok(()) } else { Err(ParseError::WrongShape { array: name, expected, got }) }
    }
}

/// Floating numbers as they stand in the file.
#[derive(Debug, Clone, Copy)]
pub enum Floats<'a> {
    /// Of single precision.
    Single(&'a [u8]),
    /// Of double precision.
    Double(&'a [u8]),
}

impl<'a> Floats<'a> {
    /// No number.
    pub const NONE: Self = Self::Single(&[]);

    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Single(bytes) => bytes.len() / 4,
            Self::Double(bytes) => bytes.len() / 8,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether they are of double precision.
    pub fn are_double(&self) -> bool {
        matches!(self, Self::Double(_))
    }

    /// The number at this place.
    #[inline]
    pub fn get<N: Number>(&self, place: usize) -> Option<N> {
        match self {
            Self::Single(bytes) => bytes.get(place.checked_mul(4)?..)?.first_chunk().map(single),
            Self::Double(bytes) => bytes.get(place.checked_mul(8)?..)?.first_chunk().map(double),
        }
    }

    /// Row `row` of a matrix of this many columns; nothing where it is not there.
    #[inline]
    pub fn row(&self, row: usize, columns: usize) -> Self {
        let part = |bytes: &'a [u8], size: usize| {
            let from = row.checked_mul(columns)?.checked_mul(size)?;
            bytes.get(from..from.checked_add(columns.checked_mul(size)?)?)
        };
        match *self {
            Self::Single(bytes) => Self::Single(part(bytes, 4).unwrap_or(&[])),
            Self::Double(bytes) => Self::Double(part(bytes, 8).unwrap_or(&[])),
        }
    }

    /// Make one number of all, each together with the number of `x` at its place; as long as the shorter of both.
    #[inline]
    pub fn fold_with<N: Number, R>(&self, x: &[N], start: R, mut step: impl FnMut(R, N, N) -> R) -> R {
        match self {
            Self::Single(bytes) => Parts::<4>(bytes).zip(x).fold(start, |so_far, (w, &x)| step(so_far, single(w), x)),
            Self::Double(bytes) => Parts::<8>(bytes).zip(x).fold(start, |so_far, (w, &x)| step(so_far, double(w), x)),
        }
    }

    /// The sum of the products with `x`, added in order.
    #[inline]
    pub fn dot<N: Number>(&self, x: &[N]) -> N {
        self.fold_with(x, N::ZERO, |sum, w, x| sum + w * x)
    }

    /// The numbers one after the other.
    #[inline]
    pub fn iter<N: Number>(&self) -> impl Iterator<Item = N> + use<'a, N> {
        let (singles, doubles): (&'a [u8], &'a [u8]) = match *self {
            Self::Single(bytes) => (bytes, &[]),
            Self::Double(bytes) => (&[], bytes),
        };
        Parts::<4>(singles).map(single).chain(Parts::<8>(doubles).map(double))
    }

    /// The numbers where they lie, if they are of this type and aligned to it.
    #[cfg(feature = "alloc")]
    pub(crate) fn as_slice<N: Number>(&self) -> Option<&'a [N]> {
        let (bytes, size) = match *self {
            Self::Single(bytes) => (bytes, 4),
            Self::Double(bytes) => (bytes, 8),
        };
        if size != size_of::<N>() || cfg!(target_endian = "big") {
            return None;
        }
        // SAFETY: a `Number` of 4 or 8 bytes is `f32` or `f64`, of which every pattern of bits is a value.
        let (before, numbers, behind) = unsafe { bytes.align_to::<N>() };
        (before.is_empty() && behind.is_empty()).then_some(numbers)
    }
}

/// Bytes in parts of one length, and what does not fill one left out.
///
/// The iterator of the standard library divides by the length, which a compiler that does not see it guards by a panic.
struct Parts<'a, const N: usize>(&'a [u8]);

impl<'a, const N: usize> Iterator for Parts<'a, N> {
    type Item = &'a [u8; N];

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(first)
    }
}

#[inline]
fn single<N: Number>(bytes: &[u8; 4]) -> N {
    N::of_single(f32::from_le_bytes(*bytes))
}

#[inline]
fn double<N: Number>(bytes: &[u8; 8]) -> N {
    N::of_double(f64::from_le_bytes(*bytes))
}

/// Whole numbers of 32 bits as they stand in the file.
#[derive(Debug, Clone, Copy)]
pub struct Integers<'a>(&'a [u8]);

impl<'a> Integers<'a> {
    /// No number.
    pub const NONE: Self = Self(&[]);

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len() / 4
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at this place.
    #[inline]
    pub fn get(&self, place: usize) -> Option<i32> {
        self.0.get(place.checked_mul(4)?..)?.first_chunk().map(integer)
    }

    /// The number at this place as one that counts; nothing where it is negative.
    #[inline]
    pub fn count(&self, place: usize) -> Option<usize> {
        usize::try_from(self.get(place)?).ok()
    }

    /// The numbers one after the other.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = i32> + use<'a> {
        Parts::<4>(self.0).map(integer)
    }

    /// All of them as longer words, where they lie as such.
    #[cfg(feature = "alloc")]
    pub(crate) fn as_words<W: Word>(&self) -> Option<&'a [W]> {
        if cfg!(target_endian = "big") {
            return None;
        }
        // SAFETY: every pattern of bits is a word.
        let (before, words, behind) = unsafe { self.0.align_to::<W>() };
        (before.is_empty() && behind.is_empty()).then_some(words)
    }

    /// That there are `parts + 1` of them, which rise from 0 to `end`: borders of parts that lie one behind the other.
    pub fn require_borders(&self, array: &'static str, parts: usize, end: usize) -> Result<(), ParseError> {
        let expected = parts.checked_add(1).ok_or(ParseError::InvalidIndex)?;
        if self.len() != expected {
            return Err(ParseError::WrongShape { array, expected: [1, expected], got: [1, self.len()] });
        }
        let mut last = 0;
        for (place, border) in self.iter().enumerate() {
            if border < last || (place == 0 && border != 0) {
                return Err(ParseError::WrongValue { array, place });
            }
            last = border;
        }
        if usize::try_from(last) == Ok(end) { Ok(()) } else { Err(ParseError::WrongValue { array, place: parts }) }
    }
}

/// One or more whole numbers of 64 bits.
#[cfg(feature = "alloc")]
pub(crate) trait Word: Copy + 'static {}

#[cfg(feature = "alloc")]
impl Word for u64 {}

#[cfg(feature = "alloc")]
impl Word for [u64; 2] {}

#[inline]
fn integer(bytes: &[u8; 4]) -> i32 {
    i32::from_le_bytes(*bytes)
}

/// A file whose index was checked.
#[derive(Debug, Clone, Copy)]
pub struct Image<'a> {
    /// The entries, with the zeros behind them.
    index: &'a [u8],
    count: u32,
    /// The arrays, up to the checksum.
    data: &'a [u8],
}

impl<'a> Image<'a> {
    /// Read header and index, and compare both checksums.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let image = Self::open_verified(bytes)?;
        let (content, trailer) = bytes.split_last_chunk::<TRAILER>().ok_or(ParseError::TooSmall)?;
        if u32::from_le_bytes(*trailer) == crc32(content) { Ok(image) } else { Err(ParseError::ChecksumMismatch) }
    }

    /// As [`Image::open`], of bytes whose checksum was compared before; every bound is checked all the same.
    pub fn open_verified(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let header = bytes.first_chunk::<HEADER>().ok_or(ParseError::TooSmall)?;
        check_header(header)?;
        let index_offset = place(header, 24)?;
        let data_offset = place(header, 32)?;
        let end = bytes.len().checked_sub(TRAILER).ok_or(ParseError::TooSmall)?;
        let index = bytes.get(index_offset..data_offset).ok_or(ParseError::InvalidIndex)?;
        let data = bytes.get(data_offset..end).ok_or(ParseError::InvalidIndex)?;
        let image = Self { index, count: word(header, 8), data };
        image.check_index()?;
        Ok(image)
    }

    /// The arrays of the outermost model.
    pub fn root(self) -> Scope<'a> {
        Scope { image: self, path: [0; MOST_DEPTH as usize], depth: 0 }
    }

    /// Bytes of the arrays.
    pub fn size_bytes(&self) -> usize {
        self.data.len()
    }

    fn check_index(&self) -> Result<(), ParseError> {
        let (mut rest, mut last): (_, &[u8]) = (self.index, &[]);
        for _ in 0..self.count {
            let entry = Entry::read(&mut rest).ok_or(ParseError::InvalidIndex)?;
            if entry.name <= last {
                return Err(ParseError::InvalidIndex);
            }
            entry.tensor(self.data).ok_or(ParseError::InvalidIndex)?;
            last = entry.name;
        }
        Ok(())
    }

    /// The first array whose name passes the test, in the order of the names.
    fn find(&self, is_it: impl Fn(&[u8]) -> bool) -> Option<Tensor<'a>> {
        let mut rest = self.index;
        for _ in 0..self.count {
            let entry = Entry::read(&mut rest)?;
            if is_it(entry.name) {
                return entry.tensor(self.data);
            }
        }
        None
    }
}

fn check_header(header: &[u8; HEADER]) -> Result<(), ParseError> {
    if !header.starts_with(b"APR\0") {
        return Err(ParseError::InvalidMagic);
    }
    if !header.starts_with(b"APR\0\x02\0") {
        return Err(ParseError::UnsupportedVersion);
    }
    let [.., a, b] = word(header, 4).to_le_bytes();
    if u16::from_le_bytes([a, b]) & NOT_READ != 0 {
        return Err(ParseError::UnsupportedFlags);
    }
    // The checksum covers what stands before and behind it.
    let sum = Crc32::new().add(header.get(..40).unwrap_or(&[])).add(header.get(44..).unwrap_or(&[])).finish();
    if sum == word(header, 40) { Ok(()) } else { Err(ParseError::ChecksumMismatch) }
}

/// One line of the index.
struct Entry<'a> {
    name: &'a [u8],
    dtype: Dtype,
    /// All lengths but the last, multiplied, and the last.
    shape: [usize; 2],
    offset: usize,
    size: usize,
}

impl<'a> Entry<'a> {
    /// Read an entry, and step behind it.
    #[inline]
    fn read(rest: &mut &'a [u8]) -> Option<Self> {
        let name_size = u16::from_le_bytes(*take(rest)?);
        let (name, behind) = rest.split_at_checked(name_size.into())?;
        *rest = behind;
        let [code, dimensions] = *take::<2>(rest)?;
        if name.is_empty() || dimensions > MOST_DIMENSIONS {
            return None;
        }
        let mut shape = [1_usize, 1];
        for _ in 0..dimensions {
            let length = usize::try_from(u64::from_le_bytes(*take(rest)?)).ok()?;
            shape = [shape[0].checked_mul(shape[1])?, length];
        }
        let offset = usize::try_from(u64::from_le_bytes(*take(rest)?)).ok()?;
        let size = usize::try_from(u64::from_le_bytes(*take(rest)?)).ok()?;
        Some(Self { name, dtype: Dtype::of_code(code), shape, offset, size })
    }

    /// The array, if it lies inside and is as large as its shape says.
    #[inline]
    fn tensor(&self, data: &'a [u8]) -> Option<Tensor<'a>> {
        let bytes = data.get(self.offset..self.offset.checked_add(self.size)?)?;
        if let Some(size) = self.dtype.size() {
            let expected = self.shape[0].checked_mul(self.shape[1])?.checked_mul(size)?;
            if bytes.len() != expected {
                return None;
            }
        }
        Some(Tensor { dtype: self.dtype, shape: self.shape, bytes })
    }
}

#[inline]
fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (first, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(first)
}

fn word(header: &[u8; HEADER], at: usize) -> u32 {
    header.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn place(header: &[u8; HEADER], at: usize) -> Result<usize, ParseError> {
    let long = header.get(at..).and_then(<[u8]>::first_chunk).map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
    usize::try_from(long).map_err(|_| ParseError::InvalidIndex)
}

/// The arrays of a model, or of one step inside it, whose names begin with the numbers of the steps: `2/0/coef`.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    image: Image<'a>,
    path: [u8; MOST_DEPTH as usize],
    depth: u8,
}

impl<'a> Scope<'a> {
    /// The arrays of step `step`.
    pub fn step(mut self, step: u8) -> Result<Self, ParseError> {
        let place = self.path.get_mut(usize::from(self.depth)).ok_or(ParseError::TooDeep)?;
        *place = step;
        self.depth += 1;
        Ok(self)
    }

    /// How many models this one stands in.
    pub fn depth(&self) -> u8 {
        self.depth
    }

    /// What is left of a name behind the numbers of the steps.
    #[inline]
    fn strip<'b>(&self, mut name: &'b [u8]) -> Option<&'b [u8]> {
        for &step in self.path.iter().take(self.depth.into()) {
            name = strip_number(name, step)?.strip_prefix(b"/")?;
        }
        Some(name)
    }
}

impl<'a> Tensors<'a> for Scope<'a> {
    fn get(&self, name: &'static str) -> Option<Tensor<'a>> {
        self.image.find(|found| self.strip(found) == Some(name.as_bytes()))
    }

    fn get_numbered(&self, name: &'static str, number: u8) -> Option<Tensor<'a>> {
        self.image.find(|found| {
            let rest = self.strip(found).and_then(|rest| rest.strip_prefix(name.as_bytes()));
            let rest = rest.and_then(|rest| strip_number(rest.strip_prefix(b".")?, number));
            rest.is_some_and(<[u8]>::is_empty)
        })
    }
}

/// What is left behind this number in decimal digits.
#[inline]
fn strip_number(mut text: &[u8], number: u8) -> Option<&[u8]> {
    let digits = [number / 100, number / 10 % 10, number % 10];
    let mut has_begun = false;
    for (place, digit) in digits.into_iter().enumerate() {
        has_begun |= digit != 0 || place == 2;
        if has_begun {
            text = text.strip_prefix(&[b'0' + digit])?;
        }
    }
    Some(text)
}

/// The checksum of the bytes.
#[cfg(feature = "alloc")]
fn crc32(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// The checksum of the bytes.
#[cfg(not(feature = "alloc"))]
fn crc32(bytes: &[u8]) -> u32 {
    Crc32::new().add(bytes).finish()
}

/// CRC-32 as the layouts use it, half a byte at a time: 64 bytes of table.
#[derive(Clone, Copy)]
struct Crc32(u32);

impl Crc32 {
    const TABLE: [u32; 16] = {
        let (mut table, mut place) = ([0; 16], 0);
        while place < 16 {
            let (mut rest, mut bit) = (place as u32, 0);
            while bit < 4 {
                rest = if rest & 1 == 0 { rest >> 1 } else { rest >> 1 ^ 0xEDB8_8320 };
                bit += 1;
            }
            table[place] = rest;
            place += 1;
        }
        table
    };

    fn new() -> Self {
        Self(u32::MAX)
    }

    fn add(self, bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(self.0, |rest, &byte| {
            let rest = rest ^ u32::from(byte);
            let rest = rest >> 4 ^ Self::TABLE[(rest & 15) as usize];
            rest >> 4 ^ Self::TABLE[(rest & 15) as usize]
        }))
    }

    fn finish(self) -> u32 {
        !self.0
    }
}
