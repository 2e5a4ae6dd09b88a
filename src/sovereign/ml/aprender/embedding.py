"""Models for machines without an operating system: the image in single precision, and nothing beside it.

Enters: an image, or a model file. Leaves: a file of layout A2 that `crates/predict` runs without a heap, straight from
flash memory: no metadata, no arrays that Python alone needs, every number in single precision. Thresholds of trees are
rounded down, which decides every comparison with a number of single precision as before; other numbers are rounded to
the nearest, and predictions with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.ml.aprender.files import image_of
from sovereign.ml.aprender.image import LEARNED, Family, Image
from sovereign.ml.aprender.nodes import COMPARES_DOUBLE, Trees
from sovereign.ml.aprender.sources_trees import rounded_down
from sovereign.persistence import container

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

__all__ = ["embedded_file", "embedded_image"]

# Class labels and what estimators alone need; nothing is predicted by them.
_LEFT_OUT = ("classes",)


def embedded_image(image: Image) -> Image:
    """The same model in single precision, without what no prediction needs.

    >>> from sovereign.ml.aprender import LinearRegression
    >>> image = embedded_image(LinearRegression().fit([[0.0], [1.0]], [1.0, 3.0])._image())
    >>> image["coef"].dtype.name, len(image.to_bytes()) < 600
    ('float32', True)
    """
    if image.family is Family.FOREST:
        image = _narrow(image)
    if image.family in {Family.PIPELINE, Family.VOTE}:
        outside = {name: _single(array) for name, array in image.items() if "/" not in name}
        return Image(
            _kept(outside) | Image.nested([embedded_image(image.inner(step)) for step in range(_steps(image))])
        )
    return Image(_kept({name: _single(array) for name, array in image.items()}))


def embedded_file(path: str | PathLike[str]) -> bytes:
    """The bytes of the embedded image of a model file of any layout that `load` takes.

    Errors    as of `load`.
    """
    with container.open_file(path) as file:
        file.verify()
        return embedded_image(image_of(file)).to_bytes()


def _steps(image: Image) -> int:
    return image.further(7)


def _kept(arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name: array for name, array in arrays.items() if name not in _LEFT_OUT and not name.startswith(LEARNED)}


def _single(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float32) if array.dtype == np.float64 else array


def _narrow(image: Image) -> Image:
    """A forest that compares in single precision, in nodes of half the size."""
    if not image.flags & COMPARES_DOUBLE:
        return image
    trees = Trees.of_image(image)
    plain = trees.plain()
    plain = type(plain)(
        feature=plain.feature,
        threshold=rounded_down(plain.threshold),
        left=plain.left,
        missing_left=plain.missing_left,
        starts=plain.starts,
    )
    packed = Trees.packed(plain, trees.value, n_features=image.n_features, columns=trees.table[:, 2], init=trees.init)
    return packed.image(
        n_features=image.n_features,
        n_outputs=image.n_outputs,
        n_classes=image.n_classes,
        link=image.link,
        is_mean=image.further(8) == 0,
        flags=image.flags & ~COMPARES_DOUBLE,
    )
