//! WebAssembly SIMD128: 4 lanes of `f32`, 2 of `f64`, products rounded before they are added.

// The macros of `simd.rs` wrap intrinsics that are safe here.
#![allow(unused_unsafe)]

use core::arch::wasm32::*;

use crate::{
    generic::functions::{functions_of_double, functions_of_single},
    kernels::{Kernels, backend},
    simd::{Simd, SimdBytes, SimdSingle, comparisons, lanewise},
};

pub(crate) static KERNELS: Kernels = backend!(WasmSimd128, "simd128", Single, Double);

/// 4 lanes of `f32`.
#[derive(Clone, Copy)]
pub(crate) struct Single;

/// 2 lanes of `f64`.
#[derive(Clone, Copy)]
pub(crate) struct Double;

macro_rules! implement {
    (
        $name:ident: $element:ty, $lanes:literal;
        splat $splat:ident, not_equal $not_equal:ident, bits $bits:ident,
        min $min:ident, max $max:ident, reduce $reduce:ident;
        $($operations:tt)+
    ) => {
        impl Simd for $name {
            type Element = $element;
            type Register = v128;
            type Mask = v128;
            const LANES: usize = $lanes;

            #[inline(always)]
            unsafe fn splat(x: $element) -> v128 {
                $splat(x)
            }

            #[inline(always)]
            unsafe fn load(p: *const $element) -> v128 {
                // SAFETY: the caller vouches for a register's elements; no alignment is needed.
                unsafe { v128_load(p.cast()) }
            }

            #[inline(always)]
            unsafe fn store(p: *mut $element, r: v128) {
                // SAFETY: the caller vouches for a register's elements; no alignment is needed.
                unsafe { v128_store(p.cast(), r) }
            }

            #[inline(always)]
            unsafe fn fma(a: v128, b: v128, c: v128) -> v128 {
                // SAFETY: arithmetic on registers.
                unsafe { Self::add(Self::mul(a, b), c) }
            }

            #[inline(always)]
            unsafe fn fnma(a: v128, b: v128, c: v128) -> v128 {
                // SAFETY: arithmetic on registers.
                unsafe { Self::sub(c, Self::mul(a, b)) }
            }

            // Pseudo-minimum and -maximum keep their first operand where the comparison does not hold.
            #[inline(always)]
            unsafe fn min(a: v128, b: v128) -> v128 {
                $min(b, a)
            }

            #[inline(always)]
            unsafe fn max(a: v128, b: v128) -> v128 {
                $max(b, a)
            }

            #[inline(always)]
            unsafe fn copy_sign(a: v128, sign: v128) -> v128 {
                v128_bitselect(sign, a, $splat(-0.0))
            }

            #[inline(always)]
            unsafe fn unordered(a: v128, b: v128) -> v128 {
                v128_or($not_equal(a, a), $not_equal(b, b))
            }

            #[inline(always)]
            unsafe fn select(mask: v128, a: v128, b: v128) -> v128 {
                v128_bitselect(a, b, mask)
            }

            #[inline(always)]
            unsafe fn or(a: v128, b: v128) -> v128 {
                v128_or(a, b)
            }

            #[inline(always)]
            unsafe fn bits(mask: v128) -> u32 {
                $bits(mask).into()
            }

            #[inline(always)]
            unsafe fn reduce_add(a: v128) -> $element {
                $reduce!(a, +)
            }

            #[inline(always)]
            unsafe fn reduce_min(a: v128) -> $element {
                $reduce!(a, min)
            }

            #[inline(always)]
            unsafe fn reduce_max(a: v128) -> $element {
                $reduce!(a, max)
            }

            $($operations)+
        }
    };
}

/// The lanes together, in a tree.
macro_rules! reduce_four {
    ($register:ident, +) => {
        (f32x4_extract_lane::<0>($register) + f32x4_extract_lane::<2>($register))
            + (f32x4_extract_lane::<1>($register) + f32x4_extract_lane::<3>($register))
    };
    ($register:ident, $operation:ident) => {
        f32x4_extract_lane::<0>($register)
            .$operation(f32x4_extract_lane::<2>($register))
            .$operation(f32x4_extract_lane::<1>($register).$operation(f32x4_extract_lane::<3>($register)))
    };
}

/// The lanes together.
macro_rules! reduce_two {
    ($register:ident, +) => {
        f64x2_extract_lane::<0>($register) + f64x2_extract_lane::<1>($register)
    };
    ($register:ident, $operation:ident) => {
        f64x2_extract_lane::<0>($register).$operation(f64x2_extract_lane::<1>($register))
    };
}

