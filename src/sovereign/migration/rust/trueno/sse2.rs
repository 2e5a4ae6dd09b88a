//! Any x86-64: 4 lanes of `f32`, 2 of `f64`, products rounded before they are added.

// The arithmetic intrinsics became safe functions after our oldest Rust.
#![allow(unused_unsafe)]

use core::arch::x86_64::*;

use crate::{
    generic::functions::{functions_of_double, functions_of_single},
    kernels::{Kernels, backend},
    simd::{Simd, SimdBytes, SimdSingle, comparisons, lanewise},
};

pub(crate) static KERNELS: Kernels = backend!(Sse2, "sse2", Single, Double);

/// 4 lanes of `f32`.
#[derive(Clone, Copy)]
pub(crate) struct Single;

/// 2 lanes of `f64`.
#[derive(Clone, Copy)]
pub(crate) struct Double;

macro_rules! implement {
    (
        $name:ident: $element:ty, $register:ty, $lanes:literal, whole from $whole_from:literal;
        splat $splat:ident, load $load:ident, store $store:ident,
        and $and:ident, and_not $and_not:ident, or $or:ident, xor $xor:ident, bits $bits:ident,
        reduce $reduce:ident(add $add:ident, min $min:ident, max $max:ident);
        $($operations:tt)+
    ) => {
        impl Simd for $name {
            type Element = $element;
            type Register = $register;
            type Mask = $register;
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
                unsafe { _mm_prefetch::<_MM_HINT_T0>(p.cast()) }
            }

            #[inline(always)]
            unsafe fn fma(a: $register, b: $register, c: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { Self::add(Self::mul(a, b), c) }
            }

            #[inline(always)]
            unsafe fn fnma(a: $register, b: $register, c: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { Self::sub(c, Self::mul(a, b)) }
            }

            #[inline(always)]
            unsafe fn abs(a: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $and_not($splat(-0.0), a) }
            }

            #[inline(always)]
            unsafe fn neg(a: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $xor($splat(-0.0), a) }
            }

            #[inline(always)]
            unsafe fn copy_sign(a: $register, sign: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $or(Self::abs(a), $and($splat(-0.0), sign)) }
            }

            #[inline(always)]
            unsafe fn round(a: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe {
                    // From this number on all numbers are whole; adding it rounds what is below.
                    let (amount, whole_from) = (Self::abs(a), $splat($whole_from));
                    let rounded = Self::sub(Self::add(amount, whole_from), whole_from);
                    Self::select(Self::lt(amount, whole_from), Self::copy_sign(rounded, a), a)
                }
            }

            #[inline(always)]
            unsafe fn select(mask: $register, a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $or($and(mask, a), $and_not(mask, b)) }
            }

            #[inline(always)]
            unsafe fn or(a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $or(a, b) }
            }

            #[inline(always)]
            unsafe fn bits(mask: $register) -> u32 {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $bits(mask) as u32 }
            }

            #[inline(always)]
            unsafe fn reduce_add(a: $register) -> $element {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $reduce!(a, $add) }
            }

            #[inline(always)]
            unsafe fn reduce_min(a: $register) -> $element {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $reduce!(a, $min) }
            }

            #[inline(always)]
            unsafe fn reduce_max(a: $register) -> $element {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $reduce!(a, $max) }
            }

            $($operations)+
        }
    };
}

/// The lanes together, in a tree.
macro_rules! reduce_four {
    ($register:ident, $operation:ident) => {{
        let pair = $operation($register, _mm_movehl_ps($register, $register));
        _mm_cvtss_f32($operation(pair, _mm_shuffle_ps::<0b01_01_01_01>(pair, pair)))
    }};
}

/// The lanes together.
macro_rules! reduce_two {
    ($register:ident, $operation:ident) => {
        _mm_cvtsd_f64($operation($register, _mm_unpackhi_pd($register, $register)))
    };
}

implement! {
    Single: f32, __m128, 4, whole from 8_388_608.0;
    splat _mm_set1_ps, load _mm_loadu_ps, store _mm_storeu_ps,
    and _mm_and_ps, and_not _mm_andnot_ps, or _mm_or_ps, xor _mm_xor_ps, bits _mm_movemask_ps,
    reduce reduce_four(add _mm_add_ps, min _mm_min_ps, max _mm_max_ps);
    lanewise! {
        add(a, b) = _mm_add_ps;
        sub(a, b) = _mm_sub_ps;
        mul(a, b) = _mm_mul_ps;
        div(a, b) = _mm_div_ps;
        min(a, b) = _mm_min_ps;
        max(a, b) = _mm_max_ps;
        sqrt(a) = _mm_sqrt_ps;
    }
    comparisons! {
        lt(a, b) = _mm_cmplt_ps;
        eq(a, b) = _mm_cmpeq_ps;
        unordered(a, b) = _mm_cmpunord_ps;
    }
}

