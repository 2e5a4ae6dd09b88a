//! NumPy's arrays: `NdArray<T>` with up to four axes, whose views share their numbers, and how items and parts are read.
//!
//! `NdArray::from_vec(Vec<T>, &[usize])`, `NdArray::of(Vec<T>)`, `filled`; `len`, `size`, `item_1..4`, `part`, `sliced`,
//! `at_ellipsis`, `values`, `to_vec`, `tolist_1..4`, `rows`, `items`, `set_all`. A name such as `FloatArray2` is an array
//! of a type and a number of axes that are known while translating. Read `nd_text.rs` for how they print.

use crate::{Exc, List, Object, Seq, INDEX_ERROR, TYPE_ERROR, VALUE_ERROR};
use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;

/// Axes of an array, at most.
pub const MOST_AXES: usize = 4;

/// What arrays are made of.
pub trait NdItem: Copy + PartialEq + 'static {
    /// What `tolist` gives of it.
    type Plain: Object + Clone + 'static;
    /// The name of the type.
    const DTYPE: &'static str;
    /// Whether `repr` names the type.
    const IS_IMPLIED: bool;
    /// Nothing.
    const NOTHING: Self;
    /// What `tolist` gives.
    fn plain(self) -> Self::Plain;
    /// Bytes of one.
    fn item_size() -> i64 {
        size_of::<Self>() as i64
    }
    /// The texts of all finite numbers at once, so that they stand in columns.
    fn columns(items: &[Self], is_scalar: bool) -> Vec<String>;
}

/// The sizes of the axes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NdShape {
    /// How many axes.
    pub rank: usize,
    /// Their sizes; 1 behind the last.
    pub sizes: [usize; MOST_AXES],
}

impl NdShape {
    /// Of these sizes.
    pub fn new(sizes: &[usize]) -> NdShape {
        let mut all = [1; MOST_AXES];
        all[..sizes.len()].copy_from_slice(sizes);
        NdShape { rank: sizes.len(), sizes: all }
    }

    /// The sizes.
    pub fn axes(&self) -> &[usize] {
        &self.sizes[..self.rank]
    }

    /// How many items.
    pub fn size(&self) -> usize {
        self.axes().iter().product()
    }

    /// The steps of an array whose items lie one behind the other.
    pub fn steps(&self) -> [isize; MOST_AXES] {
        let mut steps = [0; MOST_AXES];
        let mut step = 1;
        for axis in (0..self.rank).rev() {
            steps[axis] = step;
            step *= self.sizes[axis] as isize;
        }
        steps
    }

    /// Without an axis.
    pub fn without(&self, axis: usize) -> NdShape {
        let mut sizes = self.axes().to_vec();
        sizes.remove(axis);
        NdShape::new(&sizes)
    }

    /// As Python prints a tuple.
    pub fn text(&self) -> String {
        match self.axes() {
            [one] => format!("({one},)"),
            all => {
                let parts: Vec<String> = all.iter().map(|size| format!("{size}")).collect();
                format!("({})", parts.join(", "))
            }
        }
    }
}

/// An array, or a view of one.
pub struct NdArray<T> {
    /// The items of all views.
    pub data: Rc<[Cell<T>]>,
    /// Where the first item lies.
    pub start: isize,
    /// The sizes of the axes.
    pub shape: NdShape,
    /// How far apart items lie along each axis.
    pub steps: [isize; MOST_AXES],
}

impl<T> Clone for NdArray<T> {
    fn clone(&self) -> Self {
        NdArray { data: self.data.clone(), start: self.start, shape: self.shape, steps: self.steps }
    }
}

/// Where the items of an array lie, in order.
pub struct NdPlaces {
    shape: NdShape,
    steps: [isize; MOST_AXES],
    index: [usize; MOST_AXES],
    place: isize,
    left: usize,
}

