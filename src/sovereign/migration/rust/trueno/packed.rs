//! Right sides of products, laid out once for many products.

use core::marker::PhantomData;

use crate::{Backend, Element, Error, Kernels, View, generic::matmul::Panels, product::Source};

/// A matrix in the order in which a backend's kernel reads right sides.
///
/// Its memory belongs to the caller, who asks [`Kernels::packed_len`] how much is needed; 64-byte aligned memory is
/// read faster. The order is that of one backend and of no file: pack again instead of keeping it.
#[derive(Debug)]
pub struct PackedMatrix<'a, T> {
    panels: *const T,
    rows: usize,
    columns: usize,
    backend: Backend,
    memory: PhantomData<&'a [T]>,
}

// SAFETY: it reads memory that is borrowed for as long as it lives.
unsafe impl<T: Sync> Send for PackedMatrix<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for PackedMatrix<'_, T> {}

impl Kernels {
    /// Elements that a packed matrix of this shape takes.
    pub fn packed_len<T: Element>(&self, rows: usize, columns: usize) -> Option<usize> {
        // SAFETY: this machine can run the kernel.
        let width = unsafe { (self.of::<T>().tile)() }.columns;
        columns.checked_next_multiple_of(width)?.checked_mul(rows)
    }

    /// Lay `b` into `memory` so that products with it on the right begin at once.
    pub fn pack<'a, T: Element>(&self, b: View<T>, memory: &'a mut [T]) -> Result<PackedMatrix<'a, T>, Error> {
        let [rows, columns] = b.shape();
        match self.packed_len::<T>(rows, columns) {
            Some(needed) if needed <= memory.len() => {}
            _ => return Err(Error::MatrixTooLarge { rows, columns, len: memory.len() }),
        }
        // SAFETY: this machine can run the kernels; the view was checked, and the panels fit into the memory.
        unsafe {
            let width = (self.of::<T>().tile)().columns;
            let out = memory.as_mut_ptr();
            (self.of::<T>().pack)(&Panels { from: b.grid(), rows, columns, width, stride: rows * width, out });
        }
        self.packed(memory, rows, columns)
    }

    /// A matrix that [`Kernels::pack`] of this backend laid into `memory` earlier.
    ///
    /// The length is checked, the order cannot be: memory packed for another shape gives wrong products.
    pub fn packed<'a, T: Element>(
        &self,
        memory: &'a [T],
        rows: usize,
        columns: usize,
    ) -> Result<PackedMatrix<'a, T>, Error> {
        match self.packed_len::<T>(rows, columns) {
            Some(needed) if needed <= memory.len() => {
                let panels = memory.as_ptr();
                Ok(PackedMatrix { panels, rows, columns, backend: self.backend(), memory: PhantomData })
            }
            _ => Err(Error::MatrixTooLarge { rows, columns, len: memory.len() }),
        }
    }
}

impl<T: Element> PackedMatrix<'_, T> {
    /// Rows and columns of the matrix that was packed.
    pub fn shape(&self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    /// The backend whose order this is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    pub(crate) fn source(&self, kernels: &Kernels) -> Result<Source<T>, Error> {
        if kernels.backend() != self.backend {
            return Err(Error::PackedElsewhere { packed: self.backend, used: kernels.backend() });
        }
        // SAFETY: this machine can run the kernel.
        let width = unsafe { (kernels.of::<T>().tile)() }.columns;
        Ok(Source::Panels { start: self.panels, stride: self.rows * width })
    }
}
