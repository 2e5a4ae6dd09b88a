"""What scikit-learn's users catch and filter by class, in its own classes where it is loaded.

`except sklearn.exceptions.NotFittedError` and `warnings.filterwarnings(category=ConvergenceWarning)` stand in programs
that come here. Nobody who has not imported scikit-learn pays for it: this module looks whether it is loaded and never
loads it. Leaves: error and warning classes that are ours, and scikit-learn's too where there is one.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, cast

from sovereign.errors import NotFittedError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["ConversionWarning", "NoConvergenceWarning", "conversion_warning", "no_convergence", "not_fitted"]


class NoConvergenceWarning(UserWarning):
    """An iteration ended at its limit; the model is what it had reached by then."""


class ConversionWarning(UserWarning):
    """Input was taken in another form than it was given in."""


def not_fitted(estimator: object) -> NotFittedError:
    """The error of an estimator that was used before `fit`."""
    name = type(estimator).__name__
    message = f"This {name} instance is not fitted yet, call `fit` before this method of it"
    family = cast("type[NotFittedError]", _joined(NotFittedError, _exceptions(), "NotFittedError"))
    return family("aprender.not_fitted", message, estimator=name)


def no_convergence() -> type[Warning]:
    """The class of warnings about an iteration that ended at its limit."""
    return cast("type[Warning]", _joined(NoConvergenceWarning, _exceptions(), "ConvergenceWarning"))


def conversion_warning() -> type[Warning]:
    """The class of warnings about input in another form than is usual."""
    return cast("type[Warning]", _joined(ConversionWarning, _exceptions(), "DataConversionWarning"))


def _exceptions() -> ModuleType | None:
    return sys.modules.get("sklearn.exceptions")


@functools.cache
def _joined(ours: type[Any], exceptions: ModuleType | None, theirs: str) -> type[Any]:
    """One class that is both; ours alone where the other library is not loaded."""
    if exceptions is None:
        return ours
    return type(theirs, (ours, getattr(exceptions, theirs)), {"__doc__": ours.__doc__, "__module__": __name__})
