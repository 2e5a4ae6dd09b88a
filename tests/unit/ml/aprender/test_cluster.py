"""K-means is at least as good as the peer's, DBSCAN the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import cluster as theirs
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning

from sovereign import _native as native
from sovereign.errors import ParameterError, ShapeError
from sovereign.ml.aprender import cluster, reference
from sovereign.ml.aprender.cluster import DBSCAN, KMeans
from sovereign.ml.aprender.metrics import adjusted_rand_score
from sovereign.ml.aprender.state import describe, rebuild

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)  # the machine may be busy


def blobs(seed, rows=300, columns=3, groups=4, spread=0.5):
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, groups, rows)
    return generator.normal(0, 5, (groups, columns))[truth] + generator.normal(0, spread, (rows, columns)), truth


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@few
@given(seed=seeds, weighted=st.booleans())
def test_from_the_same_centers_the_end_is_the_peers(dtype, seed, weighted):
    X, _ = blobs(seed, spread=2.0)
    X = X.astype(dtype)
    weight = np.random.default_rng(seed).uniform(0.1, 2, len(X)) if weighted else None
    options = {"init": X[:4], "tol": 0.0, "max_iter": 500}
    ours = KMeans(4, **options).fit(X, sample_weight=weight)
    expected = theirs.KMeans(4, **options, n_init=1, algorithm="lloyd").fit(X, sample_weight=weight)
    assert ours.inertia_ <= expected.inertia_ * 1.001
    if ours.inertia_ == pytest.approx(expected.inertia_, rel=1e-6):
        np.testing.assert_allclose(ours.cluster_centers_, expected.cluster_centers_, rtol=1e-3, atol=1e-2)


@few
@given(seed=seeds)
def test_labels_are_those_of_the_nearest_centers(seed):
    X, _ = blobs(seed, spread=3.0)
    model = KMeans(5, random_state=seed % 1000).fit(X)
    distances = np.linalg.norm(X[:, None] - model.cluster_centers_, axis=2)
    np.testing.assert_allclose(distances[np.arange(len(X)), model.labels_], distances.min(axis=1))
    np.testing.assert_array_equal(model.predict(X), model.labels_)
    np.testing.assert_allclose(model.transform(X), distances, rtol=1e-7, atol=1e-7)
    assert -model.score(X) == pytest.approx(model.inertia_) == pytest.approx(np.square(distances.min(axis=1)).sum())


def test_blobs_are_found_again():
    X, truth = blobs(1, rows=2000, spread=0.3)
    assert adjusted_rand_score(truth, KMeans(4, random_state=0).fit_predict(X)) > 0.99


@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_inertia_on_digits_is_the_peers_over_ten_starts(init):
    X, _ = load_digits(return_X_y=True)
    found = KMeans(10, init=init, n_init=10, random_state=0).fit(X).inertia_
    expected = theirs.KMeans(10, init=init, n_init=10, random_state=0).fit(X).inertia_
    assert found <= expected * 1.005


def test_seeds_repeat_and_threads_do_not_matter():
    X, _ = blobs(2, rows=40_000, columns=12, spread=6.0)
    most = native.threads()
    try:
        found = []
        for count in (1, 2, 4):
            native.set_threads(count)
            found.append(KMeans(7, random_state=3).fit(X))
    finally:
        native.set_threads(most)
    for other in found[1:]:
        assert np.array_equal(found[0].cluster_centers_, other.cluster_centers_)
        assert np.array_equal(found[0].labels_, other.labels_)
        assert found[0].inertia_ == other.inertia_


def test_a_group_without_rows_gets_the_farthest_one():
    X, _ = blobs(3)
    init = np.vstack([X[:3], np.full((1, 3), 1e4)])
    model = KMeans(4, init=init).fit(X)
    assert np.bincount(model.labels_, minlength=4).min() > 0


def test_rows_far_from_zero_are_grouped_as_those_around_it():
    X, _ = blobs(4)
    near, far = KMeans(4, init=X[:4]).fit(X), KMeans(4, init=X[:4] + 1e6).fit(X + 1e6)
    np.testing.assert_array_equal(near.labels_, far.labels_)
    assert far.inertia_ == pytest.approx(near.inertia_, rel=1e-6)


def test_equal_rows_are_fewer_groups_and_a_warning():
    with pytest.warns(ConvergenceWarning, match="distinct clusters"):
        model = KMeans(3, random_state=0).fit(np.ones((10, 2)))
    assert model.inertia_ == 0


def test_rows_without_weight_do_not_pull():
    X, _ = blobs(5)
    weight = np.ones(len(X))
    weight[:50] = 0
    X[:50] += 1000
    model = KMeans(4, random_state=0).fit(X, sample_weight=weight)
    assert np.abs(model.cluster_centers_).max() < 100


@pytest.mark.parametrize(
    "options",
    [
        {"n_clusters": 0},
        {"init": "best"},
        {"n_init": 0},
        {"n_init": "many"},
        {"max_iter": 0},
        {"tol": -1},
        {"n_clusters": 11},
    ],
)
def test_parameters_that_make_no_sense_are_refused(options):
    with pytest.raises(ParameterError):
        KMeans(**options).fit(np.random.default_rng(0).normal(size=(10, 2)))
    with pytest.raises(ShapeError):
        KMeans(2, init=[[1.0], [2.0]]).fit(np.ones((10, 2)))


def test_estimators_come_back_from_their_images_as_they_were():
    X, _ = blobs(6)
    for fitted in (
        KMeans(4, random_state=0).fit(X),
        KMeans(4, random_state=0).fit(X.astype(np.float32)),
        DBSCAN().fit(X),
    ):
        described, image = describe(fitted)
        again = rebuild(described, image, "memory")
        assert np.array_equal(again.labels_, fitted.labels_)
        if isinstance(fitted, KMeans):
            assert np.array_equal(again.predict(X), fitted.predict(X))
            np.testing.assert_array_equal(reference.labels(image, X), fitted.predict(X))


@few
@given(seed=seeds, weighted=st.booleans(), eps=st.sampled_from([0.2, 0.8, 3.0]), columns=st.integers(1, 4))
def test_dense_groups_are_the_peers(seed, weighted, eps, columns):
    X, _ = blobs(seed, columns=columns)
    weight = np.random.default_rng(seed).integers(0, 3, len(X)) if weighted else None
    if weighted:
        weight[0] = 1
    ours = DBSCAN(eps, min_samples=4).fit(X, sample_weight=weight)
    expected = theirs.DBSCAN(eps=eps, min_samples=4).fit(X, sample_weight=weight)
    np.testing.assert_array_equal(ours.core_sample_indices_, expected.core_sample_indices_)
    np.testing.assert_array_equal(ours.components_, expected.components_)
    cores = expected.core_sample_indices_
    np.testing.assert_array_equal(ours.labels_[cores], expected.labels_[cores])
    np.testing.assert_array_equal(ours.labels_ == -1, expected.labels_ == -1)


def test_dense_groups_do_not_depend_on_blocks(monkeypatch):
    X, _ = blobs(7)
    whole = DBSCAN(0.8).fit(X).labels_
    monkeypatch.setattr(cluster, "_BLOCK_NUMBERS", 1000)
    np.testing.assert_array_equal(DBSCAN(0.8).fit(X).labels_, whole)


def test_rows_at_the_very_reach_are_neighbours_however_far_from_zero():
    X = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0], [20.0, 0.0], [20.0, 5.0000001]])
    for shift in (0.0, 2.0**20):
        np.testing.assert_array_equal(DBSCAN(5.0, min_samples=2).fit(X + shift).labels_, [0, 0, 0, -1, -1])


def test_a_reach_that_makes_no_sense_is_refused():
    for options in ({"eps": 0}, {"min_samples": 0}):
        with pytest.raises(ParameterError):
            DBSCAN(**options).fit([[1.0], [2.0]])
