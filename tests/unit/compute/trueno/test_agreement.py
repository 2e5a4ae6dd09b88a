"""The judge itself: it lets pass what is within the bound, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from sovereign.compute.trueno.agreement import share

X = np.float32([1.0, -2.0, 0.5])


def test_an_exact_operation_has_no_room():
    assert share("mul", X * X, X, X) == 0
    assert share("mul", np.nextafter(X * X, np.float32(9)), X, X) == np.inf


def test_an_error_counts_in_units_of_the_bound():
    exact = np.float32(np.exp(X.astype(float)))
    near = exact + 1.5 * np.spacing(exact)
    assert share("exp", exact, X) < 0.5
    assert 0.6 < share("exp", near.astype(np.float32), X) < 1.7
    assert share("exp", exact * np.float32(1.001), X) > 1000


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_must_be_exactly_that(wrong):
    x = np.float32([wrong, 1.0])
    assert share("scale", x * np.float32(2), x, 2.0) == 0
    assert share("exp", np.float32([np.exp(x[0]), np.exp(1)]), x) < 1
    assert share("exp", np.float32([1.0, np.exp(1)]), x) > 1
    assert share("exp", np.float32([wrong, np.exp(1)]), np.float32([1.0, 1.0])) == np.inf
    assert share("sum", wrong, np.float32([1.0, 2.0])) == np.inf


def test_both_sides_of_overflow_are_right_within_the_bound():
    top = np.finfo(np.float32).max
    x = np.array([top, 1e31], np.float32)
    assert share("sum", top, x) < 1
    assert share("sum", np.inf, x) == 0
    assert share("sum", -np.inf, x) == np.inf
    assert share("sum", 0.999 * top, x) > 1
    assert share("sum", np.inf, x / 2) == np.inf


def test_another_shape_is_wrong():
    assert share("add", X[:2] + X[:2], X, X) == np.inf
    assert share("sum", X, X) == np.inf


def test_nothing_agrees_with_nothing():
    empty = X[:0]
    assert share("exp", empty, empty) == share("add", empty, empty, empty) == share("sum", 0.0, empty) == 0
