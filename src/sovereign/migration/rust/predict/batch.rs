//! Many rows at a time: cut into blocks that stay in the second cache, and shared between threads.
//!
//! A row's result does not depend on the rows beside it, on how a batch is split, or on how many threads there are:
//! blocks compute each row by the same operations in the same order. What a family computes of a block is its
//! [`Block`]; [`ByRow`] is the one of families that have no faster way than row by row.

use alloc::{boxed::Box, vec::Vec};
use core::{any::TypeId, slice};

use trueno::{Binary, Element, Epilogue, Operand, PackedMatrix, Right, Unary, View, ViewMut};

use crate::{
    Family, Floats, Head, InferenceError, Link, ModelView, Number, ParseError, Wanted, link,
    model::{Choice, with_family},
};

/// Bytes of a block with its result and scratch memory: a quarter of a second cache.
const BLOCK_BYTES: usize = 256 << 10;

/// Rows of a block, at most, and the multiple that they are of.
const MOST_ROWS: usize = 1024;
const GRANULE: usize = 16;

/// A number that has kernels as well.
pub trait Real: Number + Element {
    /// Half the distance from 1 to the next number.
    fn unit() -> f64;

    /// The numbers, if they are of double precision.
    fn as_doubles(numbers: &mut [Self]) -> Option<&mut [f64]>;
}

impl Real for f32 {
    fn unit() -> f64 {
        f64::from(Self::EPSILON) / 2.0
    }

    fn as_doubles(_: &mut [Self]) -> Option<&mut [f64]> {
        None
    }
}

impl Real for f64 {
    fn unit() -> f64 {
        Self::EPSILON / 2.0
    }

    fn as_doubles(numbers: &mut [Self]) -> Option<&mut [f64]> {
        Some(numbers)
    }
}

/// Rows of features.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    stride: usize,
}

impl<'a, T> Rows<'a, T> {
    /// Rows of `columns` numbers each, `stride` numbers from one to the next; none where `data` is too short for them.
    pub fn new(data: &'a [T], rows: usize, columns: usize, stride: usize) -> Option<Self> {
        let end = rows.saturating_sub(1).checked_mul(stride)?.checked_add(columns)?;
        let is_inside = rows == 0 || columns == 0 || (end <= data.len() && (rows == 1 || stride >= columns));
        is_inside.then_some(Self { data, rows, columns, stride })
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Features of a row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row `i`; without numbers where there is none.
    pub fn row(&self, i: usize) -> &'a [T] {
        let from = i * self.stride;
        self.data.get(from..from + self.columns).unwrap_or(&[])
    }

    /// Rows `begin..end`.
    pub fn part(&self, begin: usize, end: usize) -> Self {
        let data = self.data.get(begin * self.stride..).unwrap_or(&[]);
        Self { data, rows: end - begin, ..*self }
    }
}

impl<'a, T: Element> Rows<'a, T> {
    /// The rows as kernels see them.
    pub(crate) fn view(&self) -> Result<View<'a, T>, InferenceError> {
        let view = View::strided(self.data, self.rows, self.columns, self.stride, 1);
        view.map_err(|_| InferenceError::ModelCorrupted)
    }
}

/// How a family computes many rows.
pub trait Block<T>: Send + Sync {
    /// Numbers of scratch memory that so many rows need.
    fn scratch_len(&self, _rows: usize) -> usize {
        0
    }

    /// Whether nothing is gained by small blocks, because each row is read once and little is written.
    fn is_streamed(&self) -> bool {
        false
    }

    /// Compute the scores of the rows; `out` has room for the columns of each, one behind the other.
    fn run(&self, wanted: Wanted, x: Rows<'_, T>, out: &mut [T], scratch: &mut [T]) -> Result<(), InferenceError>;

    /// As [`Block::run`], of texts.
    fn run_texts(
        &self,
        _wanted: Wanted,
        _texts: &[&str],
        _out: &mut [T],
        _scratch: &mut [T],
    ) -> Result<(), InferenceError> {
        Err(InferenceError::WrongInput)
    }
}

/// Row by row.
pub struct ByRow<F> {
    /// The family.
    pub family: F,
    /// What the model is.
    pub head: Head,
}

impl<'a, T: Real, F: Family<'a>> Block<T> for ByRow<F> {
    fn scratch_len(&self, _rows: usize) -> usize {
        self.family.scratch_len(&self.head)
    }

