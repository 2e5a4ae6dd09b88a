"""Nearest neighbours: predictions from the rows that are most alike.

Enters: `X (n, d)` with classes or numbers `y`, which are kept as they are. Leaves: KNeighborsClassifier and
KNeighborsRegressor. Every row is looked at, by products of matrices, whose nearest are measured again exactly
(`neighbors.rs` of `crates/predict`). Read `cluster.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.compute.trueno import pairwise_l2_squared
from sovereign.ml.aprender import validation
from sovereign.ml.aprender.base import Classifier, Estimator, Regressor
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.parameters import require

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["KNeighborsClassifier", "KNeighborsRegressor"]

_WEIGHTS = ("uniform", "distance")
_EUCLIDEAN, _MANHATTAN, _CHEBYSHEV, _COSINE, _MINKOWSKI = range(5)
_METRICS = {
    "euclidean": _EUCLIDEAN,
    "l2": _EUCLIDEAN,
    "manhattan": _MANHATTAN,
    "cityblock": _MANHATTAN,
    "l1": _MANHATTAN,
    "chebyshev": _CHEBYSHEV,
    "cosine": _COSINE,
    "minkowski": _MINKOWSKI,
}
_MOST_POWER = 64
_BLOCK_NUMBERS = 1 << 20


class _Neighbors(Estimator):
    """What both share: the points, and who is near them."""

    n_neighbors: int
    weights: str
    p: float
    metric: str
    n_samples_fit_: int
    _points: NDArray[Any]
    _targets: NDArray[Any]

    def __init__(
        self, n_neighbors: int = 5, *, weights: str = "uniform", p: float = 2, metric: str = "minkowski"
    ) -> None:
        """Only store.

        Parameters    n_neighbors  how many rows are asked.
                      weights      "uniform", or "distance" for one over the distance.
                      p            the order of the metric "minkowski", a whole number from 1 on or infinity.
                      metric       "minkowski", "euclidean", "manhattan", "chebyshev" or "cosine".
        """
        self.n_neighbors = n_neighbors
        self.weights = weights
        self.p = p
        self.metric = metric

    def _keep(self, rows: NDArray[Any], targets: NDArray[Any]) -> None:
        require("n_neighbors", self.n_neighbors, ">= 1", makes_sense=self.n_neighbors >= 1)
        require("weights", self.weights, f"one of {_WEIGHTS}", makes_sense=self.weights in _WEIGHTS)
        require("metric", self.metric, f"one of {tuple(_METRICS)}", makes_sense=self.metric in _METRICS)
        is_power = self.p == np.inf or (1 <= self.p <= _MOST_POWER and self.p == int(self.p))
        require("p", self.p, f"a whole number from 1 to {_MOST_POWER}, or infinity", makes_sense=is_power)
        self._points, self._targets = rows.copy(), targets.copy()
        self.n_samples_fit_ = len(rows)

    def _measure(self) -> tuple[int, int]:
        """The metric's number in model files, and the order of a Minkowski one."""
        if self.metric != "minkowski":
            return _METRICS[self.metric], 0
        plain = {1: _MANHATTAN, 2: _EUCLIDEAN, np.inf: _CHEBYSHEV}
        return (plain[self.p], 0) if self.p in plain else (_MINKOWSKI, int(self.p))

    def _require_enough(self, count: int, found: int) -> None:
        require("n_neighbors", count, f"at most the number of rows, {found}", makes_sense=1 <= count <= found)

    def kneighbors(
        self,
        X: Any = None,
        n_neighbors: int | None = None,
        return_distance: bool = True,  # noqa: FBT001, FBT002 - scikit-learn's signature
    ) -> Any:
        """The nearest learned rows of each row, nearest first: distances (n, k) and places (n, k), or places alone.

        Shapes    X (n, d); None for the learned rows, each without itself.
        Errors    NotFittedError before `fit`; ParameterError when fewer rows were learned.
        """
        self._require_fitted()
        count = self.n_neighbors if n_neighbors is None else n_neighbors
        self._require_enough(count, len(self._points) - (X is None))
        rows = self._points if X is None else self._check_rows(X)
        wanted = count + (X is None)
        places, distances = self._nearest(rows, wanted)
        if X is None:
            places, distances = _without_itself(places, distances)
        return (distances, places) if return_distance else places

    def _nearest(self, rows: NDArray[Any], count: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Places and distances (n, count), nearest first; of equally far rows the first ones."""
        step = max(1, _BLOCK_NUMBERS // len(self._points))
        blocks = (rows[begin : begin + step] for begin in range(0, len(rows), step))
        if self._measure()[0] == _EUCLIDEAN:
            parts = [_nearest_euclidean(block, self._points, count) for block in blocks]
        else:
            measure = self._distances()
            parts = [_least(measure(block), count) for block in blocks]
        places = np.concatenate([places for places, _ in parts])
        return places, np.concatenate([distances for _, distances in parts])

    def _distances(self) -> Callable[[NDArray[Any]], NDArray[Any]]:
        """What gives the distances (n, m) of some rows from all points."""
        points = self._points
        metric, power = self._measure()
        if metric == _COSINE:
            lengths = np.linalg.norm(points, axis=1)
            return lambda rows: np.maximum(1 - _cosine(rows, points, lengths), 0)
        measures: dict[int, Callable[[NDArray[Any]], NDArray[Any]]] = {
            _MANHATTAN: lambda gaps: gaps.sum(axis=1),
            _CHEBYSHEV: lambda gaps: gaps.max(axis=1),
            _MINKOWSKI: lambda gaps: (gaps**power).sum(axis=1) ** (1 / power),
        }
        measure = measures[metric]
        return lambda rows: np.stack([measure(np.abs(points - row)) for row in rows])

    def _neighbors_image(self, targets: NDArray[Any], outputs: int, classes: int, flags: int) -> Image:
        return Image.describe(
            Family.NEIGHBORS,
            n_features=self.n_features_in_,
            n_outputs=outputs,
            n_classes=classes,
            flags=flags,
            extra=(self.n_neighbors, _WEIGHTS.index(self.weights), *self._measure()),
            arrays={"points": self._points, "targets": targets},
        )


def _nearest_euclidean(rows: NDArray[Any], points: NDArray[Any], count: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Places and distances of the nearest points: products of matrices tell who may be one, differences who is."""
    middle = points.mean(axis=0)
    left, right = (rows - middle).astype(np.float64), (points - middle).astype(np.float64)
    squares = np.asarray(pairwise_l2_squared(left, right))
    longest = float(np.einsum("ij,ij->i", right, right).max())
    doubt = 4 * rows.shape[1] * np.finfo(np.float64).eps * (np.einsum("ij,ij->i", left, left) + longest)
    bound = np.partition(squares, count - 1, axis=1)[:, count - 1] + 2 * doubt
    places = np.empty((len(rows), count), dtype=np.int64)
    distances = np.empty((len(rows), count))
    for place, (row, near, limit) in enumerate(zip(rows, squares, bound, strict=True)):
        candidates = np.flatnonzero(near <= limit)
        exact = ((points[candidates] - row).astype(np.float64) ** 2).sum(axis=1)
        order = np.argsort(exact, kind="stable")[:count]
        places[place], distances[place] = candidates[order], exact[order]
    return places, np.sqrt(distances).astype(np.result_type(rows, points))


def _cosine(rows: NDArray[Any], points: NDArray[Any], lengths: NDArray[Any]) -> NDArray[Any]:
    """Cosines of the angles (n, m); 0 where a row is zero."""
    both = np.linalg.norm(rows, axis=1)[:, None] * lengths
    cosines: NDArray[Any] = np.divide(rows @ points.T, both, out=np.zeros_like(both), where=both > 0)
    return cosines


def _least(distances: NDArray[Any], count: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Places and values of the least numbers of each row, in order; of equal ones the first."""
    bound = np.partition(distances, count - 1, axis=1)[:, count - 1 : count]
    found = []
    for row, limit in zip(distances, bound, strict=True):
        near = np.flatnonzero(row <= limit)
        found.append(near[np.argsort(row[near], kind="stable")[:count]])
    places = np.stack(found)
    return places, np.take_along_axis(distances, places, axis=1)


def _without_itself(places: NDArray[np.int64], distances: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """One column less: the row itself, or the last where more than a row's worth are equal to it."""
    is_self = places == np.arange(len(places))[:, None]
    is_self[~is_self.any(axis=1), -1] = True
    shape = (len(places), places.shape[1] - 1)
    return places[~is_self].reshape(shape), distances[~is_self].reshape(shape)


class KNeighborsClassifier(Classifier, _Neighbors):
    """The class that most of the nearest rows have.

    Shapes    X (n, d), y (n,).
    Errors    ParameterError  when a parameter makes no sense, or fewer rows were learned than are asked.
    Cost      2 * n * d for each row that is told.
    Source    Fix & Hodges 1951. Of equally far rows the first is nearer; of equally voted classes the first wins.
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Keep the rows.

        Shapes    X (n, d), y (n,).
        """
        rows = self._check_input(X, reset=True)
        self._keep(rows, self._check_classes(y, len(rows)))
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """The class that most neighbours have (n,).

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        self._require_fitted()
        self._require_enough(self.n_neighbors, len(self._points))
        return super().predict(X)

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """The share of each class among the neighbours (n, k), in the order of `classes_`."""
        self._require_fitted()
        self._require_enough(self.n_neighbors, len(self._points))
        rows = self._check_rows(X)
        return np.asarray(self._predictor().predict(rows)).reshape(len(rows), -1)

    def _image(self) -> Image:
        count = len(self.classes_)
        return self._neighbors_image(self._targets, count, count, 0)

    def _restore(self, image: Image) -> None:
        self._points, self._targets = image["points"], image["targets"]


class KNeighborsRegressor(Regressor, _Neighbors):
    """The mean of what the nearest rows have.

    Shapes    X (n, d), y (n,) or (n, m).
    Errors    ParameterError  when a parameter makes no sense, or fewer rows were learned than are asked.
    Cost      2 * n * d for each row that is told.
    Source    Fix & Hodges 1951. Of equally far rows the first is nearer.
    """

    _multi_output = True

    def fit(self, X: Any, y: Any) -> Self:
        """Keep the rows.

        Shapes    X (n, d), y (n,) or (n, m).
        """
        rows = self._check_input(X, reset=True)
        label = type(self).__name__
        targets = validation.target_numbers(y, len(rows), estimator=label, dtype=rows.dtype, multi_output=True)
        self._keep(rows, targets)
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """The mean of the neighbours' numbers (n,), or (n, m) where `y` had two dimensions.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        self._require_fitted()
        self._require_enough(self.n_neighbors, len(self._points))
        rows = self._check_rows(X)
        values = np.asarray(self._predictor().predict(rows))
        return values if self._targets.ndim == 1 else values.reshape(len(rows), -1)

    def _image(self) -> Image:
        targets = self._targets if self._targets.ndim > 1 else self._targets[:, None]
        return self._neighbors_image(targets, targets.shape[1], 0, int(self._targets.ndim > 1))

    def _restore(self, image: Image) -> None:
        self._points = image["points"]
        self._targets = image["targets"] if image.flags else image["targets"][:, 0]
