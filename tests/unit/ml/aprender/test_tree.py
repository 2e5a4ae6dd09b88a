"""Trees: what they learn beside scikit-learn's, limits, missing values, weights, and the way into an image and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import datasets
from sklearn import tree as peer
from sklearn.model_selection import train_test_split

from peer_checks import copied, peer_checks, without_base_class
from sovereign.errors import ParameterError
from sovereign.ml.aprender.nodes import LEAF
from sovereign.ml.aprender.state import describe, rebuild
from sovereign.ml.aprender.tree import DecisionTreeClassifier, DecisionTreeRegressor

ESTIMATORS = [
    DecisionTreeClassifier(),
    DecisionTreeClassifier(splitter="random", criterion="entropy"),
    DecisionTreeRegressor(),
    DecisionTreeRegressor(splitter="random"),
]


@without_base_class
@pytest.mark.parametrize(("estimator", "check"), peer_checks(ESTIMATORS))
def test_scikit_learns_contract_holds(estimator: Any, check: Any) -> None:
    check(estimator)


def integers(seed: int, rows: int = 60) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Rows of a permutation of whole numbers in each column, and a target that they almost tell."""
    random = np.random.default_rng(seed)
    X = np.stack([random.permutation(rows) for _ in range(4)], axis=1).astype(float)
    return X, X[:, 0] * 3 + random.normal(size=rows) * 20


@pytest.mark.parametrize("seed", range(8))
def test_tree_is_scikit_learns_where_no_splits_are_equally_good(seed: int) -> None:
    X, y = integers(seed)
    ours = DecisionTreeRegressor(min_samples_leaf=4).fit(X, y)
    theirs = peer.DecisionTreeRegressor(min_samples_leaf=4, random_state=0).fit(X, y).tree_
    assert (ours.get_depth(), ours.get_n_leaves()) == (theirs.max_depth, theirs.n_leaves)
    plain = ours.forest_.plain()
    assert len(plain.feature) == theirs.node_count
    assert same_nodes(plain, theirs, 0, 0, ours.forest_.value)


def same_nodes(plain: Any, theirs: Any, own: int, other: int, value: Any) -> bool:
    """Whether both trees ask and answer alike from here on."""
    if plain.feature[own] == LEAF:
        is_close = np.isclose(value[plain.left[own], 0], theirs.value[other, 0, 0], rtol=1e-12)
        return theirs.children_left[other] < 0 and bool(is_close)
    is_alike = plain.feature[own] == theirs.feature[other]
    is_alike &= plain.threshold[own] == np.float32(theirs.threshold[other])
    left = same_nodes(plain, theirs, plain.left[own], theirs.children_left[other], value)
    return (
        bool(is_alike) and left and same_nodes(plain, theirs, plain.left[own] + 1, theirs.children_right[other], value)
    )


@pytest.mark.parametrize("criterion", ["gini", "entropy"])
@pytest.mark.parametrize("max_leaf_nodes", [None, 9])
def test_classes_are_told_as_by_scikit_learn(criterion: str, max_leaf_nodes: int | None) -> None:
    X, y = integers(3, 90)
    classes = np.digitize(y, np.quantile(y, [0.3, 0.7]))
    ours = DecisionTreeClassifier(criterion=criterion, max_leaf_nodes=max_leaf_nodes, min_samples_leaf=7)
    theirs = peer.DecisionTreeClassifier(
        criterion=criterion, max_leaf_nodes=max_leaf_nodes, min_samples_leaf=7, random_state=0
    )
    # With weights that are no whole numbers, no two splits are equally good. Theirs splits a node of one class where
    # rounding makes it impure.
    weights = np.random.default_rng(0).random(len(X))
    for model in (ours, theirs):
        model.fit(X, classes, sample_weight=weights)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-12)
    np.testing.assert_allclose(ours.feature_importances_, theirs.feature_importances_, atol=1e-12)


def test_counts_are_told_as_by_scikit_learn() -> None:
    X, y = integers(5)
    counts = np.maximum(0, np.round(y / 30))
    ours = DecisionTreeRegressor(criterion="poisson", max_depth=3, min_samples_leaf=5).fit(X, counts)
    theirs = peer.DecisionTreeRegressor(criterion="poisson", max_depth=3, min_samples_leaf=5, random_state=0)
    np.testing.assert_allclose(ours.predict(X), theirs.fit(X, counts).predict(X))


