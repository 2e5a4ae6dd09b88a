"""Splits and folds: nothing lost, nothing twice, classes in proportion, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression

from sovereign.errors import ParameterError, ShapeError
from sovereign.ml.aprender import model_selection as selection


@given(rows=st.integers(2, 60), share=st.floats(0.05, 0.9), seed=st.integers(0, 99))
def test_a_split_keeps_every_row_once_and_rows_together(rows, share, seed):
    numbers = np.arange(rows)
    if not 1 <= np.ceil(rows * share) < rows:
        return
    train, test, again, other = selection.train_test_split(numbers, numbers * 2, test_size=share, random_state=seed)
    assert sorted([*train, *test]) == numbers.tolist()
    assert len(test) == int(np.ceil(rows * share))
    np.testing.assert_array_equal(again, train * 2)
    np.testing.assert_array_equal(other, test * 2)


@given(counts=st.lists(st.integers(4, 30), min_size=2, max_size=4), seed=st.integers(0, 99))
def test_a_stratified_split_has_each_class_in_proportion(counts, seed):
    classes = np.repeat(np.arange(len(counts)), counts)
    train, test = selection.train_test_split(classes, test_size=0.3, stratify=classes, random_state=seed)
    for name, count in enumerate(counts):
        assert abs((test == name).sum() - 0.3 * count) < 1.5
        assert (train == name).sum() + (test == name).sum() == count


def test_a_seed_gives_the_same_split_and_another_seed_another_one():
    rows = np.arange(100)
    first, again, other = (selection.train_test_split(rows, random_state=seed)[1].tolist() for seed in (7, 7, 8))
    assert first == again != other


def test_pieces_are_of_the_kind_that_came_in():
    frame = pd.DataFrame({"a": range(8)})
    piece, _, names, _, pair, _ = selection.train_test_split(frame, list("abcdefgh"), tuple(range(8)), random_state=0)
    assert isinstance(piece, pd.DataFrame)
    assert isinstance(names, list)
    assert isinstance(pair, tuple)
    assert [f"{'abcdefgh'[place]}" for place in piece["a"]] == names


def test_rows_in_order_stay_in_order():
    train, test = selection.train_test_split(np.arange(5), test_size=2, shuffle=False)
    assert (train.tolist(), test.tolist()) == ([0, 1, 2], [3, 4])


@pytest.mark.parametrize(
    ("options", "family", "said"),
    [
        ({"test_size": 1.5}, ParameterError, "share between 0 and 1"),
        ({"test_size": 9, "train_size": 9}, ParameterError, "not more together"),
        ({"test_size": 10}, ParameterError, "at least one each"),
        ({"stratify": [0] * 9 + [1]}, ParameterError, "at least 2 rows"),
        ({"stratify": [0, 1] * 5, "shuffle": False}, ParameterError, "cannot be stratified"),
        ({"stratify": [0, 1, 2, 3, 4] * 2, "test_size": 2}, ParameterError, "a row for each of 5 classes"),
        ({"random_state": "seven"}, ParameterError, "`random_state` should be"),
    ],
)
def test_a_split_that_cannot_be_is_refused(options, family, said):
    with pytest.raises(family, match=said):
        selection.train_test_split(np.arange(10), **options)


def test_arrays_of_different_lengths_are_refused():
    with pytest.raises(ShapeError, match="inconsistent numbers of samples"):
        selection.train_test_split([1, 2, 3], [1, 2])
    with pytest.raises(ParameterError, match="at least one array"):
        selection.train_test_split()


@given(rows=st.integers(2, 40), folds=st.integers(2, 9), shuffle=st.booleans())
def test_folds_test_every_row_once_and_differ_by_one_row_at_most(rows, folds, shuffle):
    if folds > rows:
        return
    tested, sizes = [], []
    for train, test in selection.KFold(folds, shuffle=shuffle, random_state=0).split(np.zeros((rows, 1))):
        assert not set(train) & set(test)
        assert len(train) + len(test) == rows
        tested += test.tolist()
        sizes.append(len(test))
    assert sorted(tested) == list(range(rows))
    assert max(sizes) - min(sizes) <= 1


@given(counts=st.lists(st.integers(3, 20), min_size=2, max_size=4), shuffle=st.booleans())
def test_stratified_folds_have_each_class_alike(counts, shuffle):
    classes = np.repeat(np.arange(len(counts)), counts)
    folds = selection.StratifiedKFold(3, shuffle=shuffle, random_state=0)
    tests = [classes[test] for _, test in folds.split(classes, classes)]
    for name in range(len(counts)):
        found = [int((test == name).sum()) for test in tests]
        assert max(found) - min(found) <= 1
    sizes = [len(test) for test in tests]
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize(
    ("folds", "y", "said"),
    [
        (selection.KFold(1), None, "at least one train/test split"),
        (selection.KFold(11), None, "more folds than rows"),
        (selection.StratifiedKFold(6), [0, 1] * 5, "more folds than rows of the largest class"),
        (selection.StratifiedKFold(2), None, "need the classes"),
    ],
)
def test_folds_that_cannot_be_are_refused(folds, y, said):
    with pytest.raises(ParameterError, match=said):
        list(folds.split(np.zeros((10, 1)), y))


def test_scores_are_those_of_models_that_did_not_see_the_rows():
    generator = np.random.default_rng(0)
    X = generator.normal(size=(60, 3))
    y = X @ [1.0, 2.0, 3.0] + generator.normal(size=60)
    scores = selection.cross_validate(LinearRegression(), X, y, cv=3)
    expected = [
        LinearRegression().fit(X[train], y[train]).score(X[test], y[test])
        for train, test in selection.KFold(3).split(X)
    ]
    np.testing.assert_allclose(scores["test_score"], expected)
    assert (scores["fit_time"] > 0).all()
    assert (scores["score_time"] > 0).all()
    by_name = selection.cross_val_score(LinearRegression(), X, y, cv=3, scoring="neg_mean_squared_error")
    assert (by_name < 0).all()
    outside = selection.cross_val_predict(LinearRegression(), X, y, cv=3)
    assert outside.shape == (60,)
    assert np.corrcoef(outside, y)[0, 1] > 0.9


def test_repr_says_how_to_make_it_again():
    assert repr(selection.KFold(3, shuffle=True, random_state=1)) == "KFold(3, shuffle=True, random_state=1)"
