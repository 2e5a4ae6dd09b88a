"""Operations on vectors: `dot`, `sum`, `axpy`.

Enters: one-dimensional, contiguous buffers of `float32`, never copied and never converted; another element type is
refused, because a silent conversion costs more than the operation. Leaves: a number, or `y` changed in place.

The names are the native functions themselves, since a Python function around them would cost as much as the work on
a short vector. Their documentation is `help(dot)`, and `_native/_core.pyi` for tools. Read `backend.py` next.
"""

from __future__ import annotations

from sovereign.compute.trueno._kernels import axpy, dot, sum  # noqa: A004 - as NumPy names it

__all__ = ["axpy", "dot", "sum"]
