//! DLPack both ways: a tensor in a capsule, without copying.
//!
//! The layouts are those of the standard's header, in the form without a version (before 1.0) and with one. Who takes a
//! tensor out of a capsule renames the capsule and calls the tensor's deleter once; a capsule that nobody took from calls
//! it at its own end.

use std::{
    ffi::{CStr, c_void},
    ptr::{self, NonNull},
};

use pyo3::{ffi, prelude::*, types::PyDict};

use crate::{
    array::{self, Array},
    buffer::{RANKS, shown, type_name},
    call::{Answer, Call, Keyword, Object, owned, truth},
    dtype::{Dtype, NAMES},
    errors::Failure,
    strided::{self, Strided},
};

#[repr(C)]
struct Device {
    kind: i32,
    number: i32,
}

#[repr(C)]
struct DataType {
    code: u8,
    bits: u8,
    lanes: u16,
}

#[repr(C)]
struct RawTensor {
    data: *mut c_void,
    device: Device,
    dimensions: i32,
    dtype: DataType,
    shape: *mut i64,
    strides: *mut i64,
    byte_offset: u64,
}

#[repr(C)]
struct Managed {
    tensor: RawTensor,
    context: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Managed)>,
}

#[repr(C)]
struct Versioned {
    major: u32,
    minor: u32,
    context: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Versioned)>,
    flags: u64,
    tensor: RawTensor,
}

const CPU: i32 = 1;
const READ_ONLY: u64 = 1;
const IS_COPIED: u64 = 2;

/// The version that is written, and the newest that is read.
const MAJOR: u32 = 1;

const NAME: &CStr = c"dltensor";
const NAME_VERSIONED: &CStr = c"dltensor_versioned";
const USED: &CStr = c"used_dltensor";
const USED_VERSIONED: &CStr = c"used_dltensor_versioned";

/// Kinds of devices, as the standard numbers them; index 0 is not used.
const KINDS: [&str; 5] = ["unknown", "cpu", "cuda", "cuda_host", "opencl"];

/// A tensor that was taken out of its capsule; it is deleted when this goes out of use.
pub(crate) enum Tensor {
    Plain(NonNull<c_void>),
    Versioned(NonNull<c_void>),
}

impl Drop for Tensor {
    fn drop(&mut self) {
        // SAFETY: the capsule that held the tensor was renamed, so that the deleter is ours to call, once.
        unsafe {
            match self {
                Self::Plain(managed) => delete(managed.cast::<Managed>().as_ptr()),
                Self::Versioned(managed) => delete_versioned(managed.cast::<Versioned>().as_ptr()),
            }
        }
    }
}

unsafe fn delete(managed: *mut Managed) {
    // SAFETY: the tensor is alive until this call.
    unsafe {
        if let Some(deleter) = (*managed).deleter {
            deleter(managed);
        }
    }
}

unsafe fn delete_versioned(managed: *mut Versioned) {
    // SAFETY: as above.
    unsafe {
        if let Some(deleter) = (*managed).deleter {
            deleter(managed);
        }
    }
}

/// What an exported tensor stands on, in one allocation with it.
struct Export<T> {
    managed: T,
    shape: [i64; 2],
    strides: [i64; 2],
    /// The array, a new reference; it is pinned while the tensor lives.
    array: *const Array,
}

pub(crate) fn device(call: &Call) -> Answer {
    let [] = call.positional()?;
    call.no_keywords()?;
    Python::attach(|py| Ok((CPU, 0).into_pyobject(py)?.into_any().into_ptr()))
}

static STREAM: Keyword = Keyword::new(c"stream");
static MAX_VERSION: Keyword = Keyword::new(c"max_version");
static DL_DEVICE: Keyword = Keyword::new(c"dl_device");
static COPY: Keyword = Keyword::new(c"copy");

/// `__dlpack__` of an array.
pub(crate) fn export(call: &Call) -> Answer {
    let [] = call.positional()?;
    let [stream, version, device, copy] = call.keywords(&[&STREAM, &MAX_VERSION, &DL_DEVICE, &COPY])?;
    if stream.is_some() {
        return Err(Failure::Buffer("the memory of a processor has no streams"));
    }
    let is_versioned = version
        .map(|version| pair(version, "max_version"))
        .transpose()?
        .is_some_and(|(major, _)| major >= i64::from(MAJOR));
    let device = device.map(|device| pair(device, "dl_device")).transpose()?;
    if device.is_some_and(|device| device != (CPU.into(), 0)) {
        return Err(Failure::Buffer("the array lies in the memory of the processor and is exported there alone"));
    }
    // SAFETY: this is a method of arrays.
    let array: &Array = unsafe { &*call.this().cast() };
    let lies = array.open("self")?;
    if !copy.map_or(Ok(false), truth)? {
        return tensor(array, lies, is_versioned, 0);
    }
    let fresh = array::Fresh::new(lies.dtype, lies.rank, lies.shape)?;
    // SAFETY: both are open, and the new one lies apart.
    unsafe { strided::copy(&lies, &fresh.lies()) };
    let lies = fresh.lies();
    let copied = fresh.into_object();
    // SAFETY: the reference is ours, and the tensor takes its own.
    unsafe {
        let capsule = tensor(&*copied.cast(), lies, is_versioned, IS_COPIED);
        ffi::Py_DecRef(copied);
        capsule
    }
}