implement! {
    Double: f64, __m128d, 2, whole from 4_503_599_627_370_496.0;
    splat _mm_set1_pd, load _mm_loadu_pd, store _mm_storeu_pd,
    and _mm_and_pd, and_not _mm_andnot_pd, or _mm_or_pd, xor _mm_xor_pd, bits _mm_movemask_pd,
    reduce reduce_two(add _mm_add_pd, min _mm_min_pd, max _mm_max_pd);
    lanewise! {
        add(a, b) = _mm_add_pd;
        sub(a, b) = _mm_sub_pd;
        mul(a, b) = _mm_mul_pd;
        div(a, b) = _mm_div_pd;
        min(a, b) = _mm_min_pd;
        max(a, b) = _mm_max_pd;
        sqrt(a) = _mm_sqrt_pd;
    }
    comparisons! {
        lt(a, b) = _mm_cmplt_pd;
        eq(a, b) = _mm_cmpeq_pd;
        unordered(a, b) = _mm_cmpunord_pd;
    }
}

functions_of_single!(Single);
functions_of_double!(Double);

impl SimdSingle for Single {
    const SPLITS_DENORMALS: bool = false;

    #[inline(always)]
    unsafe fn scale_by_power_of_two(r: __m128, k: __m128) -> __m128 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            // Two factors that are normal: the first product is exact, the second is rounded.
            let k = _mm_cvtps_epi32(k);
            let half = _mm_srai_epi32::<1>(k);
            _mm_mul_ps(_mm_mul_ps(r, power_of_two(half)), power_of_two(_mm_sub_epi32(k, half)))
        }
    }

    #[inline(always)]
    unsafe fn split(x: __m128) -> (__m128, __m128) {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            let bits = _mm_castps_si128(x);
            let exponent = _mm_srai_epi32::<23>(_mm_sub_epi32(bits, _mm_set1_epi32(0.75_f32.to_bits() as i32)));
            let mantissa = _mm_sub_epi32(bits, _mm_slli_epi32::<23>(exponent));
            (_mm_castsi128_ps(mantissa), _mm_cvtepi32_ps(exponent))
        }
    }

    #[inline(always)]
    unsafe fn load_i8(p: *const i8) -> __m128 {
        // SAFETY: the caller vouches for 4 bytes and has the instruction set.
        unsafe {
            let bytes = _mm_cvtsi32_si128(p.cast::<i32>().read_unaligned());
            let words = _mm_unpacklo_epi8(bytes, bytes);
            _mm_cvtepi32_ps(_mm_srai_epi32::<24>(_mm_unpacklo_epi16(words, words)))
        }
    }

    #[inline(always)]
    unsafe fn store_i8(p: *mut i8, r: __m128) {
        // SAFETY: the caller vouches for 4 bytes and has the instruction set.
        unsafe {
            let whole = _mm_cvtps_epi32(r);
            let words = _mm_packs_epi32(whole, whole);
            p.cast::<i32>().write_unaligned(_mm_cvtsi128_si32(_mm_packs_epi16(words, words)));
        }
    }
}

impl SimdBytes for Single {
    type Products = __m128i;
    const BYTES: usize = 16;

    #[inline(always)]
    unsafe fn no_products() -> __m128i {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { _mm_setzero_si128() }
    }

    #[inline(always)]
    unsafe fn add_products(sums: __m128i, a: *const i8, b: *const i8) -> __m128i {
        // SAFETY: the caller vouches for 16 bytes at both and has the instruction set.
        unsafe {
            let (a, b) = (_mm_loadu_si128(a.cast()), _mm_loadu_si128(b.cast()));
            let ([a_low, a_high], [b_low, b_high]) = (words(a), words(b));
            _mm_add_epi32(sums, _mm_add_epi32(_mm_madd_epi16(a_low, b_low), _mm_madd_epi16(a_high, b_high)))
        }
    }

    #[inline(always)]
    unsafe fn sum_of_products(sums: __m128i) -> i32 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            let pair = _mm_add_epi32(sums, _mm_shuffle_epi32::<0b01_00_11_10>(sums));
            _mm_cvtsi128_si32(_mm_add_epi32(pair, _mm_shuffle_epi32::<0b10_11_00_01>(pair)))
        }
    }
}

/// The bytes with their signs: one that stands twice in a word is shifted down.
#[inline(always)]
unsafe fn words(bytes: __m128i) -> [__m128i; 2] {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe {
        let (low, high) = (_mm_unpacklo_epi8(bytes, bytes), _mm_unpackhi_epi8(bytes, bytes));
        [_mm_srai_epi16::<8>(low), _mm_srai_epi16::<8>(high)]
    }
}

/// 2^k for -126 <= k <= 127.
#[inline(always)]
unsafe fn power_of_two(k: __m128i) -> __m128 {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe { _mm_castsi128_ps(_mm_slli_epi32::<23>(_mm_add_epi32(k, _mm_set1_epi32(127)))) }
}
