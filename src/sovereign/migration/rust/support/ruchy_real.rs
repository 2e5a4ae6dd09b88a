//! Floats of a Ruchy program, by the operating system's mathematics.

/// `a ** b` of floats.
pub fn platform_power(base: f64, exponent: f64) -> f64 {
    base.powf(exponent)
}

/// A number rounded half away from zero to so many digits.
pub fn rounded_to(value: f64, digits: i64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    let scale = 10f64.powf(digits as f64);
    ((value.abs() * scale + 0.5).floor() / scale).copysign(value)
}

/// A number rounded half away from zero.
pub fn rounded_half(value: f64) -> f64 {
    rounded_to(value, 0)
}

/// The natural logarithm.
pub fn natural_log(value: f64) -> f64 {
    value.ln()
}

/// The logarithm to a base.
pub fn log_to(value: f64, base: f64) -> f64 {
    if value > 0.0 && value.is_finite() {
        value.ln() / base.ln()
    } else {
        value.ln()
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
    value.sqrt()
}

/// `number.sqrt()` of an integer.
pub fn whole_root(value: i64) -> f64 {
    (value as f64).sqrt()
}

/// `number.sin()` of an integer.
pub fn whole_sine(value: i64) -> f64 {
    (value as f64).sin()
}

/// `number.cos()` of an integer.
pub fn whole_cosine(value: i64) -> f64 {
    (value as f64).cos()
}

/// `number.powi(exponent)`.
pub fn whole_exponent(value: f64, exponent: i64) -> f64 {
    platform_power(value, exponent as f64)
}

/// The square root, for values of no known type.
pub fn float_sqrt_of(value: f64) -> f64 {
    value.sqrt()
}

/// A function of one float by its name.
pub fn float_function(value: f64, name: &str) -> Option<f64> {
    match name {
        "floor" => Some(value.floor()),
        "ceil" => Some(value.ceil()),
        "trunc" => Some(value.trunc()),
        "sin" => Some(value.sin()),
        "cos" => Some(value.cos()),
        "tan" => Some(value.tan()),
        "log10" => Some(value.log10()),
        "log2" => Some(value.log2()),
        "exp" => Some(value.exp()),
        _ => None,
    }
}
