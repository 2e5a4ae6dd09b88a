"""Linear regression: least squares, ridge, lasso and elastic net.

Enters: `X (n, d)`, `y (n,)` or `(n, m)`, weights of rows. Leaves: `coef_` and `intercept_`, so that
`X @ coef_.T + intercept_` predicts. All four work on inner products of columns (`products.py`), which take one pass
over the data; what these products cannot tell with enough digits is computed from the data itself. Read `logistic.py`
next.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError
from sovereign.ml.aprender import _kernels, validation
from sovereign.ml.aprender.base import Estimator, Regressor
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.parameters import require
from sovereign.ml.aprender.peer import no_convergence
from sovereign.ml.aprender.products import Products, centred, factored, solved

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ElasticNet", "Lasso", "LinearRegression", "Ridge"]

_GOOD_CONDITION = 1e5
"""Of scaled products; up to here the Cholesky factor alone gives ten digits."""
_WORST_CONDITION = 1e10
"""Beyond it the products have lost what the data still tells."""
_LEAST_SINGULAR = 1e-15


class _Task(NamedTuple):
    """Checked data: rows, targets (n, m), weights, and whether `y` had two dimensions."""

    X: NDArray[Any]
    Y: NDArray[Any]
    weights: NDArray[np.float64] | None
    is_matrix: bool


class _LinearModel(Regressor, Estimator):
    """What linear regressors share: the way in, the way into an image and back."""

    _multi_output: ClassVar[bool] = True

    fit_intercept: bool
    coef_: NDArray[Any]
    intercept_: Any

    def _task(self, X: Any, y: Any, sample_weight: Any) -> _Task:
        label = type(self).__name__
        rows = self._check_input(X, reset=True)
        targets = validation.target_numbers(y, len(rows), estimator=label, dtype=rows.dtype, multi_output=True)
        weights = validation.weights(sample_weight, len(rows), estimator=label)
        is_matrix = targets.ndim == 2  # noqa: PLR2004 - rows and columns
        return _Task(rows, targets if is_matrix else targets[:, None], weights, is_matrix)

    def _learn(self, task: _Task, coef: NDArray[np.float64], products: Products) -> None:
        """Set the coefficients (m, d), and the intercepts that go with them."""
        intercept = products.target_mean - coef @ products.mean
        dtype = task.X.dtype
        if task.is_matrix:
            self.coef_ = coef.astype(dtype)
            self.intercept_ = intercept.astype(dtype) if self.fit_intercept else 0.0
        else:
            self.coef_ = coef[0].astype(dtype)
            self.intercept_ = dtype.type(intercept[0]) if self.fit_intercept else 0.0

    def predict(self, X: Any) -> NDArray[Any]:
        """The predicted numbers (n,), or (n, m) where `y` had two dimensions.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        rows = self._check_rows(X)
        values = np.asarray(self._predictor().predict(rows))
        return values if self.coef_.ndim == 1 else values.reshape(len(rows), -1)

    def _image(self) -> Image:
        coef = np.atleast_2d(self.coef_)
        intercept = np.broadcast_to(np.asarray(self.intercept_, dtype=coef.dtype), (len(coef),))
        return Image.describe(
            Family.LINEAR,
            n_features=self.n_features_in_,
            n_outputs=len(coef),
            flags=int(self.coef_.ndim > 1),
            arrays={"coef": coef, "intercept": np.ascontiguousarray(intercept)},
        )

    def _restore(self, image: Image) -> None:
        coef, intercept, is_matrix = image["coef"], image["intercept"], bool(image.flags)
        self.coef_ = coef if is_matrix else coef[0]
        self.intercept_ = 0.0 if not self.fit_intercept else intercept if is_matrix else intercept[0]


