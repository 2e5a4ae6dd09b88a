//! The smallest, the largest, and where they stand.

use crate::{
    element::Float,
    simd::{Simd, lead},
};

/// Elements after which a position is looked at: few enough to be near still when they are searched.
const BLOCK: usize = 2048;

/// Which of two numbers is kept.
trait Keeping<S: Simd> {
    /// What is kept of an element before it is compared.
    unsafe fn of(x: S::Register) -> S::Register;
    /// The one that is kept of two.
    unsafe fn keep(a: S::Register, b: S::Register) -> S::Register;
    /// The one that is kept of all lanes.
    unsafe fn reduce(a: S::Register) -> S::Element;
    /// Whether `a` is kept and not `b`.
    fn beats(a: S::Element, b: S::Element) -> bool;
}

macro_rules! keepings {
    ($($keeping:ident: $of:path, $keep:ident, $reduce:ident, $beats:tt;)+) => {$(
        struct $keeping;

        impl<S: Simd> Keeping<S> for $keeping {
            #[inline(always)]
            unsafe fn of(x: S::Register) -> S::Register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $of(x) }
            }

            #[inline(always)]
            unsafe fn keep(a: S::Register, b: S::Register) -> S::Register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { S::$keep(a, b) }
            }

            #[inline(always)]
            unsafe fn reduce(a: S::Register) -> S::Element {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { S::$reduce(a) }
            }

            #[inline(always)]
            fn beats(a: S::Element, b: S::Element) -> bool {
                a $beats b
            }
        }
    )+};
}

keepings! {
    Smallest: same, min, reduce_min, <;
    Largest: same, max, reduce_max, >;
    LargestAmount: S::abs, max, reduce_max, >;
}

#[inline(always)]
unsafe fn same<R>(x: R) -> R {
    x
}

/// What is kept of at least one element, and whether one is NaN; then the first is of no use.
#[inline(always)]
unsafe fn keep_all<S: Simd, K: Keeping<S>>(x: *const S::Element, n: usize) -> (S::Element, bool) {
    // SAFETY: every load starts at `i` with all its lanes below `n`; there is a first element.
    unsafe {
        let first = S::splat(*x);
        let mut nan = S::is_nan(first);
        let mut kept = [K::of(first); 4];
        let mut i = lead::<S>(x, n);
        if i > 0 {
            let x = S::load_first(x, i, first);
            nan = S::or(nan, S::is_nan(x));
            kept[0] = K::keep(K::of(x), kept[0]);
        }
        while i + 4 * S::LANES <= n {
            let (a, b) = (S::load(x.add(i)), S::load(x.add(i + S::LANES)));
            let (c, d) = (S::load(x.add(i + 2 * S::LANES)), S::load(x.add(i + 3 * S::LANES)));
            nan = S::or(nan, S::or(S::unordered(a, b), S::unordered(c, d)));
            kept[0] = K::keep(K::of(a), kept[0]);
            kept[1] = K::keep(K::of(b), kept[1]);
            kept[2] = K::keep(K::of(c), kept[2]);
            kept[3] = K::keep(K::of(d), kept[3]);
            i += 4 * S::LANES;
        }
        while i < n {
            let k = S::LANES.min(n - i);
            let x = if k == S::LANES { S::load(x.add(i)) } else { S::load_first(x.add(i), k, first) };
            nan = S::or(nan, S::is_nan(x));
            kept[0] = K::keep(K::of(x), kept[0]);
            i += k;
        }
        let kept = K::keep(K::keep(kept[0], kept[1]), K::keep(kept[2], kept[3]));
        (K::reduce(kept), S::any(nan))
    }
}

#[inline(always)]
unsafe fn value<S: Simd, K: Keeping<S>>(x: *const S::Element, n: usize) -> S::Element {
    // SAFETY: the caller vouches for the pointer.
    let (kept, nan) = unsafe { keep_all::<S, K>(x, n) };
    if nan { S::Element::NAN } else { kept }
}

