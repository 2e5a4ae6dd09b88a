# ruff: noqa: PYI021, TID253 - the compiled functions have no other source to read, and a stub is never imported
"""The Rust core, module `_core`: what each function takes and gives.

Vectors are any object that exports a one-dimensional, contiguous, aligned, writable-where-written buffer of `float32`
(NumPy arrays, `array.array("f")`, `memoryview`); nothing is copied. Errors are those of `sovereign.errors`, each with
its code. A defect inside is `InternalError` with the code `native.panic`, never an abort.
"""

from typing import TypeAlias, TypedDict, final, type_check_only

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Buffer

_Vector: TypeAlias = Buffer | NDArray[np.float32]

@final
@type_check_only
class HeaderFields(TypedDict):
    """The fields of an `.apr` header, codes as numbers."""

    version_major: int
    version_minor: int
    model_type: int
    metadata_size: int
    payload_size: int
    uncompressed_size: int
    compression: int
    flags: int
    quality_score: int
    cipher_suite: int
    cipher_mode: int

@final
@type_check_only
class BuildFacts(TypedDict):
    """What the core was built of, and by what."""

    version: str
    compiler: str
    target: str
    profile: str
    sources: str
    source_digest: str
    avx512_compiled: bool

def dot(a: _Vector, b: _Vector, /, *, backend: str | None = None) -> float:
    """The sum of the products `a[i] * b[i]`.

    Shapes    a (n,), b (n,) float32; any buffer that is contiguous and aligned. Nothing is copied.
    Errors    ShapeError      when lengths differ or a vector has not one dimension.
              ParameterError  when a vector is no buffer of float32, is strided or misaligned.
              DeviceError     when this machine lacks `backend`.
    Cost      n multiply-adds on one thread; from 65536 elements on, other Python threads run meanwhile.
    Bound     |result - exact| <= (ceil(min(n, 8192) / 16) + 8) * 2**-24 * sum(|a[i] * b[i]|) + n * 2**-149.

    >>> from array import array
    >>> dot(array("f", [1, 2, 3]), array("f", [4, 5, 6]))
    32.0
    """

def sum(x: _Vector, /, *, backend: str | None = None) -> float:  # noqa: A001 - as NumPy names it
    """The sum of the elements.

    Shapes    x (n,) float32, as for `dot`; the sum of nothing is 0.
    Errors    as `dot`.
    Bound     |result - exact| <= (ceil(min(n, 8192) / 16) + 8) * 2**-24 * sum(|x[i]|).

    >>> from array import array
    >>> sum(array("f", [0.5, 0.25]))
    0.75
    """

def axpy(a: float, x: _Vector, y: _Vector, /, *, backend: str | None = None) -> None:
    """Add `a * x[i]` to each `y[i]`, in place.

    Shapes    x (n,), y (n,) float32, as for `dot`; y is written. x may be y itself, or lie apart from it.
    Errors    as `dot`, and ParameterError when y is read-only or shares a part of x; y is unchanged then.
    Bound     each element has at most two roundings; a is rounded to float32 first.

    >>> from array import array
    >>> y = array("f", [1, 1])
    >>> axpy(2.0, array("f", [3, 4]), y)
    >>> y.tolist()
    [7.0, 9.0]
    """

def backends() -> tuple[str, ...]:
    """Names of the backends that this machine has."""

def active_backend() -> str:
    """Name of the backend in use."""

def crc32(data: Buffer, /, *, start: int = 0) -> int:
    """CRC-32 of the bytes, going on from `start`."""

def parse_header(data: Buffer, /, *, size_bytes: int | None = None) -> HeaderFields:
    """The checked header of an `.apr` file of that size."""

def verify_trailer(data: Buffer, /) -> HeaderFields:
    """The header of a whole `.apr` file whose lengths and checksum hold."""

def build_facts() -> BuildFacts:
    """What this core was built of, and by what."""

def nothing() -> None:
    """Nothing: what remains is the cost of a call."""

def provoke_panic(message: str, /) -> None:
    """Panic, to show what becomes of it."""
