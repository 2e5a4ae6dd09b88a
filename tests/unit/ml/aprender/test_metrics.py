"""Metrics equal scikit-learn's, on generated targets and on the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as theirs

from sovereign.errors import ParameterError, ShapeError
from sovereign.ml.aprender import metrics as ours

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15)  # the peer takes a millisecond a score


def classes(seed, kinds, rows=40):
    generator = np.random.default_rng(seed)
    truth, guess = generator.integers(0, kinds, size=(2, rows))
    truth[:kinds] = np.arange(kinds)
    return truth, guess, generator.uniform(0.1, 2, rows)


@pytest.mark.parametrize("average", [None, "micro", "macro", "weighted"])
@pytest.mark.parametrize("name", ["precision_score", "recall_score", "f1_score"])
@few
@given(seed=seeds, kinds=st.integers(1, 5))
def test_a_score_of_classes_is_the_peers_for_every_average(name, average, seed, kinds):
    truth, guess, weight = classes(seed, kinds)
    expected = getattr(theirs, name)(truth, guess, average=average, sample_weight=weight, zero_division=0)
    found = getattr(ours, name)(truth, guess, average=average, sample_weight=weight)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["precision_score", "recall_score", "f1_score"])
def test_a_binary_score_is_that_of_the_positive_label(name):
    truth, guess = ["n", "y", "y", "n", "y"], ["n", "y", "n", "y", "y"]
    expected = getattr(theirs, name)(truth, guess, pos_label="y")
    assert getattr(ours, name)(truth, guess, pos_label="y") == pytest.approx(expected)


def test_what_was_never_predicted_has_the_precision_that_is_asked_for():
    truth, guess = [0, 1, 1], [0, 0, 0]
    assert ours.precision_score(truth, guess) == 0
    assert ours.precision_score(truth, guess, zero_division=1.0) == 1


@few
@given(seed=seeds, kinds=st.integers(2, 5))
def test_accuracy_and_counts_are_the_peers(seed, kinds):
    truth, guess, weight = classes(seed, kinds)
    assert ours.accuracy_score(truth, guess, sample_weight=weight) == pytest.approx(
        theirs.accuracy_score(truth, guess, sample_weight=weight)
    )
    np.testing.assert_array_equal(ours.confusion_matrix(truth, guess), theirs.confusion_matrix(truth, guess))
    np.testing.assert_allclose(
        ours.confusion_matrix(truth, guess, labels=[2, 0], sample_weight=weight)
        if kinds > 2
        else ours.confusion_matrix(truth, guess, sample_weight=weight),
        theirs.confusion_matrix(truth, guess, labels=[2, 0], sample_weight=weight)
        if kinds > 2
        else theirs.confusion_matrix(truth, guess, sample_weight=weight),
    )


def test_balanced_accuracy_is_the_peers():
    truth, guess, weight = classes(3, 4)
    assert ours.balanced_accuracy_score(truth, guess, sample_weight=weight) == pytest.approx(
        theirs.balanced_accuracy_score(truth, guess, sample_weight=weight)
    )


@few
@given(seed=seeds, kinds=st.integers(2, 5))
def test_scores_of_probabilities_are_the_peers(seed, kinds):
    truth, _, weight = classes(seed, kinds)
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(kinds), size=len(truth)).round(2)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    assert ours.log_loss(truth, probabilities, sample_weight=weight) == pytest.approx(
        theirs.log_loss(truth, probabilities, sample_weight=weight)
    )
    score = probabilities[:, 1] if kinds == 2 else probabilities
    expected = theirs.roc_auc_score(truth, score, multi_class="ovr", sample_weight=weight)
    assert ours.roc_auc_score(truth, score, sample_weight=weight) == pytest.approx(expected)


def test_the_brier_score_is_the_peers():
    truth, _, weight = classes(5, 2)
    chance = np.random.default_rng(1).uniform(size=len(truth))
    assert ours.brier_score_loss(truth, chance, sample_weight=weight) == pytest.approx(
        theirs.brier_score_loss(truth, chance, sample_weight=weight)
    )


def test_a_weighted_area_counts_classes_by_their_rows():
    truth, _, _ = classes(7, 3)
    score = np.random.default_rng(2).dirichlet(np.ones(3), size=len(truth))
    expected = theirs.roc_auc_score(truth, score, multi_class="ovr", average="weighted")
    assert ours.roc_auc_score(truth, score, average="weighted") == pytest.approx(expected)


def test_confidence_that_is_right_is_calibrated_and_other_confidence_is_not():
    truth = np.array([0, 1, 0, 1])
    assert ours.expected_calibration_error(truth, [0.0, 1.0, 0.0, 1.0]) == 0
    # Sure of four rows with 0.95, right about two: the one bin is off by 0.95 - 0.5.
    assert ours.expected_calibration_error(truth, [0.95] * 4) == pytest.approx(0.45)


@pytest.mark.parametrize(
    "name",
    [
        "r2_score",
        "mean_squared_error",
        "root_mean_squared_error",
        "mean_absolute_error",
        "mean_absolute_percentage_error",
    ],
)
@few
@given(seed=seeds, columns=st.integers(1, 3))
def test_a_score_of_numbers_is_the_peers(name, seed, columns):
    generator = np.random.default_rng(seed)
    truth, guess = generator.normal(size=(2, 20, columns))
    weight = generator.uniform(0.1, 2, 20)
    expected = getattr(theirs, name)(truth, guess, sample_weight=weight)
    assert getattr(ours, name)(truth, guess, sample_weight=weight) == pytest.approx(expected)


def test_the_median_and_the_largest_error_are_the_peers():
    truth, guess = np.random.default_rng(0).normal(size=(2, 21))
    assert ours.median_absolute_error(truth, guess) == theirs.median_absolute_error(truth, guess)
    assert ours.max_error(truth, guess) == theirs.max_error(truth, guess)


@pytest.mark.parametrize(("guess", "expected"), [([2.0, 2.0], 1.0), ([2.0, 3.0], 0.0)])
def test_a_constant_target_is_met_or_missed(guess, expected):
    assert ours.r2_score([2.0, 2.0], guess) == expected


@few
@given(seed=seeds)
def test_likeness_of_groupings_is_the_peers(seed):
    truth, guess = np.random.default_rng(seed).integers(0, 4, size=(2, 30))
    assert ours.adjusted_rand_score(truth, guess) == pytest.approx(theirs.adjusted_rand_score(truth, guess))


def test_the_silhouette_is_the_peers_also_in_blocks():
    generator = np.random.default_rng(4)
    points, labels = generator.normal(size=(600, 3)), generator.integers(0, 4, size=600)
    labels[0] = 9  # a group of one row
    assert ours.silhouette_score(points, labels) == pytest.approx(theirs.silhouette_score(points, labels))


@pytest.mark.parametrize(
    ("call", "family", "said"),
    [
        (lambda: ours.accuracy_score([1, 2], [1]), ShapeError, "their shapes are"),
        (lambda: ours.accuracy_score([], []), ShapeError, "at least one row"),
        (lambda: ours.r2_score([1.0, 2.0], [1.0]), ShapeError, "one shape"),
        (lambda: ours.f1_score([0, 1, 2], [0, 1, 2]), ParameterError, "multiclass"),
        (lambda: ours.f1_score([0, 1], [0, 1], pos_label=7), ParameterError, "not a valid label"),
        (lambda: ours.f1_score([0, 1], [0, 1], average="mean"), ParameterError, "`average` should be"),
        (lambda: ours.roc_auc_score([1, 1], [0.1, 0.2]), ParameterError, "Only one class"),
        (lambda: ours.log_loss([0, 1], [[0.5, 0.5]]), ShapeError, "a row for each target"),
        (lambda: ours.log_loss([0, 1], [0.5, 1.5]), ParameterError, "from 0 to 1"),
        (lambda: ours.silhouette_score([[0.0], [1.0]], [0, 0]), ParameterError, "groups"),
        (lambda: ours.scorer("accurasy"), ParameterError, "`scoring` should be one of"),
    ],
)
def test_a_metric_that_makes_no_sense_is_refused(call, family, said):
    with pytest.raises(family, match=said):
        call()


def test_scorers_are_larger_for_better_models():
    class Fixed:
        def __init__(self, answer):
            self.answer = np.asarray(answer)

        def predict(self, X):
            return self.answer

        def predict_proba(self, X):
            return np.column_stack([1 - self.answer, self.answer])

    truth = np.array([0.0, 1.0, 1.0])
    good, bad = Fixed([0.0, 1.0, 1.0]), Fixed([1.0, 0.0, 1.0])
    for name in ("accuracy", "f1", "roc_auc", "neg_log_loss", "r2", "neg_mean_squared_error"):
        score = ours.scorer(name)
        assert score(good, None, truth) > score(bad, None, truth), name
