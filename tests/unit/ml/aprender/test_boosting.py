"""Gradient boosting: how well it tells, losses by round, early stopping, sameness, images."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import datasets
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

from peer_checks import copied, peer_checks, without_base_class
from sovereign.errors import ParameterError
from sovereign.ml.aprender.boosting import GradientBoostingClassifier, GradientBoostingRegressor
from sovereign.ml.aprender.state import describe, rebuild

ESTIMATORS = [
    GradientBoostingClassifier(n_estimators=5),
    GradientBoostingRegressor(n_estimators=5),
    GradientBoostingRegressor(n_estimators=20, loss="absolute_error"),
]


@without_base_class
@pytest.mark.parametrize(("estimator", "check"), peer_checks(ESTIMATORS))
def test_scikit_learns_contract_holds(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.parametrize(("load", "accuracy"), [(datasets.load_digits, 0.972), (datasets.load_breast_cancer, 0.942)])
def test_unseen_rows_are_told_as_well_as_by_scikit_learn(load: Any, accuracy: float) -> None:
    # What its histogram boosting reaches stands here, because it takes half a minute beside other work.
    X, y = load(return_X_y=True)
    parts = [train_test_split(X, y, test_size=0.3, stratify=y, random_state=seed) for seed in range(3)]
    scores = [GradientBoostingClassifier().fit(a, c).score(b, d) for a, b, c, d in parts]
    assert np.mean(scores) >= accuracy - 0.005


@pytest.mark.parametrize(("loss", "score"), [("squared_error", 0.952), ("absolute_error", 0.934)])
def test_numbers_are_told_as_well_as_by_scikit_learn(loss: str, score: float) -> None:
    X, y = datasets.make_friedman1(1000, random_state=1)
    assert GradientBoostingRegressor(loss=loss).fit(X[:700], y[:700]).score(X[700:], y[700:]) >= score - 0.005


@pytest.mark.parametrize("classes", [2, 3])
def test_losses_are_those_of_the_probabilities(classes: int) -> None:
    X, y = datasets.load_iris(return_X_y=True)
    X, y = X[y < classes], y[y < classes]
    fitted = GradientBoostingClassifier(n_estimators=10, min_samples_leaf=5).fit(X, y)
    assert fitted.train_score_[-1] == pytest.approx(log_loss(y, fitted.predict_proba(X)), rel=1e-9)
    assert (np.diff(fitted.train_score_) < 0).all()


def test_stages_end_in_the_scores() -> None:
    X, y = datasets.load_iris(return_X_y=True)
    fitted = GradientBoostingClassifier(n_estimators=6).fit(X, y)
    stages = list(fitted.staged_decision_function(X))
    assert len(stages) == fitted.n_estimators_ == 6
    np.testing.assert_allclose(stages[-1], fitted.decision_function(X), rtol=1e-12)
    assert (list(fitted.staged_predict(X))[-1] == fitted.predict(X)).all()


def test_it_stops_early_where_held_back_rows_gain_nothing() -> None:
    random = np.random.default_rng(0)
    X, y = random.normal(size=(400, 4)), random.integers(0, 2, 400)
    fitted = GradientBoostingClassifier(n_iter_no_change=3, n_estimators=200, random_state=0).fit(X, y)
    assert fitted.n_estimators_ < 50
    assert len(fitted.validation_score_) == len(fitted.train_score_) == fitted.n_estimators_


def test_model_is_the_same_on_any_number_of_threads() -> None:
    X, y = datasets.make_classification(8000, 20, random_state=0)
    one, two = (GradientBoostingClassifier(n_estimators=10, n_jobs=jobs).fit(X, y) for jobs in (1, 2))
    assert all(np.array_equal(*pair) for pair in zip(one.forest_[:4], two.forest_[:4], strict=True))


def test_missing_values_go_where_they_help() -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(500, 2))
    y = np.isnan(np.where(X[:, 0] > 0.5, np.nan, X[:, 0])).astype(int)
    X[y == 1, 0] = np.nan
    fitted = GradientBoostingClassifier(n_estimators=20).fit(X, y)
    assert fitted.score(X, y) == 1.0


@pytest.mark.parametrize(
    "params",
    [
        {"learning_rate": 0},
        {"n_estimators": 0},
        {"subsample": 1.2},
        {"max_leaf_nodes": 1},
        {"max_bins": 256},
        {"l2_regularization": -1},
        {"loss": "exponential"},
        {"n_iter_no_change": 0},
    ],
)
def test_parameters_that_make_no_sense_are_refused_by_name(params: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as caught:
        GradientBoostingClassifier(**params).fit([[0.0], [1.0]], [0, 1])
    assert [caught.value.detail["name"]] == list(params)


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_image_brings_a_model_back(estimator: Any) -> None:
    X, y = datasets.load_iris(return_X_y=True)
    fitted = estimator.fit(X, y)
    again: Any = rebuild(*describe(fitted), "memory")
    assert (again.predict(X) == fitted.predict(X)).all()
    assert (copied(fitted).predict(X) == fitted.predict(X)).all()
