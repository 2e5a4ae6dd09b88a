//! Models ready to predict: the class `Predictor`.
//!
//! An object holds the buffer of an image, the model that reads it, and what was made ready of the model in single and
//! in double precision, each when the first input asks for it. Results are arrays of NumPy where it is loaded, since
//! whoever calls this reads them there, and arrays of ours where it is not.

use std::{
    cell::OnceCell,
    ffi::c_int,
    ptr,
    sync::atomic::{AtomicPtr, Ordering},
};

use predict::{Batch, InferenceError, ModelView, Rows, Wanted as Kind};
use pyo3::{IntoPyObjectExt, ffi, prelude::*, types::PyTuple};
use trueno::device;

use crate::{
    buffer::{View, type_name},
    call::{Answer, Call, Keyword, Object, Table, end, method, owned, property, text, text_of, truth},
    dtype::{Dtype, Scalar},
    errors::Failure,
    guard,
    matrix::THREADS,
    ndarray,
    operand::{Held, Output, Real, UNLOCK_FROM, Wanted, elements, not_real, unlocked},
    options::OUT,
    pool::Scratch,
    strided::Strided,
    threads::Asked,
};

/// Steps of a model that take about as long as one element of the operations that go through memory once.
const STEPS_PER_ELEMENT: u64 = 32;

/// Steps below which no other thread is worth asking.
const SHORT_STEPS: u64 = 1_000_000;

static VERIFY: Keyword = Keyword::new(c"verify");

/// The object.
#[repr(C)]
pub(crate) struct Predictor {
    head: ffi::PyObject,
    state: *mut State,
}

/// What it holds; the buffer is given back last.
struct State {
    single: OnceCell<Batch<'static, f32>>,
    double: OnceCell<Batch<'static, f64>>,
    model: ModelView<'static>,
    /// Whether any array is of double precision.
    is_double: bool,
    /// Multiplications, comparisons and look-ups of a row.
    steps: u64,
    size_bytes: usize,
    #[allow(dead_code, reason = "it is held, not looked at")]
    image: Box<View>,
}

/// The class, set once when the module is loaded.
static CLASS: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// A floating type for which a model can be made ready.
trait Ready: Real + predict::Real {
    fn place(state: &State) -> &OnceCell<Batch<'static, Self>>;
}

impl Ready for f32 {
    fn place(state: &State) -> &OnceCell<Batch<'static, Self>> {
        &state.single
    }
}

impl Ready for f64 {
    fn place(state: &State) -> &OnceCell<Batch<'static, Self>> {
        &state.double
    }
}

impl State {
    /// The model, made ready in this type.
    #[inline]
    fn batch<T: Ready>(&self) -> Result<&Batch<'static, T>, Failure> {
        match T::place(self).get() {
            Some(batch) => Ok(batch),
            None => {
                let batch = Batch::of(&self.model)?;
                Ok(T::place(self).get_or_init(|| batch))
            }
        }
    }

    fn reads_text(&self) -> bool {
        self.model.head().features == 0
    }

    /// Threads for so many rows, of as many as the caller allows.
    #[inline]
    fn threads(&self, asked: Asked, rows: usize, bytes: usize, size: usize) -> usize {
        let steps = self.steps.saturating_mul(rows as u64);
        if steps < SHORT_STEPS && !asked.is_told() {
            return 1;
        }
        let flops = 2.0 * steps as f64 * (size / 4) as f64;
        let work = device::Work { operation: "predict", elements: rows, flops, bytes: bytes as f64 };
        asked.choose(&work, trueno::kernels(), false).count
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Ask {
    Values,
    Scores,
    Labels,
}

/// Where results go: into an array of NumPy's, or where the other functions lay theirs.
enum Target<'a> {
    Numpy(Owned, *mut u8),
    Other(Output<'a>),
}

/// A reference that is dropped unless it becomes the answer.
struct Owned(Object);

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: the reference is ours.
        unsafe { ffi::Py_DecRef(self.0) };
    }
}

