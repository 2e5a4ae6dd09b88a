//! Features as whole numbers: every value becomes the code of the bin that it lies in.
//!
//! A feature with no more values than codes keeps each value apart, so that splits are exact. One with more is cut at
//! quantiles, by weight, and a value that is heavier than a bin has a bin of its own. NaN has the code behind the last
//! bin.

use crate::threads;

/// Rows that decide where bins are cut; more change the cuts by less than a tenth of a bin.
const SAMPLE: usize = 200_000;

/// A type of codes.
pub(crate) trait Code: Copy + Send + Sync + 'static {
    /// The most bins; the code of NaN comes on top.
    const BINS: usize;

    fn new(code: usize) -> Self;

    fn place(self) -> usize;
}

macro_rules! codes {
    ($($kind:ty),*) => {
        $(impl Code for $kind {
            const BINS: usize = Self::MAX as usize;

            #[inline]
            fn new(code: usize) -> Self {
                code as Self
            }

            #[inline]
            fn place(self) -> usize {
                self as usize
            }
        })*
    };
}
codes!(u8, u16);

/// The bins of one feature, in order: the least and the largest value that lies in each.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bins {
    pub(crate) lower: Vec<f32>,
    pub(crate) upper: Vec<f32>,
}

impl Bins {
    /// How many bins there are; also the code of NaN.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.upper.len()
    }

    /// The code of a value.
    #[inline]
    pub(crate) fn code(&self, value: f32) -> usize {
        if value.is_nan() {
            return self.len();
        }
        // What was not seen may lie above the last bin.
        self.upper.partition_point(|&upper| upper < value).min(self.len().saturating_sub(1))
    }

    /// The number that parts two bins: `x <= threshold` holds for all values of the first and for none of the second.
    pub(crate) fn threshold(&self, left: usize, right: usize) -> f32 {
        between(self.upper[left], self.lower[right])
    }
}

/// The middle of two numbers, or the first where rounding would make it the second.
pub(crate) fn between(low: f32, high: f32) -> f32 {
    let middle = (f64::from(low) / 2.0 + f64::from(high) / 2.0) as f32;
    if middle < high { middle } else { low }
}

/// Rows as codes, feature by feature.
pub(crate) struct Binned<C> {
    pub(crate) rows: usize,
    pub(crate) bins: Vec<Bins>,
    codes: Vec<Vec<C>>,
}

impl<C: Code> Binned<C> {
    /// Bin the given rows of a matrix of `features` columns.
    pub(crate) fn new(
        x: &[f32],
        features: usize,
        rows: &[u32],
        weights: Option<&[f64]>,
        most_bins: usize,
        threads: usize,
    ) -> Self {
        let columns = threads::map(threads, features, |feature| {
            let column: Vec<f32> = rows.iter().map(|&row| x[row as usize * features + feature]).collect();
            let bins = cut(&column, weights, most_bins.min(C::BINS));
            let codes = column.iter().map(|&value| C::new(bins.code(value))).collect();
            (bins, codes)
        });
        let (bins, codes) = columns.into_iter().unzip();
        Self { rows: rows.len(), bins, codes }
    }

    /// The codes of a feature, one for each row.
    #[inline]
    pub(crate) fn column(&self, feature: usize) -> &[C] {
        &self.codes[feature]
    }

    /// The most codes that a feature has, that of NaN among them.
    pub(crate) fn most_codes(&self) -> usize {
        self.bins.iter().map(Bins::len).max().unwrap_or(0) + 1
    }
}

/// A whole number that orders as the value does; both zeros have the same.
fn key(value: f32) -> u32 {
    let bits = (value + 0.0).to_bits();
    bits ^ (((bits as i32 >> 31) as u32) | 0x8000_0000)
}

/// The value of a key.
fn value(key: u32) -> f32 {
    let sign = (!key as i32 >> 31) as u32;
    f32::from_bits(key ^ (sign | 0x8000_0000))
}

/// The bins of one column.
fn cut(column: &[f32], weights: Option<&[f64]>, most_bins: usize) -> Bins {
    let stride = column.len().div_ceil(SAMPLE).max(1);
    let present = column.iter().enumerate().step_by(stride).filter(|(_, value)| !value.is_nan());
    let mut keys: Vec<u64> = present.map(|(place, &value)| u64::from(key(value)) << 32 | place as u64).collect();
    keys.sort_unstable();
    let weight = |place: u64| weights.map_or(1.0, |weights| weights[(place & 0xffff_ffff) as usize]);
    let distinct: Vec<(f32, f64)> = keys
        .chunk_by(|a, b| a >> 32 == b >> 32)
        .map(|same| (value((same[0] >> 32) as u32), same.iter().map(|&place| weight(place)).sum()))
        .collect();
    let mut bins = if distinct.len() <= most_bins {
        let values: Vec<f32> = distinct.iter().map(|&(value, _)| value).collect();
        Bins { lower: values.clone(), upper: values }
    } else {
        quantiles(&distinct, most_bins)
    };
    if stride > 1 {
        widen(&mut bins, column);
    }
    bins
}