/// A tuple of two integers; `name` is the parameter's.
fn pair(object: Object, name: &'static str) -> Result<(i64, i64), Failure> {
    Python::attach(|py| {
        // SAFETY: the caller of the exported function keeps its argument alive.
        let object = unsafe { Bound::from_borrowed_ptr(py, object) };
        let number = |place: usize| object.get_item(place)?.call_method0("__index__")?.extract();
        let numbers = number(0).and_then(|first| Ok((first, number(1)?)));
        numbers.map_err(|_: PyErr| Failure::Parameter {
            name,
            value: shown(object.as_ptr()),
            allowed: "a tuple of two integers".to_owned(),
        })
    })
}

fn tensor(array: &Array, lies: Strided, is_versioned: bool, flags: u64) -> Answer {
    if lies.is_readonly && !is_versioned {
        return Err(Failure::Buffer("the array is read-only, which DLPack before version 1.0 cannot say"));
    }
    let raw = RawTensor {
        data: lies.start.cast(),
        device: Device { kind: CPU, number: 0 },
        dimensions: lies.rank.into(),
        dtype: data_type(lies.dtype),
        shape: ptr::null_mut(),
        strides: ptr::null_mut(),
        byte_offset: 0,
    };
    if is_versioned {
        let flags = flags | if lies.is_readonly { READ_ONLY } else { 0 };
        let deleter = Some(release_versioned as unsafe extern "C" fn(*mut Versioned));
        let managed = Versioned { major: MAJOR, minor: 0, context: ptr::null_mut(), deleter, flags, tensor: raw };
        capsule(array, lies, managed, |managed| &mut managed.tensor, |managed| &mut managed.context, NAME_VERSIONED)
    } else {
        let deleter = Some(release as unsafe extern "C" fn(*mut Managed));
        let managed = Managed { tensor: raw, context: ptr::null_mut(), deleter };
        capsule(array, lies, managed, |managed| &mut managed.tensor, |managed| &mut managed.context, NAME)
    }
}

fn capsule<T>(
    array: &Array,
    lies: Strided,
    managed: T,
    tensor_of: fn(&mut T) -> &mut RawTensor,
    context_of: fn(&mut T) -> &mut *mut c_void,
    name: &'static CStr,
) -> Answer {
    let (skipped, size) = (2 - usize::from(lies.rank), lies.dtype.size() as isize);
    let shape = lies.shape.map(|length| length as i64);
    let strides = lies.strides.map(|stride| (stride / size) as i64);
    let export = Box::into_raw(Box::new(Export { managed, shape, strides, array: ptr::from_ref(array) }));
    // SAFETY: the box is ours until its deleter runs, and its tables lie in it. The array gets the reference that the
    // deleter gives back.
    unsafe {
        let tensor = tensor_of(&mut (*export).managed);
        tensor.shape = (&raw mut (*export).shape[skipped]).cast();
        tensor.strides = (&raw mut (*export).strides[skipped]).cast();
        *context_of(&mut (*export).managed) = export.cast();
        ffi::Py_IncRef(array.object());
        array.pin();
        let managed = (&raw mut (*export).managed).cast::<c_void>();
        let capsule = ffi::PyCapsule_New(managed, name.as_ptr(), Some(end_of_capsule));
        if capsule.is_null() {
            give_back::<T>(export.cast());
        }
        owned(capsule)
    }
}

unsafe extern "C" fn release(managed: *mut Managed) {
    // SAFETY: who holds the tensor calls this once; the context is the box around it.
    unsafe { give_back::<Managed>((*managed).context) };
}

unsafe extern "C" fn release_versioned(managed: *mut Versioned) {
    // SAFETY: as above.
    unsafe { give_back::<Versioned>((*managed).context) };
}

