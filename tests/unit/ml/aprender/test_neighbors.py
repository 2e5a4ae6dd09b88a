"""Neighbours are the peer's, by every metric and weighting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import neighbors as theirs
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.model_selection import train_test_split

from sovereign.errors import ParameterError
from sovereign.ml.aprender import reference
from sovereign.ml.aprender.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sovereign.ml.aprender.state import describe, rebuild

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)  # the machine may be busy
METRICS = [
    {"metric": "euclidean"},
    {"p": 2},
    {"p": 1},
    {"p": 3},
    {"p": np.inf},
    {"metric": "manhattan"},
    {"metric": "chebyshev"},
    {"metric": "cosine"},
]
metrics = pytest.mark.parametrize("options", METRICS, ids=str)


def data(seed, rows=120, columns=4):
    generator = np.random.default_rng(seed)
    X = generator.normal(size=(rows, columns)) + 3
    return X, generator.integers(0, 3, rows), generator.normal(size=(rows, 2)), generator.normal(size=(25, columns)) + 3


@metrics
@pytest.mark.parametrize("weights", ["uniform", "distance"])
@few
@given(seed=seeds)
def test_predictions_are_the_peers(options, weights, seed):
    X, y, Y, Q = data(seed)
    for ours, peer, target in (
        (KNeighborsClassifier, theirs.KNeighborsClassifier, y),
        (KNeighborsRegressor, theirs.KNeighborsRegressor, Y),
    ):
        found = ours(4, weights=weights, **options).fit(X, target)
        expected = peer(4, weights=weights, algorithm="brute", **options).fit(X, target)
        np.testing.assert_allclose(found.predict(Q), expected.predict(Q), rtol=1e-7)
        if ours is KNeighborsClassifier:
            np.testing.assert_allclose(found.predict_proba(Q), expected.predict_proba(Q), rtol=1e-7, atol=1e-12)


@metrics
@few
@given(seed=seeds)
def test_neighbours_and_distances_are_the_peers(options, seed):
    X, y, _, Q = data(seed)
    ours = KNeighborsClassifier(4, **options).fit(X, y)
    expected = theirs.KNeighborsClassifier(4, algorithm="brute", **options).fit(X, y)
    for rows in (Q, None):
        for found, wanted in zip(ours.kneighbors(rows), expected.kneighbors(rows), strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-7, atol=1e-9)
    assert np.array_equal(
        ours.kneighbors(Q, 7, return_distance=False), expected.kneighbors(Q, 7, return_distance=False)
    )


def test_a_learned_row_is_its_own_neighbour_at_no_distance():
    X, y, _, _ = data(1)
    distances, places = KNeighborsClassifier(1).fit(X + 1e6, y).kneighbors(X + 1e6)
    assert (distances == 0).all()
    assert np.array_equal(places[:, 0], np.arange(len(X)))
    one = KNeighborsClassifier(5, weights="distance").fit(X, y)
    np.testing.assert_array_equal(one.predict(X), y)


def test_a_target_column_stays_a_column():
    X, _, Y, Q = data(2)
    assert KNeighborsRegressor().fit(X, Y[:, :1]).predict(Q).shape == (25, 1)
    assert KNeighborsRegressor().fit(X, Y[:, 0]).predict(Q).shape == (25,)


@pytest.mark.parametrize("load", [load_digits, load_breast_cancer])
def test_accuracy_on_held_out_rows_is_the_peers(load):
    X, y = load(return_X_y=True)
    train, test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)
    ours, expected = (
        each().fit(train, y_train).score(test, y_test) for each in (KNeighborsClassifier, theirs.KNeighborsClassifier)
    )
    assert abs(ours - expected) <= 0.005


@metrics
def test_estimators_come_back_from_their_images_as_they_were(options):
    X, y, Y, Q = data(3)
    for fitted in (
        KNeighborsClassifier(**options).fit(X, y),
        KNeighborsRegressor(weights="distance", **options).fit(X, Y),
    ):
        described, image = describe(fitted)
        again = rebuild(described, image, "memory")
        assert np.array_equal(again.predict(Q), fitted.predict(Q))
        assert np.array_equal(again.kneighbors(Q)[1], fitted.kneighbors(Q)[1])
        found = fitted.predict_proba(Q) if isinstance(fitted, KNeighborsClassifier) else fitted.predict(Q)
        np.testing.assert_allclose(reference.values(image, Q), found, rtol=1e-9, atol=1e-12)


def test_bad_parameters_are_refused():
    X, y, _, _ = data(4)
    for options in ({"n_neighbors": 0}, {"weights": "far"}, {"p": 0.5}, {"p": 2.5}, {"metric": "hamming"}):
        with pytest.raises(ParameterError):
            KNeighborsClassifier(**options).fit(X, y)
    few_rows = KNeighborsClassifier(5).fit(X[:3], [0, 1, 1])
    for ask in (few_rows.predict, few_rows.predict_proba, few_rows.kneighbors):
        with pytest.raises(ParameterError, match="number of rows"):
            ask(X)
