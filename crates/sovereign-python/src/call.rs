//! From Python's fast calling convention to arguments, without allocating.

use std::{
    ffi::{CStr, c_int},
    ptr, slice,
};

use pyo3::ffi;

use crate::errors::Failure;

/// A Python object that the caller keeps alive for the length of the call.
pub(crate) type Object = *mut ffi::PyObject;

/// A new reference for the caller, or why there is none.
pub(crate) type Answer = Result<Object, Failure>;

/// The arguments of one call.
pub(crate) struct Call<'a> {
    function: &'static CStr,
    arguments: &'a [Object],
    positional: usize,
    keywords: Object,
}

impl<'a> Call<'a> {
    /// Wrap what Python hands over.
    ///
    /// # Safety
    /// As the convention says: `positional` values at `arguments`, then one for each name in the tuple `keywords`,
    /// which may be null. The interpreter is locked.
    #[inline]
    pub(crate) unsafe fn new(
        function: &'static CStr,
        arguments: *const Object,
        positional: ffi::Py_ssize_t,
        keywords: Object,
    ) -> Self {
        // SAFETY: `keywords` is null or a tuple.
        let named = if keywords.is_null() { 0 } else { unsafe { ffi::PyTuple_Size(keywords) } };
        let count = (positional + named).unsigned_abs();
        // SAFETY: so many values stand there; without any, the pointer may be null.
        let arguments = if count == 0 { &[] } else { unsafe { slice::from_raw_parts(arguments, count) } };
        Self { function, arguments, positional: positional.unsigned_abs(), keywords }
    }

    /// Exactly `N` positional arguments.
    #[inline]
    pub(crate) fn positional<const N: usize>(&self) -> Result<[Object; N], Failure> {
        self.arguments[..self.positional].try_into().map_err(|_| {
            let name = self.function.to_string_lossy();
            Failure::Call(format!("`{name}` takes {N} positional arguments, got: `{}`", self.positional))
        })
    }

    /// The one keyword argument that the function knows, unless it is missing or None.
    #[inline]
    pub(crate) fn keyword(&self, known: &CStr) -> Result<Option<Object>, Failure> {
        if self.keywords.is_null() { Ok(None) } else { self.find_keyword(known) }
    }

    /// No keyword argument at all.
    #[inline]
    pub(crate) fn no_keywords(&self) -> Result<(), Failure> {
        // No parameter has an empty name.
        self.keyword(c"").map(|_| ())
    }

    fn find_keyword(&self, known: &CStr) -> Result<Option<Object>, Failure> {
        let mut found = None;
        for (place, &value) in self.arguments[self.positional..].iter().enumerate() {
            // SAFETY: `keywords` holds as many names as there are values here, and each is a string.
            let name = unsafe { text(ffi::PyTuple_GetItem(self.keywords, place as ffi::Py_ssize_t)) }?;
            if name.as_bytes() != known.to_bytes() {
                let function = self.function.to_string_lossy();
                return Err(Failure::Call(format!("`{function}` has no keyword argument: `{name}`")));
            }
            // SAFETY: None is immortal.
            found = (value != unsafe { ffi::Py_None() }).then_some(value);
        }
        Ok(found)
    }
}

/// The characters of a string, borrowed from it; `TypeError` for anything else.
///
/// # Safety
/// `object` is alive for as long as the text is used, and the interpreter is locked.
pub(crate) unsafe fn text<'a>(object: Object) -> Result<&'a str, Failure> {
    let mut length = 0;
    // SAFETY: the object is alive; for one that is not a string, Python sets an error and returns null.
    let start = unsafe { ffi::PyUnicode_AsUTF8AndSize(object, &raw mut length) };
    if start.is_null() {
        return Err(Failure::Raised);
    }
    // SAFETY: Python keeps so many bytes of UTF-8 as long as the string lives.
    unsafe { Ok(std::str::from_utf8_unchecked(slice::from_raw_parts(start.cast(), length.unsigned_abs()))) }
}

/// A new reference to None.
pub(crate) fn none() -> Object {
    // SAFETY: None is a static object; the interpreter is locked in every function of this module.
    unsafe { ffi::Py_NewRef(ffi::Py_None()) }
}

/// The functions of a module, ended by an empty entry.
pub(crate) struct Table<const N: usize>(pub(crate) [ffi::PyMethodDef; N]);

// SAFETY: names, texts and functions are constants, and nobody writes them.
unsafe impl<const N: usize> Sync for Table<N> {}

impl<const N: usize> Table<N> {
    /// What Python's API wants to see, though it only reads.
    pub(crate) fn as_ptr(&self) -> *mut ffi::PyMethodDef {
        ptr::from_ref(&self.0).cast::<ffi::PyMethodDef>().cast_mut()
    }
}

/// The entry that ends a table.
pub(crate) const fn end() -> ffi::PyMethodDef {
    ffi::PyMethodDef::zeroed()
}

/// One entry of a table.
pub(crate) const fn entry(
    name: &'static CStr,
    text: &'static CStr,
    function: ffi::PyCFunctionFastWithKeywords,
) -> ffi::PyMethodDef {
    const FLAGS: c_int = ffi::METH_FASTCALL | ffi::METH_KEYWORDS;
    ffi::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: function },
        ml_flags: FLAGS,
        ml_doc: text.as_ptr(),
    }
}

/// The table's entry for a function `fn(&Call) -> Answer`: its C face, with the guard around it.
macro_rules! method {
    ($function:path, $name:literal, $text:expr) => {{
        unsafe extern "C" fn face(
            _module: *mut pyo3::ffi::PyObject,
            arguments: *const *mut pyo3::ffi::PyObject,
            positional: pyo3::ffi::Py_ssize_t,
            keywords: *mut pyo3::ffi::PyObject,
        ) -> *mut pyo3::ffi::PyObject {
            // SAFETY: Python calls this by the convention that the entry names, with the interpreter locked.
            let call = unsafe { $crate::call::Call::new($name, arguments, positional, keywords) };
            $crate::guard::guarded(|| $function(&call))
        }
        $crate::call::entry($name, $text, face)
    }};
}
pub(crate) use method;
