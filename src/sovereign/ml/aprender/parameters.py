"""Parameters that make sense, and weights of classes.

Enters: what a user gave a constructor, when `fit` looks at it. Leaves: an error that says what is allowed, or weights
of rows. Read `base.py` next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["class_factors", "require", "seed_of", "with_class_weights"]


def require(name: str, value: Any, allowed: str, *, makes_sense: bool) -> None:
    """Refuse a parameter that makes no sense.

    Errors    ParameterError  with the value and what is allowed.
    """
    if not makes_sense:
        message = f"`{name}` should be {allowed}, it is: `{value}`"
        raise ParameterError("aprender.parameter", message, name=name, value=value, allowed=allowed)


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
