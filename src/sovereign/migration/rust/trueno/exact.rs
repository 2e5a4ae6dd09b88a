//! Functions of one number in double precision: by the processor where it has them, else by `libm`.

// The arithmetic intrinsics became safe functions after our oldest Rust.
#![allow(unused_unsafe)]

use core::f64::consts::FRAC_1_SQRT_2;

pub(crate) use libm::{exp, log, pow, tanh};

/// The square root of 2/π.
const SQRT_2_OVER_PI: f64 = 0.797_884_560_802_865_4;

/// The square root, correctly rounded.
#[inline(always)]
pub(crate) fn sqrt(x: f64) -> f64 {
    #[cfg(target_arch = "x86_64")]
    {
        use core::arch::x86_64::{_mm_cvtsd_f64, _mm_set_sd, _mm_sqrt_pd};
        // SAFETY: every x86-64 has SSE2.
        unsafe { _mm_cvtsd_f64(_mm_sqrt_pd(_mm_set_sd(x))) }
    }
    #[cfg(target_arch = "aarch64")]
    {
        use core::arch::aarch64::{vdup_n_f64, vget_lane_f64, vsqrt_f64};
        // SAFETY: every 64-bit ARM target of Rust has NEON.
        unsafe { vget_lane_f64::<0>(vsqrt_f64(vdup_n_f64(x))) }
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    libm::sqrt(x)
}

pub(crate) fn sigmoid(x: f64) -> f64 {
    let small = exp(-x.abs());
    (if x < 0.0 { small } else { 1.0 }) / (1.0 + small)
}

/// The limit at minus infinity is -0.
pub(crate) fn silu(x: f64) -> f64 {
    if x == f64::NEG_INFINITY { -0.0 } else { x * sigmoid(x) }
}

/// The limit at minus infinity is -0.
pub(crate) fn gelu(x: f64) -> f64 {
    if x == f64::NEG_INFINITY { -0.0 } else { 0.5 * x * libm::erfc(-x * FRAC_1_SQRT_2) }
}

/// The limit at minus infinity is -0.
pub(crate) fn gelu_tanh(x: f64) -> f64 {
    let inner = SQRT_2_OVER_PI * (x + 0.044_715 * x * x * x);
    if x == f64::NEG_INFINITY { -0.0 } else { x * sigmoid(2.0 * inner) }
}
