//! From Python's calling conventions to arguments, without allocating.

use std::{
    ffi::{CStr, c_int},
    ptr, slice,
    sync::atomic::{AtomicPtr, Ordering},
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
    this: Object,
    arguments: &'a [Object],
    positional: usize,
    keywords: Object,
}

/// A keyword that some function knows. Its string is interned on first use, so that most are told by their address.
pub(crate) struct Keyword {
    name: &'static CStr,
    interned: AtomicPtr<ffi::PyObject>,
}

impl Keyword {
    pub(crate) const fn new(name: &'static CStr) -> Self {
        Self { name, interned: AtomicPtr::new(ptr::null_mut()) }
    }

    /// Whether a string is this keyword.
    #[inline]
    fn is(&self, object: Object) -> Result<bool, Failure> {
        if self.interned.load(Ordering::Relaxed) == object { Ok(true) } else { self.reads_as(object) }
    }

    fn reads_as(&self, object: Object) -> Result<bool, Failure> {
        if self.interned.load(Ordering::Relaxed).is_null() {
            // SAFETY: the name ends with NUL; the interned string is kept for good. Null leaves the next call to try.
            self.interned.store(unsafe { ffi::PyUnicode_InternFromString(self.name.as_ptr()) }, Ordering::Relaxed);
        }
        // SAFETY: the caller keeps the names of its arguments alive.
        Ok(unsafe { text(object) }?.as_bytes() == self.name.to_bytes())
    }
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
        this: Object,
        arguments: *const Object,
        positional: ffi::Py_ssize_t,
        keywords: Object,
    ) -> Self {
        // SAFETY: `keywords` is null or a tuple.
        let named = if keywords.is_null() { 0 } else { unsafe { ffi::PyTuple_Size(keywords) } };
        let count = (positional + named).unsigned_abs();
        // SAFETY: so many values stand there; without any, the pointer may be null.
        let arguments = if count == 0 { &[] } else { unsafe { slice::from_raw_parts(arguments, count) } };
        Self { function, this, arguments, positional: positional.unsigned_abs(), keywords }
    }

    /// The object whose method is called; of a function, the module.
    #[inline]
    pub(crate) fn this(&self) -> Object {
        self.this
    }

    /// Exactly `N` positional arguments.
    #[inline]
    pub(crate) fn positional<const N: usize>(&self) -> Result<[Object; N], Failure> {
        self.arguments[..self.positional].try_into().map_err(|_| self.miscounted(N, N))
    }

    /// `N` positional arguments, of which those after `needed` may be left out.
    #[inline]
    pub(crate) fn optional<const N: usize>(&self, needed: usize) -> Result<[Option<Object>; N], Failure> {
        if !(needed..=N).contains(&self.positional) {
            return Err(self.miscounted(needed, N));
        }
        let mut found = [None; N];
        for (place, &value) in found.iter_mut().zip(&self.arguments[..self.positional]) {
            *place = given(value);
        }
        Ok(found)
    }

    #[cold]
    fn miscounted(&self, least: usize, most: usize) -> Failure {
        let (name, got) = (self.function.to_string_lossy(), self.positional);
        let count = if least == most { most.to_string() } else { format!("{least} to {most}") };
        Failure::Call(format!("`{name}` takes {count} positional arguments, got: `{got}`"))
    }

    /// The values of the keywords that the function knows, where they are given and not None.
    #[inline]
    pub(crate) fn keywords<const N: usize>(&self, known: &[&Keyword; N]) -> Result<[Option<Object>; N], Failure> {
        if self.keywords.is_null() { Ok([None; N]) } else { self.find_keywords(known) }
    }

    /// The one keyword that the function knows.
    #[inline]
    pub(crate) fn keyword(&self, known: &Keyword) -> Result<Option<Object>, Failure> {
        self.keywords(&[known]).map(|[value]| value)
    }

    /// No keyword argument at all.
    #[inline]
    pub(crate) fn no_keywords(&self) -> Result<(), Failure> {
        self.keywords(&[]).map(|[]| ())
    }

    fn find_keywords<const N: usize>(&self, known: &[&Keyword; N]) -> Result<[Option<Object>; N], Failure> {
        let mut found = [None; N];
        'values: for (place, &value) in self.arguments[self.positional..].iter().enumerate() {
            // SAFETY: `keywords` holds as many names as there are values here, and each is a string.
            let name = unsafe { ffi::PyTuple_GetItem(self.keywords, place as ffi::Py_ssize_t) };
            for (keyword, slot) in known.iter().zip(&mut found) {
                if keyword.is(name)? {
                    *slot = given(value);
                    continue 'values;
                }
            }
            return Err(self.unknown(name));
        }
        Ok(found)
    }

    #[cold]
    fn unknown(&self, name: Object) -> Failure {
        // SAFETY: the caller keeps the names of its arguments alive.
        let name = match unsafe { text(name) } {
            Ok(name) => name,
            Err(failure) => return failure,
        };
        Failure::Call(format!("`{}` has no keyword argument: `{name}`", self.function.to_string_lossy()))
    }
}

