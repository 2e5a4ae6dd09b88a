"""How far a result is from its twin, as a share of what the bound of the operation allows.

Enters: a line of `reference.OPERATIONS`, a result and the arguments that it came of. Leaves: a number; above 1 the
kernel is wrong. Tests, self-test and benchmarks judge by it. Read `reference.py` first.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - it judges by the twin, which is NumPy; commands do not import it at start-up

from sovereign.compute.trueno.reference import OPERATIONS, element_type

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["share"]


def share(name: str, result: object, *arguments: Any, **options: Any) -> float:
    """The largest error of a result in units of what is allowed; infinite where no bound excuses it.

    An operation without a bound has to give the nearest representable number. NaN answers NaN, and an infinity the
    same infinity; where the exact result lies within its bound of the largest number, both sides of it are right.

    >>> half = np.float32([0.5])
    >>> share("add", np.float32([1.0]), half, half), share("add", np.float32([1.25]), half, half)
    (0.0, inf)
    """
    operation = OPERATIONS[name]
    element = element_type(*arguments)
    with np.errstate(all="ignore"):
        exact = np.asarray(operation.exact(*arguments, **options))
        got = np.asarray(operation.seen(result))
        if got.shape != exact.shape:
            return math.inf
        if operation.allowed is None:
            return _nearest(got, exact, element)
        allowed = np.broadcast_to(operation.allowed(*arguments, **options), exact.shape)
        return _largest(got.astype(exact.dtype), exact, allowed, float(np.finfo(element).max))


def _nearest(got: Array, exact: Array, element: np.dtype[Any]) -> float:
    if exact.dtype.kind != "f":
        return 0.0 if np.array_equal(got, exact) else math.inf
    return 0.0 if np.array_equal(got, exact.astype(element), equal_nan=True) else math.inf


def _largest(got: Array, exact: Array, allowed: Array, top: float) -> float:
    if exact.size == 0:
        return 0.0
    margin = np.where(np.isfinite(allowed), allowed, 0.0)
    is_over = np.isinf(got) & (np.sign(got) == np.sign(exact)) & (np.abs(exact) + margin >= top)
    is_same = (got == exact) | (np.isnan(got) & np.isnan(exact)) | is_over
    # Where the terms of a bound overflow, every finite result is within it.
    error = np.where(np.isinf(allowed) & np.isfinite(got), 0.0, np.abs(got - exact) / allowed)
    worst = np.where(is_same, 0.0, error)
    return math.inf if np.isnan(worst).any() else float(np.max(worst))
