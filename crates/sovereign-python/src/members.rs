//! Attributes and methods of arrays.

use std::ptr;

use pyo3::{
    IntoPyObjectExt,
    exceptions::PyValueError,
    ffi,
    prelude::*,
    types::{PyTuple, PyType},
};

use crate::{
    array::{Array, Fresh, rank_of},
    buffer::shown,
    call::{Answer, Call, Kept, Keyword, Object, none, owned, text, truth},
    dtype::{Dtype, integer},
    errors::Failure,
    guard, ndarray,
    operand::number,
    strided::Strided,
    values,
};

static DTYPE: Keyword = Keyword::new(c"dtype");
static COPY: Keyword = Keyword::new(c"copy");

pub(crate) fn shape(array: &Array) -> Answer {
    let lies = array.lies();
    Python::attach(|py| Ok(PyTuple::new(py, lies.dimensions())?.into_any().into_ptr()))
}

pub(crate) fn strides(array: &Array) -> Answer {
    let lies = array.lies();
    Python::attach(|py| Ok(PyTuple::new(py, &lies.strides[2 - usize::from(lies.rank)..])?.into_any().into_ptr()))
}

pub(crate) fn dtype(array: &Array) -> Answer {
    let name = array.lies().dtype.name();
    // SAFETY: the text is static.
    owned(unsafe { ffi::PyUnicode_FromStringAndSize(name.as_ptr().cast(), name.len() as ffi::Py_ssize_t) })
}

pub(crate) fn size(array: &Array) -> Answer {
    count(array.lies().size())
}

pub(crate) fn nbytes(array: &Array) -> Answer {
    count(array.lies().bytes())
}

pub(crate) fn is_owner(array: &Array) -> Answer {
    claim(array.is_owner())
}

pub(crate) fn is_closed(array: &Array) -> Answer {
    claim(array.is_closed())
}

pub(crate) fn readonly(array: &Array) -> Answer {
    claim(array.lies().is_readonly)
}

/// NumPy leaves operators between its arrays and ours to us.
pub(crate) fn array_priority(_array: &Array) -> Answer {
    // SAFETY: the interpreter is locked.
    owned(unsafe { ffi::PyFloat_FromDouble(1000.0) })
}

pub(crate) fn transposed(array: &Array) -> Answer {
    let lies = array.open("self")?;
    array.view(lies.transposed())
}

fn count(number: usize) -> Answer {
    // SAFETY: the interpreter is locked.
    owned(unsafe { ffi::PyLong_FromSize_t(number) })
}

fn claim(is_true: bool) -> Answer {
    // SAFETY: the interpreter is locked.
    owned(unsafe { ffi::PyBool_FromLong(is_true.into()) })
}

/// The array whose method is called.
fn this<'a>(call: &Call) -> &'a Array {
    // SAFETY: these are methods of arrays, and Python checks the type before it calls one.
    unsafe { &*call.this().cast() }
}

fn no_arguments(call: &Call) -> Result<(), Failure> {
    let [] = call.positional()?;
    call.no_keywords()
}

pub(crate) fn close(call: &Call) -> Answer {
    no_arguments(call)?;
    this(call).close()?;
    Ok(none())
}

pub(crate) fn enter(call: &Call) -> Answer {
    no_arguments(call)?;
    this(call).open("self")?;
    // SAFETY: the array is alive.
    Ok(unsafe { ffi::Py_NewRef(call.this()) })
}

pub(crate) fn exit(call: &Call) -> Answer {
    let [_, _, _] = call.positional()?;
    call.no_keywords()?;
    this(call).close()?;
    Ok(none())
}

pub(crate) fn copy(call: &Call) -> Answer {
    no_arguments(call)?;
    values::copy(&this(call).open("self")?)
}

pub(crate) fn to_list(call: &Call) -> Answer {
    no_arguments(call)?;
    values::to_list(this(call))
}

pub(crate) fn numpy(call: &Call) -> Answer {
    no_arguments(call)?;
    this(call).open("self")?;
    Python::attach(|py| {
        // SAFETY: the array is alive for the length of the call.
        let array = unsafe { Bound::from_borrowed_ptr(py, call.this()) };
        Ok(py.import("numpy")?.call_method1("asarray", (array,))?.into_ptr())
    })
}

/// `__array__`: NumPy's view, in another element type or copied where that is asked for.
pub(crate) fn array(call: &Call) -> Answer {
    let [positional] = call.optional(0)?;
    let [named, copy] = call.keywords(&[&DTYPE, &COPY])?;
    let must_copy = copy.map(truth).transpose()?;
    this(call).open("self")?;
    Python::attach(|py| {
        // SAFETY: array and arguments are alive for the length of the call.
        let (array, dtype) = unsafe {
            let dtype = positional.or(named).map(|dtype| Bound::from_borrowed_ptr(py, dtype));
            (Bound::from_borrowed_ptr(py, call.this()), dtype)
        };
        let view = py.import("numpy")?.call_method1("asarray", (array,))?;
        let converted = match &dtype {
            Some(dtype) => view.call_method1("astype", (dtype, "K", "unsafe", true, false))?,
            None => view.clone(),
        };
        if must_copy == Some(false) && !converted.is(&view) {
            return Err(PyValueError::new_err("another element type needs a copy, which `copy=False` forbids").into());
        }
        let is_shared = converted.is(&view);
        let answer = if must_copy == Some(true) && is_shared { view.call_method0("copy")? } else { converted };
        Ok(answer.into_ptr())
    })
}

