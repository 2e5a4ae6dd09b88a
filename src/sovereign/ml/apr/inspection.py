"""What a file says about itself, from its header, metadata and index alone.

Enters: a path. Leaves: a document, and the boxes that show it. Nothing here vouches for the content: checksum and
signature are not computed, and both are called so. `validation.py` proves a file. Read `validation.py` next.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypedDict

from sovereign.errors import FormatError, SovereignError
from sovereign.ml.apr.facts import plain, suite_code, suite_title
from sovereign.ml.apr.sizes import size_text
from sovereign.persistence.container import Layout, LoadConfig, LoadingMode, Role, TensorFlag, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike

    from sovereign.persistence.container import Header, ModelFile, Outline

__all__ = ["Box", "InspectDocument", "boxes", "inspect"]

_NOT_CHECKED = "not checked"

Box = tuple[str, list[tuple[str, str]]]
"""A heading, and facts by name."""


class HeaderDocument(TypedDict):
    """The fixed fields at the start; those that a layout does not have are None."""

    magic: str
    version: str
    model_type: str | None
    model_type_code: int | None
    flags: list[str]
    compression: str | None
    quality_score: int | None
    cipher_suite: str | None
    is_encrypted: bool
    checksum: str
    signature: str


class SizesDocument(TypedDict):
    """Bytes by what they are for; `uncompressed` and `ratio` are of the payload."""

    file: int
    header: int
    metadata: int
    index: int
    content: int
    uncompressed: int | None
    ratio: float | None


class StructureDocument(TypedDict):
    """What is inside, as far as headers and indexes tell."""

    tensors: int
    parameters: int | None
    dtypes: dict[str, int]
    models: list[str]
    problem: str | None
    """Why the tensors that a payload should hold are not known."""


class InspectDocument(TypedDict):
    """What `apr inspect --json` prints."""

    file: str
    layout: str
    description: str
    header: HeaderDocument
    sizes: SizesDocument
    metadata: dict[str, Any]
    metadata_problem: str | None
    structure: StructureDocument
    bytes_read: int


def inspect(path: str | PathLike[str]) -> InspectDocument:
    """Read header, metadata and index of a file of any layout.

    Errors    FormatError     when headers and indexes are not those of a layout.
              IntegrityError  when bytes are missing or hidden between the sections.
              NotFound        when there is no such file.
    Cost      independent of the size of the content; `bytes_read` says how much was read.
    """
    with open_file(path, LoadConfig(mode=LoadingMode.LAZY_SECTION)) as file:
        metadata, problem = _metadata(file)
        return {
            "file": file.path,
            "layout": str(file.layout),
            "description": file.layout.description,
            "header": _header(file),
            "sizes": _sizes(file),
            "metadata": metadata,
            "metadata_problem": problem,
            "structure": _structure(file),
            "bytes_read": file.bytes_read,
        }


def _metadata(file: ModelFile) -> tuple[dict[str, Any], str | None]:
    """The metadata, or why it cannot be read; the rest of the file is worth showing all the same."""
    try:
        return plain(file.metadata), None
    except FormatError as error:
        return {}, str(error)


def _header(file: ModelFile) -> HeaderDocument:
    outline, header = file.outline, file.header
    is_signed = outline.section(Role.SIGNATURE) is not None
    checksum = f"present, {_NOT_CHECKED}" if outline.cover else "none"
    return {
        "magic": "ALD\\0" if outline.layout is Layout.ALD_TENSORS else _MAGICS.get(str(outline.layout)[:3], "?"),
        "version": ".".join(map(str, outline.version)),
        "model_type": _title(header.model_type.name) if header else None,
        "model_type_code": int(header.model_type) if header else None,
        "flags": _flags(outline, header),
        "compression": _title(header.compression.name) if header else None,
        "quality_score": header.quality_score if header else None,
        "cipher_suite": suite_title(suite_code(file)),
        "is_encrypted": _is_encrypted(outline, header),
        "checksum": checksum,
        "signature": f"present, {_NOT_CHECKED}" if is_signed else "none",
    }


_MAGICS = {
    "A1": "APRN",
    "A2": "APR\\0",
    "A3": "APR1",
    "A4": "APR2",
    "A5": "APR\\0",
    "A6": "APR\\0",
    "A7": "APR1",
    "A8": "APBUNDLE",
    "ald": "ALDF",
}


def _title(name: str) -> str:
    """A name of an enumeration as people write it.

    >>> _title("RANDOM_FOREST")
    'random forest'
    """
    return name.lower().replace("_", " ")


def _flags(outline: Outline, header: Header | None) -> list[str]:
    if header is not None:
        return [str(flag.name) for flag in type(header.flags) if flag in header.flags]
    if str(outline.layout) == "A2":
        return [str(flag.name) for flag in TensorFlag if flag & outline.flags]
    return [f"{outline.flags:#x}"] if outline.flags else []


def _is_encrypted(outline: Outline, header: Header | None) -> bool:
    return header.is_encrypted if header else outline.section(Role.ENCRYPTION) is not None


def _sizes(file: ModelFile) -> SizesDocument:
    by_role: dict[str, int] = {}
    for section in file.outline.sections:
        by_role[str(section.role)] = by_role.get(str(section.role), 0) + section.length
    content = sum(by_role.get(role, 0) for role in ("payload", "tensor", "model"))
    expanded = file.header.uncompressed_size if file.header else None
    return {
        "file": file.size_bytes,
        "header": by_role.get("header", 0),
        "metadata": by_role.get("metadata", 0),
        "index": by_role.get("index", 0) + by_role.get("schema", 0),
        "content": content,
        "uncompressed": expanded,
        "ratio": round(expanded / content, 3) if expanded and content else None,
    }


def _structure(file: ModelFile) -> StructureDocument:
    """From the index of the file, or that of the tensors inside its payload, which is the beginning of the payload."""
    outline, problem = file.outline, None
    try:
        outline = file.inside or outline
    except SovereignError as error:  # the rest of the file is worth showing all the same
        problem = None if error.code == "container.metadata" else str(error)
    dtypes: dict[str, int] = {}
    for place in outline.tensors:
        dtypes[place.dtype] = dtypes.get(place.dtype, 0) + 1
    numbers = sum(math.prod(place.shape) for place in outline.tensors)
    return {
        "tensors": len(outline.tensors),
        "parameters": numbers if outline.tensors else None,
        "dtypes": dict(sorted(dtypes.items())),
        "models": [entry.name for entry in outline.entries],
        "problem": problem,
    }


def boxes(document: InspectDocument) -> list[Box]:
    """The document as boxes, in the order of the file."""
    found = [_file_box(document), ("HEADER", _header_facts(document["header"]))]
    if document["metadata"] or document["metadata_problem"]:
        problem = [("Problem", document["metadata_problem"])] if document["metadata_problem"] else []
        found.append(("METADATA", [*problem, *_bounded(_metadata_facts(document["metadata"]))]))
    if document["header"]["signature"] != "none":
        suite = [("Suite", document["header"]["cipher_suite"])] if document["header"]["cipher_suite"] else []
        found.append(("SIGNATURE", [("State", document["header"]["signature"]), *suite, ("Check it", "apr verify")]))
    found.append(("STRUCTURE", _structure_facts(document)))
    model = list(_model_facts(document["metadata"]))
    return [*found, ("MODEL, as its metadata say", model)] if model else found


def _model_facts(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a fitted estimator says of itself; `apr validate` proves arrays, and nobody proves these words."""
    custom = metadata.get("custom")
    if not isinstance(custom, dict) or not isinstance(custom.get("structure"), dict):
        return
    yield "Estimator", str(custom.get("estimator"))
    names, classes = custom.get("feature_names"), custom.get("classes")
    listed = {"features": names, "classes": classes.get("values") if isinstance(classes, dict) else None}
    for name, count in custom["structure"].items():
        told = f"{count:,}" if isinstance(count, int) else str(count)
        values = listed.get(name)
        yield name.capitalize(), f"{told} ({', '.join(map(str, values[:9]))})" if isinstance(values, list) else told


