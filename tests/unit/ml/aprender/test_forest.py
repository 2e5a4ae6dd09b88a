"""Forests: how well they tell, sameness on any number of threads, weights, images."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import datasets
from sklearn import ensemble as peer
from sklearn.model_selection import train_test_split

from peer_checks import copied, peer_checks, without_base_class
from sovereign.errors import ParameterError
from sovereign.ml.aprender.forest import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sovereign.ml.aprender.state import describe, rebuild

CLASSIFIERS: list[type[Any]] = [RandomForestClassifier, ExtraTreesClassifier]
REGRESSORS: list[type[Any]] = [RandomForestRegressor, ExtraTreesRegressor]


@without_base_class
@pytest.mark.parametrize(
    ("estimator", "check"), peer_checks([kind(n_estimators=5) for kind in CLASSIFIERS + REGRESSORS])
)
def test_scikit_learns_contract_holds(estimator: Any, check: Any) -> None:
    check(estimator)


@pytest.mark.parametrize("kind", CLASSIFIERS)
@pytest.mark.parametrize("load", [datasets.load_digits, datasets.load_breast_cancer])
def test_unseen_rows_are_told_as_well_as_by_scikit_learn(kind: Any, load: Any) -> None:
    X, y = load(return_X_y=True)
    a, b, c, d = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)
    ours, theirs = (
        np.mean([make(random_state=seed).fit(a, c).score(b, d) for seed in range(3)])
        for make in (kind, getattr(peer, kind.__name__))
    )
    assert ours >= theirs - 0.005


@pytest.mark.parametrize("kind", REGRESSORS)
def test_numbers_are_told_as_well_as_by_scikit_learn(kind: Any) -> None:
    X, y = datasets.make_friedman1(600, random_state=1)
    ours, theirs = (
        make(n_estimators=50, random_state=0).fit(X[:400], y[:400]).score(X[400:], y[400:])
        for make in (kind, getattr(peer, kind.__name__))
    )
    assert ours >= theirs - 0.01


@pytest.mark.parametrize("kind", CLASSIFIERS + REGRESSORS)
def test_forest_is_the_same_on_any_number_of_threads(kind: Any) -> None:
    X, y = datasets.load_iris(return_X_y=True)
    one = kind(n_estimators=7, random_state=3).fit(X, y)
    two = kind(n_estimators=7, random_state=3, n_jobs=2).fit(X, y)
    assert all(np.array_equal(*pair) for pair in zip(one.forest_[:4], two.forest_[:4], strict=True))
    assert not np.array_equal(one.forest_.nodes, kind(n_estimators=7, random_state=4).fit(X, y).forest_.nodes)


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_results_do_not_depend_on_threads_or_on_how_a_batch_is_split(kind: Any) -> None:
    X, y = datasets.load_digits(return_X_y=True)
    fitted = kind(n_estimators=20, random_state=0).fit(X, y)
    X = X.copy()
    X[::7, 3] = np.nan
    rows = X.astype(np.float32)
    whole = fitted.predict_proba(X)
    for size in (1, 3, 8, 13, 500):
        parts = [fitted.predict_proba(X[start : start + size]) for start in range(0, 1000, size)]
        assert (np.concatenate(parts)[:1000] == whole[:1000]).all()
    predict = fitted.predictor().predict
    assert (np.asarray(predict(rows, threads=1)) == np.asarray(predict(rows, threads=2))).all()


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_shares_are_the_mean_of_the_leaves_that_the_slow_twin_finds(kind: Any) -> None:
    X, y = datasets.load_iris(return_X_y=True)
    X = X.copy()
    X[::5, 2] = np.nan
    fitted = kind(n_estimators=9, random_state=0).fit(X, y)
    trees, plain = fitted.forest_, fitted.forest_.plain()
    sums = np.zeros((len(X), 3))
    for tree, (start, value, _, _) in enumerate(trees.table):
        sums += trees.value[value + plain.left[start + fitted.apply(X)[:, tree]]]
    assert (fitted.predict_proba(X) == sums / 9).all()


def test_rows_of_no_weight_are_not_there() -> None:
    X, y = datasets.load_iris(return_X_y=True)
    weights = np.r_[np.ones(100), np.zeros(50)]
    fitted = RandomForestClassifier(n_estimators=5, random_state=0).fit(X, y, sample_weight=weights)
    assert set(fitted.predict(X)) == {0, 1}


def test_importances_sum_up_to_one_and_find_what_matters() -> None:
    random = np.random.default_rng(0)
    X = random.normal(size=(500, 5))
    fitted = RandomForestClassifier(n_estimators=30, random_state=0).fit(X, X[:, 2] > 0)
    assert fitted.feature_importances_.sum() == pytest.approx(1)
    assert fitted.feature_importances_.argmax() == 2


@pytest.mark.parametrize(
    "params", [{"n_estimators": 0}, {"n_jobs": 0}, {"max_samples": 1.5}, {"bootstrap": 1}, {"max_samples": 0}]
)
def test_parameters_that_make_no_sense_are_refused_by_name(params: dict[str, Any]) -> None:
    with pytest.raises(ParameterError) as caught:
        RandomForestClassifier(**params).fit([[0.0], [1.0]], [0, 1])
    assert [caught.value.detail["name"]] == list(params)


@pytest.mark.parametrize("kind", CLASSIFIERS + REGRESSORS)
def test_image_brings_a_forest_back(kind: Any) -> None:
    X, y = datasets.load_iris(return_X_y=True)
    fitted = kind(n_estimators=4, random_state=0).fit(X, y)
    again: Any = rebuild(*describe(fitted), "memory")
    assert (again.predict(X) == fitted.predict(X)).all()
    assert (copied(fitted).predict(X) == fitted.predict(X)).all()
