//! Family 7, gaussian_nb: each feature of each class normally distributed by itself.
//!
//! `mean` (k, d), `variance` (k, d), `log_prior` (k,). Scores are logarithms of joint probabilities.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

#[cfg(feature = "alloc")]
use crate::batch::{Block, Numbers, Real, Rows};
use crate::{Family, Floats, Head, InferenceError, Number, ParseError, Scope, Tensors, Wanted, model::product};

/// The logarithm of two pi.
const LN_TWO_PI: f64 = 1.837_877_066_409_345_6;

/// Normal distributions of classes.
#[derive(Debug, Clone, Copy)]
pub struct GaussianNb<'a> {
    mean: Floats<'a>,
    variance: Floats<'a>,
    log_prior: Floats<'a>,
}

impl<'a> Family<'a> for GaussianNb<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        let shape = [head.scores(), head.features];
        Ok(Self {
            mean: tensors.floats("mean", shape)?,
            variance: tensors.floats("variance", shape)?,
            log_prior: tensors.floats("log_prior", [1, head.scores()])?,
        })
    }

    fn operations(&self, head: &Head) -> u64 {
        // A logarithm counts as 30.
        product(head.scores().saturating_mul(34), head.features.saturating_add(1))
    }

    fn are_double(&self) -> bool {
        self.mean.are_double() || self.variance.are_double() || self.log_prior.are_double()
    }

    fn row<N: Number>(
        &self,
        head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let (half, constant) = (N::of_single(0.5), N::of_double(LN_TWO_PI));
        for (i, (score, prior)) in out.iter_mut().zip(self.log_prior.iter::<N>()).enumerate() {
            let mut variances = self.variance.row(i, head.features).iter::<N>();
            let sum = self.mean.row(i, head.features).fold_with(x, N::ZERO, |sum, mean, x| {
                let variance = variances.next().unwrap_or(N::NAN);
                sum + variance.ln() + constant + (x - mean) * (x - mean) / variance
            });
            *score = prior - half * sum;
        }
        Ok(())
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        let d = head.features;
        let constant = |(i, prior): (usize, f64)| {
            let logarithms: f64 = self.variance.row(i, d).iter::<f64>().map(|v| libm::log(v) + LN_TWO_PI).sum();
            T::of_double(prior - 0.5 * logarithms)
        };
        Ok(Box::new(GaussianBlock {
            mean: Numbers::of(self.mean)?,
            half_precision: self.variance.iter::<f64>().map(|v| T::of_double(0.5 / v)).collect(),
            constant: self.log_prior.iter::<f64>().enumerate().map(constant).collect(),
            columns: d,
        }))
    }
}

/// Many rows at a time: what does not depend on the row is computed once, in double precision.
#[cfg(feature = "alloc")]
struct GaussianBlock<'a, T> {
    mean: Numbers<'a, T>,
    /// Half of one divided by the variance.
    half_precision: Vec<T>,
    constant: Vec<T>,
    columns: usize,
}

/// Sums that run beside each other, so that additions need not wait for one another.
#[cfg(feature = "alloc")]
const LANES: usize = 8;

#[cfg(feature = "alloc")]
impl<T: Real> Block<T> for GaussianBlock<'_, T> {
    fn run(&self, _: Wanted, x: Rows<'_, T>, out: &mut [T], _: &mut [T]) -> Result<(), InferenceError> {
        let (k, d) = (self.constant.len(), self.columns.max(1));
        for (i, out) in out.chunks_exact_mut(k.max(1)).enumerate() {
            let x = x.row(i);
            let classes = self.mean.chunks_exact(d).zip(self.half_precision.chunks_exact(d)).zip(&self.constant);
            for (score, ((mean, precision), &constant)) in out.iter_mut().zip(classes) {
                *score = constant - weighted_squares(x, mean, precision);
            }
        }
        Ok(())
    }
}

/// The sum of `(x - mean)² * weight`.
#[cfg(feature = "alloc")]
#[inline]
fn weighted_squares<T: Real>(x: &[T], mean: &[T], weight: &[T]) -> T {
    let term = |x: T, mean: T, weight: T| (x - mean) * (x - mean) * weight;
    let mut sums = [<T as Number>::ZERO; LANES];
    let parts = x.chunks_exact(LANES).zip(mean.chunks_exact(LANES)).zip(weight.chunks_exact(LANES));
    for ((x, mean), weight) in parts {
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum += term(x[lane], mean[lane], weight[lane]);
        }
    }
    let whole = x.len() / LANES * LANES;
    let rest = x[whole..].iter().zip(&mean[whole..]).zip(&weight[whole..]);
    let rest = rest.fold(<T as Number>::ZERO, |sum, ((&x, &mean), &weight)| sum + term(x, mean, weight));
    sums.iter().fold(rest, |sum, &lane| sum + lane)
}
