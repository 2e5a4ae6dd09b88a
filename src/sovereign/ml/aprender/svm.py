"""Linear support vector machines: LinearSVC for classes, LinearSVR for numbers.

Enters: `X (n, d)`, `y (n,)`, weights of rows and of classes. Leaves: `coef_` and `intercept_`. They are fitted in the
dual, one multiplier for each row (`crates/train/src/dual.rs`), or by second derivatives where these are less work. Read
`naive_bayes.py` next.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.ml.aprender import _kernels, validation
from sovereign.ml.aprender.base import Estimator, Regressor
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.logistic import LinearClassifier, fallen
from sovereign.ml.aprender.parameters import class_factors, require, seed_of
from sovereign.ml.aprender.peer import no_convergence
from sovereign.ml.aprender.products import factored, solved

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LinearSVC", "LinearSVM", "LinearSVR"]

_TWO = 2
# Up to so many columns second derivatives are less work than passes over rows.
_MOST_PRIMAL = 512
_PRIMAL_TOLERANCE = 1e-4
_STILL = 1e-15


class LinearSVC(LinearClassifier):
    """Classes apart by the broadest margin; of more than two, each against all others.

    Minimises for each score `|w|² / 2 + C * Σ weight * loss`, where the intercept counts as a coefficient of a column
    that holds `intercept_scaling`.

    Shapes    X (n, d), y (n,); coef_ (1, d) or (k, d), intercept_ (1,) or (k,), n_iter_ a number.
    Errors    ParameterError  when y has one class or a parameter makes no sense.
    Warnings  `peer.no_convergence()` when max_iter passes did not suffice for a score.
    Cost      squared losses of up to 512 columns: n * d ** 2 for each of about ten steps and each score; else
              4 * n * d for each pass over the rows.
    Source    Keerthi & DeCoste 2005 in the primal; Hsieh et al. 2008, dual coordinate descent, as LIBLINEAR. Differs:
              the order of rows comes from our own random numbers, so that a seed gives the same machine everywhere.
    """

    n_iter_: int

    def __init__(
        self,
        *,
        loss: str = "squared_hinge",
        tol: float = 1e-4,
        C: float = 1.0,
        fit_intercept: bool = True,
        intercept_scaling: float = 1.0,
        class_weight: Any = None,
        random_state: Any = None,
        max_iter: int = 1000,
    ) -> None:
        """Only store.

        Parameters    loss               "squared_hinge" or "hinge".
                      tol                how far projected gradients of the dual may differ at the end.
                      C                  weight of the losses beside the penalty.
                      fit_intercept      whether a constant is learned.
                      intercept_scaling  the larger, the less the constant is penalised.
                      class_weight       None, "balanced", or a dict of weights by class.
                      random_state       the order of rows comes from it.
                      max_iter           passes over the rows at most.
        """
        self.loss = loss
        self.tol = tol
        self.C = C
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.class_weight = class_weight
        self.random_state = random_state
        self.max_iter = max_iter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Find the broadest margins.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        _check_parameters(self, ("squared_hinge", "hinge"))
        rows = self._check_input(X, reset=True)
        indexes = self._check_classes(y, len(rows), least=2)
        weights = validation.weights(sample_weight, len(rows), estimator=type(self).__name__)
        factors = class_factors(self.class_weight, self.classes_, indexes, weights)
        count = len(self.classes_)
        seed = seed_of(validation.random_generator(self.random_state))
        positives = [1] if count == _TWO else range(count)
        fitted = []
        for each in positives:
            is_own = indexes == each
            costs = _costs(weights, factors, indexes, is_own, is_one=count == _TWO)
            signs = np.where(is_own, 1.0, -1.0)
            fitted.append(_machine(self, rows, signs, costs, seed, is_squared=self._is_squared()))
        coef = np.stack([coef for coef, _ in fitted])
        self.coef_ = coef[:, :-1].astype(rows.dtype)
        self.intercept_ = (coef[:, -1] * _ones(self)).astype(rows.dtype)
        self.n_iter_ = max(passes for _, passes in fitted)
        return self

    def _is_squared(self) -> bool:
        return self.loss == "squared_hinge"


LinearSVM = LinearSVC


class LinearSVR(Regressor, Estimator):
    """Numbers by a line around which a tube has no loss.

    Minimises `|w|² / 2 + C * Σ weight * loss`, where the loss is what lies outside the tube, or its square, and the
    intercept counts as a coefficient of a column that holds `intercept_scaling`.

    Shapes    X (n, d), y (n,); coef_ (d,), intercept_ (1,), n_iter_ a number.
    Errors    ParameterError  when a parameter makes no sense.
    Warnings  `peer.no_convergence()` when max_iter passes did not suffice.
    Cost      4 * n * d for each pass over the rows.
    Source    Ho & Lin 2012, dual coordinate descent, as LIBLINEAR; random numbers as of `LinearSVC`.
    """

    coef_: NDArray[Any]
    intercept_: NDArray[Any]
    n_iter_: int

    def __init__(
        self,
        *,
        epsilon: float = 0.0,
        tol: float = 1e-4,
        C: float = 1.0,
        loss: str = "epsilon_insensitive",
        fit_intercept: bool = True,
        intercept_scaling: float = 1.0,
        random_state: Any = None,
        max_iter: int = 1000,
    ) -> None:
        """Only store.

        Parameters    epsilon            half the width of the tube.
                      tol                how much of the first pass's violations may be left.
                      C                  weight of the losses beside the penalty.
                      loss               "epsilon_insensitive" or "squared_epsilon_insensitive".
                      fit_intercept      whether a constant is learned.
                      intercept_scaling  the larger, the less the constant is penalised.
                      random_state       the order of rows comes from it.
                      max_iter           passes over the rows at most.
        """
        self.epsilon = epsilon
        self.tol = tol
        self.C = C
        self.loss = loss
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.random_state = random_state
        self.max_iter = max_iter

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Find the flattest line of least loss.

        Shapes    X (n, d), y (n,), sample_weight (n,).
        """
        _check_parameters(self, ("epsilon_insensitive", "squared_epsilon_insensitive"))
        require("epsilon", self.epsilon, ">= 0", makes_sense=self.epsilon >= 0)
        rows = self._check_input(X, reset=True)
        label = type(self).__name__
        targets = validation.target_numbers(y, len(rows), estimator=label, dtype=np.dtype(np.float64))
        weights = validation.weights(sample_weight, len(rows), estimator=label)
        seed = seed_of(validation.random_generator(self.random_state))
        is_squared = self.loss == "squared_epsilon_insensitive"
        coef, passes = _machine(self, rows, targets, weights, seed, is_squared=is_squared, epsilon=self.epsilon)
        self.coef_ = coef[:-1].astype(rows.dtype)
        self.intercept_ = (coef[-1:] * _ones(self)).astype(rows.dtype)
        self.n_iter_ = passes
        return self

    def _image(self) -> Image:
        return Image.describe(
            Family.LINEAR,
            n_features=self.n_features_in_,
            n_outputs=1,
            arrays={"coef": self.coef_[None, :], "intercept": self.intercept_},
        )

    def _restore(self, image: Image) -> None:
        self.coef_, self.intercept_ = image["coef"][0], image["intercept"]


