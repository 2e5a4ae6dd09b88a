"""How good predictions are: for classes, for probabilities, for numbers, for groups.

Enters: true and predicted targets (n,), with weights of rows where a metric takes them. Leaves: numbers, and a matrix
of counts. Names, definitions and conventions are scikit-learn's; what is undefined there (a class that was never
predicted has no precision) is `zero_division` here too, 0 unless another number is given. Read
`model_selection.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np  # noqa: TID253 - every metric handles arrays

from sovereign.errors import ParameterError, ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from numpy.typing import NDArray

    Average: TypeAlias = Literal["binary", "micro", "macro", "weighted"]

__all__ = [
    "accuracy_score",
    "adjusted_rand_score",
    "balanced_accuracy_score",
    "brier_score_loss",
    "confusion_matrix",
    "expected_calibration_error",
    "f1_score",
    "log_loss",
    "max_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "median_absolute_error",
    "precision_score",
    "r2_score",
    "recall_score",
    "roc_auc_score",
    "root_mean_squared_error",
    "scorer",
    "silhouette_score",
]

_AVERAGES = ("binary", "micro", "macro", "weighted")
_LEAST_PROBABILITY = float(np.finfo(np.float64).eps)


# classes


def accuracy_score(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
    """Share of rows whose class is right.

    >>> accuracy_score(["a", "b", "b", "a"], ["a", "b", "a", "a"])
    0.75
    """
    truth, guess = _pair(y_true, y_pred)
    return float(np.average(truth == guess, weights=sample_weight))


def balanced_accuracy_score(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
    """Mean of the recalls of the classes that occur, so that rare ones count as much as frequent ones."""
    counts = confusion_matrix(y_true, y_pred, sample_weight=sample_weight)
    occurs = counts.sum(axis=1) > 0
    return float((np.diag(counts)[occurs] / counts.sum(axis=1)[occurs]).mean())


def confusion_matrix(y_true: Any, y_pred: Any, *, labels: Any = None, sample_weight: Any = None) -> NDArray[Any]:
    """Counts of rows by true class (rows) and predicted class (columns), (k, k); weights instead where they are given.

    >>> confusion_matrix([0, 0, 1, 1], [0, 1, 1, 1]).tolist()
    [[1, 1], [0, 2]]
    """
    truth, guess = _pair(y_true, y_pred)
    classes = np.unique(np.concatenate([truth, guess])) if labels is None else np.asarray(labels)
    order = np.argsort(classes, kind="stable")
    known = np.isin(truth, classes) & np.isin(guess, classes)
    rows, columns = (order[np.searchsorted(classes, each[known], sorter=order)] for each in (truth, guess))
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64 if sample_weight is None else np.float64)
    np.add.at(counts, (rows, columns), 1 if sample_weight is None else np.asarray(sample_weight, float)[known])
    return counts


def precision_score(
    y_true: Any,
    y_pred: Any,
    *,
    average: Average | None = "binary",
    pos_label: Any = 1,
    sample_weight: Any = None,
    zero_division: float = 0.0,
) -> Any:
    """Share of the rows predicted to be of a class that are of it.

    With `average=None`, one number for each class in order.
    """
    return _per_class(y_true, y_pred, _precision, average, pos_label, sample_weight, zero_division)


def recall_score(
    y_true: Any,
    y_pred: Any,
    *,
    average: Average | None = "binary",
    pos_label: Any = 1,
    sample_weight: Any = None,
    zero_division: float = 0.0,
) -> Any:
    """Share of the rows of a class that are predicted to be of it."""
    return _per_class(y_true, y_pred, _recall, average, pos_label, sample_weight, zero_division)


def f1_score(
    y_true: Any,
    y_pred: Any,
    *,
    average: Average | None = "binary",
    pos_label: Any = 1,
    sample_weight: Any = None,
    zero_division: float = 0.0,
) -> Any:
    """Harmonic mean of precision and recall.

    >>> round(f1_score([0, 1, 1, 1], [0, 1, 1, 0]), 3)
    0.8
    """
    return _per_class(y_true, y_pred, _f1, average, pos_label, sample_weight, zero_division)


def _precision(hits: Any, guessed: Any, _occurring: Any, zero_division: float) -> Any:
    return _quotient(hits, guessed, zero_division)


def _recall(hits: Any, _guessed: Any, occurring: Any, zero_division: float) -> Any:
    return _quotient(hits, occurring, zero_division)


def _f1(hits: Any, guessed: Any, occurring: Any, zero_division: float) -> Any:
    return _quotient(2 * hits, guessed + occurring, zero_division)


def _quotient(above: Any, below: Any, undefined: float) -> Any:
    above, below = np.asarray(above, float), np.asarray(below, float)
    return np.divide(above, below, out=np.full_like(above, undefined), where=below != 0)


def _per_class(  # noqa: PLR0917 - the six are what its three callers have in common
    y_true: Any,
    y_pred: Any,
    measure: Callable[[Any, Any, Any, float], Any],
    average: Average | None,
    pos_label: Any,
    sample_weight: Any,
    zero_division: float,
) -> Any:
    if average is not None and average not in _AVERAGES:
        message = f"`average` should be None or one of `{', '.join(_AVERAGES)}`, it is: `{average}`"
        raise ParameterError("aprender.parameter", message, name="average", value=average, allowed=_AVERAGES)
    truth, guess = _pair(y_true, y_pred)
    classes = np.unique(np.concatenate([truth, guess]))
    counts = confusion_matrix(truth, guess, labels=classes, sample_weight=sample_weight)
    hits, guessed, occurring = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        return float(measure(hits, guessed, occurring, zero_division)[_place_of(pos_label, classes)])
    if average == "micro":
        return float(measure(hits.sum(), guessed.sum(), occurring.sum(), zero_division))
    values = measure(hits, guessed, occurring, zero_division)
    if average is None:
        return values
    return float(np.average(values, weights=occurring if average == "weighted" else None))


def _place_of(pos_label: Any, classes: NDArray[Any]) -> int:
    if len(classes) > 2:  # noqa: PLR2004 - two classes
        message = (
            "Target is multiclass but average='binary', choose one of None, 'micro', 'macro', 'weighted';"
            f" classes: `{len(classes)}`"
        )
        raise ParameterError("aprender.parameter", message, name="average", value="binary", allowed=_AVERAGES[1:])
    if pos_label not in classes:
        message = f"pos_label={pos_label!r} is not a valid label, the classes are: `{classes.tolist()}`"
        raise ParameterError("aprender.parameter", message, name="pos_label", value=pos_label, allowed=classes.tolist())
    return int(np.flatnonzero(classes == pos_label)[0])


# probabilities


def log_loss(y_true: Any, y_prob: Any, *, labels: Any = None, sample_weight: Any = None) -> float:
    """Mean negative logarithm of the probability that was given to the true class, in nats.

    Shapes    y_prob (n,) of the second of two classes, or (n, k) in the order of the classes.
    """
    classes, place, probabilities = _probabilities(y_true, y_prob, labels)
    clipped = np.clip(probabilities, _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    clipped /= clipped.sum(axis=1, keepdims=True)
    assert len(classes) == clipped.shape[1]
    return float(np.average(-np.log(clipped[np.arange(len(place)), place]), weights=sample_weight))


def brier_score_loss(y_true: Any, y_prob: Any, *, labels: Any = None, sample_weight: Any = None) -> float:
    """Mean squared distance of probabilities from what came to be; from 0 to 1 for two classes, to 2 for more."""
    classes, place, probabilities = _probabilities(y_true, y_prob, labels)
    came = np.eye(len(classes))[place]
    distances = ((probabilities - came) ** 2).sum(axis=1) / (2 if len(classes) == 2 else 1)  # noqa: PLR2004
    return float(np.average(distances, weights=sample_weight))


def expected_calibration_error(y_true: Any, y_prob: Any, *, bins: int = 10) -> float:
    """How far confidence is from being right: the mean over equal bins of |accuracy - confidence|, weighted by rows.

    Source    Naeini et al. 2015. Confidence is the probability of the predicted class.
    """
    _, place, probabilities = _probabilities(y_true, y_prob, None)
    confidence, is_right = probabilities.max(axis=1), probabilities.argmax(axis=1) == place
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    rows = np.bincount(which, minlength=bins)
    right, sure = (np.bincount(which, weights=each, minlength=bins) for each in (is_right, confidence))
    return float(np.abs(right - sure)[rows > 0].sum() / len(place))


def _probabilities(y_true: Any, y_prob: Any, labels: Any) -> tuple[NDArray[Any], NDArray[np.intp], NDArray[np.float64]]:
    """The classes, for each row the place of the true one, and the probabilities as (n, k)."""
    truth, given = np.asarray(y_true), np.asarray(y_prob, dtype=np.float64)
    classes = np.unique(truth if labels is None else np.asarray(labels))
    if given.ndim == 1:
        given = np.column_stack([1 - given, given])
        if len(classes) == 1 and labels is None:
            classes = np.array([0, 1]) if classes[0] in (0, 1) else classes
    if given.shape != (len(truth), len(classes)):
        message = (
            f"`y_prob` should have a row for each target and a column for each class, its shape is: `{given.shape}`"
        )
        raise ShapeError("aprender.shape", message, expected=(len(truth), len(classes)), got=given.shape)
    if given.size and (given.min() < 0 or given.max() > 1):
        message = f"probabilities should be from 0 to 1, the farthest outside is: `{max(given.max(), -given.min())}`"
        raise ParameterError("aprender.values", message, name="y_prob", value=float(given.max()), allowed="[0, 1]")
    return classes, np.searchsorted(classes, truth), given


def roc_auc_score(y_true: Any, y_score: Any, *, sample_weight: Any = None, average: str = "macro") -> float:
    """Probability that a row of a class is scored above one that is not of it; ties count half.

    Shapes    y_score (n,) of the second of two classes, or (n, k), then each class is held against the rest.
    Errors    ParameterError  when `y_true` holds one class, of which nothing can be ranked.
    """
    truth, score = np.asarray(y_true), np.asarray(y_score, dtype=np.float64)
    classes = np.unique(truth)
    if len(classes) < 2:  # noqa: PLR2004 - a class and the rest
        message = f"Only one class present in y_true, ROC AUC score is not defined in that case: `{classes.tolist()}`"
        raise ParameterError("aprender.classes", message, name="y_true", value=classes.tolist(), allowed="2 classes")
    weight = np.ones(len(truth)) if sample_weight is None else np.asarray(sample_weight, float)
    if score.ndim == 1:
        return _area(truth == classes[1], score, weight)
    areas = [_area(truth == name, score[:, place], weight) for place, name in enumerate(classes)]
    shares = [weight[truth == name].sum() for name in classes]
    return float(np.average(areas, weights=shares if average == "weighted" else None))


def _area(is_positive: NDArray[np.bool_], score: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Area under the curve: over groups of equal score, the negatives below plus half of those beside."""
    _, group = np.unique(score, return_inverse=True)
    positive = np.bincount(group, weights=weight * is_positive)
    negative = np.bincount(group, weights=weight * ~is_positive)
    below = np.cumsum(negative) - negative
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))


