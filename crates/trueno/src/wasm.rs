//! Kernels for WebAssembly SIMD128: 4 lanes, four accumulators, tails padded with zeros.

use core::arch::wasm32::{f32x4, f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat, v128, v128_load, v128_store};

use crate::{
    backend::{Backend, Kernels},
    scalar,
};

const LANES: usize = 4;

pub(crate) static KERNELS: Kernels = Kernels { backend: Backend::WasmSimd128, dot, sum, axpy };

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a_rows, b_rows) = (a.chunks_exact(4 * LANES), b.chunks_exact(4 * LANES));
    let (a_rest, b_rest) = (a_rows.remainder(), b_rows.remainder());
    let mut parts = [f32x4_splat(0.0); 4];
    for (a, b) in a_rows.zip(b_rows) {
        for (k, part) in parts.iter_mut().enumerate() {
            let at = k * LANES;
            *part = f32x4_add(*part, f32x4_mul(four(&a[at..at + LANES]), four(&b[at..at + LANES])));
        }
    }
    for (k, (a, b)) in a_rest.chunks(LANES).zip(b_rest.chunks(LANES)).enumerate() {
        parts[k] = f32x4_add(parts[k], f32x4_mul(four(a), four(b)));
    }
    fold(parts)
}

fn sum(x: &[f32]) -> f32 {
    let rows = x.chunks_exact(4 * LANES);
    let rest = rows.remainder();
    let mut parts = [f32x4_splat(0.0); 4];
    for x in rows {
        for (k, part) in parts.iter_mut().enumerate() {
            *part = f32x4_add(*part, four(&x[k * LANES..(k + 1) * LANES]));
        }
    }
    for (k, x) in rest.chunks(LANES).enumerate() {
        parts[k] = f32x4_add(parts[k], four(x));
    }
    fold(parts)
}

/// # Safety
/// See [`Kernels`]: `n` elements at both pointers, which are apart or the same.
unsafe fn axpy(a: f32, x: *const f32, y: *mut f32, n: usize) {
    let factor = f32x4_splat(a);
    let mut i = 0;
    // SAFETY: every load and store ends at `i + 4 <= n` and needs no alignment; the rest is below 4 elements from `i` on.
    unsafe {
        while i + LANES <= n {
            let to = y.add(i).cast::<v128>();
            v128_store(to, f32x4_add(v128_load(to), f32x4_mul(factor, v128_load(x.add(i).cast()))));
            i += LANES;
        }
        scalar::axpy(a, x.add(i), y.add(i), n - i);
    }
}

/// Up to 4 elements and zeros behind them.
#[inline]
fn four(x: &[f32]) -> v128 {
    match *x {
        [a, b, c, d] => f32x4(a, b, c, d),
        [a, b, c] => f32x4(a, b, c, 0.0),
        [a, b] => f32x4(a, b, 0.0, 0.0),
        [a] => f32x4(a, 0.0, 0.0, 0.0),
        _ => f32x4_splat(0.0),
    }
}

/// Add everything: two roundings deep over the accumulators, two over the lanes.
fn fold([a, b, c, d]: [v128; 4]) -> f32 {
    let all = f32x4_add(f32x4_add(a, b), f32x4_add(c, d));
    let (even, odd) = (
        f32x4_extract_lane::<0>(all) + f32x4_extract_lane::<2>(all),
        f32x4_extract_lane::<1>(all) + f32x4_extract_lane::<3>(all),
    );
    even + odd
}
