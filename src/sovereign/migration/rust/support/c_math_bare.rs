//! Float functions without an operating system, from crate `libm`: the twin of `c_math.rs`.
//!
//! They round as well as those of the C library, and not always the same: in the last digit results may differ.

use crate::CMath;

/// C's `acosh`.
pub fn c_acosh(x: f64) -> f64 {
    libm::acosh(x)
}

/// C's `asinh`.
pub fn c_asinh(x: f64) -> f64 {
    libm::asinh(x)
}

/// C's `atanh`.
pub fn c_atanh(x: f64) -> f64 {
    libm::atanh(x)
}

/// C's `cbrt`.
pub fn c_cbrt(x: f64) -> f64 {
    libm::cbrt(x)
}

/// C's `erf`.
pub fn c_erf(x: f64) -> f64 {
    libm::erf(x)
}

/// C's `erfc`.
pub fn c_erfc(x: f64) -> f64 {
    libm::erfc(x)
}

impl CMath for f64 {
    #[inline]
    fn c_sin(self) -> f64 {
        libm::sin(self)
    }
    #[inline]
    fn c_cos(self) -> f64 {
        libm::cos(self)
    }
    #[inline]
    fn c_tan(self) -> f64 {
        libm::tan(self)
    }
    #[inline]
    fn c_asin(self) -> f64 {
        libm::asin(self)
    }
    #[inline]
    fn c_acos(self) -> f64 {
        libm::acos(self)
    }
    #[inline]
    fn c_atan(self) -> f64 {
        libm::atan(self)
    }
    #[inline]
    fn c_sinh(self) -> f64 {
        libm::sinh(self)
    }
    #[inline]
    fn c_cosh(self) -> f64 {
        libm::cosh(self)
    }
    #[inline]
    fn c_tanh(self) -> f64 {
        libm::tanh(self)
    }
    #[inline]
    fn c_exp(self) -> f64 {
        libm::exp(self)
    }
    #[inline]
    fn c_exp2(self) -> f64 {
        libm::exp2(self)
    }
    #[inline]
    fn c_exp_m1(self) -> f64 {
        libm::expm1(self)
    }
    #[inline]
    fn c_ln(self) -> f64 {
        libm::log(self)
    }
    #[inline]
    fn c_ln_1p(self) -> f64 {
        libm::log1p(self)
    }
    #[inline]
    fn c_log2(self) -> f64 {
        libm::log2(self)
    }
    #[inline]
    fn c_log10(self) -> f64 {
        libm::log10(self)
    }
    #[inline]
    fn c_sqrt(self) -> f64 {
        libm::sqrt(self)
    }
    #[inline]
    fn c_floor(self) -> f64 {
        libm::floor(self)
    }
    #[inline]
    fn c_ceil(self) -> f64 {
        libm::ceil(self)
    }
    #[inline]
    fn c_trunc(self) -> f64 {
        libm::trunc(self)
    }
    #[inline]
    fn c_round(self) -> f64 {
        libm::round(self)
    }
    #[inline]
    fn c_atan2(self, other: f64) -> f64 {
        libm::atan2(self, other)
    }
    #[inline]
    fn c_powf(self, exponent: f64) -> f64 {
        libm::pow(self, exponent)
    }
    #[inline]
    fn c_mul_add(self, factor: f64, summand: f64) -> f64 {
        libm::fma(self, factor, summand)
    }
}
