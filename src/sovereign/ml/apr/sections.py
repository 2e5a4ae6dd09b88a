"""A file as a tree: its sections in order, the tensors and models among them by name.

Enters: a path. Leaves: nodes with offset and size, and the lines that show them. Read `dump.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from sovereign.errors import FormatError, SovereignError
from sovereign.ml.apr.sizes import size_text
from sovereign.persistence.container import LoadConfig, LoadingMode, Role, VerificationLevel, bundle, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from sovereign.persistence.container import ModelFile, Outline, Section, Source

__all__ = ["TreeDocument", "lines", "tree"]


class NodeDocument(TypedDict):
    """A stretch of bytes; `children` are those of a model in a bundle, or of the file of tensors in a payload.

    Where `is_expanded`, the offset counts from the start of the expanded payload, and from that of the file otherwise.
    """

    role: str
    name: str | None
    offset: int
    is_expanded: bool
    size_bytes: int
    children: list[NodeDocument]


class TreeDocument(TypedDict):
    """What `apr tree --json` prints."""

    file: str
    layout: str
    description: str
    size_bytes: int
    sections: list[NodeDocument]


def tree(path: str | PathLike[str]) -> TreeDocument:
    """The sections of a file; those of the models in a bundle, and of the tensors in a payload, below them.

    Errors    FormatError     when headers and indexes are not those of a layout.
              IntegrityError  when bytes are missing or hidden between the sections.
              NotFound        when there is no such file.
    """
    with open_file(path, _UNCHECKED) as file:
        sections = _sections(file)
        if file.outline.entries:
            parts = {entry.offset: (entry.name, _model(part)) for entry, part in bundle.each_part(file.source)}
            for node in sections:
                if node["role"] == Role.MODEL and node["offset"] in parts:
                    node["name"], node["children"] = parts[node["offset"]]
        return {
            "file": file.path,
            "layout": str(file.layout),
            "description": file.layout.description,
            "size_bytes": file.size_bytes,
            "sections": sections,
        }


_UNCHECKED = LoadConfig(mode=LoadingMode.LAZY_SECTION, verification=VerificationLevel.UNSAFE_SKIP)


def _model(part: Source) -> list[NodeDocument]:
    """The sections of a model in a bundle; none where it is damaged."""
    try:
        with open_file(part, _UNCHECKED) as file:
            return _sections(file)
    except FormatError:  # `apr validate` says why
        return []


def _sections(file: ModelFile) -> list[NodeDocument]:
    nodes = list(_nodes(file.outline, file.source.start))
    for node in nodes:
        if node["role"] == Role.PAYLOAD:
            node["children"] = _inside(file)
    return nodes


def _inside(file: ModelFile) -> list[NodeDocument]:
    """The sections of the tensors in a payload; none where it holds no tensors or cannot be expanded."""
    try:
        return [] if file.inside is None else list(_nodes(file.inside, 0, is_expanded=True))
    except SovereignError:  # `apr validate` says why
        return []


def _nodes(found: Outline, start: int, *, is_expanded: bool = False) -> Iterator[NodeDocument]:
    """The sections of one file, which begins at byte `start`."""
    tensors = {place.offset: place for place in found.tensors if place.length}
    for section in found.sections:
        yield {
            "role": str(section.role),
            "name": _name(section, tensors[section.offset].name) if section.offset in tensors else None,
            "offset": start + section.offset,
            "is_expanded": is_expanded,
            "size_bytes": section.length,
            "children": [],
        }


def _name(section: Section, name: str) -> str | None:
    return name if section.role is Role.TENSOR else None


def lines(document: TreeDocument) -> list[str]:
    """The tree as lines, offsets and sizes behind the names."""
    head = f"{document['file']}: {document['layout']}, {document['description']}, {size_text(document['size_bytes'])}"
    return [head, *_branches(document["sections"], "")]


def _branches(nodes: list[NodeDocument], lead: str) -> Iterator[str]:
    for place, node in enumerate(nodes):
        is_last = place == len(nodes) - 1
        name = f" {node['name']}" if node["name"] is not None else ""
        where = " of the expanded payload" if node["is_expanded"] else ""
        at = f"at {node['offset']}{where}, {size_text(node['size_bytes'])}"
        yield f"{lead}{'└── ' if is_last else '├── '}{node['role']}{name}: {at}"
        yield from _branches(node["children"], lead + ("    " if is_last else "│   "))
