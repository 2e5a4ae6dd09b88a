//! Elements by their places: gather, scatter, the largest few.

use core::cmp::Ordering;

use crate::{Element, Error, Kernels, error::require_equal};

impl Kernels {
    /// Lay `x[indices[i]]` at place `i` of `out`; a negative index counts from the end of `x`.
    ///
    /// Nothing is written when an index is out of range.
    pub fn gather<T: Copy>(&self, x: &[T], indices: &[i64], out: &mut [T]) -> Result<(), Error> {
        require_equal(indices.len(), out.len())?;
        require_inside(indices, x.len())?;
        for (out, &index) in out.iter_mut().zip(indices) {
            *out = x[place(index, x.len())];
        }
        Ok(())
    }

    /// Lay `values[i]` at place `indices[i]` of `out`, in this order; a negative index counts from the end of `out`.
    ///
    /// Nothing is written when an index is out of range.
    pub fn scatter<T: Copy>(&self, values: &[T], indices: &[i64], out: &mut [T]) -> Result<(), Error> {
        require_equal(values.len(), indices.len())?;
        require_inside(indices, out.len())?;
        let length = out.len();
        for (&value, &index) in values.iter().zip(indices) {
            out[place(index, length)] = value;
        }
        Ok(())
    }

    /// The `k` largest elements of `x` in descending order and where they stand; `k` is the length of both outputs.
    ///
    /// Equal elements come in the order of their places. NaN counts as larger than all numbers.
    pub fn top_k<T: Element>(&self, x: &[T], values: &mut [T], indices: &mut [i64]) -> Result<(), Error> {
        require_equal(values.len(), indices.len())?;
        let k = values.len();
        if k > x.len() {
            return Err(Error::TooFew { length: x.len(), wanted: k });
        }
        if k == 0 {
            return Ok(());
        }
        for (i, (value, index)) in values.iter_mut().zip(indices.iter_mut()).enumerate() {
            (*value, *index) = (x[i], i as i64);
        }
        let mut heap = Heap { values, indices };
        (0..k / 2).rev().for_each(|i| heap.sink(i, k));
        let above = self.of::<T>().first_above;
        let mut i = k;
        while i < x.len() && !heap.values[0].is_nan() {
            // SAFETY: this machine can run the kernel; so many elements stand from `i` on.
            i += unsafe { above(x.as_ptr().add(i), x.len() - i, heap.values[0]) };
            if i < x.len() {
                (heap.values[0], heap.indices[0]) = (x[i], i as i64);
                heap.sink(0, k);
                i += 1;
            }
        }
        for end in (1..k).rev() {
            heap.swap(0, end);
            heap.sink(0, end);
        }
        Ok(())
    }
}

/// A heap in two arrays, the last in the order of results on top.
struct Heap<'a, T> {
    values: &'a mut [T],
    indices: &'a mut [i64],
}

impl<T: Element> Heap<'_, T> {
    /// Let the entry at `i` sink to its place among the first `end`.
    fn sink(&mut self, mut i: usize, end: usize) {
        loop {
            let mut last = i;
            for child in [2 * i + 1, 2 * i + 2] {
                if child < end && self.comes_after(child, last) {
                    last = child;
                }
            }
            if last == i {
                return;
            }
            self.swap(i, last);
            i = last;
        }
    }

    fn comes_after(&self, i: usize, j: usize) -> bool {
        let order = match (self.values[i].is_nan(), self.values[j].is_nan()) {
            (false, false) => self.values[i].partial_cmp(&self.values[j]),
            (i, j) => Some(i.cmp(&j)),
        };
        order.unwrap_or(Ordering::Equal).then(self.indices[j].cmp(&self.indices[i])).is_lt()
    }

    fn swap(&mut self, i: usize, j: usize) {
        self.values.swap(i, j);
        self.indices.swap(i, j);
    }
}

/// The place of an index that is in range.
#[inline]
fn place(index: i64, length: usize) -> usize {
    if index < 0 { length.wrapping_add(index as usize) } else { index as usize }
}

fn require_inside(indices: &[i64], length: usize) -> Result<(), Error> {
    let reach = i64::try_from(length).unwrap_or(i64::MAX);
    match indices.iter().position(|&index| index < -reach || index >= reach) {
        None => Ok(()),
        Some(position) => Err(Error::IndexOutside { position, index: indices[position], length }),
    }
}
