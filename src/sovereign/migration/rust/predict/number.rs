//! The arithmetic of one row: what is needed of `f32` and `f64`, without the standard library.

use core::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// A number that rows are made of: `f32` or `f64`, and nothing else.
pub trait Number:
    Copy
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + AddAssign
    + Div<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + Sub<Output = Self>
    + 'static
{
    /// Nothing.
    const ZERO: Self;
    /// The unit.
    const ONE: Self;
    /// No number.
    const NAN: Self;
    /// More than every number.
    const INFINITY: Self;

    /// The nearest number to one of single precision.
    fn of_single(x: f32) -> Self;
    /// The nearest number to one of double precision.
    fn of_double(x: f64) -> Self;
    /// The nearest number of single precision.
    fn single(self) -> f32;
    /// The number in double precision.
    fn double(self) -> f64;
    /// The amount.
    fn abs(self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// e to this power.
    fn exp(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// This number to that power.
    fn pow(self, exponent: Self) -> Self;

    /// Whether it is neither infinite nor NaN.
    #[inline]
    fn is_finite(self) -> bool {
        self.abs() < Self::INFINITY
    }

    /// Whether it is NaN.
    #[inline]
    #[allow(clippy::eq_op)]
    fn is_nan(self) -> bool {
        self != self
    }

    /// `1 / (1 + exp(-x))`, without overflow on the way.
    #[inline]
    fn logistic(self) -> Self {
        let small = (-self.abs()).exp();
        (if self < Self::ZERO { small } else { Self::ONE }) / (Self::ONE + small)
    }
}

macro_rules! number {
    ($type:ident, $abs:ident, $sqrt:ident, $exp:ident, $log:ident, $tanh:ident, $pow:ident) => {
        impl Number for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const NAN: Self = $type::NAN;
            const INFINITY: Self = $type::INFINITY;

            #[inline]
            fn of_single(x: f32) -> Self {
                x as Self
            }

            #[inline]
            fn of_double(x: f64) -> Self {
                x as Self
            }

            #[inline]
            fn single(self) -> f32 {
                self as f32
            }

            #[inline]
            fn double(self) -> f64 {
                self as f64
            }

            #[inline]
            fn abs(self) -> Self {
                libm::$abs(self)
            }

            #[inline]
            fn sqrt(self) -> Self {
                libm::$sqrt(self)
            }

            #[inline]
            fn exp(self) -> Self {
                libm::$exp(self)
            }

            #[inline]
            fn ln(self) -> Self {
                libm::$log(self)
            }

            #[inline]
            fn tanh(self) -> Self {
                libm::$tanh(self)
            }

            #[inline]
            fn pow(self, exponent: Self) -> Self {
                libm::$pow(self, exponent)
            }
        }
    };
}

number!(f32, fabsf, sqrtf, expf, logf, tanhf, powf);
number!(f64, fabs, sqrt, exp, log, tanh, pow);
