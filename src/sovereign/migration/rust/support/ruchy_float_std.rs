//! Functions of one float of a Ruchy program, by the operating system's mathematics.

/// The integer below.
pub fn real_floor(value: f64) -> f64 {
    value.floor()
}

/// The integer above.
pub fn real_ceil(value: f64) -> f64 {
    value.ceil()
}

/// The integer towards zero.
pub fn real_trunc(value: f64) -> f64 {
    value.trunc()
}

/// The sine.
pub fn real_sine(value: f64) -> f64 {
    value.sin()
}

/// The cosine.
pub fn real_cosine(value: f64) -> f64 {
    value.cos()
}

/// The tangent.
pub fn real_tangent(value: f64) -> f64 {
    value.tan()
}

/// The natural logarithm.
pub fn real_ln(value: f64) -> f64 {
    value.ln()
}

/// The logarithm to ten.
pub fn real_log10(value: f64) -> f64 {
    value.log10()
}

/// The logarithm to two.
pub fn real_log2(value: f64) -> f64 {
    value.log2()
}

/// The power of e.
pub fn real_exp(value: f64) -> f64 {
    value.exp()
}