def _check_parameters(machine: LinearSVC | LinearSVR, losses: tuple[str, str]) -> None:
    require("loss", machine.loss, f"one of {losses}", makes_sense=machine.loss in losses)
    require("C", machine.C, "above 0", makes_sense=machine.C > 0)
    require("tol", machine.tol, "above 0", makes_sense=machine.tol > 0)
    require("max_iter", machine.max_iter, ">= 1", makes_sense=machine.max_iter >= 1)
    scaling = machine.intercept_scaling
    require("intercept_scaling", scaling, "above 0", makes_sense=not machine.fit_intercept or scaling > 0)


def _costs(
    weights: NDArray[np.float64] | None,
    factors: NDArray[np.float64] | None,
    indexes: NDArray[np.int32],
    is_own: NDArray[np.bool_],
    *,
    is_one: bool,
) -> NDArray[np.float64] | None:
    """The weights of rows for one score: of several scores, each weighs its own class alone, as LIBLINEAR has it."""
    if factors is None:
        return weights
    found: NDArray[np.float64] = factors[indexes] if is_one else np.where(is_own, factors[indexes], 1.0)
    return found if weights is None else found * weights


def _ones(machine: LinearSVC | LinearSVR) -> float:
    return float(machine.intercept_scaling) if machine.fit_intercept else 0.0


