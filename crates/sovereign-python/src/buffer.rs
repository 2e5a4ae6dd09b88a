//! A look into the memory of arrays and bytes, without copying and without a heap.
//!
//! The view that Python fills stays in its place, because some exporters point into it. An array keeps its memory in
//! place while a view of it lives, also while the interpreter is unlocked.

use std::{
    ffi::{CStr, c_int},
    marker::PhantomPinned,
    ptr, slice,
};

use pyo3::ffi;

use crate::{
    call::Object,
    dtype::{Dtype, NAMES},
    errors::{Expected, Failure, element_name},
    ndarray,
    strided::Strided,
};

/// Room for one view.
pub(crate) struct View {
    raw: ffi::Py_buffer,
    is_held: bool,
    _stays: PhantomPinned,
}

impl View {
    pub(crate) const fn new() -> Self {
        Self { raw: ffi::Py_buffer::new(), is_held: false, _stays: PhantomPinned }
    }

    /// The elements of an array of one or two dimensions; `name` is the parameter's.
    pub(crate) fn array(&mut self, object: Object, name: &'static str) -> Result<Strided, Failure> {
        let dtype = self.hold(object, name, false)?;
        self.strided(dtype).ok_or_else(|| self.misshapen(name))
    }

    /// As [`View::array`], of an array that may be written.
    pub(crate) fn output(&mut self, object: Object, name: &'static str) -> Result<Strided, Failure> {
        let dtype = self.hold(object, name, true)?;
        self.strided(dtype).ok_or_else(|| self.misshapen(name))
    }

    /// As [`View::array`], writable if the exporter allows it.
    pub(crate) fn array_or_readonly(&mut self, object: Object, name: &'static str) -> Result<Strided, Failure> {
        ndarray::notice(object);
        if !ndarray::is_masked(object) && self.fill(object, ffi::PyBUF_RECORDS) {
            let dtype = Dtype::of_format(self.format(), self.raw.itemsize.unsigned_abs());
            let dtype = dtype.ok_or_else(|| self.foreign(name))?;
            return self.strided(dtype).ok_or_else(|| self.misshapen(name));
        }
        self.array(object, name)
    }

    #[cold]
    fn misshapen(&self, name: &'static str) -> Failure {
        Failure::Shape { name, expected: RANKS, got: self.shape().to_vec() }
    }

    /// The single number of a buffer without dimensions, as NumPy's numbers are; none for one with.
    pub(crate) fn is_number(&mut self, object: Object) -> bool {
        self.fill(object, ffi::PyBUF_RECORDS_RO) && self.raw.ndim == 0
    }

    /// Whether the object can be a real number: one that exports a buffer is neither masked nor complex.
    #[cold]
    pub(crate) fn is_real(&mut self, object: Object) -> bool {
        ndarray::notice(object);
        // SAFETY: the caller of the exported function keeps the object alive.
        let has_buffer = unsafe { ffi::PyObject_CheckBuffer(object) } != 0;
        let is_complex =
            has_buffer && self.fill(object, ffi::PyBUF_RECORDS_RO) && self.format().to_bytes().contains(&b'Z');
        !is_complex && !ndarray::is_masked(object)
    }

    /// Lengths and elements of an array of any rank whose elements follow each other.
    pub(crate) fn tensor(
        &mut self,
        object: Object,
        name: &'static str,
        is_output: bool,
    ) -> Result<(&[usize], Strided), Failure> {
        let dtype = self.hold(object, name, is_output)?;
        // SAFETY: the view is held.
        if unsafe { ffi::PyBuffer_IsContiguous(&raw const self.raw, b'C' as std::ffi::c_char) } == 0 {
            return Err(Failure::Layout { name, problem: "strided", allowed: "contiguous" });
        }
        let length = self.raw.len.unsigned_abs() / dtype.size();
        let flat = Strided::dense(self.raw.buf.cast(), dtype, 1, [1, length]);
        if !flat.is_aligned() {
            return Err(Failure::Layout { name, problem: "misaligned", allowed: "aligned to its elements" });
        }
        Ok((self.shape(), flat))
    }