@pytest.mark.parametrize("load", [datasets.load_digits, datasets.load_breast_cancer])
def test_unseen_rows_are_told_as_well_as_by_scikit_learn(load: Any) -> None:
    X, y = load(return_X_y=True)
    parts = [train_test_split(X, y, test_size=0.3, stratify=y, random_state=seed) for seed in range(10)]
    ours, theirs = (
        np.mean([make(random_state=0).fit(a, c).score(b, d) for a, b, c, d in parts])
        for make in (DecisionTreeClassifier, peer.DecisionTreeClassifier)
    )
    assert ours >= theirs - 0.005


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(2, 300), has_gaps=st.booleans())
def test_every_row_is_told_right_by_a_tree_without_limits(seed: int, rows: int, *, has_gaps: bool) -> None:
    random = np.random.default_rng(seed)
    X = np.stack([random.permutation(rows), random.integers(0, 5, rows)], axis=1).astype(float)
    if has_gaps:
        X[random.random(rows) < 0.3, 1] = np.nan
    y = random.integers(0, 4, rows)
    assert DecisionTreeClassifier(random_state=seed).fit(X, y).score(X, y) == 1.0
    assert (DecisionTreeRegressor(random_state=seed).fit(X, y).predict(X) == y).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_whole_weights_are_repeated_rows(seed: int) -> None:
    random = np.random.default_rng(seed)
    X, y = random.normal(size=(40, 3)), random.integers(0, 3, 40)
    weights = random.integers(0, 4, 40)
    weights[0] = 1
    weighted = DecisionTreeClassifier(random_state=1).fit(X, y, sample_weight=weights)
    repeated = DecisionTreeClassifier(random_state=1).fit(X.repeat(weights, axis=0), y.repeat(weights))
    kept = np.isin(weighted.classes_, repeated.classes_)
    np.testing.assert_allclose(weighted.predict_proba(X)[:, kept], repeated.predict_proba(X))


def test_missing_values_go_where_they_help() -> None:
    X = np.array([[np.nan], [np.nan], [1.0], [2.0], [3.0], [4.0]])
    tree = DecisionTreeClassifier().fit(X, [1, 1, 0, 0, 1, 1])
    assert tree.predict([[np.nan], [1.0], [9.0]]).tolist() == [1, 0, 1]
    assert tree.get_n_leaves() == 2


def test_missing_values_that_training_had_not_go_with_most_rows() -> None:
    tree = DecisionTreeClassifier().fit([[1.0], [2.0], [3.0]], ["few", "many", "many"])
    assert tree.predict([[np.nan]]).tolist() == ["many"]


def test_infinite_values_are_refused() -> None:
    with pytest.raises(ParameterError, match="infinity"):
        DecisionTreeClassifier().fit([[1.0], [1e300]], [0, 1])


def test_class_weights_shift_the_shares() -> None:
    X, y = np.zeros((4, 1)), [0, 0, 0, 1]
    assert DecisionTreeClassifier(class_weight="balanced").fit(X, y).predict_proba([[0.0]]).tolist() == [[0.5, 0.5]]
    shares = DecisionTreeClassifier(class_weight={1: 9}).fit(X, y).predict_proba([[0.0]])
    np.testing.assert_allclose(shares, [[0.25, 0.75]])


@pytest.mark.parametrize(
    "params",
    [
        {"criterion": "absolute_error"},
        {"max_depth": 0},
        {"min_samples_split": 1},
        {"min_samples_leaf": 1.5},
        {"min_weight_fraction_leaf": 0.7},
        {"max_features": "all"},
        {"max_leaf_nodes": 1},
        {"min_impurity_decrease": -1.0},
        {"splitter": "worst"},
        {"random_state": -1},
        {"class_weight": {7: 1.0}},
        {"class_weight": "heavy"},
    ],
)
def test_parameters_that_make_no_sense_are_refused_by_name(params: dict[str, Any]) -> None:
    (name,) = params
    with pytest.raises(ParameterError) as caught:
        DecisionTreeClassifier(**params).fit([[0.0], [1.0]], [0, 1])
    assert caught.value.code == "aprender.parameter"
    assert str(caught.value.detail["name"]).startswith(name)


def test_counts_below_zero_are_refused() -> None:
    with pytest.raises(ParameterError, match="Poisson"):
        DecisionTreeRegressor(criterion="poisson").fit([[0.0], [1.0]], [-1.0, 2.0])


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
def test_image_brings_a_tree_back(estimator: Any) -> None:
    X, y = integers(2)
    fitted = estimator.fit(X, np.round(y / 50))
    again: Any = rebuild(*describe(fitted), "memory")
    assert (again.predict(X) == fitted.predict(X)).all()
    assert (again.apply(X) == fitted.apply(X)).all()
    assert (copied(fitted).predict(X) == fitted.predict(X)).all()


def test_one_row_and_many_are_told_alike() -> None:
    X, y = datasets.load_diabetes(return_X_y=True)
    fitted = DecisionTreeRegressor(random_state=0).fit(X, y)
    together = fitted.predict(X)
    apart = np.concatenate([fitted.predict(X[start : start + 3]) for start in range(0, len(X), 3)])
    assert (together == apart).all()
    assert (together == fitted.forest_.value[leaf_rows(fitted, X), 0]).all()


def leaf_rows(fitted: DecisionTreeRegressor, X: Any) -> Any:
    """The rows of `value` by the slow twin."""
    return fitted.forest_.plain().left[fitted.forest_.walk(X.astype(np.float32))[:, 0]]
