//! What NumPy makes of many items: sums in pairs, products, extremes, means, variances, along an axis or of all.
//!
//! Sums of floats are added as NumPy does: eight at a time up to 128, halves of what is longer; along an axis whose items
//! do not lie closest, row after row. `nd_sum`, `nd_prod`, `nd_least`, `nd_most`, `nd_place_of`, `nd_mean`, `nd_variance`,
//! `nd_any`, `nd_all`, `nd_cumulated`, each also with `_along`.

use crate::{nd_axis, Exc, NdArray, NdItem, NdNumber, VALUE_ERROR};
use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;
use core::cell::Cell;

/// Items that are added in one go where they are converted on the way.
pub const ND_BUFFER: usize = 8192;

/// The sum of items, in pairs.
pub fn nd_pairwise<T: NdNumber>(items: &[Cell<T>]) -> T {
    let count = items.len();
    if count < 8 {
        let mut sum = T::ZERO.nd_neg();
        for item in items {
            sum = sum.nd_add(item.get());
        }
        return sum;
    }
    if count <= 128 {
        let mut sums = [T::ZERO; 8];
        sums.iter_mut().zip(items).for_each(|(sum, item)| *sum = item.get());
        let whole = count - count % 8;
        for part in items[8..whole].chunks_exact(8) {
            for (sum, item) in sums.iter_mut().zip(part) {
                *sum = sum.nd_add(item.get());
            }
        }
        let [a, b, c, d, e, f, g, h] = sums;
        let left = a.nd_add(b).nd_add(c.nd_add(d));
        let mut sum = left.nd_add(e.nd_add(f).nd_add(g.nd_add(h)));
        for item in &items[whole..] {
            sum = sum.nd_add(item.get());
        }
        return sum;
    }
    let half = count / 2 - count / 2 % 8;
    nd_pairwise(&items[..half]).nd_add(nd_pairwise(&items[half..]))
}

impl<T: NdItem> NdArray<T> {
    /// The items in the order in which they lie, in the parts in which NumPy adds them: all at once where nothing lies
    /// between them, else as many whole lines as its buffer holds, or line by line where those are longer.
    pub fn lying(&self) -> (Cow<'_, [Cell<T>]>, usize) {
        if let Some(items) = self.dense() {
            return (Cow::Borrowed(items), items.len().max(1));
        }
        let mut axes: Vec<usize> = (0..self.shape.rank).filter(|&axis| self.shape.sizes[axis] != 1).collect();
        axes.sort_by_key(|&axis| core::cmp::Reverse(self.steps[axis].unsigned_abs()));
        let mut turned = self.turned(&axes);
        if turned.shape.rank == 1 && turned.steps[0] < 0 && turned.shape.sizes[0] > 0 {
            turned = turned.at_end();
        }
        // Axes that continue each other are one.
        let (sizes, steps) = (turned.shape.sizes, turned.steps);
        let mut axis = turned.shape.rank.saturating_sub(1);
        let mut line = if turned.shape.rank == 0 { 1 } else { sizes[axis] };
        while axis > 0 && steps[axis - 1] == steps[axis] * sizes[axis] as isize {
            axis -= 1;
            line *= sizes[axis];
        }
        let items: Vec<Cell<T>> = turned.to_vec().into_iter().map(Cell::new).collect();
        if axis == 0 || line == 0 {
            let all = items.len().max(1);
            return (Cow::Owned(items), all);
        }
        let mut part = line;
        while axis > 0 && part * sizes[axis - 1] <= ND_BUFFER {
            axis -= 1;
            part *= sizes[axis];
        }
        part = (ND_BUFFER / part * part).max(line);
        (Cow::Owned(items), part)
    }

    /// An array of one axis backwards.
    pub fn at_end(&self) -> NdArray<T> {
        let mut view = self.clone();
        view.start += self.steps[0] * (self.shape.sizes[0] as isize - 1);
        view.steps[0] = -self.steps[0];
        view
    }

    /// With these of its axes, in this order; the others have one item.
    pub fn turned(&self, axes: &[usize]) -> NdArray<T> {
        let sizes: Vec<usize> = axes.iter().map(|&axis| self.shape.sizes[axis]).collect();
        let mut view = self.clone();
        view.shape = crate::NdShape::new(&sizes);
        view.steps = [0; crate::MOST_AXES];
        for (to, &from) in axes.iter().enumerate() {
            view.steps[to] = self.steps[from];
        }
        view
    }

