//! The arrays themselves: `Vector` and `Matrix`, as objects of Python that own, borrow or view memory.
//!
//! Both have one layout, so that a call tells them by the address of their type and reads the fields. An array that owns
//! its memory took it from the pool; one that borrows holds a buffer or a DLPack tensor; a view holds the array whose
//! memory it shows. `uses` counts who looks into the memory: views, exports, and kernels that run while the interpreter
//! is unlocked. While anybody does, the array cannot be closed.

use std::{
    cell::Cell,
    ffi::c_int,
    ptr,
    sync::atomic::{AtomicPtr, Ordering},
};

use pyo3::ffi;

use crate::{
    buffer::View,
    call::{Answer, Object, owned},
    dlpack::Tensor,
    dtype::Dtype,
    errors::Failure,
    pool::{self, Block},
    strided::Strided,
};

/// A vector or a matrix.
#[repr(C)]
pub(crate) struct Array {
    head: ffi::PyObject,
    lies: Cell<Strided>,
    uses: Cell<usize>,
    source: Cell<Source>,
    is_closed: Cell<bool>,
}

/// Whose memory it is.
enum Source {
    /// Its own, of the pool.
    Pool(Block),
    /// That of an exporter, which the view keeps alive and in place.
    Buffer(#[allow(dead_code, reason = "it is held, not looked at")] Box<View>),
    /// That of a tensor, given back with this.
    Tensor(#[allow(dead_code, reason = "it is held, not looked at")] Tensor),
    /// That of another array, a new reference.
    Array(*const Array),
    /// It was closed.
    Nobody,
}

/// The types, set once when the module is loaded.
static VECTOR: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());
static MATRIX: AtomicPtr<ffi::PyTypeObject> = AtomicPtr::new(ptr::null_mut());

/// Remember the types.
pub(crate) fn set_types(vector: *mut ffi::PyTypeObject, matrix: *mut ffi::PyTypeObject) {
    VECTOR.store(vector, Ordering::Relaxed);
    MATRIX.store(matrix, Ordering::Relaxed);
}

/// The type of arrays of this rank.
#[inline]
fn type_of(rank: u8) -> *mut ffi::PyTypeObject {
    if rank == 1 { VECTOR.load(Ordering::Relaxed) } else { MATRIX.load(Ordering::Relaxed) }
}

/// The rank of what a class makes.
pub(crate) fn rank_of(class: Object) -> u8 {
    if class.cast() == VECTOR.load(Ordering::Relaxed) { 1 } else { 2 }
}

/// The array, if the object is one of ours.
#[inline]
pub(crate) fn known<'a>(object: Object) -> Option<&'a Array> {
    // SAFETY: the caller of the exported function keeps its argument alive. Nobody can derive from these types, so that
    // every object of them has this layout.
    unsafe {
        let kind = ffi::Py_TYPE(object);
        let is_ours = kind == VECTOR.load(Ordering::Relaxed) || kind == MATRIX.load(Ordering::Relaxed);
        is_ours.then(|| &*object.cast())
    }
}

impl Array {
    /// A new array of the pool, with anything in it.
    #[inline]
    pub(crate) fn new(dtype: Dtype, rank: u8, shape: [usize; 2]) -> Result<*mut Self, Failure> {
        let bytes = shape[0].checked_mul(shape[1]).and_then(|size| size.checked_mul(dtype.size()));
        let block = pool::take(bytes.filter(|&bytes| bytes <= isize::MAX as usize).ok_or(Failure::NoMemory)?)?;
        Self::make(Strided::dense(block.start.as_ptr(), dtype, rank, shape), Source::Pool(block))
    }

    /// An array over the memory of an exporter.
    pub(crate) fn borrow(lies: Strided, view: Box<View>) -> Result<*mut Self, Failure> {
        Self::make(lies, Source::Buffer(view))
    }

    /// An array over the memory of a tensor.
    pub(crate) fn over(lies: Strided, tensor: Tensor) -> Result<*mut Self, Failure> {
        Self::make(lies, Source::Tensor(tensor))
    }

