//! Operations on the elements of one row together.

use crate::{
    element::Float,
    exact,
    generic::{extremes, functions::Functions, reduce},
    simd::Simd,
};

/// Elements whose exponentials are added up before their sum is carried in double precision.
const BLOCK: usize = 4096;

/// Rows up to this length keep their exponentials until the sum is known; longer ones make them twice, because reading
/// and writing them from afar takes longer.
const KEPT: usize = 1 << 17;

/// The sum of `exp(x - largest)`, which is laid into `out` where `KEEP` says so; all times `S::SCALE_BELOW_ZERO`.
#[inline(always)]
unsafe fn exponentials<S: Functions, const KEEP: bool>(
    x: *const S::Element,
    out: *mut S::Element,
    n: usize,
    largest: S::Element,
) -> f64 {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`, and reads before it writes.
    unsafe {
        let largest = S::splat(largest);
        let mut parts = [S::zero(); 2];
        let mut i = 0;
        while i + 2 * S::LANES <= n {
            let next = i + S::LANES;
            let a = S::exp_below_zero(S::sub(S::load(x.add(i)), largest));
            let b = S::exp_below_zero(S::sub(S::load(x.add(next)), largest));
            if KEEP {
                S::store(out.add(i), a);
                S::store(out.add(next), b);
            } else {
                // The next block comes from afar while this one is worked on.
                S::prefetch(x.wrapping_add(i + BLOCK));
                S::prefetch(x.wrapping_add(next + BLOCK));
            }
            parts = [S::add(parts[0], a), S::add(parts[1], b)];
            i += 2 * S::LANES;
        }
        if i + S::LANES <= n {
            let a = S::exp_below_zero(S::sub(S::load(x.add(i)), largest));
            if KEEP {
                S::store(out.add(i), a);
            }
            parts[0] = S::add(parts[0], a);
            i += S::LANES;
        }
        if i < n {
            let rest = S::load_first(x.add(i), n - i, S::splat(S::Element::NEG_INFINITY));
            let a = S::exp_below_zero(S::sub(rest, largest));
            if KEEP {
                S::store_first(out.add(i), n - i, a);
            }
            parts[1] = S::add(parts[1], a);
        }
        S::reduce_add(S::add(parts[0], parts[1])).to_f64()
    }
}

/// The largest of at least one element and the sum of `exp(x - largest)` times `S::SCALE_BELOW_ZERO`, in one pass over
/// memory.
#[inline(always)]
unsafe fn largest_and_sum<S: Functions>(x: *const S::Element, n: usize) -> (S::Element, f64) {
    // SAFETY: blocks lie within the `n` elements for which the caller vouches.
    unsafe {
        let (mut largest, mut total, mut i) = (S::Element::NEG_INFINITY, 0.0, 0);
        while i < n {
            let length = BLOCK.min(n - i);
            let here = extremes::max::<S>(x.add(i), length);
            if here > largest || here.is_nan() {
                if total != 0.0 {
                    total *= exact::exp(largest.to_f64() - here.to_f64());
                }
                largest = here;
            }
            // Minus infinity adds nothing, and has no distance to itself.
            if here != S::Element::NEG_INFINITY {
                total += exponentials::<S, false>(x.add(i), core::ptr::null_mut(), length, largest);
            }
            i += length;
        }
        (largest, total)
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn softmax<S: Functions>(x: *const S::Element, out: *mut S::Element, n: usize) {
    // SAFETY: the caller vouches for both; all blocks lie within the `n` elements.
    unsafe {
        if n == 0 {
            return;
        }
        if n > KEPT {
            let (largest, sum) = largest_and_sum::<S>(x, n);
            return shares::<S>(x, out, n, largest, S::Element::from_f64(1.0 / sum));
        }
        let (largest, mut sum, mut i) = (extremes::max::<S>(x, n), 0.0, 0);
        while i < n {
            let length = BLOCK.min(n - i);
            sum += exponentials::<S, true>(x.add(i), out.add(i), length, largest);
            i += length;
        }
        let share = S::splat(S::Element::from_f64(1.0 / sum));
        // Backwards: what was written last is still near.
        let mut end = n;
        let tail = end % S::LANES;
        if tail > 0 {
            end -= tail;
            S::store_first(out.add(end), tail, S::mul(S::load_first_or_zero(out.add(end), tail), share));
        }
        while end >= 2 * S::LANES {
            let (a, b) = (end - S::LANES, end - 2 * S::LANES);
            S::store(out.add(a), S::mul(S::load(out.add(a)), share));
            S::store(out.add(b), S::mul(S::load(out.add(b)), share));
            end = b;
        }
        if end > 0 {
            S::store(out, S::mul(S::load(out), share));
        }
    }
}

/// Lay `exp(x - largest) * share` into `out`.
#[inline(always)]
unsafe fn shares<S: Functions>(
    x: *const S::Element,
    out: *mut S::Element,
    n: usize,
    largest: S::Element,
    share: S::Element,
) {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`, and reads before it writes.
    unsafe {
        let (largest, share) = (S::splat(largest), S::splat(share));
        let mut i = 0;
        while i + S::LANES <= n {
            S::store(out.add(i), S::mul(S::exp_below_zero(S::sub(S::load(x.add(i)), largest)), share));
            i += S::LANES;
        }
        if i < n {
            let rest = S::load_first_or_zero(x.add(i), n - i);
            S::store_first(out.add(i), n - i, S::mul(S::exp_below_zero(S::sub(rest, largest)), share));
        }
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn log_softmax<S: Functions>(x: *const S::Element, out: *mut S::Element, n: usize) {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`, and reads before it writes.
    unsafe {
        if n == 0 {
            return;
        }
        let (largest, sum) = largest_and_sum::<S>(x, n);
        let (largest, logarithm) =
            (S::splat(largest), S::splat(S::Element::from_f64(exact::log(sum / S::SCALE_BELOW_ZERO))));
        let mut i = 0;
        while i < n {
            let k = S::LANES.min(n - i);
            if k == S::LANES {
                S::store(out.add(i), S::sub(S::sub(S::load(x.add(i)), largest), logarithm));
            } else {
                let x = S::load_first_or_zero(x.add(i), k);
                S::store_first(out.add(i), k, S::sub(S::sub(x, largest), logarithm));
            }
            i += k;
        }
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub(crate) unsafe fn layer_norm<S: Simd>(
    x: *const S::Element,
    out: *mut S::Element,
    n: usize,
    epsilon: S::Element,
    weight: *const S::Element,
    weight_step: usize,
    bias: *const S::Element,
    bias_step: usize,
) {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`, and reads before it writes.
    unsafe {
        let center = S::Element::from_f64(reduce::total::<S>(x, n) / n as f64);
        let [squares, distances] = reduce::moments::<S>(x, n, center);
        let shift = distances / n as f64;
        let variance = reduce::without_mean(squares, distances, n) / n as f64;
        let factor = S::splat(S::Element::from_f64(1.0 / exact::sqrt(variance + epsilon.to_f64())));
        // `center` is the rounded mean; `shift` is what rounding took from it.
        let (center, shift) = (S::splat(center), S::splat(S::Element::from_f64(shift)));
        let mut i = 0;
        while i < n {
            let k = S::LANES.min(n - i);
            let (at, whole) = (x.add(i), k == S::LANES);
            let (weight, bias) = (weight.add(i * weight_step), bias.add(i * bias_step));
            let x = if whole { S::load(at) } else { S::load_first_or_zero(at, k) };
            let weight = if whole { S::load(weight) } else { S::load_first_or_zero(weight, k) };
            let bias = if whole { S::load(bias) } else { S::load_first_or_zero(bias, k) };
            let value = S::fma(S::mul(S::sub(S::sub(x, center), shift), factor), weight, bias);
            if whole {
                S::store(out.add(i), value);
            } else {
                S::store_first(out.add(i), k, value);
            }
            i += k;
        }
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn rms_norm<S: Simd>(
    x: *const S::Element,
    out: *mut S::Element,
    n: usize,
    epsilon: S::Element,
    weight: *const S::Element,
    weight_step: usize,
) {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`, and reads before it writes.
    unsafe {
        let length = reduce::length::<S>(x, n);
        let mean = length * length / n as f64;
        let factor = S::splat(S::Element::from_f64(1.0 / exact::sqrt(mean + epsilon.to_f64())));
        let mut i = 0;
        while i < n {
            let k = S::LANES.min(n - i);
            let (at, weight) = (x.add(i), weight.add(i * weight_step));
            if k == S::LANES {
                S::store(out.add(i), S::mul(S::mul(S::load(at), factor), S::load(weight)));
            } else {
                let (x, weight) = (S::load_first_or_zero(at, k), S::load_first_or_zero(weight, k));
                S::store_first(out.add(i), k, S::mul(S::mul(x, factor), weight));
            }
            i += k;
        }
    }
}
