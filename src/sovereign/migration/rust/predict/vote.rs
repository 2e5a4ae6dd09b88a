//! Family 16, vote: the average of what several models predict.
//!
//! Place 7: members; the arrays of member i begin with `i/`. `weights` (members,) where some count more.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

#[cfg(feature = "alloc")]
use crate::{
    Batch,
    batch::{Block, Real, Rows},
};
use crate::{Family, Floats, Head, InferenceError, ModelView, Number, ParseError, Scope, Tensors, Wanted};

/// Members, at most: a number of a member is one byte.
const MOST_MEMBERS: i32 = 255;

/// Models that vote.
#[derive(Debug, Clone, Copy)]
pub struct Vote<'a> {
    tensors: Scope<'a>,
    members: u8,
    weights: Option<Floats<'a>>,
    /// The most scratch memory of a member.
    inner: usize,
    operations: u64,
    are_double: bool,
}

impl<'a> Family<'a> for Vote<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        head.require_identity()?;
        let members = head.extra_within(7, 1, MOST_MEMBERS)? as u8;
        let weights = tensors.optional_floats("weights", [1, members.into()])?;
        let (mut inner, mut operations, mut are_double) = (0, 0_u64, false);
        for member in 0..members {
            let view = ModelView::of(&tensors.step(member)?)?;
            let wrong = |place| Err(ParseError::WrongValue { array: "model", place });
            if view.head.features != head.features {
                return wrong(2);
            }
            if view.head.outputs != head.outputs {
                return wrong(3);
            }
            inner = inner.max(view.scratch_len());
            operations = operations.saturating_add(view.operations());
            are_double |= view.are_double();
        }
        Ok(Self { tensors: *tensors, members, weights, inner, operations, are_double })
    }

    fn scratch_len(&self, head: &Head) -> usize {
        self.inner.saturating_add(head.outputs)
    }

    fn operations(&self, _head: &Head) -> u64 {
        self.operations
    }

    fn are_double(&self) -> bool {
        self.are_double
    }

    fn row<N: Number>(
        &self,
        head: &Head,
        _wanted: Wanted,
        x: &[N],
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        let corrupted = InferenceError::ModelCorrupted;
        let (one, inner) = scratch.split_at_mut_checked(head.outputs).ok_or(corrupted)?;
        out.iter_mut().for_each(|sum| *sum = N::ZERO);
        for member in 0..self.members {
            let view = self.tensors.step(member).and_then(|step| ModelView::of(&step)).map_err(|_| corrupted)?;
            view.row(Wanted::Values, x, one, inner)?;
            let weight = self.weight::<N>(member);
            out.iter_mut().zip(&*one).for_each(|(sum, &x)| *sum += weight * x);
        }
        self.divide(out);
        Ok(())
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        let member = |member| Batch::of(&ModelView::of(&self.tensors.step(member)?)?);
        let members = (0..self.members).map(member).collect::<Result<Vec<_>, _>>()?;
        Ok(Box::new(VoteBlock { family: *self, members, outputs: head.outputs }))
    }
}

impl Vote<'_> {
    fn weight<N: Number>(&self, member: u8) -> N {
        self.weights.map_or(N::ONE, |weights| weights.get(member.into()).unwrap_or(N::ZERO))
    }

    /// Make averages of sums.
    fn divide<N: Number>(&self, sums: &mut [N]) {
        let total = (0..self.members).fold(N::ZERO, |sum, member| sum + self.weight(member));
        sums.iter_mut().for_each(|sum| *sum = *sum / total);
    }
}

/// Many rows at a time, member by member.
#[cfg(feature = "alloc")]
struct VoteBlock<'a, T> {
    family: Vote<'a>,
    members: Vec<Batch<'a, T>>,
    outputs: usize,
}

#[cfg(feature = "alloc")]
impl<T: Real> Block<T> for VoteBlock<'_, T> {
    fn scratch_len(&self, rows: usize) -> usize {
        rows * self.outputs + self.members.iter().map(|member| member.scratch_len(rows)).max().unwrap_or(0)
    }

    fn run(&self, _: Wanted, x: Rows<'_, T>, out: &mut [T], scratch: &mut [T]) -> Result<(), InferenceError> {
        let (one, inner) = scratch.split_at_mut(x.len() * self.outputs);
        out.fill(<T as Number>::ZERO);
        for (member, model) in (0..self.family.members).zip(&self.members) {
            model.run_inside(Wanted::Values, x, one, inner)?;
            let weight = self.family.weight::<T>(member);
            out.iter_mut().zip(&*one).for_each(|(sum, &x)| *sum += weight * x);
        }
        self.family.divide(out);
        Ok(())
    }
}
