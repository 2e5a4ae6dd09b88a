"""Which instruction sets there are, which this machine has, and which one is in use.

Enters: nothing; the processor and the operating system were asked when the first kernel ran. Leaves: `Backend`, whose
members can be given to every kernel as `backend=`. Read `backend.rs` of `crates/trueno` next.
"""

from __future__ import annotations

from enum import StrEnum

from sovereign.compute.trueno import _kernels

__all__ = ["Backend", "active_backend", "available_backends"]


class Backend(StrEnum):
    """An instruction set that has kernels of its own."""

    SCALAR = "scalar"
    """Plain Rust; every machine has it, and it is the oracle of the others."""
    SSE2 = "sse2"
    """Every x86-64, 4 lanes."""
    NEON = "neon"
    """64-bit ARM, 4 lanes."""
    WASM_SIMD128 = "wasm_simd128"
    """WebAssembly, 4 lanes."""
    AVX2 = "avx2"
    """x86-64 with AVX2 and FMA, 8 lanes."""
    AVX512 = "avx512"
    """x86-64 with AVX-512F, 16 lanes."""
    GPU = "gpu"
    """A graphics processor; it has no kernels yet, so every function refuses it."""


def active_backend() -> Backend:
    """The backend that calls without `backend=` use: the fastest that this machine has.

    >>> active_backend() in available_backends()
    True
    """
    return Backend(_kernels.active_backend())


def available_backends() -> tuple[Backend, ...]:
    """The backends that this machine can run, slowest first.

    >>> Backend.SCALAR in available_backends()
    True
    """
    return tuple(map(Backend, _kernels.backends()))