    fn run(&self, wanted: Wanted, x: Rows<'_, T>, out: &mut [T], scratch: &mut [T]) -> Result<(), InferenceError> {
        let columns = self.family.columns(&self.head, wanted).max(1);
        for (i, out) in out.chunks_exact_mut(columns).enumerate() {
            self.family.row(&self.head, wanted, x.row(i), out, scratch)?;
        }
        Ok(())
    }

    fn run_texts(
        &self,
        wanted: Wanted,
        texts: &[&str],
        out: &mut [T],
        scratch: &mut [T],
    ) -> Result<(), InferenceError> {
        let columns = self.family.columns(&self.head, wanted).max(1);
        for (text, out) in texts.iter().zip(out.chunks_exact_mut(columns)) {
            self.family.text(&self.head, wanted, text, out, scratch)?;
        }
        Ok(())
    }
}

/// What is asked of a batch.
enum Input<'a, S> {
    Rows(Rows<'a, S>),
    Texts(&'a [&'a str]),
}

impl<S> Input<'_, S> {
    fn len(&self) -> usize {
        match self {
            Self::Rows(rows) => rows.len(),
            Self::Texts(texts) => texts.len(),
        }
    }
}

/// A model made ready for many rows, in numbers of type `T`.
pub struct Batch<'a, T> {
    head: Head,
    choice: Choice,
    /// Columns of scores, of values before the link, and of values.
    columns: [usize; 3],
    block: Box<dyn Block<T> + 'a>,
}

impl<'a, T: Real> Batch<'a, T> {
    /// Make a model ready: its numbers are brought into the type and the order in which kernels read them.
    pub fn of(view: &ModelView<'a>) -> Result<Self, ParseError> {
        let head = view.head;
        let (scores, values, block) = with_family!(&view.model, family => (
            family.columns(&head, Wanted::Scores), family.columns(&head, Wanted::Values), family.block::<T>(&head)?
        ));
        let columns = [scores, values, view.columns(Wanted::Values)];
        Ok(Self { head, choice: view.choice(), columns, block })
    }

    /// What the model is.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Columns of what is wanted, at least 1.
    pub fn columns(&self, wanted: Wanted) -> usize {
        match wanted {
            Wanted::Scores => self.columns[0],
            Wanted::Values => self.columns[2],
        }
    }

    /// Numbers of scratch memory for so many rows inside another model.
    pub(crate) fn scratch_len(&self, rows: usize) -> usize {
        self.block.scratch_len(rows)
    }

    /// Compute one block as a part of another model: what is wanted of each row, the link included.
    pub(crate) fn run_inside(
        &self,
        wanted: Wanted,
        x: Rows<'_, T>,
        out: &mut [T],
        scratch: &mut [T],
    ) -> Result<(), InferenceError> {
        let written = x.len() * self.written(wanted);
        self.block.run(wanted, x, out.get_mut(..written).ok_or(InferenceError::ModelCorrupted)?, scratch)?;
        self.finish(wanted, x.len(), out);
        Ok(())
    }

    /// The block itself, for what comes before the link.
    pub(crate) fn block(&self) -> &dyn Block<T> {
        &*self.block
    }

    /// Lay scores or values of the rows into `out`, on at most `threads` threads.
    ///
    /// Rows of single precision may be given to a model made ready in double precision.
    pub fn run<S: Real>(
        &self,
        wanted: Wanted,
        x: Rows<'_, S>,
        out: &mut [T],
        threads: usize,
    ) -> Result<(), InferenceError> {
        self.require_width(&x)?;
        self.cut(wanted, &Input::Rows(x), out, self.columns(wanted), threads, |this, rows, out| {
            this.finish(wanted, rows, out);
        })
    }

    /// As [`Batch::run`], of texts.
    pub fn run_texts(
        &self,
        wanted: Wanted,
        texts: &[&str],
        out: &mut [T],
        threads: usize,
    ) -> Result<(), InferenceError> {
        self.cut(wanted, &Input::<T>::Texts(texts), out, self.columns(wanted), threads, |this, rows, out| {
            this.finish(wanted, rows, out);
        })
    }

    /// Lay the class index of each row into `out`.
    pub fn labels<S: Real>(&self, x: Rows<'_, S>, out: &mut [i32], threads: usize) -> Result<(), InferenceError> {
        self.require_width(&x)?;
        self.labels_of(&Input::Rows(x), out, threads)
    }

