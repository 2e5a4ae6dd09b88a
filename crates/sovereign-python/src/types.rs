//! The classes `Array`, `Vector` and `Matrix`, as Python is told of them.
//!
//! They are made by hand, because pyo3's classes cost more in each call: an array is told by the address of its type.

use std::{
    ffi::{c_int, c_uint, c_void},
    ptr,
};

use pyo3::{ffi, prelude::*};

use crate::{
    array::{self, Array},
    call::{Table, end, method, property, text_of},
    dlpack, indexing, members,
};

static METHODS: Table<ffi::PyMethodDef> = Table(&[
    method!(members::close, "Array", "close"),
    method!(members::copy, "Array", "copy"),
    method!(members::numpy, "Array", "numpy"),
    method!(members::reshape, "Array", "reshape"),
    method!(members::to_list, "Array", "tolist"),
    method!(members::array, "Array", "__array__"),
    method!(members::buffer, "Array", "__buffer__"),
    method!(dlpack::export, "Array", "__dlpack__"),
    method!(dlpack::device, "Array", "__dlpack_device__"),
    method!(members::enter, "Array", "__enter__"),
    method!(members::exit, "Array", "__exit__"),
    end(),
]);

static PROPERTIES: Table<ffi::PyGetSetDef> = Table(&[
    property!(members::dtype, "Array", "dtype"),
    property!(members::is_closed, "Array", "is_closed"),
    property!(members::is_owner, "Array", "is_owner"),
    property!(members::nbytes, "Array", "nbytes"),
    property!(members::readonly, "Array", "readonly"),
    property!(members::shape, "Array", "shape"),
    property!(members::size, "Array", "size"),
    property!(members::strides, "Array", "strides"),
    property!(members::array_priority, "Array", "__array_priority__"),
    NO_PROPERTY,
]);

static VECTOR_METHODS: Table<ffi::PyMethodDef> = Table(&[
    method!(members::borrow, "Vector", "borrow", ffi::METH_CLASS),
    method!(members::empty, "Vector", "empty", ffi::METH_CLASS),
    method!(members::zeros, "Vector", "zeros", ffi::METH_CLASS),
    end(),
]);

static MATRIX_METHODS: Table<ffi::PyMethodDef> = Table(&[
    method!(members::borrow, "Matrix", "borrow", ffi::METH_CLASS),
    method!(members::empty, "Matrix", "empty", ffi::METH_CLASS),
    method!(members::zeros, "Matrix", "zeros", ffi::METH_CLASS),
    end(),
]);

static MATRIX_PROPERTIES: Table<ffi::PyGetSetDef> =
    Table(&[property!(members::transposed, "Matrix", "T"), NO_PROPERTY]);

/// The entry that ends a table of attributes.
pub(crate) const NO_PROPERTY: ffi::PyGetSetDef =
    ffi::PyGetSetDef { name: ptr::null(), get: None, set: None, doc: ptr::null(), closure: ptr::null_mut() };

/// Nobody may change the classes; of `Array` there are no objects of its own.
const FIXED: c_uint = (ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_IMMUTABLETYPE) as c_uint;
pub(crate) const MADE_BY_US: c_uint = FIXED | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION as c_uint;
const ABSTRACT: c_uint = (ffi::Py_TPFLAGS_BASETYPE | ffi::Py_TPFLAGS_DISALLOW_INSTANTIATION) as c_uint;

/// Make the classes and put them into the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let doc = |text: &'static std::ffi::CStr| slot(ffi::Py_tp_doc, text.as_ptr().cast());
    let array = [
        doc(text_of!("Array")),
        slot(ffi::Py_tp_dealloc, array::dealloc as *const c_void),
        slot(ffi::Py_tp_methods, METHODS.as_ptr().cast()),
        slot(ffi::Py_tp_getset, PROPERTIES.as_ptr().cast()),
        slot(ffi::Py_tp_repr, members::repr as *const c_void),
        slot(ffi::Py_tp_iter, ffi::PySeqIter_New as *const c_void),
        slot(ffi::Py_bf_getbuffer, array::get_buffer as *const c_void),
        slot(ffi::Py_bf_releasebuffer, array::release_buffer as *const c_void),
        slot(ffi::Py_sq_length, indexing::length as *const c_void),
        slot(ffi::Py_sq_item, indexing::item as *const c_void),
        slot(ffi::Py_mp_length, indexing::length as *const c_void),
        slot(ffi::Py_mp_subscript, indexing::subscript as *const c_void),
        slot(ffi::Py_mp_ass_subscript, indexing::assign as *const c_void),
        slot(ffi::Py_nb_add, members::add as *const c_void),
        slot(ffi::Py_nb_subtract, members::subtract as *const c_void),
        slot(ffi::Py_nb_multiply, members::multiply as *const c_void),
        slot(ffi::Py_nb_true_divide, members::divide as *const c_void),
        slot(ffi::Py_nb_power, members::power as *const c_void),
        slot(ffi::Py_nb_negative, members::negative as *const c_void),
        slot(ffi::Py_nb_absolute, members::absolute as *const c_void),
        slot(0, ptr::null()),
    ];
    let vector = [
        doc(text_of!("Vector")),
        slot(ffi::Py_tp_new, members::new as *const c_void),
        slot(ffi::Py_tp_methods, VECTOR_METHODS.as_ptr().cast()),
        slot(0, ptr::null()),
    ];
    let matrix = [
        doc(text_of!("Matrix")),
        slot(ffi::Py_tp_new, members::new as *const c_void),
        slot(ffi::Py_tp_methods, MATRIX_METHODS.as_ptr().cast()),
        slot(ffi::Py_tp_getset, MATRIX_PROPERTIES.as_ptr().cast()),
        slot(0, ptr::null()),
    ];
    let (py, size) = (module.py(), size_of::<Array>() as c_int);
    let array = make(py, c"sovereign._native._core.Array", FIXED | ABSTRACT, size, array, None)?;
    let vector = make(py, c"sovereign._native._core.Vector", FIXED, size, vector, Some(&array))?;
    let matrix = make(py, c"sovereign._native._core.Matrix", FIXED, size, matrix, Some(&array))?;
    array::set_types(vector.as_ptr().cast(), matrix.as_ptr().cast());
    for (name, class) in [("Array", array), ("Vector", vector), ("Matrix", matrix)] {
        // `add` would make an `__all__` of the classes alone.
        module.setattr(name, class)?;
    }
    Ok(())
}

/// One line of a class's description.
pub(crate) fn slot(slot: c_int, function: *const c_void) -> ffi::PyType_Slot {
    ffi::PyType_Slot { slot, pfunc: function.cast_mut() }
}

/// Make a class; its objects have this size in bytes.
pub(crate) fn make<'py, const N: usize>(
    py: Python<'py>,
    name: &'static std::ffi::CStr,
    flags: c_uint,
    basicsize: c_int,
    mut slots: [ffi::PyType_Slot; N],
    base: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let mut spec = ffi::PyType_Spec { name: name.as_ptr(), basicsize, itemsize: 0, flags, slots: slots.as_mut_ptr() };
    let base = base.map_or(ptr::null_mut(), Bound::as_ptr);
    // SAFETY: the description is whole, its tables static, and each function is of the kind that its slot calls.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpecWithBases(&raw mut spec, base)) }
}
