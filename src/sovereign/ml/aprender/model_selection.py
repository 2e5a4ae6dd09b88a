"""Data apart for training and for testing: one split, folds, and the scores over folds.

Enters: arrays, lists or frames of the same number of rows, and an estimator. Leaves: pieces of the same kind, pairs of
row indexes, scores. Names and order are scikit-learn's; the random numbers are NumPy's own, so that a seed gives
another split than there, and the same one on every machine. Read `metrics.py` before.
"""

from __future__ import annotations

import copy
import time
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np  # noqa: TID253 - every caller handles arrays

from sovereign.errors import ParameterError, ShapeError
from sovereign.ml.aprender.metrics import scorer
from sovereign.ml.aprender.validation import is_sparse, random_generator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sovereign.ml.aprender.base import Estimator

__all__ = ["KFold", "Scores", "StratifiedKFold", "cross_val_predict", "cross_val_score", "cross_validate"]
__all__ += ["train_test_split"]

_DEFAULT_SHARE = 0.25


def train_test_split(
    *arrays: Any,
    test_size: float | None = None,
    train_size: float | None = None,
    random_state: Any = None,
    shuffle: bool = True,
    stratify: Any = None,
) -> list[Any]:
    """Split arrays by the same rows: train and test of the first, train and test of the second, and so on.

    A size is a share of the rows when it is below 1 and a number of rows when it is whole. With `stratify` (n,), each
    class has the same share of both pieces, as far as whole rows allow.

    Errors    ParameterError  when sizes leave a piece without a row, or a class of `stratify` has a single row.
              ShapeError      when arrays have different numbers of rows.

    >>> train, test = train_test_split([1, 2, 3, 4], test_size=1, random_state=0)
    >>> len(train), len(test)
    (3, 1)
    """
    if not arrays:
        message = "`train_test_split` needs at least one array, found: `0`"
        raise ParameterError("aprender.parameter", message, name="arrays", value=0, allowed=">= 1")
    rows = _rows_of(arrays)
    sizes = _sizes(rows, test_size, train_size)
    train, test = _places(rows, sizes, random_state, shuffle=shuffle, stratify=stratify)
    return [piece for array in arrays for piece in (_take(array, train), _take(array, test))]


def _rows_of(arrays: tuple[Any, ...]) -> int:
    counts = [_length(array) for array in arrays]
    if len(set(counts)) > 1:
        message = f"Found input variables with inconsistent numbers of samples: `{counts}`"
        raise ShapeError("aprender.shape", message, expected=(counts[0],), got=tuple(counts))
    return counts[0]


def _length(array: Any) -> int:
    return int(array.shape[0]) if hasattr(array, "shape") else len(array)


def _sizes(rows: int, test_size: float | None, train_size: float | None) -> tuple[int, int]:
    """How many rows train and test have."""
    if test_size is None and train_size is None:
        test_size = _DEFAULT_SHARE
    test = _count(rows, test_size, "test_size", up=True) if test_size is not None else None
    train = _count(rows, train_size, "train_size", up=False) if train_size is not None else None
    n_test = test if test is not None else rows - (train or 0)
    n_train = train if train is not None else rows - n_test
    if n_train < 1 or n_test < 1 or n_train + n_test > rows:
        message = (
            f"of {rows} rows, train and test should have at least one each and not more together: `{n_train, n_test}`"
        )
        raise ParameterError("aprender.parameter", message, name="test_size", value=(n_train, n_test), allowed=rows)
    return n_train, n_test


def _count(rows: int, size: float, name: str, *, up: bool) -> int:
    if isinstance(size, int | np.integer) and not isinstance(size, bool):
        return int(size)
    if isinstance(size, float) and 0 < size < 1:
        return int(np.ceil(rows * size) if up else np.floor(rows * size))
    message = f"`{name}` should be a number of rows or a share between 0 and 1, it is: `{size!r}`"
    raise ParameterError("aprender.parameter", message, name=name, value=size, allowed="int, or 0 < float < 1")


