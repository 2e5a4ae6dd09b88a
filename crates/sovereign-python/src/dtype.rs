//! The element types of arrays: names, sizes, buffer formats, and the way to Python's numbers and back.

use std::{
    ffi::{CStr, c_long},
    ptr,
};

use pyo3::ffi;

use crate::{
    buffer::{View, type_name},
    call::{Answer, Object, owned},
    errors::Failure,
};

/// What the elements of an array are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Dtype {
    Float32,
    Float64,
    Int8,
    Uint8,
    Int32,
    Int64,
}

/// Names, as errors list them.
pub(crate) const NAMES: &[&str] = &["float32", "float64", "int8", "uint8", "int32", "int64"];

/// The same, of what arithmetic is defined on.
pub(crate) const FLOATS: &[&str] = &["float32", "float64"];

/// A Rust type that is the element type of some array.
pub(crate) trait Scalar: Copy + Default + 'static {
    const DTYPE: Dtype;
}

macro_rules! scalars {
    ($($kind:ty => $dtype:ident),*) => {
        $(impl Scalar for $kind {
            const DTYPE: Dtype = Dtype::$dtype;
        })*
    };
}
scalars!(f32 => Float32, f64 => Float64, i8 => Int8, u8 => Uint8, i32 => Int32, i64 => Int64);

impl Dtype {
    pub(crate) const ALL: [Self; 6] = [Self::Float32, Self::Float64, Self::Int8, Self::Uint8, Self::Int32, Self::Int64];

    pub(crate) const fn name(self) -> &'static str {
        NAMES[self as usize]
    }

    #[inline]
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::Int8 | Self::Uint8 => 1,
            Self::Float32 | Self::Int32 => 4,
            Self::Float64 | Self::Int64 => 8,
        }
    }

    #[inline]
    pub(crate) const fn is_float(self) -> bool {
        matches!(self, Self::Float32 | Self::Float64)
    }

    /// The format under which it is exported; 64 bits as NumPy writes them here.
    pub(crate) const fn format(self) -> &'static CStr {
        match self {
            Self::Float32 => c"f",
            Self::Float64 => c"d",
            Self::Int8 => c"b",
            Self::Uint8 => c"B",
            Self::Int32 => c"i",
            Self::Int64 if size_of::<c_long>() == 8 => c"l",
            Self::Int64 => c"q",
        }
    }

    /// The element type of a buffer of this format and element size, in this machine's byte order.
    #[inline]
    pub(crate) fn of_format(format: &CStr, size: usize) -> Option<Self> {
        const ORDERED: u8 = if cfg!(target_endian = "little") { b'<' } else { b'>' };
        let letter = match *format.to_bytes() {
            [letter] => letter,
            [order, letter] if order == ORDERED || matches!(order, b'@' | b'=' | b'|') => letter,
            _ => return None,
        };
        match (letter, size) {
            (b'f', 4) => Some(Self::Float32),
            (b'd', 8) => Some(Self::Float64),
            (b'b', 1) => Some(Self::Int8),
            (b'B', 1) => Some(Self::Uint8),
            (b'i' | b'l', 4) => Some(Self::Int32),
            (b'l' | b'q', 8) => Some(Self::Int64),
            _ => None,
        }
    }

    /// The element type of this name; `name` is the parameter's.
    pub(crate) fn parse(text: &str, name: &'static str) -> Result<Self, Failure> {
        let found = Self::ALL.into_iter().find(|dtype| dtype.name() == text);
        found.ok_or_else(|| Failure::Dtype { name, got: text.to_owned(), allowed: NAMES })
    }

    /// The element at this place as a Python number.
    ///
    /// # Safety
    /// An element of this type is there; it may be misaligned.
    pub(crate) unsafe fn read(self, place: *const u8) -> Answer {
        // SAFETY: as the caller says; the interpreter is locked.
        unsafe {
            owned(match self {
                Self::Float32 => ffi::PyFloat_FromDouble(place.cast::<f32>().read_unaligned().into()),
                Self::Float64 => ffi::PyFloat_FromDouble(place.cast::<f64>().read_unaligned()),
                Self::Int8 => ffi::PyLong_FromLong(place.cast::<i8>().read().into()),
                Self::Uint8 => ffi::PyLong_FromLong(place.read().into()),
                Self::Int32 => ffi::PyLong_FromLongLong(place.cast::<i32>().read_unaligned().into()),
                Self::Int64 => ffi::PyLong_FromLongLong(place.cast::<i64>().read_unaligned()),
            })
        }
    }
}

/// One element, out of Python's number.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Float32(f32),
    Float64(f64),
    Int8(i8),
    Uint8(u8),
    Int32(i32),
    Int64(i64),
}

