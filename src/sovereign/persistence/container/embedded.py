"""Small datasets inside a model file: samples to try the model on, and where they come from.

Enters: arrays with their provenance. Leaves: plain data for the metadata of a file, and the arrays again, exactly or
within the error that the way of packing states. Each way rearranges the numbers in the native core and compresses what
comes out; the metadata holds it as Base64, because readers of other programs know only JSON's types.

| way       | numbers come back | good for |
|-----------|-------------------|----------|
| none      | bit by bit | few numbers |
| zstd      | bit by bit | anything |
| delta     | bit by bit | sorted and slowly changing numbers |
| quantized | within half a step of the range | features where 8 or 16 bits are enough |
| sparse    | bit by bit, or small ones as 0 | mostly zeros |
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every caller of this module handles arrays

from sovereign.errors import FormatError, ParameterError, ShapeError
from sovereign.persistence.container import _kernels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["EmbeddedData", "Packing", "Provenance", "read_data", "to_metadata"]

# Numbers of one dataset; it is meant for trying a model, not for training one.
_MOST_NUMBERS = 1 << 24
_LEVEL = 19


class Packing(StrEnum):
    """How numbers are rearranged before they are compressed."""

    NONE = "none"
    ZSTD = "zstd"
    DELTA = "delta"
    QUANTIZED = "quantized"
    SPARSE = "sparse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where data comes from, and what was done to it."""

    source: str
    created_at: str
    license: str | None = None
    subset_criteria: str | None = None
    preprocessing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EmbeddedData:
    """Samples with their targets.

    X (n, d) float32, y (n,) float32 or None; names of the d features, ids of the n samples.
    """

    X: NDArray[np.float32]
    y: NDArray[np.float32] | None = None
    feature_names: tuple[str, ...] | None = None
    sample_ids: tuple[str, ...] | None = None
    provenance: Provenance

    def __post_init__(self) -> None:
        if self.X.ndim != 2:  # noqa: PLR2004 - samples and features
            message = f"samples should have the shape `(n, d)`, they have: `{self.X.shape}`"
            raise ShapeError("container.data_shape", message, expected="(n, d)", got=self.X.shape)
        rows, columns = self.X.shape
        _require_length("y", self.y, rows)
        _require_length("sample_ids", self.sample_ids, rows)
        _require_length("feature_names", self.feature_names, columns)


def to_metadata(data: EmbeddedData, packing: Packing = Packing.ZSTD, parameter: float = 0.0) -> dict[str, Any]:
    """The data as it stands in the metadata of a file, under `custom.test_data`.

    `parameter` is the number of bits for `QUANTIZED` (4, 8 or 16) and the threshold for `SPARSE`.

    Errors    FormatError     when numbers cannot be packed so, for example NaN in a quantized dataset.
              ParameterError  when there are more numbers than a file should carry.
    """
    if data.X.size > _MOST_NUMBERS:
        message = f"embedded data should have at most {_MOST_NUMBERS} numbers, it has: `{data.X.size}`"
        raise ParameterError("container.parameter", message, name="X", value=data.X.size, allowed=_MOST_NUMBERS)
    features, error = _packed(data.X, packing, parameter)
    provenance = {
        "source": data.provenance.source,
        "created_at": data.provenance.created_at,
        "license": data.provenance.license,
        "subset_criteria": data.provenance.subset_criteria,
        "preprocessing": list(data.provenance.preprocessing),
    }
    facts: dict[str, Any] = {
        "x_shape": list(data.X.shape),
        "x_data": features,
        "x_error": error,
        "packing": str(packing),
        "provenance": {name: value for name, value in provenance.items() if value},
    }
    if data.y is not None:
        facts["y_data"], _ = _packed(data.y, Packing.ZSTD if packing is not Packing.NONE else packing, 0.0)
    for name in ("feature_names", "sample_ids"):
        if getattr(data, name) is not None:
            facts[name] = list(getattr(data, name))
    return facts


def read_data(facts: Mapping[str, Any]) -> EmbeddedData:
    """The data that `to_metadata` wrote.

    Errors    FormatError     `container.data` when the facts are not what it writes.
              IntegrityError  when the packed numbers are damaged.
    """
    try:
        packing = Packing(facts["packing"])
        rows, columns = (int(side) for side in facts["x_shape"])
        features = _unpacked(str(facts["x_data"]), packing, rows * columns).reshape(rows, columns)
        targets = None
        if "y_data" in facts:
            way = packing if packing is Packing.NONE else Packing.ZSTD
            targets = _unpacked(str(facts["y_data"]), way, rows)
        told = facts["provenance"]
        provenance = Provenance(
            source=str(told["source"]),
            created_at=str(told["created_at"]),
            license=told.get("license"),
            subset_criteria=told.get("subset_criteria"),
            preprocessing=tuple(map(str, told.get("preprocessing", ()))),
        )
        names = {name: tuple(map(str, facts[name])) for name in ("feature_names", "sample_ids") if name in facts}
        return EmbeddedData(X=features, y=targets, provenance=provenance, **names)
    except (KeyError, TypeError, AttributeError) as error:
        raise _malformed(f"{type(error).__name__} {error}") from error
    except ValueError as error:
        if isinstance(error, FormatError):
            raise
        raise _malformed(str(error)) from error


def _packed(values: NDArray[np.float32], packing: Packing, parameter: float) -> tuple[str, float]:
    """The numbers as Base64, and the error that this makes at most."""
    raw = np.ascontiguousarray(values, "<f4").tobytes()
    error = 0.0
    if packing in {Packing.DELTA, Packing.QUANTIZED, Packing.SPARSE}:
        raw, error = _kernels.pack_numbers(str(packing), raw, parameter)
        # The core states it in single precision, rounded to the nearest; what is stated must not be exceeded.
        error = float(np.nextafter(np.float32(error), np.float32(np.inf))) if error else 0.0
    if packing is not Packing.NONE:
        import zstandard

        raw = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True).compress(raw)
    return base64.b64encode(raw).decode(), error


def _unpacked(text: str, packing: Packing, count: int) -> NDArray[np.float32]:
    if not 0 <= count <= _MOST_NUMBERS:
        raise _malformed(f"it claims {count} numbers")
    raw = base64.b64decode(text, validate=True)
    if packing is not Packing.NONE:
        import zstandard

        try:
            declared = zstandard.frame_content_size(raw)
        except zstandard.ZstdError as error:
            raise _malformed("its stream has no header") from error
        # No way of packing takes more than 8 bytes a number and its header.
        if not 0 <= declared <= 8 * count + 64:
            raise _malformed(f"its stream claims {declared} bytes")
        raw = _kernels.decompress("zstd", raw, declared, 0)
    if packing in {Packing.DELTA, Packing.QUANTIZED, Packing.SPARSE}:
        found = np.frombuffer(_kernels.unpack_numbers(str(packing), raw, count), "<f4")
    else:
        found = np.frombuffer(raw, "<f4")
    if found.size != count:
        raise _malformed(f"it holds {found.size} numbers and should hold {count}")
    return found


def _require_length(name: str, values: Any, length: int) -> None:
    if values is not None and len(values) != length:
        message = f"`{name}` should have {length} entries, it has: `{len(values)}`"
        raise ShapeError("container.data_shape", message, expected=(length,), got=(len(values),))


def _malformed(reason: str) -> FormatError:
    message = f"the embedded data is not as it was written: `{' '.join(reason.split())[:160]}`"
    return FormatError("container.data", message, field="custom.test_data", offset=0)
