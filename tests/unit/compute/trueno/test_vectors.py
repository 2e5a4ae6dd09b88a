"""What operations on vectors take, what they refuse, and what they leave alone; their numbers are checked elsewhere."""

from __future__ import annotations

import array
import ctypes
import math
import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.compute import trueno
from sovereign.compute.trueno import Backend, Matrix, Vector, available_backends, axpy, dot, sum  # noqa: A004
from sovereign.compute.trueno.agreement import share
from sovereign.errors import DeviceError, ParameterError, ShapeError
from strategies import LAYOUTS

BACKENDS = [None, *available_backends()]


def vectors(length, count, seed=0):
    return np.random.default_rng([length, seed]).standard_normal((count, length), dtype=np.float32)


def whole(length=8, dtype=np.float32):
    return np.ones(length, dtype)


def locked():
    vector = whole()
    vector.setflags(write=False)
    return vector


@pytest.mark.parametrize("backend", BACKENDS)
@given(place=st.integers(0, 99), value=st.sampled_from([math.nan, math.inf, -math.inf]))
def test_what_is_not_finite_comes_through(backend, place, value):
    x, ones = whole(100), whole(100)
    x[place] = value
    for got in (sum(x, backend=backend), dot(ones, x, backend=backend), dot(x, ones, backend=backend)):
        assert np.array_equal(got, value, equal_nan=True)
    axpy(1.0, x, ones, backend=backend)
    assert np.array_equal(ones[place], value, equal_nan=True)
    assert np.isfinite(np.delete(ones, place)).all()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("position", [0, 1, 15, 16, 17, 63, 64, 98, 99])
def test_extremes_are_found_at_any_place_and_nan_wins_as_in_numpy(backend, position):
    for value in (math.nan, math.inf, 5.0, 1.0):
        x = np.zeros(100, np.float32)
        x[position] = x[99] = value
        for name in ("max", "argmax"):
            assert np.array_equal(getattr(trueno, name)(x, backend=backend), getattr(np, name)(x), equal_nan=True)
        for name in ("min", "argmin"):
            assert np.array_equal(getattr(trueno, name)(-x, backend=backend), getattr(np, name)(-x), equal_nan=True)
    x[min(position + 1, 99)] = math.nan
    x[position] = math.nan
    assert trueno.argmin(x, backend=backend) == trueno.argmax(x, backend=backend) == position


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_has_the_sum_zero_and_no_extreme(backend):
    empty = np.empty(0, np.float32)
    for name in ("sum", "norm_l1", "norm_l2", "norm_linf"):
        assert getattr(trueno, name)(empty, backend=backend) == 0
    assert dot(empty, empty, backend=backend) == 0
    assert axpy(1.0, empty, np.empty(0, np.float32), backend=backend) is None
    for name in ("mean", "var", "min", "max", "argmin", "argmax"):
        with pytest.raises(ParameterError) as caught:
            getattr(trueno, name)(empty, backend=backend)
        assert caught.value.code == "trueno.parameter"
        assert caught.value.detail["name"] == "x"
    assert trueno.softmax(empty, backend=backend).size == trueno.add(empty, 1, backend=backend).size == 0


EXPORTERS = {
    "ndarray": lambda x: x,
    "subclass of ndarray": lambda x: x.view(type("Mine", (np.ndarray,), {})),
    "read-only ndarray": lambda x: np.frombuffer(x.tobytes(), np.float32),
    "memoryview": memoryview,
    "array": lambda x: array.array("f", x),
    "ctypes": lambda x: (ctypes.c_float * x.size)(*x),
    "column of one": lambda x: np.asfortranarray(x.reshape(-1, 1))[:, 0],
    "ndarray with explicit byte order": lambda x: x.astype("<f4" if np.little_endian else ">f4"),
    "ours": Vector,
    "ours, borrowed": Vector.borrow,
    "ours, every second": lambda x: Vector(np.repeat(x, 2))[::2],
}


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("length", [0, 1, 3, 384, 70_000])
def test_every_exporter_of_float32_gives_the_same(name, length):
    a, b = vectors(length, 2)
    exported = EXPORTERS[name](a)
    for left, right in ((exported, b), (b, exported), (exported, exported)):
        assert share("dot", dot(left, right), a, a if left is right else b) <= 1
    assert share("sum", sum(exported), a) <= 1
    assert dot(a, b) == dot(memoryview(a), memoryview(b)), "one memory, one result"
    assert np.array_equal(np.asarray(trueno.mul(exported, b)), a * b)


