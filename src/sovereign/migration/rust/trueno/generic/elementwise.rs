//! One loop per arity, and the operations that stand in it.
//!
//! A source is read at `x` and `step` elements further on for each element written: step 1 is a vector, step 0 a
//! register's worth of one number.

use crate::{
    element::Float,
    generic::functions::Functions,
    simd::{Simd, lead},
};

/// An operation on the lanes of one register, with two numbers that belong to it.
trait Mapping<S: Simd> {
    unsafe fn apply(x: S::Register, p: S::Register, q: S::Register) -> S::Register;
}

/// An operation on the lanes of two registers.
trait Zipping<S: Simd> {
    unsafe fn apply(a: S::Register, b: S::Register) -> S::Register;
}

/// An operation on the lanes of three registers.
trait Blending<S: Simd> {
    unsafe fn apply(a: S::Register, b: S::Register, c: S::Register) -> S::Register;
}

#[inline(always)]
unsafe fn map<S: Simd, O: Mapping<S>>(
    x: *const S::Element,
    step: usize,
    out: *mut S::Element,
    n: usize,
    p: S::Element,
    q: S::Element,
) {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`, and reads before it writes.
    unsafe {
        let (p, q) = (S::splat(p), S::splat(q));
        let mut i = lead::<S>(out, n);
        if i > 0 {
            S::store_first(out, i, O::apply(S::load_first(x, i, S::splat(S::Element::ONE)), p, q));
        }
        while i + 2 * S::LANES <= n {
            let first = O::apply(S::load(x.add(i * step)), p, q);
            let second = O::apply(S::load(x.add((i + S::LANES) * step)), p, q);
            S::store(out.add(i), first);
            S::store(out.add(i + S::LANES), second);
            i += 2 * S::LANES;
        }
        if i + S::LANES <= n {
            S::store(out.add(i), O::apply(S::load(x.add(i * step)), p, q));
            i += S::LANES;
        }
        if i < n {
            let rest = S::load_first(x.add(i * step), n - i, S::splat(S::Element::ONE));
            S::store_first(out.add(i), n - i, O::apply(rest, p, q));
        }
    }
}

#[inline(always)]
unsafe fn zip<S: Simd, O: Zipping<S>>(
    a: *const S::Element,
    a_step: usize,
    b: *const S::Element,
    b_step: usize,
    out: *mut S::Element,
    n: usize,
) {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`, and reads before it writes.
    unsafe {
        let mut i = lead::<S>(out, n);
        if i > 0 {
            let one = S::splat(S::Element::ONE);
            S::store_first(out, i, O::apply(S::load_first(a, i, one), S::load_first(b, i, one)));
        }
        while i + 2 * S::LANES <= n {
            let next = i + S::LANES;
            let first = O::apply(S::load(a.add(i * a_step)), S::load(b.add(i * b_step)));
            let second = O::apply(S::load(a.add(next * a_step)), S::load(b.add(next * b_step)));
            S::store(out.add(i), first);
            S::store(out.add(next), second);
            i += 2 * S::LANES;
        }
        if i + S::LANES <= n {
            S::store(out.add(i), O::apply(S::load(a.add(i * a_step)), S::load(b.add(i * b_step))));
            i += S::LANES;
        }
        if i < n {
            let one = S::splat(S::Element::ONE);
            let a = S::load_first(a.add(i * a_step), n - i, one);
            let b = S::load_first(b.add(i * b_step), n - i, one);
            S::store_first(out.add(i), n - i, O::apply(a, b));
        }
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
unsafe fn blend<S: Simd, O: Blending<S>>(
    a: *const S::Element,
    a_step: usize,
    b: *const S::Element,
    b_step: usize,
    c: *const S::Element,
    c_step: usize,
    out: *mut S::Element,
    n: usize,
) {
    // SAFETY: every load and store starts at `i` with all its lanes below `n`, and reads before it writes.
    unsafe {
        let mut i = lead::<S>(out, n);
        if i > 0 {
            let one = S::splat(S::Element::ONE);
            let (a, b) = (S::load_first(a, i, one), S::load_first(b, i, one));
            S::store_first(out, i, O::apply(a, b, S::load_first(c, i, one)));
        }
        while i + S::LANES <= n {
            let (a, b) = (S::load(a.add(i * a_step)), S::load(b.add(i * b_step)));
            S::store(out.add(i), O::apply(a, b, S::load(c.add(i * c_step))));
            i += S::LANES;
        }
        if i < n {
            let (k, one) = (n - i, S::splat(S::Element::ONE));
            let (a, b) = (S::load_first(a.add(i * a_step), k, one), S::load_first(b.add(i * b_step), k, one));
            S::store_first(out.add(i), k, O::apply(a, b, S::load_first(c.add(i * c_step), k, one)));
        }
    }
}

macro_rules! mappings {
    ($($name:ident $operation:ident($x:ident, $p:pat, $q:pat) = $value:expr;)+) => {$(
        struct $operation;

        impl<S: Functions> Mapping<S> for $operation {
            #[inline(always)]
            unsafe fn apply($x: S::Register, $p: S::Register, $q: S::Register) -> S::Register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $value }
            }
        }

        /// # Safety
        /// See `kernels.rs`.
        #[inline(always)]
        pub(crate) unsafe fn $name<S: Functions>(
            x: *const S::Element,
            step: usize,
            out: *mut S::Element,
            n: usize,
            p: S::Element,
            q: S::Element,
        ) {
            // SAFETY: the caller vouches for the pointers.
            unsafe { map::<S, $operation>(x, step, out, n, p, q) }
        }
    )+};
}