impl Iterator for NdPlaces {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let place = self.place as usize;
        for axis in (0..self.shape.rank).rev() {
            self.index[axis] += 1;
            self.place += self.steps[axis];
            if self.index[axis] < self.shape.sizes[axis] {
                break;
            }
            self.place -= self.steps[axis] * self.shape.sizes[axis] as isize;
            self.index[axis] = 0;
        }
        Some(place)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// Where an index stands along an axis.
pub fn nd_index(index: i64, axis: usize, size: usize) -> Result<usize, Exc> {
    let place = if index < 0 { index + size as i64 } else { index };
    if place < 0 || place >= size as i64 {
        let text = format!("index {index} is out of bounds for axis {axis} with size {size}");
        return Err(Exc::new(&INDEX_ERROR, text));
    }
    Ok(place as usize)
}

/// An axis, counted from the end where it is negative.
pub fn nd_axis(axis: i64, rank: usize) -> Result<usize, Exc> {
    let place = if axis < 0 { axis + rank as i64 } else { axis };
    if place < 0 || place >= rank as i64 {
        let text = format!("axis {axis} is out of bounds for array of dimension {rank}");
        return Err(Exc::new(&AXIS_ERROR, text));
    }
    Ok(place as usize)
}

/// `numpy.exceptions.AxisError`.
pub static AXIS_ERROR: crate::Kind =
    crate::Kind { name: "AxisError", module: "numpy.exceptions", base: Some(&VALUE_ERROR), others: &[&INDEX_ERROR] };

/// First place, count and step of a slice along an axis.
pub fn nd_slice(
    size: usize,
    start: Option<i64>,
    stop: Option<i64>,
    step: Option<i64>,
) -> Result<(isize, usize, isize), Exc> {
    let (step, size) = (step.unwrap_or(1), size as i64);
    if step == 0 {
        return Err(Exc::new(&VALUE_ERROR, "slice step cannot be zero"));
    }
    let (least, most) = if step > 0 { (0, size) } else { (-1, size - 1) };
    let bound = |given: Option<i64>, default: i64| match given {
        None => default,
        Some(value) if value < 0 => value.saturating_add(size).clamp(least, most),
        Some(value) => value.clamp(least, most),
    };
    let first = bound(start, if step > 0 { 0 } else { size - 1 });
    let last = bound(stop, if step > 0 { size } else { -1 });
    let distance = if step > 0 { last - first } else { first - last };
    let count = if distance > 0 { (distance - 1) / step.saturating_abs() + 1 } else { 0 };
    Ok((first as isize, count as usize, step as isize))
}

impl<T: NdItem> NdArray<T> {
    /// These items in this shape; there are as many as it says.
    pub fn from_vec(items: Vec<T>, sizes: &[usize]) -> NdArray<T> {
        let shape = NdShape::new(sizes);
        debug_assert_eq!(items.len(), shape.size());
        let data: Vec<Cell<T>> = items.into_iter().map(Cell::new).collect();
        NdArray { data: Rc::from(data), start: 0, shape, steps: shape.steps() }
    }

    /// Items that come one after the other, in this shape.
    pub fn collected(items: impl Iterator<Item = T>, shape: NdShape) -> NdArray<T> {
        let data: Rc<[Cell<T>]> = items.map(Cell::new).collect();
        NdArray { data, start: 0, shape, steps: shape.steps() }
    }

    /// The items where they lie, if they do so one behind the other.
    pub fn dense(&self) -> Option<&[Cell<T>]> {
        let start = self.start as usize;
        self.is_dense().then(|| &self.data[start..start + self.shape.size()])
    }

    /// These items in a row.
    pub fn of(items: Vec<T>) -> NdArray<T> {
        let size = items.len();
        NdArray::from_vec(items, &[size])
    }

    /// One number in place of an array.
    pub fn single(item: T) -> NdArray<T> {
        NdArray::from_vec(alloc::vec![item], &[])
    }

    /// The size of the first axis.
    pub fn len(&self) -> i64 {
        self.shape.sizes[0] as i64
    }

    /// Whether there is no item along the first axis.
    pub fn is_empty(&self) -> bool {
        self.shape.sizes[0] == 0
    }

    /// How many items.
    pub fn size(&self) -> i64 {
        self.shape.size() as i64
    }

    /// The size of an axis that is there.
    pub fn axis_size(&self, axis: usize) -> i64 {
        self.shape.sizes[axis] as i64
    }

    /// Bytes of all items.
    pub fn nbytes(&self) -> i64 {
        self.size() * T::item_size()
    }

    /// Bytes of an item.
    pub fn itemsize(&self) -> i64 {
        T::item_size()
    }

    /// Where the items lie.
    pub fn places(&self) -> NdPlaces {
        NdPlaces {
            shape: self.shape,
            steps: self.steps,
            index: [0; MOST_AXES],
            place: self.start,
            left: self.shape.size(),
        }
    }

    /// Whether the items lie one behind the other.
    pub fn is_dense(&self) -> bool {
        let expected = self.shape.steps();
        (0..self.shape.rank).all(|axis| self.shape.sizes[axis] <= 1 || self.steps[axis] == expected[axis])
    }

