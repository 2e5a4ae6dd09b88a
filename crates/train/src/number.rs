//! The element types that data comes in; sums are carried in double precision whatever it is.

/// A `f32` or `f64`.
pub trait Number: Copy + Send + Sync + PartialEq + 'static {
    /// From 1 to the next number.
    const EPSILON: f64;

    /// The same number in double precision.
    fn double(self) -> f64;
    /// The nearest number of this type.
    fn of(value: f64) -> Self;
}

impl Number for f32 {
    const EPSILON: f64 = Self::EPSILON as f64;

    #[inline(always)]
    fn double(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn of(value: f64) -> Self {
        value as Self
    }
}

impl Number for f64 {
    const EPSILON: f64 = Self::EPSILON;

    #[inline(always)]
    fn double(self) -> f64 {
        self
    }

    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }
}