/// Bins of about the same weight.
fn quantiles(distinct: &[(f32, f64)], most_bins: usize) -> Bins {
    let mut bins = Bins { lower: Vec::with_capacity(most_bins), upper: Vec::with_capacity(most_bins) };
    let mut rest: f64 = distinct.iter().map(|&(_, weight)| weight).sum();
    let mut held = 0.0;
    let mut is_open = false;
    for (place, &(value, weight)) in distinct.iter().enumerate() {
        if !is_open {
            bins.lower.push(value);
            is_open = true;
        }
        held += weight;
        let left = most_bins - bins.upper.len();
        let next = distinct.get(place + 1).map_or(0.0, |&(_, weight)| weight);
        // Close the bin where its weight is nearest to an equal share of what was left.
        let share = rest / left as f64;
        let is_last = place + 1 == distinct.len();
        if is_last || (left > 1 && held + next / 2.0 >= share) {
            bins.upper.push(value);
            rest -= held;
            held = 0.0;
            is_open = false;
        }
    }
    bins
}

/// Let the bins reach to the values that were not looked at.
fn widen(bins: &mut Bins, column: &[f32]) {
    if bins.len() == 0 {
        bins.lower.extend(column.iter().copied().filter(|value| !value.is_nan()).reduce(f32::min));
        bins.upper.extend(column.iter().copied().filter(|value| !value.is_nan()).reduce(f32::max));
        return;
    }
    for &value in column.iter().filter(|value| !value.is_nan()) {
        let code = bins.code(value);
        bins.lower[code] = bins.lower[code].min(value);
        bins.upper[code] = bins.upper[code].max(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(values: &[f32], most: usize) -> (Bins, Vec<usize>) {
        let bins = cut(values, None, most);
        let codes = values.iter().map(|&value| bins.code(value)).collect();
        (bins, codes)
    }

    #[test]
    fn few_values_stay_apart_and_nan_has_the_code_behind_them() {
        let (bins, codes) = bin(&[3.0, -1.0, f32::NAN, 0.0, -0.0, 3.0], 255);
        assert_eq!(bins.upper, [-1.0, 0.0, 3.0]);
        assert_eq!(codes, [2, 0, 3, 1, 1, 2]);
        assert_eq!(bins.threshold(0, 2), 1.0);
    }

    #[test]
    fn many_values_make_bins_of_the_same_weight() {
        let values: Vec<f32> = (0..1000).map(|place| ((place * 7919) % 1000) as f32).collect();
        let (bins, codes) = bin(&values, 10);
        assert_eq!(bins.len(), 10);
        for code in 0..10 {
            assert_eq!(codes.iter().filter(|&&each| each == code).count(), 100);
        }
    }

    #[test]
    fn a_heavy_value_has_a_bin_of_its_own() {
        let values: Vec<f32> = (0..1000).map(|place| if place < 600 { 5.0 } else { place as f32 }).collect();
        let (bins, _) = bin(&values, 8);
        assert!(bins.lower[0] == 5.0 && bins.upper[0] == 5.0 && bins.len() == 8, "{bins:?}");
    }

    #[test]
    fn thresholds_part_neighbouring_floats() {
        let (low, high) = (1.0_f32, 1.0_f32.next_up());
        let threshold = between(low, high);
        assert!(low <= threshold && high > threshold);
        assert_eq!(between(-f32::MAX, f32::MAX), 0.0);
    }

    #[test]
    fn keys_order_as_values_do() {
        let values = [f32::NEG_INFINITY, -2.5, -1e-40, 0.0, 1e-40, 2.5, f32::INFINITY];
        assert!(values.windows(2).all(|pair| key(pair[0]) < key(pair[1])));
        assert!(values.iter().all(|&each| value(key(each)) == each));
    }

    #[test]
    fn bins_of_a_sample_reach_to_all_values() {
        let values: Vec<f32> = (0..SAMPLE + 7).map(|place| (place % 5000) as f32).collect();
        let (bins, codes) = bin(&values, 16);
        for (value, code) in values.iter().zip(codes) {
            assert!(bins.lower[code] <= *value && *value <= bins.upper[code]);
        }
    }
}
