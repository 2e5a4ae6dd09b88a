//! Kernels for 64-bit ARM: 4 lanes, four accumulators, tails padded with zeros.

// The arithmetic intrinsics became safe functions after our oldest Rust.
#![allow(unused_unsafe)]

use core::arch::aarch64::{
    float32x4_t, vaddq_f32, vaddvq_f32, vdupq_n_f32, vfmaq_f32, vfmaq_n_f32, vld1q_f32, vst1q_f32,
};

use crate::{
    backend::{Backend, Kernels},
    scalar,
};

const LANES: usize = 4;

pub(crate) static KERNELS: Kernels = Kernels { backend: Backend::Neon, dot, sum, axpy };

/// # Safety
/// See [`Kernels`]: equal lengths.
#[target_feature(enable = "neon")]
unsafe fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a_rows, a_rest) = rows(a);
    let (b_rows, b_rest) = rows(b);
    // SAFETY: each row holds 16 elements, each padded rest 4.
    unsafe {
        let mut parts = [vdupq_n_f32(0.0); 4];
        for (a, b) in a_rows.zip(b_rows) {
            for (k, part) in parts.iter_mut().enumerate() {
                let (a, b) = (vld1q_f32(a.as_ptr().add(k * LANES)), vld1q_f32(b.as_ptr().add(k * LANES)));
                *part = vfmaq_f32(*part, a, b);
            }
        }
        for (k, (a, b)) in a_rest.chunks(LANES).zip(b_rest.chunks(LANES)).enumerate() {
            let (a, b) = (padded(a), padded(b));
            parts[k] = vfmaq_f32(parts[k], vld1q_f32(a.as_ptr()), vld1q_f32(b.as_ptr()));
        }
        fold(parts)
    }
}

/// # Safety
/// None beyond NEON, which every 64-bit ARM target of Rust has.
#[target_feature(enable = "neon")]
unsafe fn sum(x: &[f32]) -> f32 {
    let (x_rows, x_rest) = rows(x);
    // SAFETY: each row holds 16 elements, each padded rest 4.
    unsafe {
        let mut parts = [vdupq_n_f32(0.0); 4];
        for x in x_rows {
            for (k, part) in parts.iter_mut().enumerate() {
                *part = vaddq_f32(*part, vld1q_f32(x.as_ptr().add(k * LANES)));
            }
        }
        for (k, x) in x_rest.chunks(LANES).enumerate() {
            parts[k] = vaddq_f32(parts[k], vld1q_f32(padded(x).as_ptr()));
        }
        fold(parts)
    }
}

/// # Safety
/// See [`Kernels`]: `n` elements at both pointers, which are apart or the same.
#[target_feature(enable = "neon")]
unsafe fn axpy(a: f32, x: *const f32, y: *mut f32, n: usize) {
    // SAFETY: every load and store ends at `i + 4 <= n`; the rest is below 4 elements from `i` on.
    unsafe {
        let mut i = 0;
        while i + LANES <= n {
            let to = y.add(i);
            vst1q_f32(to, vfmaq_n_f32(vld1q_f32(to), vld1q_f32(x.add(i)), a));
            i += LANES;
        }
        scalar::axpy(a, x.add(i), y.add(i), n - i);
    }
}

/// Rows of 16 elements, and what is left.
fn rows(x: &[f32]) -> (impl Iterator<Item = &[f32]>, &[f32]) {
    let rows = x.chunks_exact(4 * LANES);
    let rest = rows.remainder();
    (rows, rest)
}

/// Up to 4 elements and zeros behind them.
fn padded(x: &[f32]) -> [f32; LANES] {
    let mut row = [0.0; LANES];
    row[..x.len()].copy_from_slice(x);
    row
}

/// Add everything: two roundings deep over the accumulators, two over the lanes.
///
/// # Safety
/// None beyond NEON.
#[inline]
#[target_feature(enable = "neon")]
unsafe fn fold([a, b, c, d]: [float32x4_t; 4]) -> f32 {
    // SAFETY: arithmetic on registers only.
    unsafe { vaddvq_f32(vaddq_f32(vaddq_f32(a, b), vaddq_f32(c, d))) }
}
