"""Stored numbers as arrays, each type against a decoder that goes number by number."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimens
from sovereign.errors import FormatError
from sovereign.persistence.container import TensorPlace, open_file, verify
from sovereign.persistence.container.tensors import array_of, decoded, dtype_name, require_finite

CODES = {"BF16": 2, "Q4": 8, "Q8": 9, "Q4_K": 12, "Q6_K": 14}
BLOCK_BYTES = {"Q4": 18, "Q4_K": 144, "Q6_K": 210}
NUMBERS = {"Q4": 32, "Q4_K": 256, "Q6_K": 256}


def half(data):
    return np.float32(struct.unpack("<e", data)[0])


def bf16(data):
    return [struct.unpack("<f", b"\0\0" + data[at : at + 2])[0] for at in range(0, len(data), 2)]


def q8(data):
    (scale,) = struct.unpack_from("<f", data)
    return [np.float32(scale) * np.float32(code) for code in struct.unpack_from(f"<{len(data) - 4}b", data, 4)]


def q4(block):
    """Element 2i in the low half of byte i, element 2i + 1 in the high one: not GGUF's Q4_0."""
    scale, out = half(block[:2]), []
    for byte in block[2:]:
        out += [scale * np.float32((byte & 15) - 8), scale * np.float32((byte >> 4) - 8)]
    return out


def scale_and_least(n, packed):
    """GGML's `get_scale_min_k4`."""
    if n < 4:
        return packed[n] & 63, packed[n + 4] & 63
    scale = (packed[n + 4] & 15) | ((packed[n - 4] >> 6) << 4)
    return scale, (packed[n + 4] >> 4) | ((packed[n] >> 6) << 4)


def q4_k(block):
    """GGML's `dequantize_row_q4_K`, one super-block."""
    scale, least, packed, codes = half(block[:2]), half(block[2:4]), block[4:16], block[16:]
    out = []
    for pair in range(4):
        for upper in (0, 1):
            s, m = scale_and_least(2 * pair + upper, packed)
            for byte in codes[32 * pair : 32 * pair + 32]:
                code = byte >> 4 if upper else byte & 15
                out.append(scale * np.float32(s) * np.float32(code) - least * np.float32(m))
    return out


