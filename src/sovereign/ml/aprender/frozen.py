"""Models from elsewhere that predict and do not learn: what `from_sklearn` makes where this room has no such class.

Enters: an image that an importer made. Leaves: estimators with the methods that the original had, which predict by the
native model like any other, travel in model files, and refuse to be fitted again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError
from sovereign.ml.aprender.base import Classifier, Clusterer, Estimator, Regressor, Transformer
from sovereign.ml.aprender.image import Family, Image, Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["FrozenClassifier", "FrozenClusterer", "FrozenRegressor", "FrozenTransformer"]


class _Frozen(Estimator):
    """What the four have in common.

    origin  the class that learned, with its module.
    """

    _allows_nan: ClassVar[bool] = True

    image_: Image

    def __init__(self, origin: str = "") -> None:
        self.origin = origin

    def fit(self, X: Any, y: Any = None) -> NoReturn:
        """Refuse: fit the original and import it again.

        Errors    ParameterError  always.
        """
        message = f"a model that was imported is not fitted again, fit the original and import it: `{self.origin}`"
        raise ParameterError("aprender.unsupported", message, name="fit", value=self.origin, allowed="predict")

    def _check_rows(self, X: Any) -> NDArray[Any]:
        rows = super()._check_rows(X)
        if self.image_.family not in _TAKE_NAN and np.isnan(rows).any():
            message = f"Input X contains NaN.\n{type(self).__name__} of {self.origin} does not accept it"
            raise ParameterError("aprender.values", message, name="X", value=float("nan"), allowed="finite numbers")
        return rows

    def _image(self) -> Image:
        return self.image_

    def _restore(self, image: Image) -> None:
        self.image_ = image


# Pipelines check no more than their first step, which the native model does.
_TAKE_NAN = {Family.FOREST, Family.IMPUTING, Family.PIPELINE, Family.CATEGORIES, Family.VOTE, Family.SCALING}


class FrozenClassifier(Classifier, _Frozen):
    """A classifier that learned elsewhere."""

    @property
    def predict_proba(self) -> Callable[[Any], NDArray[Any]]:
        """Gives the probability of each class (n, k); it is not there where the original gives decisions alone."""
        if self.image_.link is Link.DECISION:
            message = f"the model gives decisions and no probabilities, as what it was imported from: {self.origin}"
            raise AttributeError(message)
        return self._probabilities

    def _probabilities(self, X: Any) -> NDArray[Any]:
        values: NDArray[Any] = np.asarray(self._predictor().predict(self._check_rows(X)))
        return values

    def decision_function(self, X: Any) -> NDArray[Any]:
        """The scores: (n,) of the second of two classes, or (n, k)."""
        values: NDArray[Any] = np.asarray(self._predictor().scores(self._check_rows(X)))
        return values


class FrozenRegressor(Regressor, _Frozen):
    """A regressor that learned elsewhere."""


class FrozenTransformer(Transformer, _Frozen):
    """A transformer that learned elsewhere."""

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """The names of the columns that come out: those that came in, or numbered ones where there are others."""
        if self.image_.n_outputs == self.image_.n_features:
            return super().get_feature_names_out(input_features)
        return np.array([f"{self.image_.family.name.lower()}{place}" for place in range(self.image_.n_outputs)], object)


class FrozenClusterer(Clusterer, _Frozen):
    """A clusterer that learned elsewhere and tells the groups of new rows."""

    def predict(self, X: Any) -> NDArray[np.int32]:
        """The nearest group of each row (n,)."""
        labels: NDArray[np.int32] = np.asarray(self._predictor().labels(self._check_rows(X)))
        return labels

    def transform(self, X: Any) -> NDArray[Any]:
        """The distance of each row from the centre of each group (n, k)."""
        distances: NDArray[Any] = np.asarray(self._predictor().scores(self._check_rows(X)))
        return distances
