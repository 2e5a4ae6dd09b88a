"""The native model: what an estimator predicts by, and what runs alone elsewhere.

Enters: an `Image`, or the bytes of one: a file of layout A2, or the payload of one of layout A1. Leaves: a `Predictor`,
whose methods are those of the Rust core, called without anything in between. `crates/predict` holds the computations;
its `model.rs` is what to read next.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from sovereign.ml.aprender import _kernels
from sovereign.ml.aprender.image import Family, Image

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from typing_extensions import Buffer

__all__ = ["Predictor"]

# Bits of the flags of a text model: accents are taken off, by the rules of ASCII or of Unicode.
_ASCII, _UNICODE = 8, 16
_LOWERCASE = 1


class Predictor:
    """A model that was read from an image, and answers rows of float32 or float64.

    Its methods are built-in ones, so that a call costs what the computation costs:

    predict   `predict(X, *, out=None, threads=None)`: what the model predicts, (n, n_outputs), or (n,) where that is one
              column. Of a classifier with probabilities, these.
    scores    the same before the link: decision values, logarithms, distances (n, n_scores).
    labels    the index of the class, or of the nearest centre, of each row: int32 (n,).

    Shapes    X (n, d), or (d,) for one row, whose result has no rows either; models of texts take a list of them.
    Values    float32 where the rows and all arrays of the model are, else float64. NaN comes out where arithmetic has it.
    Threads   chosen by how much there is to do, unless `threads` names them; results do not depend on them.
    Errors    FormatError     when the bytes or arrays are no model.
              ShapeError      when X has another number of columns.
              ParameterError  when X is of another element type, a category is unknown, or there are no classes.
              KindError       when texts come where numbers are read, or the other way round.

    >>> import numpy as np
    >>> from sovereign.ml.aprender.image import Family, Image
    >>> arrays = {"coef": np.array([[2.0, 1.0]]), "intercept": np.array([0.5])}
    >>> Predictor(Image.describe(Family.LINEAR, n_features=2, n_outputs=1, arrays=arrays)).predict(np.array([[1.0, 3.0]]))
    array([5.5])
    """

    __slots__ = ("_native", "labels", "predict", "scores")

    predict: Callable[..., Any]
    scores: Callable[..., Any]
    labels: Callable[..., Any]

    def __init__(self, image: Image | Buffer, *, verify: bool = True) -> None:
        is_image = isinstance(image, Image)
        # The bytes of an image were made just now, so their checksum needs no second look.
        native = _kernels.Predictor.of(image.to_bytes() if is_image else image, verify=verify and not is_image)
        self._native = native
        self.predict, self.scores, self.labels = native.predict, native.scores, native.labels
        if is_image and image.family in (Family.TEXT, Family.PIPELINE):
            take_off = _accents(image)
            if take_off is not None:
                self.predict, self.scores, self.labels = (
                    _prepared(method, take_off) for method in (native.predict, native.scores, native.labels)
                )

    @property
    def dtype(self) -> str:
        """The element type of results for rows of float32."""
        return self._native.dtype

    @property
    def family(self) -> Family:
        """Which computation the arrays are for."""
        return Family[self._native.family.upper()]

    @property
    def n_classes(self) -> int:
        """How many classes the model tells apart, 0 where it is no classifier."""
        return self._native.n_classes

    @property
    def n_features(self) -> int:
        """Columns of a row, 0 where the model reads texts."""
        return self._native.n_features

    @property
    def n_outputs(self) -> int:
        """Columns of a prediction."""
        return self._native.n_outputs

    @property
    def n_scores(self) -> int:
        """Columns of scores."""
        return self._native.n_scores

    @property
    def nbytes(self) -> int:
        """Bytes of the image."""
        return self._native.nbytes

    def __repr__(self) -> str:
        return repr(self._native)


def _accents(image: Image) -> Callable[[str], str] | None:
    """What takes accents off, if the model asks for it: the tables of Unicode are Python's, not the core's."""
    first = image
    while first.family is Family.PIPELINE:
        first = first.inner(0)
    if first.family is not Family.TEXT or not first.flags & (_ASCII | _UNICODE):
        return None
    is_small = bool(first.flags & _LOWERCASE)

    def take_off(text: str) -> str:
        text = unicodedata.normalize("NFKD", text.lower() if is_small else text)
        if first.flags & _ASCII:
            return text.encode("ascii", "ignore").decode("ascii")
        return "".join(letter for letter in text if not unicodedata.combining(letter))

    return take_off


def _prepared(method: Callable[..., NDArray[Any]], take_off: Callable[[str], str]) -> Callable[..., NDArray[Any]]:
    """The method, of texts without accents."""

    def prepared(X: Sequence[str], /, **options: Any) -> NDArray[Any]:
        texts = [take_off(text) if isinstance(text, str) else text for text in X] if isinstance(X, list | tuple) else X
        return method(texts, **options)

    return prepared
