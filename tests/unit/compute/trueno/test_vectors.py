"""The kernels against their NumPy twin, over lengths, offsets, exporters and everything that is refused."""

from __future__ import annotations

import array
import ctypes
import math
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sovereign.compute.trueno import Backend, available_backends, axpy, dot, reference, sum  # noqa: A004
from sovereign.errors import DeviceError, ParameterError, ShapeError

BACKENDS = [None, *available_backends()]
FINITE = st.floats(-(2.0**40), 2.0**40, width=32)
LENGTHS = st.one_of(st.integers(0, 200), st.sampled_from([8191, 8192, 8193, 20_000, 65_535, 65_536, 70_001]))


def vectors(length, count, seed=0):
    return np.random.default_rng([length, seed]).standard_normal((count, length), dtype=np.float32)


@pytest.mark.parametrize("backend", BACKENDS)
@given(data=st.data())
def test_kernels_agree_with_the_reference_on_any_numbers(backend, data):
    length = data.draw(st.integers(0, 100))
    a, b = (data.draw(arrays.arrays(np.float32, length, elements=FINITE)) for _ in range(2))
    assert abs(dot(a, b, backend=backend) - reference.dot(a, b)) <= reference.tolerance(a, b)
    assert abs(sum(a, backend=backend) - reference.sum(a)) <= reference.tolerance(a)
    y = b.copy()
    assert axpy(0.1, a, y, backend=backend) is None
    expected = reference.axpy(0.1, a, b)
    allowed = 2.0**-24 * (np.abs(np.float32(0.1) * a.astype(float)) + 2 * np.abs(expected)) + 2.0**-149
    assert np.all(np.abs(y - expected) <= allowed)


@pytest.mark.parametrize("backend", BACKENDS)
@given(length=LENGTHS, offset=st.integers(0, 17), seed=st.integers(0, 9))
def test_kernels_agree_at_any_length_and_offset(backend, length, offset, seed):
    a, b = (each[offset:] for each in vectors(length + offset, 2, seed))
    assert abs(dot(a, b, backend=backend) - reference.dot(a, b)) <= reference.tolerance(a, b)
    assert abs(sum(b, backend=backend) - reference.sum(b)) <= reference.tolerance(b)
    around = np.concatenate([[7], b, [9]]).astype(np.float32)
    axpy(-2.0, a, around[1:-1], backend=backend)
    assert np.allclose(around[1:-1], reference.axpy(-2.0, a, b), rtol=1e-6, atol=1e-6)
    assert (around[0], around[-1]) == (7, 9)


@pytest.mark.parametrize("backend", BACKENDS)
@given(place=st.integers(0, 99), value=st.sampled_from([math.nan, math.inf, -math.inf]))
def test_what_is_not_finite_comes_through(backend, place, value):
    x, ones = np.ones(100, np.float32), np.ones(100, np.float32)
    x[place] = value
    for got in (sum(x, backend=backend), dot(ones, x, backend=backend), dot(x, ones, backend=backend)):
        assert np.array_equal(got, value, equal_nan=True)
    axpy(1.0, x, ones, backend=backend)
    assert np.array_equal(ones[place], value, equal_nan=True)
    assert np.isfinite(np.delete(ones, place)).all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_empty_vectors_have_the_sum_zero(backend):
    empty = np.empty(0, np.float32)
    assert dot(empty, empty, backend=backend) == 0.0
    assert sum(empty, backend=backend) == 0.0
    assert axpy(1.0, empty, np.empty(0, np.float32), backend=backend) is None


EXPORTERS = {
    "ndarray": lambda x: x,
    "subclass of ndarray": lambda x: x.view(type("Mine", (np.ndarray,), {})),
    "read-only ndarray": lambda x: np.frombuffer(x.tobytes(), np.float32),
    "memoryview": memoryview,
    "array": lambda x: array.array("f", x),
    "ctypes": lambda x: (ctypes.c_float * x.size)(*x),
    "column of one": lambda x: np.asfortranarray(x.reshape(-1, 1))[:, 0],
    "ndarray with explicit byte order": lambda x: x.astype("<f4" if np.little_endian else ">f4"),
}