impl<'a> Target<'a> {
    #[inline]
    fn new(dtype: Dtype, rank: u8, shape: [usize; 2], out: Option<(Object, &'a Strided)>) -> Result<Self, Failure> {
        if out.is_none() {
            if let Some(made) = ndarray::new(dtype, rank, shape) {
                let (array, start) = made?;
                return Ok(Self::Numpy(Owned(array), start));
            }
        }
        Ok(Self::Other(Output::new(dtype, rank, shape, out, "out")?))
    }

    /// The elements to be written.
    ///
    /// # Safety
    /// `T` is the element type and `size` what the shape holds; nothing else uses the memory meanwhile.
    #[inline]
    unsafe fn slice<'b, T: Scalar>(&self, size: usize) -> &'b mut [T] {
        match self {
            // SAFETY: NumPy made a dense and aligned array of so many elements, which lives as long as the reference.
            Self::Numpy(_, start) if size > 0 => unsafe { std::slice::from_raw_parts_mut(start.cast(), size) },
            Self::Numpy(..) => &mut [],
            // SAFETY: as the caller says.
            Self::Other(output) => unsafe { output.slice() },
        }
    }

    #[inline]
    fn finish(self) -> Object {
        match self {
            Self::Numpy(array, _) => {
                let object = array.0;
                std::mem::forget(array);
                object
            }
            Self::Other(output) => output.finish(),
        }
    }
}

/// `Predictor.of(image, verify=True)`.
fn of(call: &Call) -> Answer {
    let [image] = call.positional()?;
    let verify = call.keyword(&VERIFY)?.map_or(Ok(true), truth)?;
    ndarray::find();
    let mut view = Box::new(View::new());
    let bytes = view.bytes(image)?;
    // SAFETY: the state keeps the buffer, and drops it after everything that reads it.
    let bytes: &'static [u8] = unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) };
    let model = if verify { ModelView::from_bytes(bytes) } else { ModelView::from_verified_bytes(bytes) }?;
    let state = State {
        single: OnceCell::new(),
        double: OnceCell::new(),
        model,
        is_double: model.are_double(),
        steps: model.operations().max(1),
        size_bytes: bytes.len(),
        image: view,
    };
    // What cannot be made ready is told now, and not by the first prediction.
    if state.is_double { state.batch::<f64>().map(|_| ()) } else { state.batch::<f32>().map(|_| ()) }?;
    let state = Box::into_raw(Box::new(state));
    // SAFETY: the room is large enough for the object; Python fills its head, and the rest is filled here.
    unsafe {
        let place = ffi::PyObject_Malloc(size_of::<Predictor>()).cast::<Predictor>();
        if place.is_null() {
            drop(Box::from_raw(state));
            return Err(Failure::NoMemory);
        }
        ffi::PyObject_Init(place.cast(), CLASS.load(Ordering::Relaxed));
        (&raw mut (*place).state).write(state);
        Ok(place.cast())
    }
}

fn predict(call: &Call) -> Answer {
    evaluate(call, Ask::Values)
}

fn scores(call: &Call) -> Answer {
    evaluate(call, Ask::Scores)
}

fn labels(call: &Call) -> Answer {
    evaluate(call, Ask::Labels)
}

#[inline]
fn evaluate(call: &Call, ask: Ask) -> Answer {
    let [x] = call.positional()?;
    let [out, threads] = call.keywords(&[&OUT, &THREADS])?;
    let threads = crate::threads::asked(threads)?;
    // SAFETY: Python calls this with an object of the class, whose state lives as long as it does.
    let state = unsafe { &*(*call.this().cast::<Predictor>()).state };
    if state.reads_text() {
        return evaluate_texts(state, x, out, threads, ask);
    }
    let wanted = [Wanted::input(x, "X"), Wanted::output(out, "out")];
    let mut found = [None; 2];
    let (held, work) = look(state, &wanted, &mut found)?;
    let [Some(x), out] = &found else { unreachable!("the input is wanted") };
    let out = wanted[1].object().zip(out.as_ref());
    let answer = match (state.is_double, x.dtype) {
        (false, Dtype::Float32) => rows::<f32, f32>(state, &held, work, x, out, threads, ask),
        (true, Dtype::Float32) => rows::<f32, f64>(state, &held, work, x, out, threads, ask),
        (_, Dtype::Float64) => rows::<f64, f64>(state, &held, work, x, out, threads, ask),
        (_, other) => Err(not_real(other, "X")),
    };
    drop(held);
    answer
}

/// Look into the arrays; where the work is worth unlocking for, they are held.
#[inline]
fn look<'a>(
    state: &State,
    wanted: &'a [Wanted; 2],
    found: &mut [Option<Strided>; 2],
) -> Result<(Held<'a>, usize), Failure> {
    let held = Held::look(wanted, found, usize::MAX)?;
    let rows = found[0].map_or(0, |x| x.shape[0]);
    let work = (state.steps.saturating_mul(rows as u64) / STEPS_PER_ELEMENT) as usize;
    if held.would_lock(work) {
        drop(held);
        // What is known already would not be asked for again, and so not be held.
        *found = [None; 2];
        return Ok((Held::look(wanted, found, 0)?, work));
    }
    Ok((held, work))
}

