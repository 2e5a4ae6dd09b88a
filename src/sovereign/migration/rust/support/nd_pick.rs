//! Parts of NumPy's arrays that are no slices: by masks and by places, and arrays put together and shaped anew.
//!
//! `nd_masked`, `nd_store_masked`, `nd_taken`, `nd_store_taken`, `nd_where`, `nd_nonzero`; `nd_reshaped`, `nd_flat`,
//! `nd_turned`, `nd_transposed`, `nd_joined`, `nd_stacked`, `nd_repeated`, `nd_tiled`, `nd_flipped`, `nd_diff`.

use crate::{
    nd_axis, nd_index, nd_store, nd_zip, Exc, NdArray, NdItem, NdNumber, NdShape, INDEX_ERROR, MOST_AXES, VALUE_ERROR,
};
use alloc::format;
use alloc::vec::Vec;

/// The places of a mask, in the first axes of an array.
pub fn nd_mask_places<T: NdItem>(a: &NdArray<T>, mask: &NdArray<bool>) -> Result<Vec<usize>, Exc> {
    for axis in 0..mask.shape.rank {
        let (has, wants) = (mask.shape.sizes[axis], a.shape.sizes[axis]);
        if has != wants {
            let text = format!(
                "boolean index did not match indexed array along axis {axis}; size of axis is {wants} but size of corresponding boolean axis is {has}"
            );
            return Err(Exc::new(&INDEX_ERROR, text));
        }
    }
    Ok(mask.to_vec().iter().enumerate().filter(|(_, is_kept)| **is_kept).map(|(place, _)| place).collect())
}

impl<T: NdItem> NdArray<T> {
    /// The part at a place of the first `rank` axes, counted in their order.
    pub fn part_at(&self, rank: usize, place: usize) -> NdArray<T> {
        let (mut view, mut rest) = (self.clone(), place);
        let mut start = 0;
        for axis in (0..rank).rev() {
            start += self.steps[axis] * (rest % self.shape.sizes[axis]) as isize;
            rest /= self.shape.sizes[axis];
        }
        view.start += start;
        view.shape = NdShape::new(&self.shape.axes()[rank..]);
        view.steps = [0; MOST_AXES];
        view.steps[..self.shape.rank - rank].copy_from_slice(&self.steps[rank..self.shape.rank]);
        view
    }
}

/// `a[mask]`.
pub fn nd_masked<T: NdItem>(a: &NdArray<T>, mask: &NdArray<bool>) -> Result<NdArray<T>, Exc> {
    let places = nd_mask_places(a, mask)?;
    let rank = mask.shape.rank;
    let mut sizes = alloc::vec![places.len()];
    sizes.extend(&a.shape.axes()[rank..]);
    let items = places.iter().flat_map(|&place| a.part_at(rank, place).to_vec()).collect();
    Ok(NdArray::from_vec(items, &sizes))
}

/// `a[mask] = values`: one for all, or one for each.
pub fn nd_store_masked<T: NdItem>(a: &NdArray<T>, mask: &NdArray<bool>, values: &NdArray<T>) -> Result<(), Exc> {
    let places = nd_mask_places(a, mask)?;
    let rank = mask.shape.rank;
    if values.shape.rank == 1 && rank == a.shape.rank && values.shape.sizes[0] != 1 {
        let (has, wants) = (values.shape.sizes[0], places.len());
        if has != wants {
            let text = format!(
                "NumPy boolean array indexing assignment cannot assign {has} input values to the {wants} output values where the mask is true"
            );
            return Err(Exc::new(&VALUE_ERROR, text));
        }
        let items = values.to_vec();
        places
            .iter()
            .zip(items)
            .try_for_each(|(&place, item)| nd_store(&a.part_at(rank, place), &NdArray::single(item)))
    } else {
        let values = values.copy();
        places.iter().try_for_each(|&place| nd_store(&a.part_at(rank, place), &values))
    }
}

/// The places that indexes name along an axis.
pub fn nd_places_of(indexes: &NdArray<i64>, axis: usize, size: usize) -> Result<Vec<usize>, Exc> {
    indexes.to_vec().into_iter().map(|index| nd_index(index, axis, size)).collect()
}

/// `a[indexes]`, along the first axis.
pub fn nd_taken<T: NdItem>(a: &NdArray<T>, indexes: &NdArray<i64>) -> Result<NdArray<T>, Exc> {
    let places = nd_places_of(indexes, 0, a.shape.sizes[0])?;
    let mut sizes = indexes.shape.axes().to_vec();
    sizes.extend(&a.shape.axes()[1..]);
    let items = places.into_iter().flat_map(|place| a.at(0, place).to_vec()).collect();
    Ok(NdArray::from_vec(items, &sizes))
}

