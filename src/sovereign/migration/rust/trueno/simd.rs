//! The register operations in which kernels are written, so that each algorithm stands here once.
//!
//! One file per instruction set implements [`Simd`] for its registers of `f32` and of `f64`. The algorithms under
//! `generic/` are inlined into functions that enable the set (`kernels.rs`), so that every operation here becomes its
//! instruction. A closure between the two would lose the set: algorithms use loops.

use crate::{element::Float, generic::single, operand::WIDEST};

/// A register of lanes of one instruction set.
///
/// # Safety
/// All functions may be called only where the instruction set is available. Pointers need no alignment beyond the
/// element's own unless said otherwise; as many elements as the function names stand at them.
pub(crate) trait Simd: Copy + 'static {
    /// What a lane holds.
    type Element: Float;
    /// `LANES` elements.
    type Register: Copy;
    /// One truth value per lane.
    type Mask: Copy;
    /// Elements in a register.
    const LANES: usize;

    /// The same number in every lane.
    unsafe fn splat(x: Self::Element) -> Self::Register;
    /// `LANES` elements.
    unsafe fn load(p: *const Self::Element) -> Self::Register;
    /// `LANES` elements.
    unsafe fn store(p: *mut Self::Element, r: Self::Register);
    /// `k < LANES` elements, never touching those behind them; the other lanes come from `rest`.
    #[inline(always)]
    unsafe fn load_first(p: *const Self::Element, k: usize, rest: Self::Register) -> Self::Register {
        let mut lanes = [Self::Element::ZERO; WIDEST];
        // SAFETY: the caller vouches for `k` elements, and the array has room for the longest register.
        unsafe {
            Self::store(lanes.as_mut_ptr(), rest);
            copy(p, lanes.as_mut_ptr(), k);
            Self::load(lanes.as_ptr())
        }
    }
    /// The first `k < LANES` lanes; memory behind them is not touched.
    #[inline(always)]
    unsafe fn store_first(p: *mut Self::Element, k: usize, r: Self::Register) {
        let mut lanes = [Self::Element::ZERO; WIDEST];
        // SAFETY: the caller vouches for room for `k` elements, and the array has room for the longest register.
        unsafe {
            Self::store(lanes.as_mut_ptr(), r);
            copy(lanes.as_ptr(), p, k);
        }
    }
    /// Ask for the cache line of `p` to be brought near where the set can; `p` may point anywhere.
    #[inline(always)]
    unsafe fn prefetch(_p: *const Self::Element) {}
    /// The same for the second cache.
    #[inline(always)]
    unsafe fn prefetch_far(_p: *const Self::Element) {}

    /// Lay `n` elements of six rows, which stand `row` elements from each other, so that those of a column follow each
    /// other.
    #[inline(always)]
    unsafe fn lay_band(p: *const Self::Element, row: usize, n: usize, out: *mut Self::Element) {
        for k in 0..n {
            for i in 0..6 {
                // SAFETY: the caller vouches for `n` elements of each row, and for room for all of them.
                unsafe { *out.add(6 * k + i) = *p.add(i * row + k) };
            }
        }
    }

    /// `a + b`.
    unsafe fn add(a: Self::Register, b: Self::Register) -> Self::Register;
    /// `a - b`.
    unsafe fn sub(a: Self::Register, b: Self::Register) -> Self::Register;
    /// `a * b`.
    unsafe fn mul(a: Self::Register, b: Self::Register) -> Self::Register;
    /// `a / b`.
    unsafe fn div(a: Self::Register, b: Self::Register) -> Self::Register;
    /// `a * b + c`, one rounding where the set can, else two.
    unsafe fn fma(a: Self::Register, b: Self::Register, c: Self::Register) -> Self::Register;
    /// `c - a * b`, one rounding where the set can, else two.
    unsafe fn fnma(a: Self::Register, b: Self::Register, c: Self::Register) -> Self::Register;
    /// `a` where `a < b`, else `b`: `b` where either is NaN.
    unsafe fn min(a: Self::Register, b: Self::Register) -> Self::Register;
    /// `a` where `a > b`, else `b`: `b` where either is NaN.
    unsafe fn max(a: Self::Register, b: Self::Register) -> Self::Register;
    /// `a` without its sign.
    unsafe fn abs(a: Self::Register) -> Self::Register;
    /// `a` with the other sign, NaN included.
    unsafe fn neg(a: Self::Register) -> Self::Register;
    /// `a` with the sign of `sign`.
    unsafe fn copy_sign(a: Self::Register, sign: Self::Register) -> Self::Register;
    /// The square root, correctly rounded.
    unsafe fn sqrt(a: Self::Register) -> Self::Register;
    /// The nearest whole number, ties to the even one.
    unsafe fn round(a: Self::Register) -> Self::Register;

    /// `a < b`; false where either is NaN.
    unsafe fn lt(a: Self::Register, b: Self::Register) -> Self::Mask;
    /// `a == b`; false where either is NaN.
    unsafe fn eq(a: Self::Register, b: Self::Register) -> Self::Mask;
    /// Whether `a` or `b` is NaN.
    unsafe fn unordered(a: Self::Register, b: Self::Register) -> Self::Mask;
    /// `a` where the mask holds, else `b`.
    unsafe fn select(mask: Self::Mask, a: Self::Register, b: Self::Register) -> Self::Register;
    /// Either.
    unsafe fn or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Bit `i` is lane `i`.
    unsafe fn bits(mask: Self::Mask) -> u32;

    /// The sum of the lanes, added in a tree.
    unsafe fn reduce_add(a: Self::Register) -> Self::Element;
    /// The smallest lane; none is NaN.
    unsafe fn reduce_min(a: Self::Register) -> Self::Element;
    /// The largest lane; none is NaN.
    unsafe fn reduce_max(a: Self::Register) -> Self::Element;

    /// Whether any lane holds.
    #[inline(always)]
    unsafe fn any(mask: Self::Mask) -> bool {
        // SAFETY: the caller has the instruction set.
        unsafe { Self::bits(mask) != 0 }
    }

    /// Where `a` is NaN.
    #[inline(always)]
    unsafe fn is_nan(a: Self::Register) -> Self::Mask {
        // SAFETY: the caller has the instruction set.
        unsafe { Self::unordered(a, a) }
    }

    /// Zero in every lane.
    #[inline(always)]
    unsafe fn zero() -> Self::Register {
        // SAFETY: the caller has the instruction set.
        unsafe { Self::splat(Self::Element::ZERO) }
    }

    /// The smaller, NaN where either is NaN.
    #[inline(always)]
    unsafe fn minimum(a: Self::Register, b: Self::Register) -> Self::Register {
        // SAFETY: the caller has the instruction set.
        unsafe { Self::select(Self::is_nan(a), a, Self::min(a, b)) }
    }

    /// The larger, NaN where either is NaN.
    #[inline(always)]
    unsafe fn maximum(a: Self::Register, b: Self::Register) -> Self::Register {
        // SAFETY: the caller has the instruction set.
        unsafe { Self::select(Self::is_nan(a), a, Self::max(a, b)) }
    }

    /// `k < LANES` elements, then zeros.
    #[inline(always)]
    unsafe fn load_first_or_zero(p: *const Self::Element, k: usize) -> Self::Register {
        // SAFETY: the caller vouches for `k` elements and has the instruction set.
        unsafe { Self::load_first(p, k, Self::zero()) }
    }
}

