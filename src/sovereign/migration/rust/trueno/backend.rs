//! Which instruction sets there are, which of them this machine has, and the one that was chosen.

use core::{
    ptr,
    str::FromStr,
    sync::atomic::{AtomicPtr, Ordering},
};

use crate::{Error, kernels::Kernels, scalar};

/// An instruction set that has kernels of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// Plain Rust; every machine has it, and it is the oracle of the others.
    Scalar,
    /// Any x86-64, 4 lanes.
    Sse2,
    /// 64-bit ARM, 4 lanes.
    Neon,
    /// WebAssembly SIMD128, 4 lanes; known when the module is compiled.
    WasmSimd128,
    /// x86-64 with AVX2 and FMA, 8 lanes.
    Avx2,
    /// x86-64 with AVX-512 F, BW, DQ and VL, 16 lanes; VNNI where the processor has it.
    Avx512,
}

impl Backend {
    /// Every backend, slowest first.
    pub const ALL: [Self; 6] = [Self::Scalar, Self::Sse2, Self::Neon, Self::WasmSimd128, Self::Avx2, Self::Avx512];

    /// The backend that calls without a named one use: the fastest that this machine has.
    pub fn detect() -> Self {
        kernels().backend
    }

    /// Whether this machine can run it.
    pub fn is_available(self) -> bool {
        self.kernels().is_ok()
    }

    /// The name under which it is asked for.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Sse2 => "sse2",
            Self::Neon => "neon",
            Self::WasmSimd128 => "wasm_simd128",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Its functions, if this build has them and this processor and its operating system can run them.
    pub fn kernels(self) -> Result<&'static Kernels, Error> {
        match self {
            Self::Scalar => Ok(&scalar::KERNELS),
            #[cfg(target_arch = "x86_64")]
            Self::Sse2 => Ok(&crate::sse2::KERNELS),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 if crate::cpu::has_avx2() => Ok(&crate::avx2::KERNELS),
            #[cfg(all(target_arch = "x86_64", avx512_compiled))]
            Self::Avx512 if crate::cpu::has_avx512_vnni() => Ok(&crate::avx512::KERNELS_WITH_VNNI),
            #[cfg(all(target_arch = "x86_64", avx512_compiled))]
            Self::Avx512 if crate::cpu::has_avx512() => Ok(&crate::avx512::KERNELS),
            #[cfg(target_arch = "aarch64")]
            Self::Neon => Ok(&crate::neon::KERNELS),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::WasmSimd128 => Ok(&crate::wasm::KERNELS),
            _ => Err(Error::BackendMissing(self)),
        }
    }
}

impl FromStr for Backend {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|backend| backend.name() == name).ok_or(Error::BackendUnknown)
    }
}

static CHOSEN: AtomicPtr<Kernels> = AtomicPtr::new(ptr::null_mut());

/// The functions of the fastest backend, looked up once; two threads that look at the same time find the same.
#[inline]
pub fn kernels() -> &'static Kernels {
    // SAFETY: the pointer is null or came from a `&'static Kernels` in `choose`. Relaxed is enough, because what it
    // points to is a constant of the program that nobody writes.
    match unsafe { CHOSEN.load(Ordering::Relaxed).as_ref() } {
        Some(kernels) => kernels,
        None => choose(),
    }
}

#[cold]
fn choose() -> &'static Kernels {
    let found = Backend::ALL.into_iter().rev().find_map(|backend| backend.kernels().ok()).unwrap_or(&scalar::KERNELS);
    CHOSEN.store(ptr::from_ref(found).cast_mut(), Ordering::Relaxed);
    found
}
