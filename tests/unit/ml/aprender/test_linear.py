"""Linear regressors give scikit-learn's coefficients, and keep what their definitions promise."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import linear_model as theirs
from sklearn.exceptions import ConvergenceWarning

from sovereign import _native as native
from sovereign.errors import KindError, NotFittedError, ParameterError, ShapeError
from sovereign.ml.aprender import reference
from sovereign.ml.aprender.linear import ElasticNet, Lasso, LinearRegression, Ridge
from sovereign.ml.aprender.state import describe, rebuild

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)  # the machine may be busy
ALL = [LinearRegression(), Ridge(0.7), Lasso(0.05), ElasticNet(0.05)]
ids = pytest.mark.parametrize("model", ALL, ids=lambda model: type(model).__name__)


def data(seed, rows=60, columns=5, targets=None, dtype=np.float64):
    generator = np.random.default_rng(seed)
    X = generator.normal(3, 2, size=(rows, columns))
    coef = generator.normal(size=(columns, targets or 1))
    y = X @ coef + generator.normal(size=(rows, targets or 1)) + 7
    return X.astype(dtype), (y if targets else y[:, 0]).astype(dtype), generator.uniform(0.1, 2, rows)


def fresh(model, **changes):
    return type(model)(**(model.get_params() | changes))


def peer(model, **options):
    return getattr(theirs, type(model).__name__)(**model.get_params(), **options)


@ids
@pytest.mark.parametrize("fit_intercept", [True, False])
@few
@given(seed=seeds)
def test_coefficients_are_the_peers(model, fit_intercept, seed):
    X, y, weight = data(seed)
    options = {"tol": 1e-10, "max_iter": 100_000} if isinstance(model, ElasticNet) else {}
    ours = fresh(model, fit_intercept=fit_intercept, **options)
    expected = peer(ours).fit(X, y, sample_weight=weight)
    ours.fit(X, y, sample_weight=weight)
    np.testing.assert_allclose(ours.coef_, expected.coef_, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ours.intercept_, expected.intercept_, rtol=1e-6, atol=1e-8)


@ids
def test_several_targets_are_fitted_as_each_alone(model):
    X, Y, _ = data(1, targets=3)
    together = fresh(model).fit(X, Y)
    assert together.coef_.shape == (3, 5)
    assert together.predict(X).shape == (60, 3)
    for place in range(3):
        alone = fresh(model).fit(X, Y[:, place])
        np.testing.assert_allclose(together.coef_[place], alone.coef_, rtol=1e-9)
        np.testing.assert_allclose(together.predict(X)[:, place], alone.predict(X), rtol=1e-9)


@ids
def test_a_weight_of_two_is_a_row_twice(model):
    X, y, _ = data(2)
    weight = np.ones(60)
    weight[:20] = 2
    weighted = fresh(model).fit(X, y, sample_weight=weight)
    repeated = fresh(model).fit(np.vstack([X, X[:20]]), np.concatenate([y, y[:20]]))
    np.testing.assert_allclose(weighted.coef_, repeated.coef_, rtol=1e-9)


@ids
def test_moving_and_scaling_the_target_moves_and_scales_predictions(model):
    X, y, _ = data(3)
    if isinstance(model, ElasticNet):
        model = fresh(model, alpha=0.0, tol=1e-14, max_iter=100_000)
    before = fresh(model).fit(X, y).predict(X)
    after = fresh(model).fit(X, 10 * y + 5).predict(X)
    np.testing.assert_allclose(after, 10 * before + 5, rtol=1e-7)


@ids
def test_float32_stays_float32_and_is_near_float64(model):
    X, y, _ = data(4)
    narrow, wide = fresh(model).fit(X.astype(np.float32), y.astype(np.float32)), fresh(model).fit(X, y)
    assert narrow.coef_.dtype == np.float32
    assert narrow.predict(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_allclose(narrow.coef_, wide.coef_, rtol=2e-4, atol=1e-4)


@ids
def test_results_are_equal_bits_for_any_number_of_threads(model):
    X, y, weight = data(5, rows=30_000, columns=40)
    most = native.threads()
    try:
        found = []
        for count in (1, 2, 4):
            native.set_threads(count)
            found.append(fresh(model).fit(X, y, sample_weight=weight))
    finally:
        native.set_threads(most)
    assert all(np.array_equal(found[0].coef_, other.coef_) for other in found[1:])


@ids
def test_an_estimator_comes_back_from_its_image_as_it_was(model):
    X, y, _ = data(6)
    fitted = fresh(model).fit(X, y)
    described, image = describe(fitted)
    again = rebuild(described, image, "memory")
    assert np.array_equal(again.predict(X), fitted.predict(X))
    assert np.array_equal(again.coef_, fitted.coef_)
    np.testing.assert_allclose(reference.values(image, X)[:, 0], fitted.predict(X), rtol=1e-12)


@pytest.mark.parametrize("shape", [(20, 30), (60, 9)])
def test_dependent_columns_get_the_answer_of_least_norm(shape):
    X, y, _ = data(7, rows=shape[0], columns=shape[1])
    X[:, 1] = X[:, 0] * 2 - X[:, 2]
    ours, expected = LinearRegression().fit(X, y), theirs.LinearRegression().fit(X, y)
    np.testing.assert_allclose(ours.coef_, expected.coef_, rtol=1e-6, atol=1e-9)
    assert ours.rank_ == expected.rank_ < shape[1]


@pytest.mark.parametrize("spread", [1e-3, 1e-4, 1e-6])
def test_badly_conditioned_columns_lose_no_residual(spread):
    X, y, _ = data(8, rows=500)
    X[:, 1] = X[:, 0] + spread * X[:, 1]
    ours, expected = LinearRegression().fit(X, y), theirs.LinearRegression().fit(X, y)
    residual = np.square(y - ours.predict(X)).sum() / np.square(y - expected.predict(X)).sum()
    assert residual <= 1 + 1e-8
    if spread > 1e-5:
        # Beyond that the peer's own tolerance leaves directions out.
        np.testing.assert_allclose(ours.coef_, expected.coef_, rtol=1e-5)


def test_constant_columns_get_no_coefficient():
    X, y, _ = data(9)
    X[:, 2] = 1e6 / 3
    for model in ALL:
        assert fresh(model).fit(X, y).coef_[2] == 0


def test_ridge_takes_a_penalty_for_each_target_and_more_columns_than_rows():
    X, Y, weight = data(10, rows=20, columns=40, targets=2)
    ours = Ridge(np.array([0.1, 10.0])).fit(X, Y, sample_weight=weight)
    expected = theirs.Ridge(np.array([0.1, 10.0])).fit(X, Y, sample_weight=weight)
    np.testing.assert_allclose(ours.coef_, expected.coef_, rtol=1e-7)
    np.testing.assert_allclose(ours.intercept_, expected.intercept_, rtol=1e-7)


def test_ridge_without_a_penalty_is_least_squares_of_least_norm():
    X, y, _ = data(11)
    X[:, 4] = X[:, 3]
    np.testing.assert_allclose(Ridge(0.0).fit(X, y).coef_, LinearRegression().fit(X, y).coef_, rtol=1e-6)


@pytest.mark.parametrize("shape", [(60, 5), (20, 50)])
@pytest.mark.parametrize("positive", [True, False])
def test_lasso_finds_the_peers_zeros(shape, positive):
    X, y, weight = data(12, rows=shape[0], columns=shape[1])
    ours = Lasso(0.3, tol=1e-10, max_iter=100_000, positive=positive).fit(X, y, sample_weight=weight)
    expected = theirs.Lasso(0.3, tol=1e-10, max_iter=100_000, positive=positive).fit(X, y, sample_weight=weight)
    np.testing.assert_array_equal(ours.coef_ == 0, expected.coef_ == 0)
    np.testing.assert_allclose(ours.coef_, expected.coef_, rtol=1e-6, atol=1e-9)
    assert ours.dual_gap_ <= 1e-7
    assert not positive or (ours.coef_ >= 0).all()


def test_a_warm_start_goes_on_where_the_last_fit_ended():
    X, y, _ = data(13, columns=30)
    cold = Lasso(0.01, tol=1e-12, max_iter=100_000).fit(X, y)
    warm = Lasso(0.01, tol=1e-12, max_iter=100_000, warm_start=True).fit(X, y).fit(X, y)
    assert warm.n_iter_ < cold.n_iter_
    np.testing.assert_allclose(warm.coef_, cold.coef_, rtol=1e-6)


def test_too_few_sweeps_are_told():
    X, y, _ = data(14, columns=30)
    with pytest.warns(ConvergenceWarning, match="duality gap"):
        Lasso(1e-6, tol=1e-12, max_iter=2).fit(X, y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Lasso(0.1).fit(X, y)


@pytest.mark.parametrize(
    "model",
    [Ridge(-1.0), Ridge([1.0, 2.0, 3.0]), Lasso(-0.1), ElasticNet(l1_ratio=2), Lasso(max_iter=0), Lasso(tol=-1)],
    ids=repr,
)
def test_a_parameter_that_makes_no_sense_is_refused(model):
    X, y, _ = data(15)
    with pytest.raises(ParameterError) as caught:
        model.fit(X, y)
    assert caught.value.code == "aprender.parameter"


BAD = [
    (ShapeError, "60", "aprender.shape", lambda X, y: (X, y[:-1])),
    (ShapeError, "0 sample", "aprender.shape", lambda X, y: (X[:0], y[:0])),
    (ParameterError, "NaN", "aprender.values", lambda X, y: (np.where(X[3, 2] == X, np.nan, X), y)),
    (ParameterError, "infinity", "aprender.values", lambda X, y: (X, np.where(y == y[0], np.inf, y))),
    (ParameterError, "could not convert", "aprender.values", lambda X, y: ([["a"]] * len(X), y)),
    (KindError, "array of numbers", "aprender.kind", lambda _, y: ("no array", y)),
]


@ids
@pytest.mark.parametrize(("family", "words", "code", "spoil"), BAD, ids=[words for _, words, _, _ in BAD])
def test_bad_input_is_refused_with_what_is_wrong(model, family, words, code, spoil):
    X, y, _ = data(16)
    with pytest.raises(family, match=words) as caught:
        fresh(model).fit(*spoil(X, y))
    assert caught.value.code == code


@ids
def test_nothing_is_told_before_a_fit_or_of_other_columns(model):
    X, y, _ = data(17)
    with pytest.raises(NotFittedError) as caught:
        fresh(model).predict(X)
    assert caught.value.code == "aprender.not_fitted"
    with pytest.raises(ShapeError, match="expecting 5"):
        fresh(model).fit(X, y).predict(X[:, :3])
