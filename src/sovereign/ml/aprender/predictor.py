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
# Where the flags stand in the array `model`.
_FLAGS = 6


class Predictor:
    """A model that was read from an image, and answers rows of float32 or float64.

    Its methods are built-in ones, so that a call costs what the computation costs:

    predict   `predict(X, *, out=None, threads=None)`: what the model predicts, (n, n_outputs), or (n,) where that is
              one column. Of a classifier with probabilities, these.
    scores    the same before the link: decision values, logarithms, distances (n, n_scores).
    labels    the index of the class, or of the nearest centre, of each row: int32 (n,).

    Shapes    X (n, d), or (d,) for one row, whose result has no rows either; models of texts take a list of them.
    Values    float32 where the rows and all arrays of the model are, else float64. NaN comes out as arithmetic has it.
    Threads   chosen by how much there is to do, unless `threads` names them; results do not depend on them.
    Errors    FormatError     when the bytes or arrays are no model.
              ShapeError      when X has another number of columns.
              ParameterError  when X is of another element type, a category is unknown, or there are no classes.
              KindError       when texts come where numbers are read, or the other way round.

    >>> import numpy as np
    >>> from sovereign.ml.aprender.image import Family, Image
    >>> arrays = {"coef": np.array([[2.0, 1.0]]), "intercept": np.array([0.5])}
    >>> image = Image.describe(Family.LINEAR, n_features=2, n_outputs=1, arrays=arrays)
    >>> Predictor(image).predict(np.array([[1.0, 3.0]]))
    array([5.5])
    """

    __slots__ = ("_native", "labels", "predict", "scores")

    predict: Callable[..., Any]
    scores: Callable[..., Any]
    labels: Callable[..., Any]

    def __init__(self, image: Image | Buffer, *, verify: bool = True) -> None:
        take_off = None
        if isinstance(image, Image):
            image, take_off = _without_accents(image)
            # These bytes were made just now, so their checksum needs no second look.
            native = _kernels.Predictor.of(image.to_bytes(), verify=False)
        else:
            native = _kernels.Predictor.of(image, verify=verify)
        self._native = native
        methods: list[Callable[..., Any]] = [native.predict, native.scores, native.labels]
        if take_off is not None:
            methods = [_prepared(method, take_off) for method in methods]
        self.predict, self.scores, self.labels = methods

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


def _without_accents(image: Image) -> tuple[Image, Callable[[str], str] | None]:
    """The image as the core reads it, and what takes accents off before: the tables of Unicode are Python's."""
    prefix, first = "", image
    while first.family is Family.PIPELINE:
        prefix, first = f"{prefix}0/", first.inner(0)
    wanted = first.flags & (_ASCII | _UNICODE)
    if first.family is not Family.TEXT or not wanted:
        return image, None
    model = first["model"].copy()
    model[_FLAGS] = first.flags & ~wanted

    def take_off(text: str) -> str:
        text = unicodedata.normalize("NFKD", text.lower() if first.flags & _LOWERCASE else text)
        if wanted & _ASCII:
            return text.encode("ascii", "ignore").decode("ascii")
        return "".join(letter for letter in text if not unicodedata.combining(letter))

    return image.with_arrays(**{f"{prefix}model": model}), take_off


def _prepared(method: Callable[..., NDArray[Any]], take_off: Callable[[str], str]) -> Callable[..., NDArray[Any]]:
    """The method, of texts without accents."""

    def prepared(X: Sequence[str], /, **options: Any) -> NDArray[Any]:
        texts = [take_off(text) if isinstance(text, str) else text for text in X] if isinstance(X, list | tuple) else X
        return method(texts, **options)

    return prepared
