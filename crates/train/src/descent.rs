//! Coordinate descent for lasso and elastic net, stopped by the duality gap.

use crate::{Error, error::require_length, wide::wide};

/// What is added to half the squared residuals: `l1 * |w|₁ + l2 / 2 * |w|₂²`.
#[derive(Debug, Clone, Copy)]
pub struct Penalty {
    /// Factor of the sum of amounts.
    pub l1: f64,
    /// Factor of half the sum of squares.
    pub l2: f64,
    /// Whether coefficients below zero are not allowed.
    pub is_positive: bool,
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Sweeps over coefficients at most.
    pub sweeps: usize,
    /// The largest change of a coefficient, in parts of the largest coefficient, after which the gap is looked at.
    pub change: f64,
    /// The duality gap that is small enough.
    pub gap: f64,
}

/// How a descent ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// The objective is at most so far from its minimum.
    pub gap: f64,
    /// Sweeps that were made, those over nonzero coefficients alone among them.
    pub sweeps: usize,
}

/// Data that can tell the product of a column with the residuals, and follow a coefficient's change.
trait Columns {
    fn gradient(&self, column: usize) -> f64;
    fn square(&self, column: usize) -> f64;
    fn change(&mut self, column: usize, by: f64);
    /// Squares of residuals, and products of residuals and targets.
    fn residuals(&self, coef: &[f64]) -> (f64, f64);
}

/// Columns as their products with each other.
struct Products<'a> {
    gram: &'a [f64],
    product: &'a [f64],
    /// `gram * coef`.
    fitted: Vec<f64>,
    target_squares: f64,
}

impl Columns for Products<'_> {
    #[inline(always)]
    fn gradient(&self, column: usize) -> f64 {
        self.product[column] - self.fitted[column]
    }

    #[inline(always)]
    fn square(&self, column: usize) -> f64 {
        self.gram[column * self.product.len() + column]
    }

    #[inline(always)]
    fn change(&mut self, column: usize, by: f64) {
        let d = self.product.len();
        add_scaled(&mut self.fitted, by, &self.gram[column * d..(column + 1) * d]);
    }

    fn residuals(&self, coef: &[f64]) -> (f64, f64) {
        let explained = dot(coef, self.product);
        let with_targets = self.target_squares - explained;
        (with_targets - explained + dot(coef, &self.fitted), with_targets)
    }
}

/// Columns one behind the other.
struct Plain<'a> {
    columns: &'a [f64],
    squares: Vec<f64>,
    residuals: Vec<f64>,
    targets: &'a [f64],
}

impl Columns for Plain<'_> {
    #[inline(always)]
    fn gradient(&self, column: usize) -> f64 {
        let n = self.targets.len();
        dot(&self.columns[column * n..(column + 1) * n], &self.residuals)
    }

    #[inline(always)]
    fn square(&self, column: usize) -> f64 {
        self.squares[column]
    }

    #[inline(always)]
    fn change(&mut self, column: usize, by: f64) {
        let n = self.targets.len();
        add_scaled(&mut self.residuals, -by, &self.columns[column * n..(column + 1) * n]);
    }

    fn residuals(&self, _: &[f64]) -> (f64, f64) {
        (dot(&self.residuals, &self.residuals), dot(&self.residuals, self.targets))
    }
}

#[inline(always)]
fn add_scaled(out: &mut [f64], factor: f64, values: &[f64]) {
    out.iter_mut().zip(values).for_each(|(out, value)| *out += factor * value);
}

/// Eight sums side by side, so that additions do not wait for each other.
#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (a_blocks, b_blocks) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a_blocks.remainder().iter().zip(b_blocks.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a_blocks.zip(b_blocks) {
        for lane in 0..8 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// Minimise `½ w'Gw - c'w + ½ y'y + penalty` from `coef` on.
///
/// Shapes: `gram` (d, d) symmetric, `product` (d,), `coef` (d,). Cost: d² per sweep at most; after each sweep over all
/// coefficients those that are not zero are swept alone until they rest.
///
/// Source: Friedman, Hastie & Tibshirani 2010, covariance updates; the gap is that of Kim et al. 2007. Differs: nonzero
/// coefficients are swept alone between sweeps over all.
pub fn descend_by_products(
    gram: &[f64],
    product: &[f64],
    target_squares: f64,
    penalty: Penalty,
    patience: Patience,
    coef: &mut [f64],
) -> Result<Outcome, Error> {
    let d = product.len();
    require_length("gram", d * d, gram)?;
    require_length("coef", d, coef)?;
    let fitted = gram.chunks_exact(d.max(1)).map(|row| dot(row, coef)).collect();
    Ok(descend_products(Products { gram, product, fitted, target_squares }, penalty, patience, coef))
}

/// The same from the columns themselves, for more columns than rows.
///
/// Shapes: `columns` (d, n), one behind the other, `targets` (n,), `coef` (d,). Cost: 2 * n * d per sweep.
pub fn descend_by_columns(
    columns: &[f64],
    targets: &[f64],
    penalty: Penalty,
    patience: Patience,
    coef: &mut [f64],
) -> Result<Outcome, Error> {
    let n = targets.len();
    require_length("columns", coef.len() * n, columns)?;
    let mut residuals = targets.to_vec();
    for (column, &coef) in columns.chunks_exact(n.max(1)).zip(&*coef) {
        if coef != 0.0 {
            add_scaled(&mut residuals, -coef, column);
        }
    }
    let squares = columns.chunks_exact(n.max(1)).map(|column| dot(column, column)).collect();
    Ok(descend_plain(Plain { columns, squares, residuals, targets }, penalty, patience, coef))
}