@pytest.mark.parametrize("name", sorted(EXPORTERS.keys() - {"read-only ndarray"}))
@pytest.mark.parametrize("length", [1, 384, 70_000])
def test_every_writable_exporter_is_changed_in_place(name, length):
    x, y = vectors(length, 2)
    exported = EXPORTERS[name](y.copy())
    axpy(0.5, x, exported)
    got = np.asarray(exported, np.float32)
    assert share("axpy", got, 0.5, x, y) <= 1
    assert not np.array_equal(got, y)
    assert trueno.add(x, x, out=exported) is exported
    assert np.array_equal(np.asarray(exported, np.float32), x + x)


WRONG_TYPE = {
    "float16": (whole(dtype=np.float16), "float16"),
    "int32": (whole(dtype=np.int32), "int32"),
    "bytes": (bytearray(b"12345678"), "uint8"),
    "complex64": (whole(dtype=np.complex64), "complex64"),
    "bool": (whole(dtype=bool), "bool"),
    "swapped": (whole(dtype=">f4" if np.little_endian else "<f4"), None),
    "record": (np.ones(8, [("x", "f4")]), None),
    "list": ([1.0] * 8, "list"),
    "none": (None, "NoneType"),
    "text": ("12345678", "str"),
    "object": (np.array([None] * 8), None),
    "time": (np.ones(8, "datetime64[s]"), None),
}


@pytest.mark.parametrize("name", WRONG_TYPE)
def test_another_element_type_is_refused_in_every_place(name):
    wrong, got = WRONG_TYPE[name]
    good, untouched = whole(), whole()
    calls = {
        "a": [lambda: dot(wrong, wrong), lambda: trueno.add(wrong, wrong)],
        "b": [lambda: dot(good, wrong), lambda: trueno.add(good, wrong, out=untouched)],
        "x": [lambda: sum(wrong), lambda: trueno.exp(wrong), lambda: trueno.softmax(wrong)],
        "y": [lambda: axpy(1.0, good, wrong)],
    }
    if name != "none":
        calls["out"] = [lambda: trueno.add(good, good, out=wrong)]
    for place, each in ((place, each) for place, them in calls.items() for each in them):
        with pytest.raises(ParameterError) as caught:
            each()
        assert caught.value.code == "trueno.dtype", place
        assert caught.value.detail["name"] == place
        assert got is None or caught.value.detail["value"] == got
        assert "float32" in caught.value.detail["allowed"]
    assert np.array_equal(untouched, whole())


def test_element_types_are_never_mixed():
    single, double = whole(), whole(dtype=np.float64)
    for call in (
        lambda: dot(single, double),
        lambda: trueno.add(single, double),
        lambda: trueno.exp(single, out=double),
    ):
        with pytest.raises(ParameterError) as caught:
            call()
        assert caught.value.code == "trueno.dtype"
        assert (caught.value.detail["allowed"], caught.value.detail["value"]) == (("float32",), "float64")


def test_masked_arrays_are_refused_because_their_mask_would_be_lost():
    with pytest.raises(ParameterError) as caught:
        sum(np.ma.masked_array(whole(), whole() > 0))
    assert caught.value.code == "trueno.layout"


def test_shapes_that_do_not_fit_are_refused_with_both():
    for call, expected, got in [
        (lambda: dot(whole(3), whole(4)), (3,), (4,)),
        (lambda: dot(memoryview(whole(3)), memoryview(whole(4))), (3,), (4,)),
        (lambda: trueno.add(whole(3), whole(4)), (3,), (4,)),
        (lambda: trueno.add(whole(4), np.ones((2, 2), np.float32)), (4,), (2, 2)),
        (lambda: trueno.add(whole(3), whole(3), out=whole(4)), (3,), (4,)),
        (lambda: axpy(1.0, whole(3), whole(4)), (3,), (4,)),
        (lambda: dot(np.ones((2, 2), np.float32), whole(4)), "(n,)", (2, 2)),
        (lambda: sum(np.ones((2, 2, 2), np.float32)), None, (2, 2, 2)),
        (lambda: sum(np.array(1, np.float32)), None, ()),
    ]:
        with pytest.raises(ShapeError) as caught:
            call()
        assert caught.value.code == "trueno.shape"
        assert caught.value.detail["got"] == got
        assert expected is None or caught.value.detail["expected"] == expected


READ_ONLY = {"array": locked, "memoryview": lambda: memoryview(locked()), "ours": lambda: Vector.borrow(locked())}


@pytest.mark.parametrize("name", READ_ONLY)
def test_an_output_that_must_not_be_written_is_refused(name):
    output = READ_ONLY[name]()
    for call in (
        lambda: axpy(1.0, whole(), output),
        lambda: trueno.add(whole(), 1.0, out=output),
        lambda: trueno.softmax(whole(), out=output),
    ):
        with pytest.raises(ParameterError) as caught:
            call()
        assert (caught.value.code, caught.value.detail["value"]) == ("trueno.layout", "read-only")
    assert sum(output) == 8.0, "reading it is fine"


