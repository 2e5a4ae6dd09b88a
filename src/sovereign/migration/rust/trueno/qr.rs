//! The QR factors of a matrix by Householder reflections, as LAPACK's `geqrf` and `orgqr` compute them.
//!
//! A reflection is `I - tau * v * vᵀ` with `v[0] = 1`. The other elements of `v` stand below the diagonal while R grows
//! on and above it; the diagonal of R may be negative.

use crate::{
    Binary, Element, Error, Kernels, Operand, View, ViewMut,
    generic::matmul::{Block, Grid, Layout},
    matrix::require_shape,
};

/// Columns to which a reflection is applied at a time.
const STRIPE: usize = 512;

/// What a kernel may read behind them: the longest register.
const OVERHANG: usize = 16;

/// A block to be reflected.
#[derive(Clone, Copy)]
struct Target<T> {
    start: *mut T,
    stride: usize,
    rows: usize,
    columns: usize,
}

impl<T: Element> Target<T> {
    fn of(out: &mut ViewMut<T>) -> Self {
        Self { start: out.start(), stride: out.row_stride(), rows: out.rows(), columns: out.columns() }
    }

    /// Rows and columns from `(i, j)` on.
    fn from(self, i: usize, j: usize) -> Self {
        let start = self.start.wrapping_add(i * self.stride + j);
        Self { start, rows: self.rows - i, columns: self.columns - j, ..self }
    }

    /// # Safety
    /// Row and column are within the block, which nobody else writes.
    unsafe fn at(&self, i: usize, j: usize) -> *mut T {
        // SAFETY: the caller's promise.
        unsafe { self.start.add(i * self.stride + j) }
    }
}

impl Kernels {
    /// Lay into `q` and `r` the factors of `a`: columns of `q` that are orthogonal and have length 1, and an upper
    /// triangular `r`, so that `q * r = a`.
    ///
    /// With `k` the smaller side of `a`, `q` has `k` columns and `r` has `k` rows.
    pub fn qr<T: Element>(&self, a: View<T>, q: &mut ViewMut<T>, r: &mut ViewMut<T>) -> Result<(), Error> {
        let [m, n] = a.shape();
        let k = m.min(n);
        require_shape(q.shape(), [m, k])?;
        require_shape(r.shape(), [k, n])?;
        // Reflections are kept where there is room for all rows.
        let is_tall = m >= n;
        if is_tall {
            self.copy(a, q)?
        } else {
            self.copy(a, r)?
        }
        let (q, r) = (Target::of(q), Target::of(r));
        let work = if is_tall { q } else { r };
        // SAFETY: shapes were checked; `q` and `r` lie apart.
        unsafe {
            for i in 0..k {
                self.reflect_column(work.from(i, i));
            }
            for i in 0..k {
                for j in 0..n {
                    if is_tall {
                        *r.at(i, j) = if j >= i { *q.at(i, j) } else { T::ZERO };
                    } else if j < i {
                        *q.at(i, j) = *r.at(i, j);
                        *r.at(i, j) = T::ZERO;
                    }
                }
            }
            for j in (0..k).rev() {
                self.form_column(q, j);
            }
        }
        Ok(())
    }

    /// Find the reflection that clears the first column below the diagonal, apply it to the others, and keep it there.
    ///
    /// # Safety
    /// The block can be read and is written by nobody else; it has a row and a column.
    unsafe fn reflect_column<T: Element>(&self, block: Target<T>) {
        // SAFETY: rows and columns are within the block.
        unsafe {
            let head = (*block.at(0, 0)).to_f64();
            let below = length_below(block, 0);
            if below == 0.0 {
                return;
            }
            let length = libm::hypot(head, below);
            let diagonal = if head < 0.0 { length } else { -length };
            for i in 1..block.rows {
                let element = block.at(i, 0);
                *element = T::from_f64((*element).to_f64() / (head - diagonal));
            }
            *block.at(0, 0) = T::ONE;
            self.reflect(block, (diagonal - head) / diagonal, block.from(0, 1));
            *block.at(0, 0) = T::from_f64(diagonal);
        }
    }

    /// Make column `j` of Q of the reflection that stands there, whose later columns are made already.
    ///
    /// # Safety
    /// As [`Kernels::reflect_column`].
    unsafe fn form_column<T: Element>(&self, q: Target<T>, j: usize) {
        // SAFETY: rows and columns are within the block.
        unsafe {
            for i in 0..j {
                *q.at(i, j) = T::ZERO;
            }
            let block = q.from(j, j);
            let below = length_below(block, 0);
            let tau = if below == 0.0 { 0.0 } else { 2.0 / (1.0 + below * below) };
            *block.at(0, 0) = T::ONE;
            self.reflect(block, tau, block.from(0, 1));
            *block.at(0, 0) = T::from_f64(1.0 - tau);
            for i in 1..block.rows {
                let element = block.at(i, 0);
                *element = T::from_f64(-tau * (*element).to_f64());
            }
        }
    }

    /// Apply `I - tau * v * vᵀ` to a block, with `v` the first column of another.
    ///
    /// # Safety
    /// Both have the same rows and lie apart; the block is written by nobody else.
    unsafe fn reflect<T: Element>(&self, v: Target<T>, tau: f64, block: Target<T>) {
        let (table, mut products) = (self.of::<T>(), [T::ZERO; STRIPE + OVERHANG]);
        for first in (0..block.columns).step_by(STRIPE) {
            let columns = STRIPE.min(block.columns - first);
            let start = block.start.wrapping_add(first);
            products[..columns].fill(T::ZERO);
            // SAFETY: the caller's promise; a kernel reads at most a register behind the last of the products.
            unsafe {
                let out = products.as_mut_ptr();
                (table.add_rows)(start, block.stride, block.rows, columns, v.start, v.stride, out);
                let outcome =
                    self.zip(Binary::Mul, Operand::Out, Operand::Scalar(T::from_f64(tau)), &mut products[..columns]);
                debug_assert!(outcome.is_ok(), "an operation in place has no lengths that differ");
                (table.multiply)(&Block {
                    rows: block.rows,
                    columns,
                    depth: 1,
                    a: Grid { start: v.start.cast_const(), row: v.stride, column: 1 },
                    bands: 0,
                    b: products.as_ptr(),
                    b_row: 0,
                    layout: Layout::Rows,
                    from: start.cast_const(),
                    from_row: block.stride,
                    out: start,
                    out_row: block.stride,
                    is_subtracted: true,
                    is_relu: false,
                });
            }
        }
    }
}

/// The length of a column without its first element; no square overflows or vanishes on the way.
///
/// # Safety
/// The column can be read.
unsafe fn length_below<T: Element>(block: Target<T>, j: usize) -> f64 {
    // SAFETY: rows are within the block.
    let element = |i| unsafe { *block.at(i, j) }.to_f64();
    let largest = (1..block.rows).map(|i| element(i).abs()).fold(0.0, |a, b| if a > b || a.is_nan() { a } else { b });
    if !(largest > 0.0 && largest < f64::INFINITY) {
        return largest;
    }
    let sum: f64 = (1..block.rows).map(|i| (element(i) / largest) * (element(i) / largest)).sum();
    largest * libm::sqrt(sum)
}

#[cfg(test)]
mod tests;
