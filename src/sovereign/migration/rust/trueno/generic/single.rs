//! Exponential, logarithm and what is made of them in single precision.
//!
//! Coefficients are minimax fits of the relative error, made for these ranges and rounded to `f32` one after the other;
//! the bounds that `lib.rs` states are checked over a share of all bit patterns in the tests.

use core::f32::consts::LOG2_E;

use crate::{exact, operand::WIDEST, simd::SimdSingle};

/// ln 2 in two parts; the first has 9 bits, so that its product with an exponent is exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// Adding it rounds a number of small size to the nearest whole one, taking it off again leaves that.
const ROUNDING: f32 = 12_582_912.0;

/// Beyond these, `exp` is infinite or vanishes, even when it is multiplied by its argument.
pub(crate) const EXP_HIGHEST: f32 = 89.0;
pub(crate) const EXP_LOWEST: f32 = -110.0;

/// `(exp(r) - 1 - r) / r²` for `|r| <= ln 2 / 2`.
pub(crate) const EXP: [f32; 5] = [0.499_999_94, 0.166_665_17, 0.041_668_285, 0.008_369_25, 0.001_382_046_8];

/// `(log(1 + f) - f + f²/2) / f³` for `-1/4 <= f <= 1/2`.
const LOG: [f32; 8] =
    [0.333_334_5, -0.250_001, 0.199_908_12, -0.166_470_68, 0.144_785_45, -0.131_636_2, 0.104_674_07, -0.045_099_203];

/// `((log(1 + f) - f + f²/2) / f³ - 1/3) / f` on the same range, for `pow`, which multiplies the error.
const LOG_FOR_POW: [f32; 8] = [
    -0.250_001_4,
    0.199_999_14,
    -0.166_565_18,
    0.142_723_92,
    -0.127_092_33,
    0.117_052_615,
    -0.092_008_784,
    0.038_492_08,
];

/// One third, and what is missing of it.
const THIRD: f32 = 1.0 / 3.0;
const THIRD_LOST: f32 = -9.934_108e-9;

/// Beyond this amount every power is infinite, 1 or 0.
const POWER_HIGHEST: f32 = 1e30;

/// Below this amount tanh is a polynomial, above it is made of `exp`.
const TANH_SMALL: f32 = 0.65;

/// `(tanh(x) - x) / x³` as a function of `x²` for `x <= 0.65`.
const TANH: [f32; 5] = [-0.333_332_6, 0.133_308_29, -0.053_687_92, 0.020_469_1, -0.005_514_837];

/// Above this amount the normal distribution is 0 or 1, even when it is multiplied by its argument.
const NORMAL_HIGHEST: f32 = 14.6;

/// The number about which [`NORMAL`] folds its argument.
const NORMAL_MIDDLE: f32 = 3.5;

/// `Φ(-t) exp(t²/2) (t + 7/2)` as a function of `(t - 7/2) / (t + 7/2)` for `0 <= t <= 14.6`.
const NORMAL: [f32; 10] = [
    0.744_416_06,
    -0.565_561_83,
    0.315_425_9,
    -0.116_051_39,
    0.017_399_276,
    0.006_483_855_7,
    -0.003_156_584_7,
    -4.742_457_5e-4,
    4.069_343e-4,
    9.515_785_5e-5,
];

/// `2 sqrt(2/π)`, and 0.044715 times it.
const GELU_TANH_LINEAR: f32 = 1.595_769_2;
const GELU_TANH_CUBIC: f32 = 0.071_354_814;

/// The polynomial with these coefficients, lowest first.
#[inline(always)]
pub(crate) unsafe fn polynomial<S: SimdSingle, const N: usize>(x: S::Register, coefficients: [f32; N]) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let mut value = S::splat(coefficients[N - 1]);
        let mut k = N - 1;
        while k > 0 {
            k -= 1;
            value = S::fma(value, x, S::splat(coefficients[k]));
        }
        value
    }
}

/// [`SimdSingle::exp_parts`] with a whole `k`, for sets without a quick look into a table.
#[inline(always)]
pub(crate) unsafe fn exp_parts<S: SimdSingle>(x: S::Register, low: S::Register) -> (S::Register, S::Register) {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let x = S::max(S::splat(EXP_LOWEST), S::min(S::splat(EXP_HIGHEST), x));
        let k = S::sub(S::fma(x, S::splat(LOG2_E), S::splat(ROUNDING)), S::splat(ROUNDING));
        let r = S::fnma(k, S::splat(LN_2_LOW), S::fnma(k, S::splat(LN_2_HIGH), x));
        let r = S::add(r, low);
        let tail = S::fma(S::mul(r, r), polynomial::<S, 5>(r, EXP), r);
        (S::add(tail, S::splat(1.0)), k)
    }
}

