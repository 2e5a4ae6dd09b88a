//! What functions compute on: from objects to numbers and elements, and from results to objects.
//!
//! Arrays of ours and short ones of NumPy are read in place. If any other array takes part, every one but ours is held by
//! the buffer protocol, because asking for a buffer may run Python code, which may take the memory of an array away that
//! is not held.

use std::{ptr, slice};

use pyo3::ffi;
use trueno::Operand;

use crate::{
    array::{Array, Fresh, known},
    buffer::{View, type_name},
    call::Object,
    dtype::{Dtype, FLOATS, Scalar, float},
    errors::{Expected, Failure},
    indexing::one_name,
    ndarray,
    pool::Scratch,
    strided::{self, Relation, Strided},
};

/// From so many elements on, other Python threads may run meanwhile; below, unlocking costs more than it gives.
pub(crate) const UNLOCK_FROM: usize = 65_536;

/// A floating type, as kernels and Python know it.
pub(crate) trait Real: Scalar + trueno::Element {
    fn of(value: f64) -> Self;
    fn double(self) -> f64;
}

impl Real for f32 {
    #[inline]
    fn of(value: f64) -> Self {
        value as Self
    }

    #[inline]
    fn double(self) -> f64 {
        self.into()
    }
}

impl Real for f64 {
    #[inline]
    fn of(value: f64) -> Self {
        value
    }

    #[inline]
    fn double(self) -> f64 {
        self
    }
}

/// Do this with the Rust type of a floating element type; refuse the others.
macro_rules! with_real {
    ($array:expr, $name:expr, $type:ident => $body:expr) => {
        match $array.dtype {
            $crate::dtype::Dtype::Float32 => {
                type $type = f32;
                $body
            }
            $crate::dtype::Dtype::Float64 => {
                type $type = f64;
                $body
            }
            other => Err($crate::operand::not_real(other, $name)),
        }
    };
}
pub(crate) use with_real;

#[cold]
pub(crate) fn not_real(got: Dtype, name: &'static str) -> Failure {
    Failure::Dtype { name, got: got.name().to_owned(), allowed: FLOATS }
}

/// An array that a function needs, unless there is none.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    /// Null where there is none.
    object: Object,
    name: &'static str,
    is_output: bool,
}

impl Wanted {
    pub(crate) const NOTHING: Self = Self { object: ptr::null_mut(), name: "", is_output: false };

    #[inline]
    pub(crate) fn input(object: Object, name: &'static str) -> Self {
        Self { object, name, is_output: false }
    }

    #[inline]
    pub(crate) fn optional(object: Option<Object>, name: &'static str) -> Self {
        Self { object: object.unwrap_or(ptr::null_mut()), name, is_output: false }
    }

    /// The array, if there is one.
    #[inline]
    pub(crate) fn object(&self) -> Option<Object> {
        (!self.object.is_null()).then_some(self.object)
    }

    #[inline]
    pub(crate) fn output(object: Option<Object>, name: &'static str) -> Self {
        Self { object: object.unwrap_or(ptr::null_mut()), name, is_output: true }
    }
}

/// Arrays whose memory stays in place while this lives.
pub(crate) struct Held<'a> {
    wanted: &'a [Wanted],
    /// Set where some array came by the buffer protocol; then ours are pinned as well.
    views: Option<Box<[View]>>,
    /// Whether every array may be used while the interpreter is unlocked.
    may_unlock: bool,
}

impl<'a> Held<'a> {
    /// Look into the arrays. Those of NumPy with fewer elements than `limit` are read without holding them, which keeps
    /// the interpreter locked.
    // What is found is written where it stays: moving it costs more than finding it.
    #[inline(always)]
    pub(crate) fn look<const N: usize>(
        wanted: &'a [Wanted; N],
        found: &mut [Option<Strided>; N],
        limit: usize,
    ) -> Result<Self, Failure> {
        let mut may_unlock = true;
        for (one, slot) in wanted.iter().zip(found.iter_mut()) {
            if one.object.is_null() {
                continue;
            }
            if let Some(array) = known(one.object) {
                array.require_open(one.name)?;
                *slot = Some(array.lies());
            } else {
                ndarray::look(one.object, limit, slot);
                may_unlock = false;
            }
            let Some(lies) = slot else { return Self::hold(wanted, found) };
            if one.is_output && lies.is_readonly {
                return Err(one.refuse_to_write());
            }
        }
        Ok(Self { wanted, views: None, may_unlock })
    }

    #[cold]
    #[inline(never)]
    fn hold(wanted: &'a [Wanted], found: &mut [Option<Strided>]) -> Result<Self, Failure> {
        let views = wanted.iter().map(|_| View::new()).collect();
        pin(wanted);
        let mut held = Self { wanted, views: Some(views), may_unlock: true };
        for ((slot, wanted), view) in found.iter_mut().zip(wanted).zip(held.views.iter_mut().flatten()) {
            if wanted.object.is_null() {
                continue;
            }
            let lies = match known(wanted.object) {
                Some(array) => array.open(wanted.name)?,
                None if wanted.is_output => view.output(wanted.object, wanted.name)?,
                None => view.array(wanted.object, wanted.name)?,
            };
            if wanted.is_output && lies.is_readonly {
                return Err(wanted.refuse_to_write());
            }
            *slot = Some(lies);
        }
        Ok(held)
    }

