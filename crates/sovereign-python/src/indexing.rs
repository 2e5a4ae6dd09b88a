//! Elements, rows and parts of arrays by their places.

use std::ffi::c_int;

use pyo3::ffi;

use crate::{
    array::{Array, known},
    buffer::View,
    call::{Answer, Object},
    dtype::{Dtype, Value},
    errors::Failure,
    guard, ndarray,
    strided::{self, Relation, Strided, require_shape},
    values,
};

/// One axis of an index.
#[derive(Clone, Copy)]
enum Axis {
    /// One place; the axis goes away.
    At(usize),
    /// Every `step`th place from `start` on.
    Part { start: usize, step: isize, count: usize },
}

impl Axis {
    /// All places.
    const fn whole(length: usize) -> Self {
        Self::Part { start: 0, step: 1, count: length }
    }

    /// What an index or a slice says about an axis of this length.
    fn of(index: Object, length: usize) -> Result<Self, Failure> {
        // SAFETY: the caller keeps the index alive; Python sets an error where it answers with a negative number.
        unsafe {
            if ffi::PyIndex_Check(index) != 0 {
                let place = ffi::PyNumber_AsSsize_t(index, ffi::PyExc_IndexError);
                if place == -1 && !ffi::PyErr_Occurred().is_null() {
                    return Err(Failure::Raised);
                }
                return inside(place, length).map(Self::At);
            }
            if ffi::PySlice_Check(index) == 0 {
                let got = crate::buffer::type_name(index);
                return Err(Failure::Call(format!("an index should be an integer or a slice, got: `{got}`")));
            }
            let (mut start, mut stop, mut step) = (0, 0, 0);
            if ffi::PySlice_Unpack(index, &raw mut start, &raw mut stop, &raw mut step) < 0 {
                return Err(Failure::Raised);
            }
            let count = ffi::PySlice_AdjustIndices(length as isize, &raw mut start, &raw mut stop, step);
            Ok(Self::Part { start: start.max(0) as usize, step, count: count.max(0) as usize })
        }
    }
}

/// The place from the start that an index means, which may count from the end.
fn inside(place: isize, length: usize) -> Result<usize, Failure> {
    let from_start = if place < 0 { place + length as isize } else { place };
    match usize::try_from(from_start) {
        Ok(found) if found < length => Ok(found),
        _ => Err(Failure::Index { name: "index", position: None, index: place as i64, length }),
    }
}

/// What an index picks out: the part, and whether it is a single element.
fn pick(lies: &Strided, index: Object) -> Result<(Strided, bool), Failure> {
    let (row, column) = axes(lies, index)?;
    let (mut start, mut shape, mut strides) = (lies.start, lies.shape, lies.strides);
    for (k, axis) in [row, column].into_iter().enumerate() {
        let (first, step, count) = match axis {
            Axis::At(place) => (place, 1, 1),
            Axis::Part { start, step, count } => (start, step, count),
        };
        if count > 0 {
            start = start.wrapping_offset(first as isize * lies.strides[k]);
        }
        shape[k] = count;
        // A step is used only between two elements.
        strides[k] = lies.strides[k].wrapping_mul(step);
    }
    let part = Strided { start, shape, strides, ..*lies };
    Ok(match (row, column) {
        (Axis::At(_), Axis::At(_)) => (part, true),
        (Axis::Part { .. }, Axis::Part { .. }) if lies.rank == 2 => (part, false),
        // One column of a matrix becomes a vector.
        (Axis::Part { .. }, Axis::At(_)) => (Strided { rank: 1, ..part.transposed() }, false),
        _ => (Strided { rank: 1, ..part }, false),
    })
}

/// What an index says about rows and columns.
fn axes(lies: &Strided, index: Object) -> Result<(Axis, Axis), Failure> {
    let [rows, columns] = lies.shape;
    if lies.rank == 1 {
        return Ok((Axis::At(0), Axis::of(index, columns)?));
    }
    // SAFETY: the caller keeps the index alive, and a tuple its items.
    unsafe {
        if ffi::PyTuple_Check(index) == 0 {
            return Ok((Axis::of(index, rows)?, Axis::whole(columns)));
        }
        let count = ffi::PyTuple_Size(index);
        if count != 2 {
            return Err(Failure::Call(format!("an index of a matrix has one or two axes, got: `{count}`")));
        }
        let row = Axis::of(ffi::PyTuple_GetItem(index, 0), rows)?;
        Ok((row, Axis::of(ffi::PyTuple_GetItem(index, 1), columns)?))
    }
}

