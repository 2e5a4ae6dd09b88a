"""From stored bytes to arrays: views where NumPy knows the type, expanded numbers where it does not.

Enters: the bytes of one tensor and its place. Leaves: arrays of its shape. Half-precision brain floats and blocks of
quantized numbers have no type in NumPy; as views they are whole numbers, and `decoded` expands them.

| type | a view is | stored as |
|------|-----------|-----------|
| F32, F16, F64, I32, I64, I8, U8 | of that type | little-endian numbers |
| BF16 | uint16 | the upper half of a single-precision number |
| Q8   | uint8, all bytes | one float32 scale, then a signed byte each |
| Q4   | uint8 (blocks, 18) | per 32 numbers a float16 scale and 16 bytes; number 2i in the low half of byte i |
| Q4_K | uint8 (blocks, 144) | per 256 numbers GGML's super-block of 4 bits |
| Q6_K | uint8 (blocks, 210) | per 256 numbers GGML's super-block of 6 bits |
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np  # noqa: TID253 - every caller of this module handles arrays

from sovereign.compute import trueno
from sovereign.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sovereign.compute.trueno import Backend
    from sovereign.persistence.container.layout import TensorPlace

__all__ = ["DTYPES", "array_of", "decoded", "dtype_name", "require_finite"]

DTYPES = {"F32": "<f4", "F16": "<f2", "F64": "<f8", "I32": "<i4", "I64": "<i8", "I8": "|i1", "U8": "|u1"}
_BLOCKS = {"Q4": 18, "Q4_K": 144, "Q6_K": 210}


def dtype_name(dtype: np.dtype[Any]) -> str | None:
    """The stored type for an array's, None where there is none."""
    little = dtype.newbyteorder("<").str
    return next((name for name, known in DTYPES.items() if np.dtype(known).str == np.dtype(little).str), None)


def array_of(content: memoryview, place: TensorPlace) -> NDArray[Any]:
    """A read-only view of the bytes, of the tensor's shape where NumPy knows its type."""
    if place.dtype in DTYPES:
        return np.frombuffer(content, DTYPES[place.dtype]).reshape(place.shape)
    if place.dtype == "BF16":
        return np.frombuffer(content, "<u2").reshape(place.shape)
    raw = np.frombuffer(content, np.uint8)
    return raw.reshape(-1, _BLOCKS[place.dtype]) if place.dtype in _BLOCKS else raw


def decoded(content: memoryview, place: TensorPlace, backend: Backend | None = None) -> NDArray[np.float32]:
    """The numbers in single precision, as a new array where they are stored as anything else.

    Errors    DeviceError  when this machine lacks `backend`, by which the codes of Q8 are expanded.
    """
    array = array_of(content, place)
    # What is too large for single precision becomes infinite, and a scale of NaN gives NaN: no cause for a warning.
    with np.errstate(over="ignore", invalid="ignore"):
        if place.dtype in DTYPES:
            return array.astype(np.float32, copy=False)
        if place.dtype == "Q8":
            return _bytes(array, backend).reshape(place.shape)
        return _EXPAND[place.dtype](array).ravel()[: math.prod(place.shape)].reshape(place.shape)


def _brain(halves: NDArray[np.uint16]) -> NDArray[np.float32]:
    return (halves.astype(np.uint32) << 16).view(np.float32)


def _bytes(raw: NDArray[np.uint8], backend: Backend | None) -> NDArray[np.float32]:
    codes = raw[4:].view(np.int8).astype(np.float32)
    trueno.scale(codes, float(raw[:4].view("<f4")[0]), out=codes, backend=backend)
    return codes


def _nibbles(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    step: NDArray[np.float32] = blocks[:, :2].copy().view("<f2").astype(np.float32)
    codes = np.stack((blocks[:, 2:] & 15, blocks[:, 2:] >> 4), axis=2).reshape(len(blocks), 32)
    return step * (codes.astype(np.float32) - 8)


def _super4(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Eight groups of 32 codes, each with a scale and a least value of 6 bits that share 12 bytes."""
    scale, least = blocks[:, :2].copy().view("<f2"), blocks[:, 2:4].copy().view("<f2")
    packed, codes = blocks[:, 4:16], blocks[:, 16:].reshape(-1, 4, 32)
    low, middle, high = packed[:, :4], packed[:, 4:8], packed[:, 8:]
    scales = np.concatenate((low & 63, (high & 15) | (low >> 6 << 4)), axis=1)
    leasts = np.concatenate((middle & 63, (high >> 4) | (middle >> 6 << 4)), axis=1)
    halves = np.stack((codes & 15, codes >> 4), axis=2).reshape(-1, 8, 32).astype(np.float32)
    steps = (scale.astype(np.float32) * scales)[:, :, None]
    return steps * halves - (least.astype(np.float32) * leasts)[:, :, None]


def _super6(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Two halves of 128 codes: the low 4 bits in 64 bytes, the high 2 in 32, sixteen signed scales, one overall."""
    low, high = blocks[:, :128].reshape(-1, 2, 64), blocks[:, 128:192].reshape(-1, 2, 32)
    scales, scale = blocks[:, 192:208].copy().view(np.int8), blocks[:, 208:].copy().view("<f2")
    quarters = (low[:, :, :32] & 15, low[:, :, 32:] & 15, low[:, :, :32] >> 4, low[:, :, 32:] >> 4)
    codes = np.stack([quarter | ((high >> 2 * n & 3) << 4) for n, quarter in enumerate(quarters)], axis=2)
    values = codes.reshape(-1, 16, 16).astype(np.float32) - 32
    return scale.astype(np.float32)[:, :, None] * scales.astype(np.float32)[:, :, None] * values


_EXPAND: dict[str, Callable[[NDArray[Any]], NDArray[np.float32]]] = {
    "BF16": _brain,
    "Q4": _nibbles,
    "Q4_K": _super4,
    "Q6_K": _super6,
}


def require_finite(array: NDArray[Any], place: TensorPlace, path: str) -> None:
    """Refuse a tensor that holds NaN or infinity.

    Errors    FormatError  `container.not_finite`, with the place of the first such number.
    """
    if array.dtype.kind != "f" or place.dtype not in DTYPES:
        return
    wrong = np.flatnonzero(~np.isfinite(array))
    if wrong.size:
        at = int(wrong[0])
        message = f"the tensor `{place.name}` should be finite, number {at} is: `{array.ravel()[at]}`"
        offset = place.offset + at * array.dtype.itemsize
        raise FormatError("container.not_finite", message, path=path, field=place.name, offset=offset)
