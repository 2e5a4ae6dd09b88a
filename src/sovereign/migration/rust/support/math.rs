//! `math`: floats and integers with CPython's results and error texts.
//!
//! Every function has the name of Python's with `math_` before it and takes what Python takes, as floats:
//! one argument, may raise: `math_acos acosh asin atanh cos cosh exp exp2 expm1 gamma lgamma log log10 log1p log2 sin
//! sinh sqrt tan (f64) -> Result<f64, Exc>`; one argument, cannot raise: `math_asinh atan cbrt degrees erf erfc fabs
//! radians tanh ulp (f64) -> f64`, `math_isfinite isinf isnan (f64) -> bool`; two arguments:
//! `math_pow fmod remainder log_base (f64, f64) -> Result<f64, Exc>`, `math_atan2 copysign nextafter (f64, f64) -> f64`;
//! `math_frexp(f64) -> (f64, i64)`, `math_ldexp(f64, i64) -> Result<f64, Exc>`, `math_modf(f64) -> (f64, f64)`,
//! `math_isclose(a, b, relative, absolute: f64) -> Result<bool, Exc>`, `math_hypot(&[f64]) -> f64`,
//! `math_dist(&[f64], &[f64]) -> Result<f64, Exc>`, `math_fsum(impl IntoIterator<Item = f64>) -> Result<f64, Exc>`,
//! `math_prod_f64(impl IntoIterator<Item = f64>, start: f64) -> f64`. Constants: `MATH_PI MATH_E MATH_TAU`.
//!
//! `math_cbrt`, `math_erf`, `math_erfc` and the inverse hyperbolic functions call the C library, as CPython does; everything
//! else is `core`, or `std`'s float methods.

use crate::{
    c_acosh, c_asinh, c_atanh, c_cbrt, c_erf, c_erfc, CMath, Exc, OVERFLOW_ERROR, VALUE_ERROR, ZERO_DIVISION_ERROR,
};
use alloc::vec::Vec;

/// `math.pi`.
pub const MATH_PI: f64 = core::f64::consts::PI;
/// `math.e`.
pub const MATH_E: f64 = core::f64::consts::E;
/// `math.tau`.
pub const MATH_TAU: f64 = core::f64::consts::TAU;

/// The error of an argument outside the domain of a function.
pub fn math_domain_error() -> Exc {
    Exc::new(&VALUE_ERROR, "math domain error")
}

/// The error of a result that is too large.
pub fn math_range_error() -> Exc {
    Exc::new(&OVERFLOW_ERROR, "math range error")
}

/// What CPython makes of the result of a C function that cannot overflow: NaN or infinity out of a number is an error.
pub fn math_checked(x: f64, result: f64) -> Result<f64, Exc> {
    if (result.is_nan() && !x.is_nan()) || (result.is_infinite() && x.is_finite()) {
        return Err(math_domain_error());
    }
    Ok(result)
}

/// What CPython makes of the result of a C function that can overflow.
pub fn math_checked_overflow(x: f64, result: f64) -> Result<f64, Exc> {
    if result.is_nan() && !x.is_nan() {
        return Err(math_domain_error());
    }
    if result.is_infinite() && x.is_finite() {
        return Err(math_range_error());
    }
    Ok(result)
}

/// `math.acos`.
pub fn math_acos(x: f64) -> Result<f64, Exc> {
    math_checked(x, x.c_acos())
}

/// `math.acosh`.
pub fn math_acosh(x: f64) -> Result<f64, Exc> {
    math_checked(x, c_acosh(x))
}

/// `math.asin`.
pub fn math_asin(x: f64) -> Result<f64, Exc> {
    math_checked(x, x.c_asin())
}

/// `math.asinh`.
pub fn math_asinh(x: f64) -> f64 {
    c_asinh(x)
}

/// `math.atan`.
pub fn math_atan(x: f64) -> f64 {
    x.c_atan()
}

/// `math.atan2`.
pub fn math_atan2(y: f64, x: f64) -> f64 {
    y.c_atan2(x)
}

/// `math.atanh`.
pub fn math_atanh(x: f64) -> Result<f64, Exc> {
    math_checked(x, c_atanh(x))
}

/// `math.cbrt`.
pub fn math_cbrt(x: f64) -> f64 {
    c_cbrt(x)
}