/// Compute rows of type `S` in type `T`.
#[inline]
fn rows<S: Ready, T: Ready>(
    state: &State,
    held: &Held<'_>,
    work: usize,
    x: &Strided,
    out: Option<(Object, &Strided)>,
    threads: Asked,
    ask: Ask,
) -> Answer {
    let batch = state.batch::<T>()?;
    let mut scratch = None;
    // SAFETY: the input is held and of type `S`; the scratch lives until the result is there.
    let input = unsafe { rows_of::<S>(x, &mut scratch)? };
    if x.shape[1] != state.model.head().features {
        let error = InferenceError::DimensionMismatch { expected: state.model.head().features, got: x.shape[1] };
        return Err(Failure::Inference(error, x.dimensions().to_vec()));
    }
    let threads = state.threads(threads, input.len(), x.bytes(), size_of::<T>());
    lay::<T>(batch, ask, (x.rank, input.len()), out, Some(x), |goal| {
        held.run(work, || match goal {
            Goal::Numbers(kind, out) => batch.run(kind, input, out, threads),
            Goal::Labels(out) => batch.labels(input, out, threads),
        })
    })
}

/// What is to be filled.
enum Goal<'a, T> {
    Numbers(Kind, &'a mut [T]),
    Labels(&'a mut [i32]),
}

/// Make the result, and let `fill` fill it; `rank` is that of the input.
#[inline]
fn lay<T: Ready>(
    batch: &Batch<'static, T>,
    ask: Ask,
    (rank, count): (u8, usize),
    out: Option<(Object, &Strided)>,
    x: Option<&Strided>,
    fill: impl FnOnce(Goal<'_, T>) -> Result<(), InferenceError>,
) -> Answer {
    let (kind, columns) = match ask {
        Ask::Labels => (None, 1),
        Ask::Values => (Some(Kind::Values), batch.columns(Kind::Values)),
        Ask::Scores => (Some(Kind::Scores), batch.columns(Kind::Scores)),
    };
    let size = count.checked_mul(columns).ok_or(Failure::NoMemory)?;
    // One row, and one column, are vectors.
    let (rank, shape) = if rank == 1 || columns == 1 { (1, [1, size]) } else { (2, [count, columns]) };
    let dtype = if kind.is_some() { T::DTYPE } else { Dtype::Int32 };
    let target = Target::new(dtype, rank, shape, out)?;
    if let (Target::Other(output), Some(x)) = (&target, x) {
        output.require_apart(x)?;
    }
    // SAFETY: the target holds so many elements of this type, and nobody else uses them.
    let outcome = unsafe {
        match kind {
            Some(kind) => fill(Goal::Numbers(kind, target.slice(size))),
            None => fill(Goal::Labels(target.slice(size))),
        }
    };
    match outcome {
        Ok(()) => Ok(target.finish()),
        Err(InferenceError::NoMemory) => Err(Failure::NoMemory),
        Err(error) => Err(Failure::Inference(error, x.map_or_else(|| vec![count], |x| x.dimensions().to_vec()))),
    }
}

/// The rows where they lie, or packed into `scratch` where their numbers do not follow each other.
///
/// # Safety
/// As for [`elements`].
#[inline]
unsafe fn rows_of<'a, S: Ready>(x: &Strided, scratch: &mut Option<Scratch>) -> Result<Rows<'a, S>, Failure> {
    let ([count, columns], size) = (x.shape, size_of::<S>() as isize);
    let is_plain = x.is_aligned()
        && (columns <= 1 || x.strides[1] == size)
        && (count <= 1 || x.strides[0] >= columns as isize * size);
    let rows = if x.size() > 0 && is_plain {
        let stride = if count > 1 { (x.strides[0] / size).unsigned_abs() } else { columns };
        let extent = (count - 1) * stride + columns;
        // SAFETY: first and last element lie inside one allocation, and with them all between.
        Rows::new(unsafe { std::slice::from_raw_parts(x.start.cast(), extent) }, count, columns, stride)
    } else {
        // SAFETY: as the caller says.
        Rows::new(unsafe { elements(x, scratch)? }, count, columns, columns)
    };
    rows.ok_or(Failure::NoMemory)
}

/// The same of texts: a list or tuple of strings, and no other thing that could be iterated.
fn evaluate_texts(state: &State, x: Object, out: Option<Object>, threads: Asked, ask: Ask) -> Answer {
    Python::attach(|py| {
        // SAFETY: the caller keeps its argument alive.
        let texts = unsafe { Bound::from_borrowed_ptr(py, x) };
        let kind = |object: Object| Failure::Kind { name: "X", got: type_name(object), allowed: "a list of texts" };
        // The strings are held by a tuple of ours, which nobody can change meanwhile.
        let held: Bound<'_, PyTuple> = match (texts.cast::<pyo3::types::PyList>(), texts.cast::<PyTuple>()) {
            (Ok(list), _) => list.to_tuple(),
            (_, Ok(tuple)) => tuple.clone(),
            _ => return Err(kind(x)),
        };
        let mut strings = Vec::with_capacity(held.len());
        for item in held.iter() {
            // SAFETY: the tuple holds the string as long as its characters are used.
            strings.push(unsafe {
                if ffi::PyUnicode_Check(item.as_ptr()) == 0 {
                    return Err(kind(item.as_ptr()));
                }
                text(item.as_ptr())?
            });
        }
        let wanted = [Wanted::NOTHING, Wanted::output(out, "out")];
        let mut found = [None; 2];
        let pinned = Held::look(&wanted, &mut found, 0)?;
        let out = out.zip(found[1].as_ref());
        let answer = if state.is_double {
            texts_in::<f64>(state, &strings, out, threads, ask)
        } else {
            texts_in::<f32>(state, &strings, out, threads, ask)
        };
        drop(pinned);
        answer
    })
}

/// Compute texts in type `T`.
fn texts_in<T: Ready>(
    state: &State,
    texts: &[&str],
    out: Option<(Object, &Strided)>,
    threads: Asked,
    ask: Ask,
) -> Answer {
    let batch = state.batch::<T>()?;
    let letters: usize = texts.iter().map(|text| text.len()).sum();
    // A character costs some hundred steps: one search of the vocabulary for each length of a term.
    let steps = letters as u64 * 128;
    let per_row = steps / (texts.len() as u64).max(1) / state.steps.max(1);
    let threads = state.threads(threads, texts.len().saturating_mul(per_row.max(1) as usize), letters, size_of::<T>());
    lay::<T>(batch, ask, (2, texts.len()), out, None, |goal| {
        let work = || match goal {
            Goal::Numbers(kind, out) => batch.run_texts(kind, texts, out, threads),
            Goal::Labels(out) => batch.labels_of_texts(texts, out, threads),
        };
        if (steps / STEPS_PER_ELEMENT) as usize >= UNLOCK_FROM && out.is_none() { unlocked(work) } else { work() }
    })
}

unsafe extern "C" fn dealloc(object: Object) {
    // SAFETY: Python calls this once, with the last reference gone and the interpreter locked.
    unsafe {
        let kind = ffi::Py_TYPE(object);
        drop(Box::from_raw((*object.cast::<Predictor>()).state));
        ffi::PyObject_Free(object.cast());
        ffi::Py_DecRef(kind.cast());
    }
}

unsafe extern "C" fn repr(object: Object) -> Object {
    // SAFETY: Python calls this with an object of the class.
    let state = unsafe { &*(*object.cast::<Predictor>()).state };
    guard::guarded(|| {
        let head = state.model.head();
        string(&format!(
            "Predictor(family={}, n_features={}, n_outputs={}, n_classes={})",
            head.family.name(),
            head.features,
            head.outputs,
            head.classes
        ))
    })
}

fn string(text: &str) -> Answer {
    // SAFETY: the text is valid UTF-8 of this length.
    owned(unsafe { ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as ffi::Py_ssize_t) })
}

