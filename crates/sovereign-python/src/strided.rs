//! Where the elements of an array lie, and copies between arrays that lie differently.

use std::{ptr, slice};

use crate::{
    dtype::{Dtype, Scalar},
    errors::{Expected, Failure},
    pool::Scratch,
};

/// The place, shape and element type of an array. A vector is a matrix of one row here.
#[derive(Clone, Copy)]
pub(crate) struct Strided {
    pub(crate) start: *mut u8,
    pub(crate) shape: [usize; 2],
    /// From one row to the next and from one column to the next, in bytes.
    pub(crate) strides: [isize; 2],
    pub(crate) dtype: Dtype,
    /// 1 for a vector, 2 for a matrix.
    pub(crate) rank: u8,
    pub(crate) is_readonly: bool,
}

impl Strided {
    /// Rows that follow each other without gaps.
    pub(crate) fn dense(start: *mut u8, dtype: Dtype, rank: u8, shape: [usize; 2]) -> Self {
        let size = dtype.size() as isize;
        Self { start, shape, strides: [shape[1] as isize * size, size], dtype, rank, is_readonly: false }
    }

    #[inline]
    pub(crate) fn size(&self) -> usize {
        self.shape[0] * self.shape[1]
    }

    #[inline]
    pub(crate) fn bytes(&self) -> usize {
        self.size() * self.dtype.size()
    }

    /// The shape as Python sees it.
    #[inline]
    pub(crate) fn dimensions(&self) -> &[usize] {
        &self.shape[2 - usize::from(self.rank)..]
    }

    /// Whether the rows follow each other without gaps; strides that no step uses do not count.
    #[inline]
    pub(crate) fn is_dense(&self) -> bool {
        let ([rows, columns], size) = (self.shape, self.dtype.size() as isize);
        (columns <= 1 || self.strides[1] == size) && (rows <= 1 || self.strides[0] == columns as isize * size)
            || rows == 0
            || columns == 0
    }

    /// Whether every element stands at a multiple of its size.
    #[inline]
    pub(crate) fn is_aligned(&self) -> bool {
        let size = self.dtype.size() as isize;
        let [rows, columns] = self.shape;
        self.size() == 0
            || self.start.addr() as isize % size == 0
                && (rows <= 1 || self.strides[0] % size == 0)
                && (columns <= 1 || self.strides[1] % size == 0)
    }

    /// Whether it is a slice of elements as it lies.
    #[inline]
    pub(crate) fn is_slice(&self) -> bool {
        self.is_dense() && self.start.addr() & (self.dtype.size() - 1) == 0
    }

    /// The element at this place.
    #[inline]
    pub(crate) fn at(&self, row: usize, column: usize) -> *mut u8 {
        self.start.wrapping_offset(row as isize * self.strides[0] + column as isize * self.strides[1])
    }

    /// The elements.
    ///
    /// # Safety
    /// [`Strided::is_slice`] holds, the elements are of type `T`, they live as long as the slice is used, and nobody
    /// writes them meanwhile.
    #[inline]
    pub(crate) unsafe fn as_slice<'a, T: Scalar>(&self) -> &'a [T] {
        debug_assert!(self.dtype == T::DTYPE && self.is_slice());
        match self.size() {
            0 => &[],
            // SAFETY: as the caller says.
            size => unsafe { slice::from_raw_parts(self.start.cast(), size) },
        }
    }

    /// The elements, to be written.
    ///
    /// # Safety
    /// As for [`Strided::as_slice`], and nobody else reads them either.
    #[inline]
    pub(crate) unsafe fn as_mut_slice<'a, T: Scalar>(&self) -> &'a mut [T] {
        debug_assert!(self.dtype == T::DTYPE && self.is_slice());
        match self.size() {
            0 => &mut [],
            // SAFETY: as the caller says.
            size => unsafe { slice::from_raw_parts_mut(self.start.cast(), size) },
        }
    }

    /// The transposed matrix; the same elements.
    pub(crate) fn transposed(&self) -> Self {
        let ([rows, columns], [row, column]) = (self.shape, self.strides);
        Self { shape: [columns, rows], strides: [column, row], ..*self }
    }

