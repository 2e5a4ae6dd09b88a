//! Losses: where boosting begins, the slopes that a tree is grown on, and how good the scores are.

use super::{Pair, Scale};

/// What is made small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Half the squared error.
    SquaredError,
    /// The absolute error.
    AbsoluteError,
    /// The log-loss of so many classes; two classes share one score.
    LogLoss {
        /// How many classes there are, at least two.
        classes: usize,
    },
}

/// The most bits of one gradient and of one second derivative.
const MOST_BITS: u32 = 50;

/// Added to a number of at most [`MOST_BITS`] bits, it leaves the nearest whole number in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

impl Loss {
    /// How many scores there are.
    pub fn outputs(self) -> usize {
        match self {
            Self::LogLoss { classes } if classes > 2 => classes,
            _ => 1,
        }
    }

    /// The constant scores with the least loss.
    pub(super) fn init(self, y: &[f64], weights: Option<&[f64]>) -> Vec<f64> {
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let whole: f64 = (0..y.len()).map(weight).sum();
        match self {
            Self::SquaredError => vec![y.iter().enumerate().map(|(row, y)| weight(row) * y).sum::<f64>() / whole],
            Self::AbsoluteError => vec![median(y.iter().enumerate().map(|(row, &y)| (y, weight(row))).collect())],
            Self::LogLoss { classes } => {
                let mut shares = vec![0.0; classes];
                for (row, &class) in y.iter().enumerate() {
                    shares[class as usize] += weight(row) / whole;
                }
                // A class without rows is as rare as can be told.
                let shares: Vec<f64> =
                    shares.iter().map(|share| share.clamp(f64::EPSILON, 1.0 - f64::EPSILON)).collect();
                if classes == 2 {
                    return vec![(shares[1] / shares[0]).ln()];
                }
                shares.iter().map(|share| share.ln()).collect()
            }
        }
    }

    /// The mean loss of scores.
    pub(super) fn mean(self, raw: &[f64], y: &[f64], weights: Option<&[f64]>) -> f64 {
        Slopes::new(self, y.len()).look(raw, y, weights)
    }
}

/// The slopes of the loss at the present scores.
pub(super) struct Slopes {
    loss: Loss,
    /// Of log-loss: the probability of each class of each row, of two classes that of the second.
    probabilities: Vec<f64>,
    gradients: Vec<f64>,
}

impl Slopes {
    pub(super) fn new(loss: Loss, rows: usize) -> Self {
        let columns = if matches!(loss, Loss::LogLoss { .. }) { loss.outputs() } else { 0 };
        Self { loss, probabilities: vec![0.0; rows * columns], gradients: vec![0.0; rows] }
    }

    /// Look at the scores; the answer is their mean loss.
    pub(super) fn look(&mut self, raw: &[f64], y: &[f64], weights: Option<&[f64]>) -> f64 {
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let (mut sum, mut whole) = (0.0, 0.0);
        for (row, &y) in y.iter().enumerate() {
            let loss = match self.loss {
                Loss::SquaredError => 0.5 * (raw[row] - y) * (raw[row] - y),
                Loss::AbsoluteError => (raw[row] - y).abs(),
                Loss::LogLoss { classes: 2 } => {
                    let score = raw[row];
                    let power = (-score.abs()).exp();
                    self.probabilities[row] = if score >= 0.0 { 1.0 } else { power } / (1.0 + power);
                    score.max(0.0) - y * score + power.ln_1p()
                }
                Loss::LogLoss { classes } => {
                    let scores = &raw[row * classes..][..classes];
                    softmax(scores, &mut self.probabilities[row * classes..][..classes]) - scores[y as usize]
                }
            };
            sum += weight(row) * loss;
            whole += weight(row);
        }
        sum / whole
    }

    /// The slopes of one output as whole numbers.
    pub(super) fn fill(
        &mut self,
        output: usize,
        raw: &[f64],
        y: &[f64],
        weights: Option<&[f64]>,
        pairs: &mut [Pair],
    ) -> Scale {
        let outputs = self.loss.outputs();
        let weight = |row: usize| weights.map_or(1.0, |weights| weights[row]);
        let (loss, probabilities) = (self.loss, &self.probabilities);
        let hessian = |row: usize| match loss {
            Loss::LogLoss { .. } => {
                let probability = probabilities[row * outputs + output];
                weight(row) * probability * (1.0 - probability)
            }
            _ => weight(row),
        };
        let (mut steepest, mut most_curved) = (0.0_f64, 0.0_f64);
        for (row, (slot, &y)) in self.gradients.iter_mut().zip(y).enumerate() {
            let gradient = match loss {
                Loss::SquaredError => raw[row] - y,
                Loss::AbsoluteError => f64::from(u8::from(raw[row] > y)) - f64::from(u8::from(raw[row] < y)),
                Loss::LogLoss { classes: 2 } => probabilities[row] - y,
                Loss::LogLoss { .. } => {
                    probabilities[row * outputs + output] - f64::from(u8::from(y as usize == output))
                }
            };
            *slot = weight(row) * gradient;
            steepest = steepest.max(slot.abs());
            most_curved = most_curved.max(hessian(row));
        }
        let count_bits = usize::BITS - pairs.len().leading_zeros();
        let scale = Scale {
            count_bits,
            gradient: power_of_two(steepest, MOST_BITS.min(62 - 2 * count_bits)),
            hessian: power_of_two(most_curved, MOST_BITS.min(62 - count_bits)),
        };
        for (row, (pair, gradient)) in pairs.iter_mut().zip(&self.gradients).enumerate() {
            let gradient = whole(gradient * scale.gradient);
            *pair = [((gradient << count_bits) + 1) as u64, whole(hessian(row) * scale.hessian) as u64];
        }
        scale
    }
}

/// The power of two that makes whole numbers of so many bits of numbers up to `largest`.
fn power_of_two(largest: f64, bits: u32) -> f64 {
    // The factor of a smaller number would not be finite.
    if largest < f64::MIN_POSITIVE * 1e30 {
        return 1.0;
    }
    let exponent = ((largest.to_bits() >> 52) & 0x7ff) as i32 - 1022;
    2.0_f64.powi(bits as i32 - exponent)
}

/// The nearest whole number.
#[inline]
fn whole(number: f64) -> i64 {
    ((number + ROUNDER).to_bits()).wrapping_sub(ROUNDER.to_bits()) as i64
}

/// Fill in the softmax; the answer is the logarithm of the sum of the powers.
fn softmax(scores: &[f64], probabilities: &mut [f64]) -> f64 {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for (probability, score) in probabilities.iter_mut().zip(scores) {
        *probability = (score - largest).exp();
        sum += *probability;
    }
    probabilities.iter_mut().for_each(|each| *each /= sum);
    largest + sum.ln()
}

/// The number that half the weight lies below; the middle of two where both are.
pub(super) fn median(mut numbers: Vec<(f64, f64)>) -> f64 {
    numbers.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let half = numbers.iter().map(|&(_, weight)| weight).sum::<f64>() / 2.0;
    let mut below = 0.0;
    for (place, &(number, weight)) in numbers.iter().enumerate() {
        below += weight;
        if below > half {
            return number;
        }
        if below == half {
            return numbers.get(place + 1).map_or(number, |&(next, _)| (number + next) / 2.0);
        }
    }
    numbers.last().map_or(0.0, |&(number, _)| number)
}
