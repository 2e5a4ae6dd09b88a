//! 64-bit ARM: 4 lanes of `f32`, 2 of `f64`.

// The arithmetic intrinsics became safe functions after our oldest Rust.
#![allow(unused_unsafe)]

use core::arch::{aarch64::*, asm};

use crate::{
    generic::functions::{functions_of_double, functions_of_single},
    kernels::{Kernels, backend},
    simd::{Simd, SimdBytes, SimdSingle, comparisons, lanewise, reductions},
};

pub(crate) static KERNELS: Kernels = backend!(Neon, "neon", Single, Double);

/// 4 lanes of `f32`.
#[derive(Clone, Copy)]
pub(crate) struct Single;

/// 2 lanes of `f64`.
#[derive(Clone, Copy)]
pub(crate) struct Double;

macro_rules! implement {
    (
        $name:ident: $element:ty, $register:ty, $mask:ty, $lanes:literal;
        splat $splat:ident, load $load:ident, store $store:ident, fma $fma:ident, fms $fms:ident,
        select $select:ident, mask_splat $mask_splat:ident, sign $sign:literal,
        mask_and $mask_and:ident, mask_or $mask_or:ident, mask_xor $mask_xor:ident,
        mask_load $mask_load:ident, weights $weights:expr, mask_sum $mask_sum:ident;
        $($operations:tt)+
    ) => {
        impl Simd for $name {
            type Element = $element;
            type Register = $register;
            type Mask = $mask;
            const LANES: usize = $lanes;

            #[inline(always)]
            unsafe fn splat(x: $element) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $splat(x) }
            }

            #[inline(always)]
            unsafe fn load(p: *const $element) -> $register {
                // SAFETY: the caller vouches for a register's elements and has the instruction set.
                unsafe { $load(p) }
            }

            #[inline(always)]
            unsafe fn store(p: *mut $element, r: $register) {
                // SAFETY: the caller vouches for a register's elements and has the instruction set.
                unsafe { $store(p, r) }
            }

            #[inline(always)]
            unsafe fn prefetch(p: *const $element) {
                // SAFETY: a hint, which reads nothing.
                unsafe { asm!("prfm pldl1keep, [{}]", in(reg) p, options(nostack, readonly, preserves_flags)) }
            }

            #[inline(always)]
            unsafe fn fma(a: $register, b: $register, c: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $fma(c, a, b) }
            }

            #[inline(always)]
            unsafe fn fnma(a: $register, b: $register, c: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $fms(c, a, b) }
            }

            #[inline(always)]
            unsafe fn min(a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $select(Self::lt(a, b), a, b) }
            }

            #[inline(always)]
            unsafe fn max(a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $select(Self::lt(b, a), a, b) }
            }

            #[inline(always)]
            unsafe fn copy_sign(a: $register, sign: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $select($mask_splat($sign), sign, a) }
            }

            #[inline(always)]
            unsafe fn unordered(a: $register, b: $register) -> $mask {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $mask_xor($mask_and(Self::eq(a, a), Self::eq(b, b)), $mask_splat(!0)) }
            }

            #[inline(always)]
            unsafe fn select(mask: $mask, a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $select(mask, a, b) }
            }

            #[inline(always)]
            unsafe fn or(a: $mask, b: $mask) -> $mask {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $mask_or(a, b) }
            }

            #[inline(always)]
            unsafe fn bits(mask: $mask) -> u32 {
                // SAFETY: the weights fill a register; the caller has the instruction set.
                unsafe { $mask_sum($mask_and(mask, $mask_load($weights.as_ptr()))) as u32 }
            }

            $($operations)+
        }
    };
}

implement! {
    Single: f32, float32x4_t, uint32x4_t, 4;
    splat vdupq_n_f32, load vld1q_f32, store vst1q_f32, fma vfmaq_f32, fms vfmsq_f32,
    select vbslq_f32, mask_splat vdupq_n_u32, sign 0x8000_0000,
    mask_and vandq_u32, mask_or vorrq_u32, mask_xor veorq_u32,
    mask_load vld1q_u32, weights [1_u32, 2, 4, 8], mask_sum vaddvq_u32;
    lanewise! {
        add(a, b) = vaddq_f32;
        sub(a, b) = vsubq_f32;
        mul(a, b) = vmulq_f32;
        div(a, b) = vdivq_f32;
        abs(a) = vabsq_f32;
        neg(a) = vnegq_f32;
        sqrt(a) = vsqrtq_f32;
        round(a) = vrndnq_f32;
    }
    comparisons! {
        lt(a, b) = vcltq_f32;
        eq(a, b) = vceqq_f32;
    }
    reductions! {
        reduce_add = vaddvq_f32;
        reduce_min = vminvq_f32;
        reduce_max = vmaxvq_f32;
    }
}

