//! A short way to the memory of NumPy's own arrays.
//!
//! NumPy makes a new description of an array for each view that is asked of it, which costs more than a short dot
//! product. The first fields of its array object are part of its binary interface, though, the same in 1.x and 2.x;
//! here they are read directly, once NumPy has told that it has this interface. Nothing is held: what is read here is
//! good until Python code runs again, so it is used only for short arrays, with the interpreter locked, and only when
//! every array of the call came this way or is one of ours. All else takes the buffer protocol of `buffer.rs`.

use std::{
    ffi::{c_char, c_int, c_long, c_uint, c_void},
    ptr,
    sync::atomic::{AtomicPtr, Ordering},
};

use pyo3::{ffi, prelude::*};

use crate::{call::Object, dtype::Dtype, errors::Failure, strided::Strided};

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

const NATIVE_ORDER: c_char = b'=' as c_char;
const NO_ORDER: c_char = b'|' as c_char;
const WRITEABLE: c_int = 0x400;
const WARN_ON_WRITE: c_int = c_int::MIN;

/// The versions of the binary interface that have these fields: of 1.x and of 2.x.
const INTERFACES: [c_uint; 2] = [0x0100_0009, 0x0200_0000];

/// NumPy's array type, once it is known to have these fields.
static ARRAY_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// The type of the last object that came the long way, so that NumPy is looked for only when another kind comes.
static LAST_TYPE: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// NumPy's function that makes arrays, known together with the type.
static MAKE: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

/// As C declares it: type, dimensions, lengths, number of the element type, strides, memory, size, flags, base.
type Make = unsafe extern "C" fn(
    *mut ffi::PyTypeObject,
    c_int,
    *const isize,
    c_int,
    *const isize,
    *mut c_void,
    c_int,
    c_int,
    Object,
) -> Object;

/// A new array of NumPy's with anything in it, and where its elements begin; nothing where NumPy is not known.
#[inline]
pub(crate) fn new(dtype: Dtype, rank: u8, shape: [usize; 2]) -> Option<Result<(Object, *mut u8), Failure>> {
    let make = MAKE.load(Ordering::Relaxed);
    if make.is_null() {
        return None;
    }
    let lengths = shape.map(|length| length as isize);
    // SAFETY: `learn` put NumPy's function there, which has this signature in every version that it knows; lengths and
    // type are as it expects them, and it makes memory and strides itself.
    unsafe {
        let make: Make = std::mem::transmute(make);
        let (kind, skipped) = (ARRAY_TYPE.load(Ordering::Relaxed), 2 - usize::from(rank));
        let (lengths, number) = (lengths[skipped..].as_ptr(), number(dtype));
        let array = make(kind, rank.into(), lengths, number, ptr::null(), ptr::null_mut(), 0, 0, ptr::null_mut());
        if array.is_null() {
            return Some(Err(Failure::Raised));
        }
        Some(Ok((array, (*array.cast::<Array>()).data.cast())))
    }
}

/// NumPy's number of an element type.
fn number(dtype: Dtype) -> c_int {
    match dtype {
        Dtype::Int8 => 1,
        Dtype::Uint8 => 2,
        Dtype::Int32 => 5,
        Dtype::Int64 => 9,
        Dtype::Float32 => 11,
        Dtype::Float64 => 12,
    }
}

/// Look for NumPy, if it is not known yet.
pub(crate) fn find() {
    if ARRAY_TYPE.load(Ordering::Relaxed).is_null() {
        Python::attach(|py| ARRAY_TYPE.store(learn(py).unwrap_or(ptr::null_mut()), Ordering::Relaxed));
    }
}

/// Tell `slot` where the elements lie, if the object is a plain NumPy array of one or two dimensions with fewer elements
/// than `limit`. They are there until Python code runs.
// What is found is written where it stays, number by number: moving it costs more than finding it.
#[inline(always)]
pub(crate) fn look(object: Object, limit: usize, slot: &mut Option<Strided>) {
    if !is_array(object) {
        return;
    }
    // SAFETY: objects of exactly this type begin with these fields, as `learn` has checked, and the interpreter is
    // locked, so that nobody changes them.
    let (array, element) = unsafe {
        let array = &*object.cast::<Array>();
        (array, &*array.element)
    };
    let Some(dtype) = element_type(element) else { return };
    // SAFETY: an array has one length and one stride for each dimension.
    let ([rows, columns], [down, right]) = unsafe {
        match array.dimensions {
            1 => ([1, *array.shape as usize], [0, *array.strides]),
            2 => ([*array.shape as usize, *array.shape.add(1) as usize], [*array.strides, *array.strides.add(1)]),
            _ => return,
        }
    };
    if rows * columns < limit {
        // A warning on writing is NumPy's to give.
        let is_readonly = array.flags & (WRITEABLE | WARN_ON_WRITE) != WRITEABLE;
        let (start, rank) = (array.data.cast(), array.dimensions as u8);
        *slot = Some(Strided { start, shape: [rows, columns], strides: [down, right], dtype, rank, is_readonly });
    }
}

/// Whether the object is exactly an array of NumPy.
#[inline(always)]
pub(crate) fn is_array(object: Object) -> bool {
    let known = ARRAY_TYPE.load(Ordering::Relaxed);
    // SAFETY: the caller of the exported function keeps its argument alive.
    !known.is_null() && unsafe { ffi::Py_TYPE(object) } == known
}

/// Whether an array, as [`is_array`] tells, has no dimensions and so holds a single number.
#[inline]
pub(crate) fn is_number(array: Object) -> bool {
    // SAFETY: objects of exactly this type begin with these fields.
    unsafe { (*array.cast::<Array>()).dimensions == 0 }
}

#[inline(always)]
fn element_type(element: &Element) -> Option<Dtype> {
    let dtype = match element.number {
        1 => Dtype::Int8,
        2 => Dtype::Uint8,
        5 => Dtype::Int32,
        // The two names of C for 64 bits; the first has 32 on some systems.
        7 if size_of::<c_long>() == 8 => Dtype::Int64,
        9 => Dtype::Int64,
        11 => Dtype::Float32,
        12 => Dtype::Float64,
        _ => return None,
    };
    (element.byte_order == NATIVE_ORDER || element.byte_order == NO_ORDER).then_some(dtype)
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
    // SAFETY: in every version of the table, entry 0 is the function that tells the version of the interface, entry 2
    // the array type, and entry 93 `PyArray_New`.
    let (version, array_type, make) = unsafe {
        let version: extern "C" fn() -> c_uint = std::mem::transmute(*table);
        (version(), (*table.add(2)).cast(), *table.add(93))
    };
    let is_known = INTERFACES.contains(&version);
    MAKE.store(if is_known { make } else { ptr::null_mut() }, Ordering::Relaxed);
    is_known.then_some(array_type)
}
