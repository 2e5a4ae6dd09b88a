"""`Vector` and `Matrix`: what they hold, how they are cut, whom they lend their memory, and when they let go of it."""

from __future__ import annotations

import array
import gc
import io
import itertools
import sys
import threading
import time
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign import _native
from sovereign._native import Array, Matrix, Vector, from_dlpack
from sovereign.errors import DeviceError, ParameterError, ShapeError

DTYPES = ["float32", "float64", "int8", "uint8", "int32", "int64"]


def refused(call, family=ParameterError):
    with pytest.raises(family) as caught:
        call()
    return caught.value


@pytest.fixture
def matrix():
    return Matrix(np.arange(12, dtype=np.float32).reshape(3, 4))


@pytest.mark.parametrize("dtype", DTYPES)
def test_values_come_back_as_they_went_in(dtype):
    numbers = [0, 1, 2, 127]
    for values in (numbers, tuple(numbers), np.array(numbers, dtype), array.array("d", numbers), range(3)):
        if dtype.startswith("float") or not isinstance(values, array.array):
            vector = Vector(values, dtype=dtype)
            assert (vector.tolist(), vector.dtype, vector.shape) == (list(values), dtype, (len(values),))
            assert vector.numpy().dtype == dtype
    rows = Matrix([numbers, numbers[::-1]], dtype)
    assert (rows.tolist(), rows.shape, rows.size) == ([numbers, numbers[::-1]], (2, 4), 8)
    assert rows.nbytes == 8 * np.dtype(dtype).itemsize
    assert (rows.is_owner, rows.readonly, rows.is_closed) == (True, False, False)
    assert np.asarray(rows).ctypes.data % 64 == 0


@pytest.mark.parametrize(
    ("call", "family", "code"),
    [
        (lambda: Vector([300], dtype="int8"), ParameterError, "trueno.parameter"),
        (lambda: Vector([-1], dtype="uint8"), ParameterError, "trueno.parameter"),
        (lambda: Vector(np.ones(2), dtype="int32"), ParameterError, "trueno.dtype"),
        (lambda: Vector([1], dtype="float16"), ParameterError, "trueno.dtype"),
        (lambda: Vector(np.ones(2, complex)), ParameterError, "trueno.dtype"),
        (lambda: Vector(np.ones((2, 2))), ShapeError, "trueno.shape"),
        (lambda: Matrix(np.ones(2)), ShapeError, "trueno.shape"),
        (lambda: Matrix([[1, 2], [3]]), ShapeError, "trueno.shape"),
        (lambda: Vector.zeros(-1), ParameterError, "trueno.parameter"),
        (lambda: Vector.borrow([1, 2]), ParameterError, "trueno.dtype"),
        (lambda: Vector.borrow(np.frombuffer(bytes(9), np.uint8)[1:].view("f4")), ParameterError, "trueno.layout"),
        (lambda: Vector.borrow(np.ma.masked_array(np.ones(2))), ParameterError, "trueno.layout"),
    ],
)
def test_what_makes_no_array_is_refused(call, family, code):
    assert refused(call, family).code == code


@pytest.mark.parametrize(
    "call",
    [
        lambda: Vector(3, dtype="int8"),
        lambda: Vector([1.5], dtype="int8"),
        lambda: Vector(["1"]),
        lambda: Vector(dtype="int8"),
        lambda: Vector([1], "float32", 3),
        lambda: Vector([1], kind="float32"),
        lambda: Matrix([1, 2]),
        Array,
        lambda: type("Mine", (Vector,), {}),
        type("Mine", (Array,), {}),
        lambda: setattr(Vector, "shape", 3),
        lambda: Vector([1])["a"],
        lambda: Matrix([[1]])[0, 0, 0],
        lambda: Vector([1]).__delitem__(0),
        lambda: from_dlpack(x=3),
        lambda: _native.scatter(Vector([1]), Vector([0], dtype="int64")),
    ],
)
def test_a_call_of_another_kind_is_a_type_error(call):
    with pytest.raises(TypeError):
        call()


def test_no_memory_is_a_memory_error():
    for call in (lambda: Vector.empty(1 << 62), lambda: Matrix.empty(1 << 40, 1 << 40)):
        with pytest.raises(MemoryError):
            call()


@given(row=st.slices(3) | st.integers(-3, 2), column=st.slices(4) | st.integers(-4, 3))
def test_indexing_is_numpy_s(row, column):
    expected = np.arange(12, dtype=np.float32).reshape(3, 4)
    matrix = Matrix(expected)
    assert np.array_equal(matrix[row, column], expected[row, column])
    assert np.array_equal(matrix[row], expected[row])
    assert np.array_equal(matrix.T[column, row], expected.T[column, row])
    found = matrix[row, column]
    if isinstance(found, Array):
        assert np.shares_memory(found.numpy(), matrix.numpy()) == bool(found.size)
        assert found.shape == expected[row, column].shape
        assert found.tolist() == expected[row, column].tolist()
    matrix[row, column] = 7
    expected[row, column] = 7
    assert np.array_equal(matrix, expected)