/// Let go of the array; the caller may be any thread, with the interpreter locked or not.
unsafe fn give_back<T>(export: *mut c_void) {
    // SAFETY: the box came from `capsule`, and nobody uses it after this. Once the interpreter has ended, nothing of it
    // may be touched.
    unsafe {
        let export = Box::from_raw(export.cast::<Export<T>>());
        if ffi::Py_IsInitialized() == 0 {
            return;
        }
        let lock = ffi::PyGILState_Ensure();
        (*export.array).unpin();
        ffi::Py_DecRef((*export.array).object());
        ffi::PyGILState_Release(lock);
    }
}

/// A capsule ends; if nobody took the tensor out, it is deleted here.
unsafe extern "C" fn end_of_capsule(capsule: Object) {
    // SAFETY: Python calls this once, with the interpreter locked; the names tell what lies inside.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule, NAME.as_ptr()) != 0 {
            delete(ffi::PyCapsule_GetPointer(capsule, NAME.as_ptr()).cast());
        } else if ffi::PyCapsule_IsValid(capsule, NAME_VERSIONED.as_ptr()) != 0 {
            delete_versioned(ffi::PyCapsule_GetPointer(capsule, NAME_VERSIONED.as_ptr()).cast());
        }
    }
}

fn data_type(dtype: Dtype) -> DataType {
    let code = match dtype {
        Dtype::Int8 | Dtype::Int32 | Dtype::Int64 => 0,
        Dtype::Uint8 => 1,
        Dtype::Float32 | Dtype::Float64 => 2,
    };
    DataType { code, bits: 8 * dtype.size() as u8, lanes: 1 }
}

/// `from_dlpack`: an array over the memory of any object with `__dlpack__`.
pub(crate) fn from_dlpack(call: &Call) -> Answer {
    let [object] = call.positional()?;
    call.no_keywords()?;
    Python::attach(|py| {
        // SAFETY: the caller keeps its argument alive.
        let object = unsafe { Bound::from_borrowed_ptr(py, object) };
        if !object.hasattr("__dlpack__")? {
            let got = type_name(object.as_ptr());
            return Err(Failure::Call(format!("`from_dlpack` takes an object with `__dlpack__`, got: `{got}`")));
        }
        let device = object.call_method0("__dlpack_device__")?;
        let (kind, _) = pair(device.as_ptr(), "__dlpack_device__")?;
        if kind != i64::from(CPU) {
            return Err(Failure::Elsewhere(kind_of_device(kind)));
        }
        import(ask(&object)?.as_ptr())
    })
}

fn kind_of_device(kind: i64) -> String {
    let known = usize::try_from(kind).ok().and_then(|kind| KINDS.get(kind));
    known.map_or_else(|| format!("device {kind}"), |kind| (*kind).to_owned())
}

/// The capsule, with a version if the object knows of versions.
fn ask<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = object.py();
    let options = PyDict::new(py);
    options.set_item("max_version", (MAJOR, 0))?;
    match object.call_method("__dlpack__", (), Some(&options)) {
        Err(error) if error.is_instance_of::<pyo3::exceptions::PyTypeError>(py) => object.call_method0("__dlpack__"),
        answer => answer,
    }
}

/// Take the tensor out of its capsule. Until the name is changed, the capsule deletes it.
fn import(capsule: Object) -> Answer {
    // SAFETY: the capsule is alive; its name tells what lies inside.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule, NAME_VERSIONED.as_ptr()) != 0 {
            let managed = ffi::PyCapsule_GetPointer(capsule, NAME_VERSIONED.as_ptr());
            let versioned = &*managed.cast::<Versioned>();
            if versioned.major > MAJOR {
                return Err(Failure::Buffer("the tensor is of a version of DLPack that is not known yet"));
            }
            let lies = place(&versioned.tensor, versioned.flags & READ_ONLY != 0)?;
            take(capsule, USED_VERSIONED)?;
            return array::answer(Array::over(lies, Tensor::Versioned(NonNull::new_unchecked(managed))));
        }
        if ffi::PyCapsule_IsValid(capsule, NAME.as_ptr()) == 0 {
            return Err(foreign(capsule));
        }
        let managed = NonNull::new_unchecked(ffi::PyCapsule_GetPointer(capsule, NAME.as_ptr()));
        let lies = place(&managed.cast::<Managed>().as_ref().tensor, false)?;
        take(capsule, USED)?;
        array::answer(Array::over(lies, Tensor::Plain(managed)))
    }
}

/// What came has no tensor, or somebody took it out already.
#[cold]
fn foreign(capsule: Object) -> Failure {
    // SAFETY: the object is alive; a capsule has a name that ends with NUL, or none.
    let value = unsafe {
        let is_capsule = ffi::PyCapsule_CheckExact(capsule) != 0;
        let name = if is_capsule { ffi::PyCapsule_GetName(capsule) } else { ptr::null() };
        ffi::PyErr_Clear();
        if name.is_null() { type_name(capsule) } else { CStr::from_ptr(name).to_string_lossy().into_owned() }
    };
    let allowed = "an object whose `__dlpack__` gives a capsule `dltensor` or `dltensor_versioned`".to_owned();
    Failure::Parameter { name: "x", value, allowed }
}

