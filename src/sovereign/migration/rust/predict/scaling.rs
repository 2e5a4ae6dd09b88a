//! Family 2, scaling: each feature moved and stretched by itself.
//!
//! `shift` (d,), `factor` (d,), and `low` (d,), `high` (d,) where results are kept between them. Place 7: 0 gives
//! `(x - shift) / factor`, 1 gives `x * factor + shift`.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

#[cfg(feature = "alloc")]
use crate::batch::{Block, Numbers, Real, Rows};
use crate::{Family, Floats, Head, InferenceError, Number, ParseError, Scope, Tensors, Wanted, model::product};

/// A scaling of features.
#[derive(Debug, Clone, Copy)]
pub struct Scaling<'a> {
    shift: Floats<'a>,
    factor: Floats<'a>,
    /// Both or none.
    limits: Option<(Floats<'a>, Floats<'a>)>,
    is_forward: bool,
}

impl<'a> Family<'a> for Scaling<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        head.require_outputs(head.features)?;
        let shape = [1, head.features];
        let low = tensors.optional_floats("low", shape)?;
        let high = tensors.optional_floats("high", shape)?;
        let limits = match (low, high) {
            (None, None) => None,
            (Some(low), Some(high)) => Some((low, high)),
            (None, _) => return Err(ParseError::Missing { array: "low" }),
            (_, None) => return Err(ParseError::Missing { array: "high" }),
        };
        Ok(Self {
            shift: tensors.floats("shift", shape)?,
            factor: tensors.floats("factor", shape)?,
            limits,
            is_forward: head.extra_within(7, 0, 1)? == 1,
        })
    }

    fn operations(&self, head: &Head) -> u64 {
        product(4, head.features)
    }

    fn are_double(&self) -> bool {
        self.shift.are_double() || self.factor.are_double()
    }

    fn row<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let features = self.shift.iter::<N>().zip(self.factor.iter::<N>());
        for ((out, &x), (shift, factor)) in out.iter_mut().zip(x).zip(features) {
            *out = if self.is_forward { x * factor + shift } else { (x - shift) / factor };
        }
        if let Some((low, high)) = self.limits {
            for (out, (low, high)) in out.iter_mut().zip(low.iter::<N>().zip(high.iter::<N>())) {
                *out = clipped(*out, low, high);
            }
        }
        Ok(())
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, _head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        let limits = match self.limits {
            Some((low, high)) => Some((Numbers::of(low)?, Numbers::of(high)?)),
            None => None,
        };
        let (shift, factor) = (Numbers::of(self.shift)?, Numbers::of(self.factor)?);
        Ok(Box::new(ScalingBlock { shift, factor, limits, is_forward: self.is_forward }))
    }
}

/// Not below `low`, not above `high`; NaN stays.
#[inline]
fn clipped<N: Number>(x: N, low: N, high: N) -> N {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

/// Many rows at a time, with the numbers in the type of the rows.
#[cfg(feature = "alloc")]
struct ScalingBlock<'a, T> {
    shift: Numbers<'a, T>,
    factor: Numbers<'a, T>,
    limits: Option<(Numbers<'a, T>, Numbers<'a, T>)>,
    is_forward: bool,
}

#[cfg(feature = "alloc")]
impl<T: Real> Block<T> for ScalingBlock<'_, T> {
    fn run(&self, _: Wanted, x: Rows<'_, T>, out: &mut [T], _: &mut [T]) -> Result<(), InferenceError> {
        for (i, out) in out.chunks_exact_mut(x.columns().max(1)).enumerate() {
            let features = self.shift.iter().zip(&self.factor[..]);
            let places = out.iter_mut().zip(x.row(i)).zip(features);
            if self.is_forward {
                places.for_each(|((out, &x), (&shift, &factor))| *out = x * factor + shift);
            } else {
                places.for_each(|((out, &x), (&shift, &factor))| *out = (x - shift) / factor);
            }
            if let Some((low, high)) = &self.limits {
                let limits = low.iter().zip(&high[..]);
                out.iter_mut().zip(limits).for_each(|(out, (&low, &high))| *out = clipped(*out, low, high));
            }
        }
        Ok(())
    }
}