@pytest.mark.parametrize("name", EXPORTERS)
@pytest.mark.parametrize("length", [0, 1, 3, 384, 70_000])
def test_every_exporter_of_float32_gives_the_same(name, length):
    a, b = vectors(length, 2)
    exported = EXPORTERS[name](a)
    assert dot(exported, b) == dot(a, b) == dot(memoryview(a), memoryview(b))
    assert dot(b, exported) == dot(b, a)
    assert sum(exported) == sum(a) == sum(memoryview(a))


@pytest.mark.parametrize("name", ["ndarray", "subclass of ndarray", "memoryview", "array", "ctypes"])
@pytest.mark.parametrize("length", [1, 384, 70_000])
def test_every_writable_exporter_is_changed_in_place(name, length):
    x, y = vectors(length, 2)
    exported = EXPORTERS[name](y.copy())
    axpy(0.5, x, exported)
    expected = y.copy()
    axpy(0.5, x, expected)
    assert np.array_equal(np.asarray(exported, np.float32), expected)
    assert not np.array_equal(expected, y)


def whole(length=8):
    return np.ones(length, np.float32)


def misaligned(length=8):
    return np.frombuffer(bytearray(4 * length + 1), np.uint8)[1:].view(np.float32)


def locked():
    vector = whole()
    vector.setflags(write=False)
    return vector


