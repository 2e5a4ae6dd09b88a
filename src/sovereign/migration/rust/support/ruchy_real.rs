//! Floats of a Ruchy program.

use crate::{
    float_powf, float_sqrt, real_ceil, real_cosine, real_exp, real_floor, real_ln, real_log10, real_log2, real_sine,
    real_tangent, real_trunc,
};

/// `a ** b` of floats.
pub fn platform_power(base: f64, exponent: f64) -> f64 {
    float_powf(base, exponent)
}

/// A number rounded half away from zero to so many digits.
pub fn rounded_to(value: f64, digits: i64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    let scale = float_powf(10.0, digits as f64);
    (real_floor(value.abs() * scale + 0.5) / scale).copysign(value)
}

/// A number rounded half away from zero.
pub fn rounded_half(value: f64) -> f64 {
    rounded_to(value, 0)
}

/// The natural logarithm.
pub fn natural_log(value: f64) -> f64 {
    real_ln(value)
}

/// The logarithm to a base.
pub fn log_to(value: f64, base: f64) -> f64 {
    if value > 0.0 && value.is_finite() {
        real_ln(value) / real_ln(base)
    } else {
        real_ln(value)
    }
}

/// `signum`: 1 with the sign of the number.
pub fn sign_of(value: f64) -> f64 {
    if value.is_nan() {
        value
    } else {
        1f64.copysign(value)
    }
}

/// The square root; no number below zero.
#[inline]
pub fn square_root(value: f64) -> f64 {
    float_sqrt(value)
}

/// `number.sqrt()` of an integer.
pub fn whole_root(value: i64) -> f64 {
    float_sqrt(value as f64)
}

/// `number.sin()` of an integer.
pub fn whole_sine(value: i64) -> f64 {
    real_sine(value as f64)
}

/// `number.cos()` of an integer.
pub fn whole_cosine(value: i64) -> f64 {
    real_cosine(value as f64)
}

/// `number.powi(exponent)`.
pub fn whole_exponent(value: f64, exponent: i64) -> f64 {
    platform_power(value, exponent as f64)
}

/// The square root, for values of no known type.
pub fn float_sqrt_of(value: f64) -> f64 {
    float_sqrt(value)
}

/// A function of one float by its name.
pub fn float_function(value: f64, name: &str) -> Option<f64> {
    match name {
        "floor" => Some(real_floor(value)),
        "ceil" => Some(real_ceil(value)),
        "trunc" => Some(real_trunc(value)),
        "sin" => Some(real_sine(value)),
        "cos" => Some(real_cosine(value)),
        "tan" => Some(real_tangent(value)),
        "log10" => Some(real_log10(value)),
        "log2" => Some(real_log2(value)),
        "exp" => Some(real_exp(value)),
        _ => None,
    }
}
