//! Inner products of all columns with each other: what least squares, ridge, lasso and principal components need of data.
//!
//! Columns are shifted before they are multiplied, so that no digits are lost where means are large beside deviations,
//! and a column of ones behind the others makes sums and weights come out of the same product.

use trueno::{Epilogue, Right, View, ViewMut, kernels};

use crate::{
    Error,
    error::require_length,
    number::Number,
    segments::{self, add},
    symmetric::{add_products, lay, padded},
    threads,
    wide::wide,
};

/// Rows that are shifted, weighted and multiplied at a time; with a hundred columns they fit the second cache.
const ROWS: usize = 128;

/// Additions and multiplications that repay a segment of its own.
const SEGMENT_FLOPS: usize = 1 << 23;

/// The most numbers that the products of all segments take together.
const SEGMENT_NUMBERS: usize = 1 << 23;

/// Data whose columns are multiplied with each other.
#[derive(Clone, Copy)]
pub struct Data<'a, T> {
    /// (n, d), rows one behind the other.
    pub x: &'a [T],
    /// Columns of `x`.
    pub columns: usize,
    /// (n, m), rows one behind the other; empty without targets.
    pub y: &'a [T],
    /// Columns of `y`.
    pub targets: usize,
    /// (n,), not negative; 1 each where there are none.
    pub weights: Option<&'a [f64]>,
}

impl<T: Number> Data<'_, T> {
    /// Columns of `x` and `y` together, and the one of ones.
    fn width(&self) -> usize {
        self.columns + self.targets + 1
    }

    fn rows(&self) -> Result<usize, Error> {
        let rows = self.x.len().checked_div(self.columns).unwrap_or(0);
        require_length("x", rows * self.columns, self.x)?;
        require_length("y", rows * self.targets, self.y)?;
        self.weights.map_or(Ok(()), |weights| require_length("weights", rows, weights))?;
        Ok(rows)
    }
}

/// Row `row` of `x`, `y` and ones in double precision, shifted.
#[inline(always)]
fn load<T: Number>(data: Data<'_, T>, row: usize, shift: &[f64], out: &mut [f64]) {
    let (d, m) = (data.columns, data.targets);
    let (x, y) = (&data.x[row * d..(row + 1) * d], &data.y[row * m..(row + 1) * m]);
    for ((out, value), shift) in out.iter_mut().zip(x).zip(shift) {
        *out = value.double() - shift;
    }
    for ((out, value), shift) in out[d..].iter_mut().zip(y).zip(&shift[d..]) {
        *out = value.double() - shift;
    }
    out[d + m] = 1.0;
}

wide! {
    /// Rows `first..last`, each times the root of its weight, as a block.
    fn load_block<T: Number>(data: Data<'_, T>, first: usize, last: usize, shift: &[f64], block: &mut [f64]) {
        let mut values = vec![0.0; data.width()];
        for row in first..last {
            load(data, row, shift, &mut values);
            if let Some(weights) = data.weights {
                let root = weights[row].sqrt();
                values.iter_mut().for_each(|value| *value *= root);
            }
            lay(&values, row - first, last - first, block);
        }
    }
}

/// Lay the products of all columns of `[x - shift, y - shift, 1]` with each other into the lower half of `out`.
///
/// Shapes: `shift` (d + m,), `out` (d + m + 1, d + m + 1); above its diagonal anything may stand. Its last row holds the
/// weighted sums of shifted columns, and last the sum of weights. Equal in every bit for any number of threads.
pub fn gram<T: Number>(data: Data<'_, T>, shift: &[f64], threads: usize, out: &mut [f64]) -> Result<(), Error> {
    let (rows, width) = (data.rows()?, data.width());
    require_length("shift", width - 1, shift)?;
    require_length("out", width * width, out)?;
    let stride = padded(width);
    let least = (SEGMENT_FLOPS / (width * width)).max(ROWS);
    let segments = segments::count(rows, least).min((SEGMENT_NUMBERS / (width * width)).max(1));
    let work = |place| {
        let (first, last) = segments::bounds(rows, segments, ROWS, place);
        let mut sum = vec![0.0; stride * stride];
        let mut block = vec![0.0; ROWS.min(last - first) * stride];
        for start in (first..last).step_by(ROWS) {
            let end = last.min(start + ROWS);
            if end - start < ROWS {
                // Its panels begin elsewhere, where numbers stand that pad nothing.
                block.fill(0.0);
            }
            let block = &mut block[..(end - start) * stride];
            load_block(data, start, end, shift, block);
            add_products(block, end - start, stride, &mut sum);
        }
        sum
    };
    out.fill(0.0);
    for sum in threads::map(threads, segments, work) {
        for (out, sum) in out.chunks_exact_mut(width).zip(sum.chunks_exact(stride)) {
            add(out, &sum[..width]);
        }
    }
    Ok(())
}

