//! Family 14, row_norm: each row divided by its length. Place 7: 0 sum of amounts, 1 Euclidean, 2 largest amount.

use crate::{Family, Head, InferenceError, Number, ParseError, Scope, Wanted, model::product};

/// How the length of a row is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowNorm {
    /// The sum of amounts.
    L1,
    /// The square root of the sum of squares.
    L2,
    /// The largest amount.
    Max,
}

impl RowNorm {
    /// Divide the row by its length, unless that is zero.
    pub(crate) fn divide<N: Number>(self, row: &mut [N]) {
        let length = match self {
            Self::L1 => row.iter().fold(N::ZERO, |sum, x| sum + x.abs()),
            Self::L2 => row.iter().fold(N::ZERO, |sum, &x| sum + x * x).sqrt(),
            Self::Max => row.iter().fold(N::ZERO, |most, x| if x.abs() > most || x.is_nan() { x.abs() } else { most }),
        };
        // As scikit-learn: a row of zeros stays one.
        if length != N::ZERO {
            row.iter_mut().for_each(|x| *x = *x / length);
        }
    }
}

impl<'a> Family<'a> for RowNorm {
    fn read(_tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        head.require_outputs(head.features)?;
        Ok(match head.extra_within(7, 0, 2)? {
            0 => Self::L1,
            1 => Self::L2,
            _ => Self::Max,
        })
    }

    fn operations(&self, head: &Head) -> u64 {
        product(3, head.features)
    }

    fn are_double(&self) -> bool {
        false
    }

    fn row<N: Number>(
        &self,
        _head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        out.iter_mut().zip(x).for_each(|(out, &x)| *out = x);
        self.divide(out);
        Ok(())
    }
}
