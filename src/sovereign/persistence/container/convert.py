"""Files from one layout to another: A1, A2 and safetensors, with a list of what could not come along.

Enters: an open file or a safetensors file. Leaves: the bytes of the new file and a `Report`; nothing is left out
without a line in it. What has no place of its own in the new layout travels under a name of ours, so that the way back
gives the same payload and the same metadata: the payload of A1 as the tensor `__payload__`, tensors in a payload as
`inside.py` says. What a layout needs and the source had not is written down, so that the way back leaves it out.

| from, to | how |
|----------|-----|
| A1 to A2 | tensors inside a payload as they are; of another payload, its numbers where the model is known, named by \
their path, and the payload itself as `__payload__`; the facts of the header as the metadata `apr1` |
| A2 to A1 | `__payload__` where there is one, else all tensors inside the payload of a custom model |
| A1, A2 to safetensors | as A2; texts of metadata as they are, other facts as JSON |
| safetensors to A1, A2 | the tensors and texts as they are |
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every caller of this module handles arrays

from sovereign.errors import DeviceError, FormatError, ParameterError
from sovereign.persistence.container import _kernels, inside, layout
from sovereign.persistence.container.header import Compression, Flag, ModelType
from sovereign.persistence.container.layout import Layout
from sovereign.persistence.container.metadata import from_json
from sovereign.persistence.container.source import opened
from sovereign.persistence.container.tensors import DTYPES
from sovereign.persistence.container.writing import ModelContent, payload_facts, payload_file, tensor_file

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

    from sovereign.persistence.container.file import ModelFile

__all__ = ["DTYPES", "PAYLOAD", "Content", "Format", "Report", "content_of", "convert", "read_safetensors"]

PAYLOAD = "__payload__"
# Where A2 keeps the facts of the header of A1, and what they are.
_FACTS = "apr1"
_HEADER_FACTS = frozenset({"model_type", "quality_score", "flags", "compression"})
# Flags that do not follow from something else in the file.
_CARRIED = Flag.STREAMING | Flag.TRUENO_NATIVE | Flag.QUANTIZED
# Metadata that readers of A1 need, written down in the file inside where tensors came without.
_ADDED, _NEEDED = "added", ("created_at", "aprender_version")


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
    has_header: bool = False
    """Whether the facts of a header of A1 belong to it, so that they travel with it."""
    report: Report = field(default_factory=Report)


def convert(content: Content, target: Format, *, compression: Compression | None = None) -> tuple[bytes, Report]:
    """The bytes of a file in another layout, and what did not come along.

    Without `compression`, a payload is compressed as it was, or by zstd where nothing says how.

    Errors    ParameterError  when a tensor is of a type that the target does not have.
              DeviceError     when the `safetensors` package is needed and missing.
    """
    writers = {Format.A1: _to_a1, Format.A2: _to_a2, Format.SAFETENSORS: _to_safetensors}
    content.metadata = _without_bytes(content)
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

    Errors    DeviceError     when the `safetensors` package is missing.
              FormatError     when it does not accept the file.
              NotFound        when there is no such file.
              ParameterError  when the path is no file or may not be read.
    """
    library = _safetensors()
    with opened(path):  # refuses in our words what the package has none for, and does not wait for a pipe
        pass
    try:
        with library.safe_open(str(path), framework="np") as source:
            metadata = dict(source.metadata() or {})
            tensors = {name: source.get_tensor(name) for name in source.keys()}  # noqa: SIM118 - it is no mapping
    except (library.SafetensorError, OSError, TypeError, ValueError) as error:
        message = f"the file is not safetensors that NumPy can hold, {' '.join(str(error).split())[:120]}: `{path}`"
        raise FormatError("container.safetensors", message, path=str(path), field="file", offset=0) from error
    facts = {name: _from_text(text) for name, text in metadata.items()}
    content = Content(tensors, facts)
    _take_payload(content)
    return content


def _read_a1(file: ModelFile, content: Content) -> None:
    header = file.header
    assert header is not None  # the layout has one
    content.model_type, content.quality_score = header.model_type, header.quality_score
    content.flags = int(header.flags & _CARRIED)
    content.compression, content.has_header = header.compression, True
    if not header.is_encrypted and file.expanded is not None:
        _read_inside(file, content)
        return
    content.payload = file.payload()
    content.tensors |= _numbers(content.model_type, content.payload)


def _numbers(model_type: ModelType, payload: bytes) -> dict[str, NDArray[Any]]:
    """The numbers in a payload; none where its shape is not known, or is that of another version of its writer."""
    try:
        values = _kernels.decode_payload(int(model_type), payload)
    except FormatError:
        return {}
    return {} if values is None else dict(_arrays("", values))