def _file_box(document: InspectDocument) -> Box:
    sizes = document["sizes"]
    facts = [
        ("File", document["file"]),
        ("Layout", f"{document['layout']}, {document['description']}"),
        ("Size", size_text(sizes["file"])),
    ]
    if sizes["uncompressed"] is not None:
        facts.append(("Payload", _payload_text(sizes, document["header"])))
    return "FILE", facts


_MOST_FACTS = 100


def _bounded(facts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """No more facts than a person reads; a file may hold a million."""
    left = len(facts) - _MOST_FACTS
    return facts if left <= 0 else [*facts[:_MOST_FACTS], ("And", f"{left:,} further facts, `--json` has all")]


def _payload_text(sizes: SizesDocument, header: HeaderDocument) -> str:
    if header["compression"] == "none":
        return f"{size_text(sizes['content'])}, not compressed"
    ratio = f", ratio {sizes['ratio']:.1f}x" if sizes["ratio"] else ""
    expanded = size_text(sizes["uncompressed"] or 0)
    return f"{size_text(sizes['content'])} stored as {header['compression']}, {expanded} expanded{ratio}"


def _header_facts(header: HeaderDocument) -> list[tuple[str, str]]:
    facts = [("Magic", header["magic"]), ("Format version", header["version"])]
    if header["model_type"] is not None:
        facts.append(("Model type", f"{header['model_type']} ({header['model_type_code']:#06x})"))
    facts.append(("Flags", " | ".join(header["flags"]) or "none"))
    if header["quality_score"] is not None:
        facts.append(("Quality score", str(header["quality_score"]) if header["quality_score"] else "not validated"))
    if header["is_encrypted"]:
        facts.append(("Encryption", f"by suite {header['cipher_suite']}" if header["cipher_suite"] else "yes"))
    return [*facts, ("Checksum", header["checksum"]), ("Signature", header["signature"])]


_TOLD_FIRST = ("model_name", "name", "model_type", "description", "created_at", "aprender_version", "version")


def _metadata_facts(metadata: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every fact, the ones that people look for first; maps one level deep, what is below them as text."""
    first = [name for name in _TOLD_FIRST if name in metadata]
    facts: list[tuple[str, str]] = []
    for name in [*first, *(name for name in sorted(metadata) if name not in first)]:
        value = metadata[name]
        if isinstance(value, dict):
            facts.append((_title(name).capitalize(), ""))
            facts += [(f"  - {key}", _text(inner)) for key, inner in value.items()]
        else:
            facts.append((_title(name).capitalize(), _text(value)))
    return facts


_LONGEST = 200


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{name}: {_text(each)}" for name, each in value.items())
    elif isinstance(value, list):
        value = ", ".join(map(_text, value))
    text = "none" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"


def _structure_facts(document: InspectDocument) -> list[tuple[str, str]]:
    return list(_told_structure(document))


def _told_structure(document: InspectDocument) -> Iterator[tuple[str, str]]:
    structure = document["structure"]
    if structure["problem"]:
        yield "Problem", structure["problem"]
    if structure["models"]:
        yield "Models", ", ".join(structure["models"])
    elif structure["tensors"]:
        yield "Tensors", f"{structure['tensors']:,}"
        yield "Parameters", f"{structure['parameters']:,}"
        yield "Types", ", ".join(f"{count} {name}" for name, count in structure["dtypes"].items())
        if document["header"]["model_type_code"] is not None:
            yield "Content", "inside the payload, of which the index was read"
    elif document["header"]["is_encrypted"]:
        yield "Content", "encrypted"
    elif not document["sizes"]["content"]:
        yield "Content", "none"
    elif document["layout"] == Layout.A6:
        yield "Content", "one model without tensors"
    else:
        yield "Content", "inside the payload, which was not read"
