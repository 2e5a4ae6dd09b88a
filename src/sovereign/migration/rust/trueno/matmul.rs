//! Products of matrices: shapes are checked here, `product.rs` cuts the work into blocks.
//!
//! # Accuracy
//!
//! `|got - Σ aᵢₚbₚⱼ| <= (p + 2)·u·Σ |aᵢₚbₚⱼ|` for `p` terms and half the distance u from 1 to the next number, plus two
//! roundings for what is added. The terms of an element are added in the same order however many threads there are;
//! backends add them in different orders. Infinities and NaN follow IEEE 754: no term is left out, not even where a
//! factor is zero.

use core::ptr;

use crate::{
    Binary, Element, Error, Kernels, Operand, PackedMatrix, Unary, View, ViewMut,
    matrix::require_shape,
    product::{Finish, Product, Source},
};

/// The right side of a product.
#[derive(Debug, Clone, Copy)]
pub enum Right<'a, T> {
    /// A matrix of any strides.
    View(View<'a, T>),
    /// A matrix that was packed before.
    Packed(&'a PackedMatrix<'a, T>),
}

/// What follows a product before it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Epilogue<'a, T> {
    /// Added to each row.
    pub bias: Option<&'a [T]>,
    /// Computed of each element at last.
    pub activation: Option<Unary<T>>,
    /// Whether the product is added to what the output holds.
    pub accumulate: bool,
}

impl<T> Default for Epilogue<'_, T> {
    fn default() -> Self {
        Self { bias: None, activation: None, accumulate: false }
    }
}

impl Kernels {
    /// Lay `a * b` and what `epilogue` makes of it into `out`, on at most `threads` threads.
    pub fn matmul<T: Element>(
        &self,
        a: View<T>,
        b: Right<T>,
        epilogue: Epilogue<T>,
        out: &mut ViewMut<T>,
        threads: usize,
    ) -> Result<(), Error> {
        let (shape, right) = match b {
            Right::View(b) => (b.shape(), Source::Grid(b.grid())),
            Right::Packed(b) => (b.shape(), b.source(self)?),
        };
        require_shape(shape, [a.columns(), shape[1]])?;
        require_shape(out.shape(), [a.rows(), shape[1]])?;
        if let Some(bias) = epilogue.bias {
            require_shape([1, bias.len()], [1, shape[1]])?;
        }
        let product = Product {
            rows: a.rows(),
            columns: shape[1],
            depth: a.columns(),
            a: a.grid(),
            b: right,
            bias: epilogue.bias.map_or(ptr::null(), <[T]>::as_ptr),
            finish: epilogue.activation.map_or(Finish::Nothing, Finish::Activation),
            out: out.start(),
            out_row: out.row_stride(),
            is_accumulated: epilogue.accumulate,
            is_subtracted: false,
            may_be_vector: true,
        };
        // SAFETY: shapes fit, views were checked when they were made, and borrows keep `out` apart.
        unsafe { product.run(self, threads) };
        Ok(())
    }

    /// Lay `a * x` into `out`; for `xᵀ * a` give the transposed view.
    pub fn matvec<T: Element>(&self, a: View<T>, x: &[T], out: &mut [T], threads: usize) -> Result<(), Error> {
        let (x, rows) = (View::new(x, x.len(), 1)?, out.len());
        self.matmul(a, Right::View(x), Epilogue::default(), &mut ViewMut::new(out, rows, 1)?, threads)
    }

    /// Lay `a[i] * b[j]` into element `(i, j)` of `out`.
    pub fn outer<T: Element>(&self, a: &[T], b: &[T], out: &mut ViewMut<T>) -> Result<(), Error> {
        require_shape(out.shape(), [a.len(), b.len()])?;
        for (i, &factor) in a.iter().enumerate() {
            self.zip(Binary::Mul, Operand::Scalar(factor), Operand::Slice(b), out.row(i))?;
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
