//! Kernels in plain Rust: the oracle of the others, and the fallback where nothing else runs.
//!
//! Sixteen independent lanes keep the error bound of the crate and let the compiler use whatever vectors the target
//! has by default.

use crate::backend::{Backend, Kernels};

const LANES: usize = 16;

pub(crate) static KERNELS: Kernels = Kernels { backend: Backend::Scalar, dot, sum, axpy };

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (mut lanes, whole) = ([0.0; LANES], a.len() - a.len() % LANES);
    let ((a, a_rest), (b, b_rest)) = (a.split_at(whole), b.split_at(whole));
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    for (lane, (a, b)) in lanes.iter_mut().zip(a_rest.iter().zip(b_rest)) {
        *lane += a * b;
    }
    fold(lanes)
}

fn sum(x: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let mut blocks = x.chunks_exact(LANES);
    for block in &mut blocks {
        for lane in 0..LANES {
            lanes[lane] += block[lane];
        }
    }
    for (lane, x) in lanes.iter_mut().zip(blocks.remainder()) {
        *lane += x;
    }
    fold(lanes)
}

/// Add the lanes in a tree: four roundings deep.
fn fold(mut lanes: [f32; LANES]) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] += lanes[lane + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// # Safety
/// See [`Kernels`]: `n` elements at both pointers, which are apart or the same.
pub(crate) unsafe fn axpy(a: f32, x: *const f32, y: *mut f32, n: usize) {
    for i in 0..n {
        // SAFETY: `i < n`, and the caller vouches for `n` elements; each is read before it is written.
        unsafe { *y.add(i) += a * *x.add(i) };
    }
}
