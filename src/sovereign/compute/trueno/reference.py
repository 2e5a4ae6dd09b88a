"""The slow plain twin of `vectors.py`, in double precision with NumPy: the oracle of tests and self-test.

Enters: arrays of `float32`. Leaves: the result that exact arithmetic would give to about 16 digits, and `tolerance`,
how far a kernel may be from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np  # noqa: TID253 - the twin is NumPy; commands do not import it at start-up

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

__all__ = ["axpy", "dot", "sum", "tolerance"]

_UNIT_ROUNDOFF = 2.0**-24
_SMALLEST = 2.0**-149
_BLOCK = 8192
_LANES = 16


def dot(a: Vector, b: Vector) -> float:
    """The sum of the products, in double precision."""
    return float(np.sum(_products(a, b)))


def sum(x: Vector) -> float:  # noqa: A001 - as NumPy names it
    """The sum of the elements, in double precision."""
    return float(np.sum(x, dtype=np.float64))


def axpy(a: float, x: Vector, y: Vector) -> NDArray[np.float64]:
    """`y + a * x` as a new array, in double precision, `a` rounded to single first."""
    return y.astype(np.float64) + float(np.float32(a)) * x.astype(np.float64)


def tolerance(a: Vector, b: Vector | None = None) -> float:
    """How far `dot(a, b)`, or `sum(a)`, may be from the exact result; the bound that `crates/trueno` states."""
    terms = a.astype(np.float64) if b is None else _products(a, b)
    roundings = -(-min(a.size, _BLOCK) // _LANES) + 8
    underflow = 0.0 if b is None else a.size * _SMALLEST
    return roundings * _UNIT_ROUNDOFF * float(np.sum(np.abs(terms))) + underflow


def _products(a: Vector, b: Vector) -> NDArray[np.float64]:
    return a.astype(np.float64) * b.astype(np.float64)
