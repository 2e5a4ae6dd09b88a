//! The powers and roots of floats without the standard library, from crate `libm`: `float_powf`, `float_sqrt`.

/// `base ** exponent`.
#[inline]
pub fn float_powf(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// The square root.
#[inline]
pub fn float_sqrt(value: f64) -> f64 {
    libm::sqrt(value)
}
