//! What elementwise operations read.

use crate::{Error, element::Float};

/// A vector, one number for all places, or what stands in the output before the call.
///
/// Rust's borrows keep slices apart from the output; the case in which both are the same is named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand<'a, T> {
    /// As many elements as the output has.
    Slice(&'a [T]),
    /// The same number everywhere.
    Scalar(T),
    /// The output itself: the operation works in place.
    Out,
}

/// Elements of the longest register.
pub(crate) const WIDEST: usize = 16;

/// Where a kernel reads an operand: at `start`, and `step` elements on for each element of the output.
///
/// A number stands here as a register full of it with step 0: one loop then serves vectors and numbers.
pub(crate) struct Source<T> {
    pub(crate) start: *const T,
    pub(crate) step: usize,
}

/// Room for the register that stands for a number.
#[repr(align(64))]
pub(crate) struct Splat<T>([T; WIDEST]);

impl<T: Float> Splat<T> {
    pub(crate) const ZERO: Self = Self([T::ZERO; WIDEST]);

    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self::ZERO
    }

    /// Where a register full of `x` stands.
    #[inline(always)]
    pub(crate) fn fill(&mut self, x: T) -> *const T {
        self.0 = [x; WIDEST];
        self.0.as_ptr()
    }
}

impl<T: Float> Operand<'_, T> {
    /// Where to read for an output of `n` elements at `out`; numbers are laid into `splat`.
    #[inline(always)]
    pub(crate) fn source(self, out: *mut T, n: usize, splat: &mut Splat<T>) -> Result<Source<T>, Error> {
        match self {
            Self::Slice(x) if x.len() == n => Ok(Source { start: x.as_ptr(), step: 1 }),
            Self::Slice(x) => Err(Error::LengthsDiffer { left: x.len(), right: n }),
            Self::Scalar(x) => Ok(Source { start: splat.fill(x), step: 0 }),
            Self::Out => Ok(Source { start: out, step: 1 }),
        }
    }
}
