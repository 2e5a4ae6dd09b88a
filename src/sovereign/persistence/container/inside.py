"""A file of tensors inside the payload of layout A1: which files hold one, and what is where in it.

Enters: header, metadata and payload of a file of layout A1. Leaves: the outline of the file inside, or a refusal with
its field and offset, which counts from the start of the expanded payload. Models of ours are stored so, and the
tensors of other files that are converted to A1. The payload is a complete file of layout A2 and not one byte more:

| what | where | is |
|------|-------|----|
| model type | header of A1 | 255, custom |
| `custom.shape` | metadata of A1 | `sovereign/1`; `a2/1` beside the family `tensors` in files before that |
| `custom.family` | metadata of A1 | what the tensors are; `tensors` where nobody said more |
| `custom.custom` | metadata of A1 | the `custom` that the metadata of plain tensors had themselves |
| payload | expanded | a file of layout A2, neither signed nor encrypted, with its own checksum |
| `added` | metadata of A2 | facts that A1 needs and the tensors came without; only where they were converted |

All other metadata stand in A1 alone. Read `file.py` next.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sovereign.errors import FormatError
from sovereign.persistence.container import _kernels
from sovereign.persistence.container.header import ModelType
from sovereign.persistence.container.layout import Layout, Outline, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sovereign.persistence.container.header import Header
    from sovereign.persistence.container.layout import Limits

__all__ = [
    "FAMILY",
    "OLD_SHAPE",
    "SHAPE",
    "around",
    "index_of",
    "is_claimed",
    "is_old",
    "outline_of",
    "own",
]

SHAPE = "sovereign/1"
OLD_SHAPE = "a2/1"
FAMILY = "tensors"


def is_claimed(header: Header, metadata: Mapping[str, Any]) -> bool:
    """Whether a file says that its payload is a file of tensors; `outline_of` holds it to that.

    >>> from sovereign.persistence.container.header import read_header
    >>> header = read_header(b"APRN" + bytes([1, 0, 255, 0]) + bytes(24))
    >>> is_claimed(header, {"custom": {"family": "linear", "shape": "sovereign/1"}}), is_claimed(header, {})
    (True, False)
    """
    custom = metadata.get("custom")
    if header.model_type is not ModelType.CUSTOM or not isinstance(custom, dict):
        return False
    return custom.get("shape") == SHAPE or is_old(custom)


def is_old(custom: Mapping[str, Any]) -> bool:
    """Whether `custom` is that of a file of tensors before the shape had a name of ours."""
    return custom.get("shape") == OLD_SHAPE and custom.get("family") == FAMILY


def around(custom: object, *, is_there: bool) -> dict[str, Any]:
    """What `custom` is in A1 for tensors with this `custom`, which `own` gives back.

    >>> around({"family": "linear", "shape": "sovereign/1"}, is_there=True)
    {'family': 'linear', 'shape': 'sovereign/1'}
    >>> around("mine", is_there=True)
    {'family': 'tensors', 'shape': 'sovereign/1', 'custom': 'mine'}
    """
    if is_there and isinstance(custom, dict) and _describes(custom):
        return custom
    return {"family": FAMILY, "shape": SHAPE} | ({"custom": custom} if is_there else {})


def own(custom: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata of the tensors that `custom` of A1 stands for: theirs under the same name, or none.

    >>> own({"family": "tensors", "shape": "sovereign/1"}), own({"family": "tensors", "shape": "sovereign/1", "n": 1})
    ({}, {'custom': {'family': 'tensors', 'shape': 'sovereign/1', 'n': 1}})
    """
    if _describes(custom):
        return {"custom": custom}
    return {"custom": custom["custom"]} if "custom" in custom else {}


def _describes(custom: Mapping[str, Any]) -> bool:
    """Whether it says by itself what the tensors are; else it is a wrapper, which A1 has and the tensors have not."""
    if custom.get("shape") != SHAPE:
        return False
    if custom.get("family") != FAMILY or not custom.keys() <= {"family", "shape", "custom"}:
        return True
    inner = custom.get("custom")
    return isinstance(inner, dict) and _describes(inner)


def outline_of(payload: bytes | memoryview, limits: Limits, *, is_checked: bool = True) -> Outline:
    """What is where in the file inside an expanded payload, of which every byte is accounted for.

    Its checksum and its padding are left out where `is_checked` is false.

    Errors    FormatError     `container.inside` when it is of another layout or signed; as `layout.outline`.
              IntegrityError  as `layout.verify`.
    """
    with _inside():
        if is_checked:
            return _plain_tensors(Outline(_kernels.verify_file(payload, limits=limits.as_tuple)[0]))
        return _plain_tensors(Outline(_kernels.outline(payload, limits=limits.as_tuple)))


def index_of(pieces: Iterator[bytes], size: int, limits: Limits) -> Outline:
    """The same from header and index alone: no more pieces of the payload are taken than hold them.

    Errors    FormatError     as `outline_of`.
              IntegrityError  when the payload does not expand so far.
    """
    held = bytearray()

    def read(offset: int, length: int) -> bytes:
        while len(held) < offset + length and (piece := next(pieces, b"")):
            held.extend(piece)
        return bytes(held[offset : offset + length])

    with _inside():
        return _plain_tensors(Outline(_kernels.outline(read, size_bytes=size, limits=limits.as_tuple)))


def _plain_tensors(found: Outline) -> Outline:
    if found.layout is not Layout.A2:
        message = f"it should be of layout A2, it is: `{found.layout}`"
        raise FormatError("container.inside", message, field="payload", offset=0, expected="A2", got=str(found.layout))
    signature = found.section(Role.SIGNATURE)
    if signature is not None:
        message = f"it should not be signed by itself, a signature begins at byte: `{signature.offset}`"
        raise FormatError("container.inside", message, field="flags", offset=6, expected="no signature")
    return found


# Said of the payload while it is expanded, and of no file of tensors.
_OF_THE_STREAM = {"container.stream", "container.expansion"}


@contextmanager
def _inside() -> Iterator[None]:
    """Say of every refusal that it is about the file inside, whose offsets are not those of the file around it."""
    try:
        yield
    except FormatError as error:
        if error.code in _OF_THE_STREAM:
            raise
        error.message = f"the file of tensors inside the payload is refused, {error.message}"
        error.detail = {**error.detail, "inside": "payload"}
        raise