#[inline(always)]
pub(crate) unsafe fn exp<S: SimdSingle>(x: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let (p, k) = S::exp_parts(x, S::zero());
        S::scale_by_power_of_two(p, k)
    }
}

#[inline(always)]
pub(crate) unsafe fn log<S: SimdSingle>(x: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let (m, e) = if S::SPLITS_DENORMALS {
            S::split(x)
        } else {
            let small = S::lt(x, S::splat(f32::MIN_POSITIVE));
            let (m, e) = S::split(S::select(small, S::mul(x, S::splat(8_388_608.0)), x));
            (m, S::select(small, S::sub(e, S::splat(23.0)), e))
        };
        let f = S::sub(m, S::splat(1.0));
        let square = S::mul(f, f);
        let tail = S::mul(S::mul(f, square), polynomial::<S, 8>(f, LOG));
        let tail = S::fma(square, S::splat(-0.5), S::fma(e, S::splat(LN_2_LOW), tail));
        let value = S::fma(e, S::splat(LN_2_HIGH), S::add(f, tail));
        // Infinity and NaN are their own logarithms.
        let value = S::select(S::lt(x, S::splat(f32::INFINITY)), value, S::add(x, x));
        let value = S::select(S::eq(x, S::zero()), S::splat(f32::NEG_INFINITY), value);
        S::select(S::lt(x, S::zero()), S::splat(f32::NAN), value)
    }
}

#[inline(always)]
pub(crate) unsafe fn tanh<S: SimdSingle>(x: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let amount = S::abs(x);
        let square = S::mul(amount, amount);
        let small = S::fma(S::mul(amount, square), polynomial::<S, 5>(square, TANH), amount);
        let power = exp::<S>(S::add(amount, amount));
        let large = S::sub(S::splat(1.0), S::div(S::splat(2.0), S::add(power, S::splat(1.0))));
        S::copy_sign(S::select(S::lt(amount, S::splat(TANH_SMALL)), small, large), x)
    }
}

/// `factor / (1 + exp(-x))`, for a finite `factor`.
///
/// Where `x` is negative it is `factor exp(x) / (1 + exp(x))`, of which nothing overflows, and the power of two is
/// multiplied last, so that a result without full precision is rounded once.
#[inline(always)]
unsafe fn logistic<S: SimdSingle>(factor: S::Register, x: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let (p, k) = S::exp_parts(S::neg(S::abs(x)), S::zero());
        let negative = S::lt(x, S::zero());
        let above = S::select(negative, S::mul(factor, p), factor);
        let quotient = S::div(above, S::add(S::splat(1.0), S::scale_by_power_of_two(p, k)));
        S::scale_by_power_of_two(quotient, S::select(negative, k, S::zero()))
    }
}

#[inline(always)]
pub(crate) unsafe fn sigmoid<S: SimdSingle>(x: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe { logistic::<S>(S::splat(1.0), x) }
}

#[inline(always)]
pub(crate) unsafe fn silu<S: SimdSingle>(x: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe { logistic::<S>(S::max(S::splat(EXP_LOWEST), x), x) }
}

#[inline(always)]
pub(crate) unsafe fn gelu_tanh<S: SimdSingle>(x: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let slope = S::fma(S::mul(x, x), S::splat(GELU_TANH_CUBIC), S::splat(GELU_TANH_LINEAR));
        logistic::<S>(S::max(S::splat(EXP_LOWEST), x), S::mul(x, slope))
    }
}

/// `max(x, 0) - t Φ(-t)` with the amount `t` of `x`.
#[inline(always)]
pub(crate) unsafe fn gelu<S: SimdSingle>(x: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let t = S::min(S::splat(NORMAL_HIGHEST), S::abs(x));
        let reciprocal = S::div(S::splat(1.0), S::add(t, S::splat(NORMAL_MIDDLE)));
        let folded = S::mul(S::sub(t, S::splat(NORMAL_MIDDLE)), reciprocal);
        let share = S::mul(polynomial::<S, 10>(folded, NORMAL), reciprocal);
        // The square loses up to 2^-17 in one rounding, which the exponential would show.
        let square = S::mul(t, t);
        let lost = S::rounding_of_product(t, t, square);
        let half = S::splat(-0.5);
        let (p, k) = S::exp_parts(S::mul(square, half), S::mul(lost, half));
        let tail = S::scale_by_power_of_two(S::mul(S::mul(t, share), p), k);
        // Where nothing is left of a negative value, its sign is.
        S::copy_sign(S::sub(S::max(S::zero(), x), tail), x)
    }
}

/// [`SimdSingle::rounding_of_product`] for sets without a fused instruction, after Dekker.
#[inline(always)]
pub(crate) unsafe fn rounding_of_product<S: SimdSingle>(
    a: S::Register,
    b: S::Register,
    product: S::Register,
) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let ((a_high, a_low), (b_high, b_low)) = (halves::<S>(a), halves::<S>(b));
        let rest = S::sub(S::mul(a_high, b_high), product);
        let rest = S::add(S::add(rest, S::mul(a_high, b_low)), S::mul(a_low, b_high));
        S::add(rest, S::mul(a_low, b_low))
    }
}

