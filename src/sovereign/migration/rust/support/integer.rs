//! Operations on `i64` where the translator has proved that 64 bits do: `floor_div`, `modulo`, `divmod`, `true_div`,
//! `pow_mod`, `power`, `shift_left`, `shift_right`, `bit_length`, `bit_count`, `gcd`, `isqrt`; and `checked_*`, which say
//! `None` where they do not do.

use crate::{division_by_zero, int_pow_mod, int_true_div, negative_shift, Exc, Int, OVERFLOW_ERROR, VALUE_ERROR};

/// `a // b`.
#[inline]
pub fn floor_div(a: i64, b: i64) -> Result<i64, Exc> {
    if b == 0 {
        return Err(division_by_zero("integer division or modulo by zero"));
    }
    let Some(quotient) = a.checked_div(b) else {
        return Err(beyond_range());
    };
    Ok(if (a % b != 0) & ((a < 0) != (b < 0)) { quotient - 1 } else { quotient })
}

/// `a % b`.
#[inline]
pub fn modulo(a: i64, b: i64) -> Result<i64, Exc> {
    if b == 0 {
        return Err(division_by_zero("integer modulo by zero"));
    }
    let rest = a.wrapping_rem(b);
    Ok(if (rest != 0) & ((rest < 0) != (b < 0)) { rest + b } else { rest })
}

/// `divmod(a, b)`.
#[inline]
pub fn divmod(a: i64, b: i64) -> Result<(i64, i64), Exc> {
    let quotient = floor_div(a, b)?;
    Ok((quotient, a.wrapping_sub(quotient.wrapping_mul(b))))
}

/// A value that the translator took to fit 64 bits, and that does not: never a wrong answer.
#[cold]
pub fn beyond_range() -> Exc {
    Exc::new(&OVERFLOW_ERROR, "integer leaves the range that was proved for it")
}

/// `a / b`, rounded once.
#[inline]
pub fn true_div(a: i64, b: i64) -> Result<f64, Exc> {
    if b != 0 && a.unsigned_abs() <= 1 << 53 && b.unsigned_abs() <= 1 << 53 {
        return Ok(a as f64 / b as f64);
    }
    int_true_div(&Int::Small(a), &Int::Small(b))
}

/// `base ** exponent`, where the result is known to fit.
#[inline]
pub fn power(base: i64, exponent: i64) -> Result<i64, Exc> {
    if exponent < 0 {
        return Err(Exc::new(&VALUE_ERROR, "a negative power of an integer is a float"));
    }
    match base {
        0 | 1 if exponent > 0 => return Ok(base),
        -1 => return Ok(if exponent & 1 == 1 { -1 } else { 1 }),
        _ => {}
    }
    u32::try_from(exponent).ok().and_then(|exponent| base.checked_pow(exponent)).ok_or_else(beyond_range)
}

/// `pow(base, exponent, modulus)`.
pub fn pow_mod(base: i64, exponent: i64, modulus: i64) -> Result<i64, Exc> {
    if exponent < 0 || modulus <= 0 {
        let value = int_pow_mod(&Int::Small(base), &Int::Small(exponent), &Int::Small(modulus))?;
        return value.to_i64().ok_or_else(beyond_range);
    }
    let wide = modulus as u128;
    let mut factor = base.rem_euclid(modulus) as u128;
    let mut exponent = exponent as u64;
    let mut result = 1 % wide;
    if modulus <= 1 << 32 {
        // Products fit one word.
        let (modulus, mut factor, mut small) = (modulus as u64, factor as u64, result as u64);
        while exponent > 0 {
            if exponent & 1 == 1 {
                small = small * factor % modulus;
            }
            factor = factor * factor % modulus;
            exponent >>= 1;
        }
        return Ok(small as i64);
    }
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * factor % wide;
        }
        factor = factor * factor % wide;
        exponent >>= 1;
    }
    Ok(result as i64)
}

/// `a << count`, where the result is known to fit.
#[inline]
pub fn shift_left(a: i64, count: i64) -> Result<i64, Exc> {
    if count < 0 {
        return Err(negative_shift());
    }
    checked_shift_left(a, count).ok_or_else(beyond_range)
}

/// `a << count`, if it fits.
#[inline]
pub fn checked_shift_left(a: i64, count: i64) -> Option<i64> {
    if a == 0 {
        return Some(0);
    }
    let shifted = u32::try_from(count).ok().and_then(|count| a.checked_shl(count))?;
    (shifted >> count == a).then_some(shifted)
}

/// `a >> count`.
#[inline]
pub fn shift_right(a: i64, count: i64) -> Result<i64, Exc> {
    if count < 0 {
        return Err(negative_shift());
    }
    Ok(a >> count.min(63))
}

/// `a.bit_length()`.
#[inline]
pub fn bit_length(a: i64) -> i64 {
    64 - i64::from(a.unsigned_abs().leading_zeros())
}

/// `a.bit_count()`.
#[inline]
pub fn bit_count(a: i64) -> i64 {
    i64::from(a.unsigned_abs().count_ones())
}

/// `math.gcd(a, b)`.
pub fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    // Only gcd(-2**63, 0) and its like leave the range.
    a.min(i64::MAX as u64) as i64
}

/// `math.isqrt(a)`.
pub fn isqrt(a: i64) -> Result<i64, Exc> {
    if a < 0 {
        return Err(Exc::new(&VALUE_ERROR, "isqrt() argument must be nonnegative"));
    }
    Ok(a.isqrt())
}
