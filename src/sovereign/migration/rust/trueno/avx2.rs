//! x86-64 with AVX2 and FMA: 8 lanes of `f32`, 4 of `f64`, tails by masks.

// The arithmetic intrinsics became safe functions after our oldest Rust.
#![allow(unused_unsafe)]

use core::{
    arch::x86_64::*,
    f32::consts::{LN_2, LOG2_E},
};

use crate::{
    generic::{
        functions::{functions_of_double, functions_of_single},
        single::{EXP, EXP_LOWEST, polynomial},
    },
    kernels::{Kernels, backend},
    simd::{Simd, SimdBytes, SimdSingle, lanewise},
};

pub(crate) static KERNELS: Kernels = backend!(Avx2, "avx2,fma", Single, Double);

/// 8 lanes of `f32`.
#[derive(Clone, Copy)]
pub(crate) struct Single;

/// 4 lanes of `f64`.
#[derive(Clone, Copy)]
pub(crate) struct Double;

/// Reading a register's lanes of these from its length minus `k` on gives a mask of `k` lanes.
static MASKS_32: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
static MASKS_64: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];

/// A whole number of units of 1, nearest even, no exceptions.
const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

macro_rules! implement {
    (
        $name:ident: $element:ty, $register:ty, $lanes:literal, $masks:ident;
        splat $splat:ident, load $load:ident, store $store:ident,
        mask_load $mask_load:ident, mask_store $mask_store:ident,
        fnma $fnma:ident, round $round:ident, compare $compare:ident, blend $blend:ident,
        and $and:ident, and_not $and_not:ident, or $or:ident, xor $xor:ident, bits $bits:ident,
        low $low:ident, high $high:ident, reduce $reduce:ident(add $add:ident, min $min:ident, max $max:ident);
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
            unsafe fn load_first(p: *const $element, k: usize, rest: $register) -> $register {
                // SAFETY: lanes beyond the first `k` are masked, so nothing is read there; a register's lanes from
                // its length minus `k` on lie inside the masks.
                unsafe {
                    let mask = _mm256_loadu_si256($masks.as_ptr().add($lanes - k).cast());
                    $blend(rest, $mask_load(p, mask), core::mem::transmute::<__m256i, $register>(mask))
                }
            }

            #[inline(always)]
            unsafe fn store_first(p: *mut $element, k: usize, r: $register) {
                // SAFETY: lanes beyond the first `k` are masked, so nothing is written there; a register's lanes from
                // its length minus `k` on lie inside the masks.
                unsafe { $mask_store(p, _mm256_loadu_si256($masks.as_ptr().add($lanes - k).cast()), r) }
            }

            #[inline(always)]
            unsafe fn prefetch(p: *const $element) {
                // SAFETY: a hint, which reads nothing.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(p.cast()) }
            }

            #[inline(always)]
            unsafe fn prefetch_far(p: *const $element) {
                // SAFETY: a hint, which reads nothing.
                unsafe { _mm_prefetch::<_MM_HINT_T1>(p.cast()) }
            }

            #[inline(always)]
            unsafe fn fnma(a: $register, b: $register, c: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $fnma(a, b, c) }
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
                unsafe { $round::<NEAREST>(a) }
            }

            #[inline(always)]
            unsafe fn lt(a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $compare::<_CMP_LT_OQ>(a, b) }
            }

            #[inline(always)]
            unsafe fn eq(a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $compare::<_CMP_EQ_OQ>(a, b) }
            }

            #[inline(always)]
            unsafe fn unordered(a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $compare::<_CMP_UNORD_Q>(a, b) }
            }

            #[inline(always)]
            unsafe fn select(mask: $register, a: $register, b: $register) -> $register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $blend(b, a, mask) }
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
                unsafe { $reduce!($add($low(a), $high::<1>(a)), $add) }
            }

            #[inline(always)]
            unsafe fn reduce_min(a: $register) -> $element {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $reduce!($min($low(a), $high::<1>(a)), $min) }
            }

            #[inline(always)]
            unsafe fn reduce_max(a: $register) -> $element {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $reduce!($max($low(a), $high::<1>(a)), $max) }
            }

            $($operations)+
        }
    };
}

/// The lanes of a half register together, in a tree.
macro_rules! reduce_four {
    ($half:expr, $operation:ident) => {{
        let half = $half;
        let pair = $operation(half, _mm_movehl_ps(half, half));
        _mm_cvtss_f32($operation(pair, _mm_movehdup_ps(pair)))
    }};
}

