//! The powers and roots of floats that the standard library lends: `float_powf`, `float_sqrt`.

/// `base ** exponent` as the C library counts it.
#[inline]
pub fn float_powf(base: f64, exponent: f64) -> f64 {
    // A compiler that saw the exponent would multiply or take a root instead, which now and then differs in the last bit.
    base.powf(core::hint::black_box(exponent))
}

/// The square root.
#[inline]
pub fn float_sqrt(value: f64) -> f64 {
    value.sqrt()
}
