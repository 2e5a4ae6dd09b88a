//! Cholesky factors and triangular systems, in blocks whose products do nearly all the work.
//!
//! Both are backward stable: the factor is that of a matrix that differs from the given one by a few roundings per
//! element, and a solution is that of such a system.

use crate::{
    Binary, Element, Error, Kernels, Operand, View, ViewMut, generic::matmul::Grid, matrix::require_shape,
    product::Product,
};

/// Rows and columns of a block on the diagonal.
const BLOCK: usize = 64;

/// The half of a square matrix that is read; the other half may hold anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Triangle {
    /// On and below the diagonal.
    Lower,
    /// On and above the diagonal.
    Upper,
}

/// A triangular matrix as a system sees it.
#[derive(Clone, Copy)]
struct Triangular<T> {
    grid: Grid<T>,
    n: usize,
    is_lower: bool,
    has_unit_diagonal: bool,
}

impl Kernels {
    /// Lay into `out` the lower triangular L with `L * Lᵀ = a`, zeros above it. Only the lower half of `a` is read.
    ///
    /// After [`Error::NotPositiveDefinite`] the output holds no factor.
    pub fn cholesky<T: Element>(&self, a: View<T>, out: &mut ViewMut<T>, threads: usize) -> Result<(), Error> {
        let n = a.rows();
        require_shape(a.shape(), [n, n])?;
        require_shape(out.shape(), [n, n])?;
        for i in 0..n {
            for (j, element) in out.row(i).iter_mut().enumerate() {
                *element = if j <= i { a.at(i, j) } else { T::ZERO };
            }
        }
        let (start, stride) = (out.start(), out.row_stride());
        for k in (0..n).step_by(BLOCK) {
            let width = BLOCK.min(n - k);
            // SAFETY: all rows and columns are below `n`; the columns that change lie apart from those before them.
            unsafe {
                let rows = start.add(k * stride);
                let (a, b) = (grid(rows, stride), Grid { start: rows.cast_const(), row: 1, column: stride });
                Product::subtracted([n - k, width, k], a, b, rows.add(k), stride).run(self, threads);
                let diagonal = rows.add(k);
                self.cholesky_rows(diagonal, stride, width)
                    .map_err(|pivot| Error::NotPositiveDefinite { pivot: k + pivot })?;
                self.divide_below(diagonal, stride, width, n - k - width);
            }
        }
        for i in 0..n {
            out.row(i)[i + 1..].fill(T::ZERO);
        }
        Ok(())
    }

    /// The factor of a block in its place, row by row; the place of the first pivot that is not above zero.
    ///
    /// # Safety
    /// `n` rows and columns at distance `stride`, written by nobody else.
    unsafe fn cholesky_rows<T: Element>(&self, a: *mut T, stride: usize, n: usize) -> Result<(), usize> {
        for i in 0..n {
            for j in 0..=i {
                // SAFETY: `j <= i < n`.
                unsafe {
                    let (row, other) = (a.add(i * stride), a.add(j * stride));
                    let rest = (*row.add(j)).to_f64() - (self.of::<T>().dot)(row, other, j).to_f64();
                    let value = if j < i { rest / (*other.add(j)).to_f64() } else { libm::sqrt(rest) };
                    if j == i && (rest <= 0.0 || rest.is_nan()) {
                        return Err(i);
                    }
                    *row.add(j) = T::from_f64(value);
                }
            }
        }
        Ok(())
    }

    /// Multiply the `rows` rows below a factored block of `n` columns by the inverse of its transpose.
    ///
    /// Rows are turned, so that the elements of a register belong to different ones and do not wait for each other.
    ///
    /// # Safety
    /// `n + rows` rows of `n` columns at distance `stride`, written by nobody else.
    unsafe fn divide_below<T: Element>(&self, block: *mut T, stride: usize, n: usize, rows: usize) {
        let mut turned = [T::ZERO; BLOCK * BLOCK];
        let factor = Triangular { grid: grid(block, stride), n, is_lower: true, has_unit_diagonal: false };
        for first in (0..rows).step_by(BLOCK) {
            let count = BLOCK.min(rows - first);
            // SAFETY: indices are below the numbers of rows and columns, both at most `BLOCK`.
            unsafe {
                let strip = block.add((n + first) * stride);
                for i in 0..count {
                    for j in 0..n {
                        turned[j * BLOCK + i] = *strip.add(i * stride + j);
                    }
                }
                self.solve_rows(factor, 0, n, turned.as_mut_ptr(), BLOCK, count);
                for i in 0..count {
                    for j in 0..n {
                        *strip.add(i * stride + j) = turned[j * BLOCK + i];
                    }
                }
            }
        }
    }

