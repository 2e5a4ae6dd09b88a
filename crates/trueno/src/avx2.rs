//! Kernels for x86-64 with AVX2 and FMA: 8 lanes, four accumulators, tails by masked loads.

// The arithmetic intrinsics became safe functions after our oldest Rust.
#![allow(unused_unsafe)]

use core::arch::x86_64::{
    __m256, __m256i, _mm_add_ps, _mm_add_ss, _mm_cvtss_f32, _mm_movehdup_ps, _mm_movehl_ps, _mm256_add_ps,
    _mm256_castps256_ps128, _mm256_extractf128_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256,
    _mm256_maskload_ps, _mm256_maskstore_ps, _mm256_set1_ps, _mm256_setzero_ps, _mm256_storeu_ps,
};

use crate::backend::{Backend, Kernels};

const LANES: usize = 8;

pub(crate) static KERNELS: Kernels = Kernels { backend: Backend::Avx2, dot, sum, axpy };

/// Reading 8 of these from `8 - k` on gives a mask of `k` lanes.
static MASKS: [i32; 2 * LANES] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

/// # Safety
/// See [`Kernels`]: equal lengths, AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (n, a, b) = (a.len(), a.as_ptr(), b.as_ptr());
    // SAFETY: every load starts at `i` with all its active lanes below `n`, the length of both.
    unsafe {
        let mut parts = [_mm256_setzero_ps(); 4];
        let mut i = 0;
        while i + 4 * LANES <= n {
            for (k, part) in parts.iter_mut().enumerate() {
                let at = i + k * LANES;
                *part = _mm256_fmadd_ps(_mm256_loadu_ps(a.add(at)), _mm256_loadu_ps(b.add(at)), *part);
            }
            i += 4 * LANES;
        }
        while i + LANES <= n {
            parts[0] = _mm256_fmadd_ps(_mm256_loadu_ps(a.add(i)), _mm256_loadu_ps(b.add(i)), parts[0]);
            i += LANES;
        }
        if i < n {
            let mask = first(n - i);
            let (a, b) = (_mm256_maskload_ps(a.add(i), mask), _mm256_maskload_ps(b.add(i), mask));
            parts[1] = _mm256_fmadd_ps(a, b, parts[1]);
        }
        fold(parts)
    }
}

/// # Safety
/// See [`Kernels`]: AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn sum(x: &[f32]) -> f32 {
    let (n, x) = (x.len(), x.as_ptr());
    // SAFETY: every load starts at `i` with all its active lanes below `n`.
    unsafe {
        let mut parts = [_mm256_setzero_ps(); 4];
        let mut i = 0;
        while i + 4 * LANES <= n {
            for (k, part) in parts.iter_mut().enumerate() {
                *part = _mm256_add_ps(*part, _mm256_loadu_ps(x.add(i + k * LANES)));
            }
            i += 4 * LANES;
        }
        while i + LANES <= n {
            parts[0] = _mm256_add_ps(parts[0], _mm256_loadu_ps(x.add(i)));
            i += LANES;
        }
        if i < n {
            parts[1] = _mm256_add_ps(parts[1], _mm256_maskload_ps(x.add(i), first(n - i)));
        }
        fold(parts)
    }
}

/// # Safety
/// See [`Kernels`]: `n` elements at both pointers, which are apart or the same; AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
unsafe fn axpy(a: f32, x: *const f32, y: *mut f32, n: usize) {
    // SAFETY: every load and store starts at `i` with all its active lanes below `n`, and reads before it writes.
    unsafe {
        let factor = _mm256_set1_ps(a);
        let mut i = 0;
        while i + LANES <= n {
            let to = y.add(i);
            _mm256_storeu_ps(to, _mm256_fmadd_ps(factor, _mm256_loadu_ps(x.add(i)), _mm256_loadu_ps(to)));
            i += LANES;
        }
        if i < n {
            let (mask, to) = (first(n - i), y.add(i));
            let (x, y) = (_mm256_maskload_ps(x.add(i), mask), _mm256_maskload_ps(to, mask));
            _mm256_maskstore_ps(to, mask, _mm256_fmadd_ps(factor, x, y));
        }
    }
}

/// The mask of the first `k` lanes.
///
/// # Safety
/// `k <= 8`; AVX2.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn first(k: usize) -> __m256i {
    debug_assert!(k <= LANES);
    // SAFETY: 8 numbers from `8 - k` on lie inside the 16 of `MASKS`.
    unsafe { _mm256_loadu_si256(MASKS.as_ptr().add(LANES - k).cast()) }
}

/// Add everything: two roundings deep over the accumulators, three over the lanes.
///
/// # Safety
/// AVX2.
#[inline]
#[target_feature(enable = "avx2,fma")]
unsafe fn fold([a, b, c, d]: [__m256; 4]) -> f32 {
    // SAFETY: arithmetic on registers only.
    unsafe {
        let all = _mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d));
        let half = _mm_add_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps::<1>(all));
        let pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
        _mm_cvtss_f32(_mm_add_ss(pair, _mm_movehdup_ps(pair)))
    }
}
