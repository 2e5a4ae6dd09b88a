"""Forests: many trees that differ by the rows they see and the features they draw, and whose leaves are averaged.

Enters and leaves: as of `tree.py`. Trees are grown side by side, each with random numbers of its own, so that a forest
is the same for any number of threads. Read `boosting.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.ml.aprender.parameters import count, is_real, is_whole, refuse, truth
from sovereign.ml.aprender.tree import TreeClassifier, TreeModel, TreeRegressor, class_weights, seed_of, threads_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ExtraTreesClassifier", "ExtraTreesRegressor", "RandomForestClassifier", "RandomForestRegressor"]


class _Many:
    """What forests share."""

    _has_random_thresholds: ClassVar[bool] = False

    n_estimators: int
    bootstrap: bool
    max_samples: int | float | None
    n_jobs: int | None

    def _settings(self, rows: int, weights: NDArray[np.float64] | None) -> dict[str, Any]:
        assert isinstance(self, TreeModel)
        return {
            "trees": count("n_estimators", self.n_estimators, 1),
            "draws": self._draws(rows, weights) if truth("bootstrap", self.bootstrap) else None,
            "fine": False,
            "seed": seed_of(self.random_state),
            "threads": threads_of(self.n_jobs),
            "criterion": self.criterion,
        }

    def _draws(self, rows: int, weights: NDArray[np.float64] | None) -> int:
        """Rows that are drawn for a tree; whole weights count as so many rows."""
        total = float(rows)
        if weights is not None:
            are_whole = bool((weights == np.floor(weights)).all())
            total = float(weights.sum()) if are_whole else float(np.count_nonzero(weights))
        if self.max_samples is None:
            return int(total)
        if is_whole(self.max_samples) and self.max_samples >= 1:
            return int(self.max_samples)
        if is_real(self.max_samples) and not is_whole(self.max_samples) and 0 < self.max_samples <= 1:
            return max(1, int(self.max_samples * total))
        raise refuse("max_samples", self.max_samples, "None, a share above 0 up to 1, or a whole number from 1 on")

    def apply(self, X: Any) -> NDArray[np.int64]:
        """The node in which each row ends in each tree (n, t), counted from its root.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        assert isinstance(self, TreeModel)
        return self._leaves(X)


class _ForestClassifier(_Many, TreeClassifier):
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Grow the trees.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        rows, indexes, weights = self._classified(X, y, sample_weight)
        growth = self._growth(*rows.shape, has_random_thresholds=self._has_random_thresholds)
        settings = {**growth, **self._settings(len(rows), weights), "classes": self.n_classes_}
        weights = class_weights(self.class_weight, self.classes_, indexes, weights)
        self._grow(rows, indexes, weights, settings)
        return self


class _ForestRegressor(_Many, TreeRegressor):
    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Grow the trees.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        rows, numbers, weights = self._measured(X, y, sample_weight)
        growth = self._growth(*rows.shape, has_random_thresholds=self._has_random_thresholds)
        self._grow(rows, numbers, weights, {**growth, **self._settings(len(rows), weights), "classes": 0})
        return self


class RandomForestClassifier(_ForestClassifier):
    """The mean of trees, each grown on rows that are drawn with replacement, each split among features that are drawn.

    Shapes    X (n, d), where NaN is a missing value; y (n,) of classes.
    Weights   rows are drawn in proportion to them. Whole weights count as so many rows.
    Errors    ShapeError, ParameterError, KindError  for input that is no such data; the message says where.
    Cost      about n * sqrt(d) * log n for each tree; 1 byte for each element of X beside the trees.
    Source    Breiman 2001. Differs: features with more than 255 values are split between 255 quantiles of them; trees
              are the same for any number of threads.

    >>> forest = RandomForestClassifier(n_estimators=5, random_state=0)
    >>> forest.fit([[0.0], [1.0], [8.0], [9.0]], ["low", "low", "high", "high"]).classes_.tolist()
    ['high', 'low']
    """

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,  # noqa: PYI041 - a number counts rows, a fraction is a share of them
        min_samples_leaf: int | float = 1,  # noqa: PYI041
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = "sqrt",
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        n_jobs: int | None = None,
        random_state: Any = None,
        class_weight: Any = None,
        max_samples: int | float | None = None,  # noqa: PYI041
    ) -> None:
        """Only store; the parameters are scikit-learn's, and `fit` checks them."""
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.class_weight = class_weight
        self.max_samples = max_samples