/// The upper 12 bits and the rest, whose products are exact.
#[inline(always)]
unsafe fn halves<S: SimdSingle>(x: S::Register) -> (S::Register, S::Register) {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let shifted = S::mul(x, S::splat(4097.0));
        let high = S::sub(shifted, S::sub(shifted, x));
        (high, S::sub(x, high))
    }
}

/// The logarithm of normal `x` in two parts, good for about 28 bits of their sum.
#[inline(always)]
unsafe fn log_parts<S: SimdSingle>(x: S::Register) -> (S::Register, S::Register) {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let (m, e) = S::split(x);
        let f = S::sub(m, S::splat(1.0));
        let square = S::mul(f, f);
        let half = S::mul(square, S::splat(0.5));
        // A rounding of the cube would show in a power of many digits, so it is kept in two parts as the square is.
        let square_lost = S::rounding_of_product(f, f, square);
        let cube = S::mul(square, f);
        let cube_lost = S::fma(square_lost, f, S::rounding_of_product(square, f, cube));
        let third = S::mul(cube, S::splat(THIRD));
        let third_lost = S::fma(cube, S::splat(THIRD_LOST), S::rounding_of_product(cube, S::splat(THIRD), third));
        let third_lost = S::fma(cube_lost, S::splat(THIRD), third_lost);
        let tail = S::mul(S::mul(cube, f), polynomial::<S, 8>(f, LOG_FOR_POW));
        let tail = S::fma(square_lost, S::splat(-0.5), S::add(tail, third_lost));
        // What each addition loses goes to the tail; the first operand is the larger one.
        let two_terms = S::sub(f, half);
        let tail = S::add(tail, S::sub(S::sub(f, two_terms), half));
        let near = S::add(two_terms, third);
        let tail = S::add(tail, S::add(S::sub(two_terms, near), third));
        let whole = S::mul(e, S::splat(LN_2_HIGH));
        let sum = S::add(whole, near);
        let tail = S::add(tail, S::add(S::sub(whole, sum), near));
        let tail = S::fma(e, S::splat(LN_2_LOW), tail);
        let high = S::add(sum, tail);
        (high, S::add(S::sub(sum, high), tail))
    }
}

/// Powers of normal numbers by `exp(b log(a))`; the few others one by one.
#[inline(always)]
pub(crate) unsafe fn pow<S: SimdSingle>(a: S::Register, b: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers, and arrays that have room for the longest one; the caller has the instruction set.
    unsafe {
        let amount = S::abs(a);
        let (high, low) = log_parts::<S>(amount);
        let product = S::mul(b, high);
        let lost = S::fma(b, low, S::rounding_of_product(b, high, product));
        let lost = S::select(S::lt(S::abs(product), S::splat(128.0)), lost, S::zero());
        let (p, k) = S::exp_parts(product, lost);
        let power = S::scale_by_power_of_two(p, k);
        // A negative number has whole powers only, and the odd ones are negative.
        let half = S::mul(b, S::splat(0.5));
        let signed = S::select(S::eq(S::round(half), half), power, S::neg(power));
        let signed = S::select(S::eq(S::round(b), b), signed, S::splat(f32::NAN));
        let power = S::select(S::lt(a, S::zero()), signed, power);
        let outside = S::or(S::lt(amount, S::splat(f32::MIN_POSITIVE)), S::lt(S::splat(f32::MAX), amount));
        let outside = S::or(outside, S::lt(S::splat(POWER_HIGHEST), S::abs(b)));
        let outside = S::bits(S::or(outside, S::unordered(a, b)));
        if outside == 0 { power } else { pow_by_lane::<S>(a, b, power, outside) }
    }
}

/// `power`, with the lanes in `outside` by `libm`.
#[inline(always)]
unsafe fn pow_by_lane<S: SimdSingle>(a: S::Register, b: S::Register, power: S::Register, outside: u32) -> S::Register {
    let (mut bases, mut exponents, mut powers) = ([0.0; WIDEST], [0.0; WIDEST], [0.0; WIDEST]);
    // SAFETY: the arrays have room for the longest register; the caller has the instruction set.
    unsafe {
        S::store(bases.as_mut_ptr(), a);
        S::store(exponents.as_mut_ptr(), b);
        S::store(powers.as_mut_ptr(), power);
        let mut i = 0;
        while i < S::LANES {
            if outside >> i & 1 == 1 {
                powers[i] = exact::pow(f64::from(bases[i]), f64::from(exponents[i])) as f32;
            }
            i += 1;
        }
        S::load(powers.as_ptr())
    }
}