impl Value {
    /// The Python number in the element type, rounded where it is a float; it must fit.
    pub(crate) fn of(dtype: Dtype, object: Object) -> Result<Self, Failure> {
        if dtype.is_float() { Self::of_float(dtype, float(object)?) } else { Self::of_integer(dtype, integer(object)?) }
    }

    /// A number of double precision, in a floating type; what is finite must stay so.
    pub(crate) fn of_float(dtype: Dtype, value: f64) -> Result<Self, Failure> {
        if dtype == Dtype::Float64 {
            return Ok(Self::Float64(value));
        }
        let narrow = value as f32;
        if narrow.is_infinite() && value.is_finite() {
            return Err(unfit(dtype, &value));
        }
        Ok(Self::Float32(narrow))
    }

    /// A whole number; of an integer type it must fit.
    pub(crate) fn of_integer(dtype: Dtype, value: i64) -> Result<Self, Failure> {
        Ok(match dtype {
            Dtype::Float32 => Self::Float32(value as f32),
            Dtype::Float64 => Self::Float64(value as f64),
            Dtype::Int8 => Self::Int8(fitting(dtype, value)?),
            Dtype::Uint8 => Self::Uint8(fitting(dtype, value)?),
            Dtype::Int32 => Self::Int32(fitting(dtype, value)?),
            Dtype::Int64 => Self::Int64(value),
        })
    }

    /// Put it there.
    ///
    /// # Safety
    /// The place may be written and has room for an element of the type; it may be misaligned.
    pub(crate) unsafe fn write(self, place: *mut u8) {
        // SAFETY: as the caller says.
        unsafe {
            match self {
                Self::Float32(value) => place.cast::<f32>().write_unaligned(value),
                Self::Float64(value) => place.cast::<f64>().write_unaligned(value),
                Self::Int8(value) => place.cast::<i8>().write(value),
                Self::Uint8(value) => place.write(value),
                Self::Int32(value) => place.cast::<i32>().write_unaligned(value),
                Self::Int64(value) => place.cast::<i64>().write_unaligned(value),
            }
        }
    }
}

fn fitting<T: TryFrom<i64>>(dtype: Dtype, value: i64) -> Result<T, Failure> {
    T::try_from(value).map_err(|_| unfit(dtype, &value))
}

#[cold]
fn unfit(dtype: Dtype, value: &dyn std::fmt::Debug) -> Failure {
    let (value, allowed) = (format!("{value:?}"), format!("what fits into `{}`", dtype.name()));
    Failure::Parameter { name: "values", value, allowed }
}

/// A Python number in double precision; `TypeError` for anything else, also for what has no value or an imaginary part,
/// which NumPy would drop with a warning.
#[inline]
pub(crate) fn float(object: Object) -> Result<f64, Failure> {
    // SAFETY: the caller keeps its argument alive.
    let is_plain = unsafe { ffi::PyFloat_Check(object) != 0 || ffi::PyLong_Check(object) != 0 };
    if !is_plain && !View::new().is_real(object) {
        return Err(Failure::Call(format!("a real number is needed, got: `{}`", type_name(object))));
    }
    // SAFETY: the caller keeps its argument alive; an error is told by -1 together with an error that is set.
    let value = unsafe { ffi::PyFloat_AsDouble(object) };
    // SAFETY: the interpreter is locked.
    if value == -1.0 && !unsafe { ffi::PyErr_Occurred() }.is_null() { Err(Failure::Raised) } else { Ok(value) }
}

/// A Python integer, the nearest that has 64 bits; Python's `TypeError` for a float.
pub(crate) fn integer_within(object: Object) -> Result<i64, Failure> {
    // SAFETY: the caller keeps its argument alive; -1 may tell of an error that is set.
    unsafe {
        let value = ffi::PyNumber_AsSsize_t(object, ptr::null_mut());
        if value == -1 && !ffi::PyErr_Occurred().is_null() { Err(Failure::Raised) } else { Ok(value as i64) }
    }
}

/// A Python integer; Python's `TypeError` for a float, its `OverflowError` beyond 64 bits.
#[inline]
pub(crate) fn integer(object: Object) -> Result<i64, Failure> {
    // SAFETY: the caller keeps its argument alive; null tells of an error that is set, as -1 may.
    unsafe {
        let index = owned(ffi::PyNumber_Index(object))?;
        let value = ffi::PyLong_AsLongLong(index);
        ffi::Py_DecRef(index);
        if value == -1 && !ffi::PyErr_Occurred().is_null() { Err(Failure::Raised) } else { Ok(value) }
    }
}
