"""The slow plain twin of `crates/container`: the rules of the header once more, with `struct` and `zlib`.

Enters: bytes. Leaves: the fields of the header, or a refusal with the same code, field and offset as the native core
gives. Tests hold both against each other; nothing else calls it.
"""

from __future__ import annotations

import struct
import zlib
from typing import NoReturn

from sovereign.errors import FormatError, IntegrityError

__all__ = ["parse_header", "verify_trailer"]

_MAGIC = b"APRN"
_HEADER = struct.Struct("<4sBBHIIIBBBBB7s")
_NAMES = (
    "version_major version_minor model_type metadata_size payload_size uncompressed_size compression flags "
    "quality_score cipher_suite cipher_mode"
).split()
_OFFSETS = dict(zip(_NAMES, (4, 5, 6, 8, 12, 16, 20, 21, 22, 23, 24), strict=True))
_MODEL_TYPES = {*range(0x01, 0x0B), 0x10, 0x11, 0x12, 0x20, 0x21, 0x30, 0x40, 0xFF}
_SUITES = {0, 1, 2, 3, 4, 0xFF}
_MODES = {(True, True): {1, 2, 3}, (True, False): {0}, (False, True): {0}, (False, False): {0}}
# Signature and public key of each suite, one behind the other.
_SIGNATURE_SIZES = {0: 64 + 32, 1: 64 + 32, 2: 3309 + 1952, 3: 3373 + 1984, 4: 96 + 97, 0xFF: 256 + 256}
_TRAILER_SIZE = 4


def parse_header(data: bytes) -> dict[str, int]:
    """The checked fields of the first 32 bytes.

    Errors    FormatError     for a field that the format does not allow.
              IntegrityError  for fewer than 32 bytes.
    """
    start = data[: len(_MAGIC)]
    if start != _MAGIC[: len(start)]:
        raise FormatError("container.magic", f"not an `.apr` file: `{start!r}`", field="magic", offset=0)
    if len(data) < _HEADER.size:
        raise IntegrityError(
            "container.truncated", f"too short: `{len(data)}`", field="size", offset=len(data), expected=_HEADER.size
        )
    _, *values, reserved = _HEADER.unpack_from(data)
    fields: dict[str, int] = dict(zip(_NAMES, values, strict=True))
    _check(fields)
    for place, byte in enumerate(reserved):
        if byte:
            _refuse("reserved", 25 + place, byte)
    return fields


def _check(fields: dict[str, int]) -> None:
    """Refuse the first field that is not allowed, in the order of the native core."""
    if fields["version_major"] != 1:
        got = fields["version_major"]
        raise FormatError("container.version", f"another version: `{got}`", field="version_major", offset=4)
    has_suite, is_encrypted = fields["cipher_suite"] != 0, bool(fields["flags"] & 1)
    allowed = {
        "model_type": fields["model_type"] in _MODEL_TYPES,
        "compression": fields["compression"] <= 3,  # noqa: PLR2004 - the last code
        "flags": fields["flags"] < 0x80,  # noqa: PLR2004 - the reserved bit
        "cipher_suite": fields["cipher_suite"] in _SUITES,
        "version_minor": fields["version_minor"] <= 1,
        "uncompressed_size": fields["uncompressed_size"] <= 1 << 30,
        "quality_score": fields["quality_score"] <= 100,  # noqa: PLR2004 - as the table says
    }
    for name, is_allowed in allowed.items():
        if not is_allowed:
            _refuse(name, _OFFSETS[name], fields[name])
    is_plain = fields["compression"] == 0 and not is_encrypted
    if is_plain and fields["payload_size"] != fields["uncompressed_size"]:
        _refuse("uncompressed_size", 16, fields["uncompressed_size"])
    if has_suite and fields["version_minor"] == 0:
        _refuse("version_minor", 5, 0)
    if fields["cipher_mode"] not in _MODES[has_suite, is_encrypted]:
        _refuse("cipher_mode", 24, fields["cipher_mode"])


def verify_trailer(data: bytes) -> dict[str, int]:
    """The fields of a whole file whose lengths and checksum hold.

    Errors    as `parse_header`, and IntegrityError for missing and hidden bytes and another checksum.
    """
    fields = parse_header(data)
    is_signed = bool(fields["flags"] & 2)
    signature_size = _SIGNATURE_SIZES[fields["cipher_suite"]] if is_signed else 0
    content = _HEADER.size + fields["metadata_size"] + fields["payload_size"] + signature_size
    expected, got = content + _TRAILER_SIZE, len(data)
    if got < expected:
        raise IntegrityError("container.truncated", f"too short: `{got}`", field="size", offset=got, expected=expected)
    if got > expected:
        message = f"hidden bytes: `{got - expected}`"
        raise IntegrityError("container.surplus", message, field="size", offset=expected, expected=expected)
    stored, actual = int.from_bytes(data[content:], "little"), zlib.crc32(data[:content])
    if stored != actual:
        message = f"another checksum: `{actual:#x}`"
        raise IntegrityError("container.checksum", message, field="checksum", offset=content, expected=stored)
    return fields


def _refuse(field: str, offset: int, got: int) -> NoReturn:
    raise FormatError("container.field", f"`{field}` is not allowed: `{got}`", field=field, offset=offset, got=got)