    /// Lay the class index of each text into `out`.
    pub fn labels_of_texts(&self, texts: &[&str], out: &mut [i32], threads: usize) -> Result<(), InferenceError> {
        self.labels_of(&Input::<T>::Texts(texts), out, threads)
    }

    fn require_width<S>(&self, x: &Rows<'_, S>) -> Result<(), InferenceError> {
        let (expected, got) = (self.head.features, x.columns());
        if expected == 0 {
            return Err(InferenceError::WrongInput);
        }
        if expected == got { Ok(()) } else { Err(InferenceError::DimensionMismatch { expected, got }) }
    }

    fn labels_of<S: Real>(&self, input: &Input<'_, S>, out: &mut [i32], threads: usize) -> Result<(), InferenceError> {
        let wanted = self.choice.wanted().ok_or(InferenceError::NoClasses)?;
        let columns = self.written(wanted);
        let mut scores = zeros(input.len().checked_mul(columns).ok_or(InferenceError::NoMemory)?)?;
        self.cut(wanted, input, &mut scores, columns, threads, |_, _, _| {})?;
        for (label, row) in out.iter_mut().zip(scores.chunks_exact(columns.max(1))) {
            *label = self.choice.of(row);
        }
        Ok(())
    }

    /// Columns that the block writes, before the link widens them.
    fn written(&self, wanted: Wanted) -> usize {
        self.columns[usize::from(wanted == Wanted::Values)]
    }

    /// Make predictions of the scores that stand in the first columns of each row, or are all there are.
    fn finish(&self, wanted: Wanted, rows: usize, out: &mut [T]) {
        if wanted == Wanted::Scores || rows == 0 {
            return;
        }
        let columns = self.columns(Wanted::Values);
        match self.head.link {
            Link::Identity | Link::Decision => {}
            Link::Logistic => {
                // Scores stand one behind the other, so the last row is widened first.
                if let Some(scores) = out.get_mut(..rows) {
                    let outcome = trueno::kernels().map(Unary::Sigmoid, Operand::Out, scores);
                    debug_assert!(outcome.is_ok(), "an operation in place has no lengths that differ");
                }
                for i in (0..rows).rev() {
                    (out[2 * i], out[2 * i + 1]) = link::both(out[i]);
                }
            }
            Link::Softmax | Link::LogJoint => {
                let outcome = trueno::kernels().rows(trueno::Rows::Softmax, Operand::Out, columns, out);
                debug_assert!(outcome.is_ok(), "the output is a whole number of rows");
            }
            Link::OneVsRest => out.chunks_exact_mut(columns.max(1)).for_each(|row| link::finish(Link::OneVsRest, row)),
        }
    }

    /// Cut the input into blocks, and give them to threads.
    fn cut<S: Real>(
        &self,
        wanted: Wanted,
        input: &Input<'_, S>,
        out: &mut [T],
        columns: usize,
        threads: usize,
        finish: impl Fn(&Self, usize, &mut [T]) + Sync,
    ) -> Result<(), InferenceError> {
        let (n, written) = (input.len(), self.written(wanted));
        if n.checked_mul(columns) != Some(out.len()) {
            return Err(InferenceError::OutputBufferTooSmall);
        }
        if n == 0 {
            return Ok(());
        }
        let is_foreign = TypeId::of::<S>() != TypeId::of::<T>();
        let (rows, converted) = self.block_rows(n, is_foreign, threads);
        let each = converted + self.block.scratch_len(rows);
        let threads = threads.clamp(1, n.div_ceil(rows));
        let mut room = zeros::<T>(each.checked_mul(threads).ok_or(InferenceError::NoMemory)?)?;
        let mut outcomes = Outcomes::new(threads);
        let shared = Shared { out: out.as_mut_ptr(), room: room.as_mut_ptr(), outcomes: outcomes.0.as_mut_ptr() };
        let work = |thread: usize, begin: usize, end: usize| {
            // The closure takes the whole of it, which threads may share, and not its pointers.
            let shared = &shared;
            let mut begin = begin;
            while begin < end {
                let behind = end.min(begin + rows);
                // SAFETY: rows of the output are given out once, and threads have rooms of their own.
                let (out, room, outcome) = unsafe {
                    let out = slice::from_raw_parts_mut(shared.out.add(begin * columns), (behind - begin) * columns);
                    let room = slice::from_raw_parts_mut(shared.room.add(thread * each), each);
                    (out, room, &mut *shared.outcomes.add(thread))
                };
                let count = behind - begin;
                let result = self.one(wanted, input, begin..behind, (&mut out[..count * written], room, converted));
                match result {
                    Ok(()) => finish(self, count, out),
                    Err(error) => outcome.note(begin, error),
                }
                begin = behind;
            }
        };
        if threads == 1 {
            work(0, 0, n)
        } else {
            trueno::in_pieces(n, rows, threads, work)
        }
        outcomes.first()
    }