/// Elements of `n` at `p` that stand before the first whole register; 0 where to care for it does not pay.
///
/// A wide register that is not aligned lies on two cache lines, every time.
#[inline(always)]
pub(crate) fn lead<S: Simd>(p: *const S::Element, n: usize) -> usize {
    let register_bytes = S::LANES * size_of::<S::Element>();
    if register_bytes <= 16 || n < 8 * S::LANES { 0 } else { p.align_offset(register_bytes) % S::LANES }
}

/// Copy fewer elements than a register has, without a call.
#[inline(always)]
unsafe fn copy<T: Copy>(from: *const T, to: *mut T, k: usize) {
    let mut i = 0;
    while i < k {
        // SAFETY: the caller vouches for `k` elements at both.
        unsafe { to.add(i).write(from.add(i).read()) };
        i += 1;
    }
}

/// What exp, log and quantization need of `f32` beyond arithmetic.
///
/// # Safety
/// As [`Simd`].
pub(crate) trait SimdSingle: Simd<Element = f32> {
    /// Whether [`SimdSingle::split`] takes numbers below the smallest normal one.
    const SPLITS_DENORMALS: bool;

    /// `p` and `k` with `exp(x + low) = p * 2^⌊k⌋`, for a `low` that is small beside one rounding of `x`.
    ///
    /// `x` is held within -110..=89 first.
    #[inline(always)]
    unsafe fn exp_parts(x: Self::Register, low: Self::Register) -> (Self::Register, Self::Register) {
        // SAFETY: the caller has the instruction set.
        unsafe { single::exp_parts::<Self>(x, low) }
    }

