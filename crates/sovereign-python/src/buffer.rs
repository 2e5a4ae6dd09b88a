//! A look into the memory of arrays and bytes, without copying and without a heap.
//!
//! The view that Python fills stays in its place on the stack, because some exporters point into it. An array keeps its
//! memory in place while a view of it lives, also while the interpreter is unlocked.

use std::{
    ffi::{CStr, c_int},
    marker::PhantomPinned,
    slice,
};

use pyo3::ffi;

use crate::{call::Object, errors::Failure, ndarray};

/// Why an object is not the vector that is needed.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It exports no buffer; the text is its type's name.
    NoBuffer(String),
    /// Its elements are of another type; the text is the format it exports.
    Format(String),
    /// It has more or fewer than one dimension.
    Dimensions(Vec<isize>),
    /// Its elements do not follow each other without gaps.
    Gaps,
    /// Its elements do not stand at multiples of their size.
    Misaligned,
    /// It is to be written and must not be.
    ReadOnly,
    /// Some of its elements may be missing, which the numbers alone do not tell.
    Masked,
}

/// Room for one view.
pub(crate) struct View {
    raw: ffi::Py_buffer,
    is_held: bool,
    _stays: PhantomPinned,
}

/// Elements of a vector whose view is alive.
#[derive(Clone, Copy)]
pub(crate) struct Floats {
    pub(crate) start: *mut f32,
    pub(crate) length: usize,
}

impl Floats {
    /// # Safety
    /// The view that gave them is alive, and nobody writes them meanwhile.
    #[inline]
    pub(crate) unsafe fn as_slice<'a>(self) -> &'a [f32] {
        // SAFETY: `View::floats` has checked length, alignment and contiguity.
        unsafe { slice::from_raw_parts(self.start, self.length) }
    }

    /// # Safety
    /// The view that gave them is alive and writable, and nobody else reads or writes them meanwhile.
    #[inline]
    pub(crate) unsafe fn as_mut_slice<'a>(self) -> &'a mut [f32] {
        // SAFETY: as above.
        unsafe { slice::from_raw_parts_mut(self.start, self.length) }
    }

    /// Whether two vectors share memory.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let end = |floats: Self| floats.start.wrapping_add(floats.length);
        self.start < end(other) && other.start < end(self)
    }
}

impl View {
    pub(crate) const fn new() -> Self {
        Self { raw: ffi::Py_buffer::new(), is_held: false, _stays: PhantomPinned }
    }

    /// The elements of a one-dimensional, contiguous, aligned vector of `f32`; `name` is the parameter's.
    #[inline]
    pub(crate) fn floats(&mut self, object: Object, name: &'static str) -> Result<Floats, Failure> {
        self.vector(object, name, 0)
    }

    /// As [`View::floats`], of a vector that may be written.
    #[inline]
    pub(crate) fn writable_floats(&mut self, object: Object, name: &'static str) -> Result<Floats, Failure> {
        self.vector(object, name, ffi::PyBUF_WRITABLE)
    }

    #[inline]
    fn vector(&mut self, object: Object, name: &'static str, writable: c_int) -> Result<Floats, Failure> {
        ndarray::notice(object);
        if ndarray::is_masked(object) {
            return Err(Failure::Vector(Refusal::Masked, name));
        }
        if !self.fill(object, ffi::PyBUF_ND | ffi::PyBUF_FORMAT | writable) || !self.is_vector() {
            return Err(self.refuse(object, name, writable != 0));
        }
        let length = self.raw.len.unsigned_abs() / size_of::<f32>();
        let start = if length == 0 { std::ptr::dangling_mut() } else { self.raw.buf.cast::<f32>() };
        if start.is_aligned() { Ok(Floats { start, length }) } else { Err(Failure::Vector(Refusal::Misaligned, name)) }
    }

    /// The bytes of any contiguous buffer; Python's own `TypeError` or `BufferError` for what has none.
    pub(crate) fn bytes(&mut self, object: Object) -> Result<&[u8], Failure> {
        // SAFETY: no earlier view is held, and the object is alive.
        self.is_held = unsafe { ffi::PyObject_GetBuffer(object, &raw mut self.raw, ffi::PyBUF_SIMPLE) } == 0;
        match self.raw.len.unsigned_abs() {
            _ if !self.is_held => Err(Failure::Raised),
            0 => Ok(&[]),
            // SAFETY: the exporter vouches for so many bytes until the view is given back.
            length => Ok(unsafe { slice::from_raw_parts(self.raw.buf.cast(), length) }),
        }
    }

    /// Ask for a view; false, with no error left behind, where there is none.
    #[inline]
    fn fill(&mut self, object: Object, flags: c_int) -> bool {
        debug_assert!(!self.is_held);
        // SAFETY: no earlier view is held, and the object is alive.
        self.is_held = unsafe { ffi::PyObject_GetBuffer(object, &raw mut self.raw, flags) } == 0;
        if !self.is_held {
            // SAFETY: an error is set, as the call failed.
            unsafe { ffi::PyErr_Clear() };
        }
        self.is_held
    }

    fn is_vector(&self) -> bool {
        self.raw.ndim == 1 && self.raw.itemsize == 4 && is_float32(self.format())
    }

    fn format(&self) -> &CStr {
        // SAFETY: the format is null, which means bytes, or a string that lives as long as the view.
        if self.raw.format.is_null() { c"B" } else { unsafe { CStr::from_ptr(self.raw.format) } }
    }

    /// Find out why `vector` got no view that fits, by asking for any view at all.
    #[cold]
    fn refuse(&mut self, object: Object, name: &'static str, is_output: bool) -> Failure {
        self.give_back();
        let refusal = if !self.fill(object, ffi::PyBUF_FULL_RO) {
            Refusal::NoBuffer(type_name(object))
        } else if !is_float32(self.format()) {
            Refusal::Format(self.format().to_string_lossy().into_owned())
        } else if self.raw.ndim != 1 {
            Refusal::Dimensions(self.shape())
        } else if is_output && self.raw.readonly != 0 {
            Refusal::ReadOnly
        } else {
            Refusal::Gaps
        };
        Failure::Vector(refusal, name)
    }

    fn shape(&self) -> Vec<isize> {
        if self.raw.shape.is_null() || self.raw.ndim <= 0 {
            return Vec::new();
        }
        // SAFETY: the exporter gives one length per dimension.
        unsafe { slice::from_raw_parts(self.raw.shape, self.raw.ndim.unsigned_abs() as usize) }.to_vec()
    }

    #[inline]
    fn give_back(&mut self) {
        if self.is_held {
            // SAFETY: the view was filled and not given back, and the interpreter is locked.
            unsafe { ffi::PyBuffer_Release(&raw mut self.raw) };
            self.is_held = false;
        }
    }
}

impl Drop for View {
    #[inline]
    fn drop(&mut self) {
        self.give_back();
    }
}

/// Whether a format is single precision in this machine's byte order.
#[inline]
fn is_float32(format: &CStr) -> bool {
    const ORDERED: &[u8] = if cfg!(target_endian = "little") { b"<f" } else { b">f" };
    let format = format.to_bytes();
    matches!(format, b"f" | b"@f" | b"=f") || format == ORDERED
}

/// The name of the object's type.
fn type_name(object: Object) -> String {
    use pyo3::prelude::*;
    Python::attach(|py| {
        // SAFETY: the caller of the exported function keeps the object alive.
        let object = unsafe { Bound::from_borrowed_ptr(py, object) };
        object.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string_lossy().into_owned())
    })
}
