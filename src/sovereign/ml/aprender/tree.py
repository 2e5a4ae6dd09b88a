"""Decision trees, and what all estimators made of trees share.

Enters: `X (n, d)`, compared in single precision, where NaN is a value that is missing; targets `(n,)`; weights of rows.
Leaves: `forest_`, packed trees, from which the native core predicts. `_kernels.py` grows them: `crates/train` counts
rows by bins of their features and splits nodes where that is best. `nodes.py` says how trees are packed. Read
`forest.py` next.
"""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError
from sovereign.ml.aprender import _kernels, validation
from sovereign.ml.aprender.base import Classifier, Estimator, Regressor
from sovereign.ml.aprender.nodes import LEAF, Plain, Trees
from sovereign.ml.aprender.parameters import choice, count, is_whole, number, optional_count, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sovereign.ml.aprender.image import Image

__all__ = ["DecisionTreeClassifier", "DecisionTreeRegressor"]

CLASSIFIER_CRITERIA = ("gini", "entropy", "log_loss")
REGRESSOR_CRITERIA = ("squared_error", "poisson")
_SPLITTERS = ("best", "random")
_SHARES = ("sqrt", "log2")


# parameters


def _samples(name: str, value: Any, rows: int, least: int) -> int:
    """A number of rows, or a share of them."""
    if isinstance(value, float | np.floating) and 0 < value <= 1:
        return max(least, math.ceil(float(value) * rows))
    return count(name, value, least)


def _features(value: Any, features: int) -> int:
    """How many features are drawn for a split."""
    if value is None:
        return features
    if isinstance(value, str) and value in _SHARES:
        return max(1, int(math.sqrt(features) if value == "sqrt" else math.log2(features)))
    if isinstance(value, float | np.floating) and 0 < value <= 1:
        return max(1, int(value * features))
    if is_whole(value) and value >= 1:
        return min(int(value), features)
    raise refuse("max_features", value, "None, sqrt, log2, a share above 0 up to 1, or a whole number from 1 on")


def threads_of(n_jobs: Any) -> int:
    """Threads by scikit-learn's rule: one for None, all for -1, all but one for -2."""
    if n_jobs is None:
        return 1
    if not is_whole(n_jobs) or n_jobs == 0:
        raise refuse("n_jobs", n_jobs, "None or a whole number other than 0")
    most = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return int(n_jobs) if n_jobs > 0 else max(1, most + 1 + int(n_jobs))


def seed_of(random_state: Any) -> int:
    """Where the random numbers of the core begin."""
    return int(validation.random_generator(random_state).integers(0, 2**63))


def class_weights(
    class_weight: Any, classes: NDArray[Any], indexes: NDArray[np.int32], weights: NDArray[np.float64] | None
) -> NDArray[np.float64] | None:
    """The weights of rows times those of their classes.

    Errors    ParameterError  when `class_weight` is neither None, "balanced" nor a dict of numbers by class.
    """
    if class_weight is None:
        return weights
    if isinstance(class_weight, str) and class_weight == "balanced":
        totals = np.bincount(indexes, weights, minlength=len(classes))
        factors = totals.sum() / (np.count_nonzero(totals) * np.where(totals > 0, totals, np.inf))
    elif isinstance(class_weight, dict):
        factors = np.array([_weight_of(class_weight, label) for label in classes.tolist()])
        unknown = [label for label in class_weight if label not in classes.tolist()]
        if unknown:
            message = f"The classes, {unknown}, are not in class_weight's data, these are: `{classes.tolist()}`"
            raise ParameterError(
                "aprender.parameter", message, name="class_weight", value=unknown, allowed=classes.tolist()
            )
    else:
        raise refuse("class_weight", class_weight, "None, balanced or a dict of numbers by class")
    by_row: NDArray[np.float64] = factors[indexes]
    return by_row if weights is None else by_row * weights


def _weight_of(class_weight: Mapping[Any, Any], label: Any) -> float:
    return number(f"class_weight[{label!r}]", class_weight.get(label, 1.0), 0)


# growing


def _bytes(facts: Mapping[str, bytes], name: str, dtype: Any) -> NDArray[Any]:
    return np.frombuffer(facts[name], dtype=dtype)


def plain_trees(facts: Mapping[str, bytes]) -> Plain:
    """The trees that the core gave back."""
    sizes = _bytes(facts, "sizes", np.uint64).astype(np.int64)
    return Plain(
        feature=_bytes(facts, "feature", np.int32),
        threshold=_bytes(facts, "threshold", np.float32),
        left=_bytes(facts, "left", np.uint32),
        missing_left=_bytes(facts, "missing_left", np.bool_),
        starts=np.cumsum(sizes) - sizes,
    )


def _mean_importances(facts: Mapping[str, bytes], features: int) -> NDArray[np.float64]:
    """The mean over trees that were split, each summing up to 1."""
    by_tree = _bytes(facts, "tree_importances", np.float64).reshape(-1, features)
    totals = by_tree.sum(axis=1, keepdims=True)
    shares = np.divide(by_tree, totals, out=np.zeros_like(by_tree), where=totals > 0)
    mean = shares[totals[:, 0] > 0].mean(axis=0) if (totals > 0).any() else shares.mean(axis=0)
    found: NDArray[np.float64] = mean / mean.sum() if mean.any() else mean
    return found