implement! {
    Double: f64, float64x2_t, uint64x2_t, 2;
    splat vdupq_n_f64, load vld1q_f64, store vst1q_f64, fma vfmaq_f64, fms vfmsq_f64,
    select vbslq_f64, mask_splat vdupq_n_u64, sign 0x8000_0000_0000_0000,
    mask_and vandq_u64, mask_or vorrq_u64, mask_xor veorq_u64,
    mask_load vld1q_u64, weights [1_u64, 2], mask_sum vaddvq_u64;
    lanewise! {
        add(a, b) = vaddq_f64;
        sub(a, b) = vsubq_f64;
        mul(a, b) = vmulq_f64;
        div(a, b) = vdivq_f64;
        abs(a) = vabsq_f64;
        neg(a) = vnegq_f64;
        sqrt(a) = vsqrtq_f64;
        round(a) = vrndnq_f64;
    }
    comparisons! {
        lt(a, b) = vcltq_f64;
        eq(a, b) = vceqq_f64;
    }
    reductions! {
        reduce_add = vaddvq_f64;
        reduce_min = vminvq_f64;
        reduce_max = vmaxvq_f64;
    }
}

functions_of_single!(Single);
functions_of_double!(Double);

impl SimdSingle for Single {
    const SPLITS_DENORMALS: bool = false;

    #[inline(always)]
    unsafe fn scale_by_power_of_two(r: float32x4_t, k: float32x4_t) -> float32x4_t {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            // Two factors that are normal: the first product is exact, the second is rounded.
            let k = vcvtq_s32_f32(k);
            let half = vshrq_n_s32::<1>(k);
            vmulq_f32(vmulq_f32(r, power_of_two(half)), power_of_two(vsubq_s32(k, half)))
        }
    }

    #[inline(always)]
    unsafe fn split(x: float32x4_t) -> (float32x4_t, float32x4_t) {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            let bits = vreinterpretq_s32_f32(x);
            let exponent = vshrq_n_s32::<23>(vsubq_s32(bits, vdupq_n_s32(0.75_f32.to_bits() as i32)));
            let mantissa = vsubq_s32(bits, vshlq_n_s32::<23>(exponent));
            (vreinterpretq_f32_s32(mantissa), vcvtq_f32_s32(exponent))
        }
    }

    #[inline(always)]
    unsafe fn rounding_of_product(a: float32x4_t, b: float32x4_t, product: float32x4_t) -> float32x4_t {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { vfmaq_f32(vnegq_f32(product), a, b) }
    }

    #[inline(always)]
    unsafe fn load_i8(p: *const i8) -> float32x4_t {
        // SAFETY: the caller vouches for 4 bytes and has the instruction set.
        unsafe {
            let bytes = vreinterpret_s8_s32(vdup_n_s32(p.cast::<i32>().read_unaligned()));
            vcvtq_f32_s32(vmovl_s16(vget_low_s16(vmovl_s8(bytes))))
        }
    }

    #[inline(always)]
    unsafe fn store_i8(p: *mut i8, r: float32x4_t) {
        // SAFETY: the caller vouches for 4 bytes and has the instruction set.
        unsafe {
            let words = vmovn_s32(vcvtnq_s32_f32(r));
            let bytes = vreinterpret_s32_s8(vmovn_s16(vcombine_s16(words, words)));
            p.cast::<i32>().write_unaligned(vget_lane_s32::<0>(bytes));
        }
    }
}

impl SimdBytes for Single {
    type Products = int32x4_t;
    const BYTES: usize = 16;

    #[inline(always)]
    unsafe fn no_products() -> int32x4_t {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { vdupq_n_s32(0) }
    }

    #[inline(always)]
    unsafe fn add_products(sums: int32x4_t, a: *const i8, b: *const i8) -> int32x4_t {
        // SAFETY: the caller vouches for 16 bytes at both and has the instruction set.
        unsafe {
            let (a, b) = (vld1q_s8(a), vld1q_s8(b));
            let low = vmull_s8(vget_low_s8(a), vget_low_s8(b));
            vpadalq_s16(vpadalq_s16(sums, low), vmull_high_s8(a, b))
        }
    }

    #[inline(always)]
    unsafe fn sum_of_products(sums: int32x4_t) -> i32 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { vaddvq_s32(sums) }
    }
}

/// 2^k for -126 <= k <= 127.
#[inline(always)]
unsafe fn power_of_two(k: int32x4_t) -> float32x4_t {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe { vreinterpretq_f32_s32(vshlq_n_s32::<23>(vaddq_s32(k, vdupq_n_s32(127)))) }
}
