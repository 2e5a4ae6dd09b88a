//! How NumPy's arrays are made: `NdBuilder` for nested lists, `nd_filled`, `nd_arange`, `nd_arange_float`, `nd_linspace`,
//! `nd_eye`, `nd_size` and `nd_whole` for what the program says of sizes and items.

use crate::{Exc, Int, List, NdArray, NdItem, NdShape, MOST_AXES, OVERFLOW_ERROR, VALUE_ERROR, ZERO_DIVISION_ERROR};
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

/// Items of nested lists, as they come.
pub struct NdBuilder<T> {
    items: Vec<T>,
    /// Of each axis how many parts came since its list began, and the size that all lists of it have.
    counts: [usize; MOST_AXES],
    sizes: [Option<usize>; MOST_AXES],
    /// The first axis along which lists differ.
    uneven: usize,
}

impl<T: NdItem> Default for NdBuilder<T> {
    fn default() -> Self {
        NdBuilder::new()
    }
}

impl<T: NdItem> NdBuilder<T> {
    /// Nothing.
    pub fn new() -> NdBuilder<T> {
        NdBuilder { items: Vec::new(), counts: [0; MOST_AXES], sizes: [None; MOST_AXES], uneven: MOST_AXES }
    }

    /// An item, which stands along an axis.
    pub fn push(&mut self, axis: usize, item: T) {
        self.items.push(item);
        self.counts[axis] += 1;
    }

    /// The items of an array of one axis, as a list along this one.
    pub fn extend(&mut self, axis: usize, items: &NdArray<T>) {
        let items = items.to_vec();
        self.counts[axis] += items.len();
        self.items.extend(items);
    }

    /// A list along this axis ends; it is a part of the axis before.
    pub fn close(&mut self, axis: usize) {
        let count = core::mem::take(&mut self.counts[axis]);
        if *self.sizes[axis].get_or_insert(count) != count {
            self.uneven = self.uneven.min(axis);
        }
        if axis > 0 {
            self.counts[axis - 1] += 1;
        }
    }

