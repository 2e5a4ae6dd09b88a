//! Sums of many elements.
//!
//! A block is added up in the lanes of several registers, then in a tree; blocks are carried in double precision.

use crate::{
    element::Float,
    exact,
    simd::{Simd, lead},
};

/// Elements that are added up before their sum is carried in double precision; the error bound stands on it.
const BLOCK: usize = 8192;

/// Factors that bring squares of very small and very large numbers back into the range of `f64`, exactly.
const LARGE: f64 = f64::from_bits((1023 + 600) << 52);
const SMALL: f64 = f64::from_bits((1023 - 600) << 52);

/// What of an element is added to a lane's sum.
trait Adding<S: Simd> {
    /// The sum `part` with what `x` adds to it.
    unsafe fn add(part: S::Register, x: S::Register) -> S::Register;
}

struct Itself;

impl<S: Simd> Adding<S> for Itself {
    #[inline(always)]
    unsafe fn add(part: S::Register, x: S::Register) -> S::Register {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { S::add(part, x) }
    }
}

struct Amount;

impl<S: Simd> Adding<S> for Amount {
    #[inline(always)]
    unsafe fn add(part: S::Register, x: S::Register) -> S::Register {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { S::add(part, S::abs(x)) }
    }
}

struct Square;

impl<S: Simd> Adding<S> for Square {
    #[inline(always)]
    unsafe fn add(part: S::Register, x: S::Register) -> S::Register {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { S::fma(x, x, part) }
    }
}

/// Add up one block, beginning with `first`; every lane that has no element is 0.
#[inline(always)]
unsafe fn add_block<S: Simd, A: Adding<S>>(x: *const S::Element, n: usize, first: S::Register) -> S::Element {
    // SAFETY: every load starts at `i` with all its lanes below `n`.
    unsafe {
        let mut parts = [first, S::zero(), S::zero(), S::zero()];
        let mut i = 0;
        while i + 4 * S::LANES <= n {
            for (k, part) in parts.iter_mut().enumerate() {
                *part = A::add(*part, S::load(x.add(i + k * S::LANES)));
            }
            i += 4 * S::LANES;
        }
        while i + S::LANES <= n {
            parts[0] = A::add(parts[0], S::load(x.add(i)));
            i += S::LANES;
        }
        if i < n {
            parts[1] = A::add(parts[1], S::load_first_or_zero(x.add(i), n - i));
        }
        fold::<S>(parts)
    }
}