/// `math.copysign`.
pub fn math_copysign(x: f64, y: f64) -> f64 {
    x.copysign(y)
}

/// `math.cos`.
pub fn math_cos(x: f64) -> Result<f64, Exc> {
    math_checked(x, x.c_cos())
}

/// `math.cosh`.
pub fn math_cosh(x: f64) -> Result<f64, Exc> {
    math_checked_overflow(x, x.c_cosh())
}

/// `math.degrees`.
pub fn math_degrees(x: f64) -> f64 {
    x * (180.0 / MATH_PI)
}

/// `math.radians`.
pub fn math_radians(x: f64) -> f64 {
    x * (MATH_PI / 180.0)
}

/// `math.exp`.
pub fn math_exp(x: f64) -> Result<f64, Exc> {
    math_checked_overflow(x, x.c_exp())
}

/// `math.exp2`.
pub fn math_exp2(x: f64) -> Result<f64, Exc> {
    math_checked_overflow(x, x.c_exp2())
}

/// `math.expm1`.
pub fn math_expm1(x: f64) -> Result<f64, Exc> {
    math_checked_overflow(x, x.c_exp_m1())
}

/// `math.fabs`.
pub fn math_fabs(x: f64) -> f64 {
    x.abs()
}

/// `math.log1p`.
pub fn math_log1p(x: f64) -> Result<f64, Exc> {
    // Zero keeps its sign.
    if x == 0.0 {
        return Ok(x);
    }
    math_checked(x, x.c_ln_1p())
}

/// `math.sin`.
pub fn math_sin(x: f64) -> Result<f64, Exc> {
    math_checked(x, x.c_sin())
}

/// `math.sinh`.
pub fn math_sinh(x: f64) -> Result<f64, Exc> {
    math_checked_overflow(x, x.c_sinh())
}

/// `math.sqrt`.
pub fn math_sqrt(x: f64) -> Result<f64, Exc> {
    if x < 0.0 {
        return Err(math_domain_error());
    }
    Ok(x.c_sqrt())
}

/// `math.tan`.
pub fn math_tan(x: f64) -> Result<f64, Exc> {
    math_checked(x, x.c_tan())
}

/// `math.tanh`.
pub fn math_tanh(x: f64) -> f64 {
    x.c_tanh()
}

/// A logarithm of what has one: positive numbers, infinity and NaN.
pub fn math_checked_log(x: f64, log: fn(f64) -> f64) -> Result<f64, Exc> {
    if x <= 0.0 {
        return Err(math_domain_error());
    }
    Ok(log(x))
}

/// `math.log` of one argument.
pub fn math_log(x: f64) -> Result<f64, Exc> {
    math_checked_log(x, f64::c_ln)
}

/// `math.log` of two arguments. Errors: ZeroDivisionError for base 1.
pub fn math_log_base(x: f64, base: f64) -> Result<f64, Exc> {
    let above = math_log(x)?;
    let below = math_log(base)?;
    if below == 0.0 {
        return Err(Exc::new(&ZERO_DIVISION_ERROR, "float division by zero"));
    }
    Ok(above / below)
}

/// `math.log2`.
pub fn math_log2(x: f64) -> Result<f64, Exc> {
    math_checked_log(x, f64::c_log2)
}

/// `math.log10`.
pub fn math_log10(x: f64) -> Result<f64, Exc> {
    math_checked_log(x, f64::c_log10)
}

/// `math.isfinite`.
pub fn math_isfinite(x: f64) -> bool {
    x.is_finite()
}

/// `math.isinf`.
pub fn math_isinf(x: f64) -> bool {
    x.is_infinite()
}

/// `math.isnan`.
pub fn math_isnan(x: f64) -> bool {
    x.is_nan()
}

/// `math.pow`: C's `pow`, with CPython's errors.
pub fn math_pow(x: f64, y: f64) -> Result<f64, Exc> {
    let result = crate::float_powf(x, y);
    if !x.is_finite() || !y.is_finite() || result.is_finite() {
        return Ok(result);
    }
    // A finite base and exponent: NaN is a root of a negative number, infinity of zero a pole, else too large.
    if result.is_nan() || x == 0.0 {
        return Err(math_domain_error());
    }
    Err(math_range_error())
}

