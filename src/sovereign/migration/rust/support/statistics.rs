//! `statistics`, exact as CPython's: sums are fractions, results are rounded once.
//!
//! On floats: `statistics_mean(&[f64]) -> Result<f64, Exc>`, `_fmean(&[f64], weights: Option<&[f64]>)`, `_variance(&[f64])`,
//! `_pvariance`, `_stdev`, `_pstdev`, `_geometric_mean`, `_harmonic_mean(&[f64]) -> Result<WholeOrFloat, Exc>`, `_median_grouped(&[f64], interval)`,
//! `_quantiles(&[f64], n, inclusive: bool) -> Result<List<f64>, Exc>`, `_covariance(x, y)`, `_correlation`,
//! `_linear_regression(x, y) -> Result<(f64, f64), Exc>` (slope, intercept).
//! On ints, whose results are `WholeOrFloat` (an int where it is whole): `statistics_mean_int(&[Int]) -> Result<WholeOrFloat, Exc>`,
//! `_variance_int`, `_pvariance_int`; `_stdev_int`, `_pstdev_int` give f64. `WholeOrFloat::float()`.
//! On anything ordered: `statistics_median_low(&[T]) -> Result<T, Exc>`, `_median_high`; `statistics_median(&[f64]) -> f64`,
//! `statistics_median_int(&[Int]) -> WholeOrFloat`. On anything: `statistics_mode(&[T])`, `statistics_multimode(&[T]) -> List<T>`.
//! Refused: given means (`xbar`, `mu`), weights of `harmonic_mean`, Decimal and Fraction data, NormalDist.

use crate::{
    float_integer_ratio, float_repr, int_floor_div, int_isqrt, int_shift_left, int_true_div, math_exp, math_fsum,
    math_log, sort_items, CMath, Dict, Exc, Fraction, Int, Kind, List, Object, Ordered, ATTRIBUTE_ERROR, VALUE_ERROR,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// `statistics.StatisticsError`.
pub static STATISTICS_ERROR: Kind = Kind::within("statistics", "StatisticsError", &VALUE_ERROR);

/// An error of the module.
pub fn statistics_error(text: &'static str) -> Exc {
    Exc::new(&STATISTICS_ERROR, text)
}

/// An int or a float.
#[derive(Clone)]
pub enum WholeOrFloat {
    /// An int.
    Int(Int),
    /// A float.
    Float(f64),
}

impl WholeOrFloat {
    /// `float(self)`.
    pub fn float(&self) -> Result<f64, Exc> {
        match self {
            WholeOrFloat::Int(value) => value.float(),
            WholeOrFloat::Float(value) => Ok(*value),
        }
    }
}

impl Object for WholeOrFloat {
    fn write_repr(&self, out: &mut String) {
        match self {
            WholeOrFloat::Int(value) => value.write_repr(out),
            WholeOrFloat::Float(value) => value.write_repr(out),
        }
    }
    fn equals(&self, other: &Self) -> bool {
        self.compare(other) == Some(Ordering::Equal)
    }
    fn hash(&self) -> u64 {
        match self {
            WholeOrFloat::Int(value) => value.hash(),
            WholeOrFloat::Float(value) => value.hash(),
        }
    }
    fn truth(&self) -> bool {
        match self {
            WholeOrFloat::Int(value) => value.truth(),
            WholeOrFloat::Float(value) => value.truth(),
        }
    }
    fn type_name(&self) -> &'static str {
        match self {
            WholeOrFloat::Int(_) => "int",
            WholeOrFloat::Float(_) => "float",
        }
    }
}

impl Ordered for WholeOrFloat {
    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (WholeOrFloat::Int(a), WholeOrFloat::Int(b)) => Some(a.cmp(b)),
            (WholeOrFloat::Float(a), WholeOrFloat::Float(b)) => a.partial_cmp(b),
            (WholeOrFloat::Int(a), WholeOrFloat::Float(b)) => a.partial_cmp(b),
            (WholeOrFloat::Float(a), WholeOrFloat::Int(b)) => a.partial_cmp(b),
        }
    }
}

/// The exact sum and the sum of squares of floats; a float where one is not finite.
pub enum StatisticsSums {
    /// Fractions.
    Exact(Fraction, Fraction),
    /// What the floats that are not finite add up to.
    Float(f64),
}

