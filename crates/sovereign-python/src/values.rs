//! From numbers and foreign buffers to elements, and from elements to Python's lists and texts.

use std::fmt::Write;

use pyo3::{ffi, prelude::*};

use crate::{
    array::{self, Array, Fresh, known},
    buffer::{View, type_name},
    call::{Answer, Object, owned},
    dtype::{Dtype, Value},
    errors::{Expected, Failure},
    strided::{self, Strided},
};

/// A new array with these values: those of a buffer, or of sequences of numbers, one inside the other for a matrix.
///
/// Unless an element type is named, a buffer keeps its own, and numbers become single precision.
pub(crate) fn collect(values: Object, dtype: Option<Dtype>, rank: u8) -> Answer {
    if let Some(array) = known(values) {
        return converted(&array.open("values")?, dtype, rank);
    }
    // SAFETY: the caller keeps its argument alive.
    if unsafe { ffi::PyObject_CheckBuffer(values) } != 0 {
        let mut view = View::new();
        let lies = view.array(values, "values")?;
        return converted(&lies, dtype, rank);
    }
    Python::attach(|py| {
        // SAFETY: as above.
        let values = unsafe { Bound::from_borrowed_ptr(py, values) };
        let rows = if rank == 1 { vec![items(&values)?] } else { items_of_items(&values)? };
        let columns = rows.first().map_or(0, Vec::len);
        if let Some(row) = rows.iter().find(|row| row.len() != columns) {
            let (expected, got) = (Expected::Shape(vec![columns]), vec![row.len()]);
            return Err(Failure::Shape { name: "values", expected, got });
        }
        let dtype = dtype.unwrap_or(Dtype::Float32);
        let fresh = Fresh::new(dtype, rank, [rows.len(), columns])?;
        let lies = fresh.lies();
        for (row, numbers) in rows.iter().enumerate() {
            for (column, number) in numbers.iter().enumerate() {
                // SAFETY: the place is inside the new array.
                unsafe { Value::of(dtype, number.as_ptr())?.write(lies.at(row, column)) };
            }
        }
        Ok(fresh.into_object())
    })
}

fn items<'py>(values: &Bound<'py, PyAny>) -> Result<Vec<Bound<'py, PyAny>>, Failure> {
    let refusal = |_| {
        let got = type_name(values.as_ptr());
        Failure::Call(format!("values should be a buffer or a sequence of numbers, got: `{got}`"))
    };
    Ok(values.try_iter().map_err(refusal)?.collect::<PyResult<_>>()?)
}

fn items_of_items<'py>(values: &Bound<'py, PyAny>) -> Result<Vec<Vec<Bound<'py, PyAny>>>, Failure> {
    items(values)?.iter().map(items).collect()
}

/// A new array, of another element type where one is named; integers become floats, and not the other way round.
fn converted(from: &Strided, dtype: Option<Dtype>, rank: u8) -> Answer {
    let dtype = dtype.unwrap_or(from.dtype);
    if from.rank != rank {
        let expected = Expected::Kind(if rank == 1 { "(n,)" } else { "(m, n)" });
        return Err(Failure::Shape { name: "values", expected, got: from.dimensions().to_vec() });
    }
    let fresh = Fresh::new(dtype, rank, from.shape)?;
    if from.dtype == dtype {
        // SAFETY: the source is open or held by a view, and the new array is apart from it.
        unsafe { strided::copy(from, &fresh.lies()) };
        return Ok(fresh.into_object());
    }
    if from.dtype.is_float() && !dtype.is_float() {
        let allowed = &["int8", "uint8", "int32", "int64"];
        return Err(Failure::Dtype { name: "values", got: from.dtype.name().to_owned(), allowed });
    }
    let to = fresh.lies();
    // There may be more rows without columns than can be counted in a lifetime.
    let rows = if from.size() == 0 { 0 } else { from.shape[0] };
    for row in 0..rows {
        for column in 0..from.shape[1] {
            // SAFETY: the place is inside both arrays, and each element is of its array's type.
            unsafe { convert(from.dtype, from.at(row, column), dtype, to.at(row, column)) }?;
        }
    }
    Ok(fresh.into_object())
}

unsafe fn convert(from: Dtype, source: *const u8, to: Dtype, target: *mut u8) -> Result<(), Failure> {
    // SAFETY: as the caller says.
    unsafe {
        match from {
            Dtype::Float32 => Value::of_float(to, source.cast::<f32>().read_unaligned().into())?,
            Dtype::Float64 => Value::of_float(to, source.cast::<f64>().read_unaligned())?,
            Dtype::Int8 => Value::of_integer(to, source.cast::<i8>().read().into())?,
            Dtype::Uint8 => Value::of_integer(to, source.read().into())?,
            Dtype::Int32 => Value::of_integer(to, source.cast::<i32>().read_unaligned().into())?,
            Dtype::Int64 => Value::of_integer(to, source.cast::<i64>().read_unaligned())?,
        }
        .write(target);
    }
    Ok(())
}

/// Put the same number at each place.
///
/// # Safety
/// The array is open and may be written.
pub(crate) unsafe fn fill(lies: &Strided, value: Value) {
    let rows = if lies.size() == 0 { 0 } else { lies.shape[0] };
    for row in 0..rows {
        for column in 0..lies.shape[1] {
            // SAFETY: the place is inside.
            unsafe { value.write(lies.at(row, column)) };
        }
    }
}

