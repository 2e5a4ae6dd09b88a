"""Logistic regression of two or more classes.

Enters: `X (n, d)`, classes `y (n,)`, weights of rows and of classes. Leaves: `coef_` and `intercept_`, whose scores the
logistic function, or the softmax, makes probabilities of. The loss and its derivatives come from one native pass over
the data (`crates/train/src/logistic.rs`); what minimises it stands here. Read `svm.py` next.
"""

from __future__ import annotations

import warnings
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.ml.aprender import _kernels, validation
from sovereign.ml.aprender.base import Classifier, Estimator
from sovereign.ml.aprender.image import Family, Image, Link
from sovereign.ml.aprender.parameters import require, with_class_weights
from sovereign.ml.aprender.peer import no_convergence
from sovereign.ml.aprender.products import factored, solved

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["LinearClassifier", "LogisticRegression", "fallen"]

_TWO = 2
# Coefficients up to which second derivatives repay themselves; several classes have them for each pair.
_MOST_OF_TWO, _MOST_OF_SEVERAL = 512, 96
_MEMORY = 10
# Columns up to which a bound of the curvature has a factor.
_MOST_BOUNDED = 1024
# Rows from which on a share of them tells where to begin, if these are as many for each coefficient.
_MOST_WHOLE, _SHARE, _ROWS_A_COEFFICIENT = 8192, 10, 50
# The gain of a step, in parts of the loss, below which a share of the rows tells nothing more.
_LEAST_OF_SHARE = 1e-3
# The same, below which second derivatives hardly change, and what part of it steps by old ones may leave.
_LEAST_BENT, _FALL = 1e-2, 0.1
_HALVINGS = 40
_ENOUGH_DESCENT = 1e-4
# Half the Newton decrement, in parts of the loss, below which nothing is left to gain.
_LEAST_GAIN = 1e-9
_ROUNDING = 64 * float(np.finfo(np.float64).eps)