    /// The power of two by which [`SimdSingle::exp_below_zero`] is too large.
    const SCALE_BELOW_ZERO: f64 = 1.0;

    /// `exp(x)` for `x <= 0` that was rounded already, when the relative error may grow by |x| / 20 roundings.
    #[inline(always)]
    unsafe fn exp_below_zero(x: Self::Register) -> Self::Register {
        // SAFETY: the caller has the instruction set.
        unsafe { single::exp::<Self>(x) }
    }

    /// `r * 2^⌊k⌋` for `k` in -160..=160, rounded once; `|r|` lies in 2^-40..2^40, or `⌊k⌋` is 0.
    ///
    /// Sets whose [`SimdSingle::exp_parts`] gives whole `k` need not round it down.
    unsafe fn scale_by_power_of_two(r: Self::Register, k: Self::Register) -> Self::Register;
    /// `m` in 3/4..=3/2 and whole `e` with `x = m * 2^e`, for positive finite `x`.
    unsafe fn split(x: Self::Register) -> (Self::Register, Self::Register);
    /// `a * b - product`, where `product` is the rounded `a * b`; no amount is larger than 2^110.
    #[inline(always)]
    unsafe fn rounding_of_product(a: Self::Register, b: Self::Register, product: Self::Register) -> Self::Register {
        // SAFETY: the caller has the instruction set.
        unsafe { single::rounding_of_product::<Self>(a, b, product) }
    }
    /// `LANES` bytes as numbers.
    unsafe fn load_i8(p: *const i8) -> Self::Register;
    /// `LANES` whole numbers in -128..=127 as bytes.
    unsafe fn store_i8(p: *mut i8, r: Self::Register);
}

/// Sums of products of bytes.
///
/// # Safety
/// As [`Simd`].
pub(crate) trait SimdBytes: Copy + 'static {
    /// Sums of 32 bits.
    type Products: Copy;
    /// Bytes that one step takes of each side.
    const BYTES: usize;

    /// No products yet.
    unsafe fn no_products() -> Self::Products;
    /// Add the products of `BYTES` bytes at `a` and `b`.
    unsafe fn add_products(sums: Self::Products, a: *const i8, b: *const i8) -> Self::Products;
    /// All products together.
    unsafe fn sum_of_products(sums: Self::Products) -> i32;
}

/// Operations of a register that are one intrinsic each: `lanewise! { add(a, b) = _mm512_add_ps; }`.
macro_rules! lanewise {
    ($($name:ident($($argument:ident),+) = $intrinsic:path;)+) => {$(
        #[inline(always)]
        unsafe fn $name($($argument: Self::Register),+) -> Self::Register {
            // SAFETY: arithmetic on registers; the caller has the instruction set.
            unsafe { $intrinsic($($argument),+) }
        }
    )+};
}

/// Comparisons that are one intrinsic each.
macro_rules! comparisons {
    ($($name:ident($a:ident, $b:ident) = $intrinsic:path;)+) => {$(
        #[inline(always)]
        unsafe fn $name($a: Self::Register, $b: Self::Register) -> Self::Mask {
            // SAFETY: arithmetic on registers; the caller has the instruction set.
            unsafe { $intrinsic($a, $b) }
        }
    )+};
}

/// Sums and extremes of all lanes that are one intrinsic each.
#[cfg_attr(target_arch = "wasm32", allow(unused_macros))]
macro_rules! reductions {
    ($($name:ident = $intrinsic:path;)+) => {$(
        #[inline(always)]
        unsafe fn $name(a: Self::Register) -> Self::Element {
            // SAFETY: arithmetic on registers; the caller has the instruction set.
            unsafe { $intrinsic(a) }
        }
    )+};
}

#[cfg_attr(target_arch = "wasm32", allow(unused_imports))]
pub(crate) use {comparisons, lanewise, reductions};
