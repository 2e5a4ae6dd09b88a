//! Kernels for x86-64 with AVX-512F: 16 lanes, four accumulators, tails by masked loads.

// Most of these intrinsics are safe functions; the blocks are kept as in `avx2.rs`.
#![allow(unused_unsafe)]
// This file is compiled by Rust 1.89 and newer only, see `build.rs`.
#![allow(clippy::incompatible_msrv)]

use core::arch::x86_64::{
    __m512, __mmask16, _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_mask_storeu_ps, _mm512_maskz_loadu_ps,
    _mm512_reduce_add_ps, _mm512_set1_ps, _mm512_setzero_ps, _mm512_storeu_ps,
};

use crate::backend::{Backend, Kernels};

const LANES: usize = 16;

pub(crate) static KERNELS: Kernels = Kernels { backend: Backend::Avx512, dot, sum, axpy };

/// # Safety
/// See [`Kernels`]: equal lengths, AVX-512F.
#[target_feature(enable = "avx512f")]
unsafe fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (n, a, b) = (a.len(), a.as_ptr(), b.as_ptr());
    // SAFETY: every load starts at `i` with all its active lanes below `n`, the length of both.
    unsafe {
        let mut parts = [_mm512_setzero_ps(); 4];
        let mut i = 0;
        while i + 4 * LANES <= n {
            for (k, part) in parts.iter_mut().enumerate() {
                let at = i + k * LANES;
                *part = _mm512_fmadd_ps(_mm512_loadu_ps(a.add(at)), _mm512_loadu_ps(b.add(at)), *part);
            }
            i += 4 * LANES;
        }
        while i + LANES <= n {
            parts[0] = _mm512_fmadd_ps(_mm512_loadu_ps(a.add(i)), _mm512_loadu_ps(b.add(i)), parts[0]);
            i += LANES;
        }
        if i < n {
            let mask = first(n - i);
            let (a, b) = (_mm512_maskz_loadu_ps(mask, a.add(i)), _mm512_maskz_loadu_ps(mask, b.add(i)));
            parts[1] = _mm512_fmadd_ps(a, b, parts[1]);
        }
        fold(parts)
    }
}

/// # Safety
/// See [`Kernels`]: AVX-512F.
#[target_feature(enable = "avx512f")]
unsafe fn sum(x: &[f32]) -> f32 {
    let (n, x) = (x.len(), x.as_ptr());
    // SAFETY: every load starts at `i` with all its active lanes below `n`.
    unsafe {
        let mut parts = [_mm512_setzero_ps(); 4];
        let mut i = 0;
        while i + 4 * LANES <= n {
            for (k, part) in parts.iter_mut().enumerate() {
                *part = _mm512_add_ps(*part, _mm512_loadu_ps(x.add(i + k * LANES)));
            }
            i += 4 * LANES;
        }
        while i + LANES <= n {
            parts[0] = _mm512_add_ps(parts[0], _mm512_loadu_ps(x.add(i)));
            i += LANES;
        }
        if i < n {
            parts[1] = _mm512_add_ps(parts[1], _mm512_maskz_loadu_ps(first(n - i), x.add(i)));
        }
        fold(parts)
    }
}

/// # Safety
/// See [`Kernels`]: `n` elements at both pointers, which are apart or the same; AVX-512F.
#[target_feature(enable = "avx512f")]
unsafe fn axpy(a: f32, x: *const f32, y: *mut f32, n: usize) {
    // SAFETY: every load and store starts at `i` with all its active lanes below `n`, and reads before it writes.
    unsafe {
        let factor = _mm512_set1_ps(a);
        let mut i = 0;
        while i + LANES <= n {
            let to = y.add(i);
            _mm512_storeu_ps(to, _mm512_fmadd_ps(factor, _mm512_loadu_ps(x.add(i)), _mm512_loadu_ps(to)));
            i += LANES;
        }
        if i < n {
            let (mask, to) = (first(n - i), y.add(i));
            let (x, y) = (_mm512_maskz_loadu_ps(mask, x.add(i)), _mm512_maskz_loadu_ps(mask, to));
            _mm512_mask_storeu_ps(to, mask, _mm512_fmadd_ps(factor, x, y));
        }
    }
}

/// The mask of the first `k` lanes, `k < 16`.
fn first(k: usize) -> __mmask16 {
    debug_assert!(k < LANES);
    (1 << k) - 1
}

/// Add everything: two roundings deep over the accumulators, four over the lanes.
///
/// # Safety
/// AVX-512F.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn fold([a, b, c, d]: [__m512; 4]) -> f32 {
    // SAFETY: arithmetic on registers only.
    unsafe { _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(a, b), _mm512_add_ps(c, d))) }
}