class LinearClassifier(Classifier, Estimator):
    """What classifiers share whose scores are linear: `X @ coef_.T + intercept_`."""

    _link: ClassVar[tuple[Link, Link]] = (Link.DECISION, Link.DECISION)

    coef_: NDArray[Any]
    intercept_: NDArray[Any]

    def decision_function(self, X: Any) -> NDArray[Any]:
        """The score of the second class (n,), above 0 where it is predicted, or the scores of all classes (n, k).

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        return np.asarray(self._predictor().scores(self._check_rows(X)))

    def _image(self) -> Image:
        count = len(self.classes_)
        return Image.describe(
            Family.LINEAR,
            n_features=self.n_features_in_,
            n_outputs=count if self._has_probabilities() else len(self.coef_),
            link=self._link[0] if count == _TWO else self._link[1],
            n_classes=count,
            arrays={"coef": self.coef_, "intercept": self.intercept_},
        )

    def _restore(self, image: Image) -> None:
        self.coef_, self.intercept_ = image["coef"], image["intercept"]

    def _has_probabilities(self) -> bool:
        return self._link[0] != Link.DECISION


class _Problem(NamedTuple):
    """A loss over rows, and the penalty on all columns of coefficients but the last."""

    X: NDArray[Any]
    indexes: NDArray[np.int32]
    weights: NDArray[np.float64] | None
    total: float
    penalty: float
    fits_intercept: bool

    def at(
        self, coef: NDArray[np.float64], curvature: NDArray[np.float64] | None = None
    ) -> tuple[float, NDArray[np.float64]]:
        """The objective, and its gradient (m, d + 1); with `curvature` the raw second derivatives are written there."""
        gradient = np.empty_like(coef)
        loss = _kernels.logistic_loss(self.X, self.indexes, self.weights, coef, gradient, curvature)
        gradient /= self.total
        gradient[:, :-1] += self.penalty * coef[:, :-1]
        if not self.fits_intercept:
            gradient[:, -1] = 0.0
        return loss / self.total + 0.5 * self.penalty * float((coef[:, :-1] ** 2).sum()), gradient

    def hessian(self, raw: NDArray[np.float64], m: int) -> NDArray[np.float64]:
        """The second derivatives (m * (d + 1), m * (d + 1)) from the raw ones; their lower half counts."""
        width = self.X.shape[1] + 1
        found = raw / self.total if m == 1 else _joined(raw, m, width) / self.total
        diagonal = found.reshape(-1)[:: m * width + 1].reshape(m, width)
        diagonal[:, :-1] += self.penalty
        if not self.fits_intercept:
            found[width - 1 :: width] = 0.0
            found[:, width - 1 :: width] = 0.0
            diagonal[:, -1] = 1.0
        return found


def _joined(raw: NDArray[np.float64], m: int, width: int) -> NDArray[np.float64]:
    """Blocks of second derivatives for each pair of scores as one matrix."""
    blocks = np.tril(raw.reshape(m, m, width, width))
    blocks += np.swapaxes(np.tril(blocks, -1), 2, 3)
    for a in range(m):
        for b in range(a):
            blocks[a, b] *= -1
            blocks[b, a] = blocks[a, b]
    return blocks.transpose(0, 2, 1, 3).reshape(m * width, m * width)


class LogisticRegression(LinearClassifier):
    """Classes by scores whose softmax are probabilities, with a penalty on squared coefficients.

    Minimises `C * Σ weight * loss + |w|² / 2`; of two classes the second has a score, of more each has one.

    Shapes    X (n, d), y (n,); coef_ (1, d) or (k, d), intercept_ (1,) or (k,), n_iter_ (1,).
    Errors    ParameterError  when y has one class, C is not above 0, tol not above 0 or max_iter below 1.
    Warnings  `peer.no_convergence()` when the gradient is above tol after max_iter steps.
    Cost      for few columns about six steps of n * d ** 2, by second derivatives, for many rows two or three; for
              more columns, or several classes, tens of steps of n * d * k.
    Source    Newton's method with shorter steps where it needs them (McCullagh & Nelder 1989), near the minimum with
              corrections in place of new second derivatives, or L-BFGS (Liu & Nocedal 1989) in coordinates in which
              a bound of the loss curves alike (Böhning 1992). Differs from scikit-learn in the path, not in the goal:
              both stop where no element of the mean objective's gradient exceeds tol.

    >>> model = LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], ["no", "no", "yes", "yes"])
    >>> model.predict([[0.2], [2.8]]).tolist()
    ['no', 'yes']
    """

    _link = (Link.LOGISTIC, Link.SOFTMAX)

    n_iter_: NDArray[np.int32]

    def __init__(
        self,
        *,
        C: float = 1.0,
        tol: float = 1e-4,
        fit_intercept: bool = True,
        class_weight: Any = None,
        max_iter: int = 100,
        warm_start: bool = False,
    ) -> None:
        """Only store.

        Parameters    C              weight of the losses beside the penalty; infinity for no penalty.
                      tol            largest element of the gradient at which to stop.
                      fit_intercept  whether a constant is learned; it is not penalised.
                      class_weight   None, "balanced", or a dict of weights by class.
                      max_iter       steps at most.
                      warm_start     whether to begin at the coefficients of the last `fit`.
        """
        self.C = C
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.class_weight = class_weight
        self.max_iter = max_iter
        self.warm_start = warm_start

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Find the coefficients of least penalised loss.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        require("C", self.C, "above 0", makes_sense=self.C > 0)
        require("tol", self.tol, "above 0", makes_sense=self.tol > 0)
        require("max_iter", self.max_iter, ">= 1", makes_sense=self.max_iter >= 1)
        before = (self.coef_, self.intercept_) if self.warm_start and hasattr(self, "coef_") else None
        rows = self._check_input(X, reset=True)
        indexes = self._check_classes(y, len(rows), least=2)
        weights = validation.weights(sample_weight, len(rows), estimator=type(self).__name__)
        weights = with_class_weights(self.class_weight, self.classes_, indexes, weights)
        total = float(len(rows) if weights is None else weights.sum())
        problem = _Problem(rows, indexes, weights, total, 1.0 / (self.C * total), self.fit_intercept)
        count = len(self.classes_)
        coef = np.zeros((1 if count == _TWO else count, rows.shape[1] + 1))
        if before is not None and before[0].shape == (len(coef), rows.shape[1]):
            coef[:, :-1], coef[:, -1] = before
        minimise = _newton if coef.size <= (_MOST_OF_TWO if len(coef) == 1 else _MOST_OF_SEVERAL) else _quasi_newton
        if minimise is _newton and not coef.any():
            coef = _start(problem, coef, self.max_iter)
        coef, steps, steepest = minimise(problem, coef, self.tol, self.max_iter)
        if steepest > self.tol:
            message = (
                f"LogisticRegression did not converge within {steps} steps, raise `max_iter` or scale the columns:"
                f" largest element of the gradient `{steepest:.3e}`, tolerance `{self.tol:.3e}`"
            )
            warnings.warn(message, no_convergence(), stacklevel=2)
        self.coef_ = coef[:, :-1].astype(rows.dtype)
        self.intercept_ = coef[:, -1].astype(rows.dtype)
        self.n_iter_ = np.array([steps], dtype=np.int32)
        return self

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """The probability of each class (n, k), in the order of `classes_`.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        return np.asarray(self._predictor().predict(self._check_rows(X)))

    def predict_log_proba(self, X: Any) -> NDArray[Any]:
        """The logarithm of each probability (n, k)."""
        with np.errstate(divide="ignore"):
            logarithms: NDArray[Any] = np.log(self.predict_proba(X))
        return logarithms