def _machine(
    machine: LinearSVC | LinearSVR,
    rows: NDArray[Any],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64] | None,
    seed: int,
    *,
    is_squared: bool,
    epsilon: float = -1.0,
) -> tuple[NDArray[np.float64], int]:
    """Coefficients (d + 1,) and passes of one score; `epsilon` is negative for classes."""
    costs = np.full(len(rows), float(machine.C)) if weights is None else machine.C * weights
    if is_squared and epsilon < 0 and rows.shape[1] <= _MOST_PRIMAL:
        return _primal(machine, rows, targets, costs)
    coef = np.empty(rows.shape[1] + 1)
    passes = _kernels.fit_margin(
        rows,
        targets,
        costs,
        coef,
        epsilon >= 0,
        is_squared,
        max(epsilon, 0.0),
        _ones(machine),
        machine.tol,
        machine.max_iter,
        seed,
    )
    if passes > machine.max_iter:
        _warn(machine)
    return coef, min(passes, machine.max_iter)


def _warn(machine: LinearSVC | LinearSVR) -> None:
    message = (
        f"{type(machine).__name__} did not converge, raise `max_iter` or `tol`, or scale the columns; passes:"
        f" `{machine.max_iter}`"
    )
    warnings.warn(message, no_convergence(), stacklevel=4)


def _primal(
    machine: LinearSVC | LinearSVR, rows: NDArray[Any], signs: NDArray[np.float64], costs: NDArray[np.float64]
) -> tuple[NDArray[np.float64], int]:
    """Coefficients (d + 1,) of the least squared hinge losses, and the steps.

    The objective is a parabola as long as the same rows are inside the margin: each step goes to the bottom of it, or
    less far while the objective does not fall.

    Source    Keerthi & DeCoste 2005, finite Newton.
    """
    width, ones = rows.shape[1] + 1, _ones(machine)
    problem = _Parabola(rows, signs, costs, ones)
    coef, limit = np.zeros(width), None
    value, misses = problem.at(coef)
    for step in range(1, machine.max_iter + 1):
        hessian, gradient = problem.derivatives(coef, misses)
        steepest = float(np.abs(gradient).max())
        limit = _PRIMAL_TOLERANCE * machine.tol * max(steepest, 1.0) if limit is None else limit
        factor = factored(hessian)
        assert factor is not None, "an identity and products of columns are positive definite"
        direction = -solved(factor, gradient)
        if steepest <= limit:
            # The last step costs nothing more, and is exact where the same rows stay inside.
            return coef + direction, step
        there, value_there, misses = fallen(problem.at, coef, value, float(gradient @ direction), direction)
        is_still = value - value_there <= _STILL * abs(value)
        coef, value = there, value_there
        if is_still:
            return coef, step
    _warn(machine)
    return coef, machine.max_iter


class _Parabola(NamedTuple):
    """The squared hinge losses of rows, as functions of the coefficients (d + 1,)."""

    rows: NDArray[Any]
    signs: NDArray[np.float64]
    costs: NDArray[np.float64]
    ones: float

    def at(self, coef: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The objective, and how far inside the margin each row is (n,), 0 where it is not."""
        misses = np.maximum(0.0, 1.0 - self.signs * (self.rows @ coef[:-1] + coef[-1] * self.ones))
        return 0.5 * float(coef @ coef) + float(self.costs @ misses**2), misses

    def derivatives(
        self, coef: NDArray[np.float64], misses: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The second derivatives (d + 1, d + 1) and the gradient (d + 1,)."""
        width = len(coef)
        product = np.empty((width + 1, width + 1))
        inside = np.where(misses > 0, 2 * self.costs, 0.0)
        targets = self.signs[:, None].astype(self.rows.dtype)
        _kernels.column_products(self.rows, targets, inside, np.zeros(width), product)
        whole = np.tril(product) + np.tril(product, -1).T
        scale, own = np.append(np.ones(width - 1), self.ones), np.r_[: width - 1, width]
        hessian = whole[np.ix_(own, own)] * np.multiply.outer(scale, scale)
        hessian[np.diag_indices(width)] += 1.0
        return hessian, hessian @ coef - whole[own, width - 1] * scale