/// The lanes of a half register together.
macro_rules! reduce_two {
    ($half:expr, $operation:ident) => {{
        let half = $half;
        _mm_cvtsd_f64($operation(half, _mm_unpackhi_pd(half, half)))
    }};
}

implement! {
    Single: f32, __m256, 8, MASKS_32;
    splat _mm256_set1_ps, load _mm256_loadu_ps, store _mm256_storeu_ps,
    mask_load _mm256_maskload_ps, mask_store _mm256_maskstore_ps,
    fnma _mm256_fnmadd_ps, round _mm256_round_ps, compare _mm256_cmp_ps, blend _mm256_blendv_ps,
    and _mm256_and_ps, and_not _mm256_andnot_ps, or _mm256_or_ps, xor _mm256_xor_ps, bits _mm256_movemask_ps,
    low _mm256_castps256_ps128, high _mm256_extractf128_ps,
    reduce reduce_four(add _mm_add_ps, min _mm_min_ps, max _mm_max_ps);
    lanewise! {
        add(a, b) = _mm256_add_ps;
        sub(a, b) = _mm256_sub_ps;
        mul(a, b) = _mm256_mul_ps;
        div(a, b) = _mm256_div_ps;
        fma(a, b, c) = _mm256_fmadd_ps;
        min(a, b) = _mm256_min_ps;
        max(a, b) = _mm256_max_ps;
        sqrt(a) = _mm256_sqrt_ps;
    }

    #[inline(always)]
    unsafe fn lay_band(p: *const f32, row: usize, n: usize, out: *mut f32) {
        // SAFETY: four elements of each row from `k` on, and the 24 that they become, lie within what the caller
        // vouches for.
        unsafe {
            let whole = n - n % 4;
            for k in (0..whole).step_by(4) {
                if k % 16 == 0 {
                    // The rows of the next band, which are too far from each other for the processor to foresee.
                    for i in 6..12 {
                        Self::prefetch(p.wrapping_add(i * row + k));
                    }
                }
                let [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(|i| _mm_loadu_ps(p.add(i * row + k)));
                let (ab, cd, ef) = (_mm_unpacklo_ps(a, b), _mm_unpacklo_ps(c, d), _mm_unpacklo_ps(e, f));
                let out = out.add(6 * k);
                _mm_storeu_ps(out, _mm_movelh_ps(ab, cd));
                _mm_storel_pd(out.add(4).cast(), _mm_castps_pd(ef));
                _mm_storeu_ps(out.add(6), _mm_movehl_ps(cd, ab));
                _mm_storeh_pd(out.add(10).cast(), _mm_castps_pd(ef));
                let (ab, cd, ef) = (_mm_unpackhi_ps(a, b), _mm_unpackhi_ps(c, d), _mm_unpackhi_ps(e, f));
                _mm_storeu_ps(out.add(12), _mm_movelh_ps(ab, cd));
                _mm_storel_pd(out.add(16).cast(), _mm_castps_pd(ef));
                _mm_storeu_ps(out.add(18), _mm_movehl_ps(cd, ab));
                _mm_storeh_pd(out.add(22).cast(), _mm_castps_pd(ef));
            }
            for k in whole..n {
                for i in 0..6 {
                    *out.add(6 * k + i) = *p.add(i * row + k);
                }
            }
        }
    }
}

implement! {
    Double: f64, __m256d, 4, MASKS_64;
    splat _mm256_set1_pd, load _mm256_loadu_pd, store _mm256_storeu_pd,
    mask_load _mm256_maskload_pd, mask_store _mm256_maskstore_pd,
    fnma _mm256_fnmadd_pd, round _mm256_round_pd, compare _mm256_cmp_pd, blend _mm256_blendv_pd,
    and _mm256_and_pd, and_not _mm256_andnot_pd, or _mm256_or_pd, xor _mm256_xor_pd, bits _mm256_movemask_pd,
    low _mm256_castpd256_pd128, high _mm256_extractf128_pd,
    reduce reduce_two(add _mm_add_pd, min _mm_min_pd, max _mm_max_pd);
    lanewise! {
        add(a, b) = _mm256_add_pd;
        sub(a, b) = _mm256_sub_pd;
        mul(a, b) = _mm256_mul_pd;
        div(a, b) = _mm256_div_pd;
        fma(a, b, c) = _mm256_fmadd_pd;
        min(a, b) = _mm256_min_pd;
        max(a, b) = _mm256_max_pd;
        sqrt(a) = _mm256_sqrt_pd;
    }
}

functions_of_single!(Single);
functions_of_double!(Double);

/// Adding it rounds a number of small size to the nearest whole one, and lays that number plus 191 into the lowest bits:
/// shifted to the exponent they are 2^(k + 64).
const ROUNDING_TO_EXPONENT: f32 = 12_582_912.0 + 191.0;

impl SimdSingle for Single {
    const SPLITS_DENORMALS: bool = false;
    const SCALE_BELOW_ZERO: f64 = 18_446_744_073_709_551_616.0;

    #[inline(always)]
    unsafe fn exp_below_zero(x: __m256) -> __m256 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            let x = _mm256_max_ps(_mm256_set1_ps(EXP_LOWEST), x);
            let rounding = _mm256_set1_ps(ROUNDING_TO_EXPONENT);
            let counted = _mm256_fmadd_ps(x, _mm256_set1_ps(LOG2_E), rounding);
            let r = _mm256_fnmadd_ps(_mm256_sub_ps(counted, rounding), _mm256_set1_ps(LN_2), x);
            let tail = _mm256_fmadd_ps(_mm256_mul_ps(r, r), polynomial::<Self, 5>(r, EXP), r);
            let power = _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(counted)));
            _mm256_fmadd_ps(tail, power, power)
        }
    }

    #[inline(always)]
    unsafe fn scale_by_power_of_two(r: __m256, k: __m256) -> __m256 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            // Two factors that are normal: the first product is exact, the second is rounded.
            let k = _mm256_cvtps_epi32(k);
            let half = _mm256_srai_epi32::<1>(k);
            _mm256_mul_ps(_mm256_mul_ps(r, power_of_two(half)), power_of_two(_mm256_sub_epi32(k, half)))
        }
    }

    #[inline(always)]
    unsafe fn split(x: __m256) -> (__m256, __m256) {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            let bits = _mm256_castps_si256(x);
            let above = _mm256_sub_epi32(bits, _mm256_set1_epi32(0.75_f32.to_bits() as i32));
            let exponent = _mm256_srai_epi32::<23>(above);
            let mantissa = _mm256_sub_epi32(bits, _mm256_slli_epi32::<23>(exponent));
            (_mm256_castsi256_ps(mantissa), _mm256_cvtepi32_ps(exponent))
        }
    }

    #[inline(always)]
    unsafe fn rounding_of_product(a: __m256, b: __m256, product: __m256) -> __m256 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { _mm256_fmsub_ps(a, b, product) }
    }

    #[inline(always)]
    unsafe fn load_i8(p: *const i8) -> __m256 {
        // SAFETY: the caller vouches for 8 bytes and has the instruction set.
        unsafe { _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(p.cast()))) }
    }

    #[inline(always)]
    unsafe fn store_i8(p: *mut i8, r: __m256) {
        // SAFETY: the caller vouches for 8 bytes and has the instruction set.
        unsafe {
            let whole = _mm256_cvtps_epi32(r);
            let words = _mm_packs_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256::<1>(whole));
            _mm_storel_epi64(p.cast(), _mm_packs_epi16(words, words));
        }
    }
}