fn number(number: usize) -> Answer {
    Python::attach(|py| Ok(number.into_bound_py_any(py)?.into_ptr()))
}

fn state(predictor: &Predictor) -> &State {
    // SAFETY: the state lives as long as the object.
    unsafe { &*predictor.state }
}

fn dtype(predictor: &Predictor) -> Answer {
    string(if state(predictor).is_double { "float64" } else { "float32" })
}

fn family(predictor: &Predictor) -> Answer {
    string(state(predictor).model.head().family.name())
}

fn n_classes(predictor: &Predictor) -> Answer {
    number(state(predictor).model.head().classes)
}

fn n_features(predictor: &Predictor) -> Answer {
    number(state(predictor).model.head().features)
}

fn n_outputs(predictor: &Predictor) -> Answer {
    number(state(predictor).model.head().outputs)
}

fn n_scores(predictor: &Predictor) -> Answer {
    number(state(predictor).model.columns(Kind::Scores))
}

fn nbytes(predictor: &Predictor) -> Answer {
    number(state(predictor).size_bytes)
}

static METHODS: Table<ffi::PyMethodDef> = Table(&[
    method!(labels, "Predictor", "labels"),
    method!(of, "Predictor", "of", ffi::METH_CLASS),
    method!(predict, "Predictor", "predict"),
    method!(scores, "Predictor", "scores"),
    end(),
]);