/// `a[rows, columns]`, item by item.
pub fn nd_taken_pairs<T: NdItem>(
    a: &NdArray<T>,
    rows: &NdArray<i64>,
    columns: &NdArray<i64>,
) -> Result<NdArray<T>, Exc> {
    let places = nd_zip(rows, columns, |row: i64, _: i64| row)?;
    let columns = nd_zip(rows, columns, |_: i64, column: i64| column)?;
    let rows = nd_places_of(&places, 0, a.shape.sizes[0])?;
    let columns = nd_places_of(&columns, 1, a.shape.sizes[1])?;
    let items = rows.into_iter().zip(columns).flat_map(|(i, j)| a.at(0, i).at(0, j).to_vec()).collect();
    Ok(NdArray::from_vec(items, places.shape.axes()))
}

/// `a[indexes] = values`.
pub fn nd_store_taken<T: NdItem>(a: &NdArray<T>, indexes: &NdArray<i64>, values: &NdArray<T>) -> Result<(), Exc> {
    let places = nd_places_of(indexes, 0, a.shape.sizes[0])?;
    let mut sizes = alloc::vec![places.len()];
    sizes.extend(&a.shape.axes()[1..]);
    let room = NdArray::from_vec(alloc::vec![T::NOTHING; sizes.iter().product()], &sizes);
    nd_store(&room, values)?;
    for (number, place) in places.into_iter().enumerate() {
        nd_store(&a.at(0, place), &room.at(0, number))?;
    }
    Ok(())
}

/// `numpy.where(mask, a, b)`.
pub fn nd_where<T: NdItem>(mask: &NdArray<bool>, a: &NdArray<T>, b: &NdArray<T>) -> Result<NdArray<T>, Exc> {
    let shape = crate::nd_common(&crate::nd_common(&mask.shape, &a.shape)?, &b.shape)?;
    let (mask, a, b) = (mask.stretched(shape), a.stretched(shape), b.stretched(shape));
    let items = mask.to_vec().into_iter().zip(a.to_vec()).zip(b.to_vec());
    Ok(NdArray::from_vec(items.map(|((is_first, a), b)| if is_first { a } else { b }).collect(), shape.axes()))
}

/// The indexes along one axis of the items that are true: a part of `numpy.where(mask)`.
pub fn nd_nonzero(mask: &NdArray<bool>, axis: usize) -> NdArray<i64> {
    let inner: usize = mask.shape.axes()[axis + 1..].iter().product();
    let size = mask.shape.sizes[axis];
    let places = mask.to_vec().into_iter().enumerate().filter(|(_, is_true)| *is_true);
    NdArray::of(places.map(|(place, _)| (place / inner.max(1) % size.max(1)) as i64).collect())
}

/// `a.reshape(sizes)`: a view where the items follow each other, else another array.
pub fn nd_reshaped<T: NdItem>(a: &NdArray<T>, sizes: &[i64]) -> Result<NdArray<T>, Exc> {
    let size = a.shape.size();
    let listed: Vec<_> = sizes.iter().map(|size| format!("{size}")).collect();
    let tuple = if listed.len() == 1 { format!("({},)", listed[0]) } else { format!("({})", listed.join(",")) };
    let wrong = || Exc::new(&VALUE_ERROR, format!("cannot reshape array of size {size} into shape {tuple}"));
    if sizes.iter().filter(|size| **size < 0).count() > 1 {
        return Err(Exc::new(&VALUE_ERROR, "can only specify one unknown dimension"));
    }
    let known: usize = sizes.iter().filter(|size| **size >= 0).map(|size| *size as usize).product();
    let open = size.checked_div(known).unwrap_or(0);
    let sizes: Vec<usize> = sizes.iter().map(|&size| usize::try_from(size).unwrap_or(open)).collect();
    if sizes.iter().product::<usize>() != size {
        return Err(wrong());
    }
    if !a.is_dense() {
        return Ok(NdArray::from_vec(a.to_vec(), &sizes));
    }
    let shape = NdShape::new(&sizes);
    Ok(NdArray { data: a.data.clone(), start: a.start, shape, steps: shape.steps() })
}

/// `a.ravel()`.
pub fn nd_flat<T: NdItem>(a: &NdArray<T>) -> NdArray<T> {
    let shape = NdShape::new(&[a.shape.size()]);
    if !a.is_dense() {
        return NdArray::of(a.to_vec());
    }
    NdArray { data: a.data.clone(), start: a.start, shape, steps: shape.steps() }
}

