"""Vectors: kernels in single precision, on the fastest instruction set that this machine has.

Enters: buffers of `float32`, as NumPy arrays are. Leaves: numbers, or the output changed in place. `vectors.py` holds
the operations, `backend.py` the choice of instruction set, `reference.py` the slow plain twin by which both are tested.
Read `vectors.py` first.
"""

from __future__ import annotations

from sovereign.compute.trueno.backend import Backend, active_backend, available_backends
from sovereign.compute.trueno.vectors import axpy, dot, sum  # noqa: A004 - as NumPy names it

__all__ = ["Backend", "active_backend", "available_backends", "axpy", "dot", "sum"]
