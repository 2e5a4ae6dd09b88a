"""Columns made ready: scaled to one spread, or numbers and texts turned into indicators.

Enters: `X (n, d)` of numbers, where NaN means a value that is missing and stays so; categories may be texts too.
Leaves: StandardScaler, MinMaxScaler and OneHotEncoder. Read `text.py` next.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import KindError, ParameterError, ShapeError
from sovereign.ml.aprender import _kernels, validation
from sovereign.ml.aprender.base import Estimator, Transformer
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.parameters import require

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MinMaxScaler", "OneHotEncoder", "StandardScaler"]

_EPSILON = float(np.finfo(np.float64).eps)
_TWO = 2


class _Scaler(Transformer, Estimator):
    """What both scalers share: batches, and the way back."""

    _allows_nan = True

    n_samples_seen_: Any

    def partial_fit(self, X: Any, y: Any = None) -> Self:
        """Learn from these rows beside those of earlier calls.

        Shapes    X (n, d); y is not looked at.
        """
        del y
        is_first = not hasattr(self, "n_samples_seen_")
        self._add(self._check_input(X, reset=is_first), None, is_first=is_first)
        return self

    def _add(self, rows: NDArray[Any], weights: NDArray[np.float64] | None, *, is_first: bool) -> None:
        """Add rows to what is known."""
        raise NotImplementedError

    def _affine(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """What is added and by what is multiplied, to come back."""
        raise NotImplementedError

    def inverse_transform(self, X: Any) -> NDArray[Any]:
        """Rows (n, d) as they were before `transform`; what was clipped stays so.

        Errors    NotFittedError before `fit`; ShapeError when there are not d columns.
        """
        self._require_fitted()
        rows = validation.matrix(X, estimator=type(self).__name__, dtypes=self._dtypes, allow_nan=True)
        if rows.shape[1] != self.n_features_in_:
            message = f"X has {rows.shape[1]} features, but {type(self).__name__} is expecting {self.n_features_in_}"
            raise ShapeError("aprender.shape", message, expected=("n", self.n_features_in_), got=rows.shape)
        shift, factor = self._affine()
        back: NDArray[Any] = (rows * factor + shift).astype(rows.dtype, copy=False)
        return back


class StandardScaler(_Scaler):
    """Columns with mean 0 and variance 1.

    Shapes    X (n, d); mean_, var_ and scale_ (d,) or None, n_samples_seen_ a number, or (d,) where values are missing.
    Errors    ShapeError, ParameterError, KindError  for input that is no such data.
    Cost      two passes over X.
    Source    Chan, Golub & LeVeque 1979. Columns that are constant up to rounding keep the scale 1, as in scikit-learn.
              Differs: of float32 data, what is learned is float32.
    """

    mean_: NDArray[Any] | None
    var_: NDArray[Any] | None
    scale_: NDArray[Any] | None

    def __init__(self, *, with_mean: bool = True, with_std: bool = True) -> None:
        """Only store.

        Parameters    with_mean  whether means become 0.
                      with_std   whether variances become 1.
        """
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Learn means and spreads from these rows alone.

        Shapes    X (n, d), sample_weight (n,); y is not looked at.
        """
        del y
        rows = self._check_input(X, reset=True)
        weights = validation.weights(sample_weight, len(rows), estimator=type(self).__name__)
        self._add(rows, weights, is_first=True)
        return self

    def _add(self, rows: NDArray[Any], weights: NDArray[np.float64] | None, *, is_first: bool) -> None:
        count, mean, squares = _moments(rows, weights)
        if not is_first:
            count, mean, squares = self._merged(count, mean, squares)
        variance = np.divide(squares, count, out=np.full_like(squares, np.nan), where=count > 0)
        dtype = rows.dtype
        is_same = bool((count == count[0]).all())
        # Weights of rows may be fractions; counts are whole.
        self.n_samples_seen_ = _plain_count(count[0]) if is_same else count
        self.mean_ = mean.astype(dtype) if self.with_mean or self.with_std else None
        self.var_ = variance.astype(dtype) if self.with_std else None
        self.scale_ = _spread(mean, variance, count).astype(dtype) if self.with_std else None

    def _merged(
        self, count: NDArray[np.float64], mean: NDArray[np.float64], squares: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        known = np.broadcast_to(np.asarray(self.n_samples_seen_, dtype=np.float64), count.shape)
        total = known + count
        if self.mean_ is None:
            return total, mean, squares
        old = np.where(known > 0, self.mean_.astype(np.float64), 0.0)
        share = np.divide(count, total, out=np.zeros_like(total), where=total > 0)
        gap = np.where(count > 0, mean, 0.0) - old
        if self.var_ is not None:
            squares = squares + np.where(known > 0, known * self.var_.astype(np.float64), 0.0)
        return total, old + share * gap, squares + known * share * gap**2

    def _affine(self) -> tuple[NDArray[Any], NDArray[Any]]:
        d = self.n_features_in_
        shift = self.mean_ if self.with_mean and self.mean_ is not None else np.zeros(d)
        return shift, np.ones(d) if self.scale_ is None else self.scale_

    def _image(self) -> Image:
        known = self.mean_ if self.mean_ is not None else np.zeros(self.n_features_in_)
        shift = known if self.with_mean else np.zeros_like(known)
        factor = self.scale_ if self.scale_ is not None else np.ones_like(known)
        return Image.describe(
            Family.SCALING,
            n_features=self.n_features_in_,
            n_outputs=self.n_features_in_,
            arrays={"shift": shift, "factor": factor},
        )

    def _restore(self, image: Image) -> None:
        self.mean_ = image["shift"] if self.with_mean else None
        self.scale_ = image["factor"] if self.with_std else None
        self.var_ = None


def _plain_count(count: float) -> int | float:
    return int(count) if count == int(count) else float(count)


def _moments(
    rows: NDArray[Any], weights: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Counts, means and squared deviations of columns (d,), missing values left out."""
    d = rows.shape[1]
    if not np.isnan(rows.sum(dtype=np.float64)):
        total, mean, squares = np.empty(1), np.empty((1, d)), np.empty((1, d))
        _kernels.column_moments(rows, None, weights, total, mean, squares)
        return np.full(d, total[0]), mean[0], squares[0]
    present = ~np.isnan(rows)
    shares = present if weights is None else present * weights[:, None]
    count = shares.sum(axis=0, dtype=np.float64)
    values = np.where(present, rows.astype(np.float64), 0.0)
    mean = np.divide((shares * values).sum(axis=0), count, out=np.full(d, np.nan), where=count > 0)
    gaps = np.where(present, values - mean, 0.0)
    return count, mean, (shares * gaps**2).sum(axis=0)


def _spread(
    mean: NDArray[np.float64], variance: NDArray[np.float64], count: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Standard deviations; 1 for a column whose variance is nothing but rounding."""
    rounding = count * _EPSILON * variance + (count * mean * _EPSILON) ** 2
    return np.where(variance <= rounding, 1.0, np.sqrt(variance))


class MinMaxScaler(_Scaler):
    """Columns from one number to another.

    Shapes    X (n, d); data_min_, data_max_, data_range_, min_ and scale_ (d,).
    Errors    ParameterError  when feature_range does not rise; others for input that is no such data.
    Cost      one pass over X.
    """

    data_min_: NDArray[Any]
    data_max_: NDArray[Any]
    data_range_: NDArray[Any]
    min_: NDArray[Any]
    scale_: NDArray[Any]

    def __init__(self, feature_range: Any = (0, 1), *, clip: bool = False) -> None:
        """Only store.

        Parameters    feature_range  the least and the largest number of each column afterwards.
                      clip           whether values that were not seen in `fit` are cut to that range.
        """
        self.feature_range = feature_range
        self.clip = clip

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn the ranges of columns from these rows alone.

        Shapes    X (n, d); y is not looked at.
        """
        del y
        self._add(self._check_input(X, reset=True), None, is_first=True)
        return self

    def _add(self, rows: NDArray[Any], weights: NDArray[np.float64] | None, *, is_first: bool) -> None:
        del weights
        low, high = self.feature_range
        require("feature_range", self.feature_range, "two numbers that rise", makes_sense=low < high)
        # `fmin` and `fmax` leave NaN out, and give it for a column that holds nothing else.
        least, most = np.fmin.reduce(rows, axis=0), np.fmax.reduce(rows, axis=0)
        seen = len(rows)
        if not is_first:
            least, most = np.fmin(self.data_min_, least), np.fmax(self.data_max_, most)
            seen += self.n_samples_seen_
        extent = most - least
        divisor = np.where(extent <= 10 * np.finfo(rows.dtype).eps, 1.0, extent)
        self.data_min_, self.data_max_, self.data_range_ = least, most, extent
        self.scale_ = ((high - low) / divisor).astype(rows.dtype)
        self.min_ = (low - least * self.scale_).astype(rows.dtype)
        self.n_samples_seen_ = seen

    def _affine(self) -> tuple[NDArray[Any], NDArray[Any]]:
        return -self.min_ / self.scale_, 1 / self.scale_

    def _image(self) -> Image:
        arrays = {"shift": self.min_, "factor": self.scale_}
        if self.clip:
            arrays |= {
                name: np.full_like(self.min_, end)
                for name, end in zip(("low", "high"), self.feature_range, strict=True)
            }
        d = self.n_features_in_
        return Image.describe(Family.SCALING, n_features=d, n_outputs=d, extra=(1,), arrays=arrays)

    def _restore(self, image: Image) -> None:
        self.min_, self.scale_ = image["shift"], image["factor"]


class OneHotEncoder(Transformer, Estimator):
    """A column for each category, 1 where a row has it and 0 elsewhere.

    Shapes    X (n, d) of numbers or texts; transform gives (n, sum of categories), less those that are dropped.
    Errors    ParameterError  when a category is unknown and handle_unknown is "error", or a parameter makes no sense.
    Cost      a search among the categories for each value.
    Differs   from scikit-learn: `sparse_output` is False unless asked for, because what comes after takes dense rows.
    """

    _accepts = "categories"
    _allows_nan = True
    _keeps_dtype = False

    categories_: list[NDArray[Any]]
    drop_idx_: NDArray[Any] | None

    def __init__(
        self,
        *,
        categories: Any = "auto",
        drop: Any = None,
        sparse_output: bool = False,
        dtype: Any = np.float64,
        handle_unknown: str = "error",
    ) -> None:
        """Only store.

        Parameters    categories      "auto" for those that occur, or a list of them for each column.
                      drop            None, "first", "if_binary", or one category for each column, which gets no column.
                      sparse_output   whether `transform` gives a SciPy matrix.
                      dtype           element type of the result.
                      handle_unknown  "error", or "ignore" for zeros.
        """
        self.categories = categories
        self.drop = drop
        self.sparse_output = sparse_output
        self.dtype = dtype
        self.handle_unknown = handle_unknown

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn the categories.

        Shapes    X (n, d); y is not looked at.
        """
        del y
        allowed = ("error", "ignore")
        require("handle_unknown", self.handle_unknown, f"one of {allowed}", makes_sense=self.handle_unknown in allowed)
        columns = self._columns(X, reset=True)
        if isinstance(self.categories, str):
            require("categories", self.categories, '"auto" or lists', makes_sense=self.categories == "auto")
            self.categories_ = [_distinct(column) for column in columns]
        else:
            self.categories_ = self._given(columns)
        self.drop_idx_ = self._dropped()
        return self

    def _given(self, columns: list[NDArray[Any]]) -> list[NDArray[Any]]:
        count = len(self.categories)
        require(
            "categories",
            self.categories,
            f"one list for each of {len(columns)} columns",
            makes_sense=count == len(columns),
        )
        found = [np.asarray(each, dtype=column.dtype) for each, column in zip(self.categories, columns, strict=True)]
        for place, (known, column) in enumerate(zip(found, columns, strict=True)):
            if known.dtype.kind in "iuf" and (np.sort(known) != known).any():
                require("categories", self.categories, "in rising order where they are numbers", makes_sense=False)
            if self.handle_unknown == "error":
                self._require_known(_codes(column, known), column, place)
        return found

    def _columns(self, X: Any, *, reset: bool) -> list[NDArray[Any]]:
        """The columns, each of numbers or of texts."""
        label = type(self).__name__
        if validation.is_sparse(X):
            message = f"{label} does not take sparse input, pass `X.toarray()`, found: `{type(X).__name__}`"
            raise KindError("aprender.kind", message, name="X", value=type(X).__name__, allowed="a dense array")
        names = validation.column_names(X)
        table = X.to_numpy() if hasattr(X, "to_numpy") else np.asarray(X)
        if table.dtype.kind not in "OUSb" or table.ndim != _TWO:
            table = validation.matrix(X, estimator=label, dtypes=_kinds(table), allow_nan=True)
        elif table.shape[0] < 1 or table.shape[1] < 1:
            validation.matrix(np.empty(table.shape), estimator=label)
        if reset:
            self._forget()
            self.n_features_in_ = table.shape[1]
            if names is not None:
                self.feature_names_in_ = np.array(names, dtype=object)
        else:
            self._require_columns(table.shape[1], names)
        return [_plain_column(table[:, place], label) for place in range(table.shape[1])]

    def _dropped(self) -> NDArray[Any] | None:
        if self.drop is None:
            return None
        if isinstance(self.drop, str):
            allowed = ("first", "if_binary")
            require("drop", self.drop, f"None, one of {allowed}, or categories", makes_sense=self.drop in allowed)
            each = [0 if self.drop == "first" or len(known) == _TWO else None for known in self.categories_]
            return np.array(each, dtype=object)
        require("drop", self.drop, "one category for each column", makes_sense=len(self.drop) == len(self.categories_))
        places = []
        for value, known in zip(self.drop, self.categories_, strict=True):
            found = np.flatnonzero(known == value)
            require(
                "drop", self.drop, f"categories that there are, such as {known.tolist()}", makes_sense=found.size > 0
            )
            places.append(int(found[0]))
        return np.array(places, dtype=object)

    def _require_known(self, codes: NDArray[np.int64], column: NDArray[Any], place: int) -> None:
        if (codes < 0).any():
            values = sorted({repr(value) for value in column[codes < 0].tolist()})[:5]
            message = (
                f'Found unknown categories [{", ".join(values)}] in column {place}, pass `handle_unknown="ignore"`'
            )
            raise ParameterError("aprender.values", message, name="X", value=values, allowed="known categories")

    def transform(self, X: Any) -> Any:
        """The indicators (n, m) of each row.

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ParameterError when a category is unknown; others as of `fit`.
        """
        self._require_fitted()
        columns = self._columns(X, reset=False)
        codes = []
        for place, (column, known) in enumerate(zip(columns, self.categories_, strict=True)):
            found = _codes(column, known)
            if self.handle_unknown == "error":
                self._require_known(found, column, place)
            codes.append(found)
        widths = self._widths()
        starts = np.concatenate([[0], np.cumsum(widths)])
        rows, places = [], []
        for place, found in enumerate(codes):
            dropped = self._drop_of(place)
            # Those behind the dropped one move up, and it has no place at all.
            kept = np.where(found == dropped, -1, found - (found > dropped)) if dropped >= 0 else found
            has = np.flatnonzero(kept >= 0)
            rows.append(has)
            places.append(kept[has] + starts[place])
        return self._filled(np.concatenate(rows), np.concatenate(places), (len(columns[0]), int(starts[-1])), X)

    def _filled(self, rows: NDArray[Any], places: NDArray[Any], shape: tuple[int, int], X: Any) -> Any:
        if self.sparse_output:
            sparse = importlib.import_module("scipy.sparse")
            return sparse.csr_matrix((np.ones(len(rows), dtype=self.dtype), (rows, places)), shape=shape)
        table = np.zeros(shape, dtype=self.dtype)
        table[rows, places] = 1
        return self._framed(table, X)

    def _drop_of(self, place: int) -> int:
        dropped = None if self.drop_idx_ is None else self.drop_idx_[place]
        return -1 if dropped is None else int(dropped)

    def _widths(self) -> list[int]:
        return [len(known) - (self._drop_of(place) >= 0) for place, known in enumerate(self.categories_)]

    def inverse_transform(self, X: Any) -> NDArray[Any]:
        """The categories (n, d) of indicators; None where a row has none of a column's.

        Errors    NotFittedError before `fit`; ShapeError when there is another number of columns.
        """
        self._require_fitted()
        table = np.asarray(X.toarray() if validation.is_sparse(X) else X)
        widths = self._widths()
        if table.ndim != _TWO or table.shape[1] != sum(widths):
            message = (
                f"OneHotEncoder turns rows of {sum(widths)} indicators back, the array has the shape: `{table.shape}`"
            )
            raise ShapeError("aprender.shape", message, expected=("n", sum(widths)), got=table.shape)
        begin, columns = 0, []
        for place, (known, width) in enumerate(zip(self.categories_, widths, strict=True)):
            part, dropped = table[:, begin : begin + width], self._drop_of(place)
            begin += width
            kept = np.delete(known, dropped) if dropped >= 0 else known
            column = kept[part.argmax(axis=1)].astype(object) if width else np.full(len(table), None, dtype=object)
            column[~part.any(axis=1)] = known[dropped] if dropped >= 0 else None
            columns.append(column)
        found = np.stack(columns, axis=1)
        kinds = {known.dtype for known in self.categories_}
        if len(kinds) == 1 and not any(value is None for value in found.ravel()):
            return found.astype(kinds.pop())
        return found

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """The names of the columns, `<column>_<category>`."""
        self._require_fitted()
        names = []
        for place, (column, known) in enumerate(zip(self._names_in(input_features), self.categories_, strict=True)):
            kept = [value for code, value in enumerate(known) if code != self._drop_of(place)]
            names += [f"{column}_{value}" for value in kept]
        return np.array(names, dtype=object)

    def _image(self) -> Image:
        sizes = [len(known) for known in self.categories_]
        arrays: dict[str, NDArray[Any]] = {"offsets": np.cumsum([0, *sizes], dtype=np.int32)}
        if any(known.dtype.kind in "OU" for known in self.categories_):
            texts = [str(value).encode() for known in self.categories_ for value in known]
            arrays["text"] = np.frombuffer(b"".join(texts), dtype=np.uint8)
            arrays["text_offsets"] = np.cumsum([0, *map(len, texts)], dtype=np.int32)
        else:
            arrays["categories"] = np.concatenate(self.categories_).astype(np.float64)
        if self.drop_idx_ is not None:
            arrays["dropped"] = np.array([self._drop_of(place) for place in range(len(sizes))], dtype=np.int32)
        return Image.describe(
            Family.CATEGORIES,
            n_features=self.n_features_in_,
            n_outputs=sum(self._widths()),
            extra=(0, int(self.handle_unknown == "ignore")),
            arrays=arrays,
        )

    def _restore(self, image: Image) -> None:
        """What it knows comes back as plain data, with its element types; the native arrays are made of that."""


def _kinds(table: NDArray[Any]) -> tuple[np.dtype[Any], ...]:
    """Whole numbers and floats keep their type."""
    return (table.dtype,) if table.dtype.kind in "iuf" else (np.dtype(np.float64),)


def _plain_column(column: NDArray[Any], label: str) -> NDArray[Any]:
    """A column as texts in an array of objects, or as numbers."""
    if column.dtype.kind in "US":
        return column.astype(object)
    if column.dtype.kind != "O":
        return column
    kinds = {type(value) for value in column.tolist()}
    if all(issubclass(kind, str) for kind in kinds):
        return column
    if all(issubclass(kind, bool | int | float | np.number) for kind in kinds):
        numbers: NDArray[Any] = column.astype(np.float64)
        if np.isinf(numbers).any():
            validation.finite(numbers[:, None], "X", label, allow_nan=True)
        return numbers
    names = ", ".join(sorted(kind.__name__ for kind in kinds))
    message = (
        f"a column of `X` of {label} should hold texts alone or numbers alone, an argument must be a string or a"
        f" number, it holds: `{names}`"
    )
    raise KindError("aprender.kind", message, name="X", value=names, allowed="texts or numbers")


def _distinct(column: NDArray[Any]) -> NDArray[Any]:
    """The values of a column in order, NaN last and once."""
    if column.dtype == object:
        return np.array(sorted(set(column.tolist())), dtype=object)
    return np.unique(column)


def _codes(column: NDArray[Any], known: NDArray[Any]) -> NDArray[np.int64]:
    """The place of each value among the categories (n,), -1 where it is none of them."""
    if known.dtype == object:
        table = {value: place for place, value in enumerate(known.tolist())}
        return np.array([table.get(value, -1) for value in column.tolist()], dtype=np.int64)
    if column.dtype == object:
        return np.full(len(column), -1)
    order = np.argsort(known, kind="stable")
    places = order[np.minimum(np.searchsorted(known, column, sorter=order), len(known) - 1)]
    same = known[places] == column
    if known.dtype.kind == "f" and column.dtype.kind == "f":
        same |= np.isnan(known[places]) & np.isnan(column)
    return np.where(same, places, -1)