def _read_inside(file: ModelFile, content: Content) -> None:
    """The tensors inside a payload, with the metadata that they have without it."""
    _read_arrays(file, content)
    facts = _expanded_metadata(file)
    added = facts.get(_ADDED)
    if isinstance(added, list):
        del facts[_ADDED]
        content.has_header = False
        content.metadata = {
            name: value for name, value in content.metadata.items() if name not in added or name not in _NEEDED
        }
    # Earlier files of ours have these two, which are made anew.
    others = sorted(facts.keys() - {"created_at", "param_count"})
    if others:
        content.report.lost.append(f"the metadata of the file inside the payload: {', '.join(others)}")
    custom = content.metadata.pop("custom")
    if inside.is_old(custom):
        content.has_header = False
        content.metadata |= {"custom": custom["custom"]} if "custom" in custom else {}
        beside = sorted(custom.keys() - {"family", "shape", "custom"})
        if beside:
            content.report.lost.append(f"facts of `custom` beside those of the payload: {', '.join(beside)}")
    else:
        content.metadata |= inside.own(custom)


def _expanded_metadata(file: ModelFile) -> dict[str, Any]:
    """The metadata of a file of tensors that is inside another."""
    assert file.expanded is not None  # the callers have asked
    image, outline = file.expanded
    section = outline.section(layout.Role.METADATA)
    if section is None or section.length == 0:
        return {}
    return from_json(bytes(image[section.offset : section.end]), section)


def _tell_type(content: Content, place: layout.TensorPlace) -> None:
    if place.dtype not in DTYPES:
        content.report.carried.append(f"the tensor {place.name} of type {place.dtype} as numbers of type F32")


def _tell_flags(content: Content, flags: int) -> None:
    # The new file gets these where they are right, and a signature is told of by itself.
    kept = layout.TensorFlag.LAYOUT_ROW_MAJOR | layout.TensorFlag.SIGNED
    if content.metadata.get("model_card"):
        kept |= layout.TensorFlag.HAS_MODEL_CARD
    named = [str(flag.name) for flag in layout.TensorFlag if flag & flags & ~kept]
    if named:
        content.report.lost.append(f"the flags of the header: {', '.join(named)}")


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


def _read_arrays(file: ModelFile, content: Content) -> None:
    for name in file:
        place = file.place(name)
        content.tensors[name] = file[name] if place.dtype in DTYPES else file.decoded(name)
        _tell_type(content, place)
    outline = file.expanded[1] if file.expanded is not None else file.outline
    if outline.layout is Layout.A2:
        _tell_flags(content, outline.flags)


def _read_tensors(file: ModelFile, content: Content) -> None:
    _read_arrays(file, content)
    if file.layout is Layout.A4:
        content.metadata = _expanded_metadata(file)
    elif file.layout is Layout.A5:
        start = file.section(layout.Role.HEADER)
        named = bytes(start[12 : 12 + int.from_bytes(start[8:12], "little")]).decode(errors="replace")
        content.report.lost.append(f"the model type `{named}` and the types of the layers")
    _take_payload(content)


def _take_payload(content: Content) -> None:
    """The facts of a header of A1 that travelled as metadata, and its payload where that travelled as a tensor.

    Errors    FormatError  `container.metadata` when the facts beside a payload are none of a header.
    """
    found, facts = content.tensors.get(PAYLOAD), content.metadata.get(_FACTS)
    if not isinstance(facts, dict):
        return
    if found is None or found.dtype != np.uint8:
        if _are_of_header(facts):
            _take_facts(content, facts)
        return
    numbers = sum(array.size for array in content.tensors.values())
    del content.tensors[PAYLOAD]
    _take_facts(content, facts)
    content.payload = found.tobytes()
    added = facts.get("added")
    if not isinstance(added, list):
        # Earlier files do not say what was added on the way here, but it is what it would be again.
        made = {"model_type": content.model_type.name.lower(), "param_count": numbers}
        added = [name for name, value in made.items() if content.metadata.get(name) == value]
    for name in {"model_type", "param_count"}.intersection(filter(_is_text, added)):
        content.metadata.pop(name, None)