impl SimdBytes for Single {
    type Products = __m256i;
    const BYTES: usize = 16;

    #[inline(always)]
    unsafe fn no_products() -> __m256i {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { _mm256_setzero_si256() }
    }

    #[inline(always)]
    unsafe fn add_products(sums: __m256i, a: *const i8, b: *const i8) -> __m256i {
        // SAFETY: the caller vouches for 16 bytes at both and has the instruction set.
        unsafe {
            let a = _mm256_cvtepi8_epi16(_mm_loadu_si128(a.cast()));
            let b = _mm256_cvtepi8_epi16(_mm_loadu_si128(b.cast()));
            _mm256_add_epi32(sums, _mm256_madd_epi16(a, b))
        }
    }

    #[inline(always)]
    unsafe fn sum_of_products(sums: __m256i) -> i32 {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe {
            let half = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256::<1>(sums));
            let pair = _mm_add_epi32(half, _mm_shuffle_epi32::<0b01_00_11_10>(half));
            _mm_cvtsi128_si32(_mm_add_epi32(pair, _mm_shuffle_epi32::<0b10_11_00_01>(pair)))
        }
    }
}

/// 2^k for -126 <= k <= 127.
#[inline(always)]
unsafe fn power_of_two(k: __m256i) -> __m256 {
    // SAFETY: arithmetic on registers; the caller has the instruction set.
    unsafe { _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_add_epi32(k, _mm256_set1_epi32(127)))) }
}
