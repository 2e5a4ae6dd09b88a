"""Scikit-learn's own checks of an estimator, one case for each, and what else tests of estimators share."""

from __future__ import annotations

import pickle
import warnings
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

# Ours do without scikit-learn, and so without its base class; the checks say so each time and then go on.
_NOT_THEIRS = "Estimator .* does not inherit from `sklearn.base.BaseEstimator`"

# These look at arrays of other libraries, where the environment says so; else they skip themselves.
_SKIPPED = ("check_array_api_input",)

without_base_class = pytest.mark.filterwarnings(f"ignore:{_NOT_THEIRS}")
"""The mark that tests of these cases bear."""


def peer_checks(estimators: Iterable[Any]) -> list[Any]:
    """A case for each estimator and each check: a copy of the estimator, and the check to call with it."""
    from sklearn.utils.estimator_checks import estimator_checks_generator

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", _NOT_THEIRS)
        return [
            pytest.param(copy, check, id=f"{estimator}-{getattr(check, 'func', check).__name__}-{place}")
            for estimator in estimators
            for place, (copy, check) in enumerate(estimator_checks_generator(estimator))
            if getattr(check, "func", check).__name__ not in _SKIPPED
        ]


def copied(estimator: Any) -> Any:
    """The estimator as it comes out of another process."""
    return pickle.loads(pickle.dumps(estimator))  # noqa: S301 - made here
