"""The slow plain twin of `crates/container`: the rules of every layout once more, with `struct`, `json` and `zlib`.

Enters: bytes. Leaves: the fields of a header or what is where in a file, or a refusal with the same code, field and
offset as the native core gives. Tests hold both against each other; nothing else calls it.
"""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING, Any, NoReturn

from sovereign.errors import FormatError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["DTYPES_A2", "identify", "outline", "parse_header", "verify", "verify_trailer"]

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


class _Outline:
    """What is where, gathered section by section."""

    def __init__(self, layout: str, version: tuple[int, int], data: bytes) -> None:
        self.layout, self.version, self.flags, self.data = layout, version, 0, data
        self.sections: list[tuple[str, int, int]] = []
        self.tensors: list[tuple[str, str, tuple[int, ...], int, int]] = []
        self.entries: list[tuple[str, int, int]] = []
        self.cover: tuple[int, int, int] | None = None

    @property
    def end(self) -> int:
        return sum(self.sections[-1][1:]) if self.sections else 0

    def add(self, role: str, length: int) -> None:
        if length:
            self.sections.append((role, self.end, length))

    def pad_to(self, field: str, at: int, place: int) -> None:
        if place < self.end:
            raise FormatError("container.overlap", f"overlap: `{place}`", field="offset", offset=place)
        if place - self.end >= _ALIGNMENT:
            _refuse(field, at, place)
        self.add("padding", place - self.end)

    def add_sorted(self, role: str, places: Iterable[tuple[int, int]], field: str, at: int) -> None:
        for offset, length in sorted(places):
            if length:
                self.pad_to(field, at, offset)
                self.add(role, length)

    def seal(self) -> None:
        """The checksum over everything before it ends the file."""
        self.cover = (0, self.end, self.end)
        self.add("checksum", _TRAILER_SIZE)
        self.require_whole()

    def require_whole(self) -> None:
        expected, got = self.end, len(self.data)
        if got < expected:
            _truncated(got)
        if got > expected:
            raise IntegrityError("container.surplus", f"hidden: `{got}`", field="size", offset=expected)

    def fields(self) -> dict[str, Any]:
        """As the native core gives it."""
        return {
            "layout": self.layout,
            "version": self.version,
            "flags": self.flags,
            "size": len(self.data),
            "sections": self.sections,
            "tensors": self.tensors,
            "entries": self.entries,
            "cover": self.cover,
        }


class _Cursor:
    """A place in the bytes that moves on as they are read."""

    def __init__(self, data: bytes, at: int = 0, base: int = 0) -> None:
        self.data, self.at, self.base = data, at, base

    def take(self, length: int) -> bytes:
        if self.at + length > len(self.data):
            _truncated(len(self.data))
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), "little")

    def text(self, field: str, length: int, most: int, at: int | None = None) -> str:
        start = self.at
        if length > most:
            _limit(field, start)
        try:
            return self.take(length).decode()
        except UnicodeDecodeError:
            offset = start if at is None else at
            raise FormatError("container.text", f"not UTF-8: `{field}`", field=field, offset=offset) from None


def identify(data: bytes) -> str:
    """The layout by the first bytes.

    Errors    FormatError, IntegrityError  as `layout.outline`.
    """
    magic = data[:4].ljust(4, b"\0") if len(data) < _MAGIC_SIZE else data[:4]
    needed = _NEEDED.get(magic)
    if needed is None and len(data) < _MAGIC_SIZE and any(known.startswith(data) for known in _NEEDED):
        needed = _MAGIC_SIZE
    if needed is None:
        raise FormatError("container.magic", f"begins with: `{magic!r}`", field="magic", offset=0)
    if len(data) < needed:
        _truncated(len(data))
    if magic == b"APR\0":
        return _of_shared_magic(data)
    if magic == b"APBU" and data[:8] != b"APBUNDLE":
        raise FormatError("container.magic", f"begins with: `{magic!r}`", field="magic", offset=0)
    if magic == b"APR1":
        return "A3" if data[8:9] == b"{" else "A7"
    if magic == b"ALDF":
        return "ald-stream" if data[6:9] == b"\4\0\1" else "ald-block"
    return {b"APRN": "A1", b"APR2": "A4", b"APBU": "A8", b"ALD\0": "ald-tensors"}[magic]