    /// Rows of a block, and numbers that a row of another type takes once it is converted.
    fn block_rows(&self, n: usize, is_foreign: bool, threads: usize) -> (usize, usize) {
        let features = self.head.features;
        if self.block.is_streamed() && !is_foreign && threads == 1 {
            return (n, 0);
        }
        let numbers = features + self.columns[1].max(self.columns[2]) + self.block.scratch_len(GRANULE) / GRANULE;
        let most = (BLOCK_BYTES / size_of::<T>() / numbers.max(1)).clamp(1, MOST_ROWS);
        let rows = if most < GRANULE { most } else { most / GRANULE * GRANULE }.min(n);
        (rows, if is_foreign { rows * features } else { 0 })
    }

    /// Compute one block.
    fn one<S: Real>(
        &self,
        wanted: Wanted,
        input: &Input<'_, S>,
        range: core::ops::Range<usize>,
        (out, room, converted): (&mut [T], &mut [T], usize),
    ) -> Result<(), InferenceError> {
        let rows = match input {
            Input::Texts(texts) => return self.block.run_texts(wanted, &texts[range], out, room),
            Input::Rows(rows) => rows.part(range.start, range.end),
        };
        if let Some(rows) = same::<S, T>(rows) {
            return self.block.run(wanted, rows, out, room);
        }
        let (place, room) = room.split_at_mut(converted);
        let columns = rows.columns();
        for (i, to) in place.chunks_exact_mut(columns.max(1)).take(rows.len()).enumerate() {
            to.iter_mut().zip(rows.row(i)).for_each(|(to, from)| *to = T::of_double(from.double()));
        }
        let rows = Rows { data: &*place, rows: rows.len(), columns, stride: columns };
        self.block.run(wanted, rows, out, room)
    }
}

/// The rows, if their numbers are of this type already.
fn same<S: Real, T: Real>(rows: Rows<'_, S>) -> Option<Rows<'_, T>> {
    if TypeId::of::<S>() != TypeId::of::<T>() {
        return None;
    }
    // SAFETY: both are one type.
    let data = unsafe { slice::from_raw_parts(rows.data.as_ptr().cast::<T>(), rows.data.len()) };
    Some(Rows { data, rows: rows.rows, columns: rows.columns, stride: rows.stride })
}

/// What threads write: rows of the output, their own rooms, their own outcomes.
struct Shared<T> {
    out: *mut T,
    room: *mut T,
    outcomes: *mut Outcome,
}

// SAFETY: threads use parts that lie apart.
unsafe impl<T: Send> Sync for Shared<T> {}

/// The first error that a thread met, and the row of its block.
#[derive(Clone, Copy)]
struct Outcome(Option<(usize, InferenceError)>);

impl Outcome {
    fn note(&mut self, row: usize, error: InferenceError) {
        if self.0.is_none_or(|(earlier, _)| row < earlier) {
            self.0 = Some((row, error));
        }
    }
}

/// The outcomes of all threads.
struct Outcomes(Few);

/// Outcomes of a few threads lie on the stack.
enum Few {
    One([Outcome; 1]),
    Many(Vec<Outcome>),
}

impl Few {
    fn as_mut_ptr(&mut self) -> *mut Outcome {
        match self {
            Self::One(one) => one.as_mut_ptr(),
            Self::Many(many) => many.as_mut_ptr(),
        }
    }
}

impl Outcomes {
    fn new(threads: usize) -> Self {
        Self(if threads == 1 { Few::One([Outcome(None)]) } else { Few::Many(alloc::vec![Outcome(None); threads]) })
    }

    fn first(self) -> Result<(), InferenceError> {
        let all: &[Outcome] = match &self.0 {
            Few::One(one) => one,
            Few::Many(many) => many,
        };
        let first = all.iter().filter_map(|outcome| outcome.0).min_by_key(|&(row, _)| row);
        first.map_or(Ok(()), |(_, error)| Err(error))
    }
}

/// So many zeros.
pub(crate) fn zeros<T: Number>(len: usize) -> Result<Vec<T>, InferenceError> {
    let mut room = Vec::new();
    room.try_reserve_exact(len).map_err(|_| InferenceError::NoMemory)?;
    room.resize(len, T::ZERO);
    Ok(room)
}

/// Numbers of the file in this type: where they lie, or converted.
pub(crate) enum Numbers<'a, T> {
    Borrowed(&'a [T]),
    Owned(Vec<T>),
}

impl<'a, T: Real> Numbers<'a, T> {
    pub(crate) fn of(floats: Floats<'a>) -> Result<Self, ParseError> {
        if let Some(numbers) = floats.as_slice() {
            return Ok(Self::Borrowed(numbers));
        }
        let mut numbers = Vec::new();
        numbers.try_reserve_exact(floats.len()).map_err(|_| ParseError::TooSmall)?;
        numbers.extend(floats.iter::<T>());
        Ok(Self::Owned(numbers))
    }
}

impl<T> core::ops::Deref for Numbers<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Borrowed(numbers) => numbers,
            Self::Owned(numbers) => numbers,
        }
    }
}