_Found = tuple["NDArray[np.float64]", int, float]


def _start(problem: _Problem, coef: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """Where to begin: at zero, or near the minimum for a share of the rows, drawn evenly."""
    count = len(problem.X)
    if count < max(_MOST_WHOLE, _SHARE * _ROWS_A_COEFFICIENT * coef.size):
        return coef
    share = slice(None, None, _SHARE)
    weights = None if problem.weights is None else np.ascontiguousarray(problem.weights[share])
    rows, indexes = np.ascontiguousarray(problem.X[share]), np.ascontiguousarray(problem.indexes[share])
    total = float(len(rows) if weights is None else weights.sum())
    if np.bincount(indexes, minlength=max(_TWO, len(coef))).min() == 0 or total <= 0:
        return coef
    few = problem._replace(X=rows, indexes=indexes, weights=weights, total=total)
    return _newton(few, coef, np.inf, most, least=_LEAST_OF_SHARE)[0]


def _newton(
    problem: _Problem, coef: NDArray[np.float64], tolerance: float, most: int, least: float = _LEAST_GAIN
) -> _Found:
    """Steps to the minimum of the parabola that fits here, shortened until the objective falls."""
    m, width = coef.shape
    raw = np.empty((m * m * width, width))
    value, gradient = problem.at(coef, raw)
    if coef.any() and not value < np.log(max(_TWO, m)):
        # Rows that were no fair sample have led astray: at zero, all classes are equally likely.
        coef = np.zeros_like(coef)
        value, gradient = problem.at(coef, raw)
    bent: NDArray[np.float64] | None = raw
    factor, before = np.empty(0), np.inf
    steps: deque[_Step] = deque(maxlen=_MEMORY)

    def flatten(slopes: NDArray[np.float64]) -> NDArray[np.float64]:
        return solved(factor, slopes.ravel()).reshape(coef.shape)

    for step in range(1, most + 1):
        if bent is not None:
            factor = _newton_factor(problem.hessian(raw, m))
            steps.clear()
        direction = -_two_loops(steps, gradient, flatten)
        if m > 1:
            # The same number added to all intercepts changes nothing: rounding alone would choose it.
            direction[:, -1] -= direction[:, -1].mean()
        slope = float(np.vdot(direction, gradient))
        gain = -0.5 * slope / max(1.0, value)
        if np.abs(gradient).max() <= tolerance and gain <= least:
            # The last step costs nothing more, and leaves a small part of what was left.
            return coef + direction, step, float(np.abs(gradient).max())
        bent = raw if gain > min(_LEAST_BENT, _FALL * before) else None
        before = gain
        there, value, slopes = fallen(partial(problem.at, curvature=bent), coef, value, slope, direction)
        _remember(steps, there - coef, slopes - gradient, flatten)
        coef, gradient = there, slopes
    return coef, most, float(np.abs(gradient).max())


def _newton_factor(hessian: NDArray[np.float64]) -> NDArray[np.float64]:
    """The factor of the second derivatives, whose diagonal is written.

    Where the Hessian is singular, as that of intercepts of several classes is, it gets a little more on its diagonal,
    which changes the way of a step and not where steps lead.
    """
    diagonal = hessian.reshape(-1)[:: len(hessian) + 1]
    first = diagonal.copy()
    more = 1e-12 * float(first.mean())
    while True:
        diagonal[:] = first + more
        factor = factored(hessian)
        if factor is not None:
            return factor
        more = max(10.0 * more, float(np.finfo(np.float64).tiny))


def _quasi_newton(problem: _Problem, coef: NDArray[np.float64], tolerance: float, most: int) -> _Found:
    """L-BFGS: directions from the last few steps, in coordinates in which a bound of the loss curves alike."""
    flatten = _inverse_curvature(problem)
    steps: deque[_Step] = deque(maxlen=_MEMORY)
    value, gradient = problem.at(coef)
    for step in range(1, most + 1):
        if np.abs(gradient).max() <= tolerance:
            return coef, step, float(np.abs(gradient).max())
        direction = -_two_loops(steps, gradient, flatten)
        slope = float(np.vdot(direction, gradient))
        there, value_there, gradient_there = fallen(problem.at, coef, value, slope, direction)
        _remember(steps, there - coef, gradient_there - gradient, flatten)
        is_still = value - value_there <= _ROUNDING * max(abs(value), abs(value_there), 1.0)
        coef, value, gradient = there, value_there, gradient_there
        if is_still:
            # Rounding hides what is left: no direction can be told to be better.
            return coef, step, min(tolerance, float(np.abs(gradient).max()))
    return coef, most, float(np.abs(gradient).max())


class _Step(NamedTuple):
    """How coefficients moved and the gradient bent, their product, and how far off the bound of the curvature was."""

    moved: NDArray[np.float64]
    bent: NDArray[np.float64]
    product: float
    share: float


def _remember(
    steps: deque[_Step],
    moved: NDArray[np.float64],
    bent: NDArray[np.float64],
    flatten: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> None:
    """Keep a step along which the objective curves upwards."""
    product = float(np.vdot(moved, bent))
    if product > 0:
        steps.append(_Step(moved, bent, product, product / float(np.vdot(bent, flatten(bent)))))


def _inverse_curvature(problem: _Problem) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """What multiplies by the inverse of a bound of the second derivatives, one for all classes.

    Source    Böhning 1992: a quarter of the products of columns; for very many columns, its diagonal.
    """
    X, width = problem.X, problem.X.shape[1] + 1
    bound = np.empty((width, width))
    if width <= _MOST_BOUNDED:
        _kernels.column_products(X, None, problem.weights, np.zeros(width - 1), bound)
        bound = np.tril(bound) + np.tril(bound, -1).T
        bound *= 0.25 / problem.total
        bound[np.arange(width - 1), np.arange(width - 1)] += problem.penalty
        # Columns may depend on each other: a little more leaves the factor something to stand on.
        bound[np.diag_indices(width)] *= 1 + 1e-9
        factor = factored(bound)
        if factor is not None:
            inverse = solved(factor, np.eye(width))
            return lambda gradient: gradient @ inverse
    squares = np.average(X.astype(np.float64) ** 2, axis=0, weights=problem.weights)
    diagonal = np.append(0.25 * squares + problem.penalty, 0.25)
    scale = 1.0 / np.where(diagonal > 0, diagonal, 1.0)
    return lambda gradient: gradient * scale


def _two_loops(
    steps: deque[_Step],
    gradient: NDArray[np.float64],
    flatten: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """The gradient times what the last steps tell of the inverse Hessian."""
    found = gradient.copy()
    shares = []
    for each in reversed(steps):
        share = float(np.vdot(each.moved, found)) / each.product
        found -= share * each.bent
        shares.append(share)
    found = flatten(found)
    if steps:
        found *= steps[-1].share
    for each, share in zip(steps, reversed(shares), strict=True):
        found += (share - float(np.vdot(each.bent, found)) / each.product) * each.moved
    return found


def fallen(
    at: Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]],
    coef: NDArray[np.float64],
    value: float,
    slope: float,
    direction: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]:
    """The first place along the direction where the objective has fallen enough, and what `at` says of it.

    Where it has not, the next way is that to the bottom of a parabola, between a tenth and half of the one before.
    """
    length, there = 1.0, coef + direction
    value_there, rest = at(there)
    for _ in range(_HALVINGS):
        if value_there <= value + _ENOUGH_DESCENT * length * slope + _ROUNDING * abs(value):
            break
        bottom = -slope * length**2 / (2 * (value_there - value - slope * length))
        length = min(max(bottom, 0.1 * length), 0.5 * length)
        there = coef + length * direction
        value_there, rest = at(there)
    return there, value_there, rest
