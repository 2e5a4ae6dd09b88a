//! Products of a matrix and a vector, at the rate at which the matrix is read.

use crate::simd::Simd;

/// Rows that pass together: streams that a processor prefetches well, and uses of each element of the vector.
const TOGETHER: usize = 4;

/// `out[i]` is the dot product of row `i` and `x`.
///
/// # Safety
/// See `kernels.rs`: `rows` rows of `columns` elements at distance `stride`.
#[inline(always)]
pub(crate) unsafe fn rows_dot<S: Simd>(
    a: *const S::Element,
    stride: usize,
    rows: usize,
    columns: usize,
    x: *const S::Element,
    out: *mut S::Element,
) {
    // SAFETY: rows are below `rows`.
    unsafe {
        let mut i = 0;
        while i + TOGETHER <= rows {
            dots::<S, TOGETHER>(a.add(i * stride), stride, columns, x, out.add(i));
            i += TOGETHER;
        }
        while i < rows {
            dots::<S, 1>(a.add(i * stride), stride, columns, x, out.add(i));
            i += 1;
        }
    }
}

#[inline(always)]
unsafe fn dots<S: Simd, const R: usize>(
    a: *const S::Element,
    stride: usize,
    columns: usize,
    x: *const S::Element,
    out: *mut S::Element,
) {
    // SAFETY: every load starts at `j` with all its lanes below `columns`.
    unsafe {
        let (mut sums, mut j) = ([[S::zero(); 2]; R], 0);
        while j + 2 * S::LANES <= columns {
            let (first, second) = (S::load(x.add(j)), S::load(x.add(j + S::LANES)));
            for (row, [even, odd]) in sums.iter_mut().enumerate() {
                let a = a.add(row * stride + j);
                *even = S::fma(S::load(a), first, *even);
                *odd = S::fma(S::load(a.add(S::LANES)), second, *odd);
            }
            j += 2 * S::LANES;
        }
        if j + S::LANES <= columns {
            let right = S::load(x.add(j));
            for (row, [even, _]) in sums.iter_mut().enumerate() {
                *even = S::fma(S::load(a.add(row * stride + j)), right, *even);
            }
            j += S::LANES;
        }
        if j < columns {
            let right = S::load_first_or_zero(x.add(j), columns - j);
            for (row, [_, odd]) in sums.iter_mut().enumerate() {
                let left = S::load_first_or_zero(a.add(row * stride + j), columns - j);
                *odd = S::fma(left, right, *odd);
            }
        }
        for (row, &[even, odd]) in sums.iter().enumerate() {
            *out.add(row) = S::reduce_add(S::add(even, odd));
        }
    }
}

/// Add the rows to `out`, each times its factor.
///
/// # Safety
/// See `kernels.rs`: `rows` rows of `columns` elements at distance `stride`, their factors at distance `step`.
#[inline(always)]
pub(crate) unsafe fn add_rows<S: Simd>(
    a: *const S::Element,
    stride: usize,
    rows: usize,
    columns: usize,
    factors: *const S::Element,
    step: usize,
    out: *mut S::Element,
) {
    // SAFETY: rows are below `rows`.
    unsafe {
        let mut i = 0;
        while i + TOGETHER <= rows {
            add::<S, TOGETHER>(a.add(i * stride), stride, columns, factors.add(i * step), step, out);
            i += TOGETHER;
        }
        while i < rows {
            add::<S, 1>(a.add(i * stride), stride, columns, factors.add(i * step), step, out);
            i += 1;
        }
    }
}

#[inline(always)]
unsafe fn add<S: Simd, const R: usize>(
    a: *const S::Element,
    stride: usize,
    columns: usize,
    factors: *const S::Element,
    step: usize,
    out: *mut S::Element,
) {
    // SAFETY: every load and store starts at `j` with all its lanes below `columns`.
    unsafe {
        let (mut left, mut j) = ([S::zero(); R], 0);
        for (row, left) in left.iter_mut().enumerate() {
            *left = S::splat(*factors.add(row * step));
        }
        while j + S::LANES <= columns {
            let mut sum = S::load(out.add(j));
            for (row, &left) in left.iter().enumerate() {
                sum = S::fma(left, S::load(a.add(row * stride + j)), sum);
            }
            S::store(out.add(j), sum);
            j += S::LANES;
        }
        if j < columns {
            let mut sum = S::load_first_or_zero(out.add(j), columns - j);
            for (row, &left) in left.iter().enumerate() {
                sum = S::fma(left, S::load_first_or_zero(a.add(row * stride + j), columns - j), sum);
            }
            S::store_first(out.add(j), columns - j, sum);
        }
    }
}

/// `out[i]` is the squared distance of row `i` from `x`.
///
/// # Safety
/// See `kernels.rs`: `rows` rows of `columns` elements at distance `stride`.
#[inline(always)]
pub(crate) unsafe fn rows_distance<S: Simd>(
    a: *const S::Element,
    stride: usize,
    rows: usize,
    columns: usize,
    x: *const S::Element,
    out: *mut S::Element,
) {
    // SAFETY: rows are below `rows`; every load starts at `j` with all its lanes below `columns`.
    unsafe {
        for i in 0..rows {
            let (a, mut sums, mut j) = (a.add(i * stride), [S::zero(); TOGETHER], 0);
            while j + TOGETHER * S::LANES <= columns {
                for (k, sum) in sums.iter_mut().enumerate() {
                    let at = j + k * S::LANES;
                    let difference = S::sub(S::load(a.add(at)), S::load(x.add(at)));
                    *sum = S::fma(difference, difference, *sum);
                }
                j += TOGETHER * S::LANES;
            }
            while j + S::LANES <= columns {
                let difference = S::sub(S::load(a.add(j)), S::load(x.add(j)));
                sums[0] = S::fma(difference, difference, sums[0]);
                j += S::LANES;
            }
            if j < columns {
                let k = columns - j;
                let difference = S::sub(S::load_first_or_zero(a.add(j), k), S::load_first_or_zero(x.add(j), k));
                sums[1] = S::fma(difference, difference, sums[1]);
            }
            *out.add(i) = S::reduce_add(S::add(S::add(sums[0], sums[1]), S::add(sums[2], sums[3])));
        }
    }
}

/// Make squared distances of inner products: `out[j] = (length - out[j]) + (lengths[j] - out[j])`, at least 0.
///
/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn to_distances<S: Simd>(
    length: S::Element,
    lengths: *const S::Element,
    out: *mut S::Element,
    n: usize,
) {
    // SAFETY: every load and store starts at `j` with all its lanes below `n`.
    unsafe {
        let (length, mut j) = (S::splat(length), 0);
        while j + S::LANES <= n {
            let product = S::load(out.add(j));
            let distance = S::add(S::sub(length, product), S::sub(S::load(lengths.add(j)), product));
            S::store(out.add(j), S::maximum(distance, S::zero()));
            j += S::LANES;
        }
        if j < n {
            let k = n - j;
            let (product, other) = (S::load_first_or_zero(out.add(j), k), S::load_first_or_zero(lengths.add(j), k));
            let distance = S::add(S::sub(length, product), S::sub(other, product));
            S::store_first(out.add(j), k, S::maximum(distance, S::zero()));
        }
    }
}