wide! {
    fn descend_products(data: Products<'_>, penalty: Penalty, patience: Patience, coef: &mut [f64]) -> Outcome {
        descend(data, penalty, patience, coef)
    }
}

wide! {
    fn descend_plain(data: Plain<'_>, penalty: Penalty, patience: Patience, coef: &mut [f64]) -> Outcome {
        descend(data, penalty, patience, coef)
    }
}

#[inline(always)]
fn descend<C: Columns>(mut data: C, penalty: Penalty, patience: Patience, coef: &mut [f64]) -> Outcome {
    let mut sweeps = 0;
    let mut nonzero: Vec<usize> = Vec::with_capacity(coef.len());
    loop {
        let mut is_at_rest = sweep(&mut data, penalty, patience.change, coef, 0..coef.len());
        sweeps += 1;
        if is_at_rest || sweeps >= patience.sweeps {
            let gap = gap(&data, penalty, coef);
            if gap <= patience.gap || sweeps >= patience.sweeps {
                return Outcome { gap, sweeps };
            }
        }
        nonzero.clear();
        nonzero.extend((0..coef.len()).filter(|&column| coef[column] != 0.0));
        while !is_at_rest && nonzero.len() < coef.len() && sweeps + 1 < patience.sweeps {
            is_at_rest = sweep(&mut data, penalty, patience.change, coef, nonzero.iter().copied());
            sweeps += 1;
        }
    }
}

/// Put these coefficients to their best places one after the other; whether no change was large.
#[inline(always)]
fn sweep<C: Columns>(
    data: &mut C,
    penalty: Penalty,
    small: f64,
    coef: &mut [f64],
    columns: impl Iterator<Item = usize>,
) -> bool {
    let (mut largest, mut largest_change) = (0.0_f64, 0.0_f64);
    for column in columns {
        let square = data.square(column);
        if square == 0.0 {
            continue;
        }
        let before = coef[column];
        let pull = data.gradient(column) + before * square;
        let beyond = (pull.abs() - penalty.l1).max(0.0);
        let after = if penalty.is_positive && pull < 0.0 { 0.0 } else { beyond.copysign(pull) / (square + penalty.l2) };
        if after != before {
            data.change(column, after - before);
            coef[column] = after;
        }
        largest = largest.max(after.abs());
        largest_change = largest_change.max((after - before).abs());
    }
    largest == 0.0 || largest_change <= small * largest
}

/// How far the objective is from its minimum at most.
#[inline(always)]
fn gap<C: Columns>(data: &C, penalty: Penalty, coef: &[f64]) -> f64 {
    let mut dual_norm = 0.0_f64;
    for (column, coef) in coef.iter().enumerate() {
        let gradient = data.gradient(column) - penalty.l2 * coef;
        dual_norm = dual_norm.max(if penalty.is_positive { gradient } else { gradient.abs() });
    }
    let (squares, with_targets) = data.residuals(coef);
    let scale = if dual_norm > penalty.l1 { penalty.l1 / dual_norm } else { 1.0 };
    let (amount, square) = (coef.iter().map(|w| w.abs()).sum::<f64>(), dot(coef, coef));
    0.5 * squares * (1.0 + scale * scale) - scale * with_targets
        + penalty.l1 * amount
        + 0.5 * penalty.l2 * (1.0 + scale * scale) * square
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Patience = Patience { sweeps: 1000, change: 1e-12, gap: 1e-12 };

    #[test]
    fn one_column_is_shrunk_by_the_penalty() {
        let penalty = Penalty { l1: 2.0, l2: 1.0, is_positive: false };
        let mut coef = [0.0];
        let outcome = descend_by_products(&[3.0], &[-10.0], 40.0, penalty, PATIENCE, &mut coef).unwrap();
        assert_eq!(coef, [-2.0]);
        assert!(outcome.gap.abs() < 1e-12);
    }

    #[test]
    fn products_and_columns_lead_to_the_same_place() {
        let columns = [1.0, 2.0, -1.0, 0.5, 0.3, -2.0, 1.0, 1.0, 4.0, 0.0, 1.0, -1.0];
        let targets = [1.0, 3.0, -2.0, 0.5];
        let column = |k: usize| &columns[4 * k..4 * k + 4];
        let gram: Vec<f64> = (0..9).map(|place| dot(column(place / 3), column(place % 3))).collect();
        let product: Vec<f64> = (0..3).map(|k| dot(column(k), &targets)).collect();
        for is_positive in [false, true] {
            let penalty = Penalty { l1: 0.7, l2: 0.1, is_positive };
            let (mut one, mut other) = ([0.0; 3], [5.0; 3]);
            descend_by_products(&gram, &product, dot(&targets, &targets), penalty, PATIENCE, &mut one).unwrap();
            let outcome = descend_by_columns(&columns, &targets, penalty, PATIENCE, &mut other).unwrap();
            assert!(outcome.gap < 1e-12 && outcome.sweeps > 1);
            assert!(one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-9), "{one:?} {other:?}");
            assert!(!is_positive || one.iter().all(|&w| w >= 0.0));
        }
    }

    #[test]
    fn shapes_that_do_not_fit_are_refused() {
        let penalty = Penalty { l1: 1.0, l2: 0.0, is_positive: false };
        assert!(descend_by_columns(&[1.0], &[], penalty, PATIENCE, &mut [0.0]).is_err());
    }
}
