"""The native functions of this room."""

from __future__ import annotations

from sovereign._native import active_backend, axpy, backends, dot, sum  # noqa: A004 - as NumPy names it

__all__ = ["active_backend", "axpy", "backends", "dot", "sum"]
