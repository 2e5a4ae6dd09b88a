"""What the builders of `from_sklearn` share: a refusal that names the parameter, and numbers in a common type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np  # noqa: TID253 - every builder handles arrays

from sovereign.errors import ParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["floats", "refuse"]


def refuse(model: Any, parameter: str, value: Any, allowed: Any) -> NoReturn:
    """Say which parameter of a model stands in the way of taking it over.

    Errors    ParameterError  always.
    """
    name = type(model).__name__
    message = f"{name} is taken over with `{parameter}` of `{allowed}` alone, it has: `{value!r}`"
    raise ParameterError("aprender.unsupported", message, name=parameter, value=value, allowed=allowed)


def floats(*arrays: Any) -> list[NDArray[Any]]:
    """The arrays in one type: single precision where all have it, double otherwise."""
    found = [np.asarray(array) for array in arrays]
    dtype = np.float32 if all(array.dtype == np.float32 for array in found) else np.float64
    return [np.ascontiguousarray(array, dtype=dtype) for array in found]