/// `math.fmod`: the remainder that has the sign of `x`.
pub fn math_fmod(x: f64, y: f64) -> Result<f64, Exc> {
    if y.is_infinite() && x.is_finite() {
        return Ok(x);
    }
    let result = x % y;
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(math_domain_error());
    }
    Ok(result)
}

/// `math.remainder`: the distance to the nearest multiple of `y`, ties to even multiples.
pub fn math_remainder(x: f64, y: f64) -> Result<f64, Exc> {
    if x.is_nan() || y.is_nan() {
        return Ok(if x.is_nan() { x } else { y });
    }
    if x.is_infinite() || y == 0.0 {
        return Err(math_domain_error());
    }
    if y.is_infinite() {
        return Ok(x);
    }
    let (length, modulus) = (x.abs(), y.abs());
    let below = length % modulus;
    let above = modulus - below;
    let nearest = if below < above {
        below
    } else if below > above {
        -above
    } else {
        // A tie: the multiple below is even where half of it is a multiple again.
        below - 2.0 * ((0.5 * (length - below)) % modulus)
    };
    Ok(1f64.copysign(x) * nearest)
}

/// `math.frexp`: mantissa in [0.5, 1) and exponent.
pub fn math_frexp(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64;
    if exponent == 0 {
        let (mantissa, exponent) = math_frexp(x * 18_014_398_509_481_984.0);
        return (mantissa, exponent - 54);
    }
    (f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52), exponent - 1022)
}

/// 2 to the power of `exponent`, which lies in -1022..=1023.
pub fn math_power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// `x` times 2 to the power of `exponent`, rounded once; too large a result is infinite.
pub fn math_scale(x: f64, exponent: i64) -> f64 {
    let (mantissa, own) = math_frexp(x);
    if x == 0.0 || !x.is_finite() {
        return x;
    }
    let total = own.saturating_add(exponent);
    if total > 1024 {
        return f64::INFINITY.copysign(x);
    }
    if total < -1080 {
        return 0f64.copysign(x);
    }
    if total >= -1021 {
        return mantissa * 2.0 * math_power_of_two(total - 1);
    }
    // A subnormal: the first product is exact, the second rounds.
    mantissa * math_power_of_two(total + 100) * math_power_of_two(-100)
}

/// `math.ldexp`.
pub fn math_ldexp(x: f64, exponent: i64) -> Result<f64, Exc> {
    let result = math_scale(x, exponent);
    if result.is_infinite() && x.is_finite() {
        return Err(math_range_error());
    }
    Ok(result)
}

/// `math.modf`: the part behind the point and the whole part.
pub fn math_modf(x: f64) -> (f64, f64) {
    if x.is_infinite() {
        return (0f64.copysign(x), x);
    }
    if x.is_nan() {
        return (x, x);
    }
    let whole = x.c_trunc();
    ((x - whole).copysign(x), whole)
}

/// `math.nextafter`.
pub fn math_nextafter(x: f64, towards: f64) -> f64 {
    if x.is_nan() || towards.is_nan() {
        return x + towards;
    }
    if x == towards {
        return towards;
    }
    if x == 0.0 {
        return f64::from_bits(1).copysign(towards);
    }
    let bits = x.to_bits();
    f64::from_bits(if (towards > x) == (x > 0.0) { bits + 1 } else { bits - 1 })
}

/// `math.ulp`.
pub fn math_ulp(x: f64) -> f64 {
    let length = x.abs();
    if !length.is_finite() {
        return length;
    }
    let above = math_nextafter(length, f64::INFINITY);
    if above.is_infinite() {
        return length - math_nextafter(length, 0.0);
    }
    above - length
}

/// `math.isclose`.
pub fn math_isclose(a: f64, b: f64, relative: f64, absolute: f64) -> Result<bool, Exc> {
    if relative < 0.0 || absolute < 0.0 {
        return Err(Exc::new(&VALUE_ERROR, "tolerances must be non-negative"));
    }
    if a == b {
        return Ok(true);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(false);
    }
    let distance = (b - a).abs();
    Ok(distance <= (relative * b).abs() || distance <= (relative * a).abs() || distance <= absolute)
}