@given(target=st.slices(9), source=st.slices(9))
def test_assignment_is_numpy_s_also_where_parts_overlap(target, source):
    expected = np.arange(9, dtype=np.float32)
    vector = Vector(expected)
    if expected[target].size != expected[source].size:
        assert refused(lambda: vector.__setitem__(target, vector[source]), ShapeError).detail["name"] == "value"
        return
    vector[target] = vector[source]
    expected[target] = expected[source].copy()
    assert np.array_equal(vector, expected)


def test_places_outside_are_refused_and_iteration_ends(matrix):
    for index in (3, -4, (0, 4), (0, -5)):
        error = refused(lambda index=index: matrix[index])
        assert error.code == "trueno.index"
        assert str(error.detail["value"]) in str(error)
    assert [row.tolist() for row in matrix] == matrix.tolist()
    assert list(Vector([1, 2])) == [1.0, 2.0]
    assert list(reversed(Vector([1, 2]))) == [2.0, 1.0]
    assert (len(matrix), len(matrix[0])) == (3, 4)
    assert 2.0 in matrix[0]


def test_a_value_of_another_type_is_refused(matrix):
    assert refused(lambda: matrix.__setitem__(0, np.ones(4))).code == "trueno.dtype"
    with pytest.raises(TypeError):
        matrix[0] = [1, 2, 3, 4]


def test_texts_show_the_ends():
    assert repr(Vector([1, 2])) == "Vector([1.0, 2.0], shape=(2,), dtype=float32)"
    assert repr(Vector(range(1000), "int64")) == ("Vector([0, 1, 2, ..., 997, 998, 999], shape=(1000,), dtype=int64)")
    assert repr(Matrix([[0.1]])) == "Matrix([[0.1]], shape=(1, 1), dtype=float32)"
    text = repr(Matrix.zeros(50, 50, dtype="int32"))
    assert text.startswith("Matrix([[0, 0, 0, ..., 0, 0, 0], [0,")
    assert text.endswith("], shape=(50, 50), dtype=int32)")
    assert len(text) < 250
    assert repr(Vector([float("nan"), float("inf")])).startswith("Vector([nan, inf]")


def test_equality_is_identity():
    vector = Vector([1, 2])
    assert vector == vector  # noqa: PLR0124 - the point
    assert vector != Vector([1, 2])
    assert len({vector, vector.copy()}) == 2


def test_a_borrowed_array_is_the_exporter_s_memory():
    memory = array.array("f", [1, 2, 3])
    vector = Vector.borrow(memory)
    vector[1] = 9
    assert memory[1] == 9
    assert not vector.is_owner
    with pytest.raises(BufferError):
        memory.append(1)
    vector.close()
    memory.append(1)
    assert Vector.borrow(b"\1\2").readonly
    fixed = Vector.borrow(b"\1\2")
    assert refused(lambda: fixed.__setitem__(0, 1)).code == "trueno.layout"
    assert memoryview(fixed).readonly


def test_views_keep_the_base_alive_and_open(matrix):
    part = matrix[1:, ::2].T[1]
    assert refused(matrix.close).code == "trueno.in_use"
    assert refused(matrix.close).detail["value"] == 1
    expected = part.tolist()
    del matrix
    gc.collect()
    assert part.tolist() == expected == [6.0, 10.0]


def test_a_closed_array_is_refused_everywhere(matrix):
    exported = memoryview(matrix)
    assert refused(matrix.close).code == "trueno.in_use"
    exported.release()
    matrix.close()
    matrix.close()
    assert matrix.is_closed
    assert repr(matrix) == "Matrix(closed, shape=(3, 4), dtype=float32)"
    uses = [
        lambda: matrix[0],
        lambda: matrix.__setitem__(0, 1),
        lambda: memoryview(matrix),
        lambda: list(matrix),
        lambda: matrix.T,
        matrix.copy,
        matrix.tolist,
        matrix.numpy,
        matrix.__enter__,
        matrix.__dlpack__,
        lambda: matrix.reshape(-1),
        lambda: _native.sum(matrix),
        lambda: _native.add(np.ones((3, 4), np.float32), 1, out=matrix),
        lambda: Matrix(matrix),
    ]
    assert {refused(use).code for use in uses} == {"trueno.closed"}
    with Vector([1]) as vector:
        pass
    assert vector.is_closed


