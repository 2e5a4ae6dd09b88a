"""Images of scikit-learn's trees: single ones, means of many, sums of many.

Trees of scikit-learn round features to single precision and compare them with thresholds of double precision; the
largest number of single precision that is no larger than a threshold decides every such comparison alike, so that
nothing is lost. Histogram boosting compares in double precision, and its image says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every builder handles arrays

from sovereign.ml.aprender.image import Image, Link
from sovereign.ml.aprender.nodes import COMPARES_DOUBLE, Plain, Trees
from sovereign.ml.aprender.sources import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["BUILDERS", "rounded_down"]

_BINARY = 2


def _single(model: Any) -> Image:
    return _mean(model, [model])


def _forest(model: Any) -> Image:
    return _mean(model, model.estimators_)


def _mean(model: Any, members: Sequence[Any]) -> Image:
    """The mean of trees; a leaf of a classifier holds the share of each class."""
    if model.n_outputs_ != 1:
        refuse(model, "y", "several columns", "one column")
    plain, value = _taken([member.tree_ for member in members])
    classes = len(model.classes_) if hasattr(model, "classes_") else 0
    width, count = model.n_features_in_, classes or 1
    trees = Trees.packed(plain, value[:, :count], n_features=width)
    return trees.image(n_features=width, n_outputs=count, n_classes=classes, is_mean=True)


def _boosted(model: Any) -> Image:
    """A start and the sum of trees, one for each class in every round."""
    if getattr(model, "loss", "") == "exponential":
        refuse(model, "loss", "exponential", "log_loss")
    start = np.asarray(_start(model), dtype=np.float64)
    rounds = len(model.estimators_)
    plain, value = _taken([member.tree_ for member in model.estimators_.ravel()])
    return _sum(model, plain, model.learning_rate * value, start, rounds)


def _start(model: Any) -> Any:
    if model.init_ == "zero":
        return np.zeros(model.estimators_.shape[1])
    if type(model.init_).__name__ not in ("DummyClassifier", "DummyRegressor"):
        refuse(model, "init", type(model.init_).__name__, "None or zero")
    row = np.zeros((1, model.n_features_in_), dtype=np.float32)
    return model._raw_predict_init(row)[0]  # noqa: SLF001 - scikit-learn tells it nowhere else


def _histogram(model: Any) -> Image:
    if getattr(model, "loss", "") in ("poisson", "gamma"):
        refuse(model, "loss", model.loss, "squared_error, absolute_error or quantile")
    parts = [_histogram_tree(model, tree) for stage in model._predictors for tree in stage]  # noqa: SLF001
    plain, value = Plain.joined([plain for plain, _ in parts]), np.concatenate([value for _, value in parts])
    start = np.asarray(model._baseline_prediction, dtype=np.float64).ravel()  # noqa: SLF001
    return _sum(model, plain, value, start, len(model._predictors), compares_double=True)  # noqa: SLF001


def _histogram_tree(model: Any, tree: Any) -> tuple[Plain, NDArray[np.float64]]:
    nodes = tree.nodes
    if nodes["is_categorical"].any():
        refuse(model, "categorical_features", "splits by category", None)
    is_leaf = nodes["is_leaf"].astype(bool)
    children = tuple(np.where(is_leaf, -1, nodes[side].astype(np.int64)) for side in ("left", "right"))
    plain, leaves = Plain.ordered(
        nodes["feature_idx"], nodes["num_threshold"], (children[0], children[1]), nodes["missing_go_to_left"]
    )
    return plain, nodes["value"][leaves][:, None].astype(np.float64)


def _sum(
    model: Any,
    plain: Plain,
    value: NDArray[np.float64],
    start: NDArray[np.float64],
    rounds: int,
    *,
    compares_double: bool = False,
) -> Image:
    """A start and the sum of trees, each of which adds to one column."""
    columns, width = len(start), model.n_features_in_
    trees = Trees.packed(
        plain,
        value,
        n_features=width,
        columns=np.tile(np.arange(columns), rounds),
        init=start,
        compares_double=compares_double,
    )
    classes = len(model.classes_) if hasattr(model, "classes_") else 0
    several = Link.SOFTMAX if classes > _BINARY else Link.LOGISTIC
    return trees.image(
        n_features=width,
        n_outputs=classes or columns,
        n_classes=classes,
        link=several if classes else Link.IDENTITY,
        flags=COMPARES_DOUBLE if compares_double else 0,
    )


def _taken(trees: Sequence[Any]) -> tuple[Plain, NDArray[np.float64]]:
    """The trees as one set of nodes, and what their leaves hold (leaves, v)."""
    plain, values = [], []
    for tree in trees:
        children = (np.asarray(tree.children_left), np.asarray(tree.children_right))
        nodes, leaves = Plain.ordered(tree.feature, rounded_down(tree.threshold), children, tree.missing_go_to_left)
        plain.append(nodes)
        values.append(np.asarray(tree.value)[leaves, 0, :])
    return Plain.joined(plain), np.concatenate(values)


def rounded_down(threshold: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest numbers of single precision that are no larger."""
    with np.errstate(over="ignore"):
        nearest = threshold.astype(np.float32)
    below = np.nextafter(nearest, np.float32(-np.inf))
    return np.where(nearest > threshold, below, nearest).astype(np.float64)


_SINGLE = "DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor".split()
_MANY = "RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor".split()

BUILDERS: dict[str, Callable[[Any], Image]] = {
    **dict.fromkeys(_SINGLE, _single),
    **dict.fromkeys(_MANY, _forest),
    "GradientBoostingClassifier": _boosted,
    "GradientBoostingRegressor": _boosted,
    "HistGradientBoostingClassifier": _histogram,
    "HistGradientBoostingRegressor": _histogram,
}
