//! x86-64 with AVX-512: 16 lanes of `f32`, 8 of `f64`, tails by masks.

// Most of these intrinsics are safe functions; the blocks are kept as in `avx2.rs`.
#![allow(unused_unsafe)]
// This file is compiled by Rust 1.89 and newer only, see `build.rs`.
#![allow(clippy::incompatible_msrv)]

use core::{
    arch::x86_64::*,
    f32::consts::{LN_2, LOG2_E, SQRT_2},
};

use crate::{
    generic::{
        functions::{functions_of_double, functions_of_single},
        quantize,
        single::{EXP_HIGHEST, EXP_LOWEST},
    },
    kernels::{Bytes, Kernels, backend},
    simd::{Simd, SimdBytes, SimdSingle, lanewise, reductions},
};

const PLAIN: Kernels = backend!(Avx512, "avx512f,avx512bw,avx512dq,avx512vl,fma", Single, Double);

pub(crate) static KERNELS: Kernels = PLAIN;

/// The same with products of bytes in one instruction.
pub(crate) static KERNELS_WITH_VNNI: Kernels =
    Kernels { bytes: Bytes { dot_i8: dot_i8_with_vnni, ..PLAIN.bytes }, ..PLAIN };

/// 16 lanes of `f32`.
#[derive(Clone, Copy)]
pub(crate) struct Single;

/// 8 lanes of `f64`.
#[derive(Clone, Copy)]
pub(crate) struct Double;

/// A whole number of units of 1, nearest even, no exceptions.
const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

macro_rules! implement {
    (
        $name:ident: $element:ty, $register:ty, $mask:ty, $lanes:literal;
        splat $splat:ident, load $load:ident, store $store:ident,
        mask_load $mask_load:ident, mask_store $mask_store:ident,
        fnma $fnma:ident, round $round:ident, compare $compare:ident, blend $blend:ident,
        and $and:ident, xor $xor:ident;
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
            unsafe fn load_first(p: *const $element, k: usize, rest: $register) -> $register {
                // SAFETY: lanes beyond the first `k` are masked, so nothing is read there.
                unsafe { $mask_load(rest, first(k) as $mask, p) }
            }

            #[inline(always)]
            unsafe fn store_first(p: *mut $element, k: usize, r: $register) {
                // SAFETY: lanes beyond the first `k` are masked, so nothing is written there.
                unsafe { $mask_store(p, first(k) as $mask, r) }
            }

            #[inline(always)]
            unsafe fn prefetch(p: *const $element) {
                // SAFETY: a hint, which reads nothing.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(p.cast()) }
            }

            #[inline(always)]
            unsafe fn fnma(a: $register, b: $register, c: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $fnma(a, b, c) }
            }

            #[inline(always)]
            unsafe fn neg(a: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $xor(a, $splat(-0.0)) }
            }

            #[inline(always)]
            unsafe fn copy_sign(a: $register, sign: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $xor(Self::abs(a), $and(sign, $splat(-0.0))) }
            }

            #[inline(always)]
            unsafe fn round(a: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $round::<NEAREST>(a) }
            }

            #[inline(always)]
            unsafe fn lt(a: $register, b: $register) -> $mask {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $compare::<_CMP_LT_OQ>(a, b) }
            }

            #[inline(always)]
            unsafe fn eq(a: $register, b: $register) -> $mask {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $compare::<_CMP_EQ_OQ>(a, b) }
            }

            #[inline(always)]
            unsafe fn unordered(a: $register, b: $register) -> $mask {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $compare::<_CMP_UNORD_Q>(a, b) }
            }

            #[inline(always)]
            unsafe fn select(mask: $mask, a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $blend(mask, b, a) }
            }

            #[inline(always)]
            unsafe fn or(a: $mask, b: $mask) -> $mask {
                a | b
            }

            #[inline(always)]
            unsafe fn bits(mask: $mask) -> u32 {
                mask.into()
            }

            $($operations)+
        }
    };
}

implement! {
    Single: f32, __m512, __mmask16, 16;
    splat _mm512_set1_ps, load _mm512_loadu_ps, store _mm512_storeu_ps,
    mask_load _mm512_mask_loadu_ps, mask_store _mm512_mask_storeu_ps,
    fnma _mm512_fnmadd_ps, round _mm512_roundscale_ps, compare _mm512_cmp_ps_mask, blend _mm512_mask_blend_ps,
    and _mm512_and_ps, xor _mm512_xor_ps;
    lanewise! {
        add(a, b) = _mm512_add_ps;
        sub(a, b) = _mm512_sub_ps;
        mul(a, b) = _mm512_mul_ps;
        div(a, b) = _mm512_div_ps;
        fma(a, b, c) = _mm512_fmadd_ps;
        min(a, b) = _mm512_min_ps;
        max(a, b) = _mm512_max_ps;
        abs(a) = _mm512_abs_ps;
        sqrt(a) = _mm512_sqrt_ps;
    }
    reductions! {
        reduce_add = _mm512_reduce_add_ps;
        reduce_min = _mm512_reduce_min_ps;
        reduce_max = _mm512_reduce_max_ps;
    }
}