/// The sums of floats.
pub fn statistics_sums(data: &[f64]) -> StatisticsSums {
    let special: Vec<f64> = data.iter().copied().filter(|value| !value.is_finite()).collect();
    if !special.is_empty() {
        return StatisticsSums::Float(special.iter().sum());
    }
    // All denominators are powers of two: count in the smallest of them.
    let ratios: Vec<(Int, Int)> = data.iter().filter_map(|value| float_integer_ratio(*value).ok()).collect();
    let below = ratios.iter().map(|(_, below)| below.clone()).max().unwrap_or(Int::Small(1));
    let (mut sum, mut squares) = (Int::Small(0), Int::Small(0));
    for (above, own) in &ratios {
        let scaled = above * int_floor_div(&below, own).unwrap_or_default();
        squares += &scaled * &scaled;
        sum += scaled;
    }
    let square = &below * &below;
    StatisticsSums::Exact(Fraction::reduced(sum, below), Fraction::reduced(squares, square))
}

/// The sums of ints.
pub fn statistics_sums_int(data: &[Int]) -> (Fraction, Fraction) {
    let (mut sum, mut squares) = (Int::Small(0), Int::Small(0));
    for value in data {
        sum += value;
        squares += value * value;
    }
    (Fraction::from_int(sum), Fraction::from_int(squares))
}

/// The sum of the squares of the deviations of so many values.
pub fn statistics_deviation(sum: &Fraction, squares: &Fraction, count: usize) -> Fraction {
    if count == 0 {
        return Fraction::from_int(Int::Small(0));
    }
    let count = Fraction::from_int(Int::from(count));
    let above = count.mul(squares).sub(&sum.mul(sum));
    Fraction::reduced(above.above, above.below * count.above)
}

/// A fraction divided by a count that is not 0.
pub fn statistics_part(value: &Fraction, count: usize) -> Fraction {
    Fraction::reduced(value.above.clone(), &value.below * Int::from(count))
}

/// A fraction as an int where it is whole, else as a float.
pub fn statistics_number(value: &Fraction) -> Result<WholeOrFloat, Exc> {
    if value.below == 1 {
        return Ok(WholeOrFloat::Int(value.above.clone()));
    }
    value.float().map(WholeOrFloat::Float)
}

/// The square root of a fraction, rounded once.
pub fn statistics_root(value: &Fraction) -> Result<f64, Exc> {
    let (n, m) = (&value.above, &value.below);
    let to_odd = |n: &Int, m: &Int| -> Result<Int, Exc> {
        let root = int_isqrt(&int_floor_div(n, m)?)?;
        let is_exact = &(&root * &root) * m == *n;
        Ok(if is_exact || root.is_odd() { root } else { root + 1 })
    };
    let shift = (n.bit_length() - m.bit_length() - 109).div_euclid(2);
    if shift >= 0 {
        let root = to_odd(n, &int_shift_left(m, &Int::Small(2 * shift))?)?;
        return int_true_div(&int_shift_left(&root, &Int::Small(shift))?, &Int::Small(1));
    }
    let root = to_odd(&int_shift_left(n, &Int::Small(-2 * shift))?, m)?;
    int_true_div(&root, &int_shift_left(&Int::Small(1), &Int::Small(-shift))?)
}

/// What CPython says of a deviation that is no fraction.
pub fn statistics_no_numerator() -> Exc {
    Exc::new(&ATTRIBUTE_ERROR, "'float' object has no attribute 'numerator'")
}

/// `statistics.mean` of floats.
pub fn statistics_mean(data: &[f64]) -> Result<f64, Exc> {
    if data.is_empty() {
        return Err(statistics_error("mean requires at least one data point"));
    }
    match statistics_sums(data) {
        StatisticsSums::Exact(sum, _) => statistics_part(&sum, data.len()).float(),
        StatisticsSums::Float(sum) => Ok(sum / data.len() as f64),
    }
}

/// `statistics.mean` of ints.
pub fn statistics_mean_int(data: &[Int]) -> Result<WholeOrFloat, Exc> {
    if data.is_empty() {
        return Err(statistics_error("mean requires at least one data point"));
    }
    statistics_number(&statistics_part(&statistics_sums_int(data).0, data.len()))
}

