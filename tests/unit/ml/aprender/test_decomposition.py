"""Principal components are the peer's, however they are computed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import decomposition as theirs

from sovereign.errors import ParameterError, ShapeError
from sovereign.ml.aprender import reference
from sovereign.ml.aprender.decomposition import PCA
from sovereign.ml.aprender.state import describe, rebuild

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)  # the machine may be busy
SHAPES = [(200, 5), (30, 5), (8, 20)]


def data(seed, shape):
    generator = np.random.default_rng(seed)
    return generator.normal(size=shape) @ generator.normal(size=(shape[1], shape[1])) + 50


@pytest.mark.parametrize("whiten", [True, False])
@pytest.mark.parametrize("count", [None, 3, 0.9])
@pytest.mark.parametrize("shape", SHAPES)
@few
@given(seed=seeds)
def test_components_are_the_peers(shape, count, whiten, seed):
    X = data(seed, shape)
    ours, expected = PCA(count, whiten=whiten).fit(X), theirs.PCA(count, whiten=whiten, svd_solver="full").fit(X)
    kept = expected.explained_variance_ > 1e-9 * expected.explained_variance_[0]
    assert ours.n_components_ == expected.n_components_
    np.testing.assert_allclose(ours.explained_variance_, expected.explained_variance_, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(
        ours.explained_variance_ratio_, expected.explained_variance_ratio_, rtol=1e-7, atol=1e-12
    )
    np.testing.assert_allclose(ours.components_[kept], expected.components_[kept], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ours.mean_, expected.mean_)
    assert ours.noise_variance_ == pytest.approx(expected.noise_variance_, rel=1e-6, abs=1e-9)
    np.testing.assert_allclose(
        ours.transform(X)[:, kept], expected.transform(X)[:, kept], rtol=1e-3, atol=1e-4 * np.abs(X).max()
    )


@pytest.mark.parametrize("whiten", [True, False])
@pytest.mark.parametrize("shape", SHAPES[:2])
def test_rows_come_back_from_all_coordinates(shape, whiten):
    X = data(1, shape)
    model = PCA(whiten=whiten).fit(X)
    np.testing.assert_allclose(model.inverse_transform(model.transform(X)), X, rtol=1e-8)


def test_turning_the_data_turns_nothing_but_directions():
    X = data(2, (200, 5))
    turned = X @ np.linalg.qr(np.random.default_rng(0).normal(size=(5, 5)))[0]
    np.testing.assert_allclose(PCA().fit(turned).explained_variance_, PCA().fit(X).explained_variance_, rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_an_estimator_comes_back_from_its_image_as_it_was(dtype):
    X = data(3, (200, 5)).astype(dtype)
    fitted = PCA(2, whiten=True).fit(X)
    described, image = describe(fitted)
    again = rebuild(described, image, "memory")
    assert again.transform(X).dtype == dtype
    assert np.array_equal(again.transform(X), fitted.transform(X))
    np.testing.assert_allclose(reference.values(image, X), fitted.transform(X), rtol=1e-3, atol=1e-4)


def test_counts_and_shapes_that_make_no_sense_are_refused():
    X = data(4, (8, 5))
    for count in (0, 6, 1.5, -1, "mle", True):
        with pytest.raises(ParameterError):
            PCA(count).fit(X)
    with pytest.raises(ShapeError, match="2"):
        PCA().fit(X[:1])
    with pytest.raises(ShapeError):
        PCA(2).fit(X).inverse_transform(X)
    assert (PCA().fit(np.ones((60, 2))).explained_variance_ratio_ == 0).all()
