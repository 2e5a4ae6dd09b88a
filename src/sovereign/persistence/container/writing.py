"""New files, whole or not at all, and the same bytes for the same content on every run.

Enters: metadata with a payload (A1) or with named arrays (A2). Leaves: bytes, or a file written beside its place and
moved there in one step, so that a reader sees the old file or the new one. Read `metadata.py` next.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every caller of this module handles arrays

from sovereign.errors import ParameterError
from sovereign.persistence.container import _kernels, inside
from sovereign.persistence.container.compression import compressed
from sovereign.persistence.container.header import Compression, Flag, ModelType, Suite
from sovereign.persistence.container.layout import TensorFlag
from sovereign.persistence.container.metadata import created_at, to_json, to_message_pack
from sovereign.persistence.container.tensors import dtype_name
from sovereign.shell.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from os import PathLike
    from typing import TypeAlias

    from numpy.typing import ArrayLike, NDArray

    _Fields: TypeAlias = tuple[int, int, int, int, int, int, int]

__all__ = [
    "ModelContent",
    "payload_facts",
    "payload_file",
    "payload_parts",
    "save",
    "tensor_file",
    "tensor_pieces",
    "wrapped_file",
]

_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelContent:
    """What a file of layout A1 is to hold.

    payload        the model's own bytes, before compression.
    model_type     what kind of model they are.
    metadata       plain data; `created_at` and `aprender_version` are added where they are missing.
    quality_score  0 = not validated, to 100.
    flags          what else is in the file, beside what follows from the metadata.
    is_complete    the metadata are written as they are, and nothing is added.
    """

    payload: bytes
    model_type: ModelType = ModelType.CUSTOM
    metadata: Mapping[str, Any]
    compression: Compression = Compression.ZSTD
    quality_score: int = 0
    flags: int = 0
    is_complete: bool = False


def payload_file(content: ModelContent) -> bytes:
    """The bytes of an A1 file, not signed and not encrypted.

    Errors    ParameterError  when metadata cannot be written, or the payload is larger than layout A1 takes.
    """
    fields, metadata, payload = payload_parts(content, Suite.LEGACY)
    return _kernels.write_a1(fields, metadata, payload, b"")


def payload_parts(
    content: ModelContent, suite: Suite, *, mode: int = 0, flags: int = 0
) -> tuple[_Fields, bytes, bytes]:
    """Fields, metadata and stored payload, as `write_a1` takes them and a signature signs them."""
    most = 1 << 30
    if len(content.payload) > most:
        message = f"a payload of layout A1 should have at most {most} bytes, it has: `{len(content.payload)}`"
        raise ParameterError("container.parameter", message, name="payload", value=len(content.payload), allowed=most)
    facts = dict(content.metadata) if content.is_complete else payload_facts(content.metadata)
    described = (Flag.LICENSED if facts.get("license") else 0) | (Flag.HAS_MODEL_CARD if facts.get("model_card") else 0)
    fields = (
        int(content.model_type),
        len(content.payload),
        int(content.compression),
        int(content.flags | described | flags),
        content.quality_score,
        int(suite),
        mode,
    )
    return fields, to_message_pack(facts), compressed(content.payload, content.compression)


def payload_facts(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata with the two facts that readers of layout A1 need."""
    return {"created_at": created_at(), "aprender_version": _VERSION, **metadata}


def wrapped_file(
    tensors: Mapping[str, ArrayLike],
    metadata: Mapping[str, Any],
    *,
    compression: Compression = Compression.ZSTD,
    quality_score: int = 0,
) -> bytes:
    """The bytes of an A1 file whose payload is a file of layout A2 with these tensors; `inside.py` has the table.

    All metadata stand outside. `custom` says what the tensors are: a map with a `family` gets the shape that readers
    look for; any other `custom` travels below one of family `tensors`.

    Errors    as `payload_file` and `tensor_file`.

    >>> import numpy
    >>> data = wrapped_file({"coef": numpy.ones((1, 2))}, {"custom": {"family": "linear"}})
    >>> data[:4], data[6]
    (b'APRN', 255)
    """
    custom = metadata.get("custom")
    if isinstance(custom, dict) and isinstance(custom.get("family"), str):
        custom = {"shape": inside.SHAPE, **custom}
    outside = {**metadata, "custom": inside.around(custom, is_there="custom" in metadata)}
    image = tensor_file(tensors, is_complete=True)
    return payload_file(
        ModelContent(payload=image, metadata=outside, compression=compression, quality_score=quality_score)
    )


