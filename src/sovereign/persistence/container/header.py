"""The 32 bytes at the start of a file of layout A1.

Enters: bytes that nobody vouches for. Leaves: `Header`, every field checked. All numbers are little-endian:

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

Metadata, payload, the signature block of the suite where the file is signed, and the CRC-32 of all bytes before it
follow; not one byte more. The rules stand in `crates/container`; `reference.py` says them again in plain Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Self

from sovereign.persistence.container import _kernels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Buffer

__all__ = ["HEADER_SIZE", "Compression", "Flag", "Header", "ModelType", "Suite", "read_header"]

HEADER_SIZE = 32


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
        return cls(
            fields["version_major"],
            fields["version_minor"],
            _MODEL_TYPES[fields["model_type"]],
            fields["metadata_size"],
            fields["payload_size"],
            fields["uncompressed_size"],
            _COMPRESSIONS[fields["compression"]],
            Flag(fields["flags"]),
            fields["quality_score"],
            _SUITES[fields["cipher_suite"]],
            fields["cipher_mode"],
        )


# Looking a member up by its value through the class takes longer than checking the header.
_MODEL_TYPES = {int(kind): kind for kind in ModelType}
_COMPRESSIONS = {int(way): way for way in Compression}
_SUITES = {int(suite): suite for suite in Suite}


def read_header(data: Buffer) -> Header:
    """The header at the start of `data`; what follows it is not looked at.

    Errors    FormatError     when a field holds what the format does not allow; `detail` names it.
              IntegrityError  when there are fewer than 32 bytes.
              TypeError       when `data` is no contiguous buffer.

    >>> read_header(b"APRN" + bytes([1, 0, 6, 0]) + bytes(24)).model_type.name
    'K_MEANS'
    """
    return Header.of(_kernels.parse_header(data))  # type: ignore[arg-type]  # a dict of numbers