/// The length of a vector whose entries are not negative and whose largest is `max`, right to the last bit.
pub fn math_vector_norm(entries: &mut [f64], max: f64, found_nan: bool) -> f64 {
    if max.is_infinite() {
        return max;
    }
    if found_nan {
        return f64::NAN;
    }
    if max == 0.0 || entries.len() <= 1 {
        return max;
    }
    let exponent = math_frexp(max).1;
    if exponent < -1023 {
        for entry in entries.iter_mut() {
            *entry /= f64::MIN_POSITIVE;
        }
        return f64::MIN_POSITIVE * math_vector_norm(entries, max / f64::MIN_POSITIVE, found_nan);
    }
    let scale = math_scale(1.0, -exponent);
    let (mut sum, mut products, mut sums) = (1.0f64, 0.0f64, 0.0f64);
    // Adds a square and keeps what the product and the sum lose.
    let mut add = |a: f64, b: f64| {
        let product = a * b;
        products += a.c_mul_add(b, -product);
        let before = sum;
        sum = before + product;
        sums += (before - sum) + product;
        sum - 1.0 + (products + sums)
    };
    let mut total = 0.0;
    for entry in entries.iter() {
        total = add(entry * scale, entry * scale);
    }
    let root = total.c_sqrt();
    let rest = add(-root, root);
    (root + rest / (2.0 * root)) / scale
}

/// `math.hypot` of any number of coordinates.
pub fn math_hypot(coordinates: &[f64]) -> f64 {
    let mut entries: Vec<f64> = coordinates.iter().map(|x| x.abs()).collect();
    let found_nan = entries.iter().any(|x| x.is_nan());
    let max = entries.iter().fold(0.0, |a: f64, &b| if b > a { b } else { a });
    math_vector_norm(&mut entries, max, found_nan)
}

/// `math.dist`.
pub fn math_dist(p: &[f64], q: &[f64]) -> Result<f64, Exc> {
    if p.len() != q.len() {
        return Err(Exc::new(&VALUE_ERROR, "both points must have the same number of dimensions"));
    }
    let differences: Vec<f64> = p.iter().zip(q).map(|(a, b)| a - b).collect();
    Ok(math_hypot(&differences))
}

/// `math.fsum`: the sum rounded once.
pub fn math_fsum(values: impl IntoIterator<Item = f64>) -> Result<f64, Exc> {
    // Partial sums that do not overlap, smallest first.
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinite) = (0.0f64, 0.0f64);
    for value in values {
        let mut x = value;
        let mut kept = 0;
        for place in 0..partials.len() {
            let mut y = partials[place];
            if x.abs() < y.abs() {
                core::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        if x == 0.0 {
            continue;
        }
        if x.is_finite() {
            partials.push(x);
            continue;
        }
        if value.is_finite() {
            return Err(Exc::new(&OVERFLOW_ERROR, "intermediate overflow in fsum"));
        }
        if value.is_infinite() {
            infinite += value;
        }
        special += value;
        partials.clear();
    }
    if special != 0.0 || special.is_nan() {
        if infinite.is_nan() {
            return Err(Exc::new(&VALUE_ERROR, "-inf + inf in fsum"));
        }
        return Ok(special);
    }
    Ok(math_round_partials(&partials))
}

/// The sum of partial sums that do not overlap, rounded half to even.
pub fn math_round_partials(partials: &[f64]) -> f64 {
    let Some((&last, mut rest)) = partials.split_last() else { return 0.0 };
    let (mut high, mut low) = (last, 0.0);
    while let Some((&y, before)) = rest.split_last() {
        let x = high;
        high = x + y;
        low = y - (high - x);
        rest = before;
        if low != 0.0 {
            break;
        }
    }
    // Half way between two floats the next partial sum decides.
    if let Some(&next) = rest.last() {
        if (low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0) {
            let twice = low * 2.0;
            let other = high + twice;
            if twice == other - high {
                high = other;
            }
        }
    }
    high
}

/// `math.prod` of floats.
pub fn math_prod_f64(values: impl IntoIterator<Item = f64>, start: f64) -> f64 {
    values.into_iter().fold(start, |product, value| product * value)
}

/// The sine of pi times `x`, exact at halves.
pub fn math_sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let sine = match (2.0 * y).c_round() as i64 {
        0 => (MATH_PI * y).c_sin(),
        1 => (MATH_PI * (y - 0.5)).c_cos(),
        2 => (MATH_PI * (1.0 - y)).c_sin(),
        3 => -(MATH_PI * (y - 1.5)).c_cos(),
        _ => (MATH_PI * (y - 2.0)).c_sin(),
    };
    1f64.copysign(x) * sine
}

