//! Bytes for numbers.

use crate::simd::{SimdBytes, SimdSingle};

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn quantize<S: SimdSingle>(x: *const f32, scale: f32, zero: f32, out: *mut i8, n: usize) {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`.
    unsafe {
        let (scale, zero) = (S::splat(scale), S::splat(zero));
        let mut i = 0;
        while i + S::LANES <= n {
            S::store_i8(out.add(i), quantized::<S>(S::load(x.add(i)), scale, zero));
            i += S::LANES;
        }
        if i < n {
            let mut bytes = [0; crate::operand::WIDEST];
            S::store_i8(bytes.as_mut_ptr(), quantized::<S>(S::load_first_or_zero(x.add(i), n - i), scale, zero));
            bytes.as_ptr().copy_to_nonoverlapping(out.add(i), n - i);
        }
    }
}

#[inline(always)]
unsafe fn quantized<S: SimdSingle>(x: S::Register, scale: S::Register, zero: S::Register) -> S::Register {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let value = S::add(S::round(S::div(x, scale)), zero);
        let value = S::select(S::is_nan(value), zero, value);
        S::max(S::min(value, S::splat(127.0)), S::splat(-128.0))
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn dequantize<S: SimdSingle>(x: *const i8, scale: f32, zero: f32, out: *mut f32, n: usize) {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`.
    unsafe {
        let (scale, zero) = (S::splat(scale), S::splat(zero));
        let mut i = 0;
        while i + S::LANES <= n {
            S::store(out.add(i), S::mul(S::sub(S::load_i8(x.add(i)), zero), scale));
            i += S::LANES;
        }
        if i < n {
            let mut bytes = [0; crate::operand::WIDEST];
            x.add(i).copy_to_nonoverlapping(bytes.as_mut_ptr(), n - i);
            S::store_first(out.add(i), n - i, S::mul(S::sub(S::load_i8(bytes.as_ptr()), zero), scale));
        }
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn dot_i8<S: SimdBytes>(a: *const i8, b: *const i8, n: usize) -> i32 {
    // SAFETY: every load starts at `i` with all its bytes below `n`; padding multiplies zeros.
    unsafe {
        let mut parts = S::no_products();
        let mut i = 0;
        while i + S::BYTES <= n {
            parts = S::add_products(parts, a.add(i), b.add(i));
            i += S::BYTES;
        }
        if i < n {
            let (mut a_bytes, mut b_bytes) = ([0; WIDEST_BYTES], [0; WIDEST_BYTES]);
            a.add(i).copy_to_nonoverlapping(a_bytes.as_mut_ptr(), n - i);
            b.add(i).copy_to_nonoverlapping(b_bytes.as_mut_ptr(), n - i);
            parts = S::add_products(parts, a_bytes.as_ptr(), b_bytes.as_ptr());
        }
        S::sum_of_products(parts)
    }
}

/// Bytes that one [`SimdBytes::add_products`] of any set takes at most.
const WIDEST_BYTES: usize = 128;