    /// Replace `x` by the solution of `a * solution = x`; give the transposed view and the other half for `aᵀ`.
    ///
    /// With a unit diagonal the diagonal is taken as ones and not read. A zero on it is refused before anything is
    /// written.
    pub fn solve_triangular<T: Element>(
        &self,
        a: View<T>,
        triangle: Triangle,
        has_unit_diagonal: bool,
        x: &mut ViewMut<T>,
        threads: usize,
    ) -> Result<(), Error> {
        let n = a.rows();
        require_shape(a.shape(), [n, n])?;
        require_shape(x.shape(), [n, x.columns()])?;
        if !has_unit_diagonal {
            if let Some(pivot) = (0..n).find(|&i| a.at(i, i) == T::ZERO) {
                return Err(Error::Singular { pivot });
            }
        }
        let is_lower = triangle == Triangle::Lower;
        let system = Triangular { grid: a.grid(), n, is_lower, has_unit_diagonal };
        let (columns, stride) = (x.columns(), x.row_stride());
        // SAFETY: shapes fit; borrows keep `x` apart from `a`.
        unsafe {
            if columns == 1 && stride == 1 && (system.grid.column == 1 || system.grid.row == 1) {
                self.solve_vector(system, x.start());
            } else if columns > 0 {
                self.solve_blocks(system, x.start(), stride, columns, threads);
            }
        }
        Ok(())
    }

    /// # Safety
    /// `x` has a row for each of the system, written by nobody else.
    unsafe fn solve_blocks<T: Element>(
        &self,
        system: Triangular<T>,
        x: *mut T,
        stride: usize,
        columns: usize,
        threads: usize,
    ) {
        let Triangular { grid: a, n, is_lower, .. } = system;
        for solved in (0..n).step_by(BLOCK) {
            let width = BLOCK.min(n - solved);
            let rest = n - solved - width;
            let (first, rest_first) = if is_lower { (solved, solved + width) } else { (rest, 0) };
            // SAFETY: rows and columns are below `n`; the rows of `x` that change lie apart from those that are read.
            unsafe {
                self.solve_rows(system, first, width, x, stride, columns);
                let left = Grid { start: a.start.add(rest_first * a.row + first * a.column), ..a };
                let right = grid(x.add(first * stride), stride);
                let out = x.add(rest_first * stride);
                Product::subtracted([rest, columns, width], left, right, out, stride).run(self, threads);
            }
        }
    }

    /// Solve for `width` rows from row `first` on, as if there were no others.
    ///
    /// # Safety
    /// As [`Kernels::solve_blocks`]; `width` is at most [`BLOCK`].
    unsafe fn solve_rows<T: Element>(
        &self,
        system: Triangular<T>,
        first: usize,
        width: usize,
        x: *mut T,
        stride: usize,
        columns: usize,
    ) {
        let (a, mut factors) = (system.grid, [T::ZERO; BLOCK]);
        for step in 0..width {
            let i = if system.is_lower { first + step } else { first + width - 1 - step };
            let known = if system.is_lower { first } else { i + 1 };
            // SAFETY: `known + step` is at most `first + width`, which is at most the number of rows.
            unsafe {
                for (p, factor) in factors[..step].iter_mut().enumerate() {
                    *factor = T::from_f64(-(*a.start.add(i * a.row + (known + p) * a.column)).to_f64());
                }
                let row = x.add(i * stride);
                (self.of::<T>().add_rows)(x.add(known * stride), stride, step, columns, factors.as_ptr(), 1, row);
                if !system.has_unit_diagonal {
                    let pivot = Operand::Scalar(*a.start.add(i * (a.row + a.column)));
                    let row = core::slice::from_raw_parts_mut(row, columns);
                    let outcome = self.zip(Binary::Div, Operand::Out, pivot, row);
                    debug_assert!(outcome.is_ok(), "an operation in place has no lengths that differ");
                }
            }
        }
    }

    /// One right side: a dot product or a column for each row, whichever is contiguous.
    ///
    /// # Safety
    /// `x` has as many elements as the system has rows, written by nobody else.
    unsafe fn solve_vector<T: Element>(&self, system: Triangular<T>, x: *mut T) {
        let Triangular { grid: a, n, is_lower, has_unit_diagonal } = system;
        let divide = |i: usize, value: f64| {
            // SAFETY: `i < n`.
            let pivot = if has_unit_diagonal { 1.0 } else { unsafe { *a.start.add(i * (a.row + a.column)) }.to_f64() };
            T::from_f64(value / pivot)
        };
        for step in 0..n {
            let i = if is_lower { step } else { n - 1 - step };
            let (known, rest) = if is_lower { (0, i + 1) } else { (i + 1, 0) };
            // SAFETY: rows and columns are below `n`.
            unsafe {
                let value = (*x.add(i)).to_f64();
                if a.column == 1 {
                    let sum = (self.of::<T>().dot)(a.start.add(i * a.row + known), x.add(known), step);
                    *x.add(i) = divide(i, value - sum.to_f64());
                } else {
                    *x.add(i) = divide(i, value);
                    let factor = T::from_f64(-(*x.add(i)).to_f64());
                    let column = a.start.add(rest + i * a.column);
                    (self.of::<T>().add_rows)(column, 0, 1, n - 1 - step, &factor, 0, x.add(rest));
                }
            }
        }
    }
}

/// A block whose rows are contiguous.
fn grid<T>(start: *mut T, stride: usize) -> Grid<T> {
    Grid { start: start.cast_const(), row: stride, column: 1 }
}

#[cfg(test)]
mod tests;
