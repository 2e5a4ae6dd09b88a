//! What the machine can do at most, for whoever times it.

use crate::{Backend, Element, Kernels, generic::limits::CHAINS};

impl Kernels {
    /// Run `rounds` rounds of multiplications and additions in as many registers as keep every unit busy.
    ///
    /// The result only keeps the compiler from dropping the work; [`Kernels::fma_loop_operations`] says how much it is.
    pub fn fma_loop<T: Element>(&self, rounds: usize) -> T {
        // SAFETY: this machine can run the kernel.
        unsafe { (self.of::<T>().fma_loop)(rounds) }
    }

    /// Additions and multiplications of [`Kernels::fma_loop`], a fused one counted twice.
    pub fn fma_loop_operations<T: Element>(&self, rounds: usize) -> usize {
        rounds * CHAINS * 2 * self.lanes::<T>()
    }

    /// Read all elements and do the least with them; the result only keeps the compiler from dropping the work.
    pub fn read_loop<T: Element>(&self, x: &[T]) -> T {
        // SAFETY: this machine can run the kernel.
        unsafe { (self.of::<T>().read_loop)(x.as_ptr(), x.len()) }
    }

    /// Elements in a register.
    pub fn lanes<T: Element>(&self) -> usize {
        let register_bytes = match self.backend {
            Backend::Scalar => return 1,
            Backend::Sse2 | Backend::Neon | Backend::WasmSimd128 => 16,
            Backend::Avx2 => 32,
            Backend::Avx512 => 64,
        };
        register_bytes / size_of::<T>()
    }
}