def q6_k(block):
    """GGML's `dequantize_row_q6_K`, one super-block."""
    low, high, scales, scale = block[:128], block[128:192], struct.unpack("<16b", block[192:208]), half(block[208:])
    out = [np.float32(0)] * 256
    for n in (0, 1):
        for at in range(32):
            l0, l1, h = low[64 * n + at], low[64 * n + 32 + at], high[32 * n + at]
            codes = (
                l0 & 15 | (h & 3) << 4,
                l1 & 15 | (h >> 2 & 3) << 4,
                l0 >> 4 | (h >> 4 & 3) << 4,
                l1 >> 4 | (h >> 6) << 4,
            )
            for quarter, code in enumerate(codes):
                s = scales[8 * n + 2 * quarter + at // 16]
                out[128 * n + 32 * quarter + at] = scale * np.float32(s) * np.float32(code - 32)
    return out


PLAIN = {"BF16": bf16, "Q8": q8, "Q4": q4, "Q4_K": q4_k, "Q6_K": q6_k}


def stored(dtype, blocks, data):
    """A tensor of that many blocks, its scales finite: a half is kept below 2 by its highest exponent bit."""
    data = bytearray(data)
    halves = {"Q4": (0,), "Q4_K": (0, 2), "Q6_K": (208,)}[dtype]
    for block in range(blocks):
        for place in halves:
            data[BLOCK_BYTES[dtype] * block + place + 1] &= 0xBF
    return bytes(data)


@given(st.sampled_from(sorted(BLOCK_BYTES)), st.integers(1, 3), st.data())
def test_blocks_are_expanded_as_number_by_number(dtype, blocks, data):
    raw = stored(
        dtype, blocks, data.draw(st.binary(min_size=blocks * BLOCK_BYTES[dtype], max_size=blocks * BLOCK_BYTES[dtype]))
    )
    place = TensorPlace("w", dtype, (blocks * NUMBERS[dtype],), 0, len(raw))
    size = BLOCK_BYTES[dtype]
    expected = [number for at in range(0, len(raw), size) for number in PLAIN[dtype](raw[at : at + size])]
    got = decoded(memoryview(raw), place)
    assert got.dtype == np.float32
    assert np.array_equal(got, np.array(expected, np.float32))


@given(st.binary(max_size=64).filter(lambda raw: len(raw) % 2 == 0))
def test_brain_floats_are_the_upper_half_of_single_ones(raw):
    place = TensorPlace("w", "BF16", (len(raw) // 2,), 0, len(raw))
    assert np.array_equal(decoded(memoryview(raw), place), np.array(bf16(raw), np.float32), equal_nan=True)
    assert array_of(memoryview(raw), place).dtype == np.uint16


@given(st.floats(-(2.0**100), 2.0**100, width=32), st.binary(max_size=40))
def test_bytes_with_one_scale_are_expanded(scale, codes):
    raw = struct.pack("<f", scale) + codes
    place = TensorPlace("w", "Q8", (len(codes),), 0, len(raw))
    assert np.array_equal(decoded(memoryview(raw), place), np.array(q8(raw), np.float32))


@pytest.mark.parametrize(("dtype", "count"), [("Q4", 33), ("Q4_K", 300), ("Q6_K", 1), ("Q8", 6), ("BF16", 6)])
def test_a_file_of_quantized_tensors_is_read(tmp_path, dtype, count):
    chance = np.random.default_rng(5)
    size = {"Q8": 4 + count, "BF16": 2 * count}.get(dtype) or -(-count // NUMBERS[dtype]) * BLOCK_BYTES[dtype]
    raw = chance.bytes(size)
    raw = stored(dtype, size // BLOCK_BYTES[dtype], raw) if dtype in BLOCK_BYTES else b"\0\0\0\x40" + raw[4:]
    shape = (count // 3, 3) if count % 3 == 0 else (count,)
    path = tmp_path / "m.apr"
    path.write_bytes(specimens.a2((specimens.Tensor("w", CODES[dtype], shape, raw),)))
    assert verify(path).is_proved
    with open_file(path) as file:
        assert file.decoded("w").shape == shape
        assert file["w"].tobytes() == raw
        size = BLOCK_BYTES.get(dtype, len(raw))
        expected = [number for at in range(0, len(raw), size) for number in PLAIN[dtype](raw[at : at + size])]
        assert np.array_equal(file.decoded("w").ravel(), np.array(expected, np.float32)[:count], equal_nan=True)


@pytest.mark.parametrize("code", [8, 9, 12, 14])
def test_an_empty_quantized_tensor_is_read(tmp_path, code):
    path = tmp_path / "m.apr"
    path.write_bytes(specimens.a2((specimens.Tensor("w", code, (0, 3), bytes(4) if code == 9 else b""),)))
    with open_file(path) as file:
        assert file.decoded("w").shape == (0, 3)


def test_what_is_too_large_for_single_precision_becomes_infinite():
    raw = struct.pack("<2d", 1e300, 0.5)
    assert decoded(memoryview(raw), TensorPlace("w", "F64", (2,), 0, 16)).tolist() == [float("inf"), 0.5]
    raw = struct.pack("<f", float("inf")) + bytes(2)
    assert np.isnan(decoded(memoryview(raw), TensorPlace("w", "Q8", (2,), 0, 6))).all()


def test_types_have_names_whatever_their_byte_order():
    assert dtype_name(np.dtype(">f4")) == dtype_name(np.dtype("<f4")) == "F32"
    assert dtype_name(np.dtype("u1")) == "U8"
    assert dtype_name(np.dtype("bool")) is None
    assert dtype_name(np.dtype("u8")) is None


def test_the_first_number_that_is_not_finite_is_named():
    array = np.array([[1, 2], [np.inf, np.nan]], np.float64)
    place = TensorPlace("w", "F64", (2, 2), 640, 32)
    with pytest.raises(FormatError) as caught:
        require_finite(array, place, "m.apr")
    assert caught.value.code == "container.not_finite"
    assert caught.value.detail == {"path": "m.apr", "field": "w", "offset": 656}
    require_finite(np.array([1]), place._replace(dtype="I64"), "m.apr")
