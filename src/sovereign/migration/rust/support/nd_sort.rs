//! Order in NumPy's arrays: `nd_sorted`, `nd_sort_here`, `nd_order`, `nd_unique`, `nd_counts`, `nd_median`, `nd_places_in`.

use crate::{nd_axis, nd_store, Exc, NdArray, NdItem, NdNumber, RUNTIME_ERROR, VALUE_ERROR};
use alloc::format;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// How two items stand to each other; NaN comes last.
pub fn nd_compare<T: NdItem + PartialOrd>(a: &T, b: &T) -> Ordering {
    let (a_is_nan, b_is_nan) = (a.partial_cmp(a).is_none(), b.partial_cmp(b).is_none());
    a.partial_cmp(b).unwrap_or_else(|| a_is_nan.cmp(&b_is_nan))
}

/// `numpy.sort(a, axis)`.
pub fn nd_sorted<T: NdItem + PartialOrd>(a: &NdArray<T>, axis: i64) -> Result<NdArray<T>, Exc> {
    let made = a.copy();
    nd_sort_here(&made, axis)?;
    Ok(made)
}

/// `a.sort(axis)`.
pub fn nd_sort_here<T: NdItem + PartialOrd>(a: &NdArray<T>, axis: i64) -> Result<(), Exc> {
    for line in a.lines(nd_axis(axis, a.shape.rank)?) {
        let mut items = line.to_vec();
        items.sort_by(nd_compare);
        nd_store(&line, &NdArray::of(items))?;
    }
    Ok(())
}

/// `numpy.argsort(a)` of one axis. How NumPy orders equal items is its own where no stable sort is asked for.
pub fn nd_order<T: NdItem + PartialOrd>(a: &NdArray<T>, is_stable: bool) -> Result<NdArray<i64>, Exc> {
    let items = a.to_vec();
    let mut places: Vec<usize> = (0..items.len()).collect();
    places.sort_by(|&a, &b| nd_compare(&items[a], &items[b]));
    let is_equal = |pair: &[usize]| nd_compare(&items[pair[0]], &items[pair[1]]) == Ordering::Equal;
    if !is_stable && places.windows(2).any(is_equal) {
        let text = "the order of equal items in `argsort` is not known, ask for kind='stable'";
        return Err(Exc::new(&RUNTIME_ERROR, text));
    }
    Ok(NdArray::of(places.into_iter().map(|place| place as i64).collect()))
}

/// The different items in order, and how many there are of each.
pub fn nd_groups<T: NdItem + PartialOrd>(a: &NdArray<T>) -> (Vec<T>, Vec<i64>) {
    let mut items = a.to_vec();
    items.sort_by(nd_compare);
    let (mut found, mut counts): (Vec<T>, Vec<i64>) = (Vec::new(), Vec::new());
    for item in items {
        match (found.last(), counts.last_mut()) {
            (Some(last), Some(count)) if nd_compare(last, &item) == Ordering::Equal => *count += 1,
            _ => {
                found.push(item);
                counts.push(1);
            }
        }
    }
    (found, counts)
}

/// `numpy.unique(a)`.
pub fn nd_unique<T: NdItem + PartialOrd>(a: &NdArray<T>) -> NdArray<T> {
    NdArray::of(nd_groups(a).0)
}

/// `numpy.unique(a, return_counts=True)`.
pub fn nd_counted<T: NdItem + PartialOrd>(a: &NdArray<T>) -> (NdArray<T>, NdArray<i64>) {
    let (found, counts) = nd_groups(a);
    (NdArray::of(found), NdArray::of(counts))
}

/// `numpy.bincount(a)`.
pub fn nd_counts(a: &NdArray<i64>) -> Result<NdArray<i64>, Exc> {
    let items = a.to_vec();
    if items.iter().any(|item| *item < 0) {
        return Err(Exc::new(&VALUE_ERROR, "'list' argument must have no negative elements"));
    }
    let mut counts = alloc::vec![0; items.iter().max().map_or(0, |most| *most as usize + 1)];
    items.iter().for_each(|item| counts[*item as usize] += 1);
    Ok(NdArray::of(counts))
}

