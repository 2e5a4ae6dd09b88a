"""The twins are right on numbers that can be checked in the head, and as wide as they say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sovereign.compute.trueno.reference import OPERATIONS, element_type, sum_bound, ulp


def f(*numbers):
    return np.array(numbers, np.float32)


HEADS = {
    "clip": ((f(-3, 0.5, 3), -1.0, 2.0), [-1, 0.5, 2]),
    "leaky_relu": ((f(-4, 2),), [-2, 2]),
    "lerp": ((f(0, 10), f(10, 20), 0.5), [5, 15]),
    "axpy": ((2.0, f(3, 4), f(1, 1)), [7, 9]),
    "sigmoid": ((f(0, -200, 200, -np.inf),), [0.5, math.exp(-200), 1, 0]),
    "silu": ((f(0, -np.inf, np.inf),), [0, 0, np.inf]),
    "gelu": ((f(0, -np.inf, np.inf, 1),), [0, 0, np.inf, 0.5 * math.erfc(-1 / math.sqrt(2))]),
    "var": ((f(1, 2, 3, 4),), 1.25),
    "norm_l1": ((f(3, -4),), 7),
    "norm_l2": ((f(3, -4),), 5),
    "norm_linf": ((f(3, -4),), 4),
    "normalize": ((f(3, -4),), [0.6, -0.8]),
    "softmax": ((f(0, 0, math.log(2)),), [0.25, 0.25, 0.5]),
    "log_softmax": ((f(0, 0),), [-math.log(2)] * 2),
    "rms_norm": ((f(3, 3),), [1, 1]),
    "layer_norm": ((f(1, 3),), [-1, 3]),
    "prefix_sum": ((f(1, 2, 3),), [1, 3, 6]),
    "gather": ((f(1, 2, 3), np.array([-1, 0])), [3, 1]),
    "scatter": ((f(8, 9), np.array([1, -1])), [0, 8, 9]),
    "top_k": ((f(2, 7, np.nan, 7), 3), [[np.nan, 7, 7], [2, 1, 3]]),
    "quantize": ((f(0.25, 0.75, 1.25, 99, -99, np.nan), 0.5), [1, 3, 3, 127, -128, 1]),
    "dequantize": ((np.array([1, -3], np.int8), 0.5), [0, -2]),
    "matmul": ((f(1, 2).reshape(1, 2), f(3, 4).reshape(2, 1)), [[11]]),
    "outer": ((f(1, 2), f(3, 4)), [[3, 4], [6, 8]]),
    "pairwise_l2_squared": ((f(0, 0).reshape(1, 2), f(3, 4, 0, 1).reshape(2, 2)), [[25, 1]]),
    "argmin_axis1": ((f(3, 1, 1, 0).reshape(2, 2),), [1, 1]),
    "conv2d": ((f(*range(9)).reshape(1, 1, 3, 3), f(1, 0, 0, 1).reshape(1, 1, 2, 2)), [[[[4, 6], [10, 12]]]]),
    "solve_triangular": ((f(2, 9, 1, 4).reshape(2, 2), f(2, 9)), [1, 2]),
}


OPTIONS = {
    "leaky_relu": {"slope": 0.5},
    "layer_norm": {"weight": f(2, 2), "bias": f(1, 1)},
    "scatter": {"out": f(0, 0, 0)},
    "quantize": {"zero_point": 1},
    "dequantize": {"zero_point": 1},
}


@pytest.mark.parametrize("name", HEADS)
def test_a_twin_gives_what_the_head_gives(name):
    arguments, expected = HEADS[name]
    with np.errstate(invalid="ignore"):
        got = np.asarray(OPERATIONS[name].exact(*arguments, **OPTIONS.get(name, {})), float)
    np.testing.assert_allclose(got, np.asarray(expected, float), rtol=1e-5, atol=1e-15)


def test_a_factorization_is_seen_as_its_product():
    lower = f(2, 0, 3, 1).reshape(2, 2)
    assert OPERATIONS["cholesky"].seen(lower).tolist() == [[4, 6], [6, 10]]
    q, r = np.linalg.qr(lower)
    assert OPERATIONS["qr"].seen((q, r)) == pytest.approx(lower, abs=1e-6)


def test_the_approximate_form_is_near_the_exact_one():
    x = np.linspace(-6, 6, 99, dtype=np.float32)
    exact, near = (OPERATIONS["gelu"].exact(x, approximate=each) for each in (False, True))
    assert 1e-4 < np.max(np.abs(exact - near)) < 1e-3


def test_a_convolution_may_stride_and_pad():
    image, filters = np.ones((1, 1, 5, 5), np.float32), np.ones((1, 1, 3, 3), np.float32)
    found = OPERATIONS["conv2d"].exact(image, filters, stride=2, padding=1)
    assert found[0, 0].tolist() == [[4, 6, 4], [6, 9, 6], [4, 6, 4]]
    found = OPERATIONS["conv2d"].exact(image, filters, stride=(4, 2), padding=(1, 0), bias=f(10))
    assert found[0, 0].tolist() == [[16, 16], [16, 16]]


def test_a_convolution_in_groups_keeps_them_apart():
    image, filters = f(1, 2, 3, 4).reshape(1, 4, 1, 1), f(1, 1, 10, 10).reshape(2, 2, 1, 1)
    assert OPERATIONS["conv2d"].exact(image, filters, groups=2).ravel().tolist() == [3, 70]


def test_a_triangle_is_solved_from_either_side():
    a, b = f(2, 1, 5, 4).reshape(2, 2), f(4, 8)
    solve = OPERATIONS["solve_triangular"].exact
    assert solve(a, b, lower=False).tolist() == [1, 2]
    assert solve(a, b, lower=False, unit_diagonal=True).tolist() == [-4, 8]
    assert solve(a, b, lower=True, transposed=True).tolist() == [-3, 2]


def test_the_twins_are_wider_than_what_they_judge():
    a, b = f(2**24, 1), f(1, 1)
    assert OPERATIONS["dot"].exact(a, b) == OPERATIONS["sum"].exact(a) == 2**24 + 1
    assert OPERATIONS["scale"].exact(b, 0.1)[0] == float(np.float32(0.1)), "a number is rounded as the kernels do"
    assert OPERATIONS["scale"].exact(b.astype(float), 0.1)[0] == 0.1
    assert OPERATIONS["sum"].exact(np.array([1.0])).dtype == np.longdouble


def test_the_element_type_is_that_of_the_first_array_of_floats():
    assert element_type(2.0, np.arange(3), np.ones(1)) == np.float64
    assert element_type(2.0) == np.float32


def test_the_bound_of_a_sum_is_the_one_that_the_crate_states():
    ones = np.ones(20_000)
    assert sum_bound(ones, 2.0**-24) == pytest.approx((8192 / 16 + 8) * 2**-24 * 20_000)
    assert sum_bound(-ones[:17], 2.0**-24) == pytest.approx(10 * 2**-24 * 17)
    assert sum_bound(ones, 2.0**-53) == pytest.approx((8192 / 8 + 3 + 8) * 2**-53 * 20_000)


def test_an_ulp_is_the_gap_at_the_number_and_never_nothing():
    element = np.dtype(np.float32)
    assert ulp(np.array([1.0, 2.0, 0.0, 1e300]), element).tolist() == [2.0**-23, 2.0**-22, 2.0**-149, 2.0**104]
