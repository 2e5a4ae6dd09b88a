"""How many bytes models take: as embedded images, and as mapped files. The table of `docs/reference/models.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.ml.aprender import cluster, forest, linear, logistic, naive_bayes, tree
from sovereign.ml.aprender.embedding import embedded_image
from sovereign.ml.aprender.files import model_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sovereign.ml.aprender.base import Estimator

__all__ = ["Size", "sizes"]

_ROWS = 500
_SEED = 3


class Size(NamedTuple):
    """One model: its numbers alone in single precision, its embedded image, its mapped file, in bytes."""

    name: str
    numbers: int
    embedded: int
    mapped: int


def sizes() -> Iterator[Size]:
    """Fit small models on made-up data and measure them."""
    for name, width, model in _models():
        generator = np.random.default_rng(_SEED)
        X = generator.normal(size=(_ROWS, width)).astype(np.float32)
        y = (X[:, 0] + X[:, -1] > 0).astype(np.int64)
        fitted = model.fit(X) if isinstance(model, cluster.KMeans) else model.fit(X, y)
        yield _size(name, fitted)


def _models() -> Iterator[tuple[str, int, Any]]:
    yield "linear regression, 30 features", 30, linear.LinearRegression()
    yield "logistic regression, 100 features", 100, logistic.LogisticRegression()
    yield "decision stump, 4 features", 4, tree.DecisionTreeClassifier(max_depth=1, random_state=0)
    yield "naive Bayes, 2 classes, 30 features", 30, naive_bayes.GaussianNB()
    yield "k-means, 10 groups, 100 features", 100, cluster.KMeans(n_clusters=10, n_init=1, random_state=0)
    yield "tree of depth 5, 30 features", 30, tree.DecisionTreeClassifier(max_depth=5, random_state=0)
    forest_10 = forest.RandomForestClassifier(n_estimators=10, max_depth=5, random_state=0)
    yield "forest of 10 trees of depth 5, 30 features", 30, forest_10


def _size(name: str, model: Estimator) -> Size:
    image = embedded_image(model._image())  # noqa: SLF001 - the room's own way into a file
    numbers = sum(array.nbytes for each, array in image.items() if each != "model")
    return Size(name, numbers, len(image.to_bytes()), sum(map(len, model_file(model, layout="mapped"))))
