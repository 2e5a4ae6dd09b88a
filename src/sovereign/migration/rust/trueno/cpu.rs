//! What the processor can do and the operating system saves on a switch, asked without the standard library.
//!
//! A processor may have wide registers that the operating system does not preserve; using them then corrupts other
//! programs' numbers or ends this one. So both must agree: `cpuid` for the instructions, `xgetbv` for the registers.

// `__cpuid` became a safe function after our oldest Rust.
#![allow(unused_unsafe)]

use core::{
    arch::x86_64::{__cpuid, __cpuid_count, _xgetbv},
    sync::atomic::{AtomicU8, Ordering},
};

const OSXSAVE: u32 = 1 << 27;
const AVX: u32 = 1 << 28;
const FMA: u32 = 1 << 12;
const AVX2: u32 = 1 << 5;
/// AVX-512 F, DQ, BW and VL: what every server core since 2017 has.
const AVX512: u32 = 1 << 16 | 1 << 17 | 1 << 30 | 1 << 31;

/// AVX-512 VNNI, in the third register of the answer.
const VNNI: u32 = 1 << 11;

/// State that the system saves: XMM and YMM registers; for AVX-512 the masks and the ZMM halves as well.
const YMM_STATE: u64 = 0b0000_0110;
const ZMM_STATE: u64 = 0b1110_0110;

/// Bits of the answer.
const ASKED: u8 = 1;
const HAS_AVX2: u8 = 2;
const HAS_AVX512: u8 = 4;
const HAS_AVX512_VNNI: u8 = 8;

/// The answer, kept because a virtual machine takes microseconds for each `cpuid`; 0 = not asked yet.
static ANSWER: AtomicU8 = AtomicU8::new(0);

#[inline]
pub(crate) fn has_avx2() -> bool {
    answer() & HAS_AVX2 != 0
}

#[cfg_attr(not(avx512_compiled), allow(dead_code))]
#[inline]
pub(crate) fn has_avx512() -> bool {
    answer() & HAS_AVX512 != 0
}

#[cfg_attr(not(avx512_compiled), allow(dead_code))]
#[inline]
pub(crate) fn has_avx512_vnni() -> bool {
    answer() & HAS_AVX512_VNNI != 0
}

#[inline]
fn answer() -> u8 {
    match ANSWER.load(Ordering::Relaxed) {
        0 => ask(),
        known => known,
    }
}

/// Ask the processor; two threads that ask at the same time store the same.
#[cold]
fn ask() -> u8 {
    let ([extended, further], saved) = leaf_7_and_state().unwrap_or_default();
    let has = |feature, state| extended & feature == feature && saved & state == state;
    let mut answer = ASKED;
    if has(AVX2, YMM_STATE) {
        answer |= HAS_AVX2;
    }
    if has(AVX512, ZMM_STATE) {
        answer |= HAS_AVX512;
        if further & VNNI != 0 {
            answer |= HAS_AVX512_VNNI;
        }
    }
    ANSWER.store(answer, Ordering::Relaxed);
    answer
}

/// The extended features and the saved registers, where AVX and FMA are there at all.
fn leaf_7_and_state() -> Option<([u32; 2], u64)> {
    // SAFETY: every x86-64 processor has `cpuid` with leaves 0 and 1.
    let (highest, basic) = unsafe { (__cpuid(0).eax, __cpuid(1).ecx) };
    let needed = OSXSAVE | AVX | FMA;
    if highest < 7 || basic & needed != needed {
        return None;
    }
    // SAFETY: leaf 7 was just found to exist, and `OSXSAVE` says that `xgetbv` may be used.
    let (leaf, saved) = unsafe { (__cpuid_count(7, 0), saved_state()) };
    Some(([leaf.ebx, leaf.ecx], saved))
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