/// `__buffer__`, which Python has by itself from 3.12 on.
pub(crate) fn buffer(call: &Call) -> Answer {
    let [_flags] = call.positional()?;
    call.no_keywords()?;
    // SAFETY: the array is alive; the view holds it.
    owned(unsafe { ffi::PyMemoryView_FromObject(call.this()) })
}

pub(crate) fn reshape(call: &Call) -> Answer {
    let [first, second] = call.optional(1)?;
    call.no_keywords()?;
    let (array, first) = (this(call), integer(first.unwrap_or_else(none))?);
    let second = second.map(integer).transpose()?;
    let lies = array.open("self")?;
    let wanted: Vec<i64> = [Some(first), second].into_iter().flatten().collect();
    let shape = fitting(&wanted, lies.size()).ok_or_else(|| Failure::Parameter {
        name: "shape",
        value: format!("{wanted:?}"),
        allowed: format!("lengths whose product is {}, one of them -1 for what is left", lies.size()),
    })?;
    if !lies.is_dense() {
        return Err(Failure::Layout { name: "self", problem: "strided", allowed: "contiguous" });
    }
    let is_readonly = lies.is_readonly;
    array.view(Strided { is_readonly, ..Strided::dense(lies.start, lies.dtype, wanted.len() as u8, shape) })
}

/// The lengths, -1 replaced by what is left.
fn fitting(wanted: &[i64], size: usize) -> Option<[usize; 2]> {
    let shape = match *wanted {
        [-1] => [1, size],
        [length] => [1, usize::try_from(length).ok()?],
        [-1, columns] => [size.checked_div(usize::try_from(columns).ok()?)?, columns as usize],
        [rows, -1] => [usize::try_from(rows).ok()?, size.checked_div(rows as usize)?],
        [rows, columns] => [usize::try_from(rows).ok()?, usize::try_from(columns).ok()?],
        _ => return None,
    };
    (shape[0].checked_mul(shape[1]) == Some(size)).then_some(shape)
}

/// The element type that the caller names: as text, or as an object that has such a name, as those of NumPy have.
fn named(dtype: Object) -> Result<Dtype, Failure> {
    // SAFETY: the caller keeps its argument alive.
    if unsafe { ffi::PyUnicode_Check(dtype) } != 0 {
        // SAFETY: as above.
        return Dtype::parse(unsafe { text(dtype) }?, "dtype");
    }
    Python::attach(|py| {
        // SAFETY: as above.
        let object = unsafe { Bound::from_borrowed_ptr(py, dtype) };
        let attribute = if object.is_instance_of::<PyType>() { "__name__" } else { "name" };
        let name = object.getattr(attribute).and_then(|name| name.extract::<String>());
        Dtype::parse(&name.unwrap_or_else(|_| shown(dtype)), "dtype")
    })
}

/// The element type of a new array; single precision unless the caller names another.
fn chosen(dtype: Option<Object>) -> Result<Dtype, Failure> {
    dtype.map_or(Ok(Dtype::Float32), named)
}

/// The lengths of a new array: one for a vector, two for a matrix.
fn lengths(call: &Call) -> Result<(u8, [usize; 2]), Failure> {
    let length = |object: Object| {
        let length = integer(object)?;
        usize::try_from(length).map_err(|_| Failure::Parameter {
            name: "shape",
            value: length.to_string(),
            allowed: "0 or more".to_owned(),
        })
    };
    let rank = rank_of(call.this());
    Ok(if rank == 1 {
        let [columns] = call.positional()?;
        (rank, [1, length(columns)?])
    } else {
        let [rows, columns] = call.positional()?;
        (rank, [length(rows)?, length(columns)?])
    })
}

pub(crate) fn empty(call: &Call) -> Answer {
    let (rank, shape) = lengths(call)?;
    Ok(Fresh::new(chosen(call.keyword(&DTYPE)?)?, rank, shape)?.into_object())
}

pub(crate) fn zeros(call: &Call) -> Answer {
    let (rank, shape) = lengths(call)?;
    let fresh = Fresh::new(chosen(call.keyword(&DTYPE)?)?, rank, shape)?;
    let lies = fresh.lies();
    // SAFETY: so many bytes of the new array are ours, and zero in every element type is all bits zero.
    unsafe { ptr::write_bytes(lies.start, 0, lies.bytes()) };
    Ok(fresh.into_object())
}

