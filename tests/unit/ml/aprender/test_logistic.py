"""Logistic regression ends where scikit-learn's does, and says so when it does not end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import linear_model as theirs
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split

from sovereign import _native as native
from sovereign.errors import ParameterError
from sovereign.ml.aprender import logistic, reference
from sovereign.ml.aprender.logistic import LogisticRegression
from sovereign.ml.aprender.state import describe, rebuild

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=10, deadline=None)  # the machine may be busy


def data(seed, kinds, rows=80, columns=4):
    generator = np.random.default_rng(seed)
    X = generator.normal(size=(rows, columns))
    y = (X @ generator.normal(size=(columns, kinds)) + generator.gumbel(size=(rows, kinds))).argmax(axis=1)
    y[:kinds] = np.arange(kinds)
    return X, y, generator.uniform(0.1, 2, rows)


@pytest.mark.parametrize("kinds", [2, 3, 5])
@pytest.mark.parametrize("fit_intercept", [True, False])
@few
@given(seed=seeds)
def test_coefficients_are_the_peers(kinds, fit_intercept, seed):
    X, y, weight = data(seed, kinds)
    options = {"C": 0.7, "tol": 1e-9, "max_iter": 1000, "fit_intercept": fit_intercept, "class_weight": "balanced"}
    ours = LogisticRegression(**options).fit(X, y, sample_weight=weight)
    expected = theirs.LogisticRegression(**options, solver="newton-cg").fit(X, y, sample_weight=weight)
    np.testing.assert_allclose(ours.coef_, expected.coef_, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ours.predict_proba(X), expected.predict_proba(X), rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(ours.predict(X), expected.predict(X))


@pytest.mark.parametrize("kinds", [2, 4])
def test_both_ways_lead_to_the_same_place(kinds, monkeypatch):
    X, y, weight = data(3, kinds, rows=300)
    X[:, 0] *= 1000
    found = []
    for most in (0, 10_000):
        monkeypatch.setattr(logistic, "_MOST_OF_TWO", most)
        monkeypatch.setattr(logistic, "_MOST_OF_SEVERAL", most)
        found.append(LogisticRegression(tol=1e-8, max_iter=1000).fit(X, y, sample_weight=weight))
    np.testing.assert_allclose(found[0].predict_proba(X), found[1].predict_proba(X), atol=1e-5)


def test_without_a_penalty_probabilities_are_calibrated_on_the_data():
    X, y, _ = data(4, 2, rows=400)
    model = LogisticRegression(C=np.inf, tol=1e-9).fit(X, y)
    assert model.predict_proba(X)[:, 1].sum() == pytest.approx(y.sum(), rel=1e-6)


def test_weights_of_classes_are_weights_of_their_rows():
    X, y, _ = data(5, 3)
    by_class = LogisticRegression(class_weight={1: 3.0}, tol=1e-9).fit(X, y)
    by_row = LogisticRegression(tol=1e-9).fit(X, y, sample_weight=np.where(y == 1, 3.0, 1.0))
    np.testing.assert_allclose(by_class.coef_, by_row.coef_, rtol=1e-7)


def test_scaling_a_column_scales_its_coefficient_without_a_penalty():
    X, y, _ = data(6, 2, rows=400)
    plain = LogisticRegression(C=np.inf, tol=1e-10).fit(X, y)
    scaled = LogisticRegression(C=np.inf, tol=1e-10).fit(X * [1, 1000, 0.001, 1], y)
    np.testing.assert_allclose(scaled.coef_ * [1, 1000, 0.001, 1], plain.coef_, rtol=1e-4)


@pytest.mark.parametrize("load", [load_digits, load_breast_cancer])
def test_accuracy_on_held_out_rows_is_the_peers(load):
    X, y = load(return_X_y=True)
    X = (X - X.mean(axis=0)) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1)
    train, test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)
    ours = LogisticRegression(max_iter=1000).fit(train, y_train)
    expected = theirs.LogisticRegression(max_iter=1000).fit(train, y_train)
    assert abs(ours.score(test, y_test) - expected.score(test, y_test)) <= 0.005


def test_results_are_equal_bits_for_any_number_of_threads():
    X, y, weight = data(7, 3, rows=20_000, columns=20)
    most = native.threads()
    try:
        found = []
        for count in (1, 2, 4):
            native.set_threads(count)
            found.append(LogisticRegression().fit(X, y, sample_weight=weight).coef_)
    finally:
        native.set_threads(most)
    assert np.array_equal(found[0], found[1])
    assert np.array_equal(found[0], found[2])


@pytest.mark.parametrize("kinds", [2, 3])
def test_an_estimator_comes_back_from_its_image_as_it_was(kinds):
    X, y, _ = data(8, kinds)
    names = np.array(["ant", "bee", "cow"])[y]
    fitted = LogisticRegression().fit(X, names)
    described, image = describe(fitted)
    again = rebuild(described, image, "memory")
    assert np.array_equal(again.predict(X), fitted.predict(X))
    assert np.array_equal(again.predict_proba(X), fitted.predict_proba(X))
    np.testing.assert_allclose(reference.values(image, X), fitted.predict_proba(X), rtol=1e-10)


def test_a_warm_start_goes_on_where_the_last_fit_ended():
    X, y, _ = data(9, 3)
    model = LogisticRegression(warm_start=True, tol=1e-10)
    first = model.fit(X, y).n_iter_[0]
    assert model.fit(X, y).n_iter_[0] < first


def test_too_few_steps_are_told():
    X, y, _ = data(10, 3)
    with pytest.warns(ConvergenceWarning, match="gradient"):
        LogisticRegression(max_iter=1, tol=1e-12).fit(X, y)


def test_one_class_and_strange_weights_are_refused():
    X, y, _ = data(11, 2)
    with pytest.raises(ParameterError, match="one class") as caught:
        LogisticRegression().fit(X, np.ones(len(X)))
    assert caught.value.code == "aprender.classes"
    for weights in ("unbalanced", {7: 1.0}, 3):
        with pytest.raises(ParameterError):
            LogisticRegression(class_weight=weights).fit(X, y)
    for options in ({"C": 0}, {"tol": 0}, {"max_iter": 0}):
        with pytest.raises(ParameterError):
            LogisticRegression(**options).fit(X, y)