fn take(capsule: Object, name: &'static CStr) -> Result<(), Failure> {
    // SAFETY: the capsule is alive, and the name static.
    if unsafe { ffi::PyCapsule_SetName(capsule, name.as_ptr()) } == 0 { Ok(()) } else { Err(Failure::Raised) }
}

/// Where the elements lie.
unsafe fn place(tensor: &RawTensor, is_readonly: bool) -> Result<Strided, Failure> {
    if tensor.device.kind != CPU {
        return Err(Failure::Elsewhere(kind_of_device(tensor.device.kind.into())));
    }
    let matches = |dtype: &Dtype| {
        let known = data_type(*dtype);
        (known.code, known.bits, known.lanes) == (tensor.dtype.code, tensor.dtype.bits, tensor.dtype.lanes)
    };
    let dtype = Dtype::ALL.into_iter().find(matches).ok_or_else(|| {
        let DataType { code, bits, lanes } = tensor.dtype;
        Failure::Dtype { name: "x", got: format!("code {code}, {bits} bits, {lanes} lanes"), allowed: NAMES }
    })?;
    let rank = tensor.dimensions.max(0) as usize;
    // SAFETY: the tensor has one length, and one stride unless all are missing, for each dimension.
    let (lengths, strides) = unsafe {
        let numbers = |start: *mut i64| {
            if rank == 0 || start.is_null() { &[][..] } else { std::slice::from_raw_parts(start, rank) }
        };
        (numbers(tensor.shape), numbers(tensor.strides))
    };
    let (shape, steps) = match (lengths, strides) {
        (&[length], []) => ([1, length], [0, 1]),
        (&[length], &[stride]) => ([1, length], [0, stride]),
        (&[rows, columns], []) => ([rows, columns], [columns, 1]),
        (&[rows, columns], &[row, column]) => ([rows, columns], [row, column]),
        _ => {
            let got = lengths.iter().map(|&length| length.max(0) as usize).collect();
            return Err(Failure::Shape { name: "x", expected: RANKS, got });
        }
    };
    let extent = extent(shape, steps, dtype.size()).ok_or_else(|| unfit("shape", &[lengths, strides]))?;
    let mut start = tensor.data.cast::<u8>().wrapping_add(tensor.byte_offset as usize);
    if extent.size == 0 {
        start = ptr::dangling_mut::<u64>().cast();
    } else if tensor.data.is_null() {
        return Err(unfit("data", &[]));
    }
    let Extent { shape, strides, .. } = extent;
    let lies = Strided { start, shape, strides, dtype, rank: rank as u8, is_readonly };
    if !lies.is_aligned() {
        return Err(Failure::Layout { name: "x", problem: "misaligned", allowed: "aligned to its elements" });
    }
    Ok(lies)
}

/// Lengths, and strides in bytes, of a tensor that can exist.
struct Extent {
    size: usize,
    shape: [usize; 2],
    strides: [isize; 2],
}

/// None where a length is below zero, or the tensor reaches farther than memory does.
fn extent(shape: [i64; 2], steps: [i64; 2], size: usize) -> Option<Extent> {
    let lengths = [usize::try_from(shape[0]).ok()?, usize::try_from(shape[1]).ok()?];
    let elements = lengths[0].checked_mul(lengths[1])?;
    elements.checked_mul(size).filter(|&bytes| bytes <= isize::MAX as usize)?;
    let mut strides = [size as isize; 2];
    let mut reach = size as isize;
    for k in 0..2 {
        // A stride that no step uses may be anything.
        if elements > 0 && lengths[k] > 1 {
            strides[k] = isize::try_from(steps[k]).ok()?.checked_mul(size as isize)?;
            let steps = isize::try_from(lengths[k] - 1).ok()?;
            reach = reach.checked_add(strides[k].checked_abs()?.checked_mul(steps)?)?;
        }
    }
    Some(Extent { size: elements, shape: lengths, strides })
}

/// A tensor that cannot be what it says.
#[cold]
fn unfit(field: &str, numbers: &[&[i64]]) -> Failure {
    let value = if numbers.is_empty() { format!("{field} null") } else { format!("{field} and strides {numbers:?}") };
    let allowed = "a tensor of lengths from 0 on, whose elements lie in memory".to_owned();
    Failure::Parameter { name: "x", value, allowed }
}