def tensor_file(
    tensors: Mapping[str, ArrayLike], metadata: Mapping[str, Any] | None = None, *, is_complete: bool = False
) -> bytes:
    """The bytes of an A2 file: every tensor at an absolute multiple of 64, the names in order.

    Without `is_complete`, `created_at` and `param_count` are added to the metadata where they are missing.

    Errors    ParameterError  when an array is of a type that the layout does not have, or metadata cannot be written.
              FormatError     when a name or a number of dimensions is more than the layout takes.
    """
    return b"".join(tensor_pieces(tensors, metadata, is_complete=is_complete))


def tensor_pieces(
    tensors: Mapping[str, ArrayLike], metadata: Mapping[str, Any] | None = None, *, is_complete: bool = False
) -> Iterator[bytes]:
    """The same in pieces, one tensor at a time, so that a large file is never in memory as a whole."""
    arrays = {name: _storable(name, value) for name, value in tensors.items()}
    facts = dict(metadata or {})
    if not is_complete:
        facts = {"created_at": created_at(), "param_count": sum(array.size for array in arrays.values())} | facts
    described = [(name, _type_of(name, array), array.shape) for name, array in arrays.items()]
    flags = TensorFlag.HAS_MODEL_CARD if facts.get("model_card") else 0
    start, offsets, lengths, end = _kernels.plan_tensors(to_json(facts), described, int(flags), int(Suite.LEGACY))
    return _sealed(_laid_out(start, sorted(zip(offsets, lengths, arrays.values(), strict=True), key=_place), end))


def _place(tensor: tuple[int, int, object]) -> tuple[int, int]:
    """By offset; a tensor without numbers comes before the one at the same place."""
    return tensor[0], tensor[1]


def _laid_out(start: bytes, tensors: Iterable[tuple[int, int, NDArray[Any]]], end: int) -> Iterator[bytes]:
    """Header and index, then each tensor with the zeros before it, up to the end."""
    yield start
    at = len(start)
    for offset, length, array in tensors:
        yield bytes(offset - at)
        yield array.tobytes()
        at = offset + length
    yield bytes(end - at)


def _sealed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, and the checksum over all of them."""
    checksum = 0
    for piece in pieces:
        checksum = _kernels.crc32(piece, start=checksum)
        yield piece
    yield checksum.to_bytes(4, "little")


def _storable(name: str, value: ArrayLike) -> NDArray[Any]:
    """The array as the file holds it: contiguous and little-endian."""
    array = np.asarray(value)
    _type_of(name, array)
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)


def _type_of(name: str, array: NDArray[Any]) -> str:
    found = dtype_name(array.dtype)
    if found is None:
        message = f"the tensor `{name}` should be of a type that the layout has, it is: `{array.dtype}`"
        allowed = "float16, float32, float64, int8, uint8, int32, int64"
        raise ParameterError("container.dtype", message, name=name, value=str(array.dtype), allowed=allowed)
    return found


def save(
    path: str | PathLike[str],
    content: ModelContent | Mapping[str, ArrayLike],
    *,
    metadata: Mapping[str, Any] | None = None,
    force: bool = False,
) -> None:
    """Write a file: layout A1 for a `ModelContent`, A2 for named arrays.

    Errors    as `payload_file` and `tensor_file`; ParameterError when a file is there and `force` is not given;
              DeviceError when the system refuses. What was there before is whole then.

    >>> import tempfile, numpy
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/m.apr", {"w": numpy.ones((2, 3), "f4")})
    ...     from sovereign.persistence.container import open_file
    ...     with open_file(f"{folder}/m.apr") as file:
    ...         file["w"].shape
    (2, 3)
    """
    if isinstance(content, ModelContent) and metadata is not None:
        message = "metadata of a `ModelContent` is part of it, beside it should stand: `None`"
        raise ParameterError("container.parameter", message, name="metadata", value=dict(metadata), allowed=None)
    data = payload_file(content) if isinstance(content, ModelContent) else tensor_pieces(content, metadata)
    write_atomically(os.fspath(path), data, force=force)