def _of_shared_magic(data: bytes) -> str:
    if data[4] == 2:  # noqa: PLR2004 - the version of A2
        return "A2"
    if data[4:8] == b"\1\0\0\0":
        return "A6" if data[8:12] == b"\0PST" else "A5"
    return _wrong_version(data[4])


def outline(data: bytes) -> dict[str, Any]:
    """What is where in a file of any layout.

    Errors    FormatError, IntegrityError  as `layout.outline`, with the same code, field and offset.
    """
    layout = identify(data)
    if layout == "A7":
        raise FormatError("container.unsupported", "only recognised: `A7`", field="layout", offset=0)
    if layout != "ald-stream":
        return _OUTLINES[layout](data).fields()
    try:
        return _ald_stream(data).fields()
    except FormatError as error:
        try:
            return _ald_block(data).fields()
        except FormatError:
            raise error from None


def verify(data: bytes) -> tuple[dict[str, Any], bool]:
    """What is where, and whether a checksum proves it.

    Errors    as `outline`, and IntegrityError for another checksum, for padding that carries something, for a stream
              that is none.
    """
    found = outline(data)
    is_proved = _proves(found, data)
    if found["layout"] == "A4":
        image = _expanded(data)
        inside = identify(image)
        if inside != "A3":
            raise FormatError("container.unsupported", f"inside: `{inside}`", field="layout", offset=0)
        is_proved = _proves(outline(image), image)
    return found, is_proved


def _proves(found: dict[str, Any], data: bytes) -> bool:
    """Checksum, then padding."""
    if found["cover"] is not None:
        start, end, at = found["cover"]
        if zlib.crc32(data[start:end]) != int.from_bytes(data[at : at + 4], "little"):
            raise IntegrityError("container.checksum", f"another checksum, at: `{at}`", field="checksum", offset=at)
    for role, offset, length in found["sections"]:
        piece = data[offset : offset + length]
        if role == "padding" and any(piece):
            place = offset + next(n for n, byte in enumerate(piece) if byte)
            raise IntegrityError("container.hidden", f"padding, at: `{place}`", field="padding", offset=place)
    return found["cover"] is not None


def _a1(data: bytes) -> _Outline:
    if len(data) < _HEADER.size:
        _truncated(len(data))
    fields = parse_header(data)
    is_signed = bool(fields["flags"] & 2)
    signature = _SIGNATURE_SIZES[fields["cipher_suite"]] if is_signed else 0
    content = _HEADER.size + fields["metadata_size"] + fields["payload_size"] + signature
    if len(data) < content + _TRAILER_SIZE:
        _truncated(len(data))
    if len(data) > content + _TRAILER_SIZE:
        expected = content + _TRAILER_SIZE
        raise IntegrityError("container.surplus", f"hidden: `{len(data)}`", field="size", offset=expected)
    if fields["metadata_size"] > _MOST_METADATA:
        _limit("metadata_size", 8)
    found = _Outline("A1", (1, fields["version_minor"]), data)
    found.flags = fields["flags"]
    found.add("header", _HEADER.size)
    found.add("metadata", fields["metadata_size"])
    found.add("payload", fields["payload_size"])
    found.add("signature", signature)
    found.seal()
    return found


_A2 = struct.Struct("<4sBBHIQIQQIBB2sQ8s")


def _a2(data: bytes) -> _Outline:
    if len(data) < _A2.size:
        _truncated(len(data))
    _, _, _, flags, count, _, metadata_size, index_at, data_at, _, suite, _, _, signature_at, _ = _A2.unpack_from(data)
    _check_a2(data)
    found = _Outline("A2", (2, 0), data)
    found.flags = flags
    found.add("header", _A2.size)
    if metadata_size > _MOST_METADATA:
        _limit("metadata_size", 20)
    found.add("metadata", metadata_size)
    found.pad_to("tensor_index_offset", 24, index_at)
    if count > _MOST_ENTRIES:
        _limit("tensor_count", 8)
    if data_at - index_at > _MOST_INDEX:
        _limit("data_offset", 32)
    if data_at > len(data):
        _truncated(len(data))
    cursor = _Cursor(data[index_at:data_at], 0, index_at)
    last = b""
    for _ in range(count):
        at = index_at + cursor.at
        tensor = _a2_entry(cursor, data_at)
        if tensor[0].encode() <= last:
            _refuse("tensor.name", at, len(tensor[0].encode()))
        last = tensor[0].encode()
        found.tensors.append(tensor)
    found.add("index", cursor.at)
    found.pad_to("data_offset", 32, data_at)
    places = [(offset, length) for _, _, _, offset, length in found.tensors]
    found.add_sorted("tensor", places, "tensor.offset", index_at)
    found.pad_to("signature_offset", 48, signature_at or _aligned(found.end))
    if signature_at:
        found.add("signature", _SIGNATURE_SIZES[suite])
    found.seal()
    return found