class LinearRegression(_LinearModel):
    """Ordinary least squares.

    Shapes    X (n, d), y (n,) or (n, m); coef_ (d,) or (m, d), intercept_ a number or (m,).
    Errors    ShapeError, ParameterError, KindError  for input that is no such data; the message says where.
    Cost      n * d ** 2 for one pass over X, and d ** 3; where columns nearly depend on each other, that of a singular
              value decomposition of X.
    Source    normal equations of centred and scaled columns by Cholesky. Differs from scikit-learn, which decomposes
              X at once: that happens here where the condition of the products calls for it, and dependent columns get
              the same answer of least norm; between the two, a step of refinement takes residuals from the data
              (Björck 1987, corrected semi-normal equations).

    >>> model = LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    >>> model.predict([[10.0]]).round(6).tolist()
    [21.0]
    """

    rank_: int

    def __init__(self, *, fit_intercept: bool = True) -> None:
        """Only store.

        Parameters    fit_intercept  whether a constant is learned; without it the data should be centred.
        """
        self.fit_intercept = fit_intercept

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Find the coefficients of least squared residuals.

        Shapes    X (n, d), y (n,) or (n, m), sample_weight (n,).
        """
        task = self._task(X, y, sample_weight)
        products = Products.of(task.X, task.Y, task.weights, is_centred=self.fit_intercept)
        coef, rank = _least_squares(task, products)
        self._learn(task, coef, products)
        self.rank_ = rank
        return self


def _least_squares(task: _Task, products: Products) -> tuple[NDArray[np.float64], int]:
    """Coefficients (m, d), and how many columns do not depend on others."""
    n, d = task.X.shape
    scale = np.sqrt(np.diagonal(products.gram))
    if n <= d or not scale.all():
        return _decomposed(task, products)
    correlation = products.gram / np.multiply.outer(scale, scale)
    factor = factored(correlation)
    if factor is None:
        return _decomposed(task, products)
    inverse = solved(factor, np.eye(d))
    condition = np.abs(correlation).sum(axis=0).max() * np.abs(inverse).sum(axis=0).max()
    if not condition < _WORST_CONDITION:
        return _decomposed(task, products)
    coef = (solved(factor, products.cross / scale[:, None]) / scale[:, None]).T
    if condition > _GOOD_CONDITION:
        shift = np.concatenate([products.mean, products.target_mean])
        gradient = np.empty_like(coef)
        zero = np.zeros(len(coef))
        _kernels.residual_products(task.X, task.Y, task.weights, shift, np.ascontiguousarray(coef), zero, gradient)
        coef = coef + (solved(factor, gradient.T / scale[:, None]) / scale[:, None]).T
    return coef, d


def _decomposed(task: _Task, products: Products) -> tuple[NDArray[np.float64], int]:
    """The same of the data itself; of all coefficients that fit as well, those of least norm."""
    rows = centred(task.X, products.mean, task.weights)
    rows[:, np.diagonal(products.gram) == 0] = 0.0
    targets = centred(task.Y, products.target_mean, task.weights)
    coef, _, rank, _ = np.linalg.lstsq(rows, targets, rcond=None)
    coef[np.diagonal(products.gram) == 0] = 0.0
    return coef.T.astype(np.float64), int(rank)


class Ridge(_LinearModel):
    """Least squares with a penalty on squared coefficients: `|y - Xw|² + alpha * |w|²`.

    Shapes    X (n, d), y (n,) or (n, m); coef_ (d,) or (m, d), intercept_ a number or (m,).
    Errors    ParameterError  when alpha is negative; others as of `LinearRegression`.
    Cost      n * d ** 2 for one pass over X and d ** 3, or n ** 2 * d and n ** 3 where columns are more than rows.
    Source    Hoerl & Kennard 1970; by Cholesky, of products of columns or of rows.
    """

    def __init__(self, alpha: Any = 1.0, *, fit_intercept: bool = True) -> None:
        """Only store.

        Parameters    alpha          the penalty, 0 or more; one number, or one for each target.
                      fit_intercept  whether a constant is learned; it is not penalised.
        """
        self.alpha = alpha
        self.fit_intercept = fit_intercept

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Find the coefficients of least penalised residuals.

        Shapes    X (n, d), y (n,) or (n, m), sample_weight (n,).
        """
        task = self._task(X, y, sample_weight)
        alphas = self._penalties(task.Y.shape[1])
        n, d = task.X.shape
        if d <= n:
            products = Products.of(task.X, task.Y, task.weights, is_centred=self.fit_intercept)
            coef = _for_each_penalty(alphas, lambda alpha, at: _penalised(products.gram, products.cross[:, at], alpha))
        else:
            products = _means_alone(task, is_centred=self.fit_intercept)
            rows = centred(task.X, products.mean, task.weights)
            targets = centred(task.Y, products.target_mean, task.weights)
            gram = rows @ rows.T
            dual = _for_each_penalty(alphas, lambda alpha, at: _penalised(gram, targets[:, at], alpha))
            coef = None if dual is None else dual @ rows
        self._learn(task, _by_singular_values(task, products, alphas) if coef is None else coef, products)
        return self

    def _penalties(self, targets: int) -> NDArray[np.float64]:
        alphas = np.asarray(self.alpha, dtype=np.float64)
        if alphas.ndim > 1 or alphas.size not in (1, targets) or not (alphas >= 0).all():
            message = (
                f"`alpha` should be 0 or more, one number or one for each of {targets} targets, it is: `{self.alpha}`"
            )
            raise ParameterError("aprender.parameter", message, name="alpha", value=self.alpha, allowed=">= 0")
        return np.broadcast_to(alphas, (targets,))


