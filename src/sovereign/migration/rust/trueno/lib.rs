//! Vectors and matrices at the speed of the machine: kernels for every instruction set, chosen once at run time.
//!
//! What enters are slices of `f32` or `f64` (bytes for [`Kernels::dot_i8`]), what leaves are numbers, filled slices or an
//! [`Error`]; nothing is allocated for vectors. Every operation is a method of [`Kernels`]: [`kernels`] gives those of
//! the fastest instruction set that is here, [`Backend::kernels`] those of a named one.
//!
//! A call passes these files: one per noun (`elementwise.rs`, `reduce.rs`, `rows.rs`, `expression.rs`, `matmul.rs` ...)
//! checks what it was given and picks a function out of the table in `kernels.rs`, whose list names every kernel. The
//! algorithms stand once under `generic/`, over the registers of `simd.rs`, which one file per instruction set
//! implements. `scalar.rs` is the oracle of them all, written apart. `backend.rs` holds the choice, `cpu.rs` asks the
//! processor.
//!
//! # Accuracy of `f32`
//!
//! One unit in the last place is that of the exact result; u = 2⁻²⁴.
//!
//! - abs, neg, sqrt, relu, clip, square, reciprocal, add, sub, mul, div, minimum and maximum are rounded once, hence equal
//!   in every bit on all backends; leaky relu too. Minimum, maximum and clip are NaN where an operand is.
//! - `fma` and `lerp` round twice at most; without a fused instruction (SSE2, WebAssembly) the product is rounded.
//! - exp and log keep 1.5 units, tanh 2, sigmoid 3, silu 4, gelu 6, gelu by tanh 8 or 2·10⁻⁸, pow 8. Denormals are not
//!   flushed. At minus infinity silu and both gelu are -0.
//! - `dot` and `sum`: with c = ⌈min(n, 8192) / 16⌉ + 8, every backend keeps `|dot - Σaᵢbᵢ| <= c·u·Σ|aᵢbᵢ| + n·2⁻¹⁴⁹` and
//!   `|sum - Σxᵢ| <= c·u·Σ|xᵢ|`, however long the vectors are: blocks are summed in 16 or more lanes, block sums are
//!   carried in double precision. The sum of nothing is +0. Norms follow, and neither overflow nor vanish on the way.
//! - softmax keeps (d + 8)·u of each result, where d is its distance from the largest element: that distance is rounded.
//! - Running sums are carried in double precision and rounded once.
//!
//! # Accuracy of `f64`
//!
//! The same operations are rounded once; sums keep the bound with u = 2⁻⁵³ and c = ⌈min(n, 8192) / 8⌉ + ⌈n / 8192⌉ + 8;
//! exp, log and pow are those of `libm`, below 1.5 units, tanh below 3, and silu and gelu are made of them.
//!
//! Infinities and NaN follow IEEE 754. The oracle computes all of this in double precision, so its own `f32` results are
//! rounded once.

#![no_std]

#[cfg(any(test, feature = "std"))]
extern crate std;

mod backend;
mod convolution;
pub mod device;
mod distance;
mod element;
mod elementwise;
mod error;
mod exact;
mod expression;
mod index;
mod limits;
mod linear;
mod matmul;
mod matrix;
mod operand;
mod packed;
mod product;
mod qr;
mod quantize;
mod reduce;
mod rows;
mod scalar;
mod scan;
mod scratch;
mod threads;

// Where there is no instruction set, nobody inlines the algorithms.
#[cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64", target_feature = "simd128")), allow(unused))]
mod generic;
#[cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64", target_feature = "simd128")), allow(unused))]
mod kernels;
#[cfg_attr(not(any(target_arch = "x86_64", target_arch = "aarch64", target_feature = "simd128")), allow(unused))]
mod simd;

#[cfg(feature = "std")]
mod workers;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(all(target_arch = "x86_64", avx512_compiled))]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod cpu;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod sse2;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;

pub use backend::{Backend, kernels};
pub use convolution::Convolution;
pub use element::Element;
pub use elementwise::{Binary, Ternary, Unary};
pub use error::{Error, ProgramError};
pub use expression::{Program, Reduction, Step, Term};
pub use kernels::Kernels;
pub use linear::Triangle;
pub use matmul::{Epilogue, Right};
pub use matrix::{View, ViewMut};
pub use operand::Operand;
pub use packed::PackedMatrix;
pub use reduce::{Extreme, Norm};
pub use rows::Rows;
pub use threads::in_pieces;
#[cfg(feature = "std")]
pub use workers::threads_taken;

/// Whether this build holds the AVX-512 kernels; it takes Rust 1.89 or newer.
pub const AVX512_COMPILED: bool = cfg!(all(target_arch = "x86_64", avx512_compiled));

#[cfg(test)]
mod tests;
