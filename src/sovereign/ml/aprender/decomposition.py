"""Principal components: the directions in which data spreads most.

Enters: `X (n, d)`. Leaves: PCA, whose `components_` are orthogonal directions in the order of their variance, and whose
`transform` gives the coordinates along them. Read `preprocessing.py` next.
"""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ShapeError
from sovereign.ml.aprender.base import Estimator, Transformer
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.parameters import require
from sovereign.ml.aprender.products import Products, centred

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["PCA"]

# From so many rows for a column on, products of columns are less work, and lose fewer digits than they save time.
_TALL = 10
_MOST_COLUMNS = 1000


class PCA(Transformer, Estimator):
    """Principal component analysis.

    Shapes    X (n, d); components_ (k, d), explained_variance_, explained_variance_ratio_ and singular_values_ (k,),
              mean_ (d,), noise_variance_ and n_components_ numbers.
    Errors    ParameterError  when n_components is more than min(n, d), or neither a count nor a share below 1.
    Cost      n * d ** 2 for one pass over X and d ** 3 where rows are ten times as many as columns; else a singular
              value decomposition.
    Source    Jolliffe 2002. The element of largest amount of each direction is positive, as scikit-learn has it.
    """

    components_: NDArray[Any]
    explained_variance_: NDArray[Any]
    explained_variance_ratio_: NDArray[Any]
    singular_values_: NDArray[Any]
    mean_: NDArray[Any]
    n_components_: int
    n_samples_: int
    noise_variance_: float

    def __init__(self, n_components: Any = None, *, whiten: bool = False) -> None:
        """Only store.

        Parameters    n_components  how many; between 0 and 1 for as many as explain that share of the variance; None
                                    for all.
                      whiten        whether coordinates are divided by their standard deviations.
        """
        self.n_components = n_components
        self.whiten = whiten

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find the directions.

        Shapes    X (n, d); y is not looked at.
        """
        del y
        rows = self._check_input(X, reset=True, least_rows=2)
        n, d = rows.shape
        self._require_count(min(n, d))
        is_tall = n >= _TALL * d and d <= _MOST_COLUMNS
        mean, variances, directions = _by_products(rows) if is_tall else _by_values(rows)
        directions = (
            directions * np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)])[:, None]
        )
        total = float(variances.sum())
        ratios = variances / total if total > 0 else np.zeros_like(variances)
        count = self._count(ratios)
        dtype = rows.dtype
        self.n_samples_ = n
        self.n_components_ = count
        self.mean_ = mean.astype(dtype)
        self.components_ = directions[:count].astype(dtype)
        self.explained_variance_ = variances[:count].astype(dtype)
        self.explained_variance_ratio_ = ratios[:count].astype(dtype)
        self.singular_values_ = np.sqrt(variances[:count] * (n - 1)).astype(dtype)
        rest = variances[count : min(n, d)]
        self.noise_variance_ = float(rest.mean()) if len(rest) else 0.0
        return self

    def _require_count(self, most: int) -> None:
        count = self.n_components
        if count is None:
            return
        is_whole = isinstance(count, numbers.Integral) and not isinstance(count, bool)
        is_share = isinstance(count, numbers.Real) and not isinstance(count, numbers.Integral)
        fits = (is_whole and 1 <= count <= most) or (is_share and 0 < count < 1)
        require("n_components", count, f"None, from 1 to {most}, or a share between 0 and 1", makes_sense=fits)

    def _count(self, ratios: NDArray[np.float64]) -> int:
        count = self.n_components
        if count is None:
            return len(ratios)
        if isinstance(count, numbers.Integral):
            return int(count)
        return min(len(ratios), int(np.searchsorted(np.cumsum(ratios), count, side="right")) + 1)

    def inverse_transform(self, X: Any) -> NDArray[Any]:
        """Rows (n, d) from their coordinates (n, k); what the left-out directions held is gone.

        Errors    NotFittedError before `fit`; ShapeError when there are not k columns.
        """
        self._require_fitted()
        values = np.asarray(X)
        if values.ndim != 2 or values.shape[1] != self.n_components_:  # noqa: PLR2004 - rows and columns
            message = (
                f"PCA turns rows of {self.n_components_} coordinates back, the array has the shape: `{values.shape}`"
            )
            raise ShapeError("aprender.shape", message, expected=("n", self.n_components_), got=values.shape)
        turned: NDArray[Any] = (values * self._scale() if self.whiten else values) @ self.components_ + self.mean_
        return turned

    def _scale(self) -> NDArray[Any]:
        """Standard deviations, none of them zero."""
        scale = np.sqrt(self.explained_variance_)
        least: NDArray[Any] = np.maximum(scale, np.finfo(scale.dtype).eps)
        return least

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """The names of the coordinates: `pca0`, `pca1` and so on."""
        self._require_fitted()
        del input_features
        return np.array([f"pca{place}" for place in range(self.n_components_)], dtype=object)

    def _image(self) -> Image:
        arrays = {"mean": self.mean_, "components": self.components_}
        if self.whiten:
            arrays["scale"] = self._scale()
        count = self.n_components_
        return Image.describe(Family.PROJECTION, n_features=self.n_features_in_, n_outputs=count, arrays=arrays)

    def _restore(self, image: Image) -> None:
        self.mean_, self.components_ = image["mean"], image["components"]
        self.n_components_ = image.n_outputs


_Found = tuple["NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.float64]"]


def _by_products(rows: NDArray[Any]) -> _Found:
    """Means (d,), variances in falling order, and their directions as rows, from products of columns."""
    products = Products.of(rows)
    values, vectors = np.linalg.eigh(products.gram / (len(rows) - 1))
    return products.mean, np.maximum(values[::-1], 0.0), vectors.T[::-1]


def _by_values(rows: NDArray[Any]) -> _Found:
    """The same from the singular values of the rows."""
    mean = rows.mean(axis=0, dtype=np.float64)
    _, values, directions = np.linalg.svd(centred(rows, mean, None), full_matrices=False)
    return mean, values**2 / (len(rows) - 1), directions
