//! `CMath`: float functions of the C library under one name, whoever lends them: `c_math.rs` or `c_math_bare.rs`.

/// Float functions that the standard library lends, or crate `libm` where there is none.
pub trait CMath: Sized {
    /// The sine.
    fn c_sin(self) -> Self;
    /// The cosine.
    fn c_cos(self) -> Self;
    /// The tangent.
    fn c_tan(self) -> Self;
    /// The arc sine.
    fn c_asin(self) -> Self;
    /// The arc cosine.
    fn c_acos(self) -> Self;
    /// The arc tangent.
    fn c_atan(self) -> Self;
    /// The hyperbolic sine.
    fn c_sinh(self) -> Self;
    /// The hyperbolic cosine.
    fn c_cosh(self) -> Self;
    /// The hyperbolic tangent.
    fn c_tanh(self) -> Self;
    /// The power of e.
    fn c_exp(self) -> Self;
    /// The power of two.
    fn c_exp2(self) -> Self;
    /// The power of e less one.
    fn c_exp_m1(self) -> Self;
    /// The natural logarithm.
    fn c_ln(self) -> Self;
    /// The natural logarithm of one more.
    fn c_ln_1p(self) -> Self;
    /// The logarithm to base two.
    fn c_log2(self) -> Self;
    /// The logarithm to base ten.
    fn c_log10(self) -> Self;
    /// The square root.
    fn c_sqrt(self) -> Self;
    /// The next integer below.
    fn c_floor(self) -> Self;
    /// The next integer above.
    fn c_ceil(self) -> Self;
    /// The integer part.
    fn c_trunc(self) -> Self;
    /// The nearest integer, halves away from zero.
    fn c_round(self) -> Self;
    /// The angle of the point with this height and the other's width.
    fn c_atan2(self, other: Self) -> Self;
    /// The power.
    fn c_powf(self, exponent: Self) -> Self;
    /// `self * factor + summand`, rounded once.
    fn c_mul_add(self, factor: Self, summand: Self) -> Self;
}
