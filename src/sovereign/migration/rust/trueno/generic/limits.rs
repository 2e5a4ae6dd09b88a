//! Loops that do nothing but what the machine does fastest, for calibration.

use crate::{element::Float, simd::Simd};

/// Registers that are independent of each other: enough for two units with a latency of up to six cycles.
pub(crate) const CHAINS: usize = 12;

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn fma_loop<S: Simd>(n: usize) -> S::Element {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        // The factor and summand keep the values near 1, and the compiler does not know them.
        let factor = S::splat(core::hint::black_box(S::Element::from_f64(0.999_999)));
        let summand = S::splat(core::hint::black_box(S::Element::from_f64(0.000_001)));
        let mut parts = [S::splat(S::Element::ONE); CHAINS];
        let mut i = 0;
        while i < n {
            let mut k = 0;
            while k < CHAINS {
                parts[k] = S::fma(parts[k], factor, summand);
                k += 1;
            }
            i += 1;
        }
        let mut all = S::zero();
        for part in parts {
            all = S::add(all, part);
        }
        S::reduce_add(all)
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn read_loop<S: Simd>(x: *const S::Element, n: usize) -> S::Element {
    // SAFETY: every load starts at `i` with all its lanes below `n`.
    unsafe {
        let mut parts = [S::zero(); 8];
        let mut i = 0;
        while i + 8 * S::LANES <= n {
            let mut k = 0;
            while k < 8 {
                parts[k] = S::max(parts[k], S::load(x.add(i + k * S::LANES)));
                k += 1;
            }
            i += 8 * S::LANES;
        }
        let mut all = S::zero();
        for part in parts {
            all = S::max(all, part);
        }
        S::reduce_max(all)
    }
}