    /// First and last byte address, the last one excluded.
    #[inline(always)]
    fn extent(&self) -> (usize, usize) {
        if self.is_dense() {
            return (self.start.addr(), self.start.addr() + self.bytes());
        }
        self.strided_extent()
    }

    #[cold]
    fn strided_extent(&self) -> (usize, usize) {
        let (mut low, mut high) = (0, self.dtype.size() as isize);
        for (length, stride) in self.shape.into_iter().zip(self.strides) {
            let reach = (length as isize - 1) * stride;
            if reach < 0 { low += reach } else { high += reach }
        }
        let at = |offset: isize| self.start.addr().wrapping_add_signed(offset);
        (at(low), at(high))
    }

    /// How two arrays lie to each other. Arrays with different strides whose extents cross count as overlapping.
    #[inline(always)]
    pub(crate) fn relation(&self, other: &Self) -> Relation {
        let is_alike = self.start == other.start && self.dtype == other.dtype && self.shape == other.shape;
        if is_alike && self.is_dense() && other.is_dense() {
            return if self.size() == 0 { Relation::Apart } else { Relation::Same };
        }
        let ((low, high), (other_low, other_high)) = (self.extent(), other.extent());
        if low >= other_high || other_low >= high { Relation::Apart } else { self.meets(other) }
    }

    /// As [`Strided::relation`], of arrays whose extents cross.
    #[cold]
    fn meets(&self, other: &Self) -> Relation {
        if self.size() == 0 || other.size() == 0 {
            return Relation::Apart;
        }
        let is_alike = self.start == other.start && self.dtype == other.dtype && self.shape == other.shape;
        if is_alike && self.has_strides_of(other) {
            return Relation::Same;
        }
        if self.is_dense() && other.is_dense() || !self.interleaves(other) {
            Relation::Overlapping
        } else {
            Relation::Apart
        }
    }

    fn has_strides_of(&self, other: &Self) -> bool {
        (0..2).all(|k| self.shape[k] <= 1 || self.strides[k] == other.strides[k])
    }

    /// Whether two arrays of equal strides share no byte, as two columns of one matrix do.
    fn interleaves(&self, other: &Self) -> bool {
        let axis = |k: usize| {
            let known = |of: &Self| (of.shape[k] > 1).then_some(of.strides[k]);
            let stride = match (known(self), known(other)) {
                (Some(a), Some(b)) if a != b => return None,
                (a, b) => a.or(b).unwrap_or(0),
            };
            // From element j of the other to element i of this it is i - j steps.
            Some(Axis::new(stride, 1 - other.shape[k] as i128, self.shape[k] as i128 - 1))
        };
        let (Some(rows), Some(columns)) = (axis(0), axis(1)) else { return false };
        let distance = other.start.addr() as i128 - self.start.addr() as i128;
        let (size, other_size) = (self.dtype.size() as i128, other.dtype.size() as i128);
        !reaches([rows, columns], distance - size + 1, distance + other_size - 1)
    }

    /// Whether two of its own elements share a byte.
    #[cold]
    pub(crate) fn meets_itself(&self) -> bool {
        let [rows, columns] = self.shape.map(|length| length as i128 - 1);
        let [row, column] = self.strides;
        let near = self.dtype.size() as i128 - 1;
        // Of two elements one stands in a row below the other, or further right in the same.
        self.size() > 0
            && (reaches([Axis::new(row, 1, rows), Axis::new(column, -columns, columns)], -near, near)
                || reaches([Axis::new(row, 0, 0), Axis::new(column, 1, columns)], -near, near))
    }
}

/// Steps of one length: from `least` to `most` of them, the length not below zero.
#[derive(Clone, Copy)]
struct Axis {
    stride: i128,
    least: i128,
    most: i128,
}

impl Axis {
    fn new(stride: isize, least: i128, most: i128) -> Self {
        let stride = stride as i128;
        if stride < 0 { Self { stride: -stride, least: -most, most: -least } } else { Self { stride, least, most } }
    }
}

