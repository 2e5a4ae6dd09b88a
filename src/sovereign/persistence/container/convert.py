"""Files from one layout to another: A1, A2 and safetensors, with a list of what could not come along.

Enters: an open file or a safetensors file. Leaves: the bytes of the new file and a `Report`; nothing is left out
without a line in it. What has no place of its own in the new layout travels under a name of ours, so that the way back
gives the same payload: the payload of A1 as the tensor `__payload__`, the tensors of A2 as a payload of type custom.

| from, to | how |
|----------|-----|
| A1 to A2 | numbers of a known model as tensors named by their path, the payload itself as `__payload__` |
| A2 to A1 | `__payload__` where there is one, else the whole A2 file as the payload of a custom model |
| A1, A2 to safetensors | as A2; texts of metadata as they are, other facts as JSON |
| safetensors to A1, A2 | the tensors and texts as they are |
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every caller of this module handles arrays

from sovereign.errors import DeviceError, FormatError, ParameterError
from sovereign.persistence.container import _kernels, layout
from sovereign.persistence.container.header import Compression, Flag, ModelType
from sovereign.persistence.container.layout import Layout
from sovereign.persistence.container.tensors import DTYPES, array_of, decoded
from sovereign.persistence.container.writing import ModelContent, payload_file, tensor_file

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

    from sovereign.persistence.container.file import ModelFile

__all__ = ["DTYPES", "Content", "Format", "Report", "content_of", "convert", "read_safetensors"]

PAYLOAD = "__payload__"
_FAMILY = "tensors"
_SHAPE = "a2/1"


class Format(StrEnum):
    """What can be written."""

    A1 = "a1"
    A2 = "a2"
    SAFETENSORS = "safetensors"


@dataclass(slots=True)
class Report:
    """What became of each thing that has no place of its own in the new file."""

    carried: list[str] = field(default_factory=list)
    """Kept under another name or in another form."""
    lost: list[str] = field(default_factory=list)
    """Not in the new file."""


@dataclass(slots=True)
class Content:
    """What a file holds, whatever its layout: tensors, metadata, and the payload of A1 with its facts."""

    tensors: dict[str, NDArray[Any]]
    metadata: dict[str, Any]
    payload: bytes | None = None
    model_type: ModelType = ModelType.CUSTOM
    quality_score: int = 0
    flags: int = 0
    compression: Compression | None = None
    report: Report = field(default_factory=Report)


def convert(content: Content, target: Format, *, compression: Compression | None = None) -> tuple[bytes, Report]:
    """The bytes of a file in another layout, and what did not come along.

    Without `compression`, a payload is compressed as it was, or by zstd where nothing says how.

    Errors    ParameterError  when a tensor is of a type that the target does not have.
              DeviceError     when the `safetensors` package is needed and missing.
    """
    writers = {Format.A1: _to_a1, Format.A2: _to_a2, Format.SAFETENSORS: _to_safetensors}
    way = compression if compression is not None else content.compression
    return writers[target](content, Compression.ZSTD if way is None else way), content.report


def content_of(file: ModelFile) -> Content:
    """What an open file holds.

    Errors    ParameterError  `container.layout` for layouts that hold no model, `container.encrypted` for a payload
                              that is encrypted.
    """
    content = Content({}, dict(file.metadata))
    if file.outline.section(layout.Role.SIGNATURE):
        content.report.lost.append("the signature, because the bytes that it signed are others now")
    if file.layout is Layout.A1:
        _read_a1(file, content)
    elif file.layout in {Layout.A2, Layout.A3, Layout.A4, Layout.A5}:
        _read_tensors(file, content)
    else:
        message = f"a file of this layout is not converted: `{file.layout}`"
        raise ParameterError("container.layout", message, name="layout", value=str(file.layout), allowed="A1 to A5")
    return content


def read_safetensors(path: str | PathLike[str]) -> Content:
    """What a safetensors file holds.

    Errors    DeviceError  when the `safetensors` package is missing.
              FormatError  when it does not accept the file.
    """
    library = _safetensors()
    try:
        with library.safe_open(str(path), framework="np") as source:
            metadata = dict(source.metadata() or {})
            tensors = {name: source.get_tensor(name) for name in source.keys()}  # noqa: SIM118 - it is no mapping
    except (library.SafetensorError, TypeError, ValueError) as error:
        message = f"the file is not safetensors that NumPy can hold, {' '.join(str(error).split())[:120]}: `{path}`"
        raise FormatError("container.safetensors", message, path=str(path), field="file", offset=0) from error
    facts = {name: _from_text(text) for name, text in metadata.items()}
    content = Content(tensors, facts)
    _take_payload(content)
    return content


def _read_a1(file: ModelFile, content: Content) -> None:
    header = file.header
    assert header is not None  # the layout has one
    content.payload = file.payload()
    content.model_type, content.quality_score = header.model_type, header.quality_score
    content.flags = int(header.flags & (Flag.STREAMING | Flag.TRUENO_NATIVE | Flag.QUANTIZED))
    content.compression = header.compression
    custom = content.metadata.get("custom")
    if header.model_type is ModelType.CUSTOM and isinstance(custom, dict) and custom.get("shape") == _SHAPE:
        _unwrap(content)
        return
    content.tensors |= _inside(content.model_type, content.payload)


def _inside(model_type: ModelType, payload: bytes) -> dict[str, NDArray[Any]]:
    """The numbers in a payload; none where its shape is not known, or is that of another version of its writer."""
    try:
        values = _kernels.decode_payload(int(model_type), payload)
    except FormatError:
        return {}
    return {} if values is None else dict(_arrays("", values))


def _unwrap(content: Content) -> None:
    """A file of tensors that was put into a payload."""
    payload = memoryview(content.payload or b"")
    outline = layout.verify(payload).outline
    if outline.layout is not Layout.A2:
        return  # the payload of a custom model, whatever its metadata call it
    content.payload = None
    for place in outline.tensors:
        raw = payload[place.offset : place.offset + place.length]
        read = array_of if place.dtype in DTYPES else decoded
        content.tensors[place.name] = read(raw, place)
    custom = dict(content.metadata["custom"])
    content.metadata = {**content.metadata, "custom": {k: v for k, v in custom.items() if k not in {"shape", "family"}}}
    if not content.metadata["custom"]:
        del content.metadata["custom"]


def _arrays(path: str, value: Any) -> list[tuple[str, NDArray[Any]]]:
    """The lists of numbers in a decoded payload, named by the way to them."""
    if isinstance(value, memoryview):
        array = np.asarray(value)
        stored = array.astype(np.int64) if array.dtype.kind == "u" else array
        return [(path.removesuffix(".data"), stored)]
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for name, child in children:
        found += _arrays(f"{path}.{name}".removeprefix("."), child)
    return found


def _read_tensors(file: ModelFile, content: Content) -> None:
    for name in file:
        place = file.place(name)
        if place.dtype in DTYPES:
            content.tensors[name] = file[name]
        else:
            content.tensors[name] = file.decoded(name)
            content.report.carried.append(f"the tensor {name} of type {place.dtype} as numbers of type F32")
    _take_payload(content)


def _take_payload(content: Content) -> None:
    """A payload of A1 that travelled as a tensor, with the facts of its header.

    Errors    FormatError  `container.metadata` when the facts are none of a header.
    """
    found, facts = content.tensors.get(PAYLOAD), content.metadata.get("apr1")
    if found is None or found.dtype != np.uint8 or not isinstance(facts, dict):
        return
    numbers = sum(array.size for array in content.tensors.values())
    del content.tensors[PAYLOAD], content.metadata["apr1"]
    content.payload = found.tobytes()
    try:
        content.model_type = ModelType(facts["model_type"])
        content.compression = Compression(facts.get("compression", Compression.ZSTD))
        content.quality_score, content.flags = int(facts["quality_score"]), int(Flag(facts["flags"]))
    except (KeyError, ValueError, TypeError) as error:
        message = f"the facts of the header that the payload had are none: `{' '.join(str(error).split())[:80]}`"
        raise FormatError("container.metadata", message, field="apr1", offset=0) from error
    # What was added on the way here is what it would be again.
    for name, added in (("model_type", content.model_type.name.lower()), ("param_count", numbers)):
        if content.metadata.get(name) == added:
            del content.metadata[name]


def _to_a1(content: Content, compression: Compression) -> bytes:
    payload, metadata = content.payload, content.metadata
    model_type = content.model_type
    if payload is not None:
        content.report.lost += _not_in_payload(content, payload)
    else:
        payload = tensor_file(content.tensors, {"created_at": str(metadata.get("created_at", ""))})
        custom = metadata.get("custom")
        metadata = {**metadata, "custom": {**(custom if isinstance(custom, dict) else {}), **_WRAPPED}}
        model_type = ModelType.CUSTOM
        content.report.carried.append("the tensors as a file of layout A2 inside the payload")
    new = ModelContent(
        payload=payload,
        model_type=model_type,
        metadata=metadata,
        compression=compression,
        quality_score=content.quality_score,
        flags=content.flags,
    )
    return payload_file(new)


def _not_in_payload(content: Content, payload: bytes) -> list[str]:
    """The tensors beside a payload that are no numbers of it: the payload alone goes into A1."""
    inside = _inside(content.model_type, payload)
    return [
        f"the tensor {name}, which is not in the payload"
        for name, array in content.tensors.items()
        if name not in inside or inside[name].tobytes() != array.tobytes()
    ]


_WRAPPED = {"family": _FAMILY, "shape": _SHAPE}


def _to_a2(content: Content, _: Compression) -> bytes:
    tensors, metadata = _with_payload(content)
    return tensor_file(tensors, metadata)


def _with_payload(content: Content) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    if content.payload is None:
        return content.tensors, content.metadata
    facts = {
        "model_type": int(content.model_type),
        "quality_score": content.quality_score,
        "flags": content.flags,
        "compression": int(content.compression if content.compression is not None else Compression.ZSTD),
    }
    beside = "its numbers as tensors beside it" if content.tensors else "its shape is not known"
    content.report.carried.append(f"the payload as the tensor {PAYLOAD}, {beside}")
    tensors = {**content.tensors, PAYLOAD: np.frombuffer(content.payload, np.uint8)}
    named = content.metadata.get("model_type", content.model_type.name.lower())
    return tensors, {**content.metadata, "model_type": named, "apr1": facts}


def _to_safetensors(content: Content, _: Compression) -> bytes:
    _safetensors()
    from safetensors.numpy import save

    tensors, metadata = _with_payload(content)
    texts = {name: value if isinstance(value, str) else _to_text(value) for name, value in sorted(metadata.items())}
    others = sorted(name for name, value in metadata.items() if not isinstance(value, str))
    if others:
        content.report.carried.append(f"facts that are no texts as JSON: {', '.join(others)}")
    return bytes(save({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}, texts or None))


# Marks a text of safetensors' metadata that stands for another type.
_JSON = "json:"


def _to_text(value: Any) -> str:
    return _JSON + json.dumps(value, sort_keys=True, separators=(",", ":"))


def _from_text(text: str) -> Any:
    if not text.startswith(_JSON):
        return text
    try:
        return json.loads(text.removeprefix(_JSON))
    except ValueError:
        return text


def _safetensors() -> Any:
    try:
        import safetensors
    except ImportError as error:
        fix = "python3 -m pip install 'sovereign-stack[safetensors]'"
        message = f"the package safetensors is needed, install it with: `{fix}`"
        raise DeviceError(
            "container.library", message, backend="safetensors", reason="it is not installed", fix=fix
        ) from error
    return safetensors
