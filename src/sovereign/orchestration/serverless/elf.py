"""What a program file says about itself: its machine, its loader, the memory that it asks for, its sections.

Enters: the bytes of an ELF file of 64 bits, little-endian. Leaves: `Program`. Read `bundle.py` for what it is used for.

    offset  size  field        offset  size  field                     offset  size  field
    0       4     0x7F "ELF"   18      2     machine                   54      2     size of a program header
    4       1     class, 2     32      8     offset of program headers 56      2     number of program headers
    5       1     order, 1     40      8     offset of section headers 58..62  2     the same of sections, names
"""

from __future__ import annotations

import platform
import struct
from dataclasses import dataclass

from sovereign.errors import FormatError

__all__ = ["Program", "read_program", "this_machine"]

_MACHINES = {62: "x86_64", 183: "arm64"}
_LOADER, _STACK, _LOAD = 3, 0x6474E551, 1
_EXECUTE, _WRITE = 1, 2
_ALLOCATED, _WRITABLE, _RUNS, _NO_BITS = 2, 1, 4, 8
_HEADER_BYTES = 64


@dataclass(frozen=True, slots=True)
class Program:
    """The facts of a program file; sizes in bytes."""

    machine: str
    needs_loader: bool
    has_executable_stack: bool
    has_writable_code: bool
    code_bytes: int
    constant_bytes: int
    data_bytes: int


def this_machine() -> str:
    """The machine that this runs on, by the service's name for it; empty where the service has none like it."""
    return {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "")


def read_program(data: bytes, path: str = "bootstrap") -> Program:
    """Read the headers of a program.

    Errors    FormatError serverless.no_program_file   when the bytes are no ELF file of 64 bits, or are cut off.
    """
    if len(data) < _HEADER_BYTES or data[:6] != b"\x7fELF\x02\x01":
        raise _refusal(path, 0, "ELF, 64 bits, little-endian", data[:6].hex())
    try:
        return _read(data)
    except struct.error as error:
        raise _refusal(path, len(data), "headers as long as they say", "the end of the file") from error


def _read(data: bytes) -> Program:
    (machine,) = struct.unpack_from("<H", data, 18)
    segments_at, sections_at = struct.unpack_from("<QQ", data, 32)
    segment_size, segment_count, section_size, section_count = struct.unpack_from("<HHHH", data, 54)
    segments = [struct.unpack_from("<II", data, segments_at + each * segment_size) for each in range(segment_count)]
    sizes = {"code": 0, "constants": 0, "data": 0}
    for each in range(section_count):
        _, kind, flags, _, _, size = struct.unpack_from("<IIQQQQ", data, sections_at + each * section_size)
        if flags & _ALLOCATED and kind != _NO_BITS:
            sizes["code" if flags & _RUNS else "data" if flags & _WRITABLE else "constants"] += size
    return Program(
        machine=_MACHINES.get(machine, f"machine {machine}"),
        needs_loader=any(kind == _LOADER for kind, _ in segments),
        has_executable_stack=not any(kind == _STACK and not flags & _EXECUTE for kind, flags in segments),
        has_writable_code=any(kind == _LOAD and flags & _EXECUTE and flags & _WRITE for kind, flags in segments),
        code_bytes=sizes["code"],
        constant_bytes=sizes["constants"],
        data_bytes=sizes["data"],
    )


def _refusal(path: str, offset: int, expected: str, got: str) -> FormatError:
    text = f"a program for Linux is expected, {expected}; found {got} in: `{path}`"
    return FormatError(
        "serverless.no_program_file", text, path=path, offset=offset, field="header", expected=expected, got=got
    )