/// `numpy.median(a)`.
pub fn nd_median(a: &NdArray<f64>) -> f64 {
    let mut items = a.to_vec();
    if items.is_empty() || items.iter().any(|item| item.is_nan()) {
        return f64::NAN;
    }
    items.sort_by(nd_compare);
    let half = items.len() / 2;
    if items.len() % 2 == 1 {
        return items[half];
    }
    (items[half - 1] + items[half]) / 2.0
}

/// `numpy.searchsorted(a, items, side)`.
pub fn nd_places_in<T: NdNumber>(a: &NdArray<T>, items: &NdArray<T>, is_right: bool) -> NdArray<i64> {
    let sorted = a.to_vec();
    items.mapped(|item| {
        let place = sorted.partition_point(|other| match nd_compare(other, &item) {
            Ordering::Less => true,
            Ordering::Equal => is_right,
            Ordering::Greater => false,
        });
        place as i64
    })
}

/// What NumPy says of shapes that do not go together in a product.
pub fn nd_mismatch(left: usize, right: usize) -> Exc {
    let text = format!(
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size {right} is different from {left})"
    );
    Exc::new(&VALUE_ERROR, text)
}

/// What `numpy.dot` says of them.
pub fn nd_not_aligned<T>(a: &NdArray<T>, b: &NdArray<T>) -> Exc {
    let axis = if b.shape.rank > 1 { b.shape.rank - 2 } else { 0 };
    let (left, right) = (a.shape.sizes[a.shape.rank - 1], b.shape.sizes[axis]);
    let (x, y) = (a.shape.text().replace(", ", ","), b.shape.text().replace(", ", ","));
    let last = a.shape.rank - 1;
    Exc::new(&VALUE_ERROR, format!("shapes {x} and {y} not aligned: {left} (dim {last}) != {right} (dim {axis})"))
}

/// The sum of the products of two arrays of one axis.
pub fn nd_inner<T: NdNumber>(a: &NdArray<T>, b: &NdArray<T>) -> T {
    a.to_vec().into_iter().zip(b.to_vec()).fold(T::ZERO, |sum, (a, b)| sum.nd_add(a.nd_mul(b)))
}

/// `a @ b` where both have one or two axes; an array of one axis is a row before it, a column behind it.
pub fn nd_product<T: NdNumber>(a: &NdArray<T>, b: &NdArray<T>, is_dot: bool) -> Result<NdArray<T>, Exc> {
    let left = if a.shape.rank == 1 { a.with_axis(0) } else { a.clone() };
    let right = if b.shape.rank == 1 { b.with_axis(1) } else { b.clone() };
    let (rows, inner, columns) = (left.shape.sizes[0], left.shape.sizes[1], right.shape.sizes[1]);
    if inner != right.shape.sizes[0] {
        return Err(if is_dot { nd_not_aligned(a, b) } else { nd_mismatch(inner, right.shape.sizes[0]) });
    }
    let (x, y) = (left.to_vec(), right.to_vec());
    let mut items = alloc::vec![T::ZERO; rows * columns];
    for (i, row) in items.chunks_exact_mut(columns.max(1)).enumerate() {
        for k in 0..inner {
            let factor = x[i * inner + k];
            let other = &y[k * columns..(k + 1) * columns];
            row.iter_mut().zip(other).for_each(|(sum, item)| *sum = sum.nd_add(factor.nd_mul(*item)));
        }
    }
    let sizes: Vec<usize> = match (a.shape.rank, b.shape.rank) {
        (1, 1) => Vec::new(),
        (1, _) => alloc::vec![columns],
        (_, 1) => alloc::vec![rows],
        _ => alloc::vec![rows, columns],
    };
    Ok(NdArray::from_vec(items, &sizes))
}
