"""Parameters that make sense, and weights of classes.

Enters: what a user gave a constructor, when `fit` looks at it. Leaves: an error that says what is allowed, or weights
of rows. Read `base.py` next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "choice",
    "class_factors",
    "count",
    "is_real",
    "is_whole",
    "number",
    "optional_count",
    "refuse",
    "require",
    "seed_of",
    "truth",
    "with_class_weights",
]


def refuse(name: str, value: Any, allowed: str) -> ParameterError:
    """The error of a parameter that is not what it may be."""
    message = f"`{name}` should be {allowed}, it is: `{value!r}`"
    return ParameterError("aprender.parameter", message, name=name, value=value, allowed=allowed)


def is_whole(value: Any) -> bool:
    """Whether it is a whole number, and no truth value."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool | np.bool_)


def is_real(value: Any) -> bool:
    """Whether it is a number that is finite, and no truth value."""
    is_number = is_whole(value) or isinstance(value, float | np.floating)
    return is_number and math.isfinite(value)


def count(name: str, value: Any, least: int) -> int:
    """A whole number from `least` on."""
    if is_whole(value) and value >= least:
        return int(value)
    raise refuse(name, value, f"a whole number from {least} on")


def optional_count(name: str, value: Any, least: int) -> int | None:
    """None, or a whole number from `least` on."""
    return None if value is None else count(name, value, least)


def number(name: str, value: Any, least: float, most: float = math.inf) -> float:
    """A number from `least` to `most`."""
    if is_real(value) and least <= value <= most:
        return float(value)
    raise refuse(name, value, f"a number from {least} to {most}" if most < math.inf else f"a number from {least} on")


def choice(name: str, value: Any, allowed: Sequence[str]) -> str:
    """One of some names."""
    if isinstance(value, str) and value in allowed:
        return value
    raise refuse(name, value, f"one of {', '.join(allowed)}")


def truth(name: str, value: Any) -> bool:
    """True or False."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise refuse(name, value, "True or False")


def require(name: str, value: Any, allowed: str, *, makes_sense: bool) -> None:
    """Refuse a parameter that makes no sense.

    Errors    ParameterError  with the value and what is allowed.
    """
    if not makes_sense:
        raise refuse(name, value, allowed)


def seed_of(generator: np.random.Generator) -> int:
    """A seed for the random numbers of a native kernel."""
    return int(generator.integers(2**62))


def class_factors(
    class_weight: Any,
    classes: NDArray[Any],
    indexes: NDArray[np.int32],
    weights: NDArray[np.float64] | None,
) -> NDArray[np.float64] | None:
    """What the weights of each class's rows are multiplied by (k,); None where nothing is.

    Shapes    classes (k,), indexes (n,), weights (n,).
    Weights   "balanced" gives each class the same sum of weights; a dict gives factors by class, 1 where it has none.
    Errors    ParameterError  when it is neither, or names a class that there is not.
    """
    if class_weight is None:
        return None
    if isinstance(class_weight, str):
        require("class_weight", class_weight, '"balanced", a dict or None', makes_sense=class_weight == "balanced")
        counts = np.bincount(indexes, weights=weights, minlength=len(classes))
        # A class without weight has no rows that count, whatever its factor.
        factors: NDArray[np.float64] = counts.sum() / (len(classes) * np.where(counts > 0, counts, 1.0))
        return factors
    is_dict = isinstance(class_weight, Mapping)
    require("class_weight", class_weight, '"balanced", a dict or None', makes_sense=is_dict)
    labels = classes.tolist()
    unknown = [label for label in class_weight if label not in labels]
    require("class_weight", class_weight, f"weights of the classes {labels}", makes_sense=not unknown)
    return np.array([class_weight.get(label, 1.0) for label in labels], dtype=np.float64)


def with_class_weights(
    class_weight: Any,
    classes: NDArray[Any],
    indexes: NDArray[np.int32],
    weights: NDArray[np.float64] | None,
) -> NDArray[np.float64] | None:
    """The weights of rows (n,), each times the factor of its class; None where all would be 1.

    Shapes, weights and errors as of `class_factors`.
    """
    factors = class_factors(class_weight, classes, indexes, weights)
    if factors is None:
        return weights
    found: NDArray[np.float64] = factors[indexes]
    return found if weights is None else found * weights