def _are_of_header(facts: dict[str, Any]) -> bool:
    """Whether metadata without a payload beside them are facts of ours; others are somebody's own."""
    if facts.keys() - {"own"} != _HEADER_FACTS or any(type(facts[name]) is not int for name in _HEADER_FACTS):
        return False
    return (
        facts["model_type"] == ModelType.CUSTOM
        and facts["quality_score"] in range(101)
        and facts["flags"] & ~_CARRIED == 0
        and facts["compression"] in set(Compression)
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _take_facts(content: Content, facts: dict[str, Any]) -> None:
    try:
        content.model_type = ModelType(facts["model_type"])
        content.compression = Compression(facts.get("compression", Compression.ZSTD))
        content.quality_score, content.flags = int(facts["quality_score"]), int(Flag(facts["flags"]))
    except (KeyError, ValueError, TypeError) as error:
        message = f"the facts of the header that the payload had are none: `{' '.join(str(error).split())[:80]}`"
        raise FormatError("container.metadata", message, field=_FACTS, offset=0) from error
    content.has_header = True
    del content.metadata[_FACTS]
    if "own" in facts:
        content.metadata[_FACTS] = facts["own"]


def _to_a1(content: Content, compression: Compression) -> bytes:
    payload, metadata = content.payload, content.metadata
    if payload is not None:
        content.report.lost += _not_in_payload(content, payload)
    else:
        payload, metadata = _wrapped(content)
    new = ModelContent(
        payload=payload,
        model_type=content.model_type,
        metadata=metadata,
        compression=compression,
        quality_score=content.quality_score,
        flags=content.flags,
        is_complete=True,
    )
    return payload_file(new)


def _wrapped(content: Content) -> tuple[bytes, dict[str, Any]]:
    """The tensors as a file inside a payload, and the metadata of the file around it."""
    metadata = content.metadata
    custom = inside.around(metadata.get("custom"), is_there="custom" in metadata)
    if "custom" in metadata and custom is not metadata["custom"]:
        content.report.carried.append("the metadata custom as custom.custom")
    content.report.carried.append("the tensors as a file of layout A2 inside the payload")
    around = {**metadata, "custom": custom}
    facts: dict[str, Any] = {}
    if not content.has_header:
        facts[_ADDED] = [name for name in _NEEDED if name not in around]
        around = payload_facts(around)
    return tensor_file(content.tensors, facts, is_complete=True), around


def _not_in_payload(content: Content, payload: bytes) -> list[str]:
    """The tensors beside a payload that are no numbers of it: the payload alone goes into A1."""
    numbers = _numbers(content.model_type, payload)
    return [
        f"the tensor {name}, which is not in the payload"
        for name, array in content.tensors.items()
        if name not in numbers or numbers[name].tobytes() != array.tobytes()
    ]


def _to_a2(content: Content, _: Compression) -> bytes:
    tensors, metadata = _with_header(content)
    return tensor_file(tensors, metadata, is_complete=True)


def _with_header(content: Content) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Tensors and metadata for layouts that have neither a payload nor the header of A1."""
    tensors, metadata = content.tensors, content.metadata
    if not (content.has_header or content.quality_score or content.flags):
        return tensors, metadata
    facts: dict[str, Any] = {
        "model_type": int(content.model_type),
        "quality_score": content.quality_score,
        "flags": content.flags,
        "compression": int(content.compression if content.compression is not None else Compression.ZSTD),
    }
    if _FACTS in metadata:
        facts["own"] = metadata[_FACTS]
        content.report.carried.append(f"the metadata {_FACTS} as {_FACTS}.own")
    if content.payload is None:
        content.report.carried.append(f"the facts of the header as the metadata {_FACTS}")
        return tensors, {**metadata, _FACTS: facts}
    beside = "its numbers as tensors beside it" if tensors else "its shape is not known"
    content.report.carried.append(f"the payload as the tensor {PAYLOAD}, {beside}")
    # Both are of use to readers of A2; where the source has them, they stay as they are.
    numbers = sum(array.size for array in tensors.values())
    more = {"model_type": content.model_type.name.lower(), "param_count": numbers + len(content.payload)}
    facts["added"] = [name for name in more if name not in metadata]
    tensors = {**tensors, PAYLOAD: np.frombuffer(content.payload, np.uint8)}
    return tensors, {**more, **metadata, _FACTS: facts}


def _to_safetensors(content: Content, _: Compression) -> bytes:
    _safetensors()
    from safetensors.numpy import save

    tensors, metadata = _with_header(content)
    others = sorted(name for name, value in metadata.items() if not _is_plain(value))
    texts = {name: _to_text(value) if name in others else value for name, value in sorted(metadata.items())}
    if others:
        content.report.carried.append(f"facts that are no plain texts as JSON: {', '.join(others)}")
    return bytes(save({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}, texts or None))


# Marks a text of safetensors' metadata that stands for another type.
_JSON = "json:"


def _without_bytes(content: Content) -> dict[str, Any]:
    """The metadata with binary values, which MessagePack alone has, as texts."""
    changed: list[str] = []

    def texts(value: Any, way: str) -> Any:
        if isinstance(value, bytes):
            changed.append(way)
            return base64.b64encode(value).decode()
        if isinstance(value, dict):
            return {name: texts(each, f"{way}.{name}".removeprefix(".")) for name, each in value.items()}
        return [texts(each, f"{way}.{n}") for n, each in enumerate(value)] if isinstance(value, list) else value

    found: dict[str, Any] = texts(content.metadata, "")
    if changed:
        content.report.carried.append(f"binary metadata as texts in base64: {', '.join(sorted(changed))}")
    return found


def _is_plain(value: Any) -> bool:
    """Whether a value comes back from safetensors as it is: a text of Unicode that does not look like one of ours."""
    lone = isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value)
    return isinstance(value, str) and not lone and not value.startswith(_JSON)


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