def _for_each_penalty(alphas: NDArray[np.float64], solve: Any) -> NDArray[np.float64] | None:
    """Solutions (m, d), those of equal penalties together; None where a matrix has no factor."""
    found: dict[int, NDArray[np.float64]] = {}
    for alpha in np.unique(alphas):
        at = np.flatnonzero(alphas == alpha)
        solution = solve(alpha, at)
        if solution is None:
            return None
        found |= dict(zip(at.tolist(), solution.T, strict=True))
    return np.stack([found[place] for place in range(len(alphas))])


def _penalised(gram: NDArray[np.float64], right: NDArray[np.float64], alpha: float) -> NDArray[np.float64] | None:
    """The solution of `(gram + alpha * 1) w = right`; None where rounding makes the matrix singular."""
    matrix = gram.copy()
    matrix[np.diag_indices_from(matrix)] += alpha
    diagonal = np.diagonal(matrix)
    factor = factored(matrix) if diagonal.all() else None
    if factor is None or (np.diagonal(factor) ** 2 < np.finfo(np.float64).eps * len(gram) * diagonal).any():
        return None
    return solved(factor, np.ascontiguousarray(right))


def _means_alone(task: _Task, *, is_centred: bool) -> Products:
    """Products without the products, where columns are more than rows."""
    n, d = task.X.shape
    m = task.Y.shape[1]
    mean, target_mean, total = np.zeros(d), np.zeros(m), float(n)
    if is_centred:
        total = float(n if task.weights is None else task.weights.sum())
        mean = np.average(task.X.astype(np.float64), axis=0, weights=task.weights)
        target_mean = np.average(task.Y.astype(np.float64), axis=0, weights=task.weights)
    nothing = np.empty((0, 0))
    return Products(total, mean, target_mean, nothing, nothing, nothing)


