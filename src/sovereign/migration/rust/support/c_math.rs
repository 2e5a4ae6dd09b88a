//! Float functions of the C library that `std` lacks or computes otherwise. Needs `std`, which links that library.
//!
//! `c_acosh c_asinh c_atanh c_cbrt c_erf c_erfc (f64) -> f64`.

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