    /// The lines along an axis, in the order of the others.
    pub fn lines(&self, axis: usize) -> Vec<NdArray<T>> {
        let mut others = self.clone();
        others.shape.sizes[axis] = 1;
        let size = self.shape.sizes[axis];
        let line = |place: usize| {
            let mut view = self.turned(&[axis]);
            view.start = place as isize;
            view
        };
        if size == 0 {
            return (0..others.shape.size()).map(|_| self.turned(&[axis])).collect();
        }
        others.places().map(line).collect()
    }

    /// Something of each line along an axis.
    pub fn each_line<R: NdItem>(
        &self,
        axis: i64,
        work: impl Fn(&NdArray<T>) -> Result<R, Exc>,
    ) -> Result<NdArray<R>, Exc> {
        let axis = nd_axis(axis, self.shape.rank)?;
        let items = self.lines(axis).iter().map(work).collect::<Result<Vec<R>, Exc>>()?;
        Ok(NdArray::from_vec(items, self.shape.without(axis).axes()))
    }

    /// Whether items along this axis lie closest.
    pub fn is_closest(&self, axis: usize) -> bool {
        let own = self.steps[axis].unsigned_abs();
        let is_farther = |other: usize| self.shape.sizes[other] <= 1 || self.steps[other].unsigned_abs() > own;
        self.shape.sizes[axis] <= 1 || (0..self.shape.rank).all(|other| other == axis || is_farther(other))
    }
}

/// `a.sum()`.
pub fn nd_sum<T: NdNumber>(a: &NdArray<T>) -> T {
    let (items, part) = a.lying();
    items.chunks(part).fold(T::ZERO, |sum, part| sum.nd_add(nd_pairwise(part)))
}

/// `a.sum()` of items that are converted first.
pub fn nd_sum_converted<T: NdNumber>(a: &NdArray<T>) -> T {
    let items = a.copy();
    items.data.chunks(ND_BUFFER).fold(T::ZERO, |sum, part| sum.nd_add(nd_pairwise(part)))
}

/// `a.sum(axis)`.
pub fn nd_sum_along<T: NdNumber>(a: &NdArray<T>, axis: i64) -> Result<NdArray<T>, Exc> {
    let is_closest = a.is_closest(nd_axis(axis, a.shape.rank)?);
    a.each_line(axis, |line| {
        let items = line.copy();
        Ok(if is_closest { T::ZERO.nd_add(nd_pairwise(&items.data)) } else { items.items().fold(T::ZERO, T::nd_add) })
    })
}

/// `a.prod()`.
pub fn nd_prod<T: NdNumber>(a: &NdArray<T>) -> T {
    a.to_vec().into_iter().fold(T::ONE, T::nd_mul)
}

/// `a.prod(axis)`.
pub fn nd_prod_along<T: NdNumber>(a: &NdArray<T>, axis: i64) -> Result<NdArray<T>, Exc> {
    a.each_line(axis, |line| Ok(nd_prod(line)))
}

/// The first item, or what Python says of none.
pub fn nd_first<T: NdItem>(items: &[T], name: &str) -> Result<T, Exc> {
    let text = || format!("zero-size array to reduction operation {name} which has no identity");
    items.first().copied().ok_or_else(|| Exc::new(&VALUE_ERROR, text()))
}

/// `a.min()`.
pub fn nd_least<T: NdNumber>(a: &NdArray<T>) -> Result<T, Exc> {
    let items = a.to_vec();
    Ok(items[1.min(items.len())..].iter().fold(nd_first(&items, "minimum")?, |least, item| least.nd_minimum(*item)))
}

/// `a.max()`.
pub fn nd_most<T: NdNumber>(a: &NdArray<T>) -> Result<T, Exc> {
    let items = a.to_vec();
    Ok(items[1.min(items.len())..].iter().fold(nd_first(&items, "maximum")?, |most, item| most.nd_maximum(*item)))
}

/// `a.min(axis)`.
pub fn nd_least_along<T: NdNumber>(a: &NdArray<T>, axis: i64) -> Result<NdArray<T>, Exc> {
    a.each_line(axis, nd_least)
}

