//! Float functions of the C library: those that `std` lends, as `CMath`, and those that it lacks or computes otherwise.
//!
//! `c_acosh c_asinh c_atanh c_cbrt c_erf c_erfc (f64) -> f64`. `c_math_bare.rs` is the twin without `std`.

use crate::CMath;

pub(crate) mod c_library {
    extern "C" {
        pub fn acosh(x: f64) -> f64;
        pub fn asinh(x: f64) -> f64;
        pub fn atanh(x: f64) -> f64;
        #[cfg(target_env = "gnu")]
        pub fn cbrtf64(x: f64) -> f64;
        pub fn erf(x: f64) -> f64;
        pub fn erfc(x: f64) -> f64;
    }
}

/// C's `acosh`.
pub fn c_acosh(x: f64) -> f64 {
    // SAFETY: a pure function of a number.
    unsafe { c_library::acosh(x) }
}

/// C's `asinh`.
pub fn c_asinh(x: f64) -> f64 {
    // SAFETY: a pure function of a number.
    unsafe { c_library::asinh(x) }
}

/// C's `atanh`.
pub fn c_atanh(x: f64) -> f64 {
    // SAFETY: a pure function of a number.
    unsafe { c_library::atanh(x) }
}

/// C's `cbrt`. Rust brings its own under that name, which rounds better than glibc's and so differs from CPython.
pub fn c_cbrt(x: f64) -> f64 {
    #[cfg(target_env = "gnu")]
    // SAFETY: a pure function of a number.
    let root = unsafe { c_library::cbrtf64(x) };
    #[cfg(not(target_env = "gnu"))]
    let root = x.cbrt();
    root
}

/// C's `erf`.
pub fn c_erf(x: f64) -> f64 {
    // SAFETY: a pure function of a number.
    unsafe { c_library::erf(x) }
}

/// C's `erfc`.
pub fn c_erfc(x: f64) -> f64 {
    // SAFETY: a pure function of a number.
    unsafe { c_library::erfc(x) }
}

impl CMath for f64 {
    #[inline]
    fn c_sin(self) -> f64 {
        self.sin()
    }
    #[inline]
    fn c_cos(self) -> f64 {
        self.cos()
    }
    #[inline]
    fn c_tan(self) -> f64 {
        self.tan()
    }
    #[inline]
    fn c_asin(self) -> f64 {
        self.asin()
    }
    #[inline]
    fn c_acos(self) -> f64 {
        self.acos()
    }
    #[inline]
    fn c_atan(self) -> f64 {
        self.atan()
    }
    #[inline]
    fn c_sinh(self) -> f64 {
        self.sinh()
    }
    #[inline]
    fn c_cosh(self) -> f64 {
        self.cosh()
    }
    #[inline]
    fn c_tanh(self) -> f64 {
        self.tanh()
    }
    #[inline]
    fn c_exp(self) -> f64 {
        self.exp()
    }
    #[inline]
    fn c_exp2(self) -> f64 {
        self.exp2()
    }
    #[inline]
    fn c_exp_m1(self) -> f64 {
        self.exp_m1()
    }
    #[inline]
    fn c_ln(self) -> f64 {
        self.ln()
    }
    #[inline]
    fn c_ln_1p(self) -> f64 {
        self.ln_1p()
    }
    #[inline]
    fn c_log2(self) -> f64 {
        self.log2()
    }
    #[inline]
    fn c_log10(self) -> f64 {
        self.log10()
    }
    #[inline]
    fn c_sqrt(self) -> f64 {
        self.sqrt()
    }
    #[inline]
    fn c_floor(self) -> f64 {
        self.floor()
    }
    #[inline]
    fn c_ceil(self) -> f64 {
        self.ceil()
    }
    #[inline]
    fn c_trunc(self) -> f64 {
        self.trunc()
    }
    #[inline]
    fn c_round(self) -> f64 {
        self.round()
    }
    #[inline]
    fn c_atan2(self, other: f64) -> f64 {
        self.atan2(other)
    }
    #[inline]
    fn c_powf(self, exponent: f64) -> f64 {
        crate::float_powf(self, exponent)
    }
    #[inline]
    fn c_mul_add(self, factor: f64, summand: f64) -> f64 {
        self.mul_add(factor, summand)
    }
}