pub(crate) fn borrow(call: &Call) -> Answer {
    let [buffer] = call.positional()?;
    call.no_keywords()?;
    values::borrow(buffer, rank_of(call.this()))
}

/// `Vector(values, dtype=...)` and `Matrix(values, dtype=...)`.
pub(crate) unsafe extern "C" fn new(class: *mut ffi::PyTypeObject, arguments: Object, keywords: Object) -> Object {
    guard::guarded(|| {
        Python::attach(|py| {
            // SAFETY: Python hands over a tuple, and a dict or null.
            let (arguments, keywords) =
                unsafe { (Bound::from_borrowed_ptr(py, arguments), Bound::from_borrowed_ptr_or_opt(py, keywords)) };
            let (rank, mut values, mut dtype) = (rank_of(class.cast()), None, None);
            let name = if rank == 1 { "Vector" } else { "Matrix" };
            let given = arguments.len()?;
            if given > 2 {
                return Err(Failure::Call(format!("`{name}` takes 1 to 2 positional arguments, got: `{given}`")));
            }
            for (place, slot) in [&mut values, &mut dtype].into_iter().enumerate().take(given) {
                *slot = Some(arguments.get_item(place)?);
            }
            for pair in keywords.iter().flat_map(|keywords| keywords.try_iter()).flatten() {
                let key = pair?;
                let value = keywords.as_ref().map(|keywords| keywords.get_item(&key)).transpose()?;
                match key.extract::<&str>()? {
                    "values" if values.is_none() => values = value,
                    "dtype" if dtype.is_none() => dtype = value,
                    other => {
                        return Err(Failure::Call(format!("`{name}` has no keyword argument: `{other}`")));
                    }
                }
            }
            let Some(values) = values else {
                return Err(Failure::Call(format!("`{name}` takes 1 to 2 positional arguments, got: `0`")));
            };
            let dtype = dtype.as_ref().filter(|dtype| !dtype.is_none());
            let dtype = dtype.map(|dtype| named(dtype.as_ptr())).transpose()?;
            values::collect(values.as_ptr(), dtype, rank)
        })
    })
}

pub(crate) unsafe extern "C" fn repr(object: Object) -> Object {
    // SAFETY: Python calls this with an array.
    let array = unsafe { &*object.cast::<Array>() };
    guard::guarded(|| {
        let text = values::describe(array);
        // SAFETY: the text is valid UTF-8 of this length.
        owned(unsafe { ffi::PyUnicode_FromStringAndSize(text.as_ptr().cast(), text.len() as ffi::Py_ssize_t) })
    })
}

/// What makes an expression of an operator and its operands; it is registered by the room above.
static OPERATORS: Kept = Kept::nothing();

pub(crate) fn register_operators(call: &Call) -> Answer {
    OPERATORS.exchange(call)
}

/// Call what was registered; without it, Python tells that the operator is not supported.
fn operate(name: &str, operands: &[Object]) -> Answer {
    let build = OPERATORS.get();
    if build.is_null() {
        // SAFETY: the object is static.
        return Ok(unsafe { ffi::Py_NewRef(ffi::Py_NotImplemented()) });
    }
    Python::attach(|py| {
        let mut arguments = vec![name.into_bound_py_any(py)?];
        for &operand in operands {
            ndarray::notice(operand);
            // NumPy's arrays without dimensions are numbers, as they are for functions.
            arguments.push(if ndarray::is_array(operand) && ndarray::is_number(operand) {
                number(operand, "operand")?.into_bound_py_any(py)?
            } else {
                // SAFETY: the caller keeps the operands alive.
                unsafe { Bound::from_borrowed_ptr(py, operand) }
            });
        }
        // SAFETY: the registered object is kept.
        let build = unsafe { Bound::from_borrowed_ptr(py, build) };
        Ok(build.call1(PyTuple::new(py, arguments)?)?.into_ptr())
    })
}

/// The slot of a binary operator.
macro_rules! binary {
    ($function:ident, $name:literal) => {
        pub(crate) unsafe extern "C" fn $function(left: Object, right: Object) -> Object {
            guard::guarded(|| operate($name, &[left, right]))
        }
    };
}
binary!(add, "add");
binary!(subtract, "sub");
binary!(multiply, "mul");
binary!(divide, "div");

pub(crate) unsafe extern "C" fn power(left: Object, right: Object, modulus: Object) -> Object {
    // SAFETY: both objects are static.
    unsafe {
        if modulus != ffi::Py_None() {
            return ffi::Py_NewRef(ffi::Py_NotImplemented());
        }
    }
    guard::guarded(|| operate("pow", &[left, right]))
}

pub(crate) unsafe extern "C" fn negative(operand: Object) -> Object {
    guard::guarded(|| operate("neg", &[operand]))
}

pub(crate) unsafe extern "C" fn absolute(operand: Object) -> Object {
    guard::guarded(|| operate("abs", &[operand]))
}