/// Lay `xᵀ w r` into `out`, where `r = y - x * coef - intercept` are the residuals of the shifted columns; gives the weighted
/// sum of their squares.
///
/// Shapes: `shift` (d + m,), `coef` (m, d), `intercept` (m,), `out` (m, d). What a step of iterative refinement needs, in
/// one pass over the data.
pub fn residual_products<T: Number>(
    data: Data<'_, T>,
    shift: &[f64],
    coef: &[f64],
    intercept: &[f64],
    threads: usize,
    out: &mut [f64],
) -> Result<f64, Error> {
    let (rows, d, m) = (data.rows()?, data.columns, data.targets);
    require_length("shift", d + m, shift)?;
    require_length("coef", m * d, coef)?;
    require_length("intercept", m, intercept)?;
    require_length("out", m * d, out)?;
    let segments = segments::count(rows, (SEGMENT_FLOPS / (4 * d * m)).max(ROWS));
    let kernels = kernels();
    out.fill(0.0);
    let work = |place| {
        let (first, last) = segments::bounds(rows, segments, ROWS, place);
        let (mut sum, mut squares) = (vec![0.0; m * d], 0.0);
        let (mut block, mut residuals) = (vec![0.0; ROWS * data.width()], vec![0.0; ROWS * m]);
        for start in (first..last).step_by(ROWS) {
            let end = last.min(start + ROWS);
            let (count, width) = (end - start, data.width());
            for (row, block) in (start..end).zip(block.chunks_exact_mut(width)) {
                load(data, row, shift, block);
            }
            let x = View::strided(&block, count, d, width, 1)?;
            let turned = View::new(coef, m, d)?.transposed();
            let mut fitted = ViewMut::new(&mut residuals[..count * m], count, m)?;
            kernels.matmul(x, Right::View(turned), Epilogue::default(), &mut fitted, 1)?;
            for (row, out) in residuals[..count * m].chunks_exact_mut(m).enumerate() {
                let weight = data.weights.map_or(1.0, |weights| weights[start + row]);
                for (k, out) in out.iter_mut().enumerate() {
                    let residual = block[row * width + d + k] - *out - intercept[k];
                    squares += weight * residual * residual;
                    *out = weight * residual;
                }
            }
            let turned = View::new(&residuals[..count * m], count, m)?.transposed();
            let epilogue = Epilogue { accumulate: true, ..Epilogue::default() };
            kernels.matmul(turned, Right::View(x), epilogue, &mut ViewMut::new(&mut sum, m, d)?, 1)?;
        }
        Ok::<_, Error>((sum, squares))
    };
    let mut total = 0.0;
    for answer in threads::map(threads, segments, work) {
        let (sum, squares): (Vec<f64>, f64) = answer?;
        add(out, &sum);
        total += squares;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(n: usize, width: usize, seed: u64) -> Vec<f64> {
        let mut state = seed;
        (0..n * width)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) as f64 / f64::from(1_u32 << 31) - 0.5
            })
            .collect()
    }

    #[test]
    fn products_are_those_of_columns_for_any_threads() {
        let (n, d, m) = (2500, 61, 2);
        let (x, y, weights) = (data(n, d, 1), data(n, m, 2), data(n, 1, 3).iter().map(|w| w + 0.5).collect::<Vec<_>>());
        let shift = data(1, d + m, 4);
        let all = Data { x: &x, columns: d, y: &y, targets: m, weights: Some(&weights) };
        let width = d + m + 1;
        let mut first = vec![f64::NAN; width * width];
        gram(all, &shift, 1, &mut first).unwrap();
        for (i, j) in [(0, 0), (60, 3), (62, 61), (63, 5), (63, 63), (50, 49)] {
            let column = |row: usize, k: usize| match k {
                k if k < d => x[row * d + k] - shift[k],
                k if k < d + m => y[row * m + k - d] - shift[k],
                _ => 1.0,
            };
            let expected: f64 = (0..n).map(|row| weights[row] * column(row, i) * column(row, j)).sum();
            assert!((first[i * width + j] - expected).abs() < 1e-10, "{i} {j}");
        }
        for threads in [2, 3] {
            let mut again = vec![0.0; width * width];
            gram(all, &shift, threads, &mut again).unwrap();
            assert!(
                (0..width).all(|i| (0..=i).all(|j| again[i * width + j].to_bits() == first[i * width + j].to_bits()))
            );
        }
    }

    #[test]
    fn residuals_vanish_at_the_coefficients_that_made_the_targets() {
        let (n, d) = (700, 5);
        let x = data(n, d, 1);
        let coef = [1.0, -2.0, 0.5, 3.0, 0.0];
        let y: Vec<f64> = x.chunks(d).map(|row| 1.5 + row.iter().zip(coef).map(|(a, b)| a * b).sum::<f64>()).collect();
        let all = Data { x: &x, columns: d, y: &y, targets: 1, weights: None };
        let mut out = [1.0; 5];
        let squares = residual_products(all, &[0.0; 6], &coef, &[1.5], 2, &mut out).unwrap();
        assert!(squares < 1e-24);
        assert!(out.iter().all(|value| value.abs() < 1e-12));
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let all = Data { x: &[1.0, 2.0, 3.0], columns: 2, y: &[], targets: 0, weights: None };
        assert!(matches!(gram(all, &[0.0; 2], 1, &mut [0.0; 9]), Err(Error::Lengths { name: "x", .. })));
    }
}
