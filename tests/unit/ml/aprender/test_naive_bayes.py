"""Naive Bayes learns scikit-learn's numbers, at once and in batches."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import naive_bayes as theirs
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.model_selection import train_test_split

from sovereign.errors import ParameterError
from sovereign.ml.aprender import reference
from sovereign.ml.aprender.naive_bayes import GaussianNB, MultinomialNB
from sovereign.ml.aprender.state import describe, rebuild

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)  # the machine may be busy


def data(seed, rows=90, columns=4, kinds=3):
    generator = np.random.default_rng(seed)
    y = generator.integers(0, kinds, rows)
    y[:kinds] = np.arange(kinds)
    X = generator.normal(y[:, None], 1 + y[:, None] / 2, size=(rows, columns)) + 100
    return X, y, generator.uniform(0.1, 2, rows)


@few
@given(seed=seeds, weighted=st.booleans())
def test_gaussians_are_the_peers(seed, weighted):
    X, y, weight = data(seed)
    weight = weight if weighted else None
    ours, expected = GaussianNB().fit(X, y, weight), theirs.GaussianNB().fit(X, y, weight)
    for name in ("theta_", "var_", "class_prior_", "class_count_", "epsilon_"):
        np.testing.assert_allclose(getattr(ours, name), getattr(expected, name), rtol=1e-9)
    np.testing.assert_allclose(ours.predict_proba(X), expected.predict_proba(X), rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(ours.predict_log_proba(X), expected.predict_log_proba(X), rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(ours.predict(X), expected.predict(X))


@few
@given(seed=seeds)
def test_shares_of_counts_are_the_peers(seed):
    X, y, weight = data(seed)
    X = np.floor(X % 5)
    ours, expected = MultinomialNB(alpha=0.3).fit(X, y, weight), theirs.MultinomialNB(alpha=0.3).fit(X, y, weight)
    for name in ("feature_log_prob_", "class_log_prior_", "feature_count_", "class_count_"):
        np.testing.assert_allclose(getattr(ours, name), getattr(expected, name), rtol=1e-12)
    np.testing.assert_allclose(ours.predict_proba(X), expected.predict_proba(X), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("model", [GaussianNB(), MultinomialNB()], ids=repr)
def test_batches_come_to_what_all_rows_at_once_do(model):
    X, y, weight = data(1)
    X = np.abs(X)
    together = type(model)().fit(X, y, weight)
    parts = type(model)()
    for part in np.array_split(np.arange(len(X)), 4):
        parts.partial_fit(X[part], y[part], classes=[0, 1, 2], sample_weight=weight[part])
    # The smoothing of batches is that of the last one, as in the peer.
    np.testing.assert_allclose(parts.predict_proba(X), together.predict_proba(X), rtol=1e-5, atol=1e-7)


def test_later_batches_follow_the_peer():
    X, y, weight = data(2)
    ours, expected = GaussianNB(), theirs.GaussianNB()
    for part in np.array_split(np.arange(len(X)), 3):
        ours.partial_fit(X[part], y[part], [0, 1, 2], weight[part])
        expected.partial_fit(X[part], y[part], [0, 1, 2], weight[part])
    np.testing.assert_allclose(ours.var_, expected.var_, rtol=1e-9)
    np.testing.assert_allclose(ours.theta_, expected.theta_, rtol=1e-12)


def test_priors_are_taken_as_given():
    X, y, _ = data(3)
    ours = GaussianNB(priors=[0.2, 0.3, 0.5]).fit(X, y)
    np.testing.assert_allclose(
        ours.predict_proba(X), theirs.GaussianNB(priors=[0.2, 0.3, 0.5]).fit(X, y).predict_proba(X)
    )
    counts = np.floor(X)
    flat = MultinomialNB(fit_prior=False).fit(counts, y)
    np.testing.assert_allclose(np.exp(flat.class_log_prior_), 1 / 3)
    np.testing.assert_allclose(
        np.exp(MultinomialNB(class_prior=[0.2, 0.3, 0.5]).fit(counts, y).class_log_prior_), [0.2, 0.3, 0.5]
    )


@pytest.mark.parametrize("load", [load_digits, load_breast_cancer])
def test_accuracy_on_held_out_rows_is_the_peers(load):
    X, y = load(return_X_y=True)
    train, test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)
    for ours, peer in ((GaussianNB(), theirs.GaussianNB()), (MultinomialNB(), theirs.MultinomialNB())):
        found, expected = (each.fit(train, y_train).score(test, y_test) for each in (ours, peer))
        assert abs(found - expected) <= 0.005


@pytest.mark.parametrize("model", [GaussianNB(), MultinomialNB()], ids=repr)
def test_an_estimator_comes_back_from_its_image_as_it_was(model):
    X, y, _ = data(4)
    fitted = model.fit(X, np.array(["a", "b", "c"])[y])
    described, image = describe(fitted)
    again = rebuild(described, image, "memory")
    assert np.array_equal(again.predict_proba(X), fitted.predict_proba(X))
    assert np.array_equal(again.predict(X), fitted.predict(X))
    np.testing.assert_allclose(reference.values(image, X), fitted.predict_proba(X), rtol=1e-7, atol=1e-12)


def test_bad_input_is_refused():
    X, y, _ = data(5)
    with pytest.raises(ParameterError, match="Negative"):
        MultinomialNB().fit(-X, y)
    with pytest.raises(ParameterError, match="first call"):
        GaussianNB().partial_fit(X, y)
    model = GaussianNB().partial_fit(X, y, [0, 1, 2])
    with pytest.raises(ParameterError, match="same in every call"):
        model.partial_fit(X, y, [0, 1])
    with pytest.raises(ParameterError, match="`7`"):
        model.partial_fit(X, np.where(y == 1, 7, y))
    for options in ({"priors": [0.5, 0.5]}, {"priors": [0.9, 0.9, -0.8]}, {"var_smoothing": -1}):
        with pytest.raises(ParameterError):
            GaussianNB(**options).fit(X, y)
    with pytest.raises(ParameterError):
        MultinomialNB(alpha=-1).fit(X, y)