/// Add up all blocks.
#[inline(always)]
unsafe fn add_all<S: Simd, A: Adding<S>>(x: *const S::Element, n: usize) -> f64 {
    // SAFETY: blocks lie within the `n` elements for which the caller vouches.
    unsafe {
        let mut i = lead::<S>(x, n);
        let mut first = S::zero();
        if i > 0 {
            first = A::add(first, S::load_first_or_zero(x, i));
        }
        if n <= BLOCK {
            return add_block::<S, A>(x.add(i), n - i, first).to_f64();
        }
        let mut total = 0.0;
        while i < n {
            total += add_block::<S, A>(x.add(i), BLOCK.min(n - i), first).to_f64();
            first = S::zero();
            i += BLOCK;
        }
        total
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn sum<S: Simd>(x: *const S::Element, n: usize) -> S::Element {
    // SAFETY: the caller vouches for the pointer.
    S::Element::from_f64(unsafe { total::<S>(x, n) })
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn total<S: Simd>(x: *const S::Element, n: usize) -> f64 {
    // SAFETY: the caller vouches for the pointer.
    unsafe { add_all::<S, Itself>(x, n) }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn sum_of_amounts<S: Simd>(x: *const S::Element, n: usize) -> S::Element {
    // SAFETY: the caller vouches for the pointer.
    S::Element::from_f64(unsafe { add_all::<S, Amount>(x, n) })
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn length<S: Simd>(x: *const S::Element, n: usize) -> f64 {
    // SAFETY: the caller vouches for the pointer.
    unsafe {
        let squares = add_all::<S, Square>(x, n);
        // Squares that are not normal lose less than one rounding of a sum of this size.
        if squares >= n as f64 * S::Element::SMALLEST_NORMAL && squares < f64::INFINITY {
            return exact::sqrt(squares);
        }
        let largest = super::extremes::largest_amount::<S>(x, n).to_f64();
        if largest.is_nan() || largest.is_infinite() || largest == 0.0 {
            return largest;
        }
        // Between these, squares are normal numbers of `f64`, and so is the sum of as many as there is memory for.
        let (factor, back) = match largest {
            tiny if tiny < 1e-120 => (LARGE, SMALL),
            huge if huge > 1e120 => (SMALL, LARGE),
            _ => (1.0, 1.0),
        };
        let (mut total, mut i) = (0.0, 0);
        while i < n {
            let x = (*x.add(i)).to_f64() * factor;
            total += x * x;
            i += 1;
        }
        exact::sqrt(total) * back
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn dot<S: Simd>(a: *const S::Element, b: *const S::Element, n: usize) -> S::Element {
    // SAFETY: blocks lie within the `n` elements for which the caller vouches.
    unsafe {
        // Vectors of one kind often begin at the same place of a line; else the second stays as it is.
        let mut i = lead::<S>(a, n);
        let mut first = S::zero();
        if i > 0 {
            first = S::mul(S::load_first_or_zero(a, i), S::load_first_or_zero(b, i));
        }
        if n <= BLOCK {
            return dot_block::<S>(a.add(i), b.add(i), n - i, first);
        }
        let mut total = 0.0;
        while i < n {
            total += dot_block::<S>(a.add(i), b.add(i), BLOCK.min(n - i), first).to_f64();
            first = S::zero();
            i += BLOCK;
        }
        S::Element::from_f64(total)
    }
}

#[inline(always)]
unsafe fn dot_block<S: Simd>(a: *const S::Element, b: *const S::Element, n: usize, first: S::Register) -> S::Element {
    // SAFETY: every load starts at `i` with all its lanes below `n`, the length of both.
    unsafe {
        let mut parts = [first, S::zero(), S::zero(), S::zero()];
        let mut i = 0;
        while i + 4 * S::LANES <= n {
            for (k, part) in parts.iter_mut().enumerate() {
                let at = i + k * S::LANES;
                *part = S::fma(S::load(a.add(at)), S::load(b.add(at)), *part);
            }
            i += 4 * S::LANES;
        }
        while i + S::LANES <= n {
            parts[0] = S::fma(S::load(a.add(i)), S::load(b.add(i)), parts[0]);
            i += S::LANES;
        }
        if i < n {
            let (a, b) = (S::load_first_or_zero(a.add(i), n - i), S::load_first_or_zero(b.add(i), n - i));
            parts[1] = S::fma(a, b, parts[1]);
        }
        fold::<S>(parts)
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn moments<S: Simd>(x: *const S::Element, n: usize, about: S::Element) -> [f64; 2] {
    // SAFETY: blocks lie within the `n` elements for which the caller vouches.
    unsafe {
        let (about, mut squares, mut distances, mut i) = (S::splat(about), 0.0, 0.0, 0);
        while i < n {
            let block = moments_of_block::<S>(x.add(i), BLOCK.min(n - i), about);
            squares += block[0].to_f64();
            distances += block[1].to_f64();
            i += BLOCK;
        }
        [squares, distances]
    }
}

/// The sum of squared distances from the mean, from both sums about a number near it.
pub(crate) fn without_mean(squares: f64, distances: f64, n: usize) -> f64 {
    let rest = squares - distances * distances / n as f64;
    // Not `max`, which would lose NaN.
    if rest < 0.0 { 0.0 } else { rest }
}

#[inline(always)]
unsafe fn moments_of_block<S: Simd>(x: *const S::Element, n: usize, about: S::Register) -> [S::Element; 2] {
    // SAFETY: every load starts at `i` with all its lanes below `n`.
    unsafe {
        let (mut squares, mut distances) = ([S::zero(); 4], [S::zero(); 4]);
        let mut i = 0;
        while i + 4 * S::LANES <= n {
            for k in 0..4 {
                let x = S::sub(S::load(x.add(i + k * S::LANES)), about);
                squares[k] = S::fma(x, x, squares[k]);
                distances[k] = S::add(distances[k], x);
            }
            i += 4 * S::LANES;
        }
        while i < n {
            let k = S::LANES.min(n - i);
            let x = if k == S::LANES { S::load(x.add(i)) } else { S::load_first(x.add(i), k, about) };
            let x = S::sub(x, about);
            squares[0] = S::fma(x, x, squares[0]);
            distances[0] = S::add(distances[0], x);
            i += k;
        }
        [fold::<S>(squares), fold::<S>(distances)]
    }
}

/// Add everything in a tree.
#[inline(always)]
unsafe fn fold<S: Simd>([a, b, c, d]: [S::Register; 4]) -> S::Element {
    // SAFETY: arithmetic on registers only.
    unsafe { S::reduce_add(S::add(S::add(a, b), S::add(c, d))) }
}
