"""The one form of a fitted model: named arrays, and 16 numbers that say what they mean.

Enters: what an estimator learned. Leaves: an `Image`, from which the native model, the model file and the estimator are
made again. The table of families and arrays stands in `docs/reference/models.md`; `head.rs` of `crates/predict` reads
the same numbers. The array `model`, int32 (16,):

| place | meaning |
|-------|---------|
| 0     | schema, 1 |
| 1     | family, see `Family` |
| 2     | n_features: columns of the input, 0 where it is text |
| 3     | n_outputs: columns of a prediction |
| 4     | link, see `Link` |
| 5     | n_classes, 0 where it is no classifier |
| 6     | flags of the family |
| 7..15 | further numbers of the family |

Arrays named `learned.<attribute>` are for the estimator alone. Read `files.py` next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import FormatError
from sovereign.persistence.container import tensor_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["ARRAYS", "LEARNED", "Family", "Image", "Link"]

LEARNED = "learned."
_MODEL = "model"
_PLACES = 16
_SCHEMA = 1
_OUTPUTS = 3
_FIRST_EXTRA = 7


class Family(IntEnum):
    """Which computation the arrays are for."""

    LINEAR = 1
    SCALING = 2
    PROJECTION = 3
    FOREST = 4
    K_MEANS = 5
    NEIGHBORS = 6
    GAUSSIAN_NB = 7
    MLP = 8
    CATEGORIES = 9
    TEXT = 10
    NGRAM = 11
    PIPELINE = 12
    IMPUTING = 13
    ROW_NORM = 14
    CLUSTERS = 15
    VOTE = 16


class Link(IntEnum):
    """What makes predictions of scores."""

    IDENTITY = 0
    LOGISTIC = 1
    SOFTMAX = 2
    ONE_VS_REST = 3
    DECISION = 4
    LOG_JOINT = 5


ARRAYS: dict[Family, tuple[str, str]] = {
    Family.LINEAR: (
        "`coef` (m, d), `intercept` (m,)",
        "",
    ),
    Family.SCALING: (
        "`shift` (d,), `factor` (d,), perhaps `low` and `high` (d,)",
        "7: 0 for (x - shift) / factor, 1 for x · factor + shift",
    ),
    Family.PROJECTION: (
        "`mean` (d,), `components` (k, d), perhaps `scale` (k,)",
        "",
    ),
    Family.FOREST: (
        "`nodes` (nodes, 2) or (nodes, 4) int32, `trees` (trees, 4) int32, `value` (leaves, v), perhaps `init` (m,)",
        "7: trees, 8: 0 mean, 1 sum, 9: depth, 10: bits of a feature in a node",
    ),
    Family.K_MEANS: (
        "`centroids` (k, d)",
        "",
    ),
    Family.NEIGHBORS: (
        "`points` (n, d), `targets` (n,) int32 or (n, m)",
        "7: neighbours, 8: 1 where weighted by distance, 9: metric, 10: power",
    ),
    Family.GAUSSIAN_NB: (
        "`mean` (k, d), `variance` (k, d), `log_prior` (k,)",
        "",
    ),
    Family.MLP: (
        "`weight.0` (d, h), `bias.0` (h,), `weight.1` ...",
        "7: layers, 8: activation",
    ),
    Family.CATEGORIES: (
        "`categories` (all,) float64, `offsets` (d + 1,) int32, perhaps `dropped` (d,) int32",
        "7: 0 one-hot, 1 ordinal, 8: 1 where unknown ones pass",
    ),
    Family.TEXT: (
        "`terms` uint8, `term_offsets` (v + 1,) int32, `columns` (v,) int32, perhaps `idf` (v,)",
        "7: analyzer, 8 and 9: least and most words of a term, 10: norm",
    ),
    Family.NGRAM: (
        "`terms` uint8, `term_offsets` int32, `contexts` (c, n) int32, `starts` (c + 1,), `next`, `counts` int32",
        "7: n",
    ),
    Family.PIPELINE: (
        "those of step i under `i/`",
        "7: steps",
    ),
    Family.IMPUTING: (
        "`fill` (d,), perhaps `indicator` (j,) int32",
        "",
    ),
    Family.ROW_NORM: (
        "",
        "7: 0 l1, 1 l2, 2 max",
    ),
    Family.CLUSTERS: (
        "`labels` (n,) int32",
        "",
    ),
    Family.VOTE: (
        "those of member i under `i/`, perhaps `weights` (members,)",
        "7: members",
    ),
}
"""The arrays of each family, and its further numbers by place; the table of `docs/reference/models.md`."""


class Image(Mapping[str, "NDArray[Any]"]):
    """Named arrays of a model; a mapping, in which `model` describes the others."""

    __slots__ = ("_arrays", "_model")

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = dict(arrays)
        self._model = _described(self._arrays.get(_MODEL))

    @classmethod
    def describe(
        cls,
        family: Family,
        *,
        n_features: int,
        n_outputs: int,
        link: Link = Link.IDENTITY,
        n_classes: int = 0,
        flags: int = 0,
        extra: Sequence[int] = (),
        arrays: Mapping[str, NDArray[Any]],
    ) -> Image:
        """An image of these arrays; `extra` are the numbers from place 7 on."""
        model = np.zeros(_PLACES, dtype=np.int32)
        model[:_FIRST_EXTRA] = (_SCHEMA, family, n_features, n_outputs, link, n_classes, flags)
        model[_FIRST_EXTRA : _FIRST_EXTRA + len(extra)] = extra
        return cls({_MODEL: model, **arrays})

    @property
    def family(self) -> Family:
        """Which computation the arrays are for."""
        return Family(self._model[1])

    @property
    def n_features(self) -> int:
        """Columns of the input, 0 where it is text."""
        return self._model[2]

    @property
    def n_outputs(self) -> int:
        """Columns of a prediction."""
        return self._model[3]

    @property
    def link(self) -> Link:
        """What makes predictions of scores."""
        return Link(self._model[4])

    @property
    def n_classes(self) -> int:
        """How many classes it tells apart, 0 where it is no classifier."""
        return self._model[5]

    @property
    def flags(self) -> int:
        """Bits of the family."""
        return self._model[6]

    def further(self, place: int) -> int:
        """One of the further numbers, by its place from 7 to 15."""
        assert _FIRST_EXTRA <= place < _PLACES
        return self._model[place]

    def with_arrays(self, **arrays: NDArray[Any]) -> Image:
        """The same image with further arrays."""
        return Image({**self._arrays, **arrays})

    def inner(self, step: int) -> Image:
        """The image of one step of a pipeline or one member of a vote.

        Errors    FormatError  when there is none.
        """
        prefix = f"{step}/"
        return Image({name[len(prefix) :]: array for name, array in self._arrays.items() if name.startswith(prefix)})

    def passing(self) -> Image:
        """The same model as a step before the last, which hands on what `transform` gives: of groups, distances."""
        if self.family is not Family.K_MEANS:
            return self
        model = self._arrays[_MODEL].copy()
        model[_OUTPUTS] = len(self._arrays["centroids"])
        return Image({**self._arrays, _MODEL: model})

    @staticmethod
    def nested(images: Sequence[Image]) -> dict[str, NDArray[Any]]:
        """The arrays of several images, each under the prefix of its place."""
        return {f"{place}/{name}": array for place, image in enumerate(images) for name, array in image.items()}

    def learned(self) -> dict[str, NDArray[Any]]:
        """What is for the estimator alone, by attribute."""
        found = self._arrays.items()
        return {name.removeprefix(LEARNED): array for name, array in found if name.startswith(LEARNED)}

    def to_bytes(self) -> bytes:
        """A file of layout A2 that holds the arrays and says nothing else."""
        return tensor_file(self._arrays, {"created_at": ""})

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in self._arrays.items() if name != _MODEL)
        return f"<Image {self.family.name.lower()}: {shapes}>"


def _described(model: NDArray[Any] | None) -> tuple[int, ...]:
    """The 16 numbers, if they are of the schema and of a family and a link that there are."""
    if model is None or model.shape != (_PLACES,) or model.dtype.kind != "i":
        got = "nothing" if model is None else f"{model.dtype} {model.shape}"
        message = f"a model should have the array `model` of 16 whole numbers, there is: `{got}`"
        raise FormatError("aprender.image", message, field=_MODEL, expected="int32 (16,)", got=got)
    numbers = tuple(model.tolist())
    for place, allowed in ((0, {_SCHEMA}), (1, set(Family)), (4, set(Link))):
        if numbers[place] not in allowed:
            message = f"place {place} of the array `model` holds a number that is not known: `{numbers[place]}`"
            raise FormatError("aprender.image", message, field=_MODEL, expected=sorted(allowed), got=numbers[place])
    return numbers
