"""Linear support vector machines reach the peers' objective, and a seed gives the same machine."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import svm as theirs
from sklearn.exceptions import ConvergenceWarning

from sovereign.errors import ParameterError
from sovereign.ml.aprender import reference, svm
from sovereign.ml.aprender.state import describe, rebuild
from sovereign.ml.aprender.svm import LinearSVC, LinearSVM, LinearSVR

SETTINGS = {"tol": 1e-8, "max_iter": 200_000}


def data(seed, kinds=2, rows=120, columns=5):
    generator = np.random.default_rng(seed)
    X = generator.normal(size=(rows, columns))
    scores = X @ generator.normal(size=(columns, kinds)) + generator.normal(size=(rows, kinds))
    return X, scores.argmax(axis=1), scores[:, 0], generator.uniform(0.1, 2, rows)


@pytest.mark.parametrize("kinds", [2, 3])
@pytest.mark.parametrize("loss", ["hinge", "squared_hinge"])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_classes_get_the_peers_coefficients(kinds, loss, fit_intercept):
    X, y, _, weight = data(1, kinds)
    options = {"loss": loss, "C": 0.5, "fit_intercept": fit_intercept, "intercept_scaling": 2.0, **SETTINGS}
    ours = LinearSVC(**options, class_weight="balanced", random_state=0).fit(X, y, sample_weight=weight)
    expected = theirs.LinearSVC(**options, class_weight="balanced", random_state=0, dual=True)
    expected.fit(X, y, sample_weight=weight)
    np.testing.assert_allclose(ours.coef_, expected.coef_, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ours.intercept_, expected.intercept_, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ours.decision_function(X), expected.decision_function(X), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("loss", ["epsilon_insensitive", "squared_epsilon_insensitive"])
def test_numbers_get_the_peers_coefficients(loss):
    X, _, y, weight = data(2)
    options = {"loss": loss, "epsilon": 0.2, "C": 0.5, **SETTINGS}
    ours = LinearSVR(**options, random_state=0).fit(X, y, sample_weight=weight)
    expected = theirs.LinearSVR(**options, random_state=0, dual=True).fit(X, y, sample_weight=weight)
    np.testing.assert_allclose(ours.coef_, expected.coef_, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(ours.predict(X), expected.predict(X), rtol=1e-3, atol=1e-4)


def test_both_ways_of_the_squared_hinge_lead_to_the_same_place(monkeypatch):
    X, y, _, weight = data(3)
    primal = LinearSVC(**SETTINGS).fit(X, y, sample_weight=weight)
    monkeypatch.setattr(svm, "_MOST_PRIMAL", 0)
    dual = LinearSVC(**SETTINGS, random_state=0).fit(X, y, sample_weight=weight)
    np.testing.assert_allclose(primal.coef_, dual.coef_, rtol=1e-5)


def test_a_seed_gives_the_same_machine_and_another_seed_another_path():
    X, y, _, _ = data(4)
    options = {"loss": "hinge", "tol": 0.5}
    one, same, other = (LinearSVC(**options, random_state=seed).fit(X, y) for seed in (1, 1, 2))
    assert np.array_equal(one.coef_, same.coef_)
    assert not np.array_equal(one.coef_, other.coef_)


@pytest.mark.parametrize("kinds", [2, 3])
def test_machines_come_back_from_their_images_as_they_were(kinds):
    X, y, numbers, _ = data(5, kinds)
    for fitted in (LinearSVC().fit(X, y), LinearSVR().fit(X, numbers)):
        described, image = describe(fitted)
        again = rebuild(described, image, "memory")
        assert np.array_equal(again.predict(X), fitted.predict(X))
        if isinstance(fitted, LinearSVC):
            np.testing.assert_array_equal(reference.labels(image, X), fitted.predict(X))


def test_too_few_passes_are_told_and_bad_settings_refused():
    X, y, numbers, _ = data(6)
    with pytest.warns(ConvergenceWarning, match="max_iter"):
        LinearSVC(loss="hinge", max_iter=1, tol=1e-9).fit(X, y)
    with pytest.warns(ConvergenceWarning, match="max_iter"):
        LinearSVC(max_iter=1, tol=1e-9).fit(X, y)
    for options in ({"loss": "log"}, {"C": 0}, {"tol": 0}, {"max_iter": 0}, {"intercept_scaling": 0}):
        with pytest.raises(ParameterError):
            LinearSVC(**options).fit(X, y)
    with pytest.raises(ParameterError):
        LinearSVR(epsilon=-1).fit(X, numbers)
    with pytest.raises(ParameterError, match="one class"):
        LinearSVC().fit(X, np.zeros(len(X)))


def test_the_specification_s_name_is_the_same_class():
    assert LinearSVM is LinearSVC
