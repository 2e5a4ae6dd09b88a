//! Vector kernels in single precision, chosen once at run time.
//!
//! What enters are slices of `f32`, what leaves are numbers or an [`Error`]. Files in the order a call passes them:
//! `lib.rs` checks lengths and cuts long vectors into blocks, `backend.rs` holds the choice, `cpu.rs` asks the
//! processor, and one file per instruction set does the work; `scalar.rs` is the oracle of the others.
//!
//! # Accuracy
//!
//! With u = 2⁻²⁴ and c = ⌈min(n, 8192) / 16⌉ + 8, every backend keeps
//! `|dot - Σaᵢbᵢ| <= c·u·Σ|aᵢbᵢ| + n·2⁻¹⁴⁹` and `|sum - Σxᵢ| <= c·u·Σ|xᵢ|`, however long the vectors are: blocks are
//! summed in 16 or more lanes, block sums are added in double precision. Backends may differ from each other within
//! that bound, and by no more than one rounding of the product in [`axpy`]. Infinities and NaN follow IEEE 754; the sum
//! of nothing is +0.

#![no_std]

#[cfg(test)]
extern crate std;

mod backend;
mod error;
mod scalar;

#[cfg(all(target_arch = "x86_64", avx512_compiled))]
mod avx512;

#[cfg(target_arch = "x86_64")]
mod avx2;

#[cfg(target_arch = "x86_64")]
mod cpu;

#[cfg(target_arch = "aarch64")]
mod neon;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;

pub use backend::Backend;
pub use error::Error;

use backend::{Kernels, active};

/// Elements that one kernel call adds up in single precision; the error bound stands on it.
const BLOCK: usize = 8192;

/// Whether this build holds the AVX-512 kernels; it takes Rust 1.89 or newer.
pub const AVX512_COMPILED: bool = cfg!(all(target_arch = "x86_64", avx512_compiled));

/// The sum of the products `a[i] * b[i]`.
pub fn dot(a: &[f32], b: &[f32]) -> Result<f32, Error> {
    dot_with(active(), a, b)
}

/// The sum of the elements.
pub fn sum(x: &[f32]) -> f32 {
    sum_with(active(), x)
}

/// Add `a * x[i]` to each `y[i]`.
pub fn axpy(a: f32, x: &[f32], y: &mut [f32]) -> Result<(), Error> {
    axpy_with(active(), a, x, y)
}

/// Add `a * y[i]` to each `y[i]`: [`axpy`] where both vectors are the same one.
pub fn axpy_onto_itself(a: f32, y: &mut [f32]) {
    axpy_onto_itself_with(active(), a, y);
}

impl Backend {
    /// [`dot`] on this backend, an error where the machine lacks it.
    pub fn dot(self, a: &[f32], b: &[f32]) -> Result<f32, Error> {
        dot_with(self.kernels()?, a, b)
    }

    /// [`sum`] on this backend, an error where the machine lacks it.
    pub fn sum(self, x: &[f32]) -> Result<f32, Error> {
        Ok(sum_with(self.kernels()?, x))
    }

    /// [`axpy`] on this backend, an error where the machine lacks it.
    pub fn axpy(self, a: f32, x: &[f32], y: &mut [f32]) -> Result<(), Error> {
        axpy_with(self.kernels()?, a, x, y)
    }

    /// [`axpy_onto_itself`] on this backend, an error where the machine lacks it.
    pub fn axpy_onto_itself(self, a: f32, y: &mut [f32]) -> Result<(), Error> {
        axpy_onto_itself_with(self.kernels()?, a, y);
        Ok(())
    }
}

#[inline]
fn dot_with(kernels: &Kernels, a: &[f32], b: &[f32]) -> Result<f32, Error> {
    require_equal(a.len(), b.len())?;
    if a.len() <= BLOCK {
        // SAFETY: `active` and `Backend::kernels` hand out only kernels that this processor can run; lengths are equal.
        return Ok(unsafe { (kernels.dot)(a, b) });
    }
    // SAFETY: as above, and blocks of equal vectors have equal lengths.
    let block_sums = a.chunks(BLOCK).zip(b.chunks(BLOCK)).map(|(a, b)| f64::from(unsafe { (kernels.dot)(a, b) }));
    Ok(block_sums.sum::<f64>() as f32)
}

#[inline]
fn sum_with(kernels: &Kernels, x: &[f32]) -> f32 {
    if x.len() <= BLOCK {
        // SAFETY: `active` and `Backend::kernels` hand out only kernels that this processor can run.
        return unsafe { (kernels.sum)(x) };
    }
    // SAFETY: as above.
    x.chunks(BLOCK).map(|x| f64::from(unsafe { (kernels.sum)(x) })).sum::<f64>() as f32
}

#[inline]
fn axpy_with(kernels: &Kernels, a: f32, x: &[f32], y: &mut [f32]) -> Result<(), Error> {
    require_equal(x.len(), y.len())?;
    // SAFETY: the processor can run the kernel; both vectors have this length, and borrows keep them apart.
    unsafe { (kernels.axpy)(a, x.as_ptr(), y.as_mut_ptr(), y.len()) };
    Ok(())
}

#[inline]
fn axpy_onto_itself_with(kernels: &Kernels, a: f32, y: &mut [f32]) {
    let start = y.as_mut_ptr();
    // SAFETY: the processor can run the kernel, and kernels allow that both pointers are the same.
    unsafe { (kernels.axpy)(a, start, start, y.len()) };
}

fn require_equal(left: usize, right: usize) -> Result<(), Error> {
    if left == right { Ok(()) } else { Err(Error::LengthsDiffer { left, right }) }
}

#[cfg(test)]
mod tests;