    /// The items in order.
    pub fn to_vec(&self) -> Vec<T> {
        if let Some(items) = self.dense() {
            return items.iter().map(Cell::get).collect();
        }
        self.places().map(|place| self.data[place].get()).collect()
    }

    /// Another array with the same items.
    pub fn copy(&self) -> NdArray<T> {
        self.mapped(|item| item)
    }

    /// The items made anew.
    pub fn mapped<R: NdItem>(&self, change: impl Fn(T) -> R) -> NdArray<R> {
        match self.dense() {
            Some(items) => NdArray::collected(items.iter().map(|item| change(item.get())), self.shape),
            None => NdArray::collected(self.places().map(|place| change(self.data[place].get())), self.shape),
        }
    }

    /// `a[index]` along an axis, which is gone then.
    pub fn part(&self, axis: usize, index: i64) -> Result<NdArray<T>, Exc> {
        let place = nd_index(index, axis, self.shape.sizes[axis])?;
        Ok(self.at(axis, place))
    }

    /// As `part`, of a place that is there.
    pub fn at(&self, axis: usize, place: usize) -> NdArray<T> {
        let mut steps = [0; MOST_AXES];
        let mut to = 0;
        for from in 0..self.shape.rank {
            if from != axis {
                steps[to] = self.steps[from];
                to += 1;
            }
        }
        let start = self.start + self.steps[axis] * place as isize;
        NdArray { data: self.data.clone(), start, shape: self.shape.without(axis), steps }
    }

    /// `a[start:stop:step]` along an axis.
    pub fn sliced(
        &self,
        axis: usize,
        start: Option<i64>,
        stop: Option<i64>,
        step: Option<i64>,
    ) -> Result<NdArray<T>, Exc> {
        let (first, count, step) = nd_slice(self.shape.sizes[axis], start, stop, step)?;
        let mut view = self.clone();
        if count > 0 {
            view.start += first * self.steps[axis];
        }
        view.shape.sizes[axis] = count;
        view.steps[axis] *= step;
        Ok(view)
    }

    /// With another axis of size 1.
    pub fn with_axis(&self, axis: usize) -> NdArray<T> {
        let mut sizes = self.shape.axes().to_vec();
        let mut steps = self.steps[..self.shape.rank].to_vec();
        sizes.insert(axis, 1);
        steps.insert(axis, 0);
        let mut view = self.clone();
        view.shape = NdShape::new(&sizes);
        view.steps[..steps.len()].copy_from_slice(&steps);
        view
    }

    /// The only item of an array without axes.
    pub fn only(&self) -> T {
        self.data[self.start as usize].get()
    }

    /// `a[i]` of an array of one axis.
    #[inline]
    pub fn item_1(&self, index: i64) -> Result<T, Exc> {
        let place = nd_index(index, 0, self.shape.sizes[0])?;
        Ok(self.data[(self.start + self.steps[0] * place as isize) as usize].get())
    }

    /// Where `a[i, j]` lies.
    #[inline]
    pub fn place_2(&self, i: i64, j: i64) -> Result<usize, Exc> {
        let (i, j) = (nd_index(i, 0, self.shape.sizes[0])?, nd_index(j, 1, self.shape.sizes[1])?);
        Ok((self.start + self.steps[0] * i as isize + self.steps[1] * j as isize) as usize)
    }

    /// `a[i, j]` of an array of two axes.
    #[inline]
    pub fn item_2(&self, i: i64, j: i64) -> Result<T, Exc> {
        Ok(self.data[self.place_2(i, j)?].get())
    }

    /// `a[i] = item` of an array of one axis.
    #[inline]
    pub fn set_1(&self, index: i64, item: T) -> Result<(), Exc> {
        let place = nd_index(index, 0, self.shape.sizes[0])?;
        self.data[(self.start + self.steps[0] * place as isize) as usize].set(item);
        Ok(())
    }

    /// `a[i, j] = item` of an array of two axes.
    #[inline]
    pub fn set_2(&self, i: i64, j: i64, item: T) -> Result<(), Exc> {
        self.data[self.place_2(i, j)?].set(item);
        Ok(())
    }

    /// The items of an array of one axis; those that are read later are as they are then.
    pub fn items(&self) -> impl Iterator<Item = T> + use<T> {
        let array = self.clone();
        let places = array.places();
        places.map(move |place| array.data[place].get())
    }

