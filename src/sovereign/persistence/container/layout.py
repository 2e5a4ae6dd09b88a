"""Which layout a file has, and what every byte of it is for.

Enters: a path, bytes, or anything that reads by offset. Leaves: an `Outline`, in which the sections tile the file
without a gap, or a refusal with field, offset, what was expected and what was found. Only headers and indexes are
read; `verify` reads everything. The tables of the layouts stand in `crates/container` and in the reference page of
the format. Read `source.py` next.
"""

from __future__ import annotations

import functools
import os
from enum import IntFlag, StrEnum
from typing import TYPE_CHECKING, NamedTuple

from sovereign.persistence.container import _kernels
from sovereign.persistence.container.source import Source, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from sovereign.persistence.container.source import Place

    T = TypeVar("T")

__all__ = [
    "Cover",
    "Entry",
    "Layout",
    "Limits",
    "Outline",
    "Role",
    "Section",
    "TensorFlag",
    "TensorPlace",
    "Verdict",
    "outline",
    "verify",
]


class Layout(StrEnum):
    """A layout behind the names `.apr` and `.ald`."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A4 = "A4"
    A5 = "A5"
    A6 = "A6"
    A7 = "A7"
    A8 = "A8"
    ALD_BLOCK = "ald-block"
    ALD_STREAM = "ald-stream"
    ALD_TENSORS = "ald-tensors"

    @property
    def description(self) -> str:
        """What it is, in a few words."""
        return _DESCRIPTIONS[self]

    @property
    def has_checksum(self) -> bool:
        """Whether a checksum covers the content; without one, nothing proves a file whole."""
        return self in {Layout.A1, Layout.A2, Layout.A3, Layout.A4, Layout.A6, Layout.ALD_BLOCK}


_DESCRIPTIONS = {
    Layout.A1: "APRN version 1: one payload",
    Layout.A2: "APR version 2: aligned tensors",
    Layout.A3: "APR1: tensors with a JSON index",
    Layout.A4: "APR2: APR1, compressed",
    Layout.A5: "APR version 1: layers of tensors",
    Layout.A6: "APR version 1: tour model",
    Layout.A7: "APR1: speech model",
    Layout.A8: "APBUNDLE: several models",
    Layout.ALD_BLOCK: "ALDF: dataset in one block",
    Layout.ALD_STREAM: "ALDF: dataset in chunks",
    Layout.ALD_TENSORS: "ALD: dataset of tensors",
}


class Role(StrEnum):
    """What a stretch of bytes is for."""

    HEADER = "header"
    METADATA = "metadata"
    INDEX = "index"
    SCHEMA = "schema"
    ENCRYPTION = "encryption"
    PAYLOAD = "payload"
    TENSOR = "tensor"
    MODEL = "model"
    PADDING = "padding"
    SIGNATURE = "signature"
    LICENCE = "licence"
    CHECKSUM = "checksum"


class TensorFlag(IntFlag):
    """What the header of layout A2 says about its content."""

    LZ4 = 0x001
    ZSTD = 0x002
    ENCRYPTED = 0x004
    SIGNED = 0x008
    SHARDED = 0x010
    QUANTIZED = 0x020
    HAS_FILTERBANK = 0x040
    HAS_MODEL_CARD = 0x080
    STREAMING = 0x100
    HAS_VOCAB = 0x200
    LAYOUT_ROW_MAJOR = 0x400
    LAYOUT_COLUMN_MAJOR = 0x800


# Looking a member up by its value through the class takes longer than reading the file.
_ROLES = {str(role): role for role in Role}
_LAYOUTS = {str(layout): layout for layout in Layout}


class Limits(NamedTuple):
    """The most that a reader holds in memory before anything vouches for it, in bytes and entries."""

    metadata_bytes: int = 16 << 20
    index_bytes: int = 64 << 20
    entries: int = 1 << 20
    payload_bytes: int = 1 << 30

    @property
    def as_tuple(self) -> tuple[int, int, int, int]:
        """As the native core takes them."""
        return self.metadata_bytes, self.index_bytes, self.entries, self.payload_bytes


class Section(NamedTuple):
    """A stretch of bytes of the file."""

    role: Role
    offset: int
    length: int

    @property
    def end(self) -> int:
        """The byte behind the last."""
        return self.offset + self.length


class TensorPlace(NamedTuple):
    """A tensor and where its numbers are; of A4, in the decompressed image."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    offset: int
    length: int


