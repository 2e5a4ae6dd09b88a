"""Payloads compressed and expanded: zstd and LZ4, to exactly the size that is declared.

Enters: bytes and a header, or bytes and the way to compress them. Leaves: bytes. Reading goes through the native core,
which stops one byte after the declared size; writing uses the `zstandard` and `lz4` packages. The same bytes give the
same stream on every run. Read `crates/container/src/decompress.rs` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.errors import IntegrityError
from sovereign.persistence.container import _kernels
from sovereign.persistence.container.header import Compression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Buffer

    from sovereign.persistence.container.header import Header
    from sovereign.persistence.container.source import Source

__all__ = ["compressed", "decompressed", "decompressed_pieces", "require_rows"]

_CODECS = {
    Compression.NONE: "stored",
    Compression.ZSTD: "zstd",
    Compression.ZSTD_MAX: "zstd",
    Compression.LZ4: "lz4-sized",
}
_LEVELS = {Compression.ZSTD: 3, Compression.ZSTD_MAX: 19}


def compressed(data: bytes, way: Compression) -> bytes:
    """The payload as it is stored."""
    if way is Compression.NONE:
        return data
    if way is Compression.LZ4:
        import lz4.block

        return bytes(lz4.block.compress(data, store_size=True))
    import zstandard

    # Neither the size nor a checksum of its own: as other programs write it, and the file has both.
    writer = zstandard.ZstdCompressor(level=_LEVELS[way], write_content_size=False, write_checksum=False)
    return writer.compress(data)


def decompressed(stored: Buffer, header: Header, offset: int) -> bytes:
    """The payload of exactly `header.uncompressed_size` bytes; `offset` is its place in the file, for messages.

    Errors    IntegrityError  when the stream is damaged, or gives more or fewer bytes.
    """
    return _kernels.decompress(_CODECS[header.compression], stored, header.uncompressed_size, offset)


def require_rows(stored: Buffer, way: Compression, expected: int, offset: int) -> None:
    """Check that the payload of a dataset in one block expands to `expected` bytes; its LZ4 is a frame, as in no model.

    Errors    IntegrityError  when the stream is damaged, or gives more or fewer bytes.
    """
    if way is not Compression.LZ4:
        _kernels.decompress(_CODECS[way], stored, expected, offset)
        return
    import lz4.frame

    decoder, got, is_over, data = lz4.frame.LZ4FrameDecompressor(), 0, False, memoryview(stored)
    try:
        for start in range(0, len(data), _READ_BYTES):
            # Bytes behind the end of the frame would be taken for another one.
            if is_over or got > expected:
                break
            got += len(decoder.decompress(bytes(data[start : start + _READ_BYTES])))
            is_over = decoder.eof and start + _READ_BYTES >= len(data) and not decoder.unused_data
            if decoder.eof and not is_over:
                break
    except RuntimeError as error:
        message = f"the compressed bytes are no stream of their kind, at byte: `{offset}`"
        raise IntegrityError("container.stream", message, field="payload", offset=offset) from error
    if got > expected or (is_over and got != expected):
        message = f"the stream at byte {offset} should expand to {expected} bytes, it gave: `{got}`"
        detail = {"field": "payload", "offset": offset, "expected": expected, "got": got}
        raise IntegrityError("container.expansion", message, **detail)
    if not is_over:
        message = f"the compressed stream does not end where the payload does, it begins at byte: `{offset}`"
        raise IntegrityError("container.stream", message, field="payload", offset=offset)


def decompressed_pieces(source: Source, header: Header, offset: int, piece_bytes: int) -> Iterator[bytes]:
    """The same in pieces, read and expanded as they are asked for; an LZ4 block can only be expanded as a whole.

    Errors    as `decompressed`.
    """
    if header.compression is Compression.LZ4:
        whole = decompressed(source.read(offset, header.payload_size), header, offset)
        yield from (whole[at : at + piece_bytes] for at in range(0, len(whole), piece_bytes))
        return
    got = 0
    for piece in _expanded(source, header, offset, piece_bytes):
        got += len(piece)
        if got > header.uncompressed_size:
            raise _expansion(header, offset, header.uncompressed_size + 1)
        yield piece
    if got != header.uncompressed_size:
        raise _expansion(header, offset, got)


def _expanded(source: Source, header: Header, offset: int, piece_bytes: int) -> Iterator[bytes]:
    if header.compression is Compression.NONE:
        yield from _stored(source, header.payload_size, offset, piece_bytes)
        return
    import zstandard

    decoder = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
    try:
        for stored in _stored(source, header.payload_size, offset, _READ_BYTES):
            for start in range(0, len(stored), _FED_BYTES):
                expanded = decoder.decompress(stored[start : start + _FED_BYTES])
                yield from (expanded[at : at + piece_bytes] for at in range(0, len(expanded), piece_bytes))
    except zstandard.ZstdError as error:
        message = f"the compressed bytes are no stream of their kind, at byte: `{offset}`"
        raise IntegrityError("container.stream", message, field="payload", offset=offset) from error
    if not decoder.eof or decoder.unused_data:
        message = f"the compressed stream does not end where the payload does, it begins at byte: `{offset}`"
        raise IntegrityError("container.stream", message, field="payload", offset=offset)


_READ_BYTES = 1 << 16
# Four bytes of zstd can stand for 128 KiB, so this many expand to 2 MiB at most before they are counted.
_FED_BYTES = 64


def _stored(source: Source, length: int, offset: int, step: int) -> Iterator[bytes]:
    for at in range(0, length, step):
        yield source.read(offset + at, min(step, length - at))


def _expansion(header: Header, offset: int, got: int) -> IntegrityError:
    expected = header.uncompressed_size
    message = f"the stream at byte {offset} should expand to {expected} bytes, it gave: `{got}`"
    detail = {"field": "payload", "offset": offset, "expected": expected, "got": got}
    return IntegrityError("container.expansion", message, **detail)
