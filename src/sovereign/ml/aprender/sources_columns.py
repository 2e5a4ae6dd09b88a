"""Images of scikit-learn's models that know rows, groups, directions, columns and terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every builder handles arrays

from sovereign.ml.aprender import text
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.sources import floats, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["BUILDERS", "STATELESS", "joined_text"]

# These have nothing to learn.
STATELESS = frozenset({"Normalizer"})
_METRICS = {"euclidean": 0, "manhattan": 1, "chebyshev": 2, "cosine": 3}
_POWERS = {1: 1, 2: 0, np.inf: 2}
_NORMS = ("l1", "l2", "max")


# rows and groups


def _neighbors(model: Any) -> Image:
    metric = getattr(model, "effective_metric_", model.metric)
    if metric == "minkowski":
        metric = {0: "euclidean", 1: "manhattan", 2: "chebyshev"}.get(_POWERS.get(model.p, -1), "minkowski")
    if metric not in _METRICS:
        refuse(model, "metric", metric, ", ".join(_METRICS))
    if model.weights not in ("uniform", "distance"):
        refuse(model, "weights", model.weights, "uniform or distance")
    if not isinstance(model._fit_X, np.ndarray):  # noqa: SLF001 - where scikit-learn keeps the rows
        refuse(model, "X", "a sparse matrix", "a dense array")
    (points,) = floats(model._fit_X)  # noqa: SLF001
    targets: NDArray[Any] = np.asarray(model._y)  # noqa: SLF001
    classes = 0
    if hasattr(model, "classes_"):
        if isinstance(model.classes_, list):
            refuse(model, "y", "several columns of classes", "one column")
        targets, classes = targets.ravel().astype(np.int32), len(model.classes_)
    has_columns = targets.ndim > 1
    if not classes:
        targets = np.ascontiguousarray(targets.reshape(len(points), -1), dtype=points.dtype)
    return Image.describe(
        Family.NEIGHBORS,
        n_features=points.shape[1],
        n_outputs=classes or targets.shape[1],
        n_classes=classes,
        flags=int(has_columns),
        extra=(model.n_neighbors, int(model.weights == "distance"), _METRICS[metric], 0),
        arrays={"points": points, "targets": targets},
    )


def _groups(model: Any) -> Image:
    (centroids,) = floats(model.cluster_centers_)
    return Image.describe(
        Family.K_MEANS,
        n_features=centroids.shape[1],
        n_outputs=1,
        extra=(len(centroids),),
        arrays={"centroids": centroids},
    )


def _labels(model: Any) -> Image:
    return Image.describe(
        Family.CLUSTERS,
        n_features=model.n_features_in_,
        n_outputs=1,
        arrays={"labels": np.asarray(model.labels_, dtype=np.int32)},
    )


# directions and columns


def _directions(model: Any) -> Image:
    """Principal components, also whitened; a decomposition without a mean has a mean of zeros."""
    mean = getattr(model, "mean_", None)
    mean = np.zeros(model.components_.shape[1], model.components_.dtype) if mean is None else mean
    arrays = dict(zip(("mean", "components"), floats(mean, model.components_), strict=True))
    if getattr(model, "whiten", False):
        least = np.finfo(arrays["mean"].dtype).eps
        (arrays["scale"],) = floats(np.maximum(np.sqrt(model.explained_variance_), least).astype(arrays["mean"].dtype))
    count, width = model.components_.shape
    return Image.describe(Family.PROJECTION, n_features=width, n_outputs=count, arrays=arrays)


def _scaling(model: Any, shift: Any, factor: Any, *, times: bool = False, bounds: Any = None) -> Image:
    """(x - shift) / factor, or x * factor + shift with `times`; None stands for no shift and no factor."""
    width = model.n_features_in_
    shift = np.zeros(width) if shift is None else shift
    factor = np.ones(width) if factor is None else factor
    arrays = dict(zip(("shift", "factor"), floats(shift, factor), strict=True))
    if bounds is not None:
        arrays |= {
            name: np.full(width, value, dtype=float) for name, value in zip(("low", "high"), bounds, strict=True)
        }
    return Image.describe(Family.SCALING, n_features=width, n_outputs=width, extra=(int(times),), arrays=arrays)


def _standard(model: Any) -> Image:
    return _scaling(model, model.mean_ if model.with_mean else None, model.scale_ if model.with_std else None)


def _between(model: Any) -> Image:
    bounds = model.feature_range if model.clip else None
    return _scaling(model, model.min_, model.scale_, times=True, bounds=bounds)


def _largest(model: Any) -> Image:
    return _scaling(model, None, model.scale_, bounds=(-1, 1) if getattr(model, "clip", False) else None)


def _robust(model: Any) -> Image:
    return _scaling(
        model, model.center_ if model.with_centering else None, model.scale_ if model.with_scaling else None
    )


def _row_norm(model: Any) -> Image:
    width = getattr(model, "n_features_in_", None)
    if width is None:
        refuse(model, "n_features_in_", None, "a fitted normalizer, which knows how many columns there are")
    return Image.describe(
        Family.ROW_NORM, n_features=width, n_outputs=width, extra=(_NORMS.index(model.norm),), arrays={}
    )


def _imputing(model: Any) -> Image:
    is_number = np.asarray(model.statistics_).dtype.kind == "f"
    if not is_number or not (isinstance(model.missing_values, float) and np.isnan(model.missing_values)):
        refuse(model, "missing_values", model.missing_values, "NaN, in columns of numbers")
    fill = np.asarray(model.statistics_, dtype=np.float64)
    if model.keep_empty_features:
        fill = np.nan_to_num(fill)
    arrays: dict[str, NDArray[Any]] = {"fill": fill}
    width = int((~np.isnan(fill)).sum())
    if model.add_indicator:
        arrays["indicator"] = np.asarray(model.indicator_.features_, dtype=np.int32)
        width += len(arrays["indicator"])
    return Image.describe(Family.IMPUTING, n_features=len(fill), n_outputs=width, arrays=arrays)


def _categories(model: Any, *, is_ordinal: bool) -> Image:
    """Numbers that stand for themselves alone; `categories` holds those of every column, in order."""
    for values in model.categories_:
        if np.asarray(values).dtype.kind not in "biuf":
            refuse(model, "categories", "texts", "numbers")
        if np.asarray(values).dtype.kind == "f" and np.isnan(values).any():
            refuse(model, "categories", "NaN", "numbers")
    groups = [np.asarray(values, dtype=np.float64) for values in model.categories_]
    offsets = np.cumsum([0, *map(len, groups)]).astype(np.int32)
    arrays: dict[str, NDArray[Any]] = {"categories": np.concatenate(groups), "offsets": offsets}
    unknown, n_outputs = _unknown(model, is_ordinal=is_ordinal), len(groups)
    if not is_ordinal:
        dropped = _dropped(model, len(groups))
        n_outputs = int(offsets[-1])
        if dropped is not None:
            arrays["dropped"] = dropped
            n_outputs -= int((dropped >= 0).sum())
    return Image.describe(
        Family.CATEGORIES,
        n_features=len(groups),
        n_outputs=n_outputs,
        extra=(int(is_ordinal), unknown),
        arrays=arrays,
    )


def _unknown(model: Any, *, is_ordinal: bool) -> int:
    """0 to refuse what was never seen, 1 to give zeros or -1 for it."""
    if model.handle_unknown == "error":
        return 0
    if is_ordinal:
        if model.unknown_value != -1:
            refuse(model, "unknown_value", model.unknown_value, -1)
        return 1
    if model.handle_unknown not in ("ignore", "warn"):
        refuse(model, "handle_unknown", model.handle_unknown, "error or ignore")
    return 1


def _dropped(model: Any, width: int) -> NDArray[np.int32] | None:
    if getattr(model, "_infrequent_enabled", False):
        refuse(model, "min_frequency", model.min_frequency, None)
    if model.drop_idx_ is None:
        return None
    return np.array([-1 if place is None else int(place) for place in model.drop_idx_[:width]], dtype=np.int32)


def _one_hot(model: Any) -> Image:
    return _categories(model, is_ordinal=False)


def _ordinal(model: Any) -> Image:
    return _categories(model, is_ordinal=True)


# terms


def _counting(model: Any) -> Image:
    image: Image = _twin(model, text.CountVectorizer)._image()  # noqa: SLF001 - the room's own way into an image
    return image


def _weighted(model: Any) -> Image:
    twin = _twin(model, text.TfidfVectorizer)
    if model.use_idf:
        twin.idf_ = np.asarray(model.idf_, dtype=np.float64)
    image: Image = twin._image()  # noqa: SLF001
    return image


def _twin(model: Any, kind: type[Any]) -> Any:
    """Our vectorizer with the terms of theirs."""
    for name, allowed in (("preprocessor", None), ("tokenizer", None), ("input", "content")):
        if getattr(model, name) != allowed:
            refuse(model, name, getattr(model, name), allowed)
    if callable(model.analyzer):
        refuse(model, "analyzer", model.analyzer, "word, char or char_wb")
    if model.stop_words == "english":
        refuse(model, "stop_words", "english", "a list of words")
    known = kind._defaults()  # noqa: SLF001
    twin = kind(**{name: value for name, value in model.get_params().items() if name in known and name != "vocabulary"})
    twin.vocabulary_ = {str(term): int(column) for term, column in model.vocabulary_.items()}
    return twin


def joined_text(steps: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Counts and their weighting in two steps as the one vectorizer that does both."""
    joined: list[tuple[str, Any]] = []
    for name, step in steps:
        before = joined[-1][1] if joined else None
        if type(step).__name__ == "TfidfTransformer" and type(before).__name__ == "CountVectorizer":
            joined[-1] = (joined[-1][0], _both(before, step))
        else:
            joined.append((name, step))
    return joined


def _both(counting: Any, weighting: Any) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    params = {name: getattr(weighting, name) for name in ("norm", "use_idf", "smooth_idf", "sublinear_tf")}
    both = TfidfVectorizer(**counting.get_params() | {"dtype": np.float64} | params)
    both.vocabulary_ = counting.vocabulary_
    if weighting.use_idf:
        both._tfidf = weighting  # noqa: SLF001 - where scikit-learn keeps the weights
    return both


BUILDERS: dict[str, Callable[[Any], Image]] = {
    "KNeighborsClassifier": _neighbors,
    "KNeighborsRegressor": _neighbors,
    "KMeans": _groups,
    "MiniBatchKMeans": _groups,
    "DBSCAN": _labels,
    "PCA": _directions,
    "IncrementalPCA": _directions,
    "TruncatedSVD": _directions,
    "StandardScaler": _standard,
    "MinMaxScaler": _between,
    "MaxAbsScaler": _largest,
    "RobustScaler": _robust,
    "Normalizer": _row_norm,
    "SimpleImputer": _imputing,
    "OneHotEncoder": _one_hot,
    "OrdinalEncoder": _ordinal,
    "CountVectorizer": _counting,
    "TfidfVectorizer": _weighted,
}