def test_an_index_that_closes_the_array_finds_it_closed():
    vector = Vector(range(1000))

    class Closer:
        def __index__(self):
            vector.close()
            return 3

    assert refused(lambda: vector[Closer()]).code == "trueno.closed"
    vector = Vector(range(1000))
    assert refused(lambda: vector.__setitem__(Closer(), 1)).code == "trueno.closed"


def test_an_array_cannot_be_closed_while_a_kernel_runs_on_it():
    vector = Vector.zeros(1_000_000)
    is_running = threading.Event()

    def work():
        is_running.set()
        _native.read_loop(vector, 3000)

    thread = threading.Thread(target=work)
    thread.start()
    is_running.wait()
    # From here to the end of the loop it takes a fraction of a second, to its start a few microseconds.
    time.sleep(0.02)
    assert refused(vector.close).code == "trueno.in_use"
    thread.join()
    vector.close()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("cut", [np.s_[:], np.s_[::2, ::-1], np.s_[1], np.s_[:, 2], np.s_[3:]])
def test_buffers_and_tensors_show_the_same_memory(dtype, cut):
    expected = np.arange(12).reshape(3, 4).astype(dtype)
    whole = Matrix(expected, dtype=dtype)
    part, expected = whole[cut], expected[cut]
    for seen in (np.asarray(part), np.from_dlpack(part), part.numpy(), np.asarray(from_dlpack(part))):
        assert seen.dtype == dtype
        assert np.array_equal(seen, expected)
    assert part.strides == memoryview(part).strides
    assert memoryview(part).tolist() == expected.tolist() == part.tolist()
    assert bytes(part) == expected.tobytes()
    taken = from_dlpack(expected)
    assert np.array_equal(taken, expected)
    assert np.shares_memory(taken, expected) == bool(expected.size)
    assert np.array_equal(np.asarray(part, dtype=np.float64), expected.astype(np.float64))


def test_a_read_only_tensor_stays_read_only():
    fixed = np.arange(3, dtype=np.float32)
    fixed.setflags(write=False)
    taken = from_dlpack(fixed)
    assert taken.readonly
    assert not np.from_dlpack(taken).flags.writeable
    with pytest.raises(BufferError):
        taken.__dlpack__()
    copied = from_dlpack(Copied(taken))
    copied[0] = 5
    assert fixed[0] == 0


class Copied:
    """An exporter that gives a copy, in the form without a version."""

    def __init__(self, inner):
        self.inner = inner

    def __dlpack_device__(self):
        return self.inner.__dlpack_device__()

    def __dlpack__(self):
        return self.inner.__dlpack__(max_version=(1, 0), copy=True)


class Elsewhere:
    """An exporter of memory on a graphics processor."""

    def __dlpack_device__(self):
        return (2, 0)

    def __dlpack__(self, **options):
        pytest.fail("memory of another device should not be asked for")


def test_tensors_of_another_kind_are_refused():
    error = refused(lambda: from_dlpack(Elsewhere()), DeviceError)
    assert (error.code, error.detail["backend"]) == ("trueno.backend", "cuda")
    assert refused(lambda: from_dlpack(np.ones((1, 1, 1))), ShapeError).code == "trueno.shape"
    assert refused(lambda: from_dlpack(np.ones(1, np.float16))).code == "trueno.dtype"
    for options in ({"stream": 1}, {"dl_device": (2, 0)}):
        with pytest.raises(BufferError):
            Vector([1]).__dlpack__(**options)


@pytest.mark.parametrize("version", [None, (1, 0)])
def test_a_tensor_is_deleted_once_whether_taken_or_not(version):
    vector = Vector([1, 2])
    capsule = vector.__dlpack__(max_version=version)
    assert refused(vector.close).code == "trueno.in_use"
    del capsule
    taken = np.from_dlpack(vector)
    assert refused(vector.close).code == "trueno.in_use"
    del taken
    gc.collect()
    vector.close()
    source = np.ones(3, np.float32)
    before = sys.getrefcount(source)
    taken = from_dlpack(source)
    assert sys.getrefcount(source) > before
    taken.close()
    assert sys.getrefcount(source) == before


def test_a_buffer_is_refused_in_a_form_that_it_has_not(matrix):
    # A hash asks for plain bytes, a stream for bytes that it may write.
    with pytest.raises(BufferError):
        zlib.crc32(matrix[:, 0])
    assert zlib.crc32(matrix[1]) == zlib.crc32(matrix.numpy()[1].tobytes())
    with pytest.raises((BufferError, TypeError)):
        io.BytesIO(b"1234").readinto(Vector.borrow(b"1234"))
    writable = Vector.zeros(4, dtype="uint8")
    io.BytesIO(b"1234").readinto(writable)
    assert bytes(writable) == b"1234"


