"""A small whole file of each layout, built from the byte tables with nothing but `struct`, `json` and `zlib`.

Nothing here knows the code that reads these files, so a reader and a writer that share a mistake are found out.
`WHOLE` holds one of each that is opened; `mutants` changes them in ways that know the fields.
"""

from __future__ import annotations

import json
import random
import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# zstd's frame of the bytes 12345, without a size, as `Compression.ZSTD` stores it.
ZSTD = b"\x28\xb5\x2f\xfd\0\0\x29\0\x0012345"
METADATA = {"model_type": "linear_regression", "name": "golden-v2"}


def seal(content: bytes) -> bytes:
    """The content and its checksum."""
    return content + struct.pack("<I", zlib.crc32(content))


def text(words: str) -> bytes:
    data = words.encode()
    return struct.pack("<I", len(data)) + data


def padded(data: bytes, to: int = 64) -> bytes:
    return data + bytes(-len(data) % to)


def a1(
    metadata: bytes = b"\x81\xa1a\x01", payload: bytes = b"12345", *, raw: int | None = None, **fields: int
) -> bytes:
    """A1, the payload stored as it is unless `fields` say otherwise; `raw` is its size when expanded."""
    values = {"minor": 0, "kind": 6, "compression": 0, "flags": 0, "quality": 0, "suite": 0, "mode": 0, **fields}
    block = {0: 96, 1: 96, 2: 5261, 3: 5357, 4: 193, 255: 512}.get(values["suite"], 0) if values["flags"] & 2 else 0
    sizes = (len(metadata), len(payload), len(payload) if raw is None else raw)
    codes = (values["compression"], values["flags"], values["quality"], values["suite"], values["mode"])
    head = struct.pack("<4sBBHIIIBBBBB7x", b"APRN", 1, values["minor"], values["kind"], *sizes, *codes)
    return seal(head + metadata + payload + bytes(block))


CLAIM = b"\x81\xa6custom\x82\xa6family\xa6linear\xa5shape\xabsovereign/1"


def a1_tensors(image: bytes, metadata: bytes = CLAIM) -> bytes:
    """A1 whose metadata say that the payload is a file of tensors."""
    return a1(metadata, image, kind=255)


class Tensor(NamedTuple):
    """A tensor of A2: the number of its type, its lengths and its bytes."""

    name: str
    code: int
    shape: tuple[int, ...]
    data: bytes


WEIGHTS = Tensor("weights", 0, (2,), struct.pack("<2f", 1.0, 2.0))
BIAS = Tensor("b", 7, (3, 1), b"\7\x08\x09")


def a2(tensors: tuple[Tensor, ...] = (BIAS, WEIGHTS), metadata: bytes | None = None, flags: int = 0x400) -> bytes:
    """A2, its tensors in the order in which they are given."""
    described = json.dumps(METADATA, separators=(",", ":")).encode() if metadata is None else metadata
    entries, at = b"", 0
    for tensor in tensors:
        name = tensor.name.encode()
        entries += struct.pack("<H", len(name)) + name + bytes([tensor.code, len(tensor.shape)])
        entries += struct.pack(f"<{len(tensor.shape)}Q", *tensor.shape) + struct.pack("<QQ", at, len(tensor.data))
        at += len(padded(tensor.data))
    index_at = 64 + len(padded(described))
    data_at = index_at + len(padded(entries))
    start = struct.pack("<4sBBHIQIQQ", b"APR\0", 2, 0, flags, len(tensors), 64, len(described), index_at, data_at)
    start += struct.pack("<I", zlib.crc32(start + bytes(20))) + bytes(20)
    body = padded(described) + padded(entries) + b"".join(padded(tensor.data) for tensor in tensors)
    return seal(start + body)


A3_INDEX = [
    {"name": "w", "dtype": "F32", "shape": [2], "offset": 0, "size": 8},
    {"name": "b", "dtype": "U8", "shape": [1], "offset": 8, "size": 1},
]


def a3(
    index: list[dict[str, object]] | bytes = A3_INDEX,
    metadata: bytes = b'{"model_type":"mlp"}',
    data: bytes | None = None,
) -> bytes:
    numbers = struct.pack("<2fB", 1.0, 2.0, 9) if data is None else data
    listed = index if isinstance(index, bytes) else json.dumps(index).encode()
    count = 2 if isinstance(index, bytes) else len(index)
    head = b"APR1" + struct.pack("<I", len(metadata)) + metadata + struct.pack("<II", count, len(listed)) + listed
    return seal(head + numbers)


