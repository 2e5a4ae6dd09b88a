//! Family 12, pipeline: the predictions of each step are the features of the next.
//!
//! Place 7: steps; the arrays of step i begin with `i/`. What the head says of outputs, link and classes is what the
//! head of the last step says; the features are those of the first.

#[cfg(feature = "alloc")]
use alloc::{boxed::Box, vec::Vec};

#[cfg(feature = "alloc")]
use crate::{
    Batch,
    batch::{Block, Real, Rows},
};
use crate::{
    Family, Head, InferenceError, ModelView, Number, ParseError, Scope, Wanted,
    model::{Choice, with_family},
};

/// Steps, at most: a number of a step is one byte.
const MOST_STEPS: i32 = 255;

/// Models one behind the other. Each is read again for each row, so that their number needs no memory.
#[derive(Debug, Clone, Copy)]
pub struct Pipeline<'a> {
    tensors: Scope<'a>,
    steps: u8,
    /// The most numbers between two steps, and the most scratch memory of one.
    widest: usize,
    inner: usize,
    /// Columns of scores and of values of the last step, before its link.
    columns: [usize; 2],
    choice: Choice,
    operations: u64,
    are_double: bool,
}

impl<'a> Family<'a> for Pipeline<'a> {
    fn read(tensors: &Scope<'a>, head: &Head) -> Result<Self, ParseError> {
        let steps = head.extra_within(7, 1, MOST_STEPS)? as u8;
        let mut found = Self {
            tensors: *tensors,
            steps,
            widest: 0,
            inner: 0,
            columns: [0; 2],
            choice: Choice::Nothing,
            operations: 0,
            are_double: false,
        };
        let mut features = head.features;
        for step in 0..steps {
            let view = ModelView::of(&tensors.step(step)?)?;
            if view.head.features != features {
                return Err(ParseError::WrongValue { array: "model", place: 2 });
            }
            found.add(&view, step + 1 == steps);
            features = view.head.outputs;
            if step + 1 == steps {
                require_same(head, &view.head)?;
            }
        }
        Ok(found)
    }

    fn columns(&self, _head: &Head, wanted: Wanted) -> usize {
        let [scores, values] = self.columns;
        if wanted == Wanted::Scores { scores } else { values }
    }

    fn scratch_len(&self, _head: &Head) -> usize {
        self.widest.saturating_mul(2).saturating_add(self.inner)
    }

    fn operations(&self, _head: &Head) -> u64 {
        self.operations
    }

    fn are_double(&self) -> bool {
        self.are_double
    }

    fn row<N: Number>(
        &self,
        _head: &Head,
        wanted: Wanted,
        x: &[N],
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        self.pass(wanted, out, scratch, |first, wanted, out, scratch| {
            if self.steps == 1 { first.scores(wanted, x, out, scratch) } else { first.row(wanted, x, out, scratch) }
        })
    }

    fn text<N: Number>(
        &self,
        _head: &Head,
        wanted: Wanted,
        text: &str,
        out: &mut [N],
        scratch: &mut [N],
    ) -> Result<(), InferenceError> {
        self.pass(wanted, out, scratch, |first, wanted, out, scratch| {
            if self.steps == 1 {
                first.text_scores(wanted, text, out, scratch)
            } else {
                first.text(wanted, text, out, scratch)
            }
        })
    }

    #[cfg(feature = "alloc")]
    fn block<T: Real>(&self, _head: &Head) -> Result<Box<dyn Block<T> + 'a>, ParseError>
    where
        Self: 'a,
    {
        let step = |step| Batch::of(&ModelView::of(&self.tensors.step(step)?)?);
        let steps = (0..self.steps).map(step).collect::<Result<Vec<_>, _>>()?;
        Ok(Box::new(PipelineBlock { steps, widest: self.widest }))
    }
}

/// The head of a pipeline says what that of its last step says.
fn require_same(head: &Head, last: &Head) -> Result<(), ParseError> {
    let wrong = |place| Err(ParseError::WrongValue { array: "model", place });
    match () {
        () if head.outputs != last.outputs => wrong(3),
        () if head.link != last.link => wrong(4),
        () if head.classes != last.classes => wrong(5),
        () => Ok(()),
    }
}

impl<'a> Pipeline<'a> {
    /// How class indexes are read off the last step.
    pub(crate) fn choice(&self) -> Choice {
        self.choice
    }

    /// What a step adds to what a row needs.
    fn add(&mut self, view: &ModelView<'a>, is_last: bool) {
        self.inner = self.inner.max(view.scratch_len());
        self.operations = self.operations.saturating_add(view.operations());
        self.are_double |= view.are_double();
        if is_last {
            let columns = |wanted| with_family!(&view.model, family => family.columns(&view.head, wanted));
            (self.columns, self.choice) = ([columns(Wanted::Scores), columns(Wanted::Values)], view.choice());
        } else {
            self.widest = self.widest.max(view.columns(Wanted::Values));
        }
    }