class RandomForestRegressor(_ForestRegressor):
    """The mean of trees, each grown on rows that are drawn with replacement.

    Shapes    X (n, d), where NaN is a missing value; y (n,).
    Weights   rows are drawn in proportion to them. Whole weights count as so many rows.
    Errors    ShapeError, ParameterError, KindError  for input that is no such data; the message says where.
    Source    as `RandomForestClassifier`; every split looks at all features unless `max_features` says otherwise.

    >>> forest = RandomForestRegressor(n_estimators=5, random_state=0).fit([[0.0], [1.0], [8.0]], [2.0, 2.0, 2.0])
    >>> forest.predict([[3.0]]).tolist()
    [2.0]
    """

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,  # noqa: PYI041 - a number counts rows, a fraction is a share of them
        min_samples_leaf: int | float = 1,  # noqa: PYI041
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = 1.0,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = True,
        n_jobs: int | None = None,
        random_state: Any = None,
        max_samples: int | float | None = None,  # noqa: PYI041
    ) -> None:
        """Only store; the parameters are scikit-learn's, and `fit` checks them."""
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.max_samples = max_samples


class ExtraTreesClassifier(_ForestClassifier):
    """The mean of trees whose thresholds are drawn: for each feature that is drawn one, of which the best is taken.

    Shapes    X (n, d), where NaN is a missing value; y (n,) of classes.
    Errors    ShapeError, ParameterError, KindError  for input that is no such data; the message says where.
    Source    Geurts, Ernst & Wehenkel 2006. Differs: a threshold inside one of 255 quantile bins moves to its end.

    >>> forest = ExtraTreesClassifier(n_estimators=5, random_state=0).fit([[0.0], [1.0], [8.0], [9.0]], [0, 0, 1, 1])
    >>> forest.predict([[-1.0], [10.0]]).tolist()
    [0, 1]
    """

    _has_random_thresholds: ClassVar[bool] = True

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "gini",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,  # noqa: PYI041 - a number counts rows, a fraction is a share of them
        min_samples_leaf: int | float = 1,  # noqa: PYI041
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = "sqrt",
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        class_weight: Any = None,
        max_samples: int | float | None = None,  # noqa: PYI041
    ) -> None:
        """Only store; the parameters are scikit-learn's, and `fit` checks them."""
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.class_weight = class_weight
        self.max_samples = max_samples


class ExtraTreesRegressor(_ForestRegressor):
    """The mean of trees whose thresholds are drawn.

    Shapes    X (n, d), where NaN is a missing value; y (n,).
    Errors    ShapeError, ParameterError, KindError  for input that is no such data; the message says where.
    Source    as `ExtraTreesClassifier`.

    >>> forest = ExtraTreesRegressor(n_estimators=5, random_state=0).fit([[0.0], [1.0], [8.0]], [1.0, 1.0, 1.0])
    >>> forest.predict([[0.0]]).tolist()
    [1.0]
    """

    _has_random_thresholds: ClassVar[bool] = True

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        criterion: str = "squared_error",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,  # noqa: PYI041 - a number counts rows, a fraction is a share of them
        min_samples_leaf: int | float = 1,  # noqa: PYI041
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = 1.0,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        bootstrap: bool = False,
        n_jobs: int | None = None,
        random_state: Any = None,
        max_samples: int | float | None = None,  # noqa: PYI041
    ) -> None:
        """Only store; the parameters are scikit-learn's, and `fit` checks them."""
        self.n_estimators = n_estimators
        self.criterion = criterion
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.bootstrap = bootstrap
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.max_samples = max_samples