@pytest.mark.parametrize("shape", [(12,), (2, 6), (-1,), (4, -1), (-1, 3), (1, 12)])
def test_reshaping_gives_a_view(matrix, shape):
    expected = matrix.numpy().reshape(shape)
    found = matrix.reshape(*shape)
    assert np.array_equal(found, expected)
    assert np.shares_memory(found.numpy(), matrix.numpy())
    assert refused(lambda: matrix.reshape(5)).code == "trueno.parameter"
    assert refused(lambda: matrix.reshape(-1, 5)).code == "trueno.parameter"
    assert refused(lambda: matrix.T.reshape(12)).code == "trueno.layout"


OPERATORS = {
    "add": (lambda a, b: a + b),
    "sub": (lambda a, b: a - b),
    "mul": (lambda a, b: a * b),
    "div": (lambda a, b: a / b),
    "pow": (lambda a, b: a**b),
}


def test_operators_ask_what_was_registered():
    heard = []
    earlier = _native.register_operators(lambda *call: heard.append(call) or len(heard))
    try:
        vector, other = Vector([1, 2]), np.ones(2, np.float32)
        for name, operator in OPERATORS.items():
            for pair in ((vector, 2), (2, vector), (vector, other), (other, vector), (np.float64(2), vector)):
                assert operator(*pair) == len(heard)
                assert heard[-1][0] == name
                assert heard[-1][1] is pair[0]
                assert heard[-1][2] is pair[1]
        assert -vector == len(heard)
        assert heard[-1] == ("neg", vector)
        assert abs(vector) == len(heard)
        with pytest.raises(TypeError):
            pow(vector, 2, 3)
    finally:
        _native.register_operators(earlier)


def test_the_pool_gives_the_same_memory_again():
    _native.pool_trim()
    for size, dtype in itertools.product([1, 16, 1000, 100_000, 3_000_000], ["int8", "float64"]):
        vector = Vector.empty(size, dtype=dtype)
        place = vector.numpy().ctypes.data
        before = _native.pool_facts()
        vector.close()
        after = _native.pool_facts()
        assert after["kept_bytes"] - before["kept_bytes"] == before["used_bytes"] - after["used_bytes"] >= vector.nbytes
        again = Vector.empty(size, dtype=dtype)
        assert again.numpy().ctypes.data == place
        assert _native.pool_facts()["hits"] == after["hits"] + 1
    _native.pool_trim()
    assert _native.pool_facts()["kept_bytes"] == 0


def test_the_pool_keeps_no_more_than_it_may():
    limit = _native.pool_facts()["limit_bytes"]
    try:
        _native.pool_limit(1 << 20)
        many = [Vector.empty(1 << 16) for _ in range(20)]
        del many
        assert 0 < _native.pool_facts()["kept_bytes"] <= 1 << 20
        Vector.empty(1 << 20).close()
        assert _native.pool_facts()["kept_bytes"] <= 1 << 20
        _native.pool_limit(0)
        assert _native.pool_facts()["kept_bytes"] == 0
        assert refused(lambda: _native.pool_limit(-1)).code == "trueno.parameter"
    finally:
        _native.pool_limit(limit)
    assert _native.pool_facts()["limit_bytes"] == limit == 256 << 20


LOOPS = {
    "allocating": lambda v, _: _native.add(v, v),
    "buffers": lambda v, _: _native.add(memoryview(v), 1, out=memoryview(v)),
    "views": lambda v, m: (v[::2], m.T[1], m[0, 1], m.reshape(-1)),
    "tensors": lambda v, m: (from_dlpack(v), np.from_dlpack(m), v.__dlpack__()),
    "texts": lambda v, m: (repr(v), m.tolist(), v.shape, m.strides),
    "refusals": _native.add,
    "refused values": lambda _, __: Vector(["x"]),
    "refused outputs": lambda v, _: _native.add(memoryview(v), 1, out=bytes(40)),
    "closing": lambda v, _: v.close(),
}


@pytest.mark.parametrize("name", LOOPS)
def test_no_reference_and_no_memory_is_lost(name):
    vector, matrix = Vector(range(10)), Matrix(np.ones((4, 4)))
    holder = vector[1:]
    facts = []
    for _ in range(2):
        for _ in range(500):
            try:
                LOOPS[name](vector, matrix)
            except (ParameterError, ShapeError, TypeError):
                continue
        gc.collect()
        facts.append((sys.getrefcount(vector), sys.getrefcount(matrix), _native.pool_facts()["used_bytes"]))
    assert facts[0] == facts[1]
    del holder
    vector.close()
    matrix.close()