    /// Let numbers pass through all steps; `first` is how the first step gets them.
    fn pass<N: Number>(
        &self,
        wanted: Wanted,
        out: &mut [N],
        scratch: &mut [N],
        first: impl FnOnce(&ModelView<'a>, Wanted, &mut [N], &mut [N]) -> Result<(), InferenceError>,
    ) -> Result<(), InferenceError> {
        let corrupted = InferenceError::ModelCorrupted;
        let view = |step| self.tensors.step(step).and_then(|step| ModelView::of(&step)).map_err(|_| corrupted);
        let (mut from, rest) = scratch.split_at_mut_checked(self.widest).ok_or(corrupted)?;
        let (mut to, inner) = rest.split_at_mut_checked(self.widest).ok_or(corrupted)?;
        let model = view(0)?;
        if self.steps == 1 {
            return first(&model, wanted, out, inner);
        }
        first(&model, Wanted::Values, from, inner)?;
        let mut columns = model.head.outputs;
        for step in 1..self.steps {
            let model = view(step)?;
            let x = from.get(..columns).ok_or(corrupted)?;
            if step + 1 == self.steps {
                return model.scores(wanted, x, out, inner);
            }
            model.row(Wanted::Values, x, to, inner)?;
            columns = model.head.outputs;
            core::mem::swap(&mut from, &mut to);
        }
        Ok(())
    }
}

/// Many rows at a time, step by step.
#[cfg(feature = "alloc")]
struct PipelineBlock<'a, T> {
    steps: Vec<Batch<'a, T>>,
    widest: usize,
}

#[cfg(feature = "alloc")]
impl<T: Real> PipelineBlock<'_, T> {
    /// Let rows pass through all steps but the first, whose results stand in the first part of `scratch`.
    fn pass(&self, wanted: Wanted, n: usize, out: &mut [T], scratch: &mut [T]) -> Result<(), InferenceError> {
        let (mut from, rest) = scratch.split_at_mut(n * self.widest);
        let (mut to, inner) = rest.split_at_mut(n * self.widest);
        let mut columns = self.steps.first().map_or(0, |step| step.columns(Wanted::Values));
        let between = self.steps.get(1..self.steps.len() - 1).unwrap_or(&[]);
        for step in between {
            let x = Rows::new(from, n, columns, columns).ok_or(InferenceError::ModelCorrupted)?;
            columns = step.columns(Wanted::Values);
            step.run_inside(Wanted::Values, x, &mut to[..n * columns], inner)?;
            core::mem::swap(&mut from, &mut to);
        }
        let x = Rows::new(from, n, columns, columns).ok_or(InferenceError::ModelCorrupted)?;
        let last = self.steps.last().ok_or(InferenceError::ModelCorrupted)?;
        last.block().run(wanted, x, out, inner)
    }
}

#[cfg(feature = "alloc")]
impl<T: Real> Block<T> for PipelineBlock<'_, T> {
    fn scratch_len(&self, rows: usize) -> usize {
        2 * rows * self.widest + self.steps.iter().map(|step| step.scratch_len(rows)).max().unwrap_or(0)
    }

    fn run(&self, wanted: Wanted, x: Rows<'_, T>, out: &mut [T], scratch: &mut [T]) -> Result<(), InferenceError> {
        let [first, _, ..] = &self.steps[..] else {
            return self.steps.first().map_or(Ok(()), |only| only.block().run(wanted, x, out, scratch));
        };
        let (n, columns) = (x.len(), first.columns(Wanted::Values));
        let (place, rest) = scratch.split_at_mut(n * self.widest);
        first.run_inside(Wanted::Values, x, &mut place[..n * columns], &mut rest[n * self.widest..])?;
        self.pass(wanted, n, out, scratch)
    }

    fn run_texts(
        &self,
        wanted: Wanted,
        texts: &[&str],
        out: &mut [T],
        scratch: &mut [T],
    ) -> Result<(), InferenceError> {
        let [first, _, ..] = &self.steps[..] else {
            return self.steps.first().map_or(Ok(()), |only| only.block().run_texts(wanted, texts, out, scratch));
        };
        let (n, columns) = (texts.len(), first.columns(Wanted::Values));
        let (place, rest) = scratch.split_at_mut(n * self.widest);
        first.block().run_texts(Wanted::Values, texts, &mut place[..n * columns], &mut rest[n * self.widest..])?;
        self.pass(wanted, n, out, scratch)
    }
}