/// Numbers of steps that are looked at before arrays count as overlapping.
const LOOKS: i128 = 1 << 16;

/// Whether steps along both axes lead from `low` to `high`, both included.
fn reaches(mut axes: [Axis; 2], low: i128, high: i128) -> bool {
    if axes.iter().any(|axis| axis.least > axis.most) {
        return false;
    }
    axes.sort_by_key(|axis| axis.stride);
    let [minor, major] = axes;
    if major.stride == 0 {
        return low <= 0 && 0 <= high;
    }
    let (nearest, farthest) = (minor.least * minor.stride, minor.most * minor.stride);
    let first = major.least.max((low - farthest).div_euclid(major.stride));
    let last = major.most.min((high - nearest).div_euclid(major.stride));
    if last - first >= LOOKS {
        return true;
    }
    (first..=last).any(|steps| {
        let (low, high) = (low - steps * major.stride, high - steps * major.stride);
        if minor.stride == 0 {
            return low <= 0 && 0 <= high;
        }
        // The greatest number of small steps that does not lead beyond.
        let steps = minor.most.min(high.div_euclid(minor.stride));
        steps >= minor.least && steps * minor.stride >= low
    })
}

/// How an output lies to an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Apart,
    Same,
    Overlapping,
}

/// Refuse arrays of different shape.
#[inline]
pub(crate) fn require_shape(like: &Strided, other: &Strided, name: &'static str) -> Result<(), Failure> {
    if like.rank == other.rank && like.shape == other.shape {
        return Ok(());
    }
    let (expected, got) = (Expected::Shape(like.dimensions().to_vec()), other.dimensions().to_vec());
    Err(Failure::Shape { name, expected, got })
}

/// Copy each element of `from` to the same place of `to`.
///
/// # Safety
/// Both have the same shape and element type, live, and share no memory; `to` may be written.
pub(crate) unsafe fn copy(from: &Strided, to: &Strided) {
    debug_assert!(from.shape == to.shape && from.dtype == to.dtype);
    // SAFETY: as the caller says; the types below have the size of an element, and no alignment is asked for.
    unsafe {
        match from.dtype.size() {
            1 => copy_elements::<u8>(from, to),
            4 => copy_elements::<[u8; 4]>(from, to),
            _ => copy_elements::<[u8; 8]>(from, to),
        }
    }
}

/// Side of the squares in which a matrix is copied whose rows are the columns of the other: both sides of a square fit
/// into the first cache.
const SQUARE: usize = 32;

unsafe fn copy_elements<T: Copy>(from: &Strided, to: &Strided) {
    let size = size_of::<T>() as isize;
    let [rows, columns] = from.shape;
    // SAFETY: rows and columns stay inside both arrays.
    unsafe {
        if from.is_dense() && to.is_dense() {
            ptr::copy_nonoverlapping(from.start, to.start, from.bytes());
        } else if from.strides[1] == size && to.strides[1] == size {
            for row in 0..rows {
                ptr::copy_nonoverlapping(from.at(row, 0), to.at(row, 0), columns * size_of::<T>());
            }
        } else {
            for top in (0..rows).step_by(SQUARE) {
                for left in (0..columns).step_by(SQUARE) {
                    for row in top..rows.min(top + SQUARE) {
                        for column in left..columns.min(left + SQUARE) {
                            let value = from.at(row, column).cast::<T>().read_unaligned();
                            to.at(row, column).cast::<T>().write_unaligned(value);
                        }
                    }
                }
            }
        }
    }
}

/// A dense copy in memory of the pool.
///
/// # Safety
/// The array lives, and nobody writes it meanwhile.
#[cold]
pub(crate) unsafe fn packed(array: &Strided) -> Result<Scratch, Failure> {
    let scratch = Scratch::new(array.bytes())?;
    let dense = Strided::dense(scratch.start(), array.dtype, array.rank, array.shape);
    // SAFETY: scratch is fresh and large enough.
    unsafe { copy(array, &dense) };
    Ok(scratch)
}
