"""What may enter an estimator: numbers in two dimensions, targets of the same length, weights that are not negative.

Enters: whatever a user passes as `X`, `y` or `sample_weight`. Leaves: contiguous arrays of float32 or float64, or an
error that says what was expected and what was found, in the words that scikit-learn's users know. Lists, frames of
pandas and polars, and anything with `__array__` are taken; scikit-learn is not needed for it. Read `base.py` next.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import KindError, ParameterError, ShapeError
from sovereign.ml.aprender.peer import conversion_warning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "classes_of",
    "column_names",
    "finite",
    "is_sparse",
    "matrix",
    "random_generator",
    "same_length",
    "target_classes",
    "target_numbers",
    "weights",
]

_FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
_LARGEST_SEED = 2**32 - 1


def is_sparse(value: object) -> bool:
    """Whether it is a sparse matrix or array of SciPy, told without importing SciPy."""
    return any(kind.__module__.startswith("scipy.sparse") for kind in type(value).__mro__)


def matrix(
    X: Any,
    *,
    name: str = "X",
    estimator: str = "the estimator",
    dtypes: Sequence[np.dtype[Any]] = _FLOATS,
    allow_nan: bool = False,
    least_rows: int = 1,
) -> NDArray[Any]:
    """The input as a C-contiguous matrix of the first of `dtypes`, or of its own where that is one of them.

    Shapes    X (n, d), n >= least_rows, d >= 1.
    Errors    ShapeError      when it is not two-dimensional, or has no rows or no columns.
              ParameterError  when it is sparse, complex, NaN or infinite where that is not allowed.
              KindError       when an element is no number.
    """
    if is_sparse(X):
        message = f"{estimator} does not take sparse input, pass `X.toarray()`, found: `{type(X).__name__}`"
        raise KindError("aprender.kind", message, name=name, value=type(X).__name__, allowed="a dense array")
    found = _array(X, name)
    array = _numbers(found, found.dtype if found.dtype in dtypes else dtypes[0], name)
    _require_two_dimensions(array, name, estimator)
    _require_size(array, name, estimator, least_rows)
    finite(array, name, estimator, allow_nan=allow_nan)
    return np.ascontiguousarray(array)


def _array(value: Any, name: str) -> NDArray[Any]:
    """Anything as an array of whatever it holds."""
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    if value is None or isinstance(value, str):
        message = f"`{name}` should be an array of numbers, it is: `{value!r}`"
        raise KindError("aprender.kind", message, name=name, value=value, allowed="an array of numbers")
    try:
        return np.asarray(value)
    except ValueError as error:
        message = (
            f"the rows of `{name}` should have the same length, they differ: `{' '.join(str(error).split())[:80]}`"
        )
        raise ShapeError("aprender.shape", message, expected="(n, d)", got="rows of different lengths") from error


def _numbers(array: NDArray[Any], dtype: np.dtype[Any], name: str) -> NDArray[Any]:
    if array.dtype.kind == "c":
        message = f"Complex data not supported, `{name}` should be real, its type is: `{array.dtype}`"
        raise ParameterError("aprender.values", message, name=name, value=str(array.dtype), allowed="real numbers")
    try:
        # A number beyond the type becomes infinite, which `finite` refuses in words of its own.
        with np.errstate(over="ignore"):
            return array.astype(dtype, copy=False)
    except TypeError as error:
        message = f"an element of `{name}` is no number, the argument must be a string or a real number: `{error}`"
        raise KindError("aprender.kind", message, name=name, value=str(error), allowed="numbers") from error
    except ValueError as error:
        message = f"an element of `{name}` is no number: `{error}`"
        raise ParameterError("aprender.values", message, name=name, value=str(error), allowed="numbers") from error


def _require_two_dimensions(array: NDArray[Any], name: str, estimator: str) -> None:
    if array.ndim == 2:  # noqa: PLR2004 - rows and columns
        return
    hint = "Reshape your data by `.reshape(-1, 1)` for one feature or `.reshape(1, -1)` for one sample"
    got = "scalar" if array.ndim == 0 else f"{array.ndim}D"
    message = f"Expected 2D array, got {got} array instead as `{name}` of {estimator}. {hint}: `{array.shape}`"
    raise ShapeError("aprender.shape", message, expected="(n, d)", got=array.shape)


def _require_size(array: NDArray[Any], name: str, estimator: str, least_rows: int) -> None:
    if array.shape[0] < least_rows:
        message = (
            f"Found array `{name}` with {array.shape[0]} sample(s) (shape={array.shape}) while a minimum of"
            f" {least_rows} is required by {estimator}."
        )
        raise ShapeError("aprender.shape", message, expected=(least_rows, "d"), got=array.shape)
    if array.shape[1] < 1:
        message = (
            f"Found array `{name}` with {array.shape[1]} feature(s) (shape={array.shape}) while a minimum of"
            f" 1 is required by {estimator}."
        )
        raise ShapeError("aprender.shape", message, expected=("n", 1), got=array.shape)


def finite(array: NDArray[Any], name: str, estimator: str, *, allow_nan: bool = False) -> None:
    """Refuse infinite numbers, and NaN unless it is allowed; the first place of one is in the message.

    Errors    ParameterError  with the index of the first number that is refused.
    """
    if array.dtype.kind != "f":
        return
    # One pass finds the usual case: a sum is finite unless a number is not, or the sum itself overflows.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(array.sum(dtype=np.float64)):
            return
    refused = np.isinf(array) if allow_nan else ~np.isfinite(array)
    if not refused.any():
        return
    place = tuple(int(axis) for axis in np.argwhere(refused)[0])
    has_nan = bool(np.isnan(array[place]))
    what = "NaN" if has_nan else f"infinity or a value too large for dtype('{array.dtype}')"
    hint = ", fill the gaps before or take trees, which accept them" if has_nan else ""
    message = (
        f"Input {name} contains {what}.\n{estimator} does not accept it{hint}, the first is at: `{name}{list(place)}`"
    )
    raise ParameterError("aprender.values", message, name=name, value=float(array[place]), allowed="finite numbers")


def target_numbers(
    y: Any,
    rows: int,
    *,
    estimator: str,
    dtype: np.dtype[Any],
    multi_output: bool = False,
) -> NDArray[Any]:
    """The targets of a regressor: (n,), or (n, m) where several are allowed.

    Errors    ParameterError  when they are missing, NaN or infinite.
              ShapeError      when there are more or fewer than rows, or several where one is allowed.
    """
    _require_target(y, estimator)
    array = _numbers(_array(y, "y"), dtype, "y")
    if not (multi_output and array.ndim == 2):  # noqa: PLR2004
        array = _one_column(array, estimator)
    same_length(array, rows, "y")
    finite(array, "y", estimator)
    return np.ascontiguousarray(array)


def target_classes(y: Any, rows: int, *, estimator: str) -> NDArray[Any]:
    """The targets of a classifier: (n,) of whole numbers, texts, or anything else that can be told apart.

    Errors    ParameterError  when they are missing, NaN, or fractions, which no classes are.
              ShapeError      when there are more or fewer than rows, or more than one column.
    """
    _require_target(y, estimator)
    array = _one_column(_array(y, "y"), estimator)
    same_length(array, rows, "y")
    if array.dtype.kind == "f":
        finite(array, "y", estimator)
        if array.size and (array != np.trunc(array)).any():
            message = f"Unknown label type: continuous. {estimator} takes classes, and `y` holds fractions"
            raise ParameterError("aprender.values", message, name="y", value="fractions", allowed="classes")
    if array.dtype.kind == "O":
        return _named_classes(array, estimator)
    return array


def _named_classes(array: NDArray[Any], estimator: str) -> NDArray[Any]:
    """Targets in an array of objects: texts or numbers, not both, and nothing missing."""
    kinds = {type(value) for value in array.tolist()}
    if all(issubclass(kind, str) for kind in kinds):
        return array
    if any(value is None or value != value for value in array.tolist()):  # noqa: PLR0124 - NaN alone differs from itself
        message = f"Input y contains NaN.\n{estimator} takes classes, and some of `y` are missing"
        raise ParameterError("aprender.values", message, name="y", value=None, allowed="classes")
    if all(issubclass(kind, int | float | np.number) for kind in kinds):
        return target_classes(array.astype(np.float64), array.size, estimator=estimator)
    names = ", ".join(sorted(kind.__name__ for kind in kinds))
    message = f"Unknown label type: unknown. `y` should hold texts or whole numbers, it holds: `{names}`"
    raise ParameterError("aprender.values", message, name="y", value=names, allowed="texts or whole numbers")


def classes_of(y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """The classes in order (k,), and for each target the index of its class (n,) int32."""
    classes, indexes = np.unique(y, return_inverse=True)
    return classes, indexes.astype(np.int32)


def _require_target(y: Any, estimator: str) -> None:
    if y is None:
        message = f"{estimator} requires y to be passed, but the target y is None"
        raise ParameterError("aprender.values", message, name="y", value=None, allowed="an array")
    if is_sparse(y):
        message = f"the target of {estimator} should be a dense array, it is sparse: `{type(y).__name__}`"
        raise KindError("aprender.kind", message, name="y", value=type(y).__name__, allowed="a dense array")


def _one_column(array: NDArray[Any], estimator: str) -> NDArray[Any]:
    if array.ndim == 2 and array.shape[1] == 1:  # noqa: PLR2004
        message = f"A column-vector y was passed when a 1d array was expected by {estimator}, pass `y.ravel()`"
        warnings.warn(message, conversion_warning(), stacklevel=4)
        return array[:, 0]
    if array.ndim != 1:
        message = f"y should be a 1d array for {estimator}, got an array of shape {array.shape} instead."
        raise ShapeError("aprender.shape", message, expected="(n,)", got=array.shape)
    return array


def same_length(array: NDArray[Any], rows: int, name: str) -> None:
    """Refuse an array that has not one element for each row.

    Errors    ShapeError  with both lengths.
    """
    if len(array) != rows:
        message = (
            f"Found input variables with inconsistent numbers of samples: `X` has {rows}, `{name}` has: `{len(array)}`"
        )
        raise ShapeError("aprender.shape", message, expected=(rows,), got=array.shape)


def weights(sample_weight: Any, rows: int, *, estimator: str, dtype: np.dtype[Any] = _FLOATS[0]) -> NDArray[Any] | None:
    """The weights of rows (n,), None where there are none; one number stands for all rows.

    Errors    ShapeError      when there are more or fewer than rows.
              ParameterError  when one is negative, NaN or infinite, or all are zero.
    """
    if sample_weight is None:
        return None
    array = _numbers(_array(sample_weight, "sample_weight"), dtype, "sample_weight")
    if array.ndim == 0:
        array = np.full(rows, array)
    if array.ndim != 1:
        message = f"Sample weights must be 1D array or scalar, for {estimator} they have the shape: `{array.shape}`"
        raise ShapeError("aprender.shape", message, expected=(rows,), got=array.shape)
    if len(array) != rows:
        message = f"sample_weight.shape == {array.shape}, expected {(rows,)}! {estimator} needs one weight for each row"
        raise ShapeError("aprender.shape", message, expected=(rows,), got=array.shape)
    finite(array, "sample_weight", estimator)
    if (array < 0).any():
        message = f"Negative values in data passed to `sample_weight` of {estimator}, the least is: `{array.min()}`"
        raise ParameterError("aprender.values", message, name="sample_weight", value=float(array.min()), allowed=">= 0")
    if not array.any():
        message = f"Sample weights must contain at least one non-zero number, for {estimator} all are zero"
        raise ParameterError("aprender.values", message, name="sample_weight", value=0, allowed="> 0 somewhere")
    return np.ascontiguousarray(array)


def column_names(X: Any) -> list[str] | None:
    """The names of the columns of a frame, where every one is a text; None otherwise.

    Errors    ParameterError  when some are texts and some are not.
    """
    columns = getattr(X, "columns", None)
    if columns is None or isinstance(X, np.ndarray):
        return None
    names = list(columns)
    are_texts = [isinstance(name, str) for name in names]
    if any(are_texts) and not all(are_texts):
        kinds = sorted({type(name).__name__ for name in names})
        message = f"Feature names are only supported if all input features have string names, theirs are of: `{kinds}`"
        raise ParameterError("aprender.values", message, name="X", value=kinds, allowed="names that are texts")
    return names if names and all(are_texts) else None


def random_generator(seed: Any) -> np.random.Generator:
    """A generator of random numbers: new for None, the same for the same number, and from what NumPy has.

    Errors    ParameterError  when it is none of these.
    """
    if seed is None:
        return np.random.default_rng()
    if isinstance(seed, np.random.Generator):
        return seed
    if isinstance(seed, np.random.RandomState):
        return np.random.default_rng(seed.randint(0, _LARGEST_SEED, size=4, dtype=np.uint32).tolist())
    if isinstance(seed, int | np.integer) and int(seed) >= 0:
        return np.random.default_rng(int(seed))
    message = f"`random_state` should be None, a whole number from 0 on or a generator of NumPy, it is: `{seed!r}`"
    raise ParameterError("aprender.parameter", message, name="random_state", value=seed, allowed="None, int, Generator")
