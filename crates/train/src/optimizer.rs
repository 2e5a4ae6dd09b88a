//! Steps of parameters from gradients.

use std::ops::Range;

use crate::{
    Error,
    error::{require_length, require_setting},
    wide::wide,
};

/// How steps are made of gradients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Optimizer {
    /// Against the gradient, with some of the step before.
    Descent {
        /// The length of a step, in gradients.
        rate: f64,
        /// The share of the step before that is made again.
        momentum: f64,
        /// Whether the gradient counts as it will be behind the repeated step (Nesterov 1983, as Sutskever 2013 has it).
        is_ahead: bool,
    },
    /// Kingma & Ba 2015: against the mean gradient, in parts of the root of the mean square.
    Adam {
        /// The length of a step.
        rate: f64,
        /// The share of the mean gradient that stays.
        first: f64,
        /// The share of the mean square that stays.
        second: f64,
        /// Added to the root.
        epsilon: f64,
        /// Steps that were made before this pass.
        steps: u64,
    },
}

/// What an optimizer remembers of earlier steps, as many numbers as there are parameters.
#[derive(Debug, Default)]
pub struct Moments<'a> {
    /// Of `Descent` the last step, of `Adam` mean gradients.
    pub first: &'a mut [f32],
    /// Of `Adam` mean squares; of `Descent` empty.
    pub second: &'a mut [f32],
}

impl Moments<'_> {
    pub(crate) fn check(&self, optimizer: &Optimizer, parameters: usize) -> Result<(), Error> {
        require_length("first", parameters, self.first)?;
        match *optimizer {
            Optimizer::Descent { momentum, .. } => {
                require_length("second", 0, self.second)?;
                require_setting("momentum", (0.0..=1.0).contains(&momentum), momentum, "from 0 to 1")
            }
            Optimizer::Adam { first, second, .. } => {
                require_length("second", parameters, self.second)?;
                require_setting("beta_1", (0.0..1.0).contains(&first), first, "from 0 to below 1")?;
                require_setting("beta_2", (0.0..1.0).contains(&second), second, "from 0 to below 1")
            }
        }
    }

    /// Those of some parameters.
    pub(crate) fn part(&mut self, range: Range<usize>) -> Moments<'_> {
        let second = if self.second.is_empty() { 0..0 } else { range.clone() };
        Moments { first: &mut self.first[range], second: &mut self.second[second] }
    }
}

/// One step, with what all parameters share.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Descent { scale: f32, rate: f32, momentum: f32, is_ahead: bool },
    Adam { scale: f32, rate: f32, keep: [f32; 2], take: [f32; 2], epsilon: f32 },
}

impl Step {
    /// The step of batch `number` of a pass; gradients are to be multiplied by `scale`.
    pub(crate) fn new(optimizer: &Optimizer, number: usize, scale: f32) -> Self {
        match *optimizer {
            Optimizer::Descent { rate, momentum, is_ahead } => {
                Self::Descent { scale, rate: rate as f32, momentum: momentum as f32, is_ahead }
            }
            Optimizer::Adam { rate, first, second, epsilon, steps } => {
                let count = (steps + number as u64 + 1) as f64;
                let rate = rate * (1.0 - second.powf(count)).sqrt() / (1.0 - first.powf(count));
                Self::Adam {
                    scale,
                    rate: rate as f32,
                    keep: [first as f32, second as f32],
                    take: [(1.0 - first) as f32, (1.0 - second) as f32],
                    epsilon: epsilon as f32,
                }
            }
        }
    }

    /// Move parameters against their gradient, to which `alpha` times themselves is added.
    pub(crate) fn take(self, alpha: f32, gradient: &[f32], parameters: &mut [f32], moments: Moments<'_>) {
        let Moments { first, second } = moments;
        match self {
            Self::Descent { scale, rate, momentum, is_ahead } => {
                descend(alpha, scale, rate, momentum, is_ahead, gradient, parameters, first);
            }
            Self::Adam { scale, rate, keep, take, epsilon } => {
                adapt(alpha, scale, rate, keep, take, epsilon, gradient, parameters, first, second);
            }
        }
    }
}

/// Zero for what is too small to be a normal number: what shrinks with every step would end there, where arithmetic
/// takes a hundred times as long.
#[inline(always)]
fn normal(x: f32) -> f32 {
    if x.abs() < f32::MIN_POSITIVE { 0.0 } else { x }
}

wide! {
    fn descend(
        alpha: f32, scale: f32, rate: f32, momentum: f32, is_ahead: bool,
        gradient: &[f32], parameters: &mut [f32], last: &mut [f32],
    ) {
        let ahead = if is_ahead { momentum } else { 1.0 };
        let alone = if is_ahead { rate } else { 0.0 };
        for ((parameter, gradient), last) in parameters.iter_mut().zip(gradient).zip(last) {
            let slope = (gradient + alpha * *parameter) * scale;
            *last = normal(momentum * *last - rate * slope);
            *parameter += ahead * *last - alone * slope;
        }
    }
}

wide! {
    fn adapt(
        alpha: f32, scale: f32, rate: f32, keep: [f32; 2], take: [f32; 2], epsilon: f32,
        gradient: &[f32], parameters: &mut [f32], means: &mut [f32], squares: &mut [f32],
    ) {
        for (((parameter, gradient), mean), square) in parameters.iter_mut().zip(gradient).zip(means).zip(squares) {
            let slope = (gradient + alpha * *parameter) * scale;
            *mean = normal(keep[0] * *mean + take[0] * slope);
            *square = normal(keep[1] * *square + take[1] * (slope * slope));
            *parameter -= rate * *mean / (square.sqrt() + epsilon);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_ahead_is_the_repeated_step_and_the_gradient_behind_it() {
        let optimizer = Optimizer::Descent { rate: 0.5, momentum: 0.25, is_ahead: true };
        let (mut parameters, mut first) = ([1.0], [0.5]);
        Step::new(&optimizer, 0, 2.0).take(
            0.5,
            &[1.0],
            &mut parameters,
            Moments { first: &mut first, second: &mut [] },
        );
        // The slope is (1 + 0.5) * 2, the step 0.25 * 0.5 - 0.5 * 3.
        assert_eq!(first, [-1.375]);
        assert_eq!(parameters, [1.0 + 0.25 * -1.375 - 0.5 * 3.0]);
    }

    #[test]
    fn the_first_step_of_adam_is_as_long_as_its_rate() {
        let optimizer = Optimizer::Adam { rate: 0.01, first: 0.9, second: 0.999, epsilon: 0.0, steps: 0 };
        let (mut parameters, mut first, mut second) = ([0.0, 0.0], [0.0; 2], [0.0; 2]);
        let moments = Moments { first: &mut first, second: &mut second };
        Step::new(&optimizer, 0, 1.0).take(0.0, &[1e-3, -50.0], &mut parameters, moments);
        assert!((parameters[0] + 0.01).abs() < 1e-6 && (parameters[1] - 0.01).abs() < 1e-6, "{parameters:?}");
    }

    #[test]
    fn moments_end_at_zero_and_not_among_the_smallest_numbers() {
        let optimizer = Optimizer::Adam { rate: 0.01, first: 0.9, second: 0.999, epsilon: 1e-8, steps: 9 };
        let (mut parameters, mut first, mut second) = ([1.0], [1.1e-38], [1.1754945e-38]);
        let moments = Moments { first: &mut first, second: &mut second };
        Step::new(&optimizer, 0, 1.0).take(0.0, &[0.0], &mut parameters, moments);
        assert_eq!((first, second, parameters), ([0.0], [0.0], [1.0]));
    }
}
