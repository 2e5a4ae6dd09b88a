//! Many elements to one number.

use crate::{Element, Error, Kernels, error::require_equal, generic::reduce::without_mean};

/// Which end of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extreme {
    /// The smallest.
    Min,
    /// The largest.
    Max,
}

/// How the length of a vector is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norm {
    /// The sum of the amounts.
    L1,
    /// The square root of the sum of squares.
    L2,
    /// The largest amount.
    Linf,
}

impl Kernels {
    /// The sum of the products `a[i] * b[i]`.
    #[inline]
    pub fn dot<T: Element>(&self, a: &[T], b: &[T]) -> Result<T, Error> {
        require_equal(a.len(), b.len())?;
        // SAFETY: this machine can run the kernel; lengths are equal.
        Ok(unsafe { (self.of::<T>().dot)(a.as_ptr(), b.as_ptr(), a.len()) })
    }

    /// The sum of the elements, 0 of none.
    #[inline]
    pub fn sum<T: Element>(&self, x: &[T]) -> T {
        // SAFETY: this machine can run the kernel.
        unsafe { (self.of::<T>().sum)(x.as_ptr(), x.len()) }
    }

    /// The arithmetic mean, nothing of none.
    pub fn mean<T: Element>(&self, x: &[T]) -> Option<T> {
        if x.is_empty() { None } else { Some(T::from_f64(self.center(x))) }
    }

    /// The sum of squared distances from the mean, divided by `n - ddof`; nothing where that is not positive.
    pub fn variance<T: Element>(&self, x: &[T], ddof: usize) -> Option<T> {
        let divisor = x.len().checked_sub(ddof).filter(|&divisor| divisor > 0)?;
        // The second pass runs about the rounded mean; what rounding moved it by is taken out again.
        let about = T::from_f64(self.center(x));
        // SAFETY: this machine can run the kernel.
        let [squares, distances] = unsafe { (self.of::<T>().moments)(x.as_ptr(), x.len(), about) };
        Some(T::from_f64(without_mean(squares, distances, x.len()) / divisor as f64))
    }

    /// The mean of at least one element, in double precision.
    fn center<T: Element>(&self, x: &[T]) -> f64 {
        // SAFETY: this machine can run the kernel.
        unsafe { (self.of::<T>().total)(x.as_ptr(), x.len()) / x.len() as f64 }
    }

    /// The smallest or largest element, nothing of none; NaN where one is NaN.
    #[inline]
    pub fn extreme<T: Element>(&self, extreme: Extreme, x: &[T]) -> Option<T> {
        let table = self.of::<T>();
        let kernel = if extreme == Extreme::Min { table.min } else { table.max };
        // SAFETY: this machine can run the kernel, and there is an element.
        (!x.is_empty()).then(|| unsafe { kernel(x.as_ptr(), x.len()) })
    }

    /// Where the smallest or largest element stands first, nothing of none; the first NaN where one is NaN.
    #[inline]
    pub fn position_of<T: Element>(&self, extreme: Extreme, x: &[T]) -> Option<usize> {
        let table = self.of::<T>();
        let kernel = if extreme == Extreme::Min { table.position_of_min } else { table.position_of_max };
        // SAFETY: this machine can run the kernel, and there is an element.
        (!x.is_empty()).then(|| unsafe { kernel(x.as_ptr(), x.len()) })
    }

    /// The norm, 0 of nothing; no square overflows or vanishes on the way.
    pub fn norm<T: Element>(&self, norm: Norm, x: &[T]) -> T {
        let table = self.of::<T>();
        // SAFETY: this machine can run the kernels.
        unsafe {
            match norm {
                Norm::L1 => (table.sum_of_amounts)(x.as_ptr(), x.len()),
                Norm::L2 => T::from_f64((table.length)(x.as_ptr(), x.len())),
                Norm::Linf => (table.largest_amount)(x.as_ptr(), x.len()),
            }
        }
    }
}