/// Weights made ready for products: `x · weights + bias`.
pub(crate) struct Dense<'a, T> {
    weights: Weights<'a, T>,
    bias: Vec<T>,
}

enum Weights<'a, T> {
    /// Of one column: each result is a dot product.
    Column(Numbers<'a, T>),
    /// Laid out for the kernels.
    Packed { memory: Vec<T>, start: usize, shape: [usize; 2] },
}

impl<'a, T: Real> Dense<'a, T> {
    /// Weights that stand as one row for each column of the result: (m, d).
    pub(crate) fn of_rows(weights: Floats<'a>, [m, d]: [usize; 2], bias: Floats<'a>) -> Result<Self, ParseError> {
        let numbers = Numbers::of(weights)?;
        let bias = bias.iter().collect();
        if m == 1 {
            return Ok(Self { weights: Weights::Column(numbers), bias });
        }
        let view = View::new(&numbers[..], m, d).map_err(|_| ParseError::InvalidIndex)?;
        Ok(Self { weights: Weights::packed(view.transposed())?, bias })
    }

    /// Weights that stand as one row for each feature: (d, m).
    pub(crate) fn of_columns(weights: Floats<'a>, [d, m]: [usize; 2], bias: Floats<'a>) -> Result<Self, ParseError> {
        let numbers = Numbers::of(weights)?;
        let bias = bias.iter().collect();
        if m == 1 {
            return Ok(Self { weights: Weights::Column(numbers), bias });
        }
        let view = View::new(&numbers[..], d, m).map_err(|_| ParseError::InvalidIndex)?;
        Ok(Self { weights: Weights::packed(view)?, bias })
    }

    /// Weights that were computed, as one row for each column of the result: (m, d), with what is added to each.
    pub(crate) fn of_computed(weights: &[T], [m, d]: [usize; 2], bias: Vec<T>) -> Result<Self, ParseError> {
        let view = View::new(weights, m, d).map_err(|_| ParseError::InvalidIndex)?;
        Ok(Self { weights: Weights::packed(view.transposed())?, bias })
    }

    /// Lay the product, and what `activation` makes of it, into `out`.
    pub(crate) fn run(
        &self,
        x: Rows<'_, T>,
        activation: Option<Unary<T>>,
        out: &mut [T],
    ) -> Result<(), InferenceError> {
        let (kernels, wrong) = (trueno::kernels(), |_| InferenceError::ModelCorrupted);
        let view = x.view()?;
        match &self.weights {
            Weights::Column(column) => {
                kernels.matvec(view, column, out, 1).map_err(wrong)?;
                let bias = self.bias.first().copied().unwrap_or(<T as Number>::ZERO);
                kernels.zip(Binary::Add, Operand::Out, Operand::Scalar(bias), out).map_err(wrong)?;
                activation.map_or(Ok(()), |activation| kernels.map(activation, Operand::Out, out)).map_err(wrong)
            }
            Weights::Packed { memory, start, shape: [d, m] } => {
                let packed: PackedMatrix<'_, T> = kernels.packed(&memory[*start..], *d, *m).map_err(wrong)?;
                let bias = (!self.bias.is_empty()).then_some(&self.bias[..]);
                let epilogue = Epilogue { bias, activation, accumulate: false };
                let mut out = ViewMut::new(out, x.len(), *m).map_err(wrong)?;
                kernels.matmul(view, Right::Packed(&packed), epilogue, &mut out, 1).map_err(wrong)
            }
        }
    }
}