static PROPERTIES: Table<ffi::PyGetSetDef> = Table(&[
    property!(dtype, "Predictor", "dtype"),
    property!(family, "Predictor", "family"),
    property!(n_classes, "Predictor", "n_classes"),
    property!(n_features, "Predictor", "n_features"),
    property!(n_outputs, "Predictor", "n_outputs"),
    property!(n_scores, "Predictor", "n_scores"),
    property!(nbytes, "Predictor", "nbytes"),
    crate::types::NO_PROPERTY,
]);

/// Make the class and put it into the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let slots = [
        crate::types::slot(ffi::Py_tp_doc, text_of!("Predictor").as_ptr().cast()),
        crate::types::slot(ffi::Py_tp_dealloc, dealloc as *const _),
        crate::types::slot(ffi::Py_tp_repr, repr as *const _),
        crate::types::slot(ffi::Py_tp_methods, METHODS.as_ptr().cast()),
        crate::types::slot(ffi::Py_tp_getset, PROPERTIES.as_ptr().cast()),
        crate::types::slot(0, ptr::null()),
    ];
    let name = c"sovereign._native._core.Predictor";
    let size = size_of::<Predictor>() as c_int;
    let class = crate::types::make(module.py(), name, crate::types::MADE_BY_US, size, slots, None)?;
    CLASS.store(class.as_ptr().cast(), Ordering::Relaxed);
    module.setattr("Predictor", class)
}
