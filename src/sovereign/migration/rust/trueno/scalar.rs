//! Kernels in plain Rust: the oracle of the others, and the fallback where nothing else runs.
//!
//! They are written without a look at `generic/`: one loop over single elements, every value computed in double
//! precision, transcendental functions by `libm`, and rounded once.

mod matrix;

use crate::{
    backend::Backend,
    element::Float,
    exact,
    generic::limits,
    kernels::{Kernels, for_each_byte_kernel, for_each_kernel},
};

pub(crate) use matrix::{add_rows, dots, multiply, pack, rows_distance, rows_dot, tile, to_distances};

pub(crate) static KERNELS: Kernels = Kernels {
    backend: Backend::Scalar,
    single: for_each_kernel!(plain!(Table)),
    double: for_each_kernel!(plain!(Table)),
    bytes: for_each_byte_kernel!(plain!(Bytes)),
};

/// From so many elements on a sum is that of two halves, which keeps its error small.
const HALVED_FROM: usize = 256;

/// The sum of `term(i)` for `begin <= i < end`.
fn sum_of(begin: usize, end: usize, term: &impl Fn(usize) -> f64) -> f64 {
    if end - begin < HALVED_FROM {
        return (begin..end).map(term).fold(0.0, |a, b| a + b);
    }
    let middle = begin + (end - begin) / 2;
    sum_of(begin, middle, term) + sum_of(middle, end, term)
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
unsafe fn at<E: Float>(x: *const E, i: usize) -> f64 {
    // SAFETY: the caller vouches for element `i`.
    unsafe { (*x.add(i)).to_f64() }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn dot<E: Float>(a: *const E, b: *const E, n: usize) -> E {
    // SAFETY: indices are below `n`.
    E::from_f64(sum_of(0, n, &|i| unsafe { at(a, i) * at(b, i) }))
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn sum<E: Float>(x: *const E, n: usize) -> E {
    // SAFETY: indices are below `n`.
    E::from_f64(sum_of(0, n, &|i| unsafe { at(x, i) }))
}

macro_rules! mappings {
    ($($name:ident($x:ident, $p:pat, $q:pat) = $value:expr;)+) => {$(
        /// # Safety
        /// See `kernels.rs`.
        pub(crate) unsafe fn $name<E: Float>(x: *const E, step: usize, out: *mut E, n: usize, p: E, q: E) {
            let ($p, $q) = (p.to_f64(), q.to_f64());
            for i in 0..n {
                // SAFETY: `i < n`; each element is read before it is written.
                unsafe {
                    let $x = at(x, i * step);
                    *out.add(i) = E::from_f64($value);
                }
            }
        }
    )+};
}

mappings! {
    abs(x, _, _) = x.abs();
    neg(x, _, _) = -x;
    sqrt(x, _, _) = exact::sqrt(x);
    exp(x, _, _) = exact::exp(x);
    log(x, _, _) = exact::log(x);
    relu(x, _, _) = if x < 0.0 { 0.0 } else { x };
    leaky_relu(x, slope, _) = if x > 0.0 { x } else { x * slope };
    gelu(x, _, _) = exact::gelu(x);
    gelu_tanh(x, _, _) = exact::gelu_tanh(x);
    silu(x, _, _) = exact::silu(x);
    sigmoid(x, _, _) = exact::sigmoid(x);
    tanh(x, _, _) = exact::tanh(x);
    clip(x, low, high) = smaller(larger(x, low), high);
    square(x, _, _) = x * x;
    reciprocal(x, _, _) = 1.0 / x;
}

macro_rules! zippings {
    ($($name:ident($a:ident, $b:ident) = $value:expr;)+) => {$(
        /// # Safety
        /// See `kernels.rs`.
        pub(crate) unsafe fn $name<E: Float>(
            a: *const E,
            a_step: usize,
            b: *const E,
            b_step: usize,
            out: *mut E,
            n: usize,
        ) {
            for i in 0..n {
                // SAFETY: `i < n`; each element is read before it is written.
                unsafe {
                    let ($a, $b) = (at(a, i * a_step), at(b, i * b_step));
                    *out.add(i) = E::from_f64($value);
                }
            }
        }
    )+};
}

zippings! {
    add(a, b) = a + b;
    sub(a, b) = a - b;
    mul(a, b) = a * b;
    div(a, b) = a / b;
    minimum(a, b) = smaller(a, b);
    maximum(a, b) = larger(a, b);
    pow(a, b) = exact::pow(a, b);
}

macro_rules! blendings {
    ($($name:ident($a:ident, $b:ident, $c:ident) = $value:expr;)+) => {$(
        /// # Safety
        /// See `kernels.rs`.
        #[allow(clippy::too_many_arguments)]
        pub(crate) unsafe fn $name<E: Float>(
            a: *const E,
            a_step: usize,
            b: *const E,
            b_step: usize,
            c: *const E,
            c_step: usize,
            out: *mut E,
            n: usize,
        ) {
            for i in 0..n {
                // SAFETY: `i < n`; each element is read before it is written.
                unsafe {
                    let ($a, $b, $c) = (at(a, i * a_step), at(b, i * b_step), at(c, i * c_step));
                    *out.add(i) = E::from_f64($value);
                }
            }
        }
    )+};
}

blendings! {
    fma(a, b, c) = a * b + c;
    lerp(a, b, c) = a + (b - a) * c;
}

fn smaller(a: f64, b: f64) -> f64 {
    if a.is_nan() || a < b { a } else { b }
}

fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn total<E: Float>(x: *const E, n: usize) -> f64 {
    // SAFETY: indices are below `n`.
    sum_of(0, n, &|i| unsafe { at(x, i) })
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn moments<E: Float>(x: *const E, n: usize, about: E) -> [f64; 2] {
    // SAFETY: indices are below `n`.
    let distance = |i| unsafe { at(x, i) } - about.to_f64();
    [sum_of(0, n, &|i| distance(i) * distance(i)), sum_of(0, n, &distance)]
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn sum_of_amounts<E: Float>(x: *const E, n: usize) -> E {
    // SAFETY: indices are below `n`.
    E::from_f64(sum_of(0, n, &|i| unsafe { at(x, i) }.abs()))
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn length<E: Float>(x: *const E, n: usize) -> f64 {
    // SAFETY: the caller vouches for the pointer.
    let largest = unsafe { largest_amount(x, n) }.to_f64();
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    // Shares of the largest lie in -1..=1.
    // SAFETY: indices are below `n`.
    let share = |i| unsafe { at(x, i) } / largest;
    exact::sqrt(sum_of(0, n, &|i| share(i) * share(i))) * largest
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn largest_amount<E: Float>(x: *const E, n: usize) -> E {
    // SAFETY: indices are below `n`.
    E::from_f64((0..n).fold(0.0, |kept, i| larger(kept, unsafe { at(x, i) }.abs())))
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn min<E: Float>(x: *const E, n: usize) -> E {
    // SAFETY: the position is below `n`.
    unsafe { *x.add(position_of_min(x, n)) }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn max<E: Float>(x: *const E, n: usize) -> E {
    // SAFETY: the position is below `n`.
    unsafe { *x.add(position_of_max(x, n)) }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn position_of_min<E: Float>(x: *const E, n: usize) -> usize {
    // SAFETY: the caller vouches for the pointer.
    unsafe { position(x, n, |a, b| a < b) }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn position_of_max<E: Float>(x: *const E, n: usize) -> usize {
    // SAFETY: the caller vouches for the pointer.
    unsafe { position(x, n, |a, b| a > b) }
}

/// Where the first element stands that `beats` all before it, or the first NaN.
///
/// # Safety
/// See `kernels.rs`.
unsafe fn position<E: Float>(x: *const E, n: usize, beats: impl Fn(f64, f64) -> bool) -> usize {
    // SAFETY: indices are below `n`.
    let at = |i| unsafe { at(x, i) };
    match (0..n).find(|&i| at(i).is_nan()) {
        Some(nan) => nan,
        None => (1..n).fold(0, |best, i| if beats(at(i), at(best)) { i } else { best }),
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn first_above<E: Float>(x: *const E, n: usize, bound: E) -> usize {
    // SAFETY: indices are below `n`.
    let at = |i| unsafe { at(x, i) };
    (0..n).find(|&i| at(i) > bound.to_f64() || at(i).is_nan()).unwrap_or(n)
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn softmax<E: Float>(x: *const E, out: *mut E, n: usize) {
    // SAFETY: indices are below `n`; each element is read for the last time before it is written.
    unsafe {
        let (largest, sum) = largest_and_sum_of_exponentials(x, n);
        for i in 0..n {
            *out.add(i) = E::from_f64(exact::exp(at(x, i) - largest) / sum);
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn log_softmax<E: Float>(x: *const E, out: *mut E, n: usize) {
    // SAFETY: indices are below `n`; each element is read for the last time before it is written.
    unsafe {
        let (largest, sum) = largest_and_sum_of_exponentials(x, n);
        for i in 0..n {
            *out.add(i) = E::from_f64(at(x, i) - largest - exact::log(sum));
        }
    }
}

/// # Safety
/// See `kernels.rs`.
unsafe fn largest_and_sum_of_exponentials<E: Float>(x: *const E, n: usize) -> (f64, f64) {
    // SAFETY: indices are below `n`.
    let at = |i| unsafe { at(x, i) };
    let largest = (0..n).fold(f64::NEG_INFINITY, |kept, i| larger(kept, at(i)));
    (largest, sum_of(0, n, &|i| exact::exp(at(i) - largest)))
}

/// # Safety
/// See `kernels.rs`.
#[allow(clippy::too_many_arguments)]
pub(crate) unsafe fn layer_norm<E: Float>(
    x: *const E,
    out: *mut E,
    n: usize,
    epsilon: E,
    weight: *const E,
    weight_step: usize,
    bias: *const E,
    bias_step: usize,
) {
    // SAFETY: indices are below `n`; each element is read for the last time before it is written.
    unsafe {
        let mean = total(x, n) / n as f64;
        let variance = sum_of(0, n, &|i| (at(x, i) - mean) * (at(x, i) - mean)) / n as f64;
        let deviation = exact::sqrt(variance + epsilon.to_f64());
        for i in 0..n {
            let (weight, bias) = (at(weight, i * weight_step), at(bias, i * bias_step));
            *out.add(i) = E::from_f64((at(x, i) - mean) / deviation * weight + bias);
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn rms_norm<E: Float>(
    x: *const E,
    out: *mut E,
    n: usize,
    epsilon: E,
    weight: *const E,
    weight_step: usize,
) {
    // SAFETY: indices are below `n`; each element is read for the last time before it is written.
    unsafe {
        let mean = sum_of(0, n, &|i| at(x, i) * at(x, i)) / n as f64;
        let root = exact::sqrt(mean + epsilon.to_f64());
        for i in 0..n {
            *out.add(i) = E::from_f64(at(x, i) / root * at(weight, i * weight_step));
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn prefix_sum<E: Float>(x: *const E, out: *mut E, n: usize) {
    let mut carried = 0.0;
    for i in 0..n {
        // SAFETY: `i < n`; each element is read before it is written.
        unsafe {
            carried += at(x, i);
            *out.add(i) = E::from_f64(carried);
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn fma_loop<E: Float>(n: usize) -> E {
    let (factor, summand) = core::hint::black_box((0.999_999, 0.000_001));
    let mut parts = [1.0_f64; limits::CHAINS];
    for _ in 0..n {
        parts = parts.map(|part| part * factor + summand);
    }
    E::from_f64(parts.iter().sum())
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn read_loop<E: Float>(x: *const E, n: usize) -> E {
    // SAFETY: indices are below `n`.
    E::from_f64((0..n).fold(0.0, |kept, i| larger(unsafe { at(x, i) }, kept)))
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn quantize(x: *const f32, scale: f32, zero: f32, out: *mut i8, n: usize) {
    for i in 0..n {
        // SAFETY: `i < n`.
        unsafe {
            let value = libm::rintf(*x.add(i) / scale) + zero;
            // The conversion holds the value in the range of the type.
            *out.add(i) = if value.is_nan() { zero as i8 } else { value as i8 };
        }
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn dequantize(x: *const i8, scale: f32, zero: f32, out: *mut f32, n: usize) {
    for i in 0..n {
        // SAFETY: `i < n`.
        unsafe { *out.add(i) = (f32::from(*x.add(i)) - zero) * scale };
    }
}

/// # Safety
/// See `kernels.rs`.
pub(crate) unsafe fn dot_i8(a: *const i8, b: *const i8, n: usize) -> i32 {
    // SAFETY: indices are below `n`.
    (0..n).map(|i| unsafe { i32::from(*a.add(i)) * i32::from(*b.add(i)) }).sum()
}
