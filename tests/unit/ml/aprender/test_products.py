"""Products of columns are those of centred data, and factors solve what they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.ml.aprender.products import Products, centred, factored, solved

seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=20, deadline=None)  # the machine may be busy
@given(
    seed=seeds,
    shape=st.tuples(st.integers(1, 300), st.integers(1, 30)),
    targets=st.integers(0, 3),
    is_weighted=st.booleans(),
    is_centred=st.booleans(),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_products_are_those_of_centred_rows(*, seed, shape, targets, is_weighted, is_centred, dtype):
    generator = np.random.default_rng(seed)
    X = (generator.normal(size=shape) + 1000).astype(dtype)
    Y = (generator.normal(size=(shape[0], targets)) - 50).astype(dtype) if targets else None
    weights = generator.uniform(0.1, 2, shape[0]) if is_weighted else None
    found = Products.of(X, Y, weights, is_centred=is_centred)
    mean = np.average(X.astype(np.float64), axis=0, weights=weights) if is_centred else np.zeros(shape[1])
    rows = centred(X, mean, weights)
    size = np.abs(rows).max() ** 2 * shape[0]
    np.testing.assert_allclose(found.mean, mean, rtol=1e-12)
    np.testing.assert_allclose(found.gram, rows.T @ rows, atol=1e-11 * size + 1e-9)
    assert found.total == pytest.approx(shape[0] if weights is None else weights.sum())
    if Y is not None:
        middle = np.average(Y.astype(np.float64), axis=0, weights=weights) if is_centred else np.zeros(targets)
        aims = centred(Y, middle, weights)
        scale = np.sqrt(size) * np.linalg.norm(aims)
        np.testing.assert_allclose(found.cross, rows.T @ aims, atol=1e-11 * scale + 1e-9)
        np.testing.assert_allclose(found.targets, np.square(aims).sum(axis=0), rtol=1e-7, atol=1e-9)


def test_a_constant_column_has_products_of_exactly_nothing():
    X = np.column_stack([np.full(1000, 1e7 / 3), np.arange(1000.0)])
    found = Products.of(X)
    np.testing.assert_array_equal(found.gram[0], 0)
    assert found.gram[1, 1] > 0


def test_factors_solve_and_there_is_none_of_what_is_not_positive():
    matrix = np.array([[4.0, 2.0], [2.0, 3.0]])
    factor = factored(matrix)
    np.testing.assert_allclose(solved(factor, np.array([1.0, 2.0])), np.linalg.solve(matrix, [1.0, 2.0]))
    assert factored(np.array([[1.0, 2.0], [2.0, 1.0]])) is None
