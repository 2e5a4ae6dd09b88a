"""What shares memory with an output is refused, byte by byte: the reference tries every pair of elements."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sovereign import _native
from sovereign.errors import ParameterError

BYTES = 64


PAIRS = st.tuples(st.integers(1, 4), st.integers(1, 4))
STRIDES = st.tuples(st.integers(-12, 12), st.integers(-12, 12))


@st.composite
def layouts(draw, *, sizes):
    """Arrays of one shape inside a buffer of `BYTES`: shape, strides, start and element size, all in bytes."""
    shape, strides, found = draw(PAIRS), draw(STRIDES), []
    for size in sizes:
        ends = [sum(stride * at for stride, at in zip(strides, places, strict=True)) for places in corners(shape)]
        room = BYTES - (max(ends) - min(ends) + size)
        assume(room >= 0)
        found.append((shape, strides, draw(st.integers(0, room)) - min(ends), size))
        if draw(st.booleans()):
            strides = draw(STRIDES)
    return found


def corners(shape):
    return itertools.product(*((0, length - 1) for length in shape))


def touched(layout):
    shape, strides, start, size = layout
    for row, column in np.ndindex(shape):
        first = start + row * strides[0] + column * strides[1]
        yield set(range(first, first + size))


def on(memory, layout):
    shape, strides, start, size = layout
    return np.ndarray(shape, {1: np.int8, 4: np.float32}[size], memory, start, strides)


def is_refused(call):
    try:
        call()
    except ParameterError as error:
        return error.code == "trueno.overlap"
    return False


def facts(x, out):
    """Whether an output shares a byte with an input, and whether two of its elements share one."""
    ours, theirs = set().union(*touched(x)), list(touched(out))
    own = set().union(*theirs)
    return bool(ours & own), len(own) < sum(map(len, theirs))


@given(pair=layouts(sizes=(4, 1)))
def test_no_output_shares_a_byte_with_an_input_of_another_element_size(pair):
    memory = bytearray(BYTES)
    x, out = (on(memory, each) for each in pair)
    is_shared, meets_itself = facts(*pair)
    found = is_refused(lambda: _native.quantize(x, 1.0, out=out))
    # Where strides differ, more may be refused than must be.
    if is_shared or meets_itself or pair[0][1] == pair[1][1]:
        assert found == (is_shared or meets_itself)


@given(pair=layouts(sizes=(4, 4)))
def test_an_input_is_the_output_or_lies_apart(pair):
    memory = bytearray(BYTES)
    x, out = (on(memory, each) for each in pair)
    is_shared, meets_itself = facts(*pair)
    x_used, out_used = ([stride for stride, n in zip(each[1], each[0], strict=True) if n > 1] for each in pair)
    is_same = (x_used, pair[0][2]) == (out_used, pair[1][2])
    found = is_refused(lambda: _native.neg(x, out=out))
    if is_shared or meets_itself or pair[0][1] == pair[1][1]:
        assert found == (meets_itself or (is_shared and not is_same))


@pytest.mark.parametrize(
    ("shape", "strides"), [((8,), (0,)), ((8,), (2,)), ((3, 4), (4, 4)), ((3, 4), (0, 4)), ((2, 3), (-4, 4))]
)
def test_an_output_that_overlaps_itself_is_refused(shape, strides):
    out = np.ndarray(shape, np.float32, bytearray(BYTES), 16, strides)
    x = np.zeros(shape, np.float32)
    assert is_refused(lambda: _native.neg(x, out=out))
    assert is_refused(lambda: _native.axpy(1.0, x, out))


@pytest.mark.parametrize("strides", [(-16, 4), (16, -4), (4, 12), (-4, 12), (20, 8)])
def test_an_output_with_gaps_or_another_order_is_written(strides):
    shape = (3, 2) if abs(strides[0]) == 20 else (3, 3)
    start = sum(-stride * (length - 1) for stride, length in zip(strides, shape, strict=True) if stride < 0)
    out = np.ndarray(shape, np.float32, bytearray(BYTES), start, strides)
    x = np.arange(out.size, dtype=np.float32).reshape(shape)
    _native.neg(x, out=out)
    assert np.array_equal(out, -x)


def test_the_outputs_of_one_call_share_nothing():
    x, memory = np.arange(6, dtype=np.float32), bytearray(BYTES)
    values = np.ndarray(4, np.float32, memory, 0, 8)
    assert is_refused(lambda: _native.top_k(x, 4, out=(values, np.ndarray(4, np.int64, memory, 0))))
    assert is_refused(lambda: _native.top_k(x, 2, out=(values[1:3], np.ndarray(2, np.int64, memory, 8))))
    places = np.ndarray(2, np.int64, memory, 40)
    assert not is_refused(lambda: _native.top_k(x, 2, out=(values[1:3], places)))
    assert places.tolist() == [5, 4]


def test_small_elements_inside_larger_ones_are_found():
    x = np.zeros(8, np.float32)
    inside = x.view(np.int8)
    for first in range(4):
        assert is_refused(lambda first=first: _native.quantize(x, 1.0, out=inside[first::4]))
    wide = np.zeros(16, np.float32)
    assert not is_refused(lambda: _native.quantize(wide[::2], 1.0, out=wide.view(np.int8)[4::8]))
