//! Weights, means and squared deviations of columns, of all rows or of each group of them.

use crate::{
    Error,
    error::{require_groups, require_length},
    number::Number,
    segments::{self, add},
    threads,
    wide::wide,
};

/// Rows of a segment at least.
const LEAST_ROWS: usize = 4096;

/// Rows, and the group that each belongs to.
#[derive(Clone, Copy)]
pub struct Grouped<'a, T> {
    /// (n, d), rows one behind the other.
    pub x: &'a [T],
    /// Columns of `x`.
    pub columns: usize,
    /// (n,), each below the number of groups; one group without them.
    pub groups: Option<&'a [i32]>,
    /// (n,); 1 each where there are none.
    pub weights: Option<&'a [f64]>,
}

/// Lay the weight of each group into `total` (k,), the means of its columns into `mean` (k, d) and the weighted sums of
/// squared deviations from these into `squares` (k, d).
///
/// Two passes: deviations are taken from the mean itself, so nothing cancels however far from zero the data lies. A group
/// without weight has means 0. Equal in every bit for any number of threads.
///
/// Source: Chan, Golub & LeVeque 1983, the two-pass algorithm with its correction.
pub fn moments<T: Number>(
    data: Grouped<'_, T>,
    threads: usize,
    total: &mut [f64],
    mean: &mut [f64],
    squares: &mut [f64],
) -> Result<(), Error> {
    let (d, k) = (data.columns, total.len());
    let rows = data.x.len().checked_div(d).unwrap_or(0);
    require_length("x", rows * d, data.x)?;
    require_length("mean", k * d, mean)?;
    require_length("squares", k * d, squares)?;
    data.weights.map_or(Ok(()), |weights| require_length("weights", rows, weights))?;
    require_groups("groups", k, rows, data.groups)?;
    let segments = segments::count(rows, LEAST_ROWS);
    let bounds = |place| segments::bounds(rows, segments, 1, place);
    total.fill(0.0);
    mean.fill(0.0);
    let sums = |place| {
        let (mut weight, mut sum) = (vec![0.0; k], vec![0.0; k * d]);
        add_sums(data, bounds(place), &mut weight, &mut sum);
        (weight, sum)
    };
    for (weight, sum) in threads::map(threads, segments, sums) {
        add(total, &weight);
        add(mean, &sum);
    }
    for (mean, total) in mean.chunks_exact_mut(d).zip(&*total) {
        mean.iter_mut().for_each(|mean| *mean = if *total > 0.0 { *mean / total } else { 0.0 });
    }
    squares.fill(0.0);
    let mut rest = vec![0.0; k * d];
    let about = &*mean;
    let deviations = |place| {
        let (mut square, mut rest) = (vec![0.0; k * d], vec![0.0; k * d]);
        add_deviations(data, bounds(place), about, &mut square, &mut rest);
        (square, rest)
    };
    for (square, some) in threads::map(threads, segments, deviations) {
        add(squares, &square);
        add(&mut rest, &some);
    }
    // The rounded mean is not quite the mean: what deviations still sum to is taken out, and the mean moved by it.
    for (group, total) in total.iter().enumerate().filter(|&(_, &total)| total > 0.0) {
        for place in group * d..(group + 1) * d {
            squares[place] = (squares[place] - rest[place] * rest[place] / total).max(0.0);
            mean[place] += rest[place] / total;
        }
    }
    Ok(())
}

impl<T> Grouped<'_, T> {
    fn group(&self, row: usize) -> usize {
        self.groups.map_or(0, |groups| groups[row] as usize)
    }

    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }
}

wide! {
    fn add_sums<T: Number>(data: Grouped<'_, T>, bounds: (usize, usize), weight: &mut [f64], sum: &mut [f64]) {
        let d = data.columns;
        for row in bounds.0..bounds.1 {
            let (group, times) = (data.group(row), data.weight(row));
            weight[group] += times;
            let values = &data.x[row * d..(row + 1) * d];
            if data.weights.is_some() {
                for (sum, value) in sum[group * d..(group + 1) * d].iter_mut().zip(values) {
                    *sum += times * value.double();
                }
            } else {
                for (sum, value) in sum[group * d..(group + 1) * d].iter_mut().zip(values) {
                    *sum += value.double();
                }
            }
        }
    }
}

wide! {
    fn add_deviations<T: Number>(
        data: Grouped<'_, T>, bounds: (usize, usize), mean: &[f64], squares: &mut [f64], rest: &mut [f64]
    ) {
        let d = data.columns;
        for row in bounds.0..bounds.1 {
            let (group, times) = (data.group(row), data.weight(row));
            let places = group * d..(group + 1) * d;
            let (squares, rest) = (&mut squares[places.clone()], &mut rest[places.clone()]);
            let values = data.x[row * d..(row + 1) * d].iter().zip(&mean[places]);
            for ((value, mean), (square, rest)) in values.zip(squares.iter_mut().zip(rest)) {
                let deviation = value.double() - mean;
                *square += times * deviation * deviation;
                *rest += times * deviation;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_far_from_zero_lose_no_digits() {
        let x: Vec<f64> = (0..10_000).flat_map(|row| [1e9 + f64::from(row % 2), 7.5]).collect();
        let data = Grouped { x: &x, columns: 2, groups: None, weights: None };
        let (mut total, mut mean, mut squares) = ([0.0], [0.0; 2], [0.0; 2]);
        moments(data, 2, &mut total, &mut mean, &mut squares).unwrap();
        assert_eq!((total, mean, squares), ([10_000.0], [1e9 + 0.5, 7.5], [2500.0, 0.0]));
    }

    #[test]
    fn groups_have_their_own_moments_and_empty_ones_have_none() {
        let x = [1.0_f32, 3.0, 10.0, 5.0];
        let data = Grouped { x: &x, columns: 1, groups: Some(&[0, 0, 2, 0]), weights: Some(&[1.0, 1.0, 2.0, 0.0]) };
        let (mut total, mut mean, mut squares) = ([0.0; 3], [0.0; 3], [0.0; 3]);
        moments(data, 1, &mut total, &mut mean, &mut squares).unwrap();
        assert_eq!((total, mean, squares), ([2.0, 0.0, 2.0], [2.0, 0.0, 10.0], [2.0, 0.0, 0.0]));
    }

    #[test]
    fn a_group_that_there_is_not_is_refused() {
        let data = Grouped { x: &[1.0], columns: 1, groups: Some(&[1]), weights: None };
        assert!(moments(data, 1, &mut [0.0], &mut [0.0], &mut [0.0]).is_err());
    }
}
