"""What may enter an estimator, and what is said of the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from sovereign.errors import KindError, ParameterError, ShapeError
from sovereign.ml.aprender import validation

MATRIX = np.arange(6.0).reshape(3, 2)


@pytest.mark.parametrize(
    "given",
    [
        MATRIX,
        MATRIX.tolist(),
        MATRIX.astype(int),
        np.asfortranarray(MATRIX),
        pd.DataFrame(MATRIX),
        MATRIX.astype(object),
        [["0", "1"], ["2", "3"], ["4", "5"]],
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_holds_numbers_becomes_a_matrix_of_doubles(given):
    found = validation.matrix(given)
    np.testing.assert_array_equal(found, MATRIX)
    assert found.dtype == np.float64
    assert found.flags.c_contiguous


def test_single_precision_stays():
    assert validation.matrix(MATRIX.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("given", "family", "said"),
    [
        (None, KindError, "an array of numbers"),
        ("text", KindError, "an array of numbers"),
        ([[{}, 1.0]], KindError, "argument must be a string or a real number"),
        ([["a", "b"]], ParameterError, "is no number"),
        ([[1 + 2j, 1.0]], ParameterError, "Complex data not supported"),
        (sparse.csr_matrix(MATRIX), KindError, "does not take sparse input"),
        ([1.0, 2.0], ShapeError, "Expected 2D array, got 1D array instead"),
        (5.0, ShapeError, "got scalar array"),
        ([[1.0], [1.0, 2.0]], ShapeError, "the same length"),
        (np.zeros((0, 2)), ShapeError, r"0 sample\(s\)"),
        (np.zeros((2, 0)), ShapeError, r"0 feature\(s\)"),
        ([[1.0, np.nan]], ParameterError, r"contains NaN.*\n.*X\[0, 1\]"),
        ([[1.0], [np.inf]], ParameterError, r"contains infinity.*\n.*X\[1, 0\]"),
    ],
)
def test_what_holds_none_is_refused(given, family, said):
    with pytest.raises(family, match=said):
        validation.matrix(given)


def test_gaps_pass_where_they_mean_something_and_infinity_never_does():
    assert np.isnan(validation.matrix([[np.nan]], allow_nan=True)[0, 0])
    with pytest.raises(ParameterError, match="infinity"):
        validation.matrix([[np.nan], [np.inf]], allow_nan=True)


def test_numbers_whose_sum_overflows_are_finite():
    large = np.full((4, 1), np.finfo(np.float64).max)
    np.testing.assert_array_equal(validation.matrix(large), large)


@pytest.mark.parametrize(
    ("y", "family", "said"),
    [
        (None, ParameterError, "requires y to be passed"),
        ([1.0, 2.0], ShapeError, "inconsistent numbers of samples"),
        ([[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]], ShapeError, "1d array"),
        ([1.0, np.nan, 2.0], ParameterError, "Input y contains NaN"),
        (["a", "b", "c"], ParameterError, "is no number"),
        (sparse.csr_matrix(MATRIX), KindError, "it is sparse"),
    ],
)
def test_targets_of_regressors_are_refused(y, family, said):
    with pytest.raises(family, match=said):
        validation.target_numbers(y, 3, estimator="Ridge", dtype=np.dtype(np.float64))


@pytest.mark.parametrize(
    ("y", "family", "said"),
    [
        (None, ParameterError, "requires y to be passed"),
        ([0.5, 1.0, 2.0], ParameterError, "Unknown label type: continuous"),
        ([0.0, np.nan, 1.0], ParameterError, "Input y contains NaN"),
        (np.array(["a", None, "b"], dtype=object), ParameterError, "some of `y` are missing"),
        (np.array(["a", 1, "b"], dtype=object), ParameterError, "it holds: `int, str`"),
        (np.array([0.5, 1, 2], dtype=object), ParameterError, "continuous"),
        ([0, 1], ShapeError, "inconsistent"),
    ],
)
def test_targets_of_classifiers_are_refused(y, family, said):
    with pytest.raises(family, match=said):
        validation.target_classes(y, 3, estimator="Tree")


@pytest.mark.parametrize(
    "y", [["b", "a", "b"], [True, False, True], np.array([2, 1, 2], dtype=object), [7.0, 1.0, 7.0]]
)
def test_classes_come_in_order_with_the_place_of_each_row(y):
    classes, places = validation.classes_of(validation.target_classes(y, 3, estimator="Tree"))
    assert sorted(classes.tolist()) == classes.tolist()
    assert classes[places].tolist() == np.asarray(y).tolist()


@pytest.mark.parametrize(
    ("weight", "family", "said"),
    [
        ([1.0, 1.0], ShapeError, r"sample_weight.shape == \(2,\), expected \(3,\)"),
        ([[1.0], [1.0], [1.0]], ShapeError, "1D array or scalar"),
        ([1.0, -1.0, 1.0], ParameterError, "Negative values in data passed to `sample_weight`"),
        ([0.0, 0.0, 0.0], ParameterError, "at least one non-zero"),
        ([1.0, np.nan, 1.0], ParameterError, "sample_weight contains NaN"),
    ],
)
def test_weights_that_weigh_nothing_are_refused(weight, family, said):
    with pytest.raises(family, match=said):
        validation.weights(weight, 3, estimator="Ridge")


def test_one_weight_stands_for_all_rows():
    assert validation.weights(2.0, 3, estimator="Ridge").tolist() == [2.0] * 3
    assert validation.weights(None, 3, estimator="Ridge") is None


def test_seeds_give_generators_that_repeat():
    for seed in (7, np.int64(7)):
        one, other = (validation.random_generator(seed).integers(1 << 30) for _ in range(2))
        assert one == other
    generator = np.random.default_rng(1)
    assert validation.random_generator(generator) is generator
    one, other = (validation.random_generator(np.random.RandomState(3)).integers(1 << 30) for _ in range(2))
    assert one == other
    assert validation.random_generator(None) is not validation.random_generator(None)
    for seed in (-1, "seven", 1.5):
        with pytest.raises(ParameterError, match="`random_state` should be"):
            validation.random_generator(seed)