/// The value, unless it is None.
#[inline]
fn given(value: Object) -> Option<Object> {
    // SAFETY: None is immortal.
    (value != unsafe { ffi::Py_None() }).then_some(value)
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

/// The answer of a function of Python's interface, which is null where it has set an error.
#[inline]
pub(crate) fn owned(object: Object) -> Answer {
    if object.is_null() { Err(Failure::Raised) } else { Ok(object) }
}

/// A new reference to None.
pub(crate) fn none() -> Object {
    // SAFETY: None is a static object; the interpreter is locked in every function of this module.
    unsafe { ffi::Py_NewRef(ffi::Py_None()) }
}

/// A Python object that is kept until another comes.
pub(crate) struct Kept(AtomicPtr<ffi::PyObject>);

impl Kept {
    pub(crate) const fn nothing() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// What is kept; null where nothing is.
    pub(crate) fn get(&self) -> Object {
        self.0.load(Ordering::Relaxed)
    }

    /// Keep the one argument of a call, or nothing for None; the answer is what was kept before.
    pub(crate) fn exchange(&self, call: &Call) -> Answer {
        let [object] = call.positional()?;
        call.no_keywords()?;
        // SAFETY: the object is alive; the reference that was kept goes over to the caller.
        let kept = given(object).map_or(ptr::null_mut(), |object| unsafe { ffi::Py_NewRef(object) });
        let earlier = self.0.swap(kept, Ordering::Relaxed);
        Ok(if earlier.is_null() { none() } else { earlier })
    }
}

/// A Python truth value.
#[inline]
pub(crate) fn truth(object: Object) -> Result<bool, Failure> {
    // SAFETY: the caller keeps its argument alive; -1 tells of an error that is set.
    match unsafe { ffi::PyObject_IsTrue(object) } {
        -1 => Err(Failure::Raised),
        answer => Ok(answer != 0),
    }
}

/// A table that Python reads, ended by an empty entry.
pub(crate) struct Table<T: 'static>(pub(crate) &'static [T]);

// SAFETY: names, texts and functions are constants, and nobody writes them.
unsafe impl<T> Sync for Table<T> {}

impl<T> Table<T> {
    /// What Python's API wants to see, though it only reads.
    pub(crate) const fn as_ptr(&self) -> *mut T {
        self.0.as_ptr().cast_mut()
    }
}

/// The entry that ends a table of functions.
pub(crate) const fn end() -> ffi::PyMethodDef {
    ffi::PyMethodDef::zeroed()
}

/// The text that a build script or a macro has ended with NUL.
pub(crate) const fn terminated(bytes: &'static [u8]) -> &'static CStr {
    match CStr::from_bytes_with_nul(bytes) {
        Ok(text) => text,
        Err(_) => panic!("a text should end with its only NUL"),
    }
}

/// One entry of a table of functions; `binding` tells methods of classes from the others.
pub(crate) const fn entry(
    name: &'static CStr,
    text: &'static CStr,
    binding: c_int,
    function: ffi::PyCFunctionFastWithKeywords,
) -> ffi::PyMethodDef {
    ffi::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: function },
        ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS | binding,
        ml_doc: text.as_ptr(),
    }
}

/// What `_core.pyi` says about a name, cut out by `build.rs`.
macro_rules! text_of {
    ($name:expr) => {
        $crate::call::terminated(include_bytes!(concat!(env!("OUT_DIR"), "/texts/", $name)))
    };
}
pub(crate) use text_of;

/// The table's entry for a function `fn(&Call) -> Answer`: its C face, with the guard around it. A method bears the
/// name of its class before its own; one of the class itself has `METH_CLASS` behind it.
macro_rules! method {
    ($function:path, $name:literal) => {
        $crate::call::method!(@ $function, $name, $name, 0)
    };
    ($function:path, $class:literal, $name:literal) => {
        $crate::call::method!(@ $function, $name, concat!($class, ".", $name), 0)
    };
    ($function:path, $class:literal, $name:literal, $binding:expr) => {
        $crate::call::method!(@ $function, $name, concat!($class, ".", $name), $binding)
    };
    (@ $function:path, $name:literal, $path:expr, $binding:expr) => {{
        const NAME: &std::ffi::CStr = $crate::call::terminated(concat!($name, "\0").as_bytes());
        unsafe extern "C" fn face(
            this: *mut pyo3::ffi::PyObject,
            arguments: *const *mut pyo3::ffi::PyObject,
            positional: pyo3::ffi::Py_ssize_t,
            keywords: *mut pyo3::ffi::PyObject,
        ) -> *mut pyo3::ffi::PyObject {
            // SAFETY: Python calls this by the convention that the entry names, with the interpreter locked.
            let call = unsafe { $crate::call::Call::new(NAME, this, arguments, positional, keywords) };
            $crate::guard::guarded(|| $function(&call))
        }
        $crate::call::entry(NAME, $crate::call::text_of!($path), $binding, face)
    }};
}
pub(crate) use method;

/// The table's entry for an attribute that is read by `fn(&Array) -> Answer`.
macro_rules! property {
    ($function:path, $class:literal, $name:literal) => {{
        unsafe extern "C" fn face(
            this: *mut pyo3::ffi::PyObject,
            _closure: *mut std::ffi::c_void,
        ) -> *mut pyo3::ffi::PyObject {
            // SAFETY: Python asks only objects of the type whose table this is.
            $crate::guard::guarded(|| $function(unsafe { &*this.cast() }))
        }
        pyo3::ffi::PyGetSetDef {
            name: $crate::call::terminated(concat!($name, "\0").as_bytes()).as_ptr(),
            get: Some(face),
            set: None,
            doc: $crate::call::text_of!(concat!($class, ".", $name)).as_ptr(),
            closure: std::ptr::null_mut(),
        }
    }};
}
pub(crate) use property;
