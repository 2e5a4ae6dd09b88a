//! Floats: `float_repr`, `float_floor_div`, `float_modulo`, `float_divmod`, `float_true_div`, `float_pow`, `round_half_even`,
//! `round_float`, `round_int`, `float_floor`, `float_ceil`, `float_trunc`, `float_is_integer`, `float_integer_ratio`,
//! `float_hex`, `float_from_hex`.

use crate::{
    argument, division_by_zero, float_powf, int_divmod, int_of_finite, int_of_float, int_pow, magnitude_parse,
    scaled_float, BigInt, Exc, Int, Str, OVERFLOW_ERROR, VALUE_ERROR,
};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// `repr(value)`.
pub fn float_repr(value: f64) -> Str {
    let mut out = String::new();
    float_repr_into(value, &mut out);
    Str::from(out)
}

/// Append `repr(value)`.
pub fn float_repr_into(value: f64, out: &mut String) {
    use core::fmt::Write;
    if value.is_nan() {
        out.push_str("nan");
        return;
    }
    if value.is_infinite() {
        out.push_str(if value > 0.0 { "inf" } else { "-inf" });
        return;
    }
    let size = value.abs();
    if size == 0.0 || (1e-4..1e16).contains(&size) {
        let start = out.len();
        // Writing to a string does not fail.
        let _ = write!(out, "{value}");
        match out[start..].find('.') {
            Some(point) if out.len() - start > 16 => {
                let places = out.len() - start - point - 1;
                if ends_in_half(value, places) {
                    out.truncate(start);
                    let _ = write!(out, "{value:.places$}");
                }
            }
            Some(_) => {}
            None => out.push_str(".0"),
        }
        return;
    }
    let text = shortest_exponential(value);
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    out.push_str(digits);
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    let _ = write!(out, "e{sign}{exponent:0>2}");
}

/// Whether a float lies just between two decimals of so many places, which Rust's shortest digits round up, and CPython's
/// to even: its own digits end one place later.
#[inline]
pub fn ends_in_half(value: f64, places: usize) -> bool {
    let (mantissa, power) = float_mantissa(value);
    -(power + i64::from(mantissa.trailing_zeros())) == places as i64 + 1
}

/// The shortest digits that name a float, with an exponent; of two equally near, the even one.
pub fn shortest_exponential(value: f64) -> String {
    let text = alloc::format!("{value:e}");
    let Some((digits, _)) = text.split_once('e') else {
        return text;
    };
    let places = digits.len().saturating_sub(if value < 0.0 { 3 } else { 2 });
    if places < 15 && value.abs() > 1e-300 {
        return text;
    }
    let even = alloc::format!("{value:.places$e}");
    if even.parse() == Ok(value) {
        even
    } else {
        text
    }
}

/// From here on, floats have no digits behind the point.
pub const WHOLE_FLOATS: f64 = 4_503_599_627_370_496.0;

/// The float cut at the point.
#[inline]
pub fn float_trunc(value: f64) -> f64 {
    if value.abs() < WHOLE_FLOATS {
        (value as i64 as f64).copysign(value)
    } else {
        value
    }
}

/// The largest whole float that is not above.
#[inline]
pub fn float_floor(value: f64) -> f64 {
    let whole = float_trunc(value);
    if whole > value {
        whole - 1.0
    } else {
        whole
    }
}

/// The smallest whole float that is not below.
#[inline]
pub fn float_ceil(value: f64) -> f64 {
    -float_floor(-value)
}

/// The nearest whole float, ties to even.
#[inline]
pub fn float_nearest(value: f64) -> f64 {
    if value.abs() < WHOLE_FLOATS {
        let size = value.abs() + WHOLE_FLOATS - WHOLE_FLOATS;
        size.copysign(value)
    } else {
        value
    }
}

/// `value.is_integer()`.
pub fn float_is_integer(value: f64) -> bool {
    value.is_finite() && float_trunc(value) == value
}

/// `a / b`.
#[inline]
pub fn float_true_div(a: f64, b: f64) -> Result<f64, Exc> {
    if b == 0.0 {
        return Err(division_by_zero("float division by zero"));
    }
    Ok(a / b)
}

