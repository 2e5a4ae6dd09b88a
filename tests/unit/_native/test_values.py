"""What becomes an element, a number or an element type, and what is refused instead of changed in silence."""

from __future__ import annotations

import array
import warnings

import numpy as np
import pytest

from sovereign import _native
from sovereign._native import Matrix, Vector
from sovereign.errors import DeviceError, ParameterError

X = np.arange(6, dtype=np.float32)


def refused(call, family=ParameterError):
    with pytest.raises(family) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("dtype", ["float32", "float64", "int8", "uint8", "int32", "int64"])
def test_without_a_name_a_buffer_keeps_its_element_type(dtype):
    values = np.arange(3).astype(dtype)
    assert (Vector(values).dtype, Vector(values).tolist()) == (dtype, [0, 1, 2])
    assert Vector(Vector(values)).dtype == dtype
    assert Matrix(values.reshape(1, 3)[:, ::-1]).dtype == dtype
    assert Vector(values, dtype=None).dtype == dtype
    assert Vector(np.arange(3, dtype="int8"), dtype).dtype == dtype


def test_numbers_of_sequences_become_single_precision():
    exact = 1 + 2.0**-40
    assert (Vector([exact]).dtype, Vector([exact]).tolist()) == ("float32", [1.0])
    assert Vector(array.array("d", [exact])).tolist() == [exact]
    assert Vector(np.array([exact])).tolist() == [exact]
    assert Vector(np.array([exact]), dtype="float32").tolist() == [1.0]


@pytest.mark.parametrize("name", ["float32", "float64", "int8", "uint8", "int32", "int64"])
def test_numpy_s_element_types_are_names(name):
    for dtype in (getattr(np, name), np.dtype(name), name):
        assert Vector([1, 2], dtype=dtype).dtype == name
        assert Vector.zeros(2, dtype=dtype).dtype == Matrix.empty(1, 2, dtype=dtype).dtype == name


@pytest.mark.parametrize(("dtype", "got"), [(3, "3"), (np.float16, "float16"), (float, "float"), (1.5, "1.5")])
def test_another_element_type_is_refused_by_its_name(dtype, got):
    error = refused(lambda: Vector([1], dtype=dtype))
    assert (error.code, error.detail["name"], error.detail["value"]) == ("trueno.dtype", "dtype", got)
    assert error.detail["allowed"] == ("float32", "float64", "int8", "uint8", "int32", "int64")
    assert got in str(error)


@pytest.mark.parametrize("value", [1e39, -1e300, np.float64(3.5e38), 10**60])
def test_what_is_finite_stays_finite(value):
    vector = Vector([1.0])
    for call in (
        lambda: Vector([value]),
        lambda: Vector(np.array([value], "float64"), dtype="float32"),
        lambda: vector.__setitem__(0, value),
    ):
        error = refused(call)
        assert (error.code, error.detail["allowed"]) == ("trueno.parameter", "what fits into `float32`")
        assert float(error.detail["value"]) == float(value)
    assert vector.tolist() == [1.0]
    assert Vector([float("inf"), -float("inf")]).tolist() == [float("inf"), -float("inf")]
    # Half of the last digit beyond the largest number rounds to it.
    largest = float(np.finfo(np.float32).max)
    assert Vector([largest * (1 + 2.0**-26)]).tolist() == [largest]


@pytest.mark.parametrize(
    "number", [1j, np.complex64(1j), np.complex128(1), np.array(1j), np.ma.masked, np.ma.masked_array(2.0)]
)
def test_no_part_of_a_number_is_dropped(number):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = refused(lambda: _native.add(X, number))
        assert (error.code, error.detail["name"], error.detail["value"]) == ("trueno.dtype", "b", type(number).__name__)
        for call in (
            lambda: Vector([number]),
            lambda: _native.clip(X, number, 1),
            lambda: _native.axpy(number, X, X.copy()),
            lambda: Vector(X).__setitem__(0, number),
        ):
            with pytest.raises(TypeError):
                call()


@pytest.mark.parametrize("number", [5, 5.0, np.float32(5), np.int16(5), np.float16(5), np.array(5.0), np.array(5)])
def test_every_real_number_is_one(number):
    assert np.array_equal(_native.add(X, number), X + 5)
    assert _native.clip(X, 0, number).tolist() == X.tolist()


def test_operators_take_arrays_without_dimensions_as_numbers():
    heard = []
    earlier = _native.register_operators(lambda *call: heard.append(call) or "made")
    try:
        vector = Vector(X)
        assert vector + np.array(5.0) == np.array(5, "int8") * vector == "made"
    finally:
        _native.register_operators(earlier)
    assert heard == [("add", vector, 5.0), ("mul", 5.0, vector)]
    assert [type(heard[0][2]), type(heard[1][1])] == [float, float]


def test_a_backend_is_a_name():
    error = refused(lambda: _native.sum(X, backend=3), DeviceError)
    assert (error.code, error.detail["backend"]) == ("trueno.backend", "3")


@pytest.mark.parametrize("indices", [np.ones(2), [0, 1], np.ones(2, np.float16), np.ones(2, np.uint8)])
@pytest.mark.parametrize("call", [_native.gather, lambda x, at: _native.scatter(x[:2].copy(), at, out=x.copy())])
def test_places_are_of_two_element_types(call, indices):
    error = refused(lambda: call(X, indices))
    assert (error.code, error.detail["name"]) == ("trueno.dtype", "indices")
    assert error.detail["allowed"] == ("int32", "int64")


def test_rows_without_columns_are_not_counted():
    many = np.empty((1 << 40, 0), np.float64)
    assert Matrix(many, dtype="float32").shape == (1 << 40, 0)
    vector = Matrix(many)
    vector[:] = 1.0
    q, r = _native.qr(many)
    assert (q.shape, r.shape) == ((1 << 40, 0), (0, 0))
    assert [each.shape for each in _native.qr(many.T)] == [(0, 0), (0, 1 << 40)]
