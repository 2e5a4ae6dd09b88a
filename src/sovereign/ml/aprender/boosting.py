"""Gradient boosting: trees one after the other, each grown on what those before it got wrong.

Enters and leaves: as of `tree.py`; the leaves of `forest_` are added to `init_`. Rows are counted by at most 255 bins
of each feature, as LightGBM and scikit-learn's `HistGradientBoosting` do; the core is `crates/train/src/boosting.rs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.ml.aprender import _kernels, validation
from sovereign.ml.aprender.base import Classifier, Estimator, Regressor
from sovereign.ml.aprender.image import Link
from sovereign.ml.aprender.nodes import Trees
from sovereign.ml.aprender.parameters import choice, count, number, optional_count, refuse
from sovereign.ml.aprender.tree import class_weights, plain_trees, seed_of, threads_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sovereign.ml.aprender.image import Image

__all__ = ["GradientBoostingClassifier", "GradientBoostingRegressor"]

_MOST_BINS = 255
_TWO = 2

_Part: TypeAlias = "tuple[NDArray[Any], NDArray[Any], NDArray[np.float64] | None]"


class _Boosted(Estimator):
    """What both share: parameters, the split for early stopping, the way into an image and back."""

    _allows_nan: ClassVar[bool] = True
    _dtypes: ClassVar[tuple[np.dtype[Any], ...]] = (np.dtype(np.float32),)

    loss: str
    learning_rate: float
    n_estimators: int
    subsample: float
    max_leaf_nodes: int | None
    max_depth: int | None
    min_samples_leaf: int
    l2_regularization: float
    max_bins: int
    validation_fraction: float
    n_iter_no_change: int | None
    tol: float
    n_jobs: int | None
    random_state: Any

    forest_: Trees
    init_: NDArray[np.float64]
    n_estimators_: int
    train_score_: NDArray[np.float64]
    validation_score_: NDArray[np.float64]
    feature_importances_: NDArray[np.float64]

    def _settings(self, classes: int) -> dict[str, Any]:
        """What the core reads.

        Errors    ParameterError  when a parameter is not what it may be.
        """
        rate, share = number("learning_rate", self.learning_rate, 0), number("subsample", self.subsample, 0, 1)
        if not rate or not share:
            raise refuse("learning_rate" if not rate else "subsample", 0.0, "above 0")
        if not _TWO <= count("max_bins", self.max_bins, _TWO) <= _MOST_BINS:
            raise refuse("max_bins", self.max_bins, f"from {_TWO} to {_MOST_BINS}")
        return {
            "classes": classes,
            "rounds": count("n_estimators", self.n_estimators, 1),
            "learning_rate": rate,
            "max_leaf_nodes": optional_count("max_leaf_nodes", self.max_leaf_nodes, _TWO),
            "max_depth": optional_count("max_depth", self.max_depth, 1),
            "min_samples_leaf": count("min_samples_leaf", self.min_samples_leaf, 1),
            "l2": number("l2_regularization", self.l2_regularization, 0),
            "max_bins": int(self.max_bins),
            "subsample": share,
            "patience": optional_count("n_iter_no_change", self.n_iter_no_change, 1),
            "tol": number("tol", self.tol, 0),
            "threads": threads_of(self.n_jobs),
        }

    def _boost(self, data: _Part, settings: dict[str, Any], strata: NDArray[np.int32] | None) -> None:
        """Boost trees, and learn them."""
        random = validation.random_generator(self.random_state)
        settings = {**settings, "seed": seed_of(random)}
        held: _Part | tuple[None, None, None] = (None, None, None)
        if settings["patience"] is not None:
            data, held = self._parted(data, strata, random)
        X, y, weights = data
        facts = _kernels.boost_trees(X, y, weights, held[0], held[1], held[2], settings)
        outputs = np.frombuffer(facts["init"], dtype=np.float64)
        plain = plain_trees(facts)
        value = np.frombuffer(facts["value"], dtype=np.float64)[:, None]
        columns = np.arange(len(plain.starts)) % len(outputs)
        self.forest_ = Trees.packed(plain, value, n_features=X.shape[1], columns=columns, init=outputs)
        self.init_ = outputs
        self.n_estimators_ = len(plain.starts) // len(outputs)
        self.train_score_ = np.frombuffer(facts["train_losses"], dtype=np.float64)
        if held[0] is not None:
            self.validation_score_ = np.frombuffer(facts["validation_losses"], dtype=np.float64)
        gains = np.frombuffer(facts["importances"], dtype=np.float64)
        self.feature_importances_ = gains / gains.sum() if gains.any() else gains

    def _parted(
        self, data: _Part, strata: NDArray[np.int32] | None, random: np.random.Generator
    ) -> tuple[_Part, _Part]:
        """Rows to train on, and rows to stop by: of each class the same share, and at least one to train on."""
        share = number("validation_fraction", self.validation_fraction, 0, 1)
        X, y, weights = data
        groups = np.zeros(len(y), dtype=np.int32) if strata is None else strata
        is_held = np.zeros(len(y), dtype=bool)
        for group in np.unique(groups):
            members = random.permutation(np.flatnonzero(groups == group))
            is_held[members[: min(round(share * len(members)), len(members) - 1)]] = True
        if not is_held.any() or is_held.all():
            raise refuse("validation_fraction", self.validation_fraction, "a share that leaves rows on both sides")

        def part(rows: NDArray[np.bool_]) -> _Part:
            return X[rows], y[rows], None if weights is None else weights[rows]

        return part(~is_held), part(is_held)

    def _linked(self, link: Link, outputs: int, classes: int) -> Image:
        return self.forest_.image(n_features=self.n_features_in_, n_outputs=outputs, n_classes=classes, link=link)

    def _restore(self, image: Image) -> None:
        self.forest_ = Trees.of_image(image)
        self.init_ = self.forest_.init
        self.n_estimators_ = len(self.forest_.table) // len(self.init_)

    def apply(self, X: Any) -> NDArray[np.int64]:
        """The node in which each row ends in each tree (n, t), counted from its root; trees of a round stand together.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        return self.forest_.walk(self._check_rows(X))

    def _staged(self, X: Any) -> Iterator[NDArray[np.float64]]:
        """Scores after each round (n, m)."""
        rows = self._check_rows(X)
        scores = np.tile(self.init_, (len(rows), 1))
        plain, leaves = self.forest_.plain(), self.forest_.walk(rows)
        for tree, (start, value, column, _) in enumerate(self.forest_.table):
            leaf = plain.left[start + leaves[:, tree]]
            scores[:, column] += self.forest_.value[value + leaf, 0]
            if column == len(self.init_) - 1:
                yield scores.copy()


