"""A file as a tree: its sections in order, the tensors and models among them by name.

Enters: a path. Leaves: nodes with offset and size, and the lines that show them. Read `dump.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from sovereign.errors import FormatError
from sovereign.ml.apr.sizes import size_text
from sovereign.persistence.container import Role, Source, outline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from sovereign.persistence.container import Outline, Section

__all__ = ["TreeDocument", "lines", "tree"]


class NodeDocument(TypedDict):
    """A stretch of bytes; `children` are those of a model in a bundle."""

    role: str
    name: str | None
    offset: int
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
    """The sections of a file; those of the models in a bundle below them.

    Errors    FormatError     when headers and indexes are not those of a layout.
              IntegrityError  when bytes are missing or hidden between the sections.
              NotFound        when there is no such file.
    """
    with Source(path) as source, source.named():
        found = outline(source)
        names = {entry.offset: entry.name for entry in found.entries}
        sections = list(_nodes(found, 0))
        for node in sections:
            if node["role"] == Role.MODEL and node["offset"] in names:
                node["name"] = names[node["offset"]]
                node["children"] = _inside(source.read(node["offset"], node["size_bytes"]), node["offset"])
        return {
            "file": source.path,
            "layout": str(found.layout),
            "description": found.layout.description,
            "size_bytes": found.size,
            "sections": sections,
        }


def _inside(data: bytes, start: int) -> list[NodeDocument]:
    """The sections of a model in a bundle, which begins at byte `start`; none where it is damaged."""
    try:
        return list(_nodes(outline(data), start))
    except FormatError:  # `apr validate` says why
        return []


def _nodes(found: Outline, start: int) -> Iterator[NodeDocument]:
    """The sections of one file, which begins at byte `start`."""
    tensors = {place.offset: place for place in found.tensors if place.length}
    for section in found.sections:
        yield {
            "role": str(section.role),
            "name": _name(section, tensors[section.offset].name) if section.offset in tensors else None,
            "offset": start + section.offset,
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
        at = f"at {node['offset']}, {size_text(node['size_bytes'])}"
        yield f"{lead}{'└── ' if is_last else '├── '}{node['role']}{name}: {at}"
        yield from _branches(node["children"], lead + ("    " if is_last else "│   "))
