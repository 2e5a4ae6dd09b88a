"""Naive Bayes: classes by columns that are taken as independent.

Enters: `X (n, d)`, classes `y (n,)`, weights of rows; all at once, or in batches by `partial_fit`. Leaves: GaussianNB,
means and variances of columns by class, and MultinomialNB, logarithms of shares of counts by class. Read `neighbors.py`
next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.ml.aprender import _kernels, validation
from sovereign.ml.aprender.base import Classifier, Estimator
from sovereign.ml.aprender.image import Family, Image, Link
from sovereign.ml.aprender.parameters import require

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GaussianNB", "MultinomialNB"]

_LEAST_ALPHA = 1e-10
_CLOSE = 1e-8


class _NaiveBayes(Classifier, Estimator):
    """What both share: probabilities, and classes that are known before all rows are."""

    class_count_: NDArray[np.float64]

    def predict_joint_log_proba(self, X: Any) -> NDArray[Any]:
        """Logarithms of the joint probabilities of each row and each class (n, k).

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        return np.asarray(self._predictor().scores(self._check_rows(X)))

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """The probability of each class (n, k), in the order of `classes_`."""
        return np.asarray(self._predictor().predict(self._check_rows(X)))

    def predict_log_proba(self, X: Any) -> NDArray[Any]:
        """The logarithm of each probability (n, k), from the joint ones without going through probabilities."""
        joint = self.predict_joint_log_proba(X)
        largest = joint.max(axis=1, keepdims=True)
        found: NDArray[Any] = joint - largest - np.log(np.exp(joint - largest).sum(axis=1, keepdims=True))
        return found

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from these rows alone.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        rows = self._check_input(X, reset=True)
        indexes = self._check_classes(y, len(rows))
        self._begin()
        self._add(rows, indexes, validation.weights(sample_weight, len(rows), estimator=type(self).__name__))
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Learn from these rows beside those of earlier calls.

        Shapes    X (n, d), y (n,), classes (k,), sample_weight (n,).
        Errors    ParameterError  when `classes` are missing in the first call or differ in a later one, or `y` holds
                  another class.
        """
        is_first = not hasattr(self, "class_count_")
        rows = self._check_input(X, reset=is_first)
        indexes = self._check_known_classes(y, len(rows), classes, is_first=is_first)
        if is_first:
            self._begin()
        self._add(rows, indexes, validation.weights(sample_weight, len(rows), estimator=type(self).__name__))
        return self

    def _begin(self) -> None:
        """Set up what rows are added to."""
        raise NotImplementedError

    def _add(self, rows: NDArray[Any], indexes: NDArray[np.int32], weights: NDArray[np.float64] | None) -> None:
        """Add rows to what is known."""
        raise NotImplementedError


def _priors(given: Any, counts: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """Probabilities of classes (k,), from their counts unless they are given."""
    if given is None:
        found: NDArray[np.float64] = counts / counts.sum()
        return found
    priors = np.asarray(given, dtype=np.float64)
    require(name, given, f"{len(counts)} numbers, one for each class", makes_sense=priors.shape == counts.shape)
    return priors


class GaussianNB(_NaiveBayes):
    """Classes whose columns are normally distributed, each apart from the others.

    Shapes    X (n, d), y (n,); theta_ and var_ (k, d), class_prior_ and class_count_ (k,), epsilon_ a number.
    Errors    ParameterError  when priors are negative, not one for each class, or do not sum to 1.
    Cost      two passes over X.
    Source    Chan, Golub & LeVeque 1979 for batches.
    """

    theta_: NDArray[np.float64]
    var_: NDArray[np.float64]
    class_prior_: NDArray[np.float64]
    epsilon_: float

    def __init__(self, *, priors: Any = None, var_smoothing: float = 1e-9) -> None:
        """Only store.

        Parameters    priors         probabilities of the classes (k,); None for their shares of rows.
                      var_smoothing  share of the largest variance of a column that is added to all variances.
        """
        self.priors = priors
        self.var_smoothing = var_smoothing

    def _begin(self) -> None:
        require("var_smoothing", self.var_smoothing, ">= 0", makes_sense=self.var_smoothing >= 0)
        k, d = len(self.classes_), self.n_features_in_
        if self.priors is not None:
            priors = _priors(self.priors, np.empty(k), "priors")
            is_one = abs(priors.sum() - 1.0) < _CLOSE
            is_one = is_one and bool((priors >= 0).all())
            require("priors", self.priors, "not negative and 1 in sum", makes_sense=is_one)
        self.epsilon_ = 0.0
        self.class_count_ = np.zeros(k)
        self.theta_, self.var_ = np.zeros((k, d)), np.zeros((k, d))

    def _add(self, rows: NDArray[Any], indexes: NDArray[np.int32], weights: NDArray[np.float64] | None) -> None:
        k, d = len(self.classes_), rows.shape[1]
        new, mean, squares = np.empty(k), np.empty((k, d)), np.empty((k, d))
        _kernels.column_moments(rows, indexes, weights, new, mean, squares)
        known = self.class_count_
        if known.any():
            squares += known[:, None] * (self.var_ - self.epsilon_)
            total = new + known
            share = np.divide(new, total, out=np.zeros(k), where=total > 0)[:, None]
            gap = mean - self.theta_
            squares += known[:, None] * share * gap**2
            mean = self.theta_ + share * gap
            new = total
        epsilon = self.var_smoothing * _largest_variance(
            rows, None if known.any() or weights is not None else (mean, squares, new)
        )
        self.epsilon_ = epsilon
        self.var_ = np.divide(squares, new[:, None], out=np.zeros((k, d)), where=new[:, None] > 0) + epsilon
        self.theta_, self.class_count_ = mean, new
        self.class_prior_ = _priors(self.priors, new, "priors")

    def _image(self) -> Image:
        with np.errstate(divide="ignore"):
            log_prior = np.log(self.class_prior_)
        k = len(self.classes_)
        return Image.describe(
            Family.GAUSSIAN_NB,
            n_features=self.n_features_in_,
            n_outputs=k,
            link=Link.LOG_JOINT,
            n_classes=k,
            arrays={"mean": self.theta_, "variance": self.var_, "log_prior": log_prior},
        )

    def _restore(self, image: Image) -> None:
        self.theta_, self.var_ = image["mean"], image["variance"]


def _largest_variance(rows: NDArray[Any], moments: tuple[NDArray[np.float64], ...] | None) -> float:
    """The largest variance of a column of these rows, weights left aside.

    Moments   means, squared deviations and counts of classes, where they are of these rows and have no weights: they
              tell it without another pass.
    """
    if moments is not None:
        mean, squares, counts = moments
        overall = counts @ mean / counts.sum()
        between = counts @ (mean - overall) ** 2
        return float(((squares.sum(axis=0) + between) / counts.sum()).max())
    total, means, deviations = np.empty(1), np.empty((1, rows.shape[1])), np.empty((1, rows.shape[1]))
    _kernels.column_moments(rows, None, None, total, means, deviations)
    return float(deviations.max() / total[0])


class MultinomialNB(_NaiveBayes):
    """Classes of counts, such as of words: each class has its own shares of columns.

    Shapes    X (n, d) not negative, y (n,); feature_log_prob_ and feature_count_ (k, d), class_log_prior_ and
              class_count_ (k,).
    Errors    ParameterError  when X is negative, alpha is, or class_prior has not one number for each class.
    Cost      2 * n * d * k.
    Source    Manning, Raghavan & Schütze 2008, chapter 13.
    """

    _positive_only = True
    # Blobs around a point are no counts: scikit-learn's checks expect no good score of them.
    _has_poor_score = True

    feature_count_: NDArray[np.float64]
    feature_log_prob_: NDArray[np.float64]
    class_log_prior_: NDArray[np.float64]

    def __init__(self, *, alpha: Any = 1.0, fit_prior: bool = True, class_prior: Any = None) -> None:
        """Only store.

        Parameters    alpha        added to each count; one number, or one for each column. Below 1e-10 it is 1e-10.
                      fit_prior    whether classes are as probable as their shares of rows; all alike otherwise.
                      class_prior  probabilities of the classes (k,), instead.
        """
        self.alpha = alpha
        self.fit_prior = fit_prior
        self.class_prior = class_prior

    def _begin(self) -> None:
        self.class_count_ = np.zeros(len(self.classes_))
        self.feature_count_ = np.zeros((len(self.classes_), self.n_features_in_))

    def _add(self, rows: NDArray[Any], indexes: NDArray[np.int32], weights: NDArray[np.float64] | None) -> None:
        alpha = np.asarray(self.alpha, dtype=np.float64)
        fits = alpha.ndim == 0 or alpha.shape == (rows.shape[1],)
        fits = fits and bool((alpha >= 0).all())
        require("alpha", self.alpha, ">= 0, one number or one for each column", makes_sense=fits)
        member = np.zeros((len(rows), len(self.classes_)))
        member[np.arange(len(rows)), indexes] = 1.0 if weights is None else weights
        self.class_count_ = self.class_count_ + member.sum(axis=0)
        self.feature_count_ = self.feature_count_ + member.T @ rows
        smoothed = self.feature_count_ + np.maximum(alpha, _LEAST_ALPHA)
        self.feature_log_prob_ = np.log(smoothed) - np.log(smoothed.sum(axis=1, keepdims=True))
        with np.errstate(divide="ignore"):
            if self.class_prior is None and not self.fit_prior:
                self.class_log_prior_ = np.full(len(self.classes_), -np.log(len(self.classes_)))
            else:
                self.class_log_prior_ = np.log(_priors(self.class_prior, self.class_count_, "class_prior"))

    def _image(self) -> Image:
        k = len(self.classes_)
        return Image.describe(
            Family.LINEAR,
            n_features=self.n_features_in_,
            n_outputs=k,
            link=Link.LOG_JOINT,
            n_classes=k,
            arrays={"coef": self.feature_log_prob_, "intercept": self.class_log_prior_},
        )

    def _restore(self, image: Image) -> None:
        self.feature_log_prob_, self.class_log_prior_ = image["coef"], image["intercept"]