    /// The array.
    pub fn build(mut self, axes: usize) -> Result<NdArray<T>, Exc> {
        self.close(0);
        let mut sizes: Vec<usize> = self.sizes[..axes].iter().map(|size| size.unwrap_or(0)).collect();
        if self.uneven < MOST_AXES {
            sizes.truncate(self.uneven);
            let text = format!(
                "setting an array element with a sequence. The requested array has an inhomogeneous shape after {} dimensions. The detected shape was {} + inhomogeneous part.",
                self.uneven,
                NdShape::new(&sizes).text()
            );
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        Ok(NdArray::from_vec(self.items, &sizes))
    }
}

/// A size that the program says.
pub fn nd_size(size: i64) -> Result<usize, Exc> {
    usize::try_from(size).map_err(|_| Exc::new(&VALUE_ERROR, "negative dimensions are not allowed"))
}

/// An integer as an item of 64 bits.
pub fn nd_whole(value: &Int) -> Result<i64, Exc> {
    value.to_i64().ok_or_else(|| Exc::new(&OVERFLOW_ERROR, "Python int too large to convert to C long"))
}

/// A float as an item of 64 bits, cut at the point.
pub fn nd_cut(value: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}

/// An array of one item over and over.
pub fn nd_filled<T: NdItem>(sizes: &[i64], item: T) -> Result<NdArray<T>, Exc> {
    let sizes = sizes.iter().map(|&size| nd_size(size)).collect::<Result<Vec<usize>, Exc>>()?;
    let count = sizes.iter().product();
    Ok(NdArray::from_vec(vec![item; count], &sizes))
}

/// `numpy.arange` of whole numbers.
pub fn nd_arange(start: i64, stop: i64, step: i64) -> Result<NdArray<i64>, Exc> {
    if step == 0 {
        return Err(Exc::new(&ZERO_DIVISION_ERROR, "division by zero"));
    }
    let mut items = Vec::new();
    let mut item = start;
    while (step > 0 && item < stop) || (step < 0 && item > stop) {
        items.push(item);
        item = item.saturating_add(step);
    }
    Ok(NdArray::of(items))
}

/// `numpy.arange` of floats.
pub fn nd_arange_float(start: f64, stop: f64, step: f64) -> Result<NdArray<f64>, Exc> {
    if step == 0.0 {
        return Err(Exc::new(&ZERO_DIVISION_ERROR, "float division by zero"));
    }
    let length = crate::float_ceil((stop - start) / step);
    if length.is_nan() {
        return Err(Exc::new(&VALUE_ERROR, "arange: cannot compute length"));
    }
    if length > 1e15 {
        return Err(Exc::new(&VALUE_ERROR, "Maximum allowed size exceeded"));
    }
    let count = if length > 0.0 { length as usize } else { 0 };
    // The second item is rounded, and all others hang on the distance to it.
    let delta = (start + step) - start;
    let item = |place: usize| match place {
        0 => start,
        1 => start + step,
        _ => start + place as f64 * delta,
    };
    Ok(NdArray::of((0..count).map(item).collect()))
}

/// `numpy.linspace`.
pub fn nd_linspace(start: f64, stop: f64, count: i64, has_end: bool) -> Result<NdArray<f64>, Exc> {
    if count < 0 {
        return Err(Exc::new(&VALUE_ERROR, format!("Number of samples, {count}, must be non-negative.")));
    }
    let parts = if has_end { count - 1 } else { count };
    let (delta, step) = (stop - start, (stop - start) / parts as f64);
    let item = |place: i64| {
        let place = place as f64;
        let moved = if parts <= 0 {
            place * delta
        } else if step == 0.0 {
            place / parts as f64 * delta
        } else {
            place * step
        };
        moved + start
    };
    let mut items: Vec<f64> = (0..count).map(item).collect();
    if has_end && count > 1 {
        if let Some(last) = items.last_mut() {
            *last = stop;
        }
    }
    Ok(NdArray::of(items))
}

/// `numpy.eye`.
pub fn nd_eye<T: NdItem>(rows: i64, columns: i64, one: T) -> Result<NdArray<T>, Exc> {
    let made = nd_filled(&[rows, columns], T::NOTHING)?;
    for place in 0..rows.min(columns) {
        made.set_2(place, place, one)?;
    }
    Ok(made)
}

/// The items of a list in a row.
pub fn nd_list<T: NdItem>(items: &List<T>) -> NdArray<T> {
    NdArray::of(items.to_vec())
}

/// How an item becomes one of another type.
pub trait NdInto<R> {
    /// The item in the other type.
    fn nd_into(self) -> R;
}

macro_rules! nd_conversions {
    ($($from:ident => $to:ident by |$x:ident| $value:expr;)+) => {$(
        impl NdInto<$to> for $from {
            fn nd_into(self) -> $to {
                let $x = self;
                $value
            }
        }
    )+};
}

nd_conversions! {
    bool => bool by |x| x;
    bool => i64 by |x| i64::from(x);
    bool => i32 by |x| i32::from(x);
    bool => f64 by |x| f64::from(u8::from(x));
    bool => f32 by |x| f32::from(u8::from(x));
    i64 => bool by |x| x != 0;
    i64 => i64 by |x| x;
    i64 => i32 by |x| x as i32;
    i64 => f64 by |x| x as f64;
    i64 => f32 by |x| x as f32;
    i32 => bool by |x| x != 0;
    i32 => i64 by |x| i64::from(x);
    i32 => i32 by |x| x;
    i32 => f64 by |x| f64::from(x);
    i32 => f32 by |x| x as f32;
    f64 => bool by |x| x != 0.0;
    f64 => i64 by |x| nd_cut(x);
    f64 => i32 by |x| nd_cut(x) as i32;
    f64 => f64 by |x| x;
    f64 => f32 by |x| x as f32;
    f32 => bool by |x| x != 0.0;
    f32 => i64 by |x| nd_cut(f64::from(x));
    f32 => i32 by |x| nd_cut(f64::from(x)) as i32;
    f32 => f64 by |x| f64::from(x);
    f32 => f32 by |x| x;
}

impl<T: NdItem> NdArray<T> {
    /// `a.astype`.
    pub fn cast<R: NdItem>(&self) -> NdArray<R>
    where
        T: NdInto<R>,
    {
        self.mapped(T::nd_into)
    }
}