mappings! {
    abs Abs(x, _, _) = S::abs(x);
    neg Neg(x, _, _) = S::neg(x);
    sqrt Sqrt(x, _, _) = S::sqrt(x);
    exp Exp(x, _, _) = S::exp(x);
    log Log(x, _, _) = S::log(x);
    relu Relu(x, _, _) = S::max(S::zero(), x);
    leaky_relu LeakyRelu(x, slope, _) = S::select(S::lt(S::zero(), x), x, S::mul(x, slope));
    gelu Gelu(x, _, _) = S::gelu(x);
    gelu_tanh GeluTanh(x, _, _) = S::gelu_tanh(x);
    silu Silu(x, _, _) = S::silu(x);
    sigmoid Sigmoid(x, _, _) = S::sigmoid(x);
    tanh Tanh(x, _, _) = S::tanh(x);
    clip Clip(x, low, high) = S::minimum(S::maximum(x, low), high);
    square Square(x, _, _) = S::mul(x, x);
    reciprocal Reciprocal(x, one, _) = S::div(one, x);
}

macro_rules! zippings {
    ($($name:ident $operation:ident($a:ident, $b:ident) = $value:expr;)+) => {$(
        struct $operation;

        impl<S: Functions> Zipping<S> for $operation {
            #[inline(always)]
            unsafe fn apply($a: S::Register, $b: S::Register) -> S::Register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $value }
            }
        }

        /// # Safety
        /// See `kernels.rs`.
        #[inline(always)]
        pub(crate) unsafe fn $name<S: Functions>(
            a: *const S::Element,
            a_step: usize,
            b: *const S::Element,
            b_step: usize,
            out: *mut S::Element,
            n: usize,
        ) {
            // SAFETY: the caller vouches for the pointers.
            unsafe { zip::<S, $operation>(a, a_step, b, b_step, out, n) }
        }
    )+};
}

zippings! {
    add Add(a, b) = S::add(a, b);
    sub Sub(a, b) = S::sub(a, b);
    mul Mul(a, b) = S::mul(a, b);
    div Div(a, b) = S::div(a, b);
    minimum Minimum(a, b) = S::minimum(a, b);
    maximum Maximum(a, b) = S::maximum(a, b);
    pow Pow(a, b) = S::pow(a, b);
}

macro_rules! blendings {
    ($($name:ident $operation:ident($a:ident, $b:ident, $c:ident) = $value:expr;)+) => {$(
        struct $operation;

        impl<S: Functions> Blending<S> for $operation {
            #[inline(always)]
            unsafe fn apply($a: S::Register, $b: S::Register, $c: S::Register) -> S::Register {
                // SAFETY: arithmetic on registers; the caller has the instruction set.
                unsafe { $value }
            }
        }

        /// # Safety
        /// See `kernels.rs`.
        #[inline(always)]
        #[allow(clippy::too_many_arguments)]
        pub(crate) unsafe fn $name<S: Functions>(
            a: *const S::Element,
            a_step: usize,
            b: *const S::Element,
            b_step: usize,
            c: *const S::Element,
            c_step: usize,
            out: *mut S::Element,
            n: usize,
        ) {
            // SAFETY: the caller vouches for the pointers.
            unsafe { blend::<S, $operation>(a, a_step, b, b_step, c, c_step, out, n) }
        }
    )+};
}

blendings! {
    fma Fma(a, b, c) = S::fma(a, b, c);
    lerp Lerp(a, b, c) = S::fma(S::sub(b, a), c, a);
}