def _check_a2(data: bytes) -> None:
    """Refuse the first field of the header that is not allowed, in the order of the native core."""
    (
        _,
        _,
        minor,
        flags,
        count,
        metadata_at,
        metadata_size,
        index_at,
        data_at,
        stored,
        suite,
        mode,
        gap,
        signature_at,
        rest,
    ) = _A2.unpack_from(data)
    if suite not in _SUITES:
        _refuse("cipher_suite", 44, suite)
    if stored != zlib.crc32(data[44:64], zlib.crc32(data[:40])):
        raise IntegrityError("container.checksum", "another checksum of the header", field="checksum", offset=40)
    reserved = gap + bytes(8) + rest
    index = _aligned(_A2.size + metadata_size)
    is_marked, is_signed = bool(flags & 8), signature_at != 0
    rules = [
        (minor == 0, "version_minor", 5),
        (metadata_at == _A2.size, "metadata_offset", 12),
        (mode == 0, "cipher_mode", 45),
        (not any(reserved), "reserved", 46 + next((n for n, byte in enumerate(reserved) if byte), 0)),
        (flags < 0x1000, "flags", 6),  # noqa: PLR2004 - the first bit without a meaning
        (not flags & 0x800, "flags", 6),
        (not flags & 4, "encrypted", 0),
        (not (is_marked and is_signed and suite == 0), "cipher_suite", 44),
        (is_signed or not is_marked, "signature_offset", 48),
        (is_marked or not is_signed, "flags", 6),
        (is_marked or suite == 0, "cipher_suite", 44),
        (index_at == index, "tensor_index_offset", 24),
        (data_at >= index and data_at % _ALIGNMENT == 0, "data_offset", 32),
        (count * 21 <= data_at - index, "tensor_count", 8),
        (signature_at % _ALIGNMENT == 0 and (not is_signed or signature_at >= data_at), "signature_offset", 48),
    ]
    field, offset = next(((field, offset) for holds, field, offset in rules if not holds), ("", 0))
    if field == "encrypted":
        raise FormatError("container.unsupported", "encrypted: `A2`", field="layout", offset=0)
    if field:
        _refuse(field, offset, 0)


def _a2_entry(cursor: _Cursor, data_at: int) -> tuple[str, str, tuple[int, ...], int, int]:
    at = cursor.base + cursor.at
    name_size = cursor.number(2)
    if not 1 <= name_size <= _LONGEST_NAME_A2:
        _refuse("tensor.name_size", at, name_size)
    name = cursor.text("tensor.name", name_size, _LONGEST_NAME_A2, at + 2)
    dtype_at = cursor.base + cursor.at
    code = cursor.number(1)
    if code not in DTYPES_A2:
        _refuse("tensor.dtype", dtype_at, code)
    dimensions = cursor.number(1)
    if dimensions > _MOST_DIMENSIONS:
        _refuse("tensor.dimensions", dtype_at + 1, dimensions)
    shape = tuple(cursor.number(8) for _ in range(dimensions))
    offset_at = cursor.base + cursor.at
    relative, length = cursor.number(8), cursor.number(8)
    offset = data_at + relative
    if offset >= 1 << 64 or offset % _ALIGNMENT:
        _refuse("tensor.offset", offset_at, relative)
    if offset + length >= 1 << 64 or _size_of(DTYPES_A2[code], shape) != length:
        _refuse("tensor.size", offset_at + 8, length)
    return name, DTYPES_A2[code], shape, offset, length


