"""The live self-test of this room: a file made now is accepted, and each single changed bit of it is noticed.

Enters: nothing. Leaves: one line of evidence.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from typing import TYPE_CHECKING

from sovereign.errors import FormatError
from sovereign.persistence.container.header import ModelType
from sovereign.persistence.container.layout import verify
from sovereign.shell.selftest import Evidence, State

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["run"]

_CHECK = "model file checksum"


def run() -> Iterator[Evidence]:
    """Seal random bytes as a file by zlib's checksum, verify it, and flip each of its bits once."""
    payload = secrets.token_bytes(24)
    sizes = struct.pack("<III", 0, len(payload), len(payload))
    content = b"APRN\x01\x00" + struct.pack("<H", ModelType.CUSTOM) + sizes + bytes(12) + payload
    file = content + struct.pack("<I", zlib.crc32(content))
    try:
        verify(file)
    except FormatError as error:
        yield Evidence(_CHECK, State.BROKEN, f"a valid file is refused: {error}", "build again with `make clean demo`")
        return
    flips = 8 * len(file)
    noticed = sum(_is_refused(_flipped(file, bit)) for bit in range(flips))
    evidence = f"{noticed} of {flips} changed bits noticed"
    state, fix = (State.OK, None) if noticed == flips else (State.BROKEN, "build again with `make clean demo`")
    yield Evidence(_CHECK, state, evidence, fix)


def _flipped(file: bytes, bit: int) -> bytes:
    changed = bytearray(file)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def _is_refused(file: bytes) -> bool:
    try:
        verify(file)
    except FormatError:
        return True
    return False