class TreeModel(Estimator):
    """What trees and forests share: parameters of growth, the packed trees, the way into an image and back."""

    _allows_nan: ClassVar[bool] = True
    _dtypes: ClassVar[tuple[np.dtype[Any], ...]] = (np.dtype(np.float32),)

    criterion: str
    max_depth: int | None
    min_samples_split: int | float
    min_samples_leaf: int | float
    min_weight_fraction_leaf: float
    max_features: Any
    max_leaf_nodes: int | None
    min_impurity_decrease: float
    random_state: Any

    forest_: Trees
    feature_importances_: NDArray[np.float64]

    def _growth(self, rows: int, features: int, *, has_random_thresholds: bool) -> dict[str, Any]:
        """The settings of growth that the core reads.

        Errors    ParameterError  when a parameter is not what it may be.
        """
        return {
            "max_depth": optional_count("max_depth", self.max_depth, 1),
            "min_samples_split": _samples("min_samples_split", self.min_samples_split, rows, 2),
            "min_samples_leaf": _samples("min_samples_leaf", self.min_samples_leaf, rows, 1),
            "min_weight_fraction_leaf": number("min_weight_fraction_leaf", self.min_weight_fraction_leaf, 0, 0.5),
            "max_leaf_nodes": optional_count("max_leaf_nodes", self.max_leaf_nodes, 2),
            "min_impurity_decrease": number("min_impurity_decrease", self.min_impurity_decrease, 0),
            "max_features": _features(self.max_features, features),
            "random_thresholds": has_random_thresholds,
        }

    def _grow(
        self,
        X: NDArray[np.float32],
        y: NDArray[Any],
        weights: NDArray[np.float64] | None,
        settings: dict[str, Any],
    ) -> None:
        """Grow trees, and learn them."""
        width = max(1, settings["classes"])
        criterion = "entropy" if settings["criterion"] == "log_loss" else settings["criterion"]
        facts = _kernels.grow_forest(X, y, weights, {**settings, "criterion": criterion})
        value = _bytes(facts, "value", np.float64).reshape(-1, width)
        self.forest_ = Trees.packed(plain_trees(facts), value, n_features=X.shape[1])
        self.feature_importances_ = _mean_importances(facts, X.shape[1])

    def _image(self) -> Image:
        classes = len(self.classes_) if isinstance(self, Classifier) else 0
        return self.forest_.image(
            n_features=self.n_features_in_, n_outputs=max(1, classes), n_classes=classes, is_mean=True
        )

    def _restore(self, image: Image) -> None:
        self.forest_ = Trees.of_image(image)

    def _leaves(self, X: Any) -> NDArray[np.int64]:
        return self.forest_.walk(self._check_rows(X))


class TreeClassifier(Classifier, TreeModel):
    """What classifiers of trees share."""

    class_weight: Any
    n_classes_: int

    def _classified(
        self, X: Any, y: Any, sample_weight: Any
    ) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.float64] | None]:
        """Checked rows, indexes of classes, and weights of rows."""
        label = type(self).__name__
        choice("criterion", self.criterion, CLASSIFIER_CRITERIA)
        rows = self._check_input(X, reset=True)
        indexes = self._check_classes(y, len(rows))
        self.n_classes_ = len(self.classes_)
        weights = validation.weights(sample_weight, len(rows), estimator=label)
        return rows, indexes, weights

    def _restore(self, image: Image) -> None:
        super()._restore(image)
        self.n_classes_ = image.n_classes

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable class of each row (n,); the first of several.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        if len(getattr(self, "classes_", (0, 0))) > 1:
            return super().predict(X)
        return np.repeat(self.classes_, len(self._check_rows(X)))

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """The probability of each class (n, k): the share of its weight in the leaf, averaged over trees.

        Shapes    X (n, d); columns in the order of `classes_`.
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        rows = self._check_rows(X)
        shares: NDArray[np.float64] = np.asarray(self._predictor().predict(rows)).reshape(len(rows), -1)
        return shares

    def predict_log_proba(self, X: Any) -> NDArray[np.float64]:
        """The logarithms of `predict_proba`; minus infinity where no tree has seen the class."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))


class TreeRegressor(Regressor, TreeModel):
    """What regressors of trees share."""

    def _measured(
        self, X: Any, y: Any, sample_weight: Any
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64] | None]:
        """Checked rows, numbers, and weights of rows."""
        label = type(self).__name__
        choice("criterion", self.criterion, REGRESSOR_CRITERIA)
        rows = self._check_input(X, reset=True)
        numbers = validation.target_numbers(y, len(rows), estimator=label, dtype=np.dtype(np.float64))
        if self.criterion == "poisson" and (numbers.min() < 0 or not numbers.any()):
            message = (
                f"y should hold counts for Poisson's deviance, none negative and not all 0, least: `{numbers.min()}`"
            )
            raise ParameterError(
                "aprender.values", message, name="y", value=float(numbers.min()), allowed=">= 0, not all 0"
            )
        return rows, numbers, validation.weights(sample_weight, len(rows), estimator=label)


