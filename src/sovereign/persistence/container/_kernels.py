"""The native functions of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign._native import (
    crc32,
    decode_payload,
    decompress,
    decompress_a4,
    guard_map,
    identify,
    is_map_damaged,
    outline,
    pack_numbers,
    parse_header,
    plan_tensors,
    release_map,
    unpack_numbers,
    verify_file,
    verify_trailer,
    write_a1,
)

if TYPE_CHECKING:
    from sovereign._native import OutlineFields as OutlineFields  # noqa: PLC0414 - handed on to the room

__all__ = [
    "crc32",
    "decode_payload",
    "decompress",
    "decompress_a4",
    "guard_map",
    "identify",
    "is_map_damaged",
    "outline",
    "pack_numbers",
    "parse_header",
    "plan_tensors",
    "release_map",
    "unpack_numbers",
    "verify_file",
    "verify_trailer",
    "write_a1",
]
