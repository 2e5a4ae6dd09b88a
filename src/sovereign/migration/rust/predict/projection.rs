//! Family 3, projection: `((X - mean) · componentsᵀ) / scale`. Principal components, with whitening or without.
//!
//! `mean` (d,), `components` (k, d), and `scale` (k,) where each result is divided.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

#[cfg(feature = "alloc")]
use crate::batch::{Block, Dense, Numbers, Real, Rows};
use crate::{Family, Floats, Head, InferenceError, Number, ParseError, Scope, Tensors, Wanted, model::product};

/// A projection on components.
#[derive(Debug, Clone, Copy)]
pub struct Projection<'a> {
    mean: Floats<'a>,
    components: Floats<'a>,
    scale: Option<Floats<'a>>,
}

impl<'a> Family<'a> for Projection<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        Ok(Self {
            mean: tensors.floats("mean", [1, head.features])?,
            components: tensors.floats("components", [head.outputs, head.features])?,
            scale: tensors.optional_floats("scale", [1, head.outputs])?,
        })
    }

    fn operations(&self, head: &Head) -> u64 {
        product(head.outputs.saturating_mul(2), head.features.saturating_add(1))
    }

    fn are_double(&self) -> bool {
        self.mean.are_double() || self.components.are_double()
    }

    fn row<N: Number>(
        &self,
        head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        _scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        for (i, out) in out.iter_mut().enumerate() {
            let component = self.components.row(i, head.features);
            let mut means = self.mean.iter::<N>();
            *out = component.fold_with(x, N::ZERO, |sum, w, x| sum + w * (x - means.next().unwrap_or(N::ZERO)));
        }
        if let Some(scale) = self.scale {
            out.iter_mut().zip(scale.iter::<N>()).for_each(|(out, scale)| *out = *out / scale);
        }
        Ok(())
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        Ok(Box::new(ProjectionBlock {
            mean: Numbers::of(self.mean)?,
            dense: Dense::of_rows(self.components, [head.outputs, head.features], Floats::NONE)?,
            scale: self.scale.map(Numbers::of).transpose()?,
        }))
    }
}

/// Many rows at a time: the mean is taken off first, so that no digits are lost far from the origin.
#[cfg(feature = "alloc")]
struct ProjectionBlock<'a, T> {
    mean: Numbers<'a, T>,
    dense: Dense<'a, T>,
    scale: Option<Numbers<'a, T>>,
}

#[cfg(feature = "alloc")]
impl<T: Real> Block<T> for ProjectionBlock<'_, T> {
    fn scratch_len(&self, rows: usize) -> usize {
        rows * self.mean.len()
    }

    fn run(&self, _: Wanted, x: Rows<'_, T>, out: &mut [T], scratch: &mut [T]) -> Result<(), InferenceError> {
        let columns = x.columns();
        for (i, to) in scratch.chunks_exact_mut(columns.max(1)).take(x.len()).enumerate() {
            to.iter_mut().zip(x.row(i)).zip(&self.mean[..]).for_each(|((to, &x), &mean)| *to = x - mean);
        }
        let centred = Rows::new(scratch, x.len(), columns, columns).ok_or(InferenceError::ModelCorrupted)?;
        self.dense.run(centred, None, out)?;
        if let Some(scale) = &self.scale {
            for row in out.chunks_exact_mut(scale.len().max(1)) {
                row.iter_mut().zip(&scale[..]).for_each(|(out, &scale)| *out = *out / scale);
            }
        }
        Ok(())
    }
}
