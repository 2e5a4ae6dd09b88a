//! Functions of one float of a Ruchy program without the standard library, from crate `libm`.

/// The integer below.
pub fn real_floor(value: f64) -> f64 {
    libm::floor(value)
}

/// The integer above.
pub fn real_ceil(value: f64) -> f64 {
    libm::ceil(value)
}

/// The integer towards zero.
pub fn real_trunc(value: f64) -> f64 {
    libm::trunc(value)
}

/// The sine.
pub fn real_sine(value: f64) -> f64 {
    libm::sin(value)
}

/// The cosine.
pub fn real_cosine(value: f64) -> f64 {
    libm::cos(value)
}

/// The tangent.
pub fn real_tangent(value: f64) -> f64 {
    libm::tan(value)
}

/// The natural logarithm.
pub fn real_ln(value: f64) -> f64 {
    libm::log(value)
}

/// The logarithm to ten.
pub fn real_log10(value: f64) -> f64 {
    libm::log10(value)
}

/// The logarithm to two.
pub fn real_log2(value: f64) -> f64 {
    libm::log2(value)
}

/// The power of e.
pub fn real_exp(value: f64) -> f64 {
    libm::exp(value)
}