/// The mean square of the deviations of floats, divided by the count less `less`.
pub fn statistics_mean_square(data: &[f64], less: usize, error: &'static str) -> Result<Result<Fraction, f64>, Exc> {
    if data.len() <= less {
        return Err(statistics_error(error));
    }
    Ok(match statistics_sums(data) {
        StatisticsSums::Exact(sum, squares) => {
            let deviation = statistics_deviation(&sum, &squares, data.len());
            Ok(statistics_part(&deviation, data.len() - less))
        }
        StatisticsSums::Float(sum) => Err(sum / (data.len() - less) as f64),
    })
}

/// The mean square of the deviations of ints.
pub fn statistics_mean_square_int(data: &[Int], less: usize, error: &'static str) -> Result<Fraction, Exc> {
    if data.len() <= less {
        return Err(statistics_error(error));
    }
    let (sum, squares) = statistics_sums_int(data);
    Ok(statistics_part(&statistics_deviation(&sum, &squares, data.len()), data.len() - less))
}

/// `statistics.variance` of floats.
pub fn statistics_variance(data: &[f64]) -> Result<f64, Exc> {
    statistics_mean_square(data, 1, "variance requires at least two data points")?
        .map_or_else(Ok, |square| square.float())
}

/// `statistics.pvariance` of floats.
pub fn statistics_pvariance(data: &[f64]) -> Result<f64, Exc> {
    statistics_mean_square(data, 0, "pvariance requires at least one data point")?
        .map_or_else(Ok, |square| square.float())
}

/// `statistics.stdev` of floats.
pub fn statistics_stdev(data: &[f64]) -> Result<f64, Exc> {
    let square = statistics_mean_square(data, 1, "stdev requires at least two data points")?;
    statistics_root(&square.map_err(|_| statistics_no_numerator())?)
}

/// `statistics.pstdev` of floats.
pub fn statistics_pstdev(data: &[f64]) -> Result<f64, Exc> {
    let square = statistics_mean_square(data, 0, "pstdev requires at least one data point")?;
    statistics_root(&square.map_err(|_| statistics_no_numerator())?)
}

/// `statistics.variance` of ints.
pub fn statistics_variance_int(data: &[Int]) -> Result<WholeOrFloat, Exc> {
    statistics_number(&statistics_mean_square_int(data, 1, "variance requires at least two data points")?)
}

/// `statistics.pvariance` of ints.
pub fn statistics_pvariance_int(data: &[Int]) -> Result<WholeOrFloat, Exc> {
    statistics_number(&statistics_mean_square_int(data, 0, "pvariance requires at least one data point")?)
}

/// `statistics.stdev` of ints.
pub fn statistics_stdev_int(data: &[Int]) -> Result<f64, Exc> {
    statistics_root(&statistics_mean_square_int(data, 1, "stdev requires at least two data points")?)
}

/// `statistics.pstdev` of ints.
pub fn statistics_pstdev_int(data: &[Int]) -> Result<f64, Exc> {
    statistics_root(&statistics_mean_square_int(data, 0, "pstdev requires at least one data point")?)
}

/// `statistics.fmean`.
pub fn statistics_fmean(data: &[f64], weights: Option<&[f64]>) -> Result<f64, Exc> {
    let Some(weights) = weights else {
        let total = math_fsum(data.iter().copied())?;
        if data.is_empty() {
            return Err(statistics_error("fmean requires at least one data point"));
        }
        return Ok(total / data.len() as f64);
    };
    let above = math_fsum(data.iter().zip(weights).map(|(value, weight)| value * weight))?;
    if data.len() != weights.len() {
        return Err(statistics_error("data and weights must be the same length"));
    }
    let below = math_fsum(weights.iter().copied())?;
    if below == 0.0 {
        return Err(statistics_error("sum of weights must be non-zero"));
    }
    Ok(above / below)
}

/// `statistics.geometric_mean`.
pub fn statistics_geometric_mean(data: &[f64]) -> Result<f64, Exc> {
    let text = "geometric mean requires a non-empty dataset containing positive numbers";
    let mut logs = Vec::new();
    for value in data {
        logs.push(math_log(*value).map_err(|_| statistics_error(text))?);
    }
    let mean =
        statistics_fmean(&logs, None).map_err(|exc| if exc.is(&VALUE_ERROR) { statistics_error(text) } else { exc })?;
    math_exp(mean)
}

