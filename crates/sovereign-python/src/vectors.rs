//! The kernels of `trueno` on Python's arrays.

use pyo3::{IntoPyObjectExt, ffi, prelude::*, types::PyTuple};
use trueno::Backend;

use crate::{
    buffer::{Floats, View},
    call::{Answer, Call, Object, none, text},
    errors::Failure,
    ndarray,
};

/// From so many elements on, other Python threads may run meanwhile; below, unlocking costs more than it gives.
pub(crate) const UNLOCK_FROM: usize = 65_536;

pub(crate) fn dot(call: &Call) -> Answer {
    let [a, b] = call.positional()?;
    let backend = backend(call)?;
    if let (Some(a), Some(b)) = (ndarray::floats(a), ndarray::floats(b)) {
        return number(multiply(backend, a, b)?);
    }
    let (mut a_view, mut b_view) = (View::new(), View::new());
    let (a, b) = (a_view.floats(a, "a")?, b_view.floats(b, "b")?);
    number(unlocked(a.length, || multiply(backend, a, b))?)
}

#[inline]
fn multiply(backend: Option<Backend>, a: Floats, b: Floats) -> Result<f32, trueno::Error> {
    // SAFETY: `dot` holds views of both, or keeps Python code from running.
    let (a, b) = unsafe { (a.as_slice(), b.as_slice()) };
    match backend {
        None => trueno::dot(a, b),
        Some(backend) => backend.dot(a, b),
    }
}

pub(crate) fn sum(call: &Call) -> Answer {
    let [x] = call.positional()?;
    let backend = backend(call)?;
    if let Some(x) = ndarray::floats(x) {
        return number(total(backend, x)?);
    }
    let mut view = View::new();
    let x = view.floats(x, "x")?;
    number(unlocked(x.length, || total(backend, x))?)
}

#[inline]
fn total(backend: Option<Backend>, x: Floats) -> Result<f32, trueno::Error> {
    // SAFETY: `sum` holds a view, or keeps Python code from running.
    let x = unsafe { x.as_slice() };
    match backend {
        None => Ok(trueno::sum(x)),
        Some(backend) => backend.sum(x),
    }
}

pub(crate) fn axpy(call: &Call) -> Answer {
    let [a, x, y] = call.positional()?;
    let backend = backend(call)?.unwrap_or_else(Backend::detect);
    // A number may run Python code of its own, so it is asked before any array is looked into.
    let a = single(a)?;
    if let (Some(x), Some(y)) = (ndarray::floats(x), ndarray::writable_floats(y)) {
        add(backend, a, x, y)?;
        return Ok(none());
    }
    let (mut x_view, mut y_view) = (View::new(), View::new());
    let (x, y) = (x_view.floats(x, "x")?, y_view.writable_floats(y, "y")?);
    unlocked(x.length, || add(backend, a, x, y))?;
    Ok(none())
}

fn add(backend: Backend, a: f32, x: Floats, y: Floats) -> Result<(), Failure> {
    if x.length != y.length {
        Err(trueno::Error::LengthsDiffer { left: x.length, right: y.length })?;
    }
    if x.start == y.start {
        // SAFETY: `axpy` may write these elements, and `x`, the same ones, is not looked at.
        backend.axpy_onto_itself(a, unsafe { y.as_mut_slice() })?;
    } else if x.overlaps(y) {
        return Err(Failure::Overlap);
    } else {
        // SAFETY: `axpy` holds both or keeps Python code from running, `y` may be written, and no element is shared.
        backend.axpy(a, unsafe { x.as_slice() }, unsafe { y.as_mut_slice() })?;
    }
    Ok(())
}

pub(crate) fn backends(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    let names = Backend::ALL.into_iter().filter(|backend| backend.is_available()).map(Backend::name);
    Python::attach(|py| {
        let names = PyTuple::new(py, names.collect::<Vec<_>>())?;
        Ok(names.into_ptr())
    })
}

pub(crate) fn active_backend(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    let name = Backend::detect().name();
    Python::attach(|py| Ok(name.into_bound_py_any(py)?.into_ptr()))
}

/// The backend that the caller names, if any.
#[inline]
fn backend(call: &Call) -> Result<Option<Backend>, Failure> {
    let Some(object) = call.keyword(c"backend")? else { return Ok(None) };
    // SAFETY: the caller keeps its argument alive.
    let name = unsafe { text(object) }?;
    let backend = name.parse().map_err(|_| Failure::NoBackend(name.to_owned()))?;
    Ok(Some(backend))
}

/// A Python number in single precision.
fn single(object: Object) -> Result<f32, Failure> {
    // SAFETY: the caller keeps its argument alive; an error is told by -1 together with an error that is set.
    let value = unsafe { ffi::PyFloat_AsDouble(object) };
    // SAFETY: the interpreter is locked.
    if value == -1.0 && !unsafe { ffi::PyErr_Occurred() }.is_null() { Err(Failure::Raised) } else { Ok(value as f32) }
}

#[inline]
fn number(value: f32) -> Answer {
    // SAFETY: the interpreter is locked.
    let object = unsafe { ffi::PyFloat_FromDouble(value.into()) };
    if object.is_null() { Err(Failure::Raised) } else { Ok(object) }
}

/// Do `work`, and let other Python threads run meanwhile if there is enough of it.
#[inline]
fn unlocked<T>(elements: usize, work: impl FnOnce() -> T) -> T {
    let _lock = (elements >= UNLOCK_FROM).then(Unlocked::new);
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