    /// Do `work`, and let other Python threads run meanwhile if there is enough of it.
    #[inline]
    pub(crate) fn run<T>(&self, elements: usize, work: impl FnOnce() -> T) -> T {
        if elements < UNLOCK_FROM || !self.may_unlock { work() } else { self.run_unlocked(work) }
    }

    /// Whether so much work would keep other Python threads waiting.
    pub(crate) fn would_lock(&self, elements: usize) -> bool {
        elements >= UNLOCK_FROM && !self.may_unlock
    }

    #[inline(never)]
    fn run_unlocked<T>(&self, work: impl FnOnce() -> T) -> T {
        pin(self.wanted);
        let _pinned = Pinned(self.wanted);
        let _lock = Unlocked::new();
        work()
    }
}

impl Drop for Held<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.views.is_some() {
            drop(Pinned(self.wanted));
        }
    }
}

/// Arrays of ours that cannot be closed while this lives.
struct Pinned<'a>(&'a [Wanted]);

impl Drop for Pinned<'_> {
    fn drop(&mut self) {
        ours(self.0).for_each(Array::unpin);
    }
}

fn pin(wanted: &[Wanted]) {
    ours(wanted).for_each(Array::pin);
}

fn ours(wanted: &[Wanted]) -> impl Iterator<Item = &Array> {
    wanted.iter().filter(|wanted| !wanted.object.is_null()).filter_map(|wanted| known(wanted.object))
}

impl Wanted {
    #[cold]
    fn refuse_to_write(&self) -> Failure {
        Failure::Layout { name: self.name, problem: "read-only", allowed: "writable" }
    }
}

/// Do `work` while other Python threads may run; it touches no object of Python.
pub(crate) fn unlocked<T>(work: impl FnOnce() -> T) -> T {
    let _lock = Unlocked::new();
    work()
}

/// The interpreter is not ours while this lives; a panic gives it back as well.
struct Unlocked(*mut ffi::PyThreadState);

impl Unlocked {
    fn new() -> Self {
        // SAFETY: every exported function is called with the interpreter locked.
        Self(unsafe { ffi::PyEval_SaveThread() })
    }
}

impl Drop for Unlocked {
    fn drop(&mut self) {
        // SAFETY: the state came from `PyEval_SaveThread` on this thread.
        unsafe { ffi::PyEval_RestoreThread(self.0) };
    }
}

/// The number that an operand is, if it is no array.
#[inline]
pub(crate) fn number(object: Object, name: &'static str) -> Result<Option<f64>, Failure> {
    if known(object).is_some() || ndarray::is_array(object) && !ndarray::is_number(object) {
        return Ok(None);
    }
    // SAFETY: the caller of the exported function keeps its argument alive.
    unsafe {
        if ffi::PyFloat_Check(object) == 0 && ffi::PyLong_Check(object) == 0 {
            return foreign_number(object, name);
        }
    }
    float(object).map(Some)
}

#[cold]
fn foreign_number(object: Object, name: &'static str) -> Result<Option<f64>, Failure> {
    // SAFETY: as above; an error is set where the answer is an error.
    unsafe {
        if ffi::PyObject_CheckBuffer(object) != 0 && !View::new().is_number(object) {
            return Ok(None);
        }
        let refusal = || Failure::Dtype { name, got: type_name(object), allowed: FLOATS };
        if !View::new().is_real(object) {
            return Err(refusal());
        }
        float(object).map(Some).map_err(|failure| {
            if ffi::PyErr_ExceptionMatches(ffi::PyExc_TypeError) == 0 {
                return failure;
            }
            ffi::PyErr_Clear();
            refusal()
        })
    }
}

/// Refuse an array of another element type.
#[inline]
pub(crate) fn require_dtype(dtype: Dtype, other: &Strided, name: &'static str) -> Result<(), Failure> {
    if other.dtype == dtype {
        return Ok(());
    }
    Err(Failure::Dtype { name, got: other.dtype.name().to_owned(), allowed: one_name(dtype) })
}

/// The elements as a slice; those that do not lie so are packed into `scratch`.
///
/// # Safety
/// The array is held, and nobody writes it meanwhile; its element type is `T`; the slice is not used after `scratch`.
#[inline(always)]
pub(crate) unsafe fn elements<'a, T: Scalar>(
    array: &Strided,
    scratch: &mut Option<Scratch>,
) -> Result<&'a [T], Failure> {
    // SAFETY: as the caller says.
    unsafe {
        if array.is_slice() {
            return Ok(array.as_slice());
        }
        let memory = scratch.insert(strided::packed(array)?);
        Ok(slice::from_raw_parts(memory.start().cast(), array.size()))
    }
}

