"""The 32 bytes at the start of an `.apr` file of layout A1, and the check of the whole file from outside.

Enters: a path or bytes that nobody vouches for. Leaves: `Header`, every field checked. All numbers are little-endian:

| offset | size | field             | may hold |
|-------:|-----:|-------------------|----------|
|      0 |    4 | magic             | `APRN` |
|      4 |    1 | version_major     | 1 |
|      5 |    1 | version_minor     | 0, or 1 where a cipher suite is named |
|      6 |    2 | model_type        | a member of `ModelType` |
|      8 |    4 | metadata_size     | bytes of metadata after the header |
|     12 |    4 | payload_size      | bytes of payload as stored |
|     16 |    4 | uncompressed_size | bytes of payload when decompressed, at most 2**30 |
|     20 |    1 | compression       | a member of `Compression` |
|     21 |    1 | flags             | members of `Flag`; the highest bit is 0 |
|     22 |    1 | quality_score     | 0 = not validated, to 100 |
|     23 |    1 | cipher_suite      | a member of `Suite`; 0 = the rules of files without suites |
|     24 |    1 | cipher_mode       | 0 = not encrypted or suite 0; 1 password, 2 recipient, 3 key encapsulation |
|     25 |    7 | reserved          | 0 |

Metadata, payload, a signature block of 96 bytes where the file is signed, and the CRC-32 of all bytes before it
follow; not one byte more. The rules stand in `crates/container`; `reference.py` says them again in plain Python.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sovereign.errors import FormatError, IntegrityError, ParameterError
from sovereign.persistence.container import _kernels
from sovereign.shell.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import BufferedReader
    from os import PathLike

    from typing_extensions import Buffer

__all__ = ["Compression", "Flag", "Header", "ModelType", "Suite", "read_header", "verify"]

HEADER_SIZE = 32
TRAILER_SIZE = 4
_CHUNK = 1 << 20


class ModelType(IntEnum):
    """What kind of model the payload is."""

    LINEAR_REGRESSION = 0x01
    LOGISTIC_REGRESSION = 0x02
    DECISION_TREE = 0x03
    RANDOM_FOREST = 0x04
    GRADIENT_BOOSTING = 0x05
    K_MEANS = 0x06
    PCA = 0x07
    NAIVE_BAYES = 0x08
    KNN = 0x09
    SVM = 0x0A
    NGRAM_LM = 0x10
    TFIDF = 0x11
    COUNT_VECTORIZER = 0x12
    NEURAL_SEQUENTIAL = 0x20
    NEURAL_CUSTOM = 0x21
    CONTENT_RECOMMENDER = 0x30
    MIXTURE_OF_EXPERTS = 0x40
    CUSTOM = 0xFF


class Compression(IntEnum):
    """How the payload is compressed."""

    NONE = 0
    ZSTD = 1
    ZSTD_MAX = 2
    LZ4 = 3


class Suite(IntEnum):
    """Which signature and encryption the file uses."""

    LEGACY = 0
    STANDARD_2025 = 1
    POST_QUANTUM_2030 = 2
    HYBRID_2028 = 3
    GOV_HIGH_ASSURANCE = 4
    LEGACY_RSA = 0xFF


class Flag(IntFlag):
    """What else is in the file."""

    ENCRYPTED = 0x01
    SIGNED = 0x02
    STREAMING = 0x04
    LICENSED = 0x08
    TRUENO_NATIVE = 0x10
    QUANTIZED = 0x20
    HAS_MODEL_CARD = 0x40


@dataclass(frozen=True, slots=True)
class Header:
    """A header of which every field was checked; the table of the module says what each holds."""

    version_major: int
    version_minor: int
    model_type: ModelType
    metadata_size: int
    payload_size: int
    uncompressed_size: int
    compression: Compression
    flags: Flag
    quality_score: int
    cipher_suite: Suite
    cipher_mode: int

    @property
    def is_signed(self) -> bool:
        """Whether a signature block follows the payload; whether it holds is another question."""
        return Flag.SIGNED in self.flags

    @property
    def is_encrypted(self) -> bool:
        """Whether the payload can be read only with a key."""
        return Flag.ENCRYPTED in self.flags

    @classmethod
    def of(cls, fields: Mapping[str, int]) -> Self:
        """The header with these fields, as the native core or the reference gives them."""
        values: dict[str, int] = dict(fields)
        return cls(
            model_type=ModelType(values.pop("model_type")),
            compression=Compression(values.pop("compression")),
            flags=Flag(values.pop("flags")),
            cipher_suite=Suite(values.pop("cipher_suite")),
            **values,
        )


def read_header(data: Buffer) -> Header:
    """The header at the start of `data`; what follows it is not looked at.

    Errors    FormatError     when a field holds what the format does not allow; `detail` names it.
              IntegrityError  when there are fewer than 32 bytes.
              TypeError       when `data` is no contiguous buffer.

    >>> read_header(b"APRN" + bytes([1, 0, 6, 0]) + bytes(24)).model_type.name
    'K_MEANS'
    """
    return Header.of(_kernels.parse_header(data))  # type: ignore[arg-type]  # a dict of numbers


def verify(source: Buffer | str | PathLike[str]) -> Header:
    """Check a whole file from outside: header, lengths, checksum. Gives the header.

    A signature is not checked here, and a checksum protects against accidents, not against people.

    Errors    FormatError     as `read_header`; `path` is in `detail` when a path was given.
              IntegrityError  when bytes are missing, hidden ones follow, or the checksum does not hold.
              NotFound        when there is no such file.
              ParameterError  when the path is a folder or may not be read.
    Cost      one pass; a file is read in pieces of 1 MiB, so memory does not grow with it.
    """
    if not isinstance(source, str | os.PathLike):
        return Header.of(_kernels.verify_trailer(source))  # type: ignore[arg-type]  # a dict of numbers
    path = os.fspath(source)
    try:
        with _opened(path) as file:
            return _verify_file(file)
    except FormatError as error:
        error.detail = {**error.detail, "path": path}
        raise
    except OSError as error:
        message = f"the file cannot be read, {(error.strerror or str(error)).lower()}: `{path}`"
        raise ParameterError("shell.unreadable", message, name="path", value=path, allowed="a readable file") from error


def _opened(path: str) -> BufferedReader:
    if "\0" not in path and Path(path).is_fifo():  # it would wait for a writer, and has no length to be checked
        message = f"a file is needed and this is a pipe: `{path}`"
        raise ParameterError("shell.not_a_file", message, name="path", value=path, allowed="a file")
    try:
        return Path(path).open("rb")
    except (OSError, ValueError):
        read_bytes(path)  # fails in the same way, in the words of the shell
        raise


def _verify_file(file: BufferedReader) -> Header:
    size_bytes = os.fstat(file.fileno()).st_size
    start = file.read(HEADER_SIZE)
    header = Header.of(_kernels.parse_header(start, size_bytes=size_bytes))  # type: ignore[arg-type]
    got, left = _kernels.crc32(start), size_bytes - HEADER_SIZE - TRAILER_SIZE
    while left and (piece := file.read(min(left, _CHUNK))):
        got = _kernels.crc32(piece, start=got)
        left -= len(piece)
    stored = file.read(TRAILER_SIZE)
    if left or len(stored) < TRAILER_SIZE:
        _cut_while_read(size_bytes, file.tell())
    expected = int.from_bytes(stored, "little")
    if got != expected:
        raise IntegrityError(
            "container.checksum",
            f"the file carries the checksum `{expected:#010x}`, its bytes have: `{got:#010x}`",
            field="checksum",
            offset=size_bytes - TRAILER_SIZE,
            expected=expected,
            got=got,
        )
    return header


def _cut_while_read(expected: int, got: int) -> None:
    raise IntegrityError(
        "container.truncated",
        f"the file had {expected} bytes and was cut while it was read, to: `{got}`",
        field="size",
        offset=got,
        expected=expected,
        got=got,
    )