/// `a.max(axis)`.
pub fn nd_most_along<T: NdNumber>(a: &NdArray<T>, axis: i64) -> Result<NdArray<T>, Exc> {
    a.each_line(axis, nd_most)
}

/// Where the first item stands that none comes before; the first NaN where there is one.
pub fn nd_place_of<T: NdNumber>(a: &NdArray<T>, wants_least: bool) -> Result<i64, Exc> {
    let items = a.to_vec();
    let name = if wants_least { "argmin" } else { "argmax" };
    let empty = || Exc::new(&VALUE_ERROR, format!("attempt to get {name} of an empty sequence"));
    let mut best = (0, *items.first().ok_or_else(empty)?);
    for (place, &item) in items.iter().enumerate() {
        let comes_before = if wants_least { item < best.1 } else { item > best.1 };
        if !best.1.nd_is_nan() && (comes_before || item.nd_is_nan()) {
            best = (place, item);
        }
    }
    Ok(best.0 as i64)
}

/// `a.argmin(axis)` and `a.argmax(axis)`.
pub fn nd_place_along<T: NdNumber>(a: &NdArray<T>, axis: i64, wants_least: bool) -> Result<NdArray<i64>, Exc> {
    a.each_line(axis, |line| nd_place_of(line, wants_least))
}

/// `a.mean()`; the sum of what was converted on the way is another one.
pub fn nd_mean(a: &NdArray<f64>, is_converted: bool) -> f64 {
    let sum = if is_converted { nd_sum_converted(a) } else { nd_sum(a) };
    sum / a.shape.size() as f64
}

/// `a.mean(axis)`.
pub fn nd_mean_along(a: &NdArray<f64>, axis: i64) -> Result<NdArray<f64>, Exc> {
    let count = a.shape.sizes[nd_axis(axis, a.shape.rank)?] as f64;
    Ok(nd_sum_along(a, axis)?.mapped(|sum| sum / count))
}

/// `a.var()`.
pub fn nd_variance(a: &NdArray<f64>, ddof: f64) -> f64 {
    let mean = nd_mean(a, false);
    let squares = a.mapped(|x| (x - mean) * (x - mean));
    nd_sum(&squares) / (a.shape.size() as f64 - ddof).max(0.0)
}

/// `a.var(axis)`.
pub fn nd_variance_along(a: &NdArray<f64>, axis: i64, ddof: f64) -> Result<NdArray<f64>, Exc> {
    let place = nd_axis(axis, a.shape.rank)?;
    let means = nd_mean_along(a, axis)?.with_axis(place);
    let squares = crate::nd_zip(a, &means, |x: f64, mean: f64| (x - mean) * (x - mean))?;
    let count = (a.shape.sizes[place] as f64 - ddof).max(0.0);
    Ok(nd_sum_along(&squares, axis)?.mapped(|sum| sum / count))
}

/// `a.any()`.
pub fn nd_any(a: &NdArray<bool>) -> bool {
    a.to_vec().contains(&true)
}

/// `a.all()`.
pub fn nd_all(a: &NdArray<bool>) -> bool {
    !a.to_vec().contains(&false)
}

/// `a.any(axis)`.
pub fn nd_any_along(a: &NdArray<bool>, axis: i64) -> Result<NdArray<bool>, Exc> {
    a.each_line(axis, |line| Ok(nd_any(line)))
}

/// `a.all(axis)`.
pub fn nd_all_along(a: &NdArray<bool>, axis: i64) -> Result<NdArray<bool>, Exc> {
    a.each_line(axis, |line| Ok(nd_all(line)))
}

/// Running results of all items.
pub fn nd_cumulated<T: NdNumber>(a: &NdArray<T>, work: impl Fn(T, T) -> T) -> NdArray<T> {
    let mut items = a.to_vec();
    for place in 1..items.len() {
        items[place] = work(items[place - 1], items[place]);
    }
    NdArray::of(items)
}

/// Running results along an axis.
pub fn nd_cumulated_along<T: NdNumber>(a: &NdArray<T>, axis: i64, work: impl Fn(T, T) -> T) -> Result<NdArray<T>, Exc> {
    let made = a.copy();
    for line in made.lines(nd_axis(axis, a.shape.rank)?) {
        let run = nd_cumulated(&line, &work);
        crate::nd_store(&line, &run)?;
    }
    Ok(made)
}
