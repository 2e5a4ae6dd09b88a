//! `math` on integers of any size.
//!
//! `math_gcd(&[Int]) -> Int`, `math_lcm(&[Int]) -> Int`, `math_factorial(&Int) -> Result<Int, Exc>`,
//! `math_comb(n: &Int, k: &Int) -> Result<Int, Exc>`, `math_perm(n: &Int, k: Option<&Int>) -> Result<Int, Exc>`,
//! `math_floor(f64) -> Result<Int, Exc>`, `math_ceil`, `math_trunc`, `math_log_int(&Int) -> Result<f64, Exc>`,
//! `math_log2_int`, `math_log10_int`, `math_prod_int(impl IntoIterator<Item = Int>, start: Int) -> Int`.
//! `math.isqrt` is `int_isqrt`, or `isqrt` on `i64`.

use crate::{
    int_floor_div, int_gcd, int_of_float, magnitude_bits, math_domain_error, math_log, math_log10, math_log2,
    scaled_float, Exc, Int, OVERFLOW_ERROR, VALUE_ERROR,
};
use alloc::format;

/// `math.gcd`.
pub fn math_gcd(values: &[Int]) -> Int {
    values.iter().fold(Int::Small(0), |divisor, value| int_gcd(&divisor, value))
}

/// `math.lcm`.
pub fn math_lcm(values: &[Int]) -> Int {
    let mut multiple = Int::Small(1);
    for value in values {
        if *value == 0 {
            return Int::Small(0);
        }
        let divisor = int_gcd(&multiple, value);
        let part = int_floor_div(&multiple, &divisor).unwrap_or_default();
        multiple = (&part * value).abs();
    }
    multiple
}

/// The product of all integers from `low` to `high`.
pub fn math_range_product(low: i64, high: i64) -> Int {
    if high - low < 8 {
        return (low..=high).fold(Int::Small(1), |product, factor| product * factor);
    }
    let middle = low + (high - low) / 2;
    math_range_product(low, middle) * math_range_product(middle + 1, high)
}

/// `math.factorial`.
pub fn math_factorial(n: &Int) -> Result<Int, Exc> {
    if n.is_negative() {
        return Err(Exc::new(&VALUE_ERROR, "factorial() not defined for negative values"));
    }
    match n.to_i64() {
        Some(n) => Ok(math_range_product(1, n)),
        None => Err(Exc::new(&OVERFLOW_ERROR, format!("factorial() argument should not exceed {}", i64::MAX))),
    }
}

/// A number of things must not be negative.
pub fn math_count(value: &Int, name: &str) -> Result<(), Exc> {
    if value.is_negative() {
        return Err(Exc::new(&VALUE_ERROR, format!("{name} must be a non-negative integer")));
    }
    Ok(())
}

/// `math.perm`.
pub fn math_perm(n: &Int, k: Option<&Int>) -> Result<Int, Exc> {
    let Some(k) = k else { return math_factorial(n) };
    math_count(n, "n")?;
    math_count(k, "k")?;
    if k > n {
        return Ok(Int::Small(0));
    }
    let Some(count) = k.to_i64() else {
        return Err(Exc::new(&OVERFLOW_ERROR, format!("k must not exceed {}", i64::MAX)));
    };
    if let Some(n) = n.to_i64() {
        return Ok(math_range_product(n - count + 1, n));
    }
    Ok((0..count).fold(Int::Small(1), |product, step| product * (n - step)))
}

/// `math.comb`.
pub fn math_comb(n: &Int, k: &Int) -> Result<Int, Exc> {
    math_count(n, "n")?;
    math_count(k, "k")?;
    let other = n - k;
    if other.is_negative() {
        return Ok(Int::Small(0));
    }
    let Some(count) = k.min(&other).to_i64() else {
        return Err(Exc::new(&OVERFLOW_ERROR, format!("min(n - k, k) must not exceed {}", i64::MAX)));
    };
    let mut product = Int::Small(1);
    for step in 0..count {
        // Every quotient is a binomial coefficient, so nothing is lost.
        product = int_floor_div(&(product * (n - step)), &Int::from(step + 1))?;
    }
    Ok(product)
}

/// `math.floor`.
pub fn math_floor(x: f64) -> Result<Int, Exc> {
    int_of_float(crate::float_floor(x))
}

/// `math.ceil`.
pub fn math_ceil(x: f64) -> Result<Int, Exc> {
    int_of_float(crate::float_ceil(x))
}

/// `math.trunc`.
pub fn math_trunc(x: f64) -> Result<Int, Exc> {
    int_of_float(x)
}

/// A logarithm of an integer, too large for a float or not.
pub fn math_log_of(x: &Int, log: fn(f64) -> Result<f64, Exc>) -> Result<f64, Exc> {
    if x.is_negative() || *x == 0 {
        return Err(math_domain_error());
    }
    let Int::Big(big) = x else { return log(x.rounded()) };
    let bits = magnitude_bits(&big.limbs) as i64;
    if let Ok(value) = x.float() {
        return log(value);
    }
    // Mantissa in [0.5, 1) and exponent.
    Ok(log(scaled_float(&big.limbs, -bits, false))? + log(2.0)? * bits as f64)
}

/// `math.log` of an integer.
pub fn math_log_int(x: &Int) -> Result<f64, Exc> {
    math_log_of(x, math_log)
}

/// `math.log2` of an integer.
pub fn math_log2_int(x: &Int) -> Result<f64, Exc> {
    math_log_of(x, math_log2)
}

/// `math.log10` of an integer.
pub fn math_log10_int(x: &Int) -> Result<f64, Exc> {
    math_log_of(x, math_log10)
}

/// `math.prod` of integers.
pub fn math_prod_int(values: impl IntoIterator<Item = Int>, start: Int) -> Int {
    values.into_iter().fold(start, |product, value| product * value)
}