class Entry(NamedTuple):
    """One model of a bundle and where its file begins."""

    name: str
    offset: int
    length: int


class Cover(NamedTuple):
    """A checksum: the bytes it covers, from `start` to `end`, and where its four bytes stand."""

    start: int
    end: int
    stored_at: int


class Outline:
    """What is where in a file, from its headers and indexes.

    Lists are made when they are first asked for: most programs open a file to read one tensor of it.
    """

    def __init__(self, found: _kernels.OutlineFields) -> None:
        self._found = found
        self.layout = _LAYOUTS[found["layout"]]
        self.version = found["version"]
        self.flags = found["flags"]
        self.size = found["size"]

    @functools.cached_property
    def sections(self) -> tuple[Section, ...]:
        """Every byte of the file, in order."""
        return tuple([Section(_ROLES[role], offset, length) for role, offset, length in self._found["sections"]])

    @functools.cached_property
    def tensors(self) -> tuple[TensorPlace, ...]:
        """The tensors, as far as the layout has any."""
        return tuple(map(TensorPlace._make, self._found["tensors"]))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The models of a bundle."""
        return tuple(map(Entry._make, self._found["entries"]))

    @property
    def cover(self) -> Cover | None:
        """The checksum over the content, None where the layout has none."""
        cover = self._found["cover"]
        return None if cover is None else Cover(*cover)

    def section(self, role: Role) -> Section | None:
        """The first section of a role."""
        found = next((place for place in self._found["sections"] if place[0] == role), None)
        return None if found is None else Section(role, found[1], found[2])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outline) and self._found == other._found

    def __hash__(self) -> int:
        return hash((self.layout, self.size, len(self._found["sections"])))

    def __repr__(self) -> str:
        return f"<Outline of {self.layout}: {self.size} bytes, {len(self._found['sections'])} sections>"


class Verdict(NamedTuple):
    """What a whole file has been found to be; not proved means that its layout has no checksum over the content."""

    outline: Outline
    is_proved: bool


def outline(place: Place, *, limits: Limits | None = None) -> Outline:
    """Find which layout a file has and what is where in it, from headers and indexes alone.

    Errors    FormatError     when a field holds what the layout does not allow; `detail` names it.
              IntegrityError  when bytes are missing, or some are hidden between the sections.
              NotFound        when there is no such file.
              ParameterError  when the path is no file or may not be read.
    Cost      two reads for most layouts; layers of tensors (A5) take one short read per field.
    """
    return Outline(_on_file(place, limits, _kernels.outline))


def verify(place: Place, *, limits: Limits | None = None) -> Verdict:
    """Check a whole file as far as its layout allows: sizes, gaps, overlaps, padding, checksum.

    A signature is not checked here, and a checksum protects against accidents, not against people.

    Errors    as `outline`, and IntegrityError when a checksum does not hold or padding carries something.
    Cost      one pass in small pieces, so memory does not grow with the file; A4 is decompressed in memory.
    """
    found, is_proved = _on_file(place, limits, _kernels.verify_file)
    return Verdict(Outline(found), is_proved)


def _on_file(place: Place, limits: Limits | None, call: Callable[..., T]) -> T:
    """Call a native function on bytes as they are, or on a file by offset, with its path in every refusal."""
    given = {"limits": limits.as_tuple} if limits else {}
    if not isinstance(place, str | os.PathLike | Source):
        return call(place, **given)
    with opened(place) as source, source.named():
        return call(source.read, size_bytes=source.size, **given)
