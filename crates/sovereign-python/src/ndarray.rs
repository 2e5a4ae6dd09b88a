//! A short way to the memory of NumPy's own arrays.
//!
//! NumPy makes a new description of an array for each view that is asked of it, which costs more than a short dot
//! product. The first fields of its array object are part of its binary interface, though, the same in 1.x and 2.x;
//! here they are read directly, once NumPy has told that it has this interface. Nothing is held: what is read here is
//! good until Python code runs again, so it is used only for short vectors, with the interpreter locked, and only when
//! every vector of the call came this way. All else takes the buffer protocol of `buffer.rs`.

use std::{
    ffi::{c_char, c_int, c_uint, c_void},
    ptr,
    sync::atomic::{AtomicPtr, Ordering},
};

use pyo3::{ffi, prelude::*};

use crate::{buffer::Floats, call::Object, vectors::UNLOCK_FROM};

/// The first fields of NumPy's array object.
#[repr(C)]
struct Array {
    head: ffi::PyObject,
    data: *mut c_void,
    dimensions: c_int,
    shape: *mut isize,
    strides: *mut isize,
    base: Object,
    element: *mut Element,
    flags: c_int,
}

/// The first fields of NumPy's description of an element.
#[repr(C)]
struct Element {
    head: ffi::PyObject,
    class: *mut ffi::PyTypeObject,
    kind: c_char,
    letter: c_char,
    byte_order: c_char,
    reserved: c_char,
    number: c_int,
}

const FLOAT32: c_int = 11;
const NATIVE_ORDER: c_char = b'=' as c_char;
const CONTIGUOUS: c_int = 0x1;
const ALIGNED: c_int = 0x100;
const WRITEABLE: c_int = 0x400;
const WARN_ON_WRITE: c_int = c_int::MIN;

/// The versions of the binary interface that have these fields: of 1.x and of 2.x.
const INTERFACES: [c_uint; 2] = [0x0100_0009, 0x0200_0000];

/// NumPy's array type, once it is known to have these fields.
static ARRAY_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// The type of the last object that came the long way, so that NumPy is looked for only when another kind comes.
static LAST_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// The elements, if the object is a plain NumPy array, a short contiguous vector of `f32`.
///
/// They are good until Python code runs.
#[inline]
pub(crate) fn floats(object: Object) -> Option<Floats> {
    vector(object, CONTIGUOUS | ALIGNED)
}

/// As [`floats`], if the array may be written.
#[inline]
pub(crate) fn writable_floats(object: Object) -> Option<Floats> {
    vector(object, CONTIGUOUS | ALIGNED | WRITEABLE)
}

#[inline]
fn vector(object: Object, needed: c_int) -> Option<Floats> {
    let known = ARRAY_TYPE.load(Ordering::Relaxed);
    // SAFETY: the caller of the exported function keeps its argument alive.
    if known.is_null() || unsafe { ffi::Py_TYPE(object) } != known {
        return None;
    }
    // SAFETY: objects of exactly this type begin with these fields, as `learn` has checked, and the interpreter is
    // locked, so that nobody changes them.
    let (array, element) = unsafe {
        let array = &*object.cast::<Array>();
        (array, &*array.element)
    };
    let fits = array.dimensions == 1
        && element.number == FLOAT32
        && element.byte_order == NATIVE_ORDER
        && array.flags & (needed | WARN_ON_WRITE) == needed;
    if !fits {
        return None;
    }
    // SAFETY: an array of one dimension has one length.
    let length = unsafe { *array.shape }.unsigned_abs();
    (length < UNLOCK_FROM).then(|| Floats { start: array.data.cast(), length })
}

/// Whether the object is an array with a mask: its buffer holds the numbers, and not which of them are missing.
#[inline]
pub(crate) fn is_masked(object: Object) -> bool {
    let known = ARRAY_TYPE.load(Ordering::Relaxed);
    // SAFETY: the caller of the exported function keeps its argument alive; both types live as long as their modules.
    unsafe {
        let kind = ffi::Py_TYPE(object);
        !known.is_null()
            && kind != known
            && ffi::PyType_IsSubtype(kind, known) != 0
            && ffi::PyObject_HasAttrString(object, c"mask".as_ptr()) != 0
    }
}

/// Look for NumPy when an object of a type comes the long way that did not come before.
#[inline]
pub(crate) fn notice(object: Object) {
    // SAFETY: the caller of the exported function keeps its argument alive.
    let kind = unsafe { ffi::Py_TYPE(object) };
    if LAST_TYPE.swap(kind, Ordering::Relaxed) != kind && ARRAY_TYPE.load(Ordering::Relaxed).is_null() {
        Python::attach(|py| ARRAY_TYPE.store(learn(py).unwrap_or(ptr::null_mut()), Ordering::Relaxed));
    }
}

/// NumPy's array type, if NumPy is loaded and its binary interface is one that we know.
#[cold]
fn learn(py: Python<'_>) -> Option<*mut ffi::PyTypeObject> {
    let modules = py.import("sys").ok()?.getattr("modules").ok()?;
    let named = |name| modules.get_item(name).ok();
    let module = named("numpy._core.multiarray").or_else(|| named("numpy.core.multiarray"))?;
    let capsule = module.getattr("_ARRAY_API").ok()?;
    // SAFETY: for anything but a capsule without a name, Python returns null and sets an error.
    let table = unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), ptr::null()) }.cast::<*mut c_void>();
    if table.is_null() {
        drop(PyErr::take(py));
        return None;
    }
    // SAFETY: in every version of the table, entry 0 is the function that tells the version of the interface, and
    // entry 2 the array type.
    let (version, array_type) = unsafe {
        let version: extern "C" fn() -> c_uint = std::mem::transmute(*table);
        (version(), (*table.add(2)).cast())
    };
    INTERFACES.contains(&version).then_some(array_type)
}