@pytest.mark.parametrize("layout", ["array", "memoryview", "strided", "ours, borrowed", "misaligned"])
@pytest.mark.parametrize("shift", [1, 5, 39])
def test_an_output_that_shares_a_part_of_an_input_is_refused(layout, shift):
    block = LAYOUTS[layout](np.arange(40 + shift, dtype=np.float32))
    for x, y in ((block[:40], block[shift:]), (block[shift:], block[:40])):
        for call in (
            lambda x=x, y=y: axpy(1.0, x, y),
            lambda x=x, y=y: trueno.add(x, 1.0, out=y),
            lambda x=x, y=y: trueno.add(whole(40), x, out=y),
            lambda x=x, y=y: trueno.exp(x, out=y),
            lambda x=x, y=y: trueno.softmax(x, out=y),
            lambda x=x, y=y: trueno.prefix_sum(x, out=y),
        ):
            with pytest.raises(ParameterError) as caught:
                call()
            assert caught.value.code == "trueno.overlap"
    assert np.array_equal(np.asarray(block), np.arange(40 + shift))


def test_neighbours_do_not_overlap():
    block = whole(80)
    axpy(1.0, block[:40], block[40:])
    axpy(1.0, block[40:], block[:40])
    assert block.tolist() == [3.0] * 40 + [2.0] * 40
    trueno.add(block[::2], 1.0, out=block[1::2])
    assert block.tolist() == [3.0, 4.0] * 20 + [2.0, 3.0] * 20


def test_numbers_stand_for_arrays_and_are_rounded_to_their_type():
    x = whole(2)
    assert trueno.mul(0.1, x).tolist() == [float(np.float32(0.1))] * 2
    assert trueno.mul(0.1, whole(2, np.float64)).tolist() == [0.1] * 2
    assert trueno.add(x, True).tolist() == [2.0, 2.0]  # noqa: FBT003
    assert trueno.add(np.float64(2), x).tolist() == [3.0, 3.0]
    with pytest.raises(ParameterError) as caught:
        trueno.add(1.0, 2.0)
    assert caught.value.code == "trueno.dtype"


def test_the_factor_is_any_number_and_nothing_else():
    y = whole(1)
    axpy(np.float64(2), whole(1), y)
    axpy(True, whole(1), y)  # noqa: FBT003
    assert y[0] == 4.0
    with pytest.raises(TypeError):
        axpy("2", whole(1), y)
    assert y[0] == 4.0


def test_code_that_a_factor_runs_cannot_pull_memory_away():
    x, y = whole(4096), whole(4096)

    class Evil:
        def __float__(self):
            x.resize(1, refcheck=False)
            return 1.0

    with pytest.raises(ShapeError):
        axpy(Evil(), x, y)


@pytest.mark.parametrize(
    ("name", "reason"), [("gpu", "not built yet"), ("AVX2", "unknown"), ("", "unknown"), ("absent", "lacks")]
)
def test_a_backend_that_is_not_there_is_refused_by_name(name, reason):
    if name == "absent":
        name = next(each for each in Backend if each not in available_backends() and each is not Backend.GPU)
    for call in (lambda: sum(whole(), backend=name), lambda: trueno.add(whole(), 1, backend=name)):
        with pytest.raises(DeviceError) as caught:
            call()
        assert caught.value.code == "trueno.backend"
        assert caught.value.detail["backend"] == name
        assert reason in caught.value.detail["reason"]


def test_large_vectors_let_other_threads_run():
    a, b = map(Vector, vectors(4_000_000, 2))
    expected, ticks, is_done = dot(a, b), 0, threading.Event()
    sys_interval = sys.getswitchinterval()

    def count():
        nonlocal ticks
        while not is_done.is_set():
            ticks += 1
            time.sleep(0)

    # With the lock held through each call, and no switch between them, the other thread would not run at all.
    sys.setswitchinterval(100)
    other = threading.Thread(target=count)
    try:
        other.start()
        for _ in range(30):
            assert dot(a, b) == expected
    finally:
        sys.setswitchinterval(sys_interval)
        is_done.set()
        other.join()
    assert ticks > 30


def test_an_array_that_was_closed_is_refused_in_every_place():
    gone, good = Vector([1, 2]), Vector([1, 2])
    gone.close()
    for call in (
        lambda: sum(gone),
        lambda: dot(good, gone),
        lambda: trueno.add(gone, 1),
        lambda: trueno.add(good, 1, out=gone),
        lambda: axpy(1.0, good, gone),
        lambda: trueno.mul(gone, good),
        lambda: gone[0],
        lambda: memoryview(gone),
        lambda: gone.copy().size,
    ):
        with pytest.raises(ParameterError) as caught:
            call()
        assert caught.value.code == "trueno.closed"
    lazily = good + 1
    good.close()
    with pytest.raises(ParameterError) as caught:
        lazily.eval()
    assert caught.value.code == "trueno.closed"


