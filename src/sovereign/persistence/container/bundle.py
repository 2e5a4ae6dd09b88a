"""Several models in one file, as layout A8 has them: a manifest and the files one behind the other.

Enters: named files. Leaves: the bytes of a bundle, or the models of one. The layout has no checksum of its own, so
names and description are proved by nothing; each model that has a checksum is verified where it stands. Read
`layout.py` next.
"""

from __future__ import annotations

import datetime as dt
import struct
from typing import TYPE_CHECKING

from sovereign.errors import FormatError, NotFound, ParameterError
from sovereign.persistence.container import layout
from sovereign.persistence.container.layout import Layout, Verdict
from sovereign.persistence.container.metadata import created_at
from sovereign.persistence.container.source import Source, opened
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike

    from sovereign.persistence.container.layout import Entry

__all__ = ["bundled", "each_entry", "each_part", "entry_bytes", "verify_entries"]

_LONGEST_NAME = 4096


def bundled(models: Mapping[str, bytes], description: str = "") -> bytes:
    """The bytes of a bundle; names in order, so the same models give the same bytes.

    Errors    ParameterError  when a name is empty or too long.
              FormatError     when a model is no file that can be read.
    """
    for name, data in models.items():
        if not 1 <= len(name.encode()) <= _LONGEST_NAME:
            message = f"the name of a model should have 1 to {_LONGEST_NAME} bytes, it is: `{name[:40]}`"
            raise ParameterError(
                "container.parameter", message, name="name", value=name[:40], allowed="1 to 4096 bytes"
            )
        layout.verify(data)
    ordered = dict(sorted(models.items()))
    seconds = int(dt.datetime.fromisoformat(created_at()).timestamp())
    manifest = [struct.pack("<IQ", 1, seconds), _text(description), struct.pack("<I", len(ordered))]
    offset = 0
    for name, data in ordered.items():
        manifest += [_text(name), struct.pack("<QQ", len(data), offset)]
        offset += len(data)
    index = b"".join(manifest)
    return b"APBUNDLE" + struct.pack("<IQ", 1, len(index)) + index + b"".join(ordered.values())


def entry_bytes(place: str | PathLike[str] | Source, name: str) -> bytes:
    """The file of one model, as it was bundled.

    Errors    NotFound     `container.entry` when the bundle has none of that name.
              FormatError  when the file is no bundle.
    """
    with opened(place) as source:
        found = {entry.name: entry for entry in _outline(source).entries}
        if name not in found:
            message = f"the bundle has no model of that name: `{name}`"
            raise NotFound("container.entry", message, name=name, nearest=nearest(name, found))
        return source.read(found[name].offset, found[name].length)


def each_entry(place: str | PathLike[str] | Source) -> Iterator[tuple[Entry, bytes]]:
    """Every model with its file; the list is read once, so the cost grows with the models and not with their square.

    Errors    FormatError     when the list is not what the layout says.
              ParameterError  `container.layout` when the file is no bundle.
    """
    with opened(place) as source:
        for entry in _outline(source).entries:
            yield entry, source.read(entry.offset, entry.length)


def each_part(place: str | PathLike[str] | Source) -> Iterator[tuple[Entry, Source]]:
    """Every model as an open part of the bundle, which is closed when the next one is asked for; nothing is read.

    Errors    as `each_entry`.
    """
    with opened(place) as source:
        for entry in _outline(source).entries:
            with source.window(entry.offset, entry.length) as part:
                yield entry, part


def verify_entries(place: str | PathLike[str] | Source) -> dict[str, Verdict]:
    """Verify each model where it stands.

    Errors    FormatError  as `layout.verify`, with the name of the model in the message.
    """
    verdicts = {}
    with opened(place) as source:
        for entry in _outline(source).entries:
            try:
                with source.window(entry.offset, entry.length) as part:
                    verdicts[entry.name] = layout.verify(part)
            except FormatError as error:
                error.message = f"the model `{entry.name}` at byte {entry.offset} is damaged, {error.message}"
                error.detail = {"path": source.path, "model": entry.name, **error.detail}
                raise
    return verdicts


def _outline(source: Source) -> layout.Outline:
    found = layout.outline(source)
    if found.layout is not Layout.A8:
        message = f"the file should be a bundle, its layout is: `{found.layout}`"
        raise ParameterError("container.layout", message, name="layout", value=str(found.layout), allowed="A8")
    return found


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<I", len(data)) + data
