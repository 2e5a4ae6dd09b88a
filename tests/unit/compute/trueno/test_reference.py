"""The twin is right on numbers that can be checked in the head."""

from __future__ import annotations

import numpy as np
import pytest

from sovereign.compute.trueno import reference


def test_the_twin_computes_in_double_precision():
    a, b = np.array([2**24, 1], np.float32), np.array([1, 1], np.float32)
    assert reference.dot(a, b) == reference.sum(a) == 2**24 + 1
    assert reference.axpy(1.0, b, a).tolist() == [2**24 + 1, 2]
    assert reference.axpy(0.1, b, 0 * b)[0] == float(np.float32(0.1))


def test_the_tolerance_is_the_bound_that_the_crate_states():
    ones = np.ones(20_000, np.float32)
    assert reference.tolerance(ones) == pytest.approx((8192 / 16 + 8) * 2**-24 * 20_000)
    assert reference.tolerance(ones[:17], -ones[:17]) == pytest.approx(10 * 2**-24 * 17 + 17 * 2**-149)
    assert reference.tolerance(ones[:0]) == 0
