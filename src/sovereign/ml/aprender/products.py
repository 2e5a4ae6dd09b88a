"""Inner products of centred columns: all that least squares, ridge, lasso and principal components need of data.

Enters: `X (n, d)`, targets `Y (n, m)`, weights of rows. Leaves: means, and products of what is left when these are
taken away, in double precision whatever the data's, from one pass over memory. Read `linear.py` next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.compute.trueno import cholesky, solve_triangular
from sovereign.errors import ParameterError
from sovereign.ml.aprender import _kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Products", "centred", "factored", "solved"]

_SAMPLE_ROWS = 256


@dataclass(frozen=True)
class Products:
    """Products of `d` columns and `m` targets; float64 all of them."""

    total: float
    """Sum of weights; the number of rows without them."""
    mean: NDArray[np.float64]
    """Means of columns (d,); zeros where nothing was centred."""
    target_mean: NDArray[np.float64]
    """Means of targets (m,)."""
    gram: NDArray[np.float64]
    """Columns with columns (d, d)."""
    cross: NDArray[np.float64]
    """Columns with targets (d, m)."""
    targets: NDArray[np.float64]
    """Targets with themselves (m,)."""

    @classmethod
    def of(
        cls,
        X: NDArray[Any],
        Y: NDArray[Any] | None = None,
        weights: NDArray[np.float64] | None = None,
        *,
        is_centred: bool = True,
        threads: int | None = None,
    ) -> Self:
        """The products of these rows.

        Shapes    X (n, d), Y (n, m), weights (n,).
        Cost      one pass over X, about n * (d + m) ** 2 additions and multiplications.
        """
        d = X.shape[1]
        m = 0 if Y is None else Y.shape[1]
        shift = np.zeros(d + m)
        if is_centred:
            shift[:d] = _near_mean(X)
            if Y is not None:
                shift[d:] = _near_mean(Y)
        out = np.empty((d + m + 1, d + m + 1))
        _kernels.column_products(X, Y, weights, shift, out, threads=threads)
        total, sums = float(out[-1, -1]), out[-1, :-1].copy()
        lower = out[:-1, :-1]
        if is_centred:
            lower -= np.multiply.outer(sums / total, sums)
            shift += sums / total
        gram = np.tril(lower[:d, :d])
        gram += np.tril(gram, -1).T
        cross, targets = lower[d:, :d].T.copy(), np.diagonal(lower)[d:].copy()
        _clear_constant(gram, cross, shift[:d], total)
        return cls(total, shift[:d], shift[d:], gram, cross, targets)


def _near_mean(X: NDArray[Any]) -> NDArray[np.float64]:
    """About the mean of each column, and exactly it where a column is constant."""
    some = X[:: max(1, len(X) // _SAMPLE_ROWS)].astype(np.float64)
    near: NDArray[np.float64] = some[0] + (some - some[0]).mean(axis=0)
    return near


def _clear_constant(
    gram: NDArray[np.float64], cross: NDArray[np.float64], mean: NDArray[np.float64], total: float
) -> None:
    """Make the products of columns zero whose deviations are nothing but rounding."""
    rounding = 8 * np.finfo(np.float64).eps * np.abs(mean)
    constant = np.diagonal(gram) <= total * rounding**2
    gram[constant] = 0.0
    gram[:, constant] = 0.0
    cross[constant] = 0.0


def centred(X: NDArray[Any], mean: NDArray[np.float64], weights: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Rows in double precision less the means, each times the root of its weight (n, d)."""
    rows: NDArray[np.float64] = X.astype(np.float64) - mean
    if weights is not None:
        rows *= np.sqrt(weights)[:, None]
    return rows


def factored(matrix: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The lower triangular Cholesky factor (d, d); None where the matrix is not positive definite."""
    try:
        return np.asarray(cholesky(matrix))
    except ParameterError:
        return None


def solved(factor: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """The solution of `matrix @ x = right`, by the factor of the matrix.

    Shapes    factor (d, d), right (d,) or (d, m); gives the shape of `right`.
    """
    half = solve_triangular(factor, np.ascontiguousarray(right))
    return np.asarray(solve_triangular(factor, half, transposed=True))