class _Single:
    """One tree: it sees all rows, and keeps up to 65535 values of a feature apart."""

    splitter: str
    forest_: Trees

    def _settings(self) -> dict[str, Any]:
        assert isinstance(self, TreeModel)
        return {
            "trees": 1,
            "draws": None,
            "fine": True,
            "seed": seed_of(self.random_state),
            "threads": 1,
            "criterion": self.criterion,
        }

    def _has_random_thresholds(self) -> bool:
        return choice("splitter", self.splitter, _SPLITTERS) == "random"

    def apply(self, X: Any) -> NDArray[np.int64]:
        """The node in which each row ends (n,), counted from the root.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        assert isinstance(self, TreeModel)
        return self._leaves(X)[:, 0]

    def get_depth(self) -> int:
        """Splits on the longest way.

        Errors    NotFittedError before `fit`.
        """
        assert isinstance(self, TreeModel)
        self._require_fitted()
        return int(self.forest_.table[0, 3])

    def get_n_leaves(self) -> int:
        """How many leaves.

        Errors    NotFittedError before `fit`.
        """
        assert isinstance(self, TreeModel)
        self._require_fitted()
        return int(np.count_nonzero(self.forest_.plain().feature == LEAF))


class DecisionTreeClassifier(_Single, TreeClassifier):
    """A tree of questions about one feature each, whose leaves know how classes are shared out.

    Shapes    X (n, d), where NaN is a missing value; y (n,) of classes.
    Errors    ShapeError, ParameterError, KindError  for input that is no such data; the message says where.
    Cost      about n * d * log n for a tree that grows evenly.
    Source    Breiman, Friedman, Olshen & Stone 1984. Differs from scikit-learn: values are counted in bins instead of
              sorted, one bin for each value where a feature has at most 65535, and thresholds have single precision.
              The tree is the same unless splits are equally good. It is not pruned after it has grown.

    >>> tree = DecisionTreeClassifier().fit([[0.0], [1.0], [2.0], [3.0]], ["a", "a", "b", "b"])
    >>> tree.predict([[1.4], [1.6]]).tolist()
    ['a', 'b']
    """

    def __init__(
        self,
        *,
        criterion: str = "gini",
        splitter: str = "best",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,  # noqa: PYI041 - a number counts rows, a fraction is a share of them
        min_samples_leaf: int | float = 1,  # noqa: PYI041
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = None,
        random_state: Any = None,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
        class_weight: Any = None,
    ) -> None:
        """Only store; the parameters are scikit-learn's, and `fit` checks them."""
        self.criterion = criterion
        self.splitter = splitter
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.random_state = random_state
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Grow the tree.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        rows, indexes, weights = self._classified(X, y, sample_weight)
        weights = class_weights(self.class_weight, self.classes_, indexes, weights)
        growth = self._growth(*rows.shape, has_random_thresholds=self._has_random_thresholds())
        self._grow(rows, indexes, weights, {**growth, **self._settings(), "classes": self.n_classes_})
        return self


class DecisionTreeRegressor(_Single, TreeRegressor):
    """A tree of questions about one feature each, whose leaves say the mean of their rows.

    Shapes    X (n, d), where NaN is a missing value; y (n,).
    Errors    ShapeError, ParameterError, KindError  for input that is no such data; the message says where.
    Cost      about n * d * log n for a tree that grows evenly.
    Source    as `DecisionTreeClassifier`. Criteria are the squared error and Poisson's deviance; those that need the
              median of a node are not offered.

    >>> tree = DecisionTreeRegressor().fit([[0.0], [1.0], [2.0]], [1.0, 1.0, 4.0])
    >>> tree.predict([[0.5], [9.0]]).tolist()
    [1.0, 4.0]
    """

    def __init__(
        self,
        *,
        criterion: str = "squared_error",
        splitter: str = "best",
        max_depth: int | None = None,
        min_samples_split: int | float = 2,  # noqa: PYI041 - a number counts rows, a fraction is a share of them
        min_samples_leaf: int | float = 1,  # noqa: PYI041
        min_weight_fraction_leaf: float = 0.0,
        max_features: Any = None,
        random_state: Any = None,
        max_leaf_nodes: int | None = None,
        min_impurity_decrease: float = 0.0,
    ) -> None:
        """Only store; the parameters are scikit-learn's, and `fit` checks them."""
        self.criterion = criterion
        self.splitter = splitter
        self.max_depth = max_depth
        self.min_samples_split = min_samples_split
        self.min_samples_leaf = min_samples_leaf
        self.min_weight_fraction_leaf = min_weight_fraction_leaf
        self.max_features = max_features
        self.random_state = random_state
        self.max_leaf_nodes = max_leaf_nodes
        self.min_impurity_decrease = min_impurity_decrease

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Grow the tree.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        rows, numbers, weights = self._measured(X, y, sample_weight)
        growth = self._growth(*rows.shape, has_random_thresholds=self._has_random_thresholds())
        self._grow(rows, numbers, weights, {**growth, **self._settings(), "classes": 0})
        return self