impl<T: Real> Weights<'_, T> {
    fn packed(view: View<'_, T>) -> Result<Self, ParseError> {
        let (kernels, shape) = (trueno::kernels(), view.shape());
        let line = 64 / size_of::<T>();
        let needed = kernels.packed_len::<T>(shape[0], shape[1]).and_then(|needed| needed.checked_add(line));
        let mut memory = zeros::<T>(needed.ok_or(ParseError::TooSmall)?).map_err(|_| ParseError::TooSmall)?;
        let start = memory.as_ptr().align_offset(64).min(line);
        kernels.pack(view, &mut memory[start..]).map_err(|_| ParseError::InvalidIndex)?;
        Ok(Self::Packed { memory, start, shape })
    }
}

/// Points made ready for `x · p - |p|² / 2`, which is largest for the nearest to `x`.
///
/// Points are taken about their mean, which moves all results of a row by the same amount: fewer digits are lost where
/// the points lie far from the origin.
pub(crate) struct Centred<T: 'static> {
    dense: Dense<'static, T>,
    count: usize,
    /// The length of the longest point, and the largest amount that is added to a product.
    longest: f64,
    largest: f64,
}

impl<T: Real> Centred<T> {
    /// Points about their own mean: (k, d).
    pub(crate) fn of(points: &[T], shape: [usize; 2]) -> Result<Self, ParseError> {
        Self::about(points, shape, &mean_of(points, shape[1]))
    }

    /// Points about a mean.
    pub(crate) fn about(points: &[T], [k, d]: [usize; 2], mean: &[f64]) -> Result<Self, ParseError> {
        let mut moved = zeros::<T>(points.len()).map_err(|_| ParseError::TooSmall)?;
        let (mut bias, mut longest, mut largest) = (Vec::new(), 0.0_f64, 0.0_f64);
        for (to, from) in moved.chunks_exact_mut(d.max(1)).zip(points.chunks_exact(d.max(1))) {
            to.iter_mut().zip(from).zip(mean).for_each(|((to, x), mean)| *to = T::of_double(x.double() - mean));
            let (mut square, mut product) = (0.0, 0.0);
            for (x, mean) in to.iter().zip(mean) {
                square += x.double() * x.double();
                product += x.double() * mean;
            }
            bias.push(T::of_double(-square / 2.0 - product));
            longest = longest.max(libm::sqrt(square));
            largest = largest.max(square / 2.0 + product.abs());
        }
        let dense = Dense::of_computed(&moved, [k, d], bias)?;
        Ok(Self { dense, count: k, longest, largest })
    }

    /// How many points.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Lay the products of all rows and points into `out`.
    pub(crate) fn products(&self, x: Rows<'_, T>, out: &mut [T]) -> Result<(), InferenceError> {
        self.dense.run(x, None, out)
    }

    /// How far a product may be from its exact value: of points and row, each rounded, and of their sum.
    pub(crate) fn error(&self, x: &[T]) -> f64 {
        let length = libm::sqrt(x.iter().map(|x| x.double() * x.double()).sum());
        // Moving a point rounds each of its numbers, by at most the length of the mean and itself.
        2.0 * (x.len() as f64 + 8.0) * T::unit() * (length * self.longest + self.largest)
    }
}

/// The mean of points of `d` numbers.
pub(crate) fn mean_of<T: Real>(points: &[T], d: usize) -> Vec<f64> {
    let mut mean = alloc::vec![0.0; d];
    let count = points.len().checked_div(d).unwrap_or(0).max(1) as f64;
    for point in points.chunks_exact(d.max(1)) {
        mean.iter_mut().zip(point).for_each(|(sum, x)| *sum += x.double());
    }
    mean.iter_mut().for_each(|sum| *sum /= count);
    // A mean that is no number would take the points with it.
    if mean.iter().any(|mean| !mean.is_finite()) { alloc::vec![0.0; d] } else { mean }
}
