"""Every estimator keeps the contract, and each check notices an estimator that does not."""

from __future__ import annotations

import numpy as np
import pytest

from estimators import OURS, ours
from sovereign.errors import NotFittedError
from sovereign.ml.aprender import LinearRegression, checks
from sovereign.ml.aprender.registry import HOMES

NAMES = sorted({case.name for case in OURS})


@pytest.mark.parametrize("name", NAMES)
def test_an_estimator_keeps_the_contract(name):
    case = next(each for each in OURS if each.name == name)
    checks.check_estimator(ours(case))


def test_every_estimator_of_a_file_has_a_case():
    frozen = {name for name in HOMES if name.startswith("Frozen")}
    assert set(NAMES) == set(HOMES) - frozen - {"Pipeline"}


class Changes(LinearRegression):
    def __init__(self, *, fit_intercept=True):
        super().__init__(fit_intercept=fit_intercept)
        self.note = "not a parameter"


class Forgetful(LinearRegression):
    def predict(self, X):
        return np.zeros(len(X))


class Spoils(LinearRegression):
    def fit(self, X, y):
        super().fit(X, y)
        X[0] = 0
        return self


class Leaves(LinearRegression):
    def fit(self, X, y):
        self.rows = len(X)
        return super().fit(X, y)


class Guesses(LinearRegression):
    def predict(self, X):
        return super().predict(X) + np.random.default_rng().normal(size=len(X))


class Centres(LinearRegression):
    def predict(self, X):
        values = super().predict(X)
        return values - values.mean()


@pytest.mark.parametrize(
    ("estimator", "check", "said"),
    [
        (Changes(), checks.check_constructor_only_stores, "parameters alone"),
        (Forgetful(), checks.check_refuses_before_fit, "should refuse before"),
        (Spoils(), checks.check_fit_leaves_input_alone, "leave its input"),
        (Leaves(), checks.check_fit_leaves_input_alone, "ends in `_`"),
        (Guesses(), checks.check_fit_repeats, "answer alike"),
        (Centres(), checks.check_parts_answer_as_the_whole, "parts of them"),
        (Centres(), checks.check_native_model_answers_alike, "so predict"),
        (Forgetful(), checks.check_refuses_other_columns, "another number of columns"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, LinearRegression) else None,
)
def test_a_broken_estimator_is_noticed(estimator, check, said):
    with pytest.raises(AssertionError, match=said):
        check(estimator)


def test_an_unfitted_estimator_is_told_by_scikit_learns_class_too():
    from sklearn.exceptions import NotFittedError as Theirs

    with pytest.raises(Theirs) as caught:
        LinearRegression().predict([[1.0]])
    assert isinstance(caught.value, NotFittedError)