/// `statistics.harmonic_mean` without weights; the int 0 where a value is 0.
pub fn statistics_harmonic_mean(data: &[f64]) -> Result<WholeOrFloat, Exc> {
    let negative = "harmonic mean does not support negative values";
    match data {
        [] => return Err(statistics_error("harmonic_mean requires at least one data point")),
        [only] if *only < 0.0 => return Err(statistics_error(negative)),
        [only] => return Ok(WholeOrFloat::Float(*only)),
        _ => {}
    }
    let mut inverses = Vec::new();
    for value in data {
        if *value < 0.0 {
            return Err(statistics_error(negative));
        }
        if *value == 0.0 {
            return Ok(WholeOrFloat::Int(Int::Small(0)));
        }
        inverses.push(1.0 / value);
    }
    match statistics_sums(&inverses) {
        StatisticsSums::Exact(sum, _) if sum.above > 0 => {
            Fraction::reduced(Int::from(data.len()) * &sum.below, sum.above).float().map(WholeOrFloat::Float)
        }
        StatisticsSums::Float(sum) if sum > 0.0 || sum.is_nan() => Ok(WholeOrFloat::Float(data.len() as f64 / sum)),
        _ => Err(statistics_error("Weighted sum must be positive")),
    }
}

/// Data in order. Errors: `StatisticsError` for none.
pub fn statistics_sorted<T: Ordered + Clone>(data: &[T]) -> Result<Vec<T>, Exc> {
    let mut sorted = data.to_vec();
    sort_items(&mut sorted, false);
    if sorted.is_empty() {
        return Err(statistics_error("no median for empty data"));
    }
    Ok(sorted)
}

/// `statistics.median` of floats.
pub fn statistics_median(data: &[f64]) -> Result<f64, Exc> {
    let sorted = statistics_sorted(data)?;
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        return Ok(sorted[middle]);
    }
    Ok((sorted[middle - 1] + sorted[middle]) / 2.0)
}

/// `statistics.median` of ints.
pub fn statistics_median_int(data: &[Int]) -> Result<WholeOrFloat, Exc> {
    let sorted = statistics_sorted(data)?;
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        return Ok(WholeOrFloat::Int(sorted[middle].clone()));
    }
    int_true_div(&(&sorted[middle - 1] + &sorted[middle]), &Int::Small(2)).map(WholeOrFloat::Float)
}

/// `statistics.median_low`.
pub fn statistics_median_low<T: Ordered + Clone>(data: &[T]) -> Result<T, Exc> {
    let sorted = statistics_sorted(data)?;
    Ok(sorted[(sorted.len() - 1) / 2].clone())
}

/// `statistics.median_high`.
pub fn statistics_median_high<T: Ordered + Clone>(data: &[T]) -> Result<T, Exc> {
    let sorted = statistics_sorted(data)?;
    Ok(sorted[sorted.len() / 2].clone())
}

/// `statistics.median_grouped`.
pub fn statistics_median_grouped(data: &[f64], interval: f64) -> Result<f64, Exc> {
    let sorted = statistics_sorted(data)?;
    let x = sorted[sorted.len() / 2];
    let before = sorted.iter().take_while(|value| **value < x).count();
    let count = sorted[before..].iter().take_while(|value| **value <= x).count();
    Ok(x - interval / 2.0 + interval * (sorted.len() as f64 / 2.0 - before as f64) / count as f64)
}

/// How often each value occurs, in order of their first.
pub fn statistics_counts<T: Object + Clone>(data: &[T]) -> Dict<T, i64> {
    let counts = Dict::new();
    for value in data {
        *counts.entry_or(value.clone(), || 0) += 1;
    }
    counts
}

/// `statistics.multimode`.
pub fn statistics_multimode<T: Object + Clone>(data: &[T]) -> List<T> {
    let counts = statistics_counts(data);
    let most = counts.values().max().unwrap_or(0);
    counts.items().filter(|(_, count)| *count == most).map(|(value, _)| value).collect()
}

/// `statistics.mode`.
pub fn statistics_mode<T: Object + Clone>(data: &[T]) -> Result<T, Exc> {
    let modes = statistics_multimode(data);
    modes.iter().next().ok_or_else(|| statistics_error("no mode for empty data"))
}