/// Where a result goes: the caller's `out`, scratch memory that is copied there, or a new array.
pub(crate) struct Output<'a> {
    /// What is written: so many elements, dense and aligned.
    start: *mut u8,
    size: usize,
    goal: Goal<'a>,
}

enum Goal<'a> {
    New(Fresh),
    Given { object: Object, lies: &'a Strided, scratch: Option<Scratch> },
}

impl<'a> Output<'a> {
    /// For a result of this element type and shape; `name` is the parameter's.
    #[inline(always)]
    pub(crate) fn new(
        dtype: Dtype,
        rank: u8,
        shape: [usize; 2],
        out: Option<(Object, &'a Strided)>,
        name: &'static str,
    ) -> Result<Self, Failure> {
        let Some((object, lies)) = out else {
            let fresh = Fresh::new(dtype, rank, shape)?;
            return Ok(Self { start: fresh.start(), size: shape[0] * shape[1], goal: Goal::New(fresh) });
        };
        require_dtype(dtype, lies, name)?;
        if lies.rank != rank || lies.shape != shape {
            return Err(misshapen(rank, shape, lies, name));
        }
        let (mut start, mut scratch) = (lies.start, None);
        if !lies.is_slice() {
            if lies.meets_itself() {
                return Err(Failure::Overlap);
            }
            let memory = Scratch::new(lies.bytes())?;
            start = memory.start();
            scratch = Some(memory);
        }
        Ok(Self { start, size: lies.size(), goal: Goal::Given { object, lies, scratch } })
    }

    /// The same, but the caller's array is written at the end alone: an operation that fails midway leaves it as it was.
    pub(crate) fn kept_until_done(mut self) -> Result<Self, Failure> {
        if let Goal::Given { lies, scratch: scratch @ None, .. } = &mut self.goal {
            let memory = Scratch::new(lies.bytes())?;
            self.start = memory.start();
            *scratch = Some(memory);
        }
        Ok(self)
    }

    /// The elements to be written.
    ///
    /// # Safety
    /// `T` is the element type, and nothing else reads or writes the output while the slice is used, except an operand
    /// that is [`Operand::Out`].
    #[inline(always)]
    pub(crate) unsafe fn slice<'b, T: Scalar>(&self) -> &'b mut [T] {
        // SAFETY: the memory is dense and aligned and lives as long as the output; the rest is the caller's.
        unsafe { slice::from_raw_parts_mut(self.start.cast(), self.size) }
    }

    /// The place of the elements to be written, of this type and shape.
    pub(crate) fn target(&self, dtype: Dtype, rank: u8, shape: [usize; 2]) -> Strided {
        Strided::dense(self.start, dtype, rank, shape)
    }

    /// Whether this input is the output itself. One that shares a part of it is refused.
    #[inline(always)]
    pub(crate) fn is_same(&self, input: &Strided) -> Result<bool, Failure> {
        match &self.goal {
            Goal::New(_) => Ok(false),
            Goal::Given { lies, .. } => match lies.relation(input) {
                Relation::Apart => Ok(false),
                Relation::Same => Ok(true),
                Relation::Overlapping => Err(Failure::Overlap),
            },
        }
    }

    /// Refuse an input that shares memory with the output, be it all of it.
    #[inline]
    pub(crate) fn require_apart(&self, input: &Strided) -> Result<(), Failure> {
        if self.is_same(input)? { Err(Failure::Overlap) } else { Ok(()) }
    }

    /// What an elementwise operation reads of an input.
    ///
    /// # Safety
    /// As for [`elements`].
    #[inline(always)]
    pub(crate) unsafe fn operand<'b, T: Real>(
        &self,
        input: &Strided,
        scratch: &mut Option<Scratch>,
    ) -> Result<Operand<'b, T>, Failure> {
        if self.is_same(input)? && matches!(self.goal, Goal::Given { scratch: None, .. }) {
            return Ok(Operand::Out);
        }
        // SAFETY: as the caller says.
        Ok(Operand::Slice(unsafe { elements(input, scratch) }?))
    }

    /// The object for the caller, once the elements are written.
    #[inline(always)]
    pub(crate) fn finish(self) -> Object {
        match self.goal {
            Goal::New(fresh) => fresh.into_object(),
            Goal::Given { object, lies, scratch } => {
                if scratch.is_some() {
                    let dense = Strided::dense(self.start, lies.dtype, lies.rank, lies.shape);
                    // SAFETY: both are held and of one shape and type; scratch shares no memory with `out`.
                    unsafe { strided::copy(&dense, lies) };
                }
                // SAFETY: the caller of the exported function keeps its argument alive.
                unsafe { ffi::Py_NewRef(object) }
            }
        }
    }
}

#[cold]
fn misshapen(rank: u8, shape: [usize; 2], got: &Strided, name: &'static str) -> Failure {
    let expected = Strided { rank, shape, ..*got };
    let expected = Expected::Shape(expected.dimensions().to_vec());
    Failure::Shape { name, expected, got: got.dimensions().to_vec() }
}