    /// The views along the first axis.
    pub fn rows(&self) -> impl Iterator<Item = NdArray<T>> + use<T> {
        let array = self.clone();
        (0..self.shape.sizes[0]).map(move |place| array.at(0, place))
    }

    /// `shape`, as a tuple of unknown length.
    pub fn shape_seq(&self) -> Seq<i64> {
        self.shape.axes().iter().map(|&size| size as i64).collect()
    }

    /// `tolist()` of one axis.
    pub fn tolist_1(&self) -> List<T::Plain> {
        self.to_vec().into_iter().map(T::plain).collect()
    }

    /// `tolist()` of two axes.
    pub fn tolist_2(&self) -> List<List<T::Plain>> {
        self.rows().map(|row| row.tolist_1()).collect()
    }

    /// `tolist()` of three axes.
    pub fn tolist_3(&self) -> List<List<List<T::Plain>>> {
        self.rows().map(|row| row.tolist_2()).collect()
    }

    /// `tolist()` of four axes.
    pub fn tolist_4(&self) -> List<List<List<List<T::Plain>>>> {
        self.rows().map(|row| row.tolist_3()).collect()
    }

    /// `item()`: the only item.
    pub fn item(&self) -> Result<T::Plain, Exc> {
        if self.shape.size() != 1 {
            return Err(Exc::new(&VALUE_ERROR, "can only convert an array of size 1 to a Python scalar"));
        }
        Ok(self.only().plain())
    }

    /// The only item, where Python asks an array for a number.
    pub fn as_scalar(&self) -> Result<T, Exc> {
        if self.shape.rank > 0 {
            return Err(Exc::new(&TYPE_ERROR, "only 0-dimensional arrays can be converted to Python scalars"));
        }
        Ok(self.only())
    }
}

impl<T: NdItem + crate::NdAlone> NdArray<T> {
    /// `bool(array)`, which only an array of one item has.
    pub fn array_truth(&self) -> Result<bool, Exc> {
        match self.shape.size() {
            1 => Ok(self.only().alone_truth()),
            0 => Err(Exc::new(
                &VALUE_ERROR,
                "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.",
            )),
            _ => Err(Exc::new(
                &VALUE_ERROR,
                "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()",
            )),
        }
    }
}

impl<T: NdItem> Object for NdArray<T> {
    fn write_repr(&self, out: &mut String) {
        crate::nd_repr_into(self, out);
    }
    fn write_str(&self, out: &mut String) {
        crate::nd_str_into(self, out);
    }
    fn equals(&self, other: &Self) -> bool {
        self.shape == other.shape && self.to_vec() == other.to_vec()
    }
    fn hash(&self) -> u64 {
        0
    }
    fn type_name(&self) -> &'static str {
        "ndarray"
    }
}

// The arrays that are told apart while translating.

/// `float64` of one axis.
pub type FloatArray1 = NdArray<f64>;
/// `float64` of two axes.
pub type FloatArray2 = NdArray<f64>;
/// `float64` of three axes.
pub type FloatArray3 = NdArray<f64>;
/// `float64` of four axes.
pub type FloatArray4 = NdArray<f64>;
/// `float32` of one axis.
pub type SingleArray1 = NdArray<f32>;
/// `float32` of two axes.
pub type SingleArray2 = NdArray<f32>;
/// `float32` of three axes.
pub type SingleArray3 = NdArray<f32>;
/// `float32` of four axes.
pub type SingleArray4 = NdArray<f32>;
/// `int64` of one axis.
pub type WholeArray1 = NdArray<i64>;
/// `int64` of two axes.
pub type WholeArray2 = NdArray<i64>;
/// `int64` of three axes.
pub type WholeArray3 = NdArray<i64>;
/// `int64` of four axes.
pub type WholeArray4 = NdArray<i64>;
/// `int32` of one axis.
pub type LabelArray1 = NdArray<i32>;
/// `int32` of two axes.
pub type LabelArray2 = NdArray<i32>;
/// `int32` of three axes.
pub type LabelArray3 = NdArray<i32>;
/// `int32` of four axes.
pub type LabelArray4 = NdArray<i32>;
/// `bool` of one axis.
pub type TruthArray1 = NdArray<bool>;
/// `bool` of two axes.
pub type TruthArray2 = NdArray<bool>;
/// `bool` of three axes.
pub type TruthArray3 = NdArray<bool>;
/// `bool` of four axes.
pub type TruthArray4 = NdArray<bool>;