implement! {
    Single: f32, 4;
    splat f32x4_splat, not_equal f32x4_ne, bits i32x4_bitmask, min f32x4_pmin, max f32x4_pmax, reduce reduce_four;
    lanewise! {
        add(a, b) = f32x4_add;
        sub(a, b) = f32x4_sub;
        mul(a, b) = f32x4_mul;
        div(a, b) = f32x4_div;
        abs(a) = f32x4_abs;
        neg(a) = f32x4_neg;
        sqrt(a) = f32x4_sqrt;
        round(a) = f32x4_nearest;
    }
    comparisons! {
        lt(a, b) = f32x4_lt;
        eq(a, b) = f32x4_eq;
    }
}

implement! {
    Double: f64, 2;
    splat f64x2_splat, not_equal f64x2_ne, bits i64x2_bitmask, min f64x2_pmin, max f64x2_pmax, reduce reduce_two;
    lanewise! {
        add(a, b) = f64x2_add;
        sub(a, b) = f64x2_sub;
        mul(a, b) = f64x2_mul;
        div(a, b) = f64x2_div;
        abs(a) = f64x2_abs;
        neg(a) = f64x2_neg;
        sqrt(a) = f64x2_sqrt;
        round(a) = f64x2_nearest;
    }
    comparisons! {
        lt(a, b) = f64x2_lt;
        eq(a, b) = f64x2_eq;
    }
}

functions_of_single!(Single);
functions_of_double!(Double);

impl SimdSingle for Single {
    const SPLITS_DENORMALS: bool = false;

    #[inline(always)]
    unsafe fn scale_by_power_of_two(r: v128, k: v128) -> v128 {
        // Two factors that are normal: the first product is exact, the second is rounded.
        let k = i32x4_trunc_sat_f32x4(k);
        let half = i32x4_shr(k, 1);
        f32x4_mul(f32x4_mul(r, power_of_two(half)), power_of_two(i32x4_sub(k, half)))
    }

    #[inline(always)]
    unsafe fn split(x: v128) -> (v128, v128) {
        let exponent = i32x4_shr(i32x4_sub(x, i32x4_splat(0.75_f32.to_bits() as i32)), 23);
        (i32x4_sub(x, i32x4_shl(exponent, 23)), f32x4_convert_i32x4(exponent))
    }

    #[inline(always)]
    unsafe fn load_i8(p: *const i8) -> v128 {
        // SAFETY: the caller vouches for 4 bytes.
        let bytes = unsafe { v128_load32_zero(p.cast()) };
        f32x4_convert_i32x4(i32x4_extend_low_i16x8(i16x8_extend_low_i8x16(bytes)))
    }

    #[inline(always)]
    unsafe fn store_i8(p: *mut i8, r: v128) {
        let whole = i32x4_trunc_sat_f32x4(r);
        let words = i16x8_narrow_i32x4(whole, whole);
        // SAFETY: the caller vouches for room for 4 bytes.
        unsafe { v128_store32_lane::<0>(i8x16_narrow_i16x8(words, words), p.cast()) }
    }
}

impl SimdBytes for Single {
    type Products = v128;
    const BYTES: usize = 16;

    #[inline(always)]
    unsafe fn no_products() -> v128 {
        i32x4_splat(0)
    }

    #[inline(always)]
    unsafe fn add_products(sums: v128, a: *const i8, b: *const i8) -> v128 {
        // SAFETY: the caller vouches for 16 bytes at both.
        let (a, b) = unsafe { (v128_load(a.cast()), v128_load(b.cast())) };
        let low = i32x4_dot_i16x8(i16x8_extend_low_i8x16(a), i16x8_extend_low_i8x16(b));
        let high = i32x4_dot_i16x8(i16x8_extend_high_i8x16(a), i16x8_extend_high_i8x16(b));
        i32x4_add(sums, i32x4_add(low, high))
    }

    #[inline(always)]
    unsafe fn sum_of_products(sums: v128) -> i32 {
        i32x4_extract_lane::<0>(sums)
            + i32x4_extract_lane::<1>(sums)
            + i32x4_extract_lane::<2>(sums)
            + i32x4_extract_lane::<3>(sums)
    }
}

/// 2^k for -126 <= k <= 127.
#[inline(always)]
fn power_of_two(k: v128) -> v128 {
    i32x4_shl(i32x4_add(k, i32x4_splat(127)), 23)
}
