//! Running sums.

use crate::{Element, Error, Kernels, operand::Operand};

impl Kernels {
    /// Lay the sum of the first `i + 1` elements of `x` at place `i` of `out`.
    pub fn prefix_sum<T: Element>(&self, x: Operand<'_, T>, out: &mut [T]) -> Result<(), Error> {
        let x = match x {
            Operand::Slice(x) if x.len() == out.len() => x.as_ptr(),
            Operand::Slice(x) => return Err(Error::LengthsDiffer { left: x.len(), right: out.len() }),
            Operand::Out => out.as_ptr(),
            Operand::Scalar(x) => {
                out.fill(x);
                out.as_ptr()
            }
        };
        // SAFETY: this machine can run the kernel; `x` has as many elements, apart from the output or the same.
        unsafe { (self.of::<T>().prefix_sum)(x, out.as_mut_ptr(), out.len()) };
        Ok(())
    }
}
