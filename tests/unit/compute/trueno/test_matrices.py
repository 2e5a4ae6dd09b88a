"""What operations on matrices promise beyond their numbers, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sovereign.compute import trueno
from sovereign.compute.trueno import Matrix, Vector, available_backends, matmul, pack
from sovereign.compute.trueno.agreement import share
from sovereign.errors import DeviceError, ParameterError, ShapeError

BACKENDS = [None, *available_backends()]
EDGES = [0, 1, 2, 7, 15, 16, 17, 48, 63, 64, 65, 130]


def matrix(rows, columns, seed=0, dtype=np.float32):
    return np.random.default_rng([rows, columns, seed]).standard_normal((rows, columns)).astype(dtype)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_products_of_every_side_around_the_tiles(backend, dtype):
    for side in EDGES:
        for rows, inner, columns in ((side, 33, 5), (5, side, 33), (33, 5, side), (side, side, side)):
            a, b = matrix(rows, inner, 1, dtype), matrix(inner, columns, 2, dtype)
            found = matmul(a, b, backend=backend)
            assert share("matmul", np.asarray(found), a, b) <= 1
            assert share("matmul", np.asarray(matmul(a, pack(b, backend=backend))), a, b) <= 1


def test_a_transposed_view_is_multiplied_as_it_is():
    a, b = Matrix(matrix(40, 30)), Matrix(matrix(40, 20))
    expected = np.asarray(a).T.astype(float) @ np.asarray(b)
    assert np.allclose(np.asarray(matmul(a.T, b)), expected, atol=1e-5)
    assert np.allclose(np.asarray(matmul(np.asarray(a).T, np.asfortranarray(b))), expected, atol=1e-5)
    assert np.allclose(np.asarray(trueno.matvec(a.T, np.asarray(b)[:, 3])), expected[:, 3], atol=1e-5)
    assert np.array_equal(np.asarray(trueno.transpose(a)), np.asarray(a).T)


def test_threads_do_not_change_what_is_right():
    a, b = matrix(700, 300), matrix(300, 500)
    for threads in (1, 2, 3):
        assert share("matmul", np.asarray(matmul(a, b, threads=threads)), a, b) <= 1
    with pytest.raises(ParameterError):
        matmul(a, b, threads=0)


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_is_not_finite_reaches_its_row_and_column_alone(backend):
    a, b = np.ones((20, 20), np.float32), np.ones((20, 20), np.float32)
    a[3, 4], b[5, 6] = math.nan, math.inf
    found = np.asarray(matmul(a, b, backend=backend))
    assert np.isnan(found[3]).all()
    assert np.isinf(np.delete(found[:, 6], 3)).all()
    assert np.isfinite(np.delete(np.delete(found, 3, 0), 6, 1)).all()


def test_a_packed_side_belongs_to_its_backend():
    a, b = matrix(9, 8), matrix(8, 7)
    first, last = available_backends()[0], available_backends()[-1]
    packed = pack(b, backend=first)
    assert (packed.shape, packed.dtype, packed.backend) == ((8, 7), "float32", first)
    assert share("matmul", np.asarray(matmul(a, packed)), a, b) <= 1
    with pytest.raises(DeviceError) as caught:
        matmul(a, packed, backend=last)
    assert caught.value.code == "trueno.backend"
    assert caught.value.detail["backend"] == first
    b[...] = 0
    assert np.asarray(matmul(a, packed)).any(), "it holds a copy"


@pytest.mark.parametrize(
    ("call", "expected", "got"),
    [
        (lambda: matmul(matrix(2, 3), matrix(2, 3)), (3, 3), (2, 3)),
        (lambda: matmul(matrix(2, 3), matrix(3, 4), bias=np.ones(3, np.float32)), (4,), (3,)),
        (lambda: matmul(matrix(2, 3), matrix(3, 4), out=np.ones((4, 2), np.float32)), (2, 4), (4, 2)),
        (lambda: trueno.matvec(matrix(2, 3), np.ones(2, np.float32)), (3,), (2,)),
        (lambda: trueno.cholesky(matrix(2, 3)), None, (2, 3)),
        (lambda: trueno.solve_triangular(matrix(3, 3), np.ones(2, np.float32)), None, (2,)),
        (lambda: trueno.pairwise_l2_squared(matrix(2, 3), matrix(2, 4)), None, (2, 4)),
        (lambda: matmul(np.ones(3, np.float32), matrix(3, 3)), "(m, n)", (3,)),
    ],
)
def test_matrices_that_do_not_fit_are_refused_with_both_shapes(call, expected, got):
    with pytest.raises(ShapeError) as caught:
        call()
    assert caught.value.code == "trueno.shape"
    assert caught.value.detail["got"] == got
    assert expected is None or caught.value.detail["expected"] == expected


def test_an_output_that_shares_memory_with_a_product_s_input_is_refused():
    a = matrix(6, 6)
    for out in (a, a.T, a[:, ::-1]):
        with pytest.raises(ParameterError) as caught:
            matmul(a, a, out=out)
        assert caught.value.code == "trueno.overlap"


def test_a_matrix_that_is_not_definite_is_refused_with_its_pivot():
    a = np.eye(9, dtype=np.float32)
    a[5, 5] = -1
    for wrong in (a, np.full((1, 1), np.nan, np.float32)):
        with pytest.raises(ParameterError) as caught:
            trueno.cholesky(wrong)
        assert caught.value.code == "trueno.not_positive_definite"
    assert np.array_equal(np.asarray(trueno.cholesky(np.diag(np.float32([4, 9])))), np.diag([2, 3]))


def test_a_factor_is_lower_and_only_the_lower_half_is_read():
    x = matrix(70, 80).astype(np.float64)
    a = x @ x.T
    found = np.asarray(trueno.cholesky(np.tril(a)))
    assert np.array_equal(found, np.tril(found))
    assert np.allclose(found @ found.T, a)


def test_a_zero_on_the_diagonal_is_refused_unless_it_is_not_read():
    a, b = np.eye(4, dtype=np.float32), np.ones(4, np.float32)
    a[2, 2] = 0
    with pytest.raises(ParameterError) as caught:
        trueno.solve_triangular(a, b)
    assert caught.value.code == "trueno.singular"
    assert trueno.solve_triangular(a, b, unit_diagonal=True).tolist() == [1, 1, 1, 1]
    assert trueno.solve_triangular(2 * np.eye(4, dtype=np.float32), b, out=b) is b
    assert b.tolist() == [0.5] * 4


@pytest.mark.parametrize("shape", [(1, 1), (5, 5), (90, 40), (40, 90), (130, 129)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_q_is_orthogonal_and_r_a_triangle(shape, dtype):
    a = matrix(*shape, dtype=dtype)
    q, r = map(np.asarray, trueno.qr(a))
    small = min(shape)
    assert (q.shape, r.shape) == ((shape[0], small), (small, shape[1]))
    unit = np.finfo(dtype).eps
    assert np.abs(q.T.astype(float) @ q - np.eye(small)).max() < 10 * small**0.5 * unit
    assert np.array_equal(r, np.triu(r))
    assert np.abs(q.astype(float) @ r - a).max() < 10 * small**0.5 * unit * np.abs(a).max() * small**0.5


def test_the_distance_of_a_row_from_itself_is_zero_and_none_is_below():
    x = matrix(50, 33) + 1000
    found = np.asarray(trueno.pairwise_l2_squared(x, x))
    assert np.array_equal(np.diag(found), np.zeros(50))
    assert found.min() >= 0


def test_the_first_smallest_of_each_row_is_found():
    rows = np.float32([[3, 1, 1], [math.nan, 0, 1], [0, math.nan, -1], [-0.0, 0.0, 0.0]])
    found = trueno.argmin_axis1(rows)
    assert isinstance(found, Vector)
    assert (found.dtype, found.tolist()) == ("int64", np.argmin(rows, axis=1).tolist())
    with pytest.raises(ParameterError):
        trueno.argmin_axis1(np.empty((2, 0), np.float32))


def test_a_convolution_that_does_not_fit_is_refused():
    images, filters = np.ones((1, 4, 5, 5), np.float32), np.ones((2, 2, 3, 3), np.float32)
    assert np.asarray(trueno.conv2d(images, filters, groups=2)).shape == (2, 9)
    for wrong in ({}, {"groups": 3}, {"groups": 0}, {"groups": 2, "stride": 0}, {"groups": 2, "padding": -1}):
        with pytest.raises(ParameterError) as caught:
            trueno.conv2d(images, filters, **wrong)
        assert caught.value.code == "trueno.parameter"
