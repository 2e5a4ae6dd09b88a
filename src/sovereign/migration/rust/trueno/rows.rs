//! Operations on each row of a matrix that lies without gaps.

use crate::{
    Element, Error, Kernels,
    operand::{Operand, Source, Splat},
};

/// An operation on the elements of one row together.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Rows<'a, T> {
    /// `exp(x)` divided by its sum.
    Softmax,
    /// The logarithm of `Softmax`.
    LogSoftmax,
    /// `(x - mean) / sqrt(variance + epsilon) * weight + bias`.
    LayerNorm {
        /// Added to the variance.
        epsilon: T,
        /// A factor for each column, or 1.
        weight: Option<&'a [T]>,
        /// A summand for each column, or 0.
        bias: Option<&'a [T]>,
    },
    /// `x / sqrt(mean of squares + epsilon) * weight`.
    RmsNorm {
        /// Added to the mean of squares.
        epsilon: T,
        /// A factor for each column, or 1.
        weight: Option<&'a [T]>,
    },
}

impl Kernels {
    /// Lay `op` of each row of `columns` elements of `x` into `out`.
    pub fn rows<T: Element>(
        &self,
        op: Rows<'_, T>,
        x: Operand<'_, T>,
        columns: usize,
        out: &mut [T],
    ) -> Result<(), Error> {
        if out.len().checked_rem(columns).unwrap_or(out.len()) != 0 {
            return Err(Error::RowsUneven { length: out.len(), columns });
        }
        let (mut weights, mut biases) = (Splat::new(), Splat::new());
        let (weight, bias) = match op {
            Rows::LayerNorm { weight, bias, .. } => (weight, bias),
            Rows::RmsNorm { weight, .. } => (weight, None),
            Rows::Softmax | Rows::LogSoftmax => (None, None),
        };
        let weight = per_column(weight, T::ONE, columns, &mut weights)?;
        let bias = per_column(bias, T::ZERO, columns, &mut biases)?;
        let x = match x {
            Operand::Slice(x) if x.len() == out.len() => x.as_ptr(),
            Operand::Slice(x) => return Err(Error::LengthsDiffer { left: x.len(), right: out.len() }),
            Operand::Out => out.as_ptr(),
            Operand::Scalar(x) => {
                out.fill(x);
                out.as_ptr()
            }
        };
        let (table, start) = (self.of::<T>(), out.as_mut_ptr());
        for at in (0..out.len()).step_by(columns.max(1)) {
            // SAFETY: this machine can run the kernels; `columns` elements stand from `at` on in both, which are apart
            // or the same; weight and bias have one element for each column or step 0.
            unsafe {
                let (x, out) = (x.add(at), start.add(at));
                match op {
                    Rows::Softmax => (table.softmax)(x, out, columns),
                    Rows::LogSoftmax => (table.log_softmax)(x, out, columns),
                    Rows::LayerNorm { epsilon, .. } => {
                        (table.layer_norm)(x, out, columns, epsilon, weight.start, weight.step, bias.start, bias.step);
                    }
                    Rows::RmsNorm { epsilon, .. } => {
                        (table.rms_norm)(x, out, columns, epsilon, weight.start, weight.step);
                    }
                }
            }
        }
        Ok(())
    }
}

/// A number for each column, or the same for all.
fn per_column<T: Element>(
    x: Option<&[T]>,
    otherwise: T,
    columns: usize,
    splat: &mut Splat<T>,
) -> Result<Source<T>, Error> {
    let operand = x.map_or(Operand::Scalar(otherwise), Operand::Slice);
    operand.source(core::ptr::null_mut(), columns, splat)
}
