//! The numbers that kernels work on: `f32` and `f64`.

use core::fmt::Debug;

use crate::kernels::{Kernels, Table};

/// A number type that has kernels; `f32` and `f64`, nobody else can add one.
pub trait Element: Float {}

impl Element for f32 {}
impl Element for f64 {}

/// What generic code must know about a number type.
pub trait Float: Copy + PartialEq + PartialOrd + Debug + Default + Send + Sync + 'static {
    const ZERO: Self;
    const ONE: Self;
    const NAN: Self;
    const INFINITY: Self;
    const NEG_INFINITY: Self;
    const SMALLEST_NORMAL: f64;

    fn from_f64(x: f64) -> Self;
    fn to_f64(self) -> f64;

    #[inline(always)]
    #[allow(clippy::eq_op)]
    fn is_nan(self) -> bool {
        self != self
    }

    /// The kernels of this type.
    fn table(kernels: &Kernels) -> &Table<Self>;
}

macro_rules! float {
    ($type:ident, $field:ident) => {
        impl Float for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const NAN: Self = $type::NAN;
            const INFINITY: Self = $type::INFINITY;
            const NEG_INFINITY: Self = $type::NEG_INFINITY;
            const SMALLEST_NORMAL: f64 = $type::MIN_POSITIVE as f64;

            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                x as $type
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }

            #[inline(always)]
            fn table(kernels: &Kernels) -> &Table<Self> {
                &kernels.$field
            }
        }
    };
}

float!(f32, single);
float!(f64, double);