#[inline(always)]
unsafe fn position<S: Simd, K: Keeping<S>>(x: *const S::Element, n: usize) -> usize {
    // SAFETY: blocks lie within the `n` elements for which the caller vouches.
    unsafe {
        let (mut best, mut best_block, mut i) = (*x, 0, 0);
        while i < n {
            // The first block ends where a register begins.
            let length = (BLOCK - S::LANES + lead::<S>(x.add(i), n - i)).min(n - i);
            let (kept, nan) = keep_all::<S, K>(x.add(i), length);
            if nan {
                return i + first_where::<S, Nan>(x.add(i), length, kept);
            }
            if K::beats(kept, best) {
                (best, best_block) = (kept, i);
            }
            i += length;
        }
        best_block + first_where::<S, Equal>(x.add(best_block), n - best_block, best)
    }
}

/// A question to an element.
trait Asking<S: Simd> {
    unsafe fn ask(x: S::Register, bound: S::Register) -> S::Mask;
}

struct Nan;
struct Equal;
struct AboveOrNan;

impl<S: Simd> Asking<S> for Nan {
    #[inline(always)]
    unsafe fn ask(x: S::Register, _: S::Register) -> S::Mask {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { S::is_nan(x) }
    }
}

impl<S: Simd> Asking<S> for Equal {
    #[inline(always)]
    unsafe fn ask(x: S::Register, bound: S::Register) -> S::Mask {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { S::eq(x, bound) }
    }
}

impl<S: Simd> Asking<S> for AboveOrNan {
    #[inline(always)]
    unsafe fn ask(x: S::Register, bound: S::Register) -> S::Mask {
        // SAFETY: arithmetic on registers; the caller has the instruction set.
        unsafe { S::or(S::lt(bound, x), S::is_nan(x)) }
    }
}

/// Where the first element stands for which the answer is yes, `n` if there is none.
#[inline(always)]
unsafe fn first_where<S: Simd, A: Asking<S>>(x: *const S::Element, n: usize, bound: S::Element) -> usize {
    // SAFETY: every load starts at `i` with all its lanes below `n`.
    unsafe {
        let bound = S::splat(bound);
        let mut i = 0;
        while i + 4 * S::LANES <= n {
            let near = S::or(A::ask(S::load(x.add(i)), bound), A::ask(S::load(x.add(i + S::LANES)), bound));
            let (c, d) = (S::load(x.add(i + 2 * S::LANES)), S::load(x.add(i + 3 * S::LANES)));
            if S::any(S::or(near, S::or(A::ask(c, bound), A::ask(d, bound)))) {
                break;
            }
            i += 4 * S::LANES;
        }
        while i < n {
            let k = S::LANES.min(n - i);
            let x = if k == S::LANES { S::load(x.add(i)) } else { S::load_first_or_zero(x.add(i), k) };
            let found = S::bits(A::ask(x, bound)) & ((1_u64 << k) - 1) as u32;
            if found != 0 {
                return i + found.trailing_zeros() as usize;
            }
            i += k;
        }
        n
    }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn min<S: Simd>(x: *const S::Element, n: usize) -> S::Element {
    // SAFETY: the caller vouches for the pointer.
    unsafe { value::<S, Smallest>(x, n) }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn max<S: Simd>(x: *const S::Element, n: usize) -> S::Element {
    // SAFETY: the caller vouches for the pointer.
    unsafe { value::<S, Largest>(x, n) }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn largest_amount<S: Simd>(x: *const S::Element, n: usize) -> S::Element {
    // SAFETY: the caller vouches for the pointer.
    if n == 0 { S::Element::ZERO } else { unsafe { value::<S, LargestAmount>(x, n) } }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn position_of_min<S: Simd>(x: *const S::Element, n: usize) -> usize {
    // SAFETY: the caller vouches for the pointer.
    unsafe { position::<S, Smallest>(x, n) }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn position_of_max<S: Simd>(x: *const S::Element, n: usize) -> usize {
    // SAFETY: the caller vouches for the pointer.
    unsafe { position::<S, Largest>(x, n) }
}

/// # Safety
/// See `kernels.rs`.
#[inline(always)]
pub(crate) unsafe fn first_above<S: Simd>(x: *const S::Element, n: usize, bound: S::Element) -> usize {
    // SAFETY: the caller vouches for the pointer.
    unsafe { first_where::<S, AboveOrNan>(x, n, bound) }
}