/// The parameter g of the Lanczos sum with thirteen terms.
pub const MATH_LANCZOS_G: f64 = 6.02468004077673;

/// The Lanczos sum of a positive number, as a quotient of two polynomials.
pub fn math_lanczos_sum(x: f64) -> f64 {
    const ABOVE: [f64; 13] = [
        23531376880.41076,
        42919803642.6491,
        35711959237.35567,
        17921034426.03721,
        6039542586.352028,
        1439720407.3117216,
        248874557.86205417,
        31426415.585400194,
        2876370.6289353725,
        186056.26539522348,
        8071.672002365816,
        210.82427775157936,
        2.5066282746310002,
    ];
    const BELOW: [f64; 13] = [
        0.0,
        39916800.0,
        120543840.0,
        150917976.0,
        105258076.0,
        45995730.0,
        13339535.0,
        2637558.0,
        357423.0,
        32670.0,
        1925.0,
        66.0,
        1.0,
    ];
    let (mut above, mut below) = (0.0, 0.0);
    if x < 5.0 {
        for place in (0..13).rev() {
            above = above * x + ABOVE[place];
            below = below * x + BELOW[place];
        }
    } else {
        for place in 0..13 {
            above = above / x + ABOVE[place];
            below = below / x + BELOW[place];
        }
    }
    above / below
}

/// `math.gamma`.
pub fn math_gamma(x: f64) -> Result<f64, Exc> {
    if x.is_nan() || x == f64::INFINITY {
        return Ok(x);
    }
    if x == f64::NEG_INFINITY || x == 0.0 || (x < 0.0 && x == x.c_floor()) {
        return Err(math_domain_error());
    }
    if x == x.c_floor() && x <= 23.0 {
        // Factorials below 23 are exact.
        return Ok((1..x as i64).fold(1.0, |product, factor| product * factor as f64));
    }
    let length = x.abs();
    if length < 1e-20 {
        return math_checked_overflow(x, 1.0 / x);
    }
    if length > 200.0 {
        return if x < 0.0 { Ok(0.0 / math_sin_pi(x)) } else { Err(math_range_error()) };
    }
    math_checked_overflow(x, math_gamma_lanczos(x))
}

/// The gamma function of a number of ordinary size.
pub fn math_gamma_lanczos(x: f64) -> f64 {
    let half = MATH_LANCZOS_G - 0.5;
    let length = x.abs();
    let y = length + half;
    // What the sum before lost corrects the power below.
    let lost = if length > half { (y - length) - half } else { (y - half) - length };
    let correction = lost * MATH_LANCZOS_G / y;
    let root = y.c_powf(length / 2.0 - 0.25);
    if x < 0.0 {
        let mut result = -MATH_PI / math_sin_pi(length) / length * y.c_exp() / math_lanczos_sum(length);
        result -= correction * result;
        return if length < 140.0 { result / y.c_powf(length - 0.5) } else { result / root / root };
    }
    let mut result = math_lanczos_sum(length) / y.c_exp();
    result += correction * result;
    if length < 140.0 {
        result * y.c_powf(length - 0.5)
    } else {
        result * root * root
    }
}

/// `math.lgamma`.
pub fn math_lgamma(x: f64) -> Result<f64, Exc> {
    if x.is_nan() {
        return Ok(x);
    }
    if x.is_infinite() {
        return Ok(f64::INFINITY);
    }
    if x == x.c_floor() && x <= 2.0 {
        return if x <= 0.0 { Err(math_domain_error()) } else { Ok(0.0) };
    }
    let length = x.abs();
    if length < 1e-20 {
        return Ok(-length.c_ln());
    }
    let mut result = math_lanczos_sum(length).c_ln() - MATH_LANCZOS_G;
    result += (length - 0.5) * ((length + MATH_LANCZOS_G - 0.5).c_ln() - 1.0);
    if x < 0.0 {
        const LOG_PI: f64 = 1.1447298858494002;
        result = LOG_PI - math_sin_pi(length).abs().c_ln() - length.c_ln() - result;
    }
    math_checked_overflow(x, result)
}

/// `math.erf`.
pub fn math_erf(x: f64) -> f64 {
    c_erf(x)
}

/// `math.erfc`.
pub fn math_erfc(x: f64) -> f64 {
    c_erfc(x)
}
