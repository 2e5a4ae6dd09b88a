"""The tensors of a file: type, shape, place, and what their numbers are like.

Enters: an open file. Leaves: a document and the rows of a table. Of layout A1 the numbers of a known model are shown,
which lie inside the payload and have no place of their own in the file; so do all tensors of a payload that holds a
file of tensors. Read `sections.py` next.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypedDict

from sovereign.persistence.container import Layout, TensorPlace, convert, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from numpy.typing import NDArray

    from sovereign.persistence.container import ModelFile

__all__ = ["COLUMNS", "STATISTICS", "TensorsDocument", "payload_tensors", "rows", "tensors"]


class StatisticsDocument(TypedDict):
    """What the numbers are like; the four are over the finite ones, None where there is none."""

    minimum: float | None
    maximum: float | None
    mean: float | None
    deviation: float | None
    zeros: int
    not_finite: int


class TensorDocument(TypedDict):
    """One tensor; `offset` is None where it lies inside a payload."""

    name: str
    dtype: str
    shape: list[int]
    offset: int | None
    size_bytes: int
    statistics: StatisticsDocument | None


class TensorsDocument(TypedDict):
    """What `apr tensors --json` prints."""

    file: str
    layout: str
    tensors: list[TensorDocument]


def tensors(path: str | PathLike[str], *, with_statistics: bool = False) -> TensorsDocument:
    """List the tensors of a file, in the order of the file.

    Errors    as `open_file`, and ParameterError for a payload that is encrypted or a layout without tensors.
    Cost      without statistics the index alone is read; of A1 the payload, of A4 everything.
    """
    with open_file(path) as file:
        is_listed = file.layout is not Layout.A1 or file.expanded is not None
        found = _placed(file, with_statistics=with_statistics) if is_listed else payload_tensors(file)
        told = [_document(place, numbers if with_statistics else None) for place, numbers in found]
        return {"file": file.path, "layout": str(file.layout), "tensors": told}


def _placed(file: ModelFile, *, with_statistics: bool) -> Iterator[tuple[TensorPlace, NDArray[Any] | None]]:
    for place in sorted(map(file.place, file), key=lambda place: (place.offset, place.length)):
        numbers = None
        if with_statistics:
            numbers = file[place.name] if place.dtype in convert.DTYPES else file.decoded(place.name)
        # The offsets of an expanded image are nowhere in the file.
        yield place._replace(offset=-1) if file.expanded is not None else place, numbers


def payload_tensors(file: ModelFile) -> Iterator[tuple[TensorPlace, NDArray[Any]]]:
    """The numbers of a model inside a payload, named by the way to them; their places have the offset -1.

    Errors    as `ModelFile.payload` and `ModelFile.place`.
    """
    for name, array in convert.content_of(file).tensors.items():
        dtype = f"{array.dtype.kind.upper()}{8 * array.dtype.itemsize}"
        yield TensorPlace(name, dtype, array.shape, -1, array.nbytes), array


def _document(place: TensorPlace, numbers: NDArray[Any] | None) -> TensorDocument:
    return {
        "name": place.name,
        "dtype": place.dtype,
        "shape": list(place.shape),
        "offset": place.offset if place.offset >= 0 else None,
        "size_bytes": place.length,
        "statistics": None if numbers is None else _statistics(numbers),
    }


def _statistics(numbers: NDArray[Any]) -> StatisticsDocument:
    """In double precision, so that the mean of many small numbers is theirs."""
    import numpy as np

    values = numbers.ravel()
    finite = values[np.isfinite(values)].astype(np.float64)
    told: list[float | None] = [None] * 4
    if finite.size:
        with np.errstate(over="ignore", invalid="ignore"):
            found = [float(of(finite)) for of in (np.min, np.max, np.mean, np.std)]
        told = [value if math.isfinite(value) else None for value in found]  # the square of a huge number is not
    return {
        "minimum": told[0],
        "maximum": told[1],
        "mean": told[2],
        "deviation": told[3],
        "zeros": int(np.count_nonzero(values == 0)),
        "not_finite": int(values.size - finite.size),
    }


COLUMNS = ("tensor", "type", "shape", "offset", "bytes")
STATISTICS = ("minimum", "maximum", "mean", "deviation", "zeros", "not finite")


def rows(document: TensorsDocument) -> list[list[str]]:
    """The tensors as rows of a table under `COLUMNS`, then `STATISTICS` where there are some."""
    return [[*_place_cells(tensor), *_number_cells(tensor["statistics"])] for tensor in document["tensors"]]


def _place_cells(tensor: TensorDocument) -> list[str]:
    offset = "in payload" if tensor["offset"] is None else str(tensor["offset"])
    shape = " x ".join(map(str, tensor["shape"])) or "scalar"
    return [tensor["name"], tensor["dtype"], shape, offset, str(tensor["size_bytes"])]


def _number_cells(statistics: StatisticsDocument | None) -> list[str]:
    if statistics is None:
        return []
    told = (statistics["minimum"], statistics["maximum"], statistics["mean"], statistics["deviation"])
    shown = ["-" if value is None else f"{value:.5g}" for value in told]
    return [*shown, str(statistics["zeros"]), str(statistics["not_finite"])]