    /// A view of the memory of this array, or of the one that it is a view of.
    pub(crate) fn view(&self, lies: Strided) -> Answer {
        // SAFETY: the source is not changed while it is looked at, and its array lives as long as this one.
        let base = unsafe {
            match &*self.source.as_ptr() {
                Source::Array(base) => &**base,
                _ => self,
            }
        };
        let view = Self::make(lies, Source::Nobody)?;
        // SAFETY: both are alive; the view owns the new reference.
        unsafe {
            ffi::Py_IncRef(base.object());
            base.uses.set(base.uses.get() + 1);
            (*view).source.set(Source::Array(base));
        }
        Ok(view.cast())
    }

    #[inline]
    fn make(lies: Strided, source: Source) -> Result<*mut Self, Failure> {
        // SAFETY: the memory is large enough for the object; its head is filled by Python and the rest here, before
        // anybody sees it.
        unsafe {
            let place = ffi::PyObject_Malloc(size_of::<Self>()).cast::<Self>();
            if place.is_null() {
                drop_source(source);
                return Err(Failure::NoMemory);
            }
            ffi::PyObject_Init(place.cast(), type_of(lies.rank));
            (&raw mut (*place).lies).write(Cell::new(lies));
            (&raw mut (*place).uses).write(Cell::new(0));
            (&raw mut (*place).source).write(Cell::new(source));
            (&raw mut (*place).is_closed).write(Cell::new(false));
            Ok(place)
        }
    }

    /// The array as Python's object.
    #[inline]
    pub(crate) fn object(&self) -> Object {
        ptr::from_ref(self).cast_mut().cast()
    }

    /// Where the elements lie, unless it is closed; `name` is the parameter's.
    #[inline]
    pub(crate) fn open(&self, name: &'static str) -> Result<Strided, Failure> {
        self.require_open(name).map(|()| self.lies.get())
    }

    #[inline(always)]
    pub(crate) fn require_open(&self, name: &'static str) -> Result<(), Failure> {
        if self.is_closed.get() { Err(Failure::Closed(name)) } else { Ok(()) }
    }

    /// What it was or is: shape and element type outlive closing.
    #[inline(always)]
    pub(crate) fn lies(&self) -> Strided {
        self.lies.get()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.get()
    }

    /// Whether it owns its memory.
    pub(crate) fn is_owner(&self) -> bool {
        // SAFETY: the source is not changed while it is looked at.
        matches!(unsafe { &*self.source.as_ptr() }, Source::Pool(_))
    }

    /// Keep the array from being closed until [`Array::unpin`].
    #[inline]
    pub(crate) fn pin(&self) {
        self.uses.set(self.uses.get() + 1);
    }

    #[inline]
    pub(crate) fn unpin(&self) {
        self.uses.set(self.uses.get() - 1);
    }