implement! {
    Double: f64, __m512d, __mmask8, 8;
    splat _mm512_set1_pd, load _mm512_loadu_pd, store _mm512_storeu_pd,
    mask_load _mm512_mask_loadu_pd, mask_store _mm512_mask_storeu_pd,
    fnma _mm512_fnmadd_pd, round _mm512_roundscale_pd, compare _mm512_cmp_pd_mask, blend _mm512_mask_blend_pd,
    and _mm512_and_pd, xor _mm512_xor_pd;
    lanewise! {
        add(a, b) = _mm512_add_pd;
        sub(a, b) = _mm512_sub_pd;
        mul(a, b) = _mm512_mul_pd;
        div(a, b) = _mm512_div_pd;
        fma(a, b, c) = _mm512_fmadd_pd;
        min(a, b) = _mm512_min_pd;
        max(a, b) = _mm512_max_pd;
        abs(a) = _mm512_abs_pd;
        sqrt(a) = _mm512_sqrt_pd;
    }
    reductions! {
        reduce_add = _mm512_reduce_add_pd;
        reduce_min = _mm512_reduce_min_pd;
        reduce_max = _mm512_reduce_max_pd;
    }
}

functions_of_single!(Single);
functions_of_double!(Double);

/// 2^(j/16) for j below 16: a register of them answers a look into a table by one instruction.
static SIXTEENTHS: [f32; 16] = [
    1.0,
    1.044_273_7,
    1.090_507_7,
    1.138_788_6,
    1.189_207_1,
    1.241_857_8,
    1.296_839_6,
    1.354_255_6,
    SQRT_2,
    1.476_826_2,
    1.542_210_8,
    1.610_490_3,
    1.681_792_9,
    1.756_252_2,
    1.834_008_1,
    1.915_206_6,
];

/// Adding it rounds a number of small size to the nearest sixteenth, which its lowest bits then count.
const ROUNDING_TO_SIXTEENTHS: f32 = 786_432.0;

/// `(exp(r) - 1 - r) / r²` for `|r| <= ln 2 / 32`.
const EXP: [f32; 2] = [0.500_016_8, 0.166_667_57];

/// What the rounding of ln 2 to `f32` lost.
const LN_2_LOST: f32 = -1.904_654_2e-9;

/// The sixteenths `k` nearest to `x / ln 2`, and 2^(k - ⌊k⌋).
#[inline(always)]
unsafe fn sixteenths(x: __m512) -> (__m512, __m512) {
    // SAFETY: the table fills a register; the caller has the instruction set.
    unsafe {
        let rounding = _mm512_set1_ps(ROUNDING_TO_SIXTEENTHS);
        let counted = _mm512_fmadd_ps(x, _mm512_set1_ps(LOG2_E), rounding);
        let root = _mm512_permutexvar_ps(_mm512_castps_si512(counted), _mm512_loadu_ps(SIXTEENTHS.as_ptr()));
        (_mm512_sub_ps(counted, rounding), root)
    }
}

/// `root * exp(r)`.
#[inline(always)]
unsafe fn root_times_exp(root: __m512, r: __m512) -> __m512 {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let slope = _mm512_fmadd_ps(r, _mm512_set1_ps(EXP[1]), _mm512_set1_ps(EXP[0]));
        let power = _mm512_mul_ps(r, _mm512_fmadd_ps(r, slope, _mm512_set1_ps(1.0)));
        _mm512_fmadd_ps(root, power, root)
    }
}

impl SimdSingle for Single {
    const SPLITS_DENORMALS: bool = true;