/// `statistics.quantiles` of floats.
pub fn statistics_quantiles(data: &[f64], n: i64, inclusive: bool) -> Result<List<f64>, Exc> {
    if n < 1 {
        return Err(statistics_error("n must be at least 1"));
    }
    let mut sorted = data.to_vec();
    sort_items(&mut sorted, false);
    let count = sorted.len() as i64;
    if count < 2 {
        return Err(statistics_error("must have at least two data points"));
    }
    let cut = |step: i64| {
        let (place, rest) = if inclusive {
            (step * (count - 1) / n, step * (count - 1) % n)
        } else {
            let place = (step * (count + 1) / n).clamp(1, count - 1);
            (place - 1, step * (count + 1) - place * n)
        };
        let place = place as usize;
        (sorted[place] * (n - rest) as f64 + sorted[place + 1] * rest as f64) / n as f64
    };
    Ok((1..n).map(cut).collect())
}

/// The sums that regression and correlation are made of: of products and of squares of deviations.
pub fn statistics_deviations(x: &[f64], y: &[f64]) -> Result<(f64, f64, f64), Exc> {
    let mean = |data: &[f64]| -> Result<f64, Exc> { Ok(math_fsum(data.iter().copied())? / data.len() as f64) };
    let (mean_x, mean_y) = (mean(x)?, mean(y)?);
    let products = math_fsum(x.iter().zip(y).map(|(a, b)| (a - mean_x) * (b - mean_y)))?;
    let squares_x = math_fsum(x.iter().map(|a| (a - mean_x) * (a - mean_x)))?;
    let squares_y = math_fsum(y.iter().map(|b| (b - mean_y) * (b - mean_y)))?;
    Ok((products, squares_x, squares_y))
}

/// `statistics.covariance`.
pub fn statistics_covariance(x: &[f64], y: &[f64]) -> Result<f64, Exc> {
    if x.len() != y.len() {
        return Err(statistics_error("covariance requires that both inputs have same number of data points"));
    }
    if x.len() < 2 {
        return Err(statistics_error("covariance requires at least two data points"));
    }
    Ok(statistics_deviations(x, y)?.0 / (x.len() - 1) as f64)
}

/// `statistics.correlation`.
pub fn statistics_correlation(x: &[f64], y: &[f64]) -> Result<f64, Exc> {
    if x.len() != y.len() {
        return Err(statistics_error("correlation requires that both inputs have same number of data points"));
    }
    if x.len() < 2 {
        return Err(statistics_error("correlation requires at least two data points"));
    }
    let (products, squares_x, squares_y) = statistics_deviations(x, y)?;
    let below = (squares_x * squares_y).c_sqrt();
    if below == 0.0 {
        return Err(statistics_error("at least one of the inputs is constant"));
    }
    Ok(products / below)
}

/// `statistics.linear_regression`: slope and intercept.
pub fn statistics_linear_regression(x: &[f64], y: &[f64]) -> Result<(f64, f64), Exc> {
    if x.len() != y.len() {
        return Err(statistics_error("linear regression requires that both inputs have same number of data points"));
    }
    if x.len() < 2 {
        return Err(statistics_error("linear regression requires at least two data points"));
    }
    let (products, squares, _) = statistics_deviations(x, y)?;
    if squares == 0.0 {
        return Err(statistics_error("x is constant"));
    }
    let mean = |data: &[f64]| -> Result<f64, Exc> { Ok(math_fsum(data.iter().copied())? / data.len() as f64) };
    let slope = products / squares;
    Ok((slope, mean(y)? - slope * mean(x)?))
}

/// `statistics.LinearRegression`.
#[derive(Clone, Copy, PartialEq)]
pub struct LinearRegression {
    /// The slope.
    pub slope: f64,
    /// The intercept.
    pub intercept: f64,
}

impl From<(f64, f64)> for LinearRegression {
    fn from((slope, intercept): (f64, f64)) -> LinearRegression {
        LinearRegression { slope, intercept }
    }
}

impl LinearRegression {
    /// `self.slope`.
    pub fn slope(&self) -> f64 {
        self.slope
    }

    /// `self.intercept`.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }
}

impl Object for LinearRegression {
    fn write_repr(&self, out: &mut String) {
        let (slope, intercept) = (float_repr(self.slope), float_repr(self.intercept));
        out.push_str(&format!("LinearRegression(slope={slope}, intercept={intercept})"));
    }
    fn equals(&self, other: &Self) -> bool {
        self == other
    }
    fn hash(&self) -> u64 {
        (self.slope, self.intercept).hash()
    }
    fn type_name(&self) -> &'static str {
        "LinearRegression"
    }
}