# numbers


def r2_score(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
    """The coefficient of determination, averaged over columns; 1 is perfect, 0 as good as the mean.

    A constant target that is met exactly gives 1, one that is missed gives 0, as scikit-learn has it.

    >>> r2_score([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    0.5
    """
    truth, guess, weight = _columns(y_true, y_pred, sample_weight)
    residual = (weight * (truth - guess) ** 2).sum(axis=0)
    spread = (weight * (truth - np.average(truth, axis=0, weights=weight[:, 0])) ** 2).sum(axis=0)
    constant = np.where(residual == 0, 1.0, 0.0)
    return float(np.where(spread == 0, constant, 1 - residual / np.where(spread == 0, 1, spread)).mean())


def mean_squared_error(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
    """Mean of the squared differences."""
    truth, guess, weight = _columns(y_true, y_pred, sample_weight)
    return float(np.average((truth - guess) ** 2, axis=0, weights=weight[:, 0]).mean())


def root_mean_squared_error(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
    """Root of the mean of the squared differences, in the unit of the target; the mean of it over columns."""
    truth, guess, weight = _columns(y_true, y_pred, sample_weight)
    return float(np.sqrt(np.average((truth - guess) ** 2, axis=0, weights=weight[:, 0])).mean())


def mean_absolute_error(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
    """Mean of the absolute differences, in the unit of the target."""
    truth, guess, weight = _columns(y_true, y_pred, sample_weight)
    return float(np.average(np.abs(truth - guess), axis=0, weights=weight[:, 0]).mean())


def mean_absolute_percentage_error(y_true: Any, y_pred: Any, *, sample_weight: Any = None) -> float:
    """Mean of |difference| / |truth|, as a share and not in percent."""
    truth, guess, weight = _columns(y_true, y_pred, sample_weight)
    shares = np.abs(truth - guess) / np.maximum(np.abs(truth), _LEAST_PROBABILITY)
    return float(np.average(shares, axis=0, weights=weight[:, 0]).mean())


def median_absolute_error(y_true: Any, y_pred: Any) -> float:
    """Median of the absolute differences, which single rows that are far off do not move."""
    truth, guess, _ = _columns(y_true, y_pred, None)
    return float(np.median(np.abs(truth - guess), axis=0).mean())


def max_error(y_true: Any, y_pred: Any) -> float:
    """The largest absolute difference."""
    truth, guess, _ = _columns(y_true, y_pred, None)
    return float(np.abs(truth - guess).max())


def _columns(y_true: Any, y_pred: Any, sample_weight: Any) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Both as (n, m) in double precision, and the weights as (n, 1)."""
    truth, guess = (np.asarray(each, dtype=np.float64) for each in (y_true, y_pred))
    truth, guess = (each.reshape(len(each), -1) for each in (truth, guess))
    if truth.shape != guess.shape:
        message = f"true and predicted targets should have one shape, it is {truth.shape} and: `{guess.shape}`"
        raise ShapeError("aprender.shape", message, expected=truth.shape, got=guess.shape)
    weight = np.ones(len(truth)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    return truth, guess, weight.reshape(-1, 1)


def _pair(y_true: Any, y_pred: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    truth, guess = np.asarray(y_true), np.asarray(y_pred)
    if truth.shape != guess.shape or truth.ndim != 1:
        message = f"true and predicted classes should be (n,), their shapes are {truth.shape} and: `{guess.shape}`"
        raise ShapeError("aprender.shape", message, expected=truth.shape, got=guess.shape)
    if truth.size == 0:
        message = "a metric needs at least one row, found: `0`"
        raise ShapeError("aprender.shape", message, expected=("n",), got=(0,))
    return truth, guess


# groups


def adjusted_rand_score(labels_true: Any, labels_pred: Any) -> float:
    """How alike two groupings are: 1 the same, 0 as by chance, whatever the groups are called.

    Source    Hubert & Arabie 1985, by pairs of rows.
    """
    truth, guess = (np.unique(np.asarray(each), return_inverse=True)[1] for each in (labels_true, labels_pred))
    table = np.zeros((truth.max() + 1, guess.max() + 1), dtype=np.int64)
    np.add.at(table, (truth, guess), 1)
    both, rows, columns, every = (
        int((counts * (counts - 1) // 2).sum())
        for counts in (table, table.sum(axis=1), table.sum(axis=0), np.array(len(truth)))
    )
    expected, most = rows * columns / every if every else 0.0, (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def silhouette_score(X: Any, labels: Any) -> float:
    """Mean over rows of (distance to the next group - distance within its own) / the larger, from -1 to 1.

    Shapes    X (n, d), labels (n,) with at least two groups and fewer than n.
    Cost      n * n distances, in blocks of rows.
    Source    Rousseeuw 1987; a row alone in its group counts 0.
    """
    points, (names, group) = np.asarray(X, dtype=np.float64), np.unique(np.asarray(labels), return_inverse=True)
    if not 1 < len(names) < len(points):
        message = f"a silhouette needs from 2 to n - 1 groups, there are: `{len(names)}`"
        raise ParameterError("aprender.values", message, name="labels", value=len(names), allowed="2 to n - 1")
    sizes, belongs = np.bincount(group), np.eye(len(names))[group]
    total = 0.0
    for start in range(0, len(points), 256):
        rows = slice(start, start + 256)
        own = group[rows]
        distances = np.sqrt(((points[rows, None, :] - points[None, :, :]) ** 2).sum(axis=2)) @ belongs
        within = distances[np.arange(len(own)), own] / np.maximum(sizes[own] - 1, 1)
        distances /= sizes
        distances[np.arange(len(own)), own] = np.inf
        beside = distances.min(axis=1)
        total += float(np.where(sizes[own] > 1, (beside - within) / np.maximum(within, beside), 0).sum())
    return total / len(points)


# by name


def scorer(name: str) -> Callable[[Any, Any, Any], float]:
    """What is called as `score(estimator, X, y)`, larger being better, by scikit-learn's name of it.

    Errors    ParameterError  when there is no such name.
    """
    found = _SCORERS.get(name)
    if found is None:
        message = f"`scoring` should be one of `{', '.join(_SCORERS)}`, it is: `{name}`"
        raise ParameterError("aprender.parameter", message, name="scoring", value=name, allowed=list(_SCORERS))
    return found


def _by_prediction(metric: Callable[..., float], sign: int = 1, **options: Any) -> Callable[[Any, Any, Any], float]:
    return lambda estimator, X, y: sign * metric(y, estimator.predict(X), **options)


def _by_probability(metric: Callable[..., float], sign: int = 1) -> Callable[[Any, Any, Any], float]:
    def score(estimator: Any, X: Any, y: Any) -> float:
        probabilities = estimator.predict_proba(X)
        return sign * metric(y, probabilities[:, 1] if probabilities.shape[1] == 2 else probabilities)  # noqa: PLR2004

    return score


_SCORERS: dict[str, Callable[[Any, Any, Any], float]] = {
    "accuracy": _by_prediction(accuracy_score),
    "balanced_accuracy": _by_prediction(balanced_accuracy_score),
    "precision_macro": _by_prediction(precision_score, average="macro"),
    "recall_macro": _by_prediction(recall_score, average="macro"),
    "f1": _by_prediction(f1_score),
    "f1_macro": _by_prediction(f1_score, average="macro"),
    "f1_weighted": _by_prediction(f1_score, average="weighted"),
    "roc_auc": _by_probability(roc_auc_score),
    "neg_log_loss": _by_probability(log_loss, -1),
    "r2": _by_prediction(r2_score),
    "neg_mean_squared_error": _by_prediction(mean_squared_error, -1),
    "neg_root_mean_squared_error": _by_prediction(root_mean_squared_error, -1),
    "neg_mean_absolute_error": _by_prediction(mean_absolute_error, -1),
}