    fn hold(&mut self, object: Object, name: &'static str, is_output: bool) -> Result<Dtype, Failure> {
        ndarray::notice(object);
        if ndarray::is_masked(object) {
            return Err(Failure::Layout { name, problem: "masked", allowed: "without a mask" });
        }
        let flags = if is_output { ffi::PyBUF_RECORDS } else { ffi::PyBUF_RECORDS_RO };
        if !self.fill(object, flags) {
            return Err(self.refuse(object, name));
        }
        let dtype = Dtype::of_format(self.format(), self.raw.itemsize.unsigned_abs());
        dtype.ok_or_else(|| self.foreign(name))
    }

    /// Place and shape, if there are one or two dimensions.
    fn strided(&self, dtype: Dtype) -> Option<Strided> {
        let (shape, strides) = (self.shape(), self.strides());
        let size = dtype.size() as isize;
        let (shape, strides) = match (shape, strides) {
            (&[length], []) => ([1, length], [length as isize * size, size]),
            (&[length], &[stride]) => ([1, length], [length as isize * stride, stride]),
            (&[rows, columns], []) => ([rows, columns], [columns as isize * size, size]),
            (&[rows, columns], &[row, column]) => ([rows, columns], [row, column]),
            _ => return None,
        };
        let rank = self.raw.ndim as u8;
        let start = if self.raw.len == 0 { ptr::dangling_mut::<u64>().cast() } else { self.raw.buf.cast::<u8>() };
        Some(Strided { start, shape, strides, dtype, rank, is_readonly: self.raw.readonly != 0 })
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

    fn format(&self) -> &CStr {
        // SAFETY: the format is null, which means bytes, or a string that lives as long as the view.
        if self.raw.format.is_null() { c"B" } else { unsafe { CStr::from_ptr(self.raw.format) } }
    }

    /// Find out why there was no view that fits, by asking for any view at all.
    #[cold]
    fn refuse(&mut self, object: Object, name: &'static str) -> Failure {
        if !self.fill(object, ffi::PyBUF_FULL_RO) {
            return Failure::Dtype { name, got: type_name(object), allowed: NAMES };
        }
        if Dtype::of_format(self.format(), self.raw.itemsize.unsigned_abs()).is_none() {
            return self.foreign(name);
        }
        let is_readonly = self.raw.readonly != 0;
        let (problem, allowed) = if is_readonly { ("read-only", "writable") } else { ("indirect", "in one piece") };
        Failure::Layout { name, problem, allowed }
    }

    /// The elements are of a type that no operation takes.
    #[cold]
    fn foreign(&self, name: &'static str) -> Failure {
        Failure::Dtype { name, got: element_name(&self.format().to_string_lossy()), allowed: NAMES }
    }

    fn shape(&self) -> &[usize] {
        // SAFETY: the exporter gives one length per dimension, none of them negative.
        unsafe { self.numbers(self.raw.shape.cast()) }
    }

    fn strides(&self) -> &[isize] {
        // SAFETY: the exporter gives one stride per dimension.
        unsafe { self.numbers(self.raw.strides) }
    }

    unsafe fn numbers<T>(&self, start: *const T) -> &[T] {
        let count = if start.is_null() { 0 } else { self.raw.ndim.max(0) as usize };
        // SAFETY: as the callers say.
        if count == 0 { &[] } else { unsafe { slice::from_raw_parts(start, count) } }
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

/// What operations take.
pub(crate) const RANKS: Expected = Expected::Kind("(n,) or (m, n)");

/// The object as Python writes it, for an error; the name of its type where that fails.
#[cold]
pub(crate) fn shown(object: Object) -> String {
    use pyo3::prelude::*;
    Python::attach(|py| {
        // SAFETY: the caller of the exported function keeps the object alive.
        let object = unsafe { Bound::from_borrowed_ptr(py, object) };
        object.repr().map_or_else(|_| type_name(object.as_ptr()), |text| text.to_string_lossy().into_owned())
    })
}

/// The name of the object's type.
pub(crate) fn type_name(object: Object) -> String {
    use pyo3::prelude::*;
    Python::attach(|py| {
        // SAFETY: the caller of the exported function keeps the object alive.
        let object = unsafe { Bound::from_borrowed_ptr(py, object) };
        object.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string_lossy().into_owned())
    })
}