def test_an_array_whose_memory_is_in_use_is_not_closed():
    v = Vector([1, 2, 3])
    for user in (v[1:], memoryview(v), np.asarray(v)):
        with pytest.raises(ParameterError) as caught:
            v.close()
        assert caught.value.code == "trueno.in_use"
        assert trueno.sum(v) == 6
        del user
    v.close()
    assert v.is_closed


@pytest.mark.parametrize("index", [3, -4, 2**40, -(2**63)])
def test_a_place_outside_is_refused_with_its_position_and_nothing_is_written(index):
    x, places = whole(3), np.array([0, 1, index, 99], np.int64)
    out = np.zeros(4, np.float32)
    for call in (lambda: trueno.gather(x, places, out=out), lambda: trueno.scatter(whole(4), places, out=x)):
        with pytest.raises(ParameterError) as caught:
            call()
        assert caught.value.code == "trueno.index"
        facts = {"name": "indices", "value": index, "position": 2, "allowed": "-3 <= index < 3"}
        assert caught.value.detail == facts
    assert (x.tolist(), out.tolist()) == ([1, 1, 1], [0, 0, 0, 0])


def test_places_are_whole_numbers_and_as_many_as_values():
    for places in (np.zeros(2, np.float32), np.zeros(2, np.uint8)):
        with pytest.raises(ParameterError) as caught:
            trueno.gather(whole(3), places)
        assert caught.value.code == "trueno.dtype"
    with pytest.raises(ShapeError):
        trueno.scatter(whole(3), np.zeros(2, np.int64), out=whole(3))
    assert trueno.gather(whole(3), np.array([-1, 0], np.int32)).tolist() == [1, 1]
    assert trueno.gather(np.array([5, 6], np.int8), np.array([1])).tolist() == [6]


def test_the_largest_are_as_many_as_there_are_at_most():
    values, places = trueno.top_k(np.float32([1, 9, 4]), 2)
    assert (values.tolist(), places.tolist()) == ([9, 4], [1, 2])
    for wrong in (4, -1):
        with pytest.raises(ParameterError) as caught:
            trueno.top_k(whole(3), wrong)
        assert caught.value.code == "trueno.parameter"
        assert caught.value.detail["name"] == "k"


def test_the_dot_product_of_small_integers_is_exact():
    a, b = np.random.default_rng(0).integers(-128, 128, (2, 10_001)).astype(np.int8)
    for backend in BACKENDS:
        for length in (0, 1, 63, 64, 65, 10_001):
            expected = int(a[:length].astype(int) @ b[:length].astype(int))
            assert dot(a[:length], b[:length], backend=backend) == expected
    large = np.full(200_000, -128, np.int8)
    with pytest.raises(ParameterError):
        dot(large, large)


@pytest.mark.parametrize(("scale", "zero_point"), [(0.0, 0), (-1.0, 0), (math.nan, 0), (math.inf, 0), (1.0, 128)])
def test_a_scale_or_zero_point_that_makes_no_sense_is_refused(scale, zero_point):
    for call in (
        lambda: trueno.quantize(whole(), scale, zero_point=zero_point),
        lambda: trueno.dequantize(np.zeros(3, np.int8), scale, zero_point=zero_point),
    ):
        with pytest.raises(ParameterError) as caught:
            call()
        assert caught.value.code == "trueno.parameter"


def test_rows_of_a_matrix_are_worked_on_one_by_one():
    m = np.random.default_rng(1).standard_normal((5, 33), dtype=np.float32)
    for name in ("softmax", "log_softmax", "layer_norm", "rms_norm", "normalize", "prefix_sum"):
        found = getattr(trueno, name)(m)
        assert isinstance(found, Matrix)
        for row, expected in zip(np.asarray(found), m, strict=True):
            assert np.array_equal(row, np.asarray(getattr(trueno, name)(expected)))
    with pytest.raises(ShapeError) as caught:
        trueno.layer_norm(m, weight=whole(32))
    assert (caught.value.detail["expected"], caught.value.detail["got"]) == ((33,), (32,))


def test_rows_with_infinities_are_those_of_the_formula():
    rows = np.float32([[0, math.inf], [-math.inf, 0], [math.nan, 0], [-math.inf, -math.inf]])
    got = np.asarray(trueno.softmax(rows))
    nan = math.nan
    assert np.array_equal(got, np.float32([[nan, nan], [0, 1], [nan, nan], [nan, nan]]), equal_nan=True)
