//! The functions whose value is not one instruction.

use crate::simd::Simd;

/// Exponential, logarithm and what is made of them; NaN where the argument is NaN.
///
/// # Safety
/// As [`Simd`].
pub(crate) trait Functions: Simd {
    /// e to the power `x`.
    unsafe fn exp(x: Self::Register) -> Self::Register;
    /// The power of two by which `exp_below_zero` is too large, so that none of its values is below the normal ones.
    const SCALE_BELOW_ZERO: f64;
    /// `exp(x)` for `x <= 0` that was rounded already, when the relative error may grow by |x| / 20 roundings.
    unsafe fn exp_below_zero(x: Self::Register) -> Self::Register;
    /// The natural logarithm; minus infinity at zero, NaN below.
    unsafe fn log(x: Self::Register) -> Self::Register;
    /// The hyperbolic tangent.
    unsafe fn tanh(x: Self::Register) -> Self::Register;
    /// `1 / (1 + exp(-x))`.
    unsafe fn sigmoid(x: Self::Register) -> Self::Register;
    /// `x sigmoid(x)`; -0 at minus infinity.
    unsafe fn silu(x: Self::Register) -> Self::Register;
    /// `x Φ(x)`; -0 at minus infinity.
    unsafe fn gelu(x: Self::Register) -> Self::Register;
    /// `gelu` approximated by `tanh`; -0 at minus infinity.
    unsafe fn gelu_tanh(x: Self::Register) -> Self::Register;
    /// `a` to the power `b`, with the special cases of IEEE 754.
    unsafe fn pow(a: Self::Register, b: Self::Register) -> Self::Register;
}

/// Functions by `libm` in double precision, one lane after the other.
macro_rules! by_lane {
    ($($name:ident($($argument:ident),+);)+) => {$(
        #[inline(always)]
        unsafe fn $name($($argument: Self::Register),+) -> Self::Register {
            use $crate::{element::Float as _, operand::WIDEST};
            // SAFETY: the arrays have room for the longest register.
            unsafe {
                $(
                    let mut lanes = [Self::Element::ZERO; WIDEST];
                    Self::store(lanes.as_mut_ptr(), $argument);
                    let $argument = lanes;
                )+
                let mut lanes = [Self::Element::ZERO; WIDEST];
                let mut i = 0;
                while i < Self::LANES {
                    lanes[i] = Self::Element::from_f64($crate::exact::$name($($argument[i].to_f64()),+));
                    i += 1;
                }
                Self::load(lanes.as_ptr())
            }
        }
    )+};
}

/// The functions of a register of `f32`.
macro_rules! functions_of_single {
    ($simd:ty) => {
        impl $crate::generic::functions::Functions for $simd {
            const SCALE_BELOW_ZERO: f64 = <Self as $crate::simd::SimdSingle>::SCALE_BELOW_ZERO;

            $crate::generic::functions::functions_of_single! { @ exp log tanh sigmoid silu gelu gelu_tanh }

            #[inline(always)]
            unsafe fn pow(a: Self::Register, b: Self::Register) -> Self::Register {
                // SAFETY: the caller has the instruction set.
                unsafe { $crate::generic::single::pow::<Self>(a, b) }
            }

            #[inline(always)]
            unsafe fn exp_below_zero(x: Self::Register) -> Self::Register {
                // SAFETY: the caller has the instruction set.
                unsafe { <Self as $crate::simd::SimdSingle>::exp_below_zero(x) }
            }
        }
    };
    (@ $($name:ident)+) => {$(
        #[inline(always)]
        unsafe fn $name(x: Self::Register) -> Self::Register {
            // SAFETY: the caller has the instruction set.
            unsafe { $crate::generic::single::$name::<Self>(x) }
        }
    )+};
}

/// The functions of a register of `f64`.
macro_rules! functions_of_double {
    ($simd:ty) => {
        impl $crate::generic::functions::Functions for $simd {
            const SCALE_BELOW_ZERO: f64 = 1.0;

            $crate::generic::functions::by_lane! {
                exp(x); log(x); tanh(x); sigmoid(x); silu(x); gelu(x); gelu_tanh(x); pow(a, b);
            }

            #[inline(always)]
            unsafe fn exp_below_zero(x: Self::Register) -> Self::Register {
                // SAFETY: the caller has the instruction set.
                unsafe { Self::exp(x) }
            }
        }
    };
}

pub(crate) use {by_lane, functions_of_double, functions_of_single};
