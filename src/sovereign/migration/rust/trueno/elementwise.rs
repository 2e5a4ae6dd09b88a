//! Operations on single elements.

use crate::{
    Element, Error, Kernels,
    kernels::Table,
    operand::{Operand, Splat},
};

/// A kernel for one operand, see [`Table`].
pub(crate) type UnaryKernel<T> = unsafe fn(*const T, usize, *mut T, usize, T, T);
/// A kernel for two operands.
pub(crate) type BinaryKernel<T> = unsafe fn(*const T, usize, *const T, usize, *mut T, usize);
/// A kernel for three operands.
pub(crate) type TernaryKernel<T> = unsafe fn(*const T, usize, *const T, usize, *const T, usize, *mut T, usize);

/// An operation on one operand.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Unary<T> {
    /// The amount.
    Abs,
    /// The other sign.
    Neg,
    /// The square root; NaN below zero.
    Sqrt,
    /// e to this power.
    Exp,
    /// The natural logarithm; NaN below zero.
    Log,
    /// What is above zero, else zero.
    Relu,
    /// What is above zero, else this share of it.
    LeakyRelu {
        /// The factor below zero.
        slope: T,
    },
    /// `x Φ(x)` with the normal distribution Φ.
    Gelu,
    /// The approximation of `Gelu` by a hyperbolic tangent.
    GeluTanh,
    /// `x sigmoid(x)`.
    Silu,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// Not below `low`, then not above `high`.
    Clip {
        /// The smallest value that can come out; `high` where that is smaller.
        low: T,
        /// The largest value that can come out.
        high: T,
    },
    /// `x²`.
    Square,
    /// `1 / x`.
    Reciprocal,
}

/// An operation on two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Binary {
    /// `a + b`.
    Add,
    /// `a - b`.
    Sub,
    /// `a * b`.
    Mul,
    /// `a / b`.
    Div,
    /// The smaller; NaN where either is NaN.
    Minimum,
    /// The larger; NaN where either is NaN.
    Maximum,
    /// `a` to the power `b`.
    Pow,
}

/// An operation on three operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ternary {
    /// `a * b + c`.
    Fma,
    /// `a + (b - a) * c`.
    Lerp,
}

impl<T: Element> Unary<T> {
    /// The kernel and its two numbers.
    #[inline]
    pub(crate) fn kernel(self, table: &Table<T>) -> (UnaryKernel<T>, T, T) {
        let plain = |kernel| (kernel, T::ZERO, T::ZERO);
        match self {
            Self::Abs => plain(table.abs),
            Self::Neg => plain(table.neg),
            Self::Sqrt => plain(table.sqrt),
            Self::Exp => plain(table.exp),
            Self::Log => plain(table.log),
            Self::Relu => plain(table.relu),
            Self::LeakyRelu { slope } => (table.leaky_relu, slope, T::ZERO),
            Self::Gelu => plain(table.gelu),
            Self::GeluTanh => plain(table.gelu_tanh),
            Self::Silu => plain(table.silu),
            Self::Sigmoid => plain(table.sigmoid),
            Self::Tanh => plain(table.tanh),
            Self::Clip { low, high } => (table.clip, low, high),
            Self::Square => plain(table.square),
            Self::Reciprocal => (table.reciprocal, T::ONE, T::ZERO),
        }
    }
}

impl Binary {
    #[inline]
    pub(crate) fn kernel<T: Element>(self, table: &Table<T>) -> BinaryKernel<T> {
        match self {
            Self::Add => table.add,
            Self::Sub => table.sub,
            Self::Mul => table.mul,
            Self::Div => table.div,
            Self::Minimum => table.minimum,
            Self::Maximum => table.maximum,
            Self::Pow => table.pow,
        }
    }
}

impl Ternary {
    #[inline]
    pub(crate) fn kernel<T: Element>(self, table: &Table<T>) -> TernaryKernel<T> {
        match self {
            Self::Fma => table.fma,
            Self::Lerp => table.lerp,
        }
    }
}

impl Kernels {
    /// Lay `op` of each element of `x` into `out`.
    #[inline]
    pub fn map<T: Element>(&self, op: Unary<T>, x: Operand<T>, out: &mut [T]) -> Result<(), Error> {
        let (start, n, mut splat) = (out.as_mut_ptr(), out.len(), Splat::new());
        let x = x.source(start, n, &mut splat)?;
        let (kernel, p, q) = op.kernel(self.of());
        // SAFETY: this machine can run the kernel; the operand has `n` elements, apart from the output or the same.
        unsafe { kernel(x.start, x.step, start, n, p, q) };
        Ok(())
    }

    /// Lay `op` of the elements of `a` and `b` into `out`.
    #[inline]
    pub fn zip<T: Element>(&self, op: Binary, a: Operand<T>, b: Operand<T>, out: &mut [T]) -> Result<(), Error> {
        let (start, n) = (out.as_mut_ptr(), out.len());
        let (mut a_splat, mut b_splat) = (Splat::new(), Splat::new());
        let (a, b) = (a.source(start, n, &mut a_splat)?, b.source(start, n, &mut b_splat)?);
        let kernel = op.kernel(self.of());
        // SAFETY: this machine can run the kernel; operands have `n` elements, apart from the output or the same.
        unsafe { kernel(a.start, a.step, b.start, b.step, start, n) };
        Ok(())
    }

    /// Lay `op` of the elements of `a`, `b` and `c` into `out`.
    #[inline]
    pub fn blend<T: Element>(
        &self,
        op: Ternary,
        a: Operand<T>,
        b: Operand<T>,
        c: Operand<T>,
        out: &mut [T],
    ) -> Result<(), Error> {
        let (start, n) = (out.as_mut_ptr(), out.len());
        let (mut a_splat, mut b_splat, mut c_splat) = (Splat::new(), Splat::new(), Splat::new());
        let a = a.source(start, n, &mut a_splat)?;
        let b = b.source(start, n, &mut b_splat)?;
        let c = c.source(start, n, &mut c_splat)?;
        let kernel = op.kernel(self.of());
        // SAFETY: this machine can run the kernel; operands have `n` elements, apart from the output or the same.
        unsafe { kernel(a.start, a.step, b.start, b.step, c.start, c.step, start, n) };
        Ok(())
    }
}
