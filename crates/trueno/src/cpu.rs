//! What the processor can do and the operating system saves on a switch, asked without the standard library.
//!
//! A processor may have wide registers that the operating system does not preserve; using them then corrupts other
//! programs' numbers or ends this one. So both must agree: `cpuid` for the instructions, `xgetbv` for the registers.

#[cfg(target_arch = "x86_64")]
pub(crate) use x86::{has_avx2, has_avx512};

#[cfg(target_arch = "x86_64")]
mod x86 {
    // `__cpuid` became a safe function after our oldest Rust.
    #![allow(unused_unsafe)]

    use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};

    const OSXSAVE: u32 = 1 << 27;
    const AVX: u32 = 1 << 28;
    const FMA: u32 = 1 << 12;
    const AVX2: u32 = 1 << 5;
    const AVX512F: u32 = 1 << 16;

    /// State that the system saves: XMM and YMM registers; for AVX-512 the masks and the ZMM halves as well.
    const YMM_STATE: u64 = 0b0000_0110;
    const ZMM_STATE: u64 = 0b1110_0110;

    pub(crate) fn has_avx2() -> bool {
        has(AVX2, YMM_STATE)
    }

    #[cfg_attr(not(avx512_compiled), allow(dead_code))]
    pub(crate) fn has_avx512() -> bool {
        has(AVX512F, ZMM_STATE)
    }

    /// Whether leaf 7 names the feature, AVX and FMA are there, and the system saves the registers.
    fn has(feature: u32, state: u64) -> bool {
        // SAFETY: every x86-64 processor has `cpuid`; leaves above the highest it names are not asked.
        let (highest, basic) = unsafe { (__cpuid(0).eax, __cpuid(1).ecx) };
        let needed = OSXSAVE | AVX | FMA;
        if highest < 7 || basic & needed != needed {
            return false;
        }
        // SAFETY: leaf 7 was just found to exist, and `OSXSAVE` says that `xgetbv` may be used.
        let (extended, saved) = unsafe { (__cpuid_count(7, 0).ebx, saved_state()) };
        extended & feature != 0 && saved & state == state
    }

    /// The registers that the operating system preserves.
    ///
    /// # Safety
    /// `cpuid` must have shown `OSXSAVE`.
    #[target_feature(enable = "xsave")]
    unsafe fn saved_state() -> u64 {
        // SAFETY: the caller has seen `OSXSAVE`; register 0 always exists then.
        unsafe { _xgetbv(0) }
    }
}
