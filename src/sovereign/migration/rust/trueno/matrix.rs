//! Matrices as views of memory that somebody else owns.

use core::marker::PhantomData;

use crate::{Element, Error, Kernels, generic::matmul::Grid};

/// A matrix to be read: element `(i, j)` stands at `i * row_stride + j * column_stride`.
#[derive(Debug, Clone, Copy)]
pub struct View<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a, T: Element> View<'a, T> {
    /// Rows one behind the other.
    pub fn new(data: &'a [T], rows: usize, columns: usize) -> Result<Self, Error> {
        Self::strided(data, rows, columns, columns, 1)
    }

    /// Any strides, counted in elements; 0 repeats a row or a column.
    pub fn strided(
        data: &'a [T],
        rows: usize,
        columns: usize,
        row_stride: usize,
        column_stride: usize,
    ) -> Result<Self, Error> {
        require_extent(rows, columns, row_stride, column_stride, data.len())?;
        Ok(Self { data, rows, columns, row_stride, column_stride })
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows and columns.
    pub fn shape(&self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    /// Rows become columns; nothing is copied.
    pub fn transposed(self) -> Self {
        let Self { data, rows, columns, row_stride, column_stride } = self;
        Self { data, rows: columns, columns: rows, row_stride: column_stride, column_stride: row_stride }
    }

    /// Element `(i, j)`; panics where there is none.
    pub fn at(&self, i: usize, j: usize) -> T {
        assert!(i < self.rows && j < self.columns, "no element ({i}, {j})");
        self.data[i * self.row_stride + j * self.column_stride]
    }

    /// Row `i` where it is contiguous; panics where there is none.
    pub fn row(&self, i: usize) -> Option<&'a [T]> {
        assert!(i < self.rows, "no row {i}");
        let first = i * self.row_stride;
        (self.column_stride == 1).then(|| &self.data[first..first + self.columns])
    }

    pub(crate) fn grid(&self) -> Grid<T> {
        Grid { start: self.data.as_ptr(), row: self.row_stride, column: self.column_stride }
    }
}

/// A matrix to be written; each row is contiguous.
#[derive(Debug)]
pub struct ViewMut<'a, T> {
    start: *mut T,
    rows: usize,
    columns: usize,
    row_stride: usize,
    data: PhantomData<&'a mut [T]>,
}

impl<'a, T: Element> ViewMut<'a, T> {
    /// Rows one behind the other.
    pub fn new(data: &'a mut [T], rows: usize, columns: usize) -> Result<Self, Error> {
        Self::strided(data, rows, columns, columns)
    }

    /// Rows this far from each other, counted in elements; they must not overlap.
    pub fn strided(data: &'a mut [T], rows: usize, columns: usize, row_stride: usize) -> Result<Self, Error> {
        require_extent(rows, columns, row_stride, 1, data.len())?;
        if rows > 1 && row_stride < columns {
            return Err(Error::RowsOverlap { columns, row_stride });
        }
        Ok(Self { start: data.as_mut_ptr(), rows, columns, row_stride, data: PhantomData })
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows and columns.
    pub fn shape(&self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    pub(crate) fn start(&mut self) -> *mut T {
        self.start
    }

    pub(crate) fn row_stride(&self) -> usize {
        self.row_stride
    }

    /// Row `i`; panics where there is none.
    pub fn row(&mut self, i: usize) -> &mut [T] {
        assert!(i < self.rows, "no row {i}");
        // SAFETY: `strided` checked that all rows lie within the slice, which is borrowed as long as `self` is.
        unsafe { core::slice::from_raw_parts_mut(self.start.wrapping_add(i * self.row_stride), self.columns) }
    }
}

/// Elements of a side of the squares in which a matrix is turned: a cache line each way.
const SQUARE: usize = 16;

impl Kernels {
    /// Lay the elements of `a` into `out`; with [`View::transposed`] rows become columns.
    pub fn copy<T: Element>(&self, a: View<T>, out: &mut ViewMut<T>) -> Result<(), Error> {
        require_shape(a.shape(), out.shape())?;
        let (from, to, stride) = (a.grid(), out.start(), out.row_stride());
        // SAFETY: rows and columns lie within both views, and borrows keep these apart.
        unsafe {
            if from.column == 1 {
                for i in 0..a.rows {
                    to.add(i * stride).copy_from_nonoverlapping(from.start.add(i * from.row), a.columns);
                }
                return Ok(());
            }
            for top in (0..a.rows).step_by(SQUARE) {
                for left in (0..a.columns).step_by(SQUARE) {
                    for i in top..a.rows.min(top + SQUARE) {
                        for j in left..a.columns.min(left + SQUARE) {
                            *to.add(i * stride + j) = *from.start.add(i * from.row + j * from.column);
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Both shapes are the same one.
pub(crate) fn require_shape(got: [usize; 2], expected: [usize; 2]) -> Result<(), Error> {
    if got == expected { Ok(()) } else { Err(Error::ShapesDiffer { expected, got }) }
}

/// The last element lies within the `len` elements that there are.
fn require_extent(
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
    len: usize,
) -> Result<(), Error> {
    if rows == 0 || columns == 0 {
        return Ok(());
    }
    let last = (rows - 1)
        .checked_mul(row_stride)
        .zip((columns - 1).checked_mul(column_stride))
        .and_then(|(down, right)| down.checked_add(right));
    match last {
        Some(last) if last < len => Ok(()),
        _ => Err(Error::MatrixTooLarge { rows, columns, len }),
    }
}
