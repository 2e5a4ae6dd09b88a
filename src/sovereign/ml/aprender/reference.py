"""The plain twin of the native models: the same computations in NumPy, as their definitions read.

Enters: an image and rows. Leaves: scores, and values after the link. Tests hold `crates/predict` against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - arrays are what it computes on

from sovereign.ml.aprender.image import Family, Image, Link

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["labels", "scores", "values"]

_INVERSE_WEIGHTS = 1
_IGNORE_UNKNOWN = 1


def scores(image: Image, X: NDArray[Any]) -> Any:
    """What a model computes before the link (n, columns)."""
    return _SCORES[image.family](image, X)


def values(image: Image, X: NDArray[Any]) -> Any:
    """What a model predicts (n, n_outputs)."""
    return _linked(image.link, scores(image, X))


def labels(image: Image, X: NDArray[Any]) -> Any:
    """The index of the most probable class, or the nearest centre, of each row (n,)."""
    found = scores(image, X)
    if image.family == Family.K_MEANS:
        return found.argmin(axis=1).astype(np.int32)
    if image.link in (Link.LOGISTIC, Link.DECISION) and found.shape[1] == 1:
        return (found[:, 0] > 0).astype(np.int32)
    return found.argmax(axis=1).astype(np.int32)


def _linked(link: Link, found: NDArray[Any]) -> Any:
    if link in (Link.IDENTITY, Link.DECISION):
        return found
    if link == Link.LOGISTIC:
        second = _logistic(found[:, :1])
        return np.hstack([1 - second, second])
    if link == Link.ONE_VS_REST:
        shares = _logistic(found)
        return shares / shares.sum(axis=1, keepdims=True)
    raised = np.exp(found - found.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def _logistic(x: NDArray[Any]) -> Any:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, small) / (1 + small)


def _linear(image: Image, X: NDArray[Any]) -> Any:
    return X @ image["coef"].T + image["intercept"]


def _scaling(image: Image, X: NDArray[Any]) -> Any:
    shift, factor = image["shift"], image["factor"]
    scaled = X * factor + shift if image.further(7) else (X - shift) / factor
    return np.clip(scaled, image["low"], image["high"]) if "low" in image else scaled


def _projection(image: Image, X: NDArray[Any]) -> Any:
    projected = (X - image["mean"]) @ image["components"].T
    return projected / image["scale"] if "scale" in image else projected


def _distances(metric: int, power: int, X: NDArray[Any], points: NDArray[Any]) -> Any:
    """Of all rows from all points (n, m), row by row."""
    if metric == 3:  # noqa: PLR2004 - the table of families
        lengths = np.linalg.norm(X, axis=1)[:, None] * np.linalg.norm(points, axis=1)
        return 1 - X @ points.T / lengths
    measures: dict[int, Callable[[NDArray[Any]], Any]] = {
        0: lambda gaps: np.sqrt((gaps**2).sum(axis=1)),
        1: lambda gaps: np.abs(gaps).sum(axis=1),
        2: lambda gaps: np.abs(gaps).max(axis=1),
        4: lambda gaps: (np.abs(gaps) ** power).sum(axis=1) ** (1 / power),
    }
    return np.stack([measures[metric](points - row) for row in X])


def _k_means(image: Image, X: NDArray[Any]) -> Any:
    return _distances(0, 2, X, image["centroids"])


def _neighbors(image: Image, X: NDArray[Any]) -> Any:
    count, weighting, metric, power = (image.further(place) for place in (7, 8, 9, 10))
    distances = _distances(metric, power, X, image["points"])
    places = np.argsort(distances, axis=1, kind="stable")[:, :count]
    near = np.take_along_axis(distances, places, axis=1)
    shares = np.ones_like(near)
    if weighting == _INVERSE_WEIGHTS:
        exact = (near == 0).any(axis=1, keepdims=True)
        with np.errstate(divide="ignore"):
            shares = np.where(exact, near == 0, 1 / near)
    targets = image["targets"]
    if image.n_classes:
        votes = np.stack([(shares * (targets[places] == each)).sum(axis=1) for each in range(image.n_classes)], axis=1)
        return votes / votes.sum(axis=1, keepdims=True)
    return (shares[:, :, None] * targets[places]).sum(axis=1) / shares.sum(axis=1, keepdims=True)


def _gaussian_nb(image: Image, X: NDArray[Any]) -> Any:
    mean, variance = image["mean"], image["variance"]
    joint = [
        prior - 0.5 * (np.log(2 * np.pi * spread).sum() + ((X - center) ** 2 / spread).sum(axis=1))
        for prior, center, spread in zip(image["log_prior"], mean, variance, strict=True)
    ]
    return np.stack(joint, axis=1)


def _mlp(image: Image, X: NDArray[Any]) -> Any:
    functions: list[Callable[[Any], Any]] = [lambda x: x, lambda x: np.maximum(x, 0), np.tanh, _logistic]
    last = image.further(7) - 1
    for layer in range(last):
        X = functions[image.further(8)](X @ image[f"weight.{layer}"] + image[f"bias.{layer}"])
    return X @ image[f"weight.{last}"] + image[f"bias.{last}"]


def _categories(image: Image, X: NDArray[Any]) -> Any:
    offsets, known = image["offsets"], image["categories"]
    dropped = image["dropped"] if "dropped" in image else np.full(len(offsets) - 1, -1)
    columns = []
    for place in range(len(offsets) - 1):
        hits = X[:, place, None] == known[offsets[place] : offsets[place + 1]]
        if image.further(8) != _IGNORE_UNKNOWN and not hits.any(axis=1).all():
            columns.append(np.full((len(X), 1), np.nan))
        elif image.further(7):
            columns.append(np.where(hits.any(axis=1), hits.argmax(axis=1), -1)[:, None])
        else:
            columns.append(np.delete(hits, dropped[place], axis=1) if dropped[place] >= 0 else hits)
    return np.hstack(columns).astype(X.dtype)


def _imputing(image: Image, X: NDArray[Any]) -> Any:
    fill = image["fill"]
    filled = np.where(np.isnan(X), fill, X)[:, ~np.isnan(fill)]
    if "indicator" in image:
        filled = np.hstack([filled, np.isnan(X[:, image["indicator"]])])
    return filled


def _row_norm(image: Image, X: NDArray[Any]) -> Any:
    order = {0: 1, 1: 2, 2: np.inf}[image.further(7)]
    lengths = np.linalg.norm(X, ord=order, axis=1, keepdims=True)
    return X / np.where(lengths == 0, 1, lengths)


_SCORES: dict[Family, Callable[[Image, NDArray[Any]], Any]] = {
    Family.LINEAR: _linear,
    Family.SCALING: _scaling,
    Family.PROJECTION: _projection,
    Family.K_MEANS: _k_means,
    Family.NEIGHBORS: _neighbors,
    Family.GAUSSIAN_NB: _gaussian_nb,
    Family.MLP: _mlp,
    Family.CATEGORIES: _categories,
    Family.IMPUTING: _imputing,
    Family.ROW_NORM: _row_norm,
}