def _places(
    rows: int, sizes: tuple[int, int], random_state: Any, *, shuffle: bool, stratify: Any
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    n_train, n_test = sizes
    if not shuffle:
        if stratify is not None:
            message = "rows in order cannot be stratified, with `shuffle=False` the classes should be: `None`"
            raise ParameterError("aprender.parameter", message, name="stratify", value="given", allowed=None)
        return np.arange(n_train), np.arange(n_train, n_train + n_test)
    generator = random_generator(random_state)
    if stratify is None:
        order = generator.permutation(rows)
        return order[n_test : n_test + n_train], order[:n_test]
    return _stratified(np.asarray(stratify), n_train, n_test, generator)


def _stratified(
    classes: NDArray[Any], n_train: int, n_test: int, generator: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    names, which, counts = np.unique(classes, return_inverse=True, return_counts=True)
    if counts.min() < 2:  # noqa: PLR2004 - one row for each piece
        rare = names[counts.argmin()]
        message = f"every class of `stratify` should have at least 2 rows, one has only 1: `{rare}`"
        raise ParameterError("aprender.classes", message, name="stratify", value=rare, allowed=">= 2 rows")
    if min(n_train, n_test) < len(names):
        message = f"train and test should have a row for each of {len(names)} classes, they have: `{n_train, n_test}`"
        raise ParameterError("aprender.parameter", message, name="test_size", value=n_test, allowed=len(names))
    in_test = _shares(counts * n_test / len(classes), n_test, counts)
    in_train = _shares((counts - in_test) * n_train / (len(classes) - n_test), n_train, counts - in_test)
    train, test = [], []
    for place in range(len(names)):
        order = generator.permutation(np.flatnonzero(which == place))
        test.append(order[: in_test[place]])
        train.append(order[in_test[place] : in_test[place] + in_train[place]])
    return generator.permutation(np.concatenate(train)), generator.permutation(np.concatenate(test))


def _shares(wanted: NDArray[np.float64], total: int, most: NDArray[np.intp]) -> NDArray[np.intp]:
    """Whole numbers near `wanted` that add up to `total`: the largest remainders get what rounding down left."""
    given = np.minimum(np.floor(wanted).astype(np.intp), most)
    while given.sum() < total:
        room = np.where(given < most, wanted - given, -np.inf)
        given[int(room.argmax())] += 1
    return given


def _take(array: Any, places: NDArray[np.intp]) -> Any:
    """The rows at these places, of the kind that came in."""
    if hasattr(array, "iloc"):
        return array.iloc[places]
    if hasattr(array, "shape") or is_sparse(array):
        return array[places]
    kind = type(array) if isinstance(array, tuple) else list
    return kind(array[place] for place in places.tolist())


class KFold:
    """Splits rows into `n_splits` folds of nearly the same size; each is the test rows once.

    >>> [test.tolist() for _, test in KFold(2).split([[0], [0], [0]])]
    [[0, 1], [2]]
    """

    def __init__(self, n_splits: int = 5, *, shuffle: bool = False, random_state: Any = None) -> None:
        self.n_splits = n_splits
        self.shuffle = shuffle
        self.random_state = random_state

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """The number of folds; scikit-learn asks for it."""
        return self.n_splits

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Indexes of train and test rows, fold by fold.

        Errors    ParameterError  when there are fewer rows than folds, or fewer than 2 folds.
        """
        rows = _length(X)
        self._require_folds(rows, "rows")
        which = self._fold_of(rows, y)
        for fold in range(self.n_splits):
            yield np.flatnonzero(which != fold), np.flatnonzero(which == fold)

    def _fold_of(self, rows: int, y: Any) -> NDArray[np.intp]:
        """For each row, the fold in which it is tested."""
        order = random_generator(self.random_state).permutation(rows) if self.shuffle else np.arange(rows)
        which = np.empty(rows, dtype=np.intp)
        for fold, places in enumerate(np.array_split(order, self.n_splits)):
            which[places] = fold
        return which

    def _require_folds(self, most: int, what: str) -> None:
        least = 2
        if self.n_splits < least:
            message = f"k-fold cross-validation requires at least one train/test split: n_splits={self.n_splits!r}"
            raise ParameterError("aprender.parameter", message, name="n_splits", value=self.n_splits, allowed=">= 2")
        if self.n_splits > most:
            message = f"there cannot be more folds than {what}, of which there are {most}: n_splits={self.n_splits}"
            raise ParameterError("aprender.parameter", message, name="n_splits", value=self.n_splits, allowed=most)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.n_splits}, shuffle={self.shuffle}, random_state={self.random_state!r})"


class StratifiedKFold(KFold):
    """Folds in which each class has nearly the same share."""

    def _fold_of(self, rows: int, y: Any) -> NDArray[np.intp]:
        if y is None:
            message = "stratified folds need the classes of the rows, `y` is: `None`"
            raise ParameterError("aprender.values", message, name="y", value=None, allowed="an array")
        _, which, counts = np.unique(np.asarray(y), return_inverse=True, return_counts=True)
        self._require_folds(int(counts.max()), "rows of the largest class")
        generator = random_generator(self.random_state) if self.shuffle else None
        folds = np.empty(rows, dtype=np.intp)
        # Each class goes on where the one before ended, so that no fold gets every class's surplus.
        start = 0
        for place in range(len(counts)):
            members = np.flatnonzero(which == place)
            if generator is not None:
                members = generator.permutation(members)
            folds[members] = (start + np.arange(len(members))) % self.n_splits
            start += len(members)
        return folds


class Scores(TypedDict):
    """What `cross_validate` gives, each (n_splits,)."""

    fit_time: NDArray[np.float64]
    score_time: NDArray[np.float64]
    test_score: NDArray[np.float64]


def cross_validate(
    estimator: Estimator, X: Any, y: Any = None, *, cv: Any = 5, scoring: str | Callable[..., float] | None = None
) -> Scores:
    """Fit on each fold's train rows, score on its test rows; times in seconds.

    `cv` is a number of folds (stratified for classifiers) or anything with `split`; `scoring` a name that
    `metrics.scorer` knows, a function of estimator, X and y, or None for the estimator's own `score`.

    Errors    as of `fit`, `KFold.split` and `metrics.scorer`.
    """
    measure = _measure(scoring)
    found: dict[str, list[float]] = {"fit_time": [], "score_time": [], "test_score": []}
    for train, test in _folds(estimator, cv).split(X, y):
        begin = time.perf_counter()
        fitted = _fit_on(estimator, X, y, train)
        fit_end = time.perf_counter()
        found["test_score"].append(float(measure(fitted, _take(X, test), None if y is None else _take(y, test))))
        found["fit_time"].append(fit_end - begin)
        found["score_time"].append(time.perf_counter() - fit_end)
    fit_time, score_time, test_score = (np.array(found[name]) for name in ("fit_time", "score_time", "test_score"))
    return Scores(fit_time=fit_time, score_time=score_time, test_score=test_score)


def cross_val_score(
    estimator: Estimator, X: Any, y: Any = None, *, cv: Any = 5, scoring: str | Callable[..., float] | None = None
) -> NDArray[np.float64]:
    """The score of each fold (n_splits,), as `cross_validate` finds it."""
    return cross_validate(estimator, X, y, cv=cv, scoring=scoring)["test_score"]


def cross_val_predict(estimator: Estimator, X: Any, y: Any = None, *, cv: Any = 5, method: str = "predict") -> Any:
    """For each row (n,) or (n, k), what an estimator says that was fitted without its fold."""
    pieces, places = [], []
    for train, test in _folds(estimator, cv).split(X, y):
        fitted = _fit_on(estimator, X, y, train)
        pieces.append(np.asarray(getattr(fitted, method)(_take(X, test))))
        places.append(test)
    every = np.concatenate(pieces)
    result = np.empty_like(every)
    result[np.concatenate(places)] = every
    return result


def _measure(scoring: str | Callable[..., float] | None) -> Callable[..., float]:
    if scoring is None:
        return lambda estimator, X, y: float(estimator.score(X, y))
    return scoring if callable(scoring) else scorer(scoring)


def _folds(estimator: Any, cv: Any) -> Any:
    if hasattr(cv, "split"):
        return cv
    is_classifier = getattr(estimator, "_estimator_type", None) == "classifier"
    return StratifiedKFold(cv) if is_classifier else KFold(cv)


def _fit_on(estimator: Any, X: Any, y: Any, places: NDArray[np.intp]) -> Any:
    """A new estimator with the same parameters, fitted on some of the rows."""
    fresh = unfitted(estimator)
    return fresh.fit(_take(X, places)) if y is None else fresh.fit(_take(X, places), _take(y, places))


def unfitted(estimator: Any) -> Any:
    """A new estimator with the same parameters that has learned nothing; those among the parameters likewise."""
    params = estimator.get_params(deep=False)
    fresh = {
        name: unfitted(value) if hasattr(value, "get_params") and not isinstance(value, type) else copy.deepcopy(value)
        for name, value in params.items()
    }
    return type(estimator)(**fresh)