/// `float(a)` of a temporary of 128 bits, rounded once; most fit one word, which the processor converts itself.
#[inline]
pub fn wide_float(a: i128) -> f64 {
    let word = a as i64;
    if i128::from(word) == a {
        word as f64
    } else {
        far_float(a)
    }
}

/// `float(a)` of more than one word.
#[cold]
#[inline(never)]
pub fn far_float(a: i128) -> f64 {
    a as f64
}

/// `divmod(a, b)` of floats for a `b` that is not zero.
pub fn float_parts(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), rest);
    }
    let floor = float_floor(quotient);
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

/// `a // b`.
pub fn float_floor_div(a: f64, b: f64) -> Result<f64, Exc> {
    if b == 0.0 {
        return Err(division_by_zero("float floor division by zero"));
    }
    Ok(float_parts(a, b).0)
}

/// `a % b`.
#[inline]
pub fn float_modulo(a: f64, b: f64) -> Result<f64, Exc> {
    if b == 0.0 {
        return Err(division_by_zero("float modulo"));
    }
    let rest = a % b;
    Ok(if rest == 0.0 {
        0.0_f64.copysign(b)
    } else if (b < 0.0) != (rest < 0.0) {
        rest + b
    } else {
        rest
    })
}

/// `divmod(a, b)`.
pub fn float_divmod(a: f64, b: f64) -> Result<(f64, f64), Exc> {
    if b == 0.0 {
        return Err(division_by_zero("float divmod()"));
    }
    Ok(float_parts(a, b))
}

/// `base ** exponent`; what would be complex is refused.
pub fn float_pow(base: f64, exponent: f64) -> Result<f64, Exc> {
    if base == 0.0 && exponent < 0.0 && exponent.is_finite() {
        return Err(division_by_zero("0.0 cannot be raised to a negative power"));
    }
    if base < 0.0 && base.is_finite() && exponent.is_finite() && float_trunc(exponent) != exponent {
        return Err(Exc::new(&VALUE_ERROR, "a fractional power of a negative number is complex"));
    }
    let power = float_powf(base, exponent);
    if power.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(float_overflow());
    }
    Ok(power)
}

/// `OverflowError: (34, 'Numerical result out of range')`.
#[cold]
pub fn float_overflow() -> Exc {
    Exc::of(&OVERFLOW_ERROR, vec![argument(34_i64), argument(Str::literal("Numerical result out of range"))])
}

/// `base ** exponent` of integers with a negative exponent.
pub fn int_pow_negative(base: &Int, exponent: &Int) -> Result<f64, Exc> {
    float_pow(base.float()?, exponent.float()?)
}

/// `round(value)`.
pub fn round_half_even(value: f64) -> Result<Int, Exc> {
    int_of_float(float_nearest(value))
}

/// `round(value, digits)`.
pub fn round_float(value: f64, digits: i64) -> Result<f64, Exc> {
    if !value.is_finite() || digits > 323 {
        return Ok(value);
    }
    if digits < -308 {
        return Ok(0.0 * value);
    }
    if digits < 0 {
        return round_tens(value, -digits);
    }
    let text = alloc::format!("{value:.*}", digits as usize);
    Ok(text.parse().unwrap_or(value))
}

/// Round to a power of ten above one.
pub fn round_tens(value: f64, zeros: i64) -> Result<f64, Exc> {
    let whole = int_of_finite(value);
    let unit = int_pow(&Int::Small(10), &Int::Small(zeros))?;
    let (quotient, rest) = int_divmod(&whole.abs(), &unit)?;
    let twice = &rest + &rest;
    // What the cut at the point took away decides between halves.
    let is_above = twice > unit || twice == unit && (value % 1.0 != 0.0 || quotient.is_odd());
    let nearest = if is_above { quotient + 1 } else { quotient };
    let size = (nearest * unit).rounded();
    if size.is_infinite() {
        return Err(Exc::new(&OVERFLOW_ERROR, "rounded value too large to represent"));
    }
    Ok(size.copysign(value))
}