/// A list of the elements; of a matrix, a list of lists.
pub(crate) fn to_list(array: &Array) -> Answer {
    let lies = array.open("self")?;
    if lies.rank == 1 { row_to_list(&lies, 0) } else { list(lies.shape[0], |row| row_to_list(&lies, row)) }
}

fn row_to_list(lies: &Strided, row: usize) -> Answer {
    // SAFETY: the array is open, and each place is inside.
    list(lies.shape[1], |column| unsafe { lies.dtype.read(lies.at(row, column)) })
}

fn list(length: usize, item: impl Fn(usize) -> Answer) -> Answer {
    // SAFETY: a list that is not full may be dropped; each item's reference goes over to it.
    unsafe {
        let list = owned(ffi::PyList_New(length as ffi::Py_ssize_t))?;
        for place in 0..length {
            match item(place) {
                Ok(value) => ffi::PyList_SetItem(list, place as ffi::Py_ssize_t, value),
                Err(failure) => {
                    ffi::Py_DecRef(list);
                    return Err(failure);
                }
            };
        }
        Ok(list)
    }
}

/// Elements, and rows, that a text shows at each end of a long array.
const SHOWN: usize = 3;

/// The array as a person reads it: `Vector([1.0, 2.0, 3.0], shape=(3,), dtype=float32)`.
pub(crate) fn describe(array: &Array) -> String {
    let lies = array.lies();
    let name = if lies.rank == 1 { "Vector" } else { "Matrix" };
    let (shape, dtype) = (crate::errors::tuple(lies.dimensions()), lies.dtype.name());
    if array.is_closed() {
        return format!("{name}(closed, shape={shape}, dtype={dtype})");
    }
    let elements = if lies.rank == 1 { describe_row(&lies, 0) } else { describe_rows(&lies) };
    format!("{name}({elements}, shape={shape}, dtype={dtype})")
}

fn describe_rows(lies: &Strided) -> String {
    let parts: Vec<String> =
        shown(lies.shape[0]).map(|row| row.map_or_else(|| "...".to_owned(), |row| describe_row(lies, row))).collect();
    format!("[{}]", parts.join(", "))
}

fn describe_row(lies: &Strided, row: usize) -> String {
    let mut text = String::from("[");
    for (count, column) in shown(lies.shape[1]).enumerate() {
        text.push_str(if count == 0 { "" } else { ", " });
        match column {
            // SAFETY: the array is open, and the place is inside.
            Some(column) => unsafe { describe_element(lies.dtype, lies.at(row, column), &mut text) },
            None => text.push_str("..."),
        }
    }
    text.push(']');
    text
}

/// The places of a text's elements, with a gap where some are left out.
fn shown(length: usize) -> impl Iterator<Item = Option<usize>> {
    let is_long = length > 2 * SHOWN + 1;
    let (first, last) = if is_long { (SHOWN, length - SHOWN) } else { (length, length) };
    (0..first).map(Some).chain(is_long.then_some(None)).chain((last..length).map(Some))
}

/// # Safety
/// An element of the type is there.
unsafe fn describe_element(dtype: Dtype, place: *const u8, text: &mut String) {
    // SAFETY: as the caller says. Writing to a text cannot fail.
    let _ = unsafe {
        match dtype {
            Dtype::Float32 => describe_float(place.cast::<f32>().read_unaligned(), text),
            Dtype::Float64 => describe_float(place.cast::<f64>().read_unaligned(), text),
            Dtype::Int8 => write!(text, "{}", place.cast::<i8>().read()),
            Dtype::Uint8 => write!(text, "{}", place.read()),
            Dtype::Int32 => write!(text, "{}", place.cast::<i32>().read_unaligned()),
            Dtype::Int64 => write!(text, "{}", place.cast::<i64>().read_unaligned()),
        }
    };
}

/// The shortest digits that tell the number from its neighbours, NaN as Python writes it.
fn describe_float<T: std::fmt::Debug + PartialEq>(value: T, text: &mut String) -> std::fmt::Result {
    #[expect(clippy::eq_op, reason = "only NaN differs from itself")]
    if value != value { text.write_str("nan") } else { write!(text, "{value:?}") }
}

/// A copy, dense and writable, that owns its memory.
pub(crate) fn copy(lies: &Strided) -> Answer {
    let fresh = Fresh::new(lies.dtype, lies.rank, lies.shape)?;
    // SAFETY: the array is open, and the new one apart from it.
    unsafe { strided::copy(lies, &fresh.lies()) };
    Ok(fresh.into_object())
}

/// An array over a buffer, without copying.
pub(crate) fn borrow(buffer: Object, rank: u8) -> Answer {
    let mut view = Box::new(View::new());
    let lies = view.array_or_readonly(buffer, "buffer")?;
    if lies.rank != rank {
        let expected = Expected::Kind(if rank == 1 { "(n,)" } else { "(m, n)" });
        return Err(Failure::Shape { name: "buffer", expected, got: lies.dimensions().to_vec() });
    }
    if !lies.is_aligned() {
        return Err(Failure::Layout { name: "buffer", problem: "misaligned", allowed: "aligned to its elements" });
    }
    array::answer(Array::borrow(lies, view))
}