/// `array[index]`: a number, or a view.
pub(crate) unsafe extern "C" fn subscript(object: Object, index: Object) -> Object {
    // SAFETY: Python calls this with an array.
    let array = unsafe { &*object.cast::<Array>() };
    guard::guarded(|| get(array, index))
}

fn get(array: &Array, index: Object) -> Answer {
    let lies = array.open("self")?;
    let (part, is_element) = pick(&lies, index)?;
    // An index may run Python code of its own, which may have closed the array.
    array.open("self")?;
    // SAFETY: the array is open, and the place is inside.
    if is_element { unsafe { part.dtype.read(part.start) } } else { array.view(part) }
}

/// `array[place]` for Python's iteration, which ends at the first `IndexError`.
pub(crate) unsafe extern "C" fn item(object: Object, place: ffi::Py_ssize_t) -> Object {
    // SAFETY: Python calls this with an array.
    let array = unsafe { &*object.cast::<Array>() };
    guard::guarded(|| {
        let lies = array.open("self")?;
        let length = lies.dimensions()[0];
        let Some(place) = usize::try_from(place).ok().filter(|&place| place < length) else {
            // SAFETY: the interpreter is locked, and the text static.
            unsafe { ffi::PyErr_SetString(ffi::PyExc_IndexError, c"there are no more elements".as_ptr()) };
            return Err(Failure::Raised);
        };
        if lies.rank == 1 {
            // SAFETY: the array is open, and the place is inside.
            return unsafe { lies.dtype.read(lies.at(0, place)) };
        }
        array.view(Strided { start: lies.at(place, 0), shape: [1, lies.shape[1]], rank: 1, ..lies })
    })
}

/// `len(array)`: elements of a vector, rows of a matrix.
pub(crate) unsafe extern "C" fn length(object: Object) -> ffi::Py_ssize_t {
    // SAFETY: Python calls this with an array.
    unsafe { (*object.cast::<Array>()).lies().dimensions()[0] as ffi::Py_ssize_t }
}

/// `array[index] = value`.
pub(crate) unsafe extern "C" fn assign(object: Object, index: Object, value: Object) -> c_int {
    // SAFETY: Python calls this with an array.
    let array = unsafe { &*object.cast::<Array>() };
    match guard::contained(|| set(array, index, value)) {
        Ok(()) => 0,
        Err(failure) => {
            guard::raise(failure);
            -1
        }
    }
}

fn set(array: &Array, index: Object, value: Object) -> Result<(), Failure> {
    if value.is_null() {
        return Err(Failure::Call("elements of an array cannot be deleted".to_owned()));
    }
    // Index and number may run Python code of their own, so they are read before the array is looked into.
    let (part, is_element) = pick(&array.open("self")?, index)?;
    if is_element || is_number(value) {
        let number = Value::of(part.dtype, value)?;
        writable(array)?;
        // SAFETY: the array is open and writable.
        unsafe { values::fill(&part, number) };
        return Ok(());
    }
    let mut view = View::new();
    let from = match known(value) {
        Some(other) => other.open("value")?,
        None => view.array(value, "value")?,
    };
    writable(array)?;
    if from.dtype != part.dtype {
        let (got, allowed) = (from.dtype.name().to_owned(), one_name(part.dtype));
        return Err(Failure::Dtype { name: "value", got, allowed });
    }
    require_shape(&part, &from, "value")?;
    // SAFETY: both are open or held, and of one shape and type; what shares memory goes through a copy.
    unsafe {
        if part.relation(&from) == Relation::Apart {
            strided::copy(&from, &part);
        } else {
            let scratch = strided::packed(&from)?;
            strided::copy(&Strided::dense(scratch.start(), from.dtype, from.rank, from.shape), &part);
        }
    }
    Ok(())
}

/// Refuse to write into an array that is closed or read-only.
fn writable(array: &Array) -> Result<(), Failure> {
    if array.open("self")?.is_readonly {
        return Err(Failure::Layout { name: "self", problem: "read-only", allowed: "writable" });
    }
    Ok(())
}

/// Whether a value is one number for all places and no array.
fn is_number(value: Object) -> bool {
    if known(value).is_some() || ndarray::is_array(value) {
        return false;
    }
    // SAFETY: the caller keeps its argument alive.
    unsafe { ffi::PyObject_CheckBuffer(value) == 0 || View::new().is_number(value) }
}

/// The list of one name, as errors have it.
pub(crate) fn one_name(dtype: Dtype) -> &'static [&'static str] {
    std::slice::from_ref(&crate::dtype::NAMES[dtype as usize])
}