    /// Give up the memory; an array that is closed already stays so.
    pub(crate) fn close(&self) -> Result<(), Failure> {
        if self.uses.get() > 0 {
            return Err(Failure::InUse(self.uses.get()));
        }
        if !self.is_closed.replace(true) {
            drop_source(self.source.replace(Source::Nobody));
        }
        Ok(())
    }
}

/// Give the memory back to whom it belongs.
fn drop_source(source: Source) {
    match source {
        Source::Pool(block) => pool::give(block),
        Source::Array(base) => {
            // SAFETY: the view held a reference, and counted itself.
            unsafe {
                (*base).unpin();
                ffi::Py_DecRef((*base).object());
            }
        }
        Source::Buffer(_) | Source::Tensor(_) | Source::Nobody => drop(source),
    }
}

/// The end of an array that nobody refers to any more.
pub(crate) unsafe extern "C" fn dealloc(object: Object) {
    // SAFETY: Python calls this once, with the last reference gone and the interpreter locked.
    unsafe {
        let (array, kind) = (object.cast::<Array>(), ffi::Py_TYPE(object));
        drop_source((*array).source.replace(Source::Nobody));
        ffi::PyObject_Free(object.cast());
        ffi::Py_DecRef(kind.cast());
    }
}

/// Show the memory to whom asks by the buffer protocol.
pub(crate) unsafe extern "C" fn get_buffer(object: Object, view: *mut ffi::Py_buffer, flags: c_int) -> c_int {
    // SAFETY: Python calls this with an array and room for a view.
    let (array, view) = unsafe { (&*object.cast::<Array>(), &mut *view) };
    view.obj = ptr::null_mut();
    match array.export(view, flags) {
        Ok(()) => 0,
        Err(failure) => {
            crate::guard::raise(failure);
            -1
        }
    }
}

/// The view was given back.
pub(crate) unsafe extern "C" fn release_buffer(object: Object, _view: *mut ffi::Py_buffer) {
    // SAFETY: Python calls this once for each view that `get_buffer` filled.
    unsafe { (*object.cast::<Array>()).unpin() };
}

impl Array {
    fn export(&self, view: &mut ffi::Py_buffer, flags: c_int) -> Result<(), Failure> {
        let lies = self.open("self")?;
        let refuse = |text: &'static str| Err(Failure::Buffer(text));
        let has = |flag: c_int| flags & flag == flag;
        if has(ffi::PyBUF_WRITABLE) && lies.is_readonly {
            return refuse("the array is read-only");
        }
        let is_dense = lies.is_dense();
        let is_dense_by_columns = lies.transposed().is_dense();
        if !is_dense && (!has(ffi::PyBUF_STRIDES) || has(ffi::PyBUF_C_CONTIGUOUS)) {
            return refuse("the array is not contiguous");
        }
        if has(ffi::PyBUF_F_CONTIGUOUS) && !is_dense_by_columns
            || has(ffi::PyBUF_ANY_CONTIGUOUS) && !is_dense && !is_dense_by_columns
        {
            return refuse("the array is not contiguous in this order");
        }
        let skipped = 2 - usize::from(lies.rank);
        // SAFETY: both tables lie in the object, which the view keeps alive, and nobody writes them.
        let (shape, strides) = unsafe {
            let fields = self.lies.as_ptr();
            ((&raw mut (*fields).shape[skipped]).cast(), &raw mut (*fields).strides[skipped])
        };
        view.buf = lies.start.cast();
        view.len = lies.bytes() as isize;
        view.readonly = lies.is_readonly.into();
        view.itemsize = lies.dtype.size() as isize;
        view.format = if has(ffi::PyBUF_FORMAT) { lies.dtype.format().as_ptr().cast_mut() } else { ptr::null_mut() };
        view.ndim = lies.rank.into();
        view.shape = if has(ffi::PyBUF_ND) { shape } else { ptr::null_mut() };
        view.strides = if has(ffi::PyBUF_STRIDES) { strides } else { ptr::null_mut() };
        view.suboffsets = ptr::null_mut();
        view.internal = ptr::null_mut();
        self.pin();
        // SAFETY: the array is alive; the view owns the new reference.
        view.obj = unsafe { ffi::Py_NewRef(self.object()) };
        Ok(())
    }
}

/// A new array as an answer.
#[inline]
pub(crate) fn answer(array: Result<*mut Array, Failure>) -> Answer {
    array.and_then(|array| owned(array.cast()))
}

/// A new array that is dropped again unless it becomes the answer.
pub(crate) struct Fresh(*mut Array);

impl Fresh {
    #[inline]
    pub(crate) fn new(dtype: Dtype, rank: u8, shape: [usize; 2]) -> Result<Self, Failure> {
        Array::new(dtype, rank, shape).map(Self)
    }

    #[inline]
    pub(crate) fn lies(&self) -> Strided {
        // SAFETY: the array is alive, as it was just made.
        unsafe { (*self.0).lies() }
    }

    #[inline(always)]
    pub(crate) fn start(&self) -> *mut u8 {
        // SAFETY: as above.
        unsafe { (*self.0).lies.get().start }
    }

    #[inline]
    pub(crate) fn into_object(self) -> Object {
        let array = self.0;
        std::mem::forget(self);
        array.cast()
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // SAFETY: the reference is ours.
        unsafe { ffi::Py_DecRef(self.0.cast()) };
    }
}