def _size_of(dtype: str, shape: tuple[int, ...]) -> int | None:
    """Bytes of a tensor, None where no machine could address it if its empty dimensions were not empty."""
    count, largest = 1, 1
    for side in shape:
        count, largest = count * side, largest * max(side, 1)
    if _bytes_of(dtype, largest) >= 1 << 63:
        return None
    return _bytes_of(dtype, count)


def _bytes_of(dtype: str, count: int) -> int:
    numbers, size = _BLOCKS.get(dtype, (1, 0))
    return -(-count // numbers) * size if size else count * _WIDTHS[dtype] + (4 if dtype == "Q8" else 0)


def _a3(data: bytes) -> _Outline:
    found, cursor = _Outline("A3", (1, 0), data), _Cursor(data, 4)
    metadata_size = cursor.number(4)
    if metadata_size > _MOST_METADATA:
        _limit("metadata", 8)
    _json(cursor.take(metadata_size), "metadata", 8)
    count_at, count = cursor.at, cursor.number(4)
    if count > _MOST_ENTRIES:
        _limit("tensor_count", count_at)
    index_size = cursor.number(4)
    index_at = cursor.at
    if index_size > _MOST_INDEX:
        _limit("index", index_at)
    described = _index(cursor.take(index_size), index_at)
    if len(described) != count:
        _refuse("tensor_count", count_at, count)
    for role, length in (("header", 8), ("metadata", metadata_size), ("header", 8), ("index", index_size)):
        found.add(role, length)
    data_at = found.end
    for each in described:
        found.tensors.append(_a3_tensor(each, data_at, index_at))
    _require_unique([tensor[0] for tensor in found.tensors], "tensor.name", index_at)
    places = [(offset, length) for _, _, _, offset, length in found.tensors]
    found.add_sorted("tensor", places, "tensor.offset", index_at)
    found.seal()
    return found


def _index(data: bytes, at: int) -> list[dict[str, Any]]:
    """The list of tensors, each with the five facts of the right types."""
    found = _json(data, "index", at)
    if not isinstance(found, list) or not all(map(_is_described, found)):
        raise FormatError("container.json", "malformed: `index`", field="index", offset=at)
    return found


def _is_described(each: Any) -> bool:
    def is_whole(value: Any) -> bool:
        return type(value) is int and 0 <= value < 1 << 64

    return (
        isinstance(each, dict)
        and all(map(_is_text, [*each, each.get("name"), each.get("dtype")]))
        and isinstance(each.get("shape"), list)
        and all(map(is_whole, [*each["shape"], each.get("offset"), each.get("size")]))
    )


def _is_text(value: Any) -> bool:
    """A text without the escapes that stand for bytes which are not UTF-8."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _a3_tensor(each: dict[str, Any], data_at: int, index_at: int) -> tuple[str, str, tuple[int, ...], int, int]:
    name, dtype, shape = each["name"], each["dtype"], tuple(each["shape"])
    offset, length = data_at + each["offset"], each["size"]
    rules = {
        "tensor.name": 1 <= len(name.encode()) <= _LONGEST_NAME,
        "tensor.dtype": dtype in _WIDTHS or dtype in _BLOCKS,
        "tensor.dimensions": len(shape) <= _MOST_DIMENSIONS,
        "tensor.offset": offset + length < 1 << 64,
    }
    for field, holds in rules.items():
        if not holds:
            _refuse(field, index_at, 0)
    if _size_of(dtype, shape) != length:
        _refuse("tensor.size", index_at, length)
    return name, dtype, shape, offset, length


def _json(data: bytes, field: str, at: int) -> Any:
    """A block of JSON; bytes of texts that nobody asked for need not be UTF-8."""
    try:
        return json.loads(
            data.decode(errors="surrogateescape"),
            parse_constant=_no_constant,
            object_pairs_hook=_described if field == "index" else dict,
        )
    except ValueError:
        raise FormatError("container.json", f"malformed: `{field}`", field=field, offset=at) from None


def _described(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A tensor of the index; only the facts that are asked for must stand once."""
    for fact in ("name", "dtype", "shape", "offset", "size"):
        if sum(name == fact for name, _ in pairs) > 1:
            raise ValueError(fact)
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _a4(data: bytes) -> _Outline:
    if len(data) < _WRAPPER_SIZE:
        _truncated(len(data))
    if data[4] not in {1, 2}:
        _refuse("codec", 4, data[4])
    if int.from_bytes(data[5:9], "little") > _MOST_PAYLOAD:
        _limit("uncompressed_size", 5)
    found = _Outline("A4", (2, 0), data)
    found.add("header", _WRAPPER_SIZE)
    found.add("payload", len(data) - _WRAPPER_SIZE)
    return found


def _expanded(data: bytes) -> bytes:
    """The A3 file inside A4."""
    declared, block = int.from_bytes(data[5:9], "little"), data[_WRAPPER_SIZE:]
    if data[4] == 2:  # noqa: PLR2004 - zstd
        return _zstd(block, declared)
    if declared > 255 * len(block):
        _expansion(_WRAPPER_SIZE)
    out = _lz4(block, declared)
    if len(out) != declared:
        _expansion(_WRAPPER_SIZE)
    return out


def _zstd(block: bytes, declared: int) -> bytes:
    import zstandard

    decoder = zstandard.ZstdDecompressor().decompressobj()
    try:
        out = decoder.decompress(block)
    except zstandard.ZstdError:
        _stream(_WRAPPER_SIZE)
    if not decoder.eof:
        _stream(_WRAPPER_SIZE)
    if len(out) != declared:
        _expansion(_WRAPPER_SIZE)
    return out


def _lz4(block: bytes, most: int) -> bytes:
    """One LZ4 block: literals, then a copy of what came before, again and again; literals end it."""
    out, cursor = bytearray(), _Cursor(block)
    try:
        while True:
            token = cursor.number(1)
            out += cursor.take(_length(cursor, token >> 4))
            if len(out) > most:
                _stream(_WRAPPER_SIZE)
            if cursor.at == len(block):
                return bytes(out)
            distance = cursor.number(2)
            length = _length(cursor, token & 15) + 4
            if not 1 <= distance <= len(out) or len(out) + length > most:
                _stream(_WRAPPER_SIZE)
            for _ in range(length):
                out.append(out[-distance])
    except IntegrityError:
        _stream(_WRAPPER_SIZE)


def _length(cursor: _Cursor, length: int) -> int:
    """Four bits, and bytes behind them while all bits are set."""
    more = 255 if length == 15 else 0  # noqa: PLR2004 - all four bits
    while more == 255:  # noqa: PLR2004 - all eight bits
        more = cursor.number(1)
        length += more
    return length


def _a5(data: bytes) -> _Outline:
    walk = _Walk("A5", data)
    walk.text("model_type")
    for layer in range(walk.count("layer_count")):
        walk.text("layer.type")
        for _ in range(walk.count("layer.parameter_count")):
            walk.tensor(f"layers.{layer}.")
    walk.close_header()
    _require_unique([tensor[0] for tensor in walk.found.tensors], "tensor.name", 8)
    while walk.cursor.at < len(data):
        walk.text("metadata.key")
        walk.text("metadata.value")
    walk.found.add("metadata", walk.cursor.at - walk.found.end)
    return walk.found


def _ald_tensors(data: bytes) -> _Outline:
    version = _Cursor(data, 4).number(4)
    if version != 1:
        _wrong_version(version)
    walk = _Walk("ald-tensors", data)
    for _ in range(walk.count("tensor_count")):
        walk.tensor()
    walk.close_header()
    _require_unique([tensor[0] for tensor in walk.found.tensors], "tensor.name", 8)
    walk.found.require_whole()
    return walk.found


class _Walk:
    """From item to item of a layout in which everything stands in line."""

    def __init__(self, layout: str, data: bytes) -> None:
        self.cursor, self.found, self.entries = _Cursor(data, 8), _Outline(layout, (1, 0), data), 0

    def count(self, field: str) -> int:
        at = self.cursor.at
        count = self.cursor.number(4)
        self.entries += count
        if self.entries > _MOST_ENTRIES:
            _limit(field, at)
        return count

    def text(self, field: str) -> str:
        length = self.cursor.number(4)
        return self.cursor.text(field, length, 1 << 20)

    def tensor(self, layer: str = "") -> None:
        at = self.cursor.at
        name = self.text("tensor.name")
        if len(name.encode()) > _LONGEST_NAME:
            _limit("tensor.name", at)
        at = self.cursor.at
        code = self.cursor.number(4)
        if code >= len(_DTYPES_INLINE):
            _refuse("tensor.dtype", at, code)
        dimensions = self.cursor.number(4)
        if dimensions > _MOST_DIMENSIONS:
            _refuse("tensor.dimensions", at + 4, dimensions)
        shape = tuple(self.cursor.number(4) for _ in range(dimensions))
        length = _size_of(_DTYPES_INLINE[code], shape)
        if length is None:
            _refuse("tensor.shape", at + 8, dimensions)
        self.close_header()
        place = self.cursor.at
        self.cursor.take(length)
        self.found.add("tensor", length)
        self.found.tensors.append((layer + name, _DTYPES_INLINE[code], shape, place, length))

    def close_header(self) -> None:
        self.found.add("header", self.cursor.at - self.found.end)


def _a6(data: bytes) -> _Outline:
    algorithm = _Cursor(data, 16).number(1)
    if algorithm >= len(_PARAMETERS):
        _refuse("algorithm", 16, algorithm)
    found = _Outline("A6", (1, 0), data)
    found.add("header", 16)
    found.add("payload", 25 + _PARAMETERS[algorithm])
    found.require_whole()
    found.cover = (16, len(data), 12)
    return found


def _a8(data: bytes) -> _Outline:
    cursor = _Cursor(data, 8)
    version, size = cursor.number(4), cursor.number(8)
    if version != 1:
        _wrong_version(version)
    if size > _MOST_INDEX:
        _limit("manifest_size", 20)
    manifest = _Cursor(cursor.take(size), 0, 20)
    found = _Outline("A8", (1, 0), data)
    _read_manifest(manifest, found, 20 + size)
    found.add("header", 20)
    found.add("index", size)
    _require_unique([name for name, _, _ in found.entries], "model.name", 20)
    found.add_sorted("model", [place[1:] for place in found.entries], "model.offset", 20)
    found.require_whole()
    return found


def _read_manifest(cursor: _Cursor, found: _Outline, data_at: int) -> None:
    version = cursor.number(4)
    if version != 1:
        _refuse("manifest.version", 20, version)
    cursor.take(8)
    cursor.text("description", cursor.number(4), _MOST_METADATA)
    count = cursor.number(4)
    if count > _MOST_ENTRIES:
        _limit("model_count", 20 + cursor.at - 4)
    for _ in range(count):
        at = 20 + cursor.at
        name = cursor.text("model.name", cursor.number(4), _LONGEST_NAME)
        length, relative = cursor.number(8), cursor.number(8)
        if data_at + relative + length >= 1 << 64:
            _refuse("model.offset", at, relative)
        found.entries.append((name, data_at + relative, length))
    if cursor.at != len(cursor.data):
        _refuse("manifest_size", 12, len(cursor.data))


_ALD = struct.Struct("<4sBBHIIIBBHQ")


def _ald_block(data: bytes) -> _Outline:
    if len(data) < _ALD.size:
        _truncated(len(data))
    _, major, minor, kind, metadata, payload, raw, compression, flags, schema, _ = _ALD.unpack_from(data)
    if major != 1:
        _wrong_version(major)
    rules = [
        (minor <= 2, "version_minor", 5),  # noqa: PLR2004 - the last minor version
        (kind in _DATASETS, "dataset_type", 6),
        (compression <= 3, "compression", 20),  # noqa: PLR2004 - the last code
        (not flags & ~0x1B, "flags", 21),
        (compression or flags & 1 or payload == raw, "uncompressed_size", 16),
    ]
    for holds, field, offset in rules:
        if not holds:
            _refuse(field, offset, 0)
    if metadata > _MOST_METADATA:
        _limit("metadata_size", 8)
    if raw > _MOST_PAYLOAD:
        _limit("uncompressed_size", 16)
    found = _Outline("ald-block", (major, minor), data)
    found.flags = flags
    found.add("header", _ALD.size)
    found.add("metadata", metadata)
    found.add("schema", schema)
    if flags & 1:
        mode = _Cursor(data, found.end).number(1)
        if mode > 1:
            _refuse("encryption_mode", found.end, mode)
        found.add("encryption", (29, 45)[mode])
    found.add("payload", payload)
    found.add("signature", 96 if flags & 2 else 0)
    if flags & 8:
        found.add("licence", 75 + _Cursor(data, found.end + 71).number(4))
    found.seal()
    return found


def _ald_stream(data: bytes) -> _Outline:
    if len(data) < _ALD.size:
        _truncated(len(data))
    _, major, minor, flags, _, reserved, metadata, schema, index, payload = struct.unpack_from("<4sBBHB3sIIIQ", data)
    if major != 1:
        _wrong_version(major)
    if minor > 2:  # noqa: PLR2004 - the last minor version
        _refuse("version_minor", 5, minor)
    for place, byte in enumerate(reserved):
        if byte:
            _refuse("reserved", 9 + place, byte)
    for field, offset, size, most in (
        ("metadata_size", 12, metadata, _MOST_METADATA),
        ("schema_size", 16, schema, _MOST_INDEX),
        ("index_size", 20, index, _MOST_INDEX),
    ):
        if size > most:
            _limit(field, offset)
    found = _Outline("ald-stream", (major, minor), data)
    found.flags = flags
    for role, length in (("header", 32), ("metadata", metadata), ("schema", schema), ("index", index)):
        found.add(role, length)
    if _ALD.size + metadata + schema + index + payload >= 1 << 64:
        _refuse("payload_size", 24, payload)
    found.add("payload", payload)
    found.require_whole()
    return found


_OUTLINES: dict[str, Callable[[bytes], _Outline]] = {
    "A1": _a1,
    "A2": _a2,
    "A3": _a3,
    "A4": _a4,
    "A5": _a5,
    "A6": _a6,
    "A8": _a8,
    "ald-block": _ald_block,
    "ald-tensors": _ald_tensors,
}
_NEEDED = {b"APRN": 4, b"APR2": 4, b"ALD\0": 4, b"APR\0": 12, b"APR1": 12, b"ALDF": 9, b"APBU": 8}
_MAGIC_SIZE, _WRAPPER_SIZE, _ALIGNMENT = 4, 9, 64
_MOST_METADATA, _MOST_INDEX, _MOST_ENTRIES, _MOST_PAYLOAD = 16 << 20, 64 << 20, 1 << 20, 1 << 30
_LONGEST_NAME, _LONGEST_NAME_A2, _MOST_DIMENSIONS = 4096, 256, 8
DTYPES_A2 = dict(enumerate("F32 F16 BF16 F64 I32 I64 I8 U8 Q4 Q8".split())) | {12: "Q4_K", 14: "Q6_K"}
_DTYPES_INLINE = ("F32", "F64", "I32", "I64", "U8")
_WIDTHS = {"F32": 4, "F16": 2, "BF16": 2, "F64": 8, "I32": 4, "I64": 8, "I8": 1, "U8": 1, "Q8": 1}
_BLOCKS = {"Q4": (32, 18), "Q4_K": (256, 144), "Q6_K": (256, 210)}
_PARAMETERS = (36, 8, 20, 24)
_DATASETS = {*range(1, 5), *range(0x10, 0x17), *range(0x20, 0x25), *range(0x30, 0x33), *range(0x40, 0x43)}
_DATASETS |= {*range(0x50, 0x53), 0xFF}


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def _require_unique(names: list[str], field: str, at: int) -> None:
    if len(set(names)) != len(names):
        _refuse(field, at, 0)


def _truncated(got: int) -> NoReturn:
    raise IntegrityError("container.truncated", f"too short: `{got}`", field="size", offset=got)


def _limit(field: str, offset: int) -> NoReturn:
    raise FormatError("container.limit", f"too large: `{field}`", field=field, offset=offset)


def _wrong_version(got: int) -> NoReturn:
    raise FormatError("container.version", f"another version: `{got}`", field="version_major", offset=4)


def _stream(offset: int) -> NoReturn:
    raise IntegrityError("container.stream", f"no stream, at: `{offset}`", field="payload", offset=offset)


def _expansion(offset: int) -> NoReturn:
    raise IntegrityError("container.expansion", f"another size, at: `{offset}`", field="payload", offset=offset)