REFUSED = {
    "float64": (np.ones(8), ParameterError, "trueno.dtype", "float64"),
    "float16": (np.ones(8, np.float16), ParameterError, "trueno.dtype", "float16"),
    "int32": (np.ones(8, np.int32), ParameterError, "trueno.dtype", "int32"),
    "uint8": (b"12345678", ParameterError, "trueno.dtype", "uint8"),
    "complex64": (np.ones(8, np.complex64), ParameterError, "trueno.dtype", "complex64"),
    "bool": (np.ones(8, bool), ParameterError, "trueno.dtype", "bool"),
    "swapped": (np.ones(8, ">f4" if np.little_endian else "<f4"), ParameterError, "trueno.dtype", None),
    "record": (np.ones(8, [("x", "f4")]), ParameterError, "trueno.dtype", None),
    "list": ([1.0] * 8, ParameterError, "trueno.dtype", "list"),
    "none": (None, ParameterError, "trueno.dtype", "NoneType"),
    "object": (np.array([None] * 8), ParameterError, "trueno.dtype", None),
    "time": (np.ones(8, "datetime64[s]"), ParameterError, "trueno.dtype", None),
    "strided": (whole(16)[::2], ParameterError, "trueno.layout", "strided"),
    "reversed": (whole()[::-1], ParameterError, "trueno.layout", "strided"),
    "repeated": (np.broadcast_to(np.float32(1), (8,)), ParameterError, "trueno.layout", "strided"),
    "strided memoryview": (memoryview(whole(16))[::2], ParameterError, "trueno.layout", "strided"),
    "misaligned": (misaligned(), ParameterError, "trueno.layout", "misaligned"),
    "misaligned memoryview": (memoryview(misaligned()), ParameterError, "trueno.layout", "misaligned"),
    "masked": (np.ma.masked_array(whole(), whole() > 0), ParameterError, "trueno.layout", "masked"),
    "matrix": (np.ones((2, 4), np.float32), ShapeError, "trueno.shape", (2, 4)),
    "number": (np.array(1, np.float32), ShapeError, "trueno.shape", ()),
    "longer": (whole(9), ShapeError, "trueno.shape", None),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_such_vector_is_refused_in_every_place(name):
    wrong, family, code, value = REFUSED[name]
    good, untouched = whole(), whole()
    calls = {"a": lambda: dot(wrong, good), "b": lambda: dot(good, wrong), "x": lambda: axpy(1.0, wrong, untouched)}
    if name not in {"uint8", "repeated"}:
        calls["y"] = lambda: axpy(1.0, good, wrong)
    if name != "longer":
        calls["x of sum"] = lambda: sum(wrong)
    for place, call in calls.items():
        with pytest.raises(family) as caught:
            call()
        detail = caught.value.detail
        assert caught.value.code == code
        if family is ParameterError:
            assert detail["name"] == place[0]
            assert value is None or detail["value"] == value
            assert f"`{place[0]}` is: `{detail['value']}`" in str(caught.value)
        elif value is not None:
            assert (detail["expected"], detail["got"]) == ("(n,)", value)
    assert np.array_equal(untouched, whole())


def test_vectors_of_different_length_are_refused_with_both_shapes():
    with pytest.raises(ShapeError) as caught:
        dot(whole(3), whole(4))
    assert caught.value.detail == {"expected": (3,), "got": (4,)}
    assert str(caught.value) == "the vectors differ in length: `3` and `4`"
    with pytest.raises(ShapeError):
        dot(memoryview(whole(3)), memoryview(whole(4)))
    y = whole(4)
    with pytest.raises(ShapeError):
        axpy(1.0, y[:3], y)


@pytest.mark.parametrize("output", [locked(), b"1234" * 8, memoryview(locked())], ids=["array", "bytes", "memoryview"])
def test_an_output_that_must_not_be_written_is_refused(output):
    with pytest.raises(ParameterError) as caught:
        axpy(1.0, whole(), output)
    expected = ("trueno.dtype", "uint8") if isinstance(output, bytes) else ("trueno.layout", "read-only")
    assert (caught.value.code, caught.value.detail["value"]) == expected
    assert sum(locked()) == 8.0, "reading it is fine"


@pytest.mark.parametrize("wrap", [lambda x: x, memoryview], ids=["array", "memoryview"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_output_may_be_the_input(wrap, backend):
    for length in (0, 1, 7, 40, 70_000):
        (x,) = vectors(length, 1)
        expected = x.copy()
        axpy(0.25, x, expected, backend=backend)
        axpy(0.25, wrap(x), wrap(x), backend=backend)
        assert np.array_equal(x, expected)


@pytest.mark.parametrize("wrap", [lambda x: x, memoryview], ids=["array", "memoryview"])
@pytest.mark.parametrize("shift", [1, 5, 39])
def test_an_output_that_shares_a_part_of_the_input_is_refused(wrap, shift):
    block = np.arange(40 + shift, dtype=np.float32)
    for x, y in ((block[:40], block[shift:]), (block[shift:], block[:40])):
        with pytest.raises(ParameterError) as caught:
            axpy(1.0, wrap(x), wrap(y))
        assert caught.value.code == "trueno.overlap"
    assert np.array_equal(block, np.arange(40 + shift))


def test_neighbours_do_not_overlap():
    block = np.ones(80, np.float32)
    axpy(1.0, block[:40], block[40:])
    axpy(1.0, block[40:], block[:40])
    assert block.tolist() == [3.0] * 40 + [2.0] * 40


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
    ("name", "reason"), [("gpu", "unknown"), ("AVX2", "unknown"), ("", "unknown"), ("absent", "lacks")]
)
def test_a_backend_that_is_not_there_is_refused_by_name(name, reason):
    if name == "absent":
        name = next(backend for backend in Backend if backend not in available_backends())
    with pytest.raises(DeviceError) as caught:
        sum(whole(), backend=name)
    assert caught.value.code == "trueno.backend"
    assert caught.value.detail["backend"] == name
    assert reason in caught.value.detail["reason"]
    assert str(caught.value).endswith(f": `{name}`")


def test_large_vectors_let_other_threads_run_and_agree():
    a, b = vectors(500_000, 2)
    results = []
    threads = [threading.Thread(target=lambda: results.append(dot(a, b))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [dot(a, b)] * 4
