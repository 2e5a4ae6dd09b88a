//! Distances between all rows of two matrices, and the nearest column of each row.

use core::ptr;

use crate::{
    Element, Error, Extreme, Kernels, View, ViewMut,
    generic::matmul::{Block, Grid, Layout, Panels},
    matrix::require_shape,
    product::{self, Finish, Product, Source},
};

/// Rows whose squared lengths are kept at a time.
const ROWS: usize = 1024;

/// Rows whose squared lengths are computed together: whole registers of every backend.
const BAND: usize = 16;

impl Kernels {
    /// Lay into element `(i, j)` of `out` the squared distance of row `i` of `x` from row `j` of `y`.
    ///
    /// With more than one row on each side, `|x|² + |y|² - 2xy` is computed by a product of matrices. It is at least 0,
    /// and exactly 0 for equal rows of finite length, because lengths add their terms in the product's order. Its error
    /// is about `d·u·(|x|² + |y|²)` for `d` columns, which for near rows far from the origin is more than the distance
    /// itself: subtract the mean before. Where lengths overflow, the result is NaN or infinite.
    pub fn pairwise_l2_squared<T: Element>(
        &self,
        x: View<T>,
        y: View<T>,
        out: &mut ViewMut<T>,
        threads: usize,
    ) -> Result<(), Error> {
        require_shape(y.shape(), [y.rows(), x.columns()])?;
        require_shape(out.shape(), [x.rows(), y.rows()])?;
        let (a, b, stride, depth) = (x.grid(), y.grid(), out.row_stride(), x.columns());
        // SAFETY: shapes fit, views were checked when they were made, and borrows keep `out` apart.
        unsafe {
            if x.rows() == 1 && a.column == 1 && b.column == 1 {
                (self.of::<T>().rows_distance)(b.start, b.row, y.rows(), depth, a.start, out.start());
                return Ok(());
            }
            let (mut lengths, mut others) = ([T::ZERO; ROWS], [T::ZERO; ROWS]);
            for j in (0..y.rows()).step_by(ROWS) {
                let columns = ROWS.min(y.rows() - j);
                let right = Grid { start: b.start.add(j * b.row), ..b };
                self.squared_lengths(right, depth, &mut others[..columns]);
                for i in (0..x.rows()).step_by(ROWS) {
                    let rows = ROWS.min(x.rows() - i);
                    let left = Grid { start: a.start.add(i * a.row), ..a };
                    self.squared_lengths(left, depth, &mut lengths[..rows]);
                    let product = Product {
                        rows,
                        columns,
                        depth,
                        a: left,
                        b: Source::Grid(Grid { start: right.start, row: b.column, column: b.row }),
                        bias: ptr::null(),
                        finish: Finish::Distances { rows: lengths.as_ptr(), columns: others.as_ptr() },
                        out: out.start().add(i * stride + j),
                        out_row: stride,
                        is_accumulated: false,
                        is_subtracted: false,
                        may_be_vector: false,
                    };
                    product.run(self, threads);
                }
            }
        }
        Ok(())
    }

    /// The inner product of each row with itself, its terms added in the order in which [`Product`] adds them.
    ///
    /// # Safety
    /// As many rows of `depth` elements as there are lengths can be read.
    unsafe fn squared_lengths<T: Element>(&self, rows: Grid<T>, depth: usize, lengths: &mut [T]) {
        let table = self.of::<T>();
        // SAFETY: this machine can run the kernel.
        let step = product::depth_of_blocks(depth, unsafe { (table.tile)() });
        let (mut panel, mut squares) = ([T::ZERO; BAND * product::DEPTH], [T::ZERO; BAND * BAND]);
        for (band, lengths) in lengths.chunks_mut(BAND).enumerate() {
            let (count, mut k) = (lengths.len(), 0);
            while k == 0 || k < depth {
                // SAFETY: rows and columns are below their numbers; the panel has room for `BAND` rows of `step` terms.
                unsafe {
                    let start = rows.start.add(band * BAND * rows.row + k * rows.column);
                    let (terms, left) = (step.min(depth - k), Grid { start, ..rows });
                    let from = Grid { start, row: rows.column, column: rows.row };
                    let out = panel.as_mut_ptr();
                    (table.pack)(&Panels { from, rows: terms, columns: count, width: BAND, stride: 0, out });
                    (table.multiply)(&Block {
                        rows: count,
                        columns: count,
                        depth: terms,
                        a: left,
                        bands: 0,
                        b: panel.as_ptr(),
                        b_row: BAND,
                        layout: Layout::Rows,
                        from: if k == 0 { ptr::null() } else { squares.as_ptr() },
                        from_row: BAND,
                        out: squares.as_mut_ptr(),
                        out_row: BAND,
                        is_subtracted: false,
                        is_relu: false,
                    });
                }
                k += step;
            }
            for (i, length) in lengths.iter_mut().enumerate() {
                *length = squares[i * BAND + i];
            }
        }
    }

    /// Lay into `out` where the smallest element of each row stands first; the first NaN where there is one.
    pub fn argmin_rows<T: Element>(&self, a: View<T>, out: &mut [i64]) -> Result<(), Error> {
        let [rows, columns] = a.shape();
        require_shape([1, out.len()], [1, rows])?;
        if rows > 0 && columns == 0 {
            return Err(Error::TooFew { length: 0, wanted: 1 });
        }
        for (i, place) in out.iter_mut().enumerate() {
            let position = match a.row(i) {
                Some(row) => self.position_of(Extreme::Min, row).unwrap_or(0),
                None => first_smallest(columns, |j| a.at(i, j)),
            };
            *place = position as i64;
        }
        Ok(())
    }
}

/// Where the smallest of `n` elements stands first; the first NaN where there is one.
fn first_smallest<T: Element>(n: usize, at: impl Fn(usize) -> T) -> usize {
    let is_nan = |x: T| x.partial_cmp(&x).is_none();
    (1..n).fold(0, |best, j| if !is_nan(at(best)) && (is_nan(at(j)) || at(j) < at(best)) { j } else { best })
}

#[cfg(test)]
mod tests;
