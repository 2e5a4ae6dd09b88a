//! Family 1, linear: `X · coefᵀ + intercept`. Regression, logistic regression, linear machines, multinomial Bayes.
//!
//! `coef` (m, d) and `intercept` (m,); m is 1 for a single target and for two classes, else the number of either.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

#[cfg(feature = "alloc")]
use crate::batch::{Block, Dense, Real, Rows};
use crate::{Family, Floats, Head, InferenceError, Number, ParseError, Scope, Tensors, Wanted, model::product};

/// A linear model.
#[derive(Debug, Clone, Copy)]
pub struct Linear<'a> {
    coef: Floats<'a>,
    intercept: Floats<'a>,
}

impl<'a> Family<'a> for Linear<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        let m = head.scores();
        Ok(Self { coef: tensors.floats("coef", [m, head.features])?, intercept: tensors.floats("intercept", [1, m])? })
    }

    fn operations(&self, head: &Head) -> u64 {
        product(head.scores(), head.features.saturating_add(1))
    }

    fn are_double(&self) -> bool {
        self.coef.are_double() || self.intercept.are_double()
    }

    fn row<N: Number>(
        &self,
        head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        for (i, (score, b)) in out.iter_mut().zip(self.intercept.iter::<N>()).enumerate() {
            *score = self.coef.row(i, head.features).dot(x) + b;
        }
        Ok(())
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        Ok(Box::new(LinearBlock { dense: Dense::of_rows(self.coef, [head.scores(), head.features], self.intercept)? }))
    }
}

/// Many rows at a time, by a product of matrices.
#[cfg(feature = "alloc")]
struct LinearBlock<'a, T> {
    dense: Dense<'a, T>,
}

#[cfg(feature = "alloc")]
impl<T: Real> Block<T> for LinearBlock<'_, T> {
    fn is_streamed(&self) -> bool {
        true
    }

    fn run(&self, _: Wanted, x: Rows<'_, T>, out: &mut [T], _: &mut [T]) -> Result<(), InferenceError> {
        self.dense.run(x, None, out)
    }
}