def literals(data: bytes) -> bytes:
    """An LZ4 block of one sequence that repeats nothing."""
    if len(data) < 15:
        return bytes([len(data) << 4]) + data
    left = len(data) - 15
    return b"\xf0" + b"\xff" * (left // 255) + bytes([left % 255]) + data


def a4(image: bytes | None = None, codec: int = 1, declared: int | None = None) -> bytes:
    """A4 around A3; codec 1 only, because zstd is not in the standard library."""
    inside = a3() if image is None else image
    size = len(inside) if declared is None else declared
    return b"APR2" + struct.pack("<BI", codec, size) + literals(inside)


def inline(name: str, code: int, shape: tuple[int, ...], data: bytes) -> bytes:
    """A tensor of A5 and of datasets."""
    return text(name) + struct.pack(f"<II{len(shape)}I", code, len(shape), *shape) + data


def a5() -> bytes:
    layer = text("dense") + struct.pack("<I", 2)
    layer += inline("w", 0, (2,), struct.pack("<2f", 1.0, 2.0)) + inline("b", 4, (1, 1), b"\5")
    return b"APR\0" + struct.pack("<I", 1) + text("mlp") + struct.pack("<I", 1) + layer + text("author") + text("us")


def a6(algorithm: int = 1) -> bytes:
    size = (36, 8, 20, 24)[algorithm]
    payload = bytes([algorithm]) + struct.pack("<IIdd", 10, 3, 0.5, 1.5) + bytes([3] * size)
    return b"APR\0" + struct.pack("<II", 1, 0x54535000) + struct.pack("<I", zlib.crc32(payload)) + payload


def a8(models: tuple[tuple[str, bytes], ...] = (("first", b"abc"), ("second", b"de"))) -> bytes:
    manifest = struct.pack("<IQ", 1, 0) + text("two models") + struct.pack("<I", len(models))
    at = 0
    for name, data in models:
        manifest += text(name) + struct.pack("<QQ", len(data), at)
        at += len(data)
    return b"APBUNDLE" + struct.pack("<IQ", 1, len(manifest)) + manifest + b"".join(data for _, data in models)


def ald_block(flags: int = 0x0A, kind: int = 1) -> bytes:
    """Signed and licensed unless said otherwise."""
    metadata, schema, rows = b"\x91\xa1n", b"sch", b"1234"
    head = struct.pack("<4sBBHIII", b"ALDF", 1, 2, kind, len(metadata), len(rows), len(rows))
    head += struct.pack("<BBHQ", 0, flags, len(schema), 9)
    encryption = b"\0" + bytes(28) if flags & 1 else b""
    signature = bytes([6] * 96) if flags & 2 else b""
    licence = bytes([2] * 71) + struct.pack("<I", 1) + b"t" if flags & 8 else b""
    return seal(head + metadata + schema + encryption + rows + signature + licence)


def ald_stream() -> bytes:
    metadata, schema, index, rows = b"\x91\xa1n", b"sch", b"\x90", b"1234"
    head = struct.pack("<4sBBHB3xIIIQ", b"ALDF", 1, 2, 4, 1, len(metadata), len(schema), len(index), len(rows))
    return head + metadata + schema + index + rows


def ald_tensors() -> bytes:
    tensors = inline("x", 2, (2,), struct.pack("<2i", 1, -2)) + inline("y", 1, (1,), struct.pack("<d", 0.5))
    return b"ALD\0" + struct.pack("<II", 1, 2) + tensors


WHOLE = {
    "A1": a1(),
    "A1-signed": a1(flags=2),
    "A1-suite": a1(flags=3, minor=1, suite=4, mode=2, raw=3),
    "A1-tensors": a1_tensors(a2()),
    "A2": a2(),
    "A2-empty": a2(()),
    "A3": a3(),
    "A4": a4(),
    "A5": a5(),
    "A6": a6(),
    "A8": a8(),
    "ald-block": ald_block(),
    "ald-block-encrypted": ald_block(flags=1),
    "ald-stream": ald_stream(),
    "ald-tensors": ald_tensors(),
}
PROVABLE = (
    "A1",
    "A1-signed",
    "A1-suite",
    "A1-tensors",
    "A2",
    "A2-empty",
    "A3",
    "A6",
    "ald-block",
    "ald-block-encrypted",
)
NOT_PROVABLE = ("A5", "A8", "ald-stream", "ald-tensors")

# The places of the numbers in each layout: offset and width.
FIELDS = {
    "A1": [(4, 1), (5, 1), (6, 2), (8, 4), (12, 4), (16, 4), (20, 1), (21, 1), (22, 1), (23, 1), (24, 1), (25, 7)],
    "A2": [(4, 2), (6, 2), (8, 4), (12, 8), (20, 4), (24, 8), (32, 8), (44, 1), (45, 1), (46, 2), (48, 8), (56, 8)],
    "A3": [(4, 4)],
    "A4": [(4, 1), (5, 4)],
    "A5": [(8, 4)],
    "A6": [(8, 4), (16, 1)],
    "A8": [(8, 4), (12, 8), (20, 4), (32, 4)],
    "ald-block": [(4, 2), (6, 2), (8, 4), (12, 4), (16, 4), (20, 1), (21, 1), (22, 2), (24, 8)],
    "ald-stream": [(6, 2), (7, 1), (8, 1), (12, 4), (16, 4), (20, 4), (24, 8)],
    "ald-tensors": [(4, 4), (8, 4)],
}
EDGES = (0, 1, 2, 3, 4, 63, 64, 65, 127, 128, 255, 256, 0x7FFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1)


def mended(data: bytes) -> bytes:
    """The file with the checksums that it would carry if it were meant to be as it is."""
    out = bytearray(data)
    if out[:4] == b"APRN" and len(out) >= 36 and out[6] == 255 and out[20] == 0:
        start = 32 + int.from_bytes(out[8:12], "little")
        end = min(start + int.from_bytes(out[12:16], "little"), len(out) - 4)
        if out[start : start + 4] == b"APR\0" and end - start >= 68:
            out[start:end] = mended(bytes(out[start:end]))
    if out[:4] == b"APR\0" and out[4:5] == b"\2" and len(out) >= 68:
        out[40:44] = struct.pack("<I", zlib.crc32(out[:40] + out[44:64]))
    if out[:4] == b"APR\0" and out[8:12] == b"\0PST" and len(out) >= 16:
        out[12:16] = struct.pack("<I", zlib.crc32(out[16:]))
    elif bytes(out[:4]) in {b"APRN", b"APR\0", b"APR1", b"ALDF"} and len(out) >= 8:
        out[-4:] = struct.pack("<I", zlib.crc32(out[:-4]))
    return bytes(out)


def mutant(chance: random.Random) -> tuple[str, bytes]:
    """A file with one to three changes, named after the one it was made of; its checksums may be right."""
    name = chance.choice(list(WHOLE))
    data = bytearray(WHOLE[name])
    for _ in range(chance.randint(1, 3)):
        _CHANGES[chance.randrange(len(_CHANGES))](data, name, chance)
    changed = bytes(data)
    return name, mended(changed) if chance.random() < 0.8 else changed


def mutants(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(seed)  # noqa: S311 - the same files on every run
    return (mutant(chance) for _ in range(count))


def _field(data: bytearray, name: str, chance: random.Random) -> None:
    places = FIELDS[name if name in FIELDS else name.rsplit("-", 1)[0]]
    at, width = chance.choice(places)
    if at + width <= len(data):
        value = (
            chance.choice(EDGES)
            if chance.random() < 0.6
            else int.from_bytes(data[at : at + width], "little") + chance.choice((-64, -8, -1, 1, 8, 64))
        )
        data[at : at + width] = (value % (1 << 8 * width)).to_bytes(width, "little")


def _number(data: bytearray, _: str, chance: random.Random) -> None:
    width = chance.choice((1, 2, 4, 8))
    if len(data) >= width:
        at = chance.randrange(len(data) - width + 1)
        data[at : at + width] = (chance.choice(EDGES) % (1 << 8 * width)).to_bytes(width, "little")


def _flip(data: bytearray, _: str, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, _: str, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _insert(data: bytearray, _: str, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.choice((bytes(4), bytes(64), b"\xff" * 8, chance.randbytes(chance.randint(1, 40))))


def _remove(data: bytearray, _: str, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    del data[at : at + chance.choice((1, 4, 8, 64))]


def _copy(data: bytearray, _: str, chance: random.Random) -> None:
    if data:
        a, b, length = chance.randrange(len(data)), chance.randrange(len(data)), chance.choice((1, 8, 30, 64))
        data[a : a + length] = data[b : b + length]


_CHANGES = (_field, _field, _field, _number, _flip, _cut, _insert, _remove, _copy)
