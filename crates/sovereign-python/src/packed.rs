//! Right sides of products that are laid out once for many products: the class `PackedMatrix`.

use std::{
    ffi::c_int,
    ptr, slice,
    sync::atomic::{AtomicPtr, Ordering},
};

use pyo3::{ffi, prelude::*, types::PyTuple};
use trueno::{Kernels, PackedMatrix};

use crate::{
    call::{Answer, Call, Object, Table, owned, property, text_of},
    dtype::Dtype,
    errors::{Failure, tuple},
    guard,
    matrix::{look, require_rank, view},
    operand::{Real, Wanted, with_real},
    options::{BACKEND, Options},
    pool::{self, Block},
};

/// The object: memory of the pool in the order of one backend.
#[repr(C)]
pub(crate) struct Packed {
    head: ffi::PyObject,
    memory: Block,
    elements: usize,
    pub(crate) shape: [usize; 2],
    pub(crate) dtype: Dtype,
    pub(crate) kernels: &'static Kernels,
}

/// The class, set once when the module is loaded.
static CLASS: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

impl Packed {
    /// The packed matrix, if the object is one.
    pub(crate) fn of<'a>(object: Object) -> Option<&'a Self> {
        // SAFETY: the caller of the exported function keeps its argument alive, and nobody can derive from the class.
        unsafe { (ffi::Py_TYPE(object) == CLASS.load(Ordering::Relaxed)).then(|| &*object.cast()) }
    }

    /// The matrix for kernels; nobody writes it, so that threads may share it.
    pub(crate) fn matrix<T: Real>(&self) -> Result<PackedMatrix<'_, T>, Failure> {
        assert!(self.dtype == T::DTYPE, "element types were compared before");
        // SAFETY: the memory holds so many elements of this type as long as the object lives.
        let memory = unsafe { slice::from_raw_parts(self.memory.start.as_ptr().cast(), self.elements) };
        Ok(self.kernels.packed(memory, self.shape[0], self.shape[1])?)
    }
}

/// `pack(b)`.
pub(crate) fn pack(call: &Call) -> Answer {
    let [b] = call.positional()?;
    let options = Options::new(None, call.keyword(&BACKEND)?, None)?;
    let wanted = [Wanted::input(b, "b")];
    let mut found = [None; 1];
    let (held, work) = look(&wanted, &mut found, |found| found[0].map_or(0, |b| b.bytes()))?;
    let [Some(b)] = found else { unreachable!("the matrix is wanted") };
    require_rank(&b, 2, "b")?;
    with_real!(b, "b", T => {
        let elements = options.kernels.packed_len::<T>(b.shape[0], b.shape[1]).ok_or(Failure::NoMemory)?;
        let bytes = elements.checked_mul(size_of::<T>()).ok_or(Failure::NoMemory)?;
        let memory = pool::Scratch::new(bytes)?;
        let mut scratch = None;
        // SAFETY: the matrix is held and of type `T`; the memory is ours, large enough, and its zeros are numbers.
        unsafe {
            let b = view::<T>(&b, &mut scratch)?;
            ptr::write_bytes(memory.start(), 0, bytes);
            let room = slice::from_raw_parts_mut(memory.start().cast::<T>(), elements);
            held.run(work, || options.kernels.pack(b, room).map(|_| ()))?;
        }
        make(memory.into_block(), elements, b.shape, b.dtype, options.kernels)
    })
}

fn make(memory: Block, elements: usize, shape: [usize; 2], dtype: Dtype, kernels: &'static Kernels) -> Answer {
    // SAFETY: the room is large enough for the object; Python fills its head, and the rest is filled here.
    unsafe {
        let place = ffi::PyObject_Malloc(size_of::<Packed>()).cast::<Packed>();
        if place.is_null() {
            pool::give(memory);
            return Err(Failure::NoMemory);
        }
        ffi::PyObject_Init(place.cast(), CLASS.load(Ordering::Relaxed));
        (&raw mut (*place).memory).write(memory);
        (&raw mut (*place).elements).write(elements);
        (&raw mut (*place).shape).write(shape);
        (&raw mut (*place).dtype).write(dtype);
        (&raw mut (*place).kernels).write(kernels);
        Ok(place.cast())
    }
}

unsafe extern "C" fn dealloc(object: Object) {
    // SAFETY: Python calls this once, with the last reference gone and the interpreter locked.
    unsafe {
        let kind = ffi::Py_TYPE(object);
        pool::give((*object.cast::<Packed>()).memory);
        ffi::PyObject_Free(object.cast());
        ffi::Py_DecRef(kind.cast());
    }
}

unsafe extern "C" fn repr(object: Object) -> Object {
    // SAFETY: Python calls this with an object of the class.
    let packed = unsafe { &*object.cast::<Packed>() };
    guard::guarded(|| {
        let (shape, dtype) = (tuple(&packed.shape), packed.dtype.name());
        string(&format!("PackedMatrix(shape={shape}, dtype={dtype}, backend={})", packed.kernels.backend().name()))
    })
}

fn string(text: &str) -> Answer {
    // SAFETY: the text is valid UTF-8 of this length.
    owned(unsafe { ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as ffi::Py_ssize_t) })
}

fn backend(packed: &Packed) -> Answer {
    string(packed.kernels.backend().name())
}

fn dtype(packed: &Packed) -> Answer {
    string(packed.dtype.name())
}

fn shape(packed: &Packed) -> Answer {
    Python::attach(|py| Ok(PyTuple::new(py, packed.shape)?.into_any().into_ptr()))
}

static PROPERTIES: Table<ffi::PyGetSetDef> = Table(&[
    property!(backend, "PackedMatrix", "backend"),
    property!(dtype, "PackedMatrix", "dtype"),
    property!(shape, "PackedMatrix", "shape"),
    crate::types::NO_PROPERTY,
]);

/// Make the class and put it into the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let slots = [
        crate::types::slot(ffi::Py_tp_doc, text_of!("PackedMatrix").as_ptr().cast()),
        crate::types::slot(ffi::Py_tp_dealloc, dealloc as *const _),
        crate::types::slot(ffi::Py_tp_repr, repr as *const _),
        crate::types::slot(ffi::Py_tp_getset, PROPERTIES.as_ptr().cast()),
        crate::types::slot(0, ptr::null()),
    ];
    let name = c"sovereign._native._core.PackedMatrix";
    let size = size_of::<Packed>() as c_int;
    let class = crate::types::make(module.py(), name, crate::types::MADE_BY_US, size, slots, None)?;
    CLASS.store(class.as_ptr().cast(), Ordering::Relaxed);
    module.setattr("PackedMatrix", class)
}