/// `round(value, digits)` of an integer.
pub fn round_int(value: &Int, digits: i64) -> Int {
    if digits >= 0 {
        return value.clone();
    }
    // Beyond its digits, everything rounds to zero.
    if -digits > value.bit_length() {
        return Int::Small(0);
    }
    let Ok(unit) = int_pow(&Int::Small(10), &Int::Small(-digits)) else {
        return Int::Small(0);
    };
    let Ok((quotient, rest)) = int_divmod(value, &unit) else {
        return Int::Small(0);
    };
    let twice = &rest + &rest;
    let is_above = twice > unit || twice == unit && quotient.is_odd();
    let nearest = if is_above { quotient + 1 } else { quotient };
    nearest * unit
}

/// `value.as_integer_ratio()`.
pub fn float_integer_ratio(value: f64) -> Result<(Int, Int), Exc> {
    if value.is_nan() {
        return Err(Exc::new(&VALUE_ERROR, "cannot convert NaN to integer ratio"));
    }
    if value.is_infinite() {
        return Err(Exc::new(&OVERFLOW_ERROR, "cannot convert Infinity to integer ratio"));
    }
    let (mantissa, power) = float_mantissa(value);
    let shift = if mantissa == 0 { 0 } else { i64::from(mantissa.trailing_zeros()).min((-power).max(0)) };
    let signed = if value < 0.0 { -(i128::from(mantissa >> shift)) } else { i128::from(mantissa >> shift) };
    let power = if mantissa == 0 { 0 } else { power + shift };
    let two = |power: i64| int_pow(&Int::Small(2), &Int::Small(power.max(0)));
    Ok((Int::from(signed) * two(power)?, two(-power)?))
}

/// The size of a finite float as `mantissa * 2 ** power`.
pub fn float_mantissa(value: f64) -> (u64, i64) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52 & 0x7ff) as i64 {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}

/// `value.hex()`.
pub fn float_hex(value: f64) -> Str {
    if !value.is_finite() {
        return float_repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return Str::from(alloc::format!("{sign}0x0.0p+0"));
    }
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let (lead, exponent) = match (bits >> 52 & 0x7ff) as i64 {
        0 => (0, -1022),
        exponent => (1, exponent - 1023),
    };
    Str::from(alloc::format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}"))
}

/// `float.fromhex(text)`.
pub fn float_from_hex(text: &str) -> Result<f64, Exc> {
    let plain = text.trim_matches(|character: char| character.is_ascii_whitespace() || character == '\x0b');
    let (is_negative, size) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.strip_prefix('+').unwrap_or(plain)),
    };
    let lower = size.to_ascii_lowercase();
    let value = match lower.as_str() {
        "nan" => Some(f64::NAN),
        "inf" | "infinity" => Some(f64::INFINITY),
        digits => hex_size(digits.strip_prefix("0x").unwrap_or(digits)),
    };
    let value = value.ok_or_else(|| Exc::new(&VALUE_ERROR, "invalid hexadecimal floating-point string"))?;
    if value.is_infinite() && !lower.starts_with('i') {
        return Err(Exc::new(&OVERFLOW_ERROR, "hexadecimal value too large to represent as a float"));
    }
    Ok(if is_negative { -value } else { value })
}

/// The value of `1f.8p-3`; none when it is not of that shape.
pub fn hex_size(text: &str) -> Option<f64> {
    let (digits, exponent) = text.split_once('p').map_or((text, "0"), |parts| parts);
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // An exponent beyond 64 bits is as good as the largest.
    let size = unsigned.parse::<i64>().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    let exponent = if exponent.starts_with('-') { -size } else { size };
    let (whole, fraction) = digits.split_once('.').map_or((digits, ""), |parts| parts);
    let values: Option<Vec<u8>> =
        whole.chars().chain(fraction.chars()).map(|digit| digit.to_digit(16).map(|digit| digit as u8)).collect();
    let values = values.filter(|values| !values.is_empty())?;
    let number = BigInt::signed(false, magnitude_parse(&values, 16));
    let power = exponent - 4 * fraction.len() as i64;
    // Far outside, the sum of exponents must not wrap.
    Some(scaled_float(&number.limbs, power.clamp(-1 << 40, 1 << 40), false))
}