def _by_singular_values(task: _Task, products: Products, alphas: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ridge coefficients (m, d) where columns depend on each other and the penalty does not hold them apart."""
    rows = centred(task.X, products.mean, task.weights)
    targets = centred(task.Y, products.target_mean, task.weights)
    left, singular, right = np.linalg.svd(rows, full_matrices=False)
    kept = singular > _LEAST_SINGULAR * max(1.0, float(singular.max(initial=0.0)))
    left, singular, right = left[:, kept], singular[kept], right[kept]
    shares = singular[:, None] / (singular[:, None] ** 2 + alphas)
    coef: NDArray[np.float64] = ((left.T @ targets) * shares).T @ right
    return coef


class ElasticNet(_LinearModel):
    """Least squares with penalties on amounts and squares of coefficients.

    Minimises `|y - Xw|² / (2 n) + alpha * l1_ratio * |w|₁ + alpha * (1 - l1_ratio) / 2 * |w|²`.

    Shapes    X (n, d), y (n,) or (n, m); coef_ (d,) or (m, d), intercept_ a number or (m,), n_iter_ and dual_gap_ a
              number, or one for each target.
    Errors    ParameterError  when alpha is negative, l1_ratio not in [0, 1], tol negative, or max_iter below 1; others
              as of `LinearRegression`.
    Warnings  `peer.no_convergence()` when the duality gap is above `tol * |y|²` after max_iter sweeps.
    Cost      n * d ** 2 for one pass over X, then d ** 2 for each sweep; 2 * n * d for each where columns are more than
              rows.
    Source    Friedman, Hastie & Tibshirani 2010. Differs from scikit-learn: nonzero coefficients are swept alone
              between sweeps over all, so that n_iter_ is another number at the same gap.
    """

    n_iter_: Any
    dual_gap_: Any

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        l1_ratio: float = 0.5,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float = 1e-4,
        warm_start: bool = False,
        positive: bool = False,
    ) -> None:
        """Only store.

        Parameters    alpha          the penalty, 0 or more.
                      l1_ratio       the share of it that is on amounts, from 0 to 1.
                      fit_intercept  whether a constant is learned; it is not penalised.
                      max_iter       sweeps over coefficients at most.
                      tol            the duality gap at which to stop, in parts of the squares of centred `y`.
                      warm_start     whether to begin at the coefficients of the last `fit`.
                      positive       whether coefficients must not be negative.
        """
        self.alpha = alpha
        self.l1_ratio = l1_ratio
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.positive = positive

    def _ratio(self) -> float:
        return self.l1_ratio

    def _check_parameters(self) -> None:
        require("alpha", self.alpha, ">= 0", makes_sense=self.alpha >= 0)
        require("l1_ratio", self._ratio(), "from 0 to 1", makes_sense=0 <= self._ratio() <= 1)
        require("max_iter", self.max_iter, ">= 1", makes_sense=self.max_iter >= 1)
        require("tol", self.tol, ">= 0", makes_sense=self.tol >= 0)

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Find the coefficients of least penalised residuals.

        Shapes    X (n, d), y (n,) or (n, m), sample_weight (n,).
        """
        self._check_parameters()
        before = getattr(self, "coef_", None) if self.warm_start else None
        task = self._task(X, y, sample_weight)
        n, d = task.X.shape
        is_wide = d > n
        products = (
            _means_alone(task, is_centred=self.fit_intercept)
            if is_wide
            else Products.of(task.X, task.Y, task.weights, is_centred=self.fit_intercept)
        )
        coef = np.zeros((task.Y.shape[1], d))
        if before is not None and before.size == coef.size:
            coef[:] = before.reshape(coef.shape)
        descend = _Wide(task, products).descend if is_wide else _Tall(products).descend
        total = float(n if task.weights is None else task.weights.sum())
        l1 = self.alpha * self._ratio() * total
        l2 = self.alpha * (1 - self._ratio()) * total
        ends = [self._descend(descend, place, coef[place], l1, l2) for place in range(len(coef))]
        self._learn(task, coef, products)
        gaps, sweeps = [gap / total for gap, _ in ends], [sweeps for _, sweeps in ends]
        is_one = len(ends) == 1
        self.dual_gap_ = gaps[0] if is_one else np.array(gaps)
        self.n_iter_ = sweeps[0] if is_one else sweeps
        return self

    def _descend(self, descend: Any, target: int, coef: NDArray[np.float64], l1: float, l2: float) -> tuple[float, int]:
        gap, sweeps, wanted = descend(target, coef, l1, l2, self)
        if gap > wanted:
            message = (
                f"{type(self).__name__} did not converge within {sweeps} sweeps, raise `max_iter` or `alpha`, or scale"
                f" the columns: duality gap `{gap:.3e}`, tolerance `{wanted:.3e}`"
            )
            warnings.warn(message, no_convergence(), stacklevel=3)
        return gap, sweeps


class _Tall:
    """Descent on products of columns."""

    def __init__(self, products: Products) -> None:
        self.products = products

    def descend(
        self, target: int, coef: NDArray[np.float64], l1: float, l2: float, settings: ElasticNet
    ) -> tuple[float, int, float]:
        squares = float(self.products.targets[target])
        wanted = settings.tol * squares
        gap, sweeps = _kernels.descend_by_products(
            self.products.gram,
            np.ascontiguousarray(self.products.cross[:, target]),
            coef,
            squares,
            l1,
            l2,
            settings.positive,
            settings.max_iter,
            settings.tol,
            wanted,
        )
        return gap, sweeps, wanted


class _Wide:
    """Descent on the columns themselves."""

    def __init__(self, task: _Task, products: Products) -> None:
        self.columns = np.ascontiguousarray(centred(task.X, products.mean, task.weights).T)
        self.targets = np.ascontiguousarray(centred(task.Y, products.target_mean, task.weights).T)

    def descend(
        self, target: int, coef: NDArray[np.float64], l1: float, l2: float, settings: ElasticNet
    ) -> tuple[float, int, float]:
        wanted = settings.tol * float(self.targets[target] @ self.targets[target])
        gap, sweeps = _kernels.descend_by_columns(
            self.columns,
            self.targets[target],
            coef,
            l1,
            l2,
            settings.positive,
            settings.max_iter,
            settings.tol,
            wanted,
        )
        return gap, sweeps, wanted


class Lasso(ElasticNet):
    """Least squares with a penalty on amounts of coefficients, many of which become zero.

    Minimises `|y - Xw|² / (2 n) + alpha * |w|₁`.

    Shapes, errors, warnings and cost as of `ElasticNet`.
    Source    Tibshirani 1996; by coordinate descent, as `ElasticNet`.
    """

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float = 1e-4,
        warm_start: bool = False,
        positive: bool = False,
    ) -> None:
        """Only store; the parameters are those of `ElasticNet`."""
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.warm_start = warm_start
        self.positive = positive

    def _ratio(self) -> float:
        return 1.0