class GradientBoostingClassifier(Classifier, _Boosted):
    """Trees that add up to scores of classes.

    Shapes    X (n, d), where NaN is a missing value; y (n,) of at least two classes.
    Learned   train_score_ and validation_score_ hold the mean log-loss after each round.
    Errors    ShapeError, ParameterError, KindError  for input that is no such data; the message says where.
    Cost      about n * d for each round, and for each class where there are more than two.
    Source    Friedman 2001 with second derivatives; Ke et al. 2017 (LightGBM) for growth by leaves and histograms.
              Differs: sums are made in whole numbers of 64 bits, so that they are exact, and models are the same for
              any number of threads.

    >>> X, y = [[float(i)] for i in range(60)], [int(i >= 30) for i in range(60)]
    >>> GradientBoostingClassifier(n_estimators=20).fit(X, y).predict([[3.0], [50.0]]).tolist()
    [0, 1]
    """

    class_weight: Any
    n_classes_: int

    def __init__(
        self,
        *,
        loss: str = "log_loss",
        learning_rate: float = 0.1,
        n_estimators: int = 100,
        subsample: float = 1.0,
        max_leaf_nodes: int | None = 31,
        max_depth: int | None = None,
        min_samples_leaf: int = 20,
        l2_regularization: float = 0.0,
        max_bins: int = 255,
        validation_fraction: float = 0.1,
        n_iter_no_change: int | None = None,
        tol: float = 1e-4,
        class_weight: Any = None,
        n_jobs: int | None = None,
        random_state: Any = None,
    ) -> None:
        """Only store.

        Parameters    max_leaf_nodes, max_depth, min_samples_leaf, l2_regularization and max_bins are those of
                      scikit-learn's `HistGradientBoostingClassifier`, the others those of `GradientBoostingClassifier`.
                      With `n_iter_no_change`, a share of the rows is held back, and it ends when the loss on them has
                      not fallen by more than `tol` in so many rounds.
        """
        self.loss = loss
        self.learning_rate = learning_rate
        self.n_estimators = n_estimators
        self.subsample = subsample
        self.max_leaf_nodes = max_leaf_nodes
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.max_bins = max_bins
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.class_weight = class_weight
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Boost trees.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        choice("loss", self.loss, ("log_loss",))
        rows = self._check_input(X, reset=True)
        indexes = self._check_classes(y, len(rows), least=_TWO)
        self.n_classes_ = len(self.classes_)
        weights = validation.weights(sample_weight, len(rows), estimator=type(self).__name__)
        weights = class_weights(self.class_weight, self.classes_, indexes, weights)
        settings = {**self._settings(self.n_classes_), "loss": self.loss}
        self._boost((rows, indexes.astype(np.float64), weights), settings, indexes)
        return self

    def _image(self) -> Image:
        link = Link.LOGISTIC if self.n_classes_ == _TWO else Link.SOFTMAX
        return self._linked(link, self.n_classes_, self.n_classes_)

    def _restore(self, image: Image) -> None:
        super()._restore(image)
        self.n_classes_ = image.n_classes

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """The probability of each class (n, k).

        Shapes    X (n, d); columns in the order of `classes_`.
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        shares: NDArray[np.float64] = np.asarray(self._predictor().predict(self._check_rows(X)))
        return shares

    def predict_log_proba(self, X: Any) -> NDArray[np.float64]:
        """The logarithms of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """The scores (n, k), or of two classes that of the second one (n,).

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        scores: NDArray[np.float64] = np.asarray(self._predictor().scores(self._check_rows(X)))
        return scores

    def staged_decision_function(self, X: Any) -> Iterator[NDArray[np.float64]]:
        """`decision_function` after each round."""
        for scores in self._staged(X):
            yield scores[:, 0] if self.n_classes_ == _TWO else scores

    def staged_predict(self, X: Any) -> Iterator[NDArray[Any]]:
        """`predict` after each round."""
        for scores in self._staged(X):
            is_binary = self.n_classes_ == _TWO
            yield self.classes_[(scores[:, 0] > 0).astype(int) if is_binary else scores.argmax(axis=1)]


class GradientBoostingRegressor(Regressor, _Boosted):
    """Trees that add up to a number.

    Shapes    X (n, d), where NaN is a missing value; y (n,).
    Learned   train_score_ and validation_score_ hold the mean loss after each round; of squared errors, half of them.
    Errors    ShapeError, ParameterError, KindError  for input that is no such data; the message says where.
    Source    as `GradientBoostingClassifier`; with the absolute error a leaf says the median of what is left.

    >>> X, y = [[float(i)] for i in range(60)], [float(i // 30) for i in range(60)]
    >>> GradientBoostingRegressor().fit(X, y).predict([[3.0], [50.0]]).round(3).tolist()
    [0.0, 1.0]
    """

    def __init__(
        self,
        *,
        loss: str = "squared_error",
        learning_rate: float = 0.1,
        n_estimators: int = 100,
        subsample: float = 1.0,
        max_leaf_nodes: int | None = 31,
        max_depth: int | None = None,
        min_samples_leaf: int = 20,
        l2_regularization: float = 0.0,
        max_bins: int = 255,
        validation_fraction: float = 0.1,
        n_iter_no_change: int | None = None,
        tol: float = 1e-4,
        n_jobs: int | None = None,
        random_state: Any = None,
    ) -> None:
        """Only store; as of `GradientBoostingClassifier`, with "squared_error" or "absolute_error" as `loss`."""
        self.loss = loss
        self.learning_rate = learning_rate
        self.n_estimators = n_estimators
        self.subsample = subsample
        self.max_leaf_nodes = max_leaf_nodes
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf
        self.l2_regularization = l2_regularization
        self.max_bins = max_bins
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.n_jobs = n_jobs
        self.random_state = random_state

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Boost trees.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        choice("loss", self.loss, ("squared_error", "absolute_error"))
        label = type(self).__name__
        rows = self._check_input(X, reset=True)
        numbers = validation.target_numbers(y, len(rows), estimator=label, dtype=np.dtype(np.float64))
        weights = validation.weights(sample_weight, len(rows), estimator=label)
        self._boost((rows, numbers, weights), {**self._settings(0), "loss": self.loss}, None)
        return self

    def _image(self) -> Image:
        return self._linked(Link.IDENTITY, 1, 0)

    def staged_predict(self, X: Any) -> Iterator[NDArray[np.float64]]:
        """`predict` after each round."""
        for scores in self._staged(X):
            yield scores[:, 0]