/// `a.transpose(axes)`.
pub fn nd_turned<T: NdItem>(a: &NdArray<T>, axes: &[i64]) -> Result<NdArray<T>, Exc> {
    let places = axes.iter().map(|&axis| nd_axis(axis, a.shape.rank)).collect::<Result<Vec<usize>, Exc>>()?;
    let mut sorted = places.clone();
    sorted.sort_unstable();
    if sorted.iter().enumerate().any(|(place, axis)| place != *axis) {
        return Err(Exc::new(&VALUE_ERROR, "repeated axis in transpose"));
    }
    Ok(a.turned(&places))
}

/// `a.T`.
pub fn nd_transposed<T: NdItem>(a: &NdArray<T>) -> NdArray<T> {
    let axes: Vec<usize> = (0..a.shape.rank).rev().collect();
    a.turned(&axes)
}

/// `numpy.concatenate(arrays, axis)`.
pub fn nd_joined<T: NdItem>(arrays: &[NdArray<T>], axis: i64) -> Result<NdArray<T>, Exc> {
    let Some(first) = arrays.first() else {
        return Err(Exc::new(&VALUE_ERROR, "need at least one array to concatenate"));
    };
    let axis = nd_axis(axis, first.shape.rank)?;
    let mut sizes = first.shape.axes().to_vec();
    sizes[axis] = 0;
    for (number, array) in arrays.iter().enumerate() {
        for (other, &size) in array.shape.axes().iter().enumerate() {
            if other != axis && size != sizes[other] {
                let text = format!(
                    "all the input array dimensions except for the concatenation axis must match exactly, but along dimension {other}, the array at index 0 has size {} and the array at index {number} has size {size}",
                    sizes[other]
                );
                return Err(Exc::new(&VALUE_ERROR, text));
            }
        }
        sizes[axis] += array.shape.sizes[axis];
    }
    let made = NdArray::from_vec(alloc::vec![T::NOTHING; sizes.iter().product()], &sizes);
    let mut start = 0;
    for array in arrays {
        let end = start + array.axis_size(axis);
        nd_store(&made.sliced(axis, Some(start), Some(end), None)?, array)?;
        start = end;
    }
    Ok(made)
}

/// `numpy.stack(arrays, axis)`.
pub fn nd_stacked<T: NdItem>(arrays: &[NdArray<T>], axis: i64) -> Result<NdArray<T>, Exc> {
    let Some(first) = arrays.first() else {
        return Err(Exc::new(&VALUE_ERROR, "need at least one array to stack"));
    };
    if arrays.iter().any(|array| array.shape != first.shape) {
        return Err(Exc::new(&VALUE_ERROR, "all input arrays must have the same shape"));
    }
    let place = nd_axis(axis, first.shape.rank + 1)?;
    let with_axis: Vec<NdArray<T>> = arrays.iter().map(|array| array.with_axis(place)).collect();
    nd_joined(&with_axis, axis)
}

/// `numpy.repeat(a, count)` of all items.
pub fn nd_repeated<T: NdItem>(a: &NdArray<T>, count: i64) -> Result<NdArray<T>, Exc> {
    let count =
        usize::try_from(count).map_err(|_| Exc::new(&VALUE_ERROR, "repeats may not contain negative values."))?;
    Ok(NdArray::of(a.to_vec().into_iter().flat_map(|item| core::iter::repeat_n(item, count)).collect()))
}

/// `numpy.tile(a, count)` of an array of one axis.
pub fn nd_tiled<T: NdItem>(a: &NdArray<T>, count: i64) -> NdArray<T> {
    NdArray::of(a.to_vec().repeat(usize::try_from(count).unwrap_or(0)))
}

/// `numpy.flip(a, axis)`.
pub fn nd_flipped<T: NdItem>(a: &NdArray<T>, axis: i64) -> Result<NdArray<T>, Exc> {
    a.sliced(nd_axis(axis, a.shape.rank)?, None, None, Some(-1))
}

/// `numpy.diff(a)`, along the last axis.
pub fn nd_diff<T: NdNumber>(a: &NdArray<T>) -> Result<NdArray<T>, Exc> {
    let axis = a.shape.rank - 1;
    let (later, earlier) = (a.sliced(axis, Some(1), None, None)?, a.sliced(axis, None, Some(-1), None)?);
    nd_zip(&later, &earlier, T::nd_sub)
}