    #[inline(always)]
    unsafe fn exp_parts(x: __m512, low: __m512) -> (__m512, __m512) {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            let x = _mm512_max_ps(_mm512_set1_ps(EXP_LOWEST), _mm512_min_ps(_mm512_set1_ps(EXP_HIGHEST), x));
            let (k, root) = sixteenths(x);
            let r = _mm512_fnmadd_ps(k, _mm512_set1_ps(LN_2), x);
            let r = _mm512_add_ps(_mm512_fnmadd_ps(k, _mm512_set1_ps(LN_2_LOST), r), low);
            (root_times_exp(root, r), k)
        }
    }

    #[inline(always)]
    unsafe fn exp_below_zero(x: __m512) -> __m512 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            let x = _mm512_max_ps(_mm512_set1_ps(EXP_LOWEST), x);
            let (k, root) = sixteenths(x);
            _mm512_scalef_ps(root_times_exp(root, _mm512_fnmadd_ps(k, _mm512_set1_ps(LN_2), x)), k)
        }
    }

    #[inline(always)]
    unsafe fn scale_by_power_of_two(r: __m512, k: __m512) -> __m512 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { _mm512_scalef_ps(r, k) }
    }

    #[inline(always)]
    unsafe fn split(x: __m512) -> (__m512, __m512) {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            let mantissa = _mm512_getmant_ps::<_MM_MANT_NORM_P75_1P5, _MM_MANT_SIGN_SRC>(x);
            let below = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(mantissa, _mm512_set1_ps(1.0));
            let exponent = _mm512_getexp_ps(x);
            (mantissa, _mm512_mask_add_ps(exponent, below, exponent, _mm512_set1_ps(1.0)))
        }
    }

    #[inline(always)]
    unsafe fn rounding_of_product(a: __m512, b: __m512, product: __m512) -> __m512 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { _mm512_fmsub_ps(a, b, product) }
    }

    #[inline(always)]
    unsafe fn load_i8(p: *const i8) -> __m512 {
        // SAFETY: the caller vouches for 16 bytes and has the instruction set.
        unsafe { _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(p.cast()))) }
    }

    #[inline(always)]
    unsafe fn store_i8(p: *mut i8, r: __m512) {
        // SAFETY: the caller vouches for 16 bytes and has the instruction set.
        unsafe { _mm_storeu_si128(p.cast(), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(r))) }
    }
}

impl SimdBytes for Single {
    type Products = __m512i;
    const BYTES: usize = 32;

    #[inline(always)]
    unsafe fn no_products() -> __m512i {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { _mm512_setzero_si512() }
    }

    #[inline(always)]
    unsafe fn add_products(sums: __m512i, a: *const i8, b: *const i8) -> __m512i {
        // SAFETY: the caller vouches for 32 bytes at both and has the instruction set.
        unsafe {
            let a = _mm512_cvtepi8_epi16(_mm256_loadu_si256(a.cast()));
            let b = _mm512_cvtepi8_epi16(_mm256_loadu_si256(b.cast()));
            _mm512_add_epi32(sums, _mm512_madd_epi16(a, b))
        }
    }

    #[inline(always)]
    unsafe fn sum_of_products(sums: __m512i) -> i32 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { _mm512_reduce_add_epi32(sums) }
    }
}

/// Products of bytes by VNNI, which multiplies bytes without sign by bytes with sign.
///
/// With 128 added to `a` by flipping its highest bit, 128 times the sum of `b` is too much.
#[derive(Clone, Copy)]
struct Vnni;

impl SimdBytes for Vnni {
    type Products = (__m512i, __m512i);
    const BYTES: usize = 64;

    #[inline(always)]
    unsafe fn no_products() -> Self::Products {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { (_mm512_setzero_si512(), _mm512_setzero_si512()) }
    }

    #[inline(always)]
    unsafe fn add_products(sums: Self::Products, a: *const i8, b: *const i8) -> Self::Products {
        // SAFETY: the caller vouches for 64 bytes at both and has the instruction set.
        unsafe {
            let highest = _mm512_set1_epi8(i8::MIN);
            let (a, b) = (_mm512_loadu_si512(a.cast()), _mm512_loadu_si512(b.cast()));
            (_mm512_dpbusd_epi32(sums.0, _mm512_xor_si512(a, highest), b), _mm512_dpbusd_epi32(sums.1, highest, b))
        }
    }

    #[inline(always)]
    unsafe fn sum_of_products(sums: Self::Products) -> i32 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { _mm512_reduce_add_epi32(_mm512_sub_epi32(sums.0, sums.1)) }
    }
}

/// # Safety
/// See `kernels.rs`.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
unsafe fn dot_i8_with_vnni(a: *const i8, b: *const i8, n: usize) -> i32 {
    // SAFETY: this function enables the set; the caller vouches for the pointers.
    unsafe { quantize::dot_i8::<Vnni>(a, b, n) }
}

/// The mask of the first `k` lanes, `k < 16`.
#[inline(always)]
fn first(k: usize) -> u32 {
    debug_assert!(k < 16);
    (1 << k) - 1
}
