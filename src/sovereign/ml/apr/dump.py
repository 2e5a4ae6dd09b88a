"""The bytes of a file with what each is for: sections by name, the fields of headers one by one.

Enters: a path and a range. Leaves: rows of at most 16 bytes, which begin anew with each section and field, so that
nothing is shown under a name that is not its own. Read `difference.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from sovereign.errors import NotFound, ParameterError
from sovereign.persistence.container import Layout, Role, Source, outline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from sovereign.persistence.container import Outline

__all__ = ["COLUMNS", "HexDocument", "dump", "rows"]

_ROW = 16
_PRINTABLE = range(0x20, 0x7F)
COLUMNS = ("offset", "bytes", "text", "what")

# Size and name of each field, in order; of layouts that are not here, a header is shown as one stretch.
_FIELDS = {
    Layout.A1: (
        (4, "magic"),
        (1, "version_major"),
        (1, "version_minor"),
        (2, "model_type"),
        (4, "metadata_size"),
        (4, "payload_size"),
        (4, "uncompressed_size"),
        (1, "compression"),
        (1, "flags"),
        (1, "quality_score"),
        (1, "cipher_suite"),
        (1, "cipher_mode"),
        (7, "reserved"),
    ),
    Layout.A2: (
        (4, "magic"),
        (1, "version_major"),
        (1, "version_minor"),
        (2, "flags"),
        (4, "tensor_count"),
        (8, "metadata_offset"),
        (4, "metadata_size"),
        (8, "tensor_index_offset"),
        (8, "data_offset"),
        (4, "header_checksum"),
        (1, "cipher_suite"),
        (1, "cipher_mode"),
        (2, "reserved"),
        (8, "signature_offset"),
        (8, "reserved"),
    ),
    Layout.A8: ((8, "magic"), (4, "version"), (8, "manifest_size")),
}


class Stretch(NamedTuple):
    """Bytes that have one name."""

    start: int
    end: int
    name: str


class RowDocument(TypedDict):
    """One row; `hex` holds two digits a byte."""

    offset: int
    hex: str
    section: str


class HexDocument(TypedDict):
    """What `apr hex --json` prints."""

    file: str
    start: int
    end: int
    size_bytes: int
    rows: list[RowDocument]


def dump(
    path: str | PathLike[str], *, role: str | None = None, offset: int = 0, length: int | None = None
) -> HexDocument:
    """The bytes from `offset` on, counted from the start of the first section of `role` where one is named.

    Errors    FormatError     when headers and indexes are not those of a layout.
              NotFound        `container.section` when the file has no section of that role.
              ParameterError  when the range begins behind the end.
    """
    with Source(path) as source, source.named():
        found = outline(source)
        first, last = _bounds(found, role)
        start = first + offset
        if not first <= start <= last:
            message = f"the offset should be at most {last - first}, it is: `{offset}`"
            raise ParameterError("container.parameter", message, name="offset", value=offset, allowed=last - first)
        end = last if length is None else min(start + length, last)
        shown: list[RowDocument] = [
            {"offset": at, "hex": source.read(at, stop - at).hex(), "section": name}
            for at, stop, name in _cut(found, start, end)
        ]
        return {"file": source.path, "start": start, "end": end, "size_bytes": found.size, "rows": shown}


def _bounds(found: Outline, role: str | None) -> tuple[int, int]:
    if role is None:
        return 0, found.size
    section = found.section(Role(role))
    if section is None:
        names = sorted({str(section.role) for section in found.sections})
        raise NotFound("container.section", f"the file has no such section: `{role}`", name=role, nearest=names)
    return section.offset, section.end


def _cut(found: Outline, start: int, end: int) -> Iterator[Stretch]:
    """The range in rows."""
    for stretch in _stretches(found):
        at = max(stretch.start, start)
        while at < min(stretch.end, end):
            stop = min(at + _ROW, stretch.end, end)
            yield Stretch(at, stop, stretch.name)
            at = stop


def _stretches(found: Outline) -> Iterator[Stretch]:
    names = {place.offset: place.name for place in found.tensors if place.length}
    names |= {entry.offset: entry.name for entry in found.entries}
    for section in found.sections:
        fields = _FIELDS.get(found.layout) if section.role is Role.HEADER and section.offset == 0 else None
        if fields is not None and sum(size for size, _ in fields) == section.length:
            at = 0
            for size, name in fields:
                yield Stretch(at, at + size, f"header.{name}")
                at += size
            continue
        is_named = section.role in {Role.TENSOR, Role.MODEL} and section.offset in names
        yield Stretch(
            section.offset, section.end, f"{section.role} {names[section.offset]}" if is_named else section.role
        )


def rows(document: HexDocument) -> list[list[str]]:
    """The rows of a table under `COLUMNS`."""
    return [
        [f"{row['offset']:08x}", bytes.fromhex(row["hex"]).hex(" "), _text(row["hex"]), row["section"]]
        for row in document["rows"]
    ]


def _text(digits: str) -> str:
    return "".join(chr(byte) if byte in _PRINTABLE else "." for byte in bytes.fromhex(digits))
