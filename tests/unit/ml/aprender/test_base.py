"""What every estimator shares: parameters, names of columns, frames, pickles, and the native model that follows."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn import base as theirs

from sovereign.errors import NotFittedError, ParameterError, ShapeError
from sovereign.ml.aprender import (
    PCA,
    KMeans,
    LinearRegression,
    LogisticRegression,
    OneHotEncoder,
    Ridge,
    StandardScaler,
    make_pipeline,
)

X = np.random.default_rng(0).normal(size=(40, 3))
Y = X @ [1.0, 2.0, -1.0]
FRAME = pd.DataFrame(X, columns=["age", "size", "rate"])


def test_parameters_are_read_set_and_refused_by_name():
    model = Ridge(alpha=3.0)
    assert model.get_params()["alpha"] == 3.0
    assert model.set_params(alpha=2.0) is model
    assert model.alpha == 2.0
    with pytest.raises(ParameterError, match="Invalid parameter 'alhpa' for estimator Ridge, perhaps `alpha`"):
        model.set_params(alhpa=1.0)


def test_repr_shows_what_is_not_the_default():
    assert repr(Ridge()) == "Ridge()"
    assert repr(Ridge(alpha=2.0)) == "Ridge(alpha=2.0)"
    assert repr(make_pipeline(StandardScaler(), Ridge(alpha=2.0))).startswith("Pipeline(steps=[('standardscaler'")


def test_a_clone_of_scikit_learn_has_the_parameters_and_nothing_else():
    model = Ridge(alpha=2.0).fit(X, Y)
    clone = theirs.clone(model)
    assert repr(clone) == repr(model)
    with pytest.raises(NotFittedError):
        clone.predict(X)


def test_scikit_learn_knows_what_kind_it_is():
    assert theirs.is_regressor(Ridge())
    assert theirs.is_classifier(LogisticRegression())
    assert theirs.is_clusterer(KMeans())
    assert not theirs.is_classifier(StandardScaler())


def test_names_of_columns_are_learned_and_asked_for():
    model = Ridge().fit(FRAME, Y)
    assert model.feature_names_in_.tolist() == ["age", "size", "rate"]
    np.testing.assert_array_equal(model.predict(FRAME), Ridge().fit(X, Y).predict(X))
    with pytest.raises(ParameterError, match="in the same order as they were in fit") as caught:
        model.predict(FRAME[["size", "age", "rate"]])
    assert caught.value.code == "aprender.columns"
    with pytest.raises(ParameterError, match=r"unseen at fit time:\n- weight\n.*now missing:\n- age"):
        model.predict(FRAME.rename(columns={"age": "weight"}))
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        model.predict(X)
    with pytest.warns(UserWarning, match="was fitted without feature names"):
        Ridge().fit(X, Y).predict(FRAME)
    with pytest.raises(ParameterError, match="string names"):
        Ridge().fit(pd.DataFrame({1: [1.0, 2.0], "b": [1.0, 3.0]}), [1.0, 2.0])


def test_transformers_give_frames_where_they_are_asked_to():
    scaled = StandardScaler().set_output(transform="pandas").fit(FRAME).transform(FRAME)
    assert scaled.columns.tolist() == ["age", "size", "rate"]
    assert scaled.index.equals(FRAME.index)
    assert theirs.clone(StandardScaler().set_output(transform="pandas"))._sklearn_output_config == {
        "transform": "pandas"
    }
    names = PCA(n_components=2).fit(X).get_feature_names_out().tolist()
    assert names == ["pca0", "pca1"]
    coded = OneHotEncoder().fit([[1.0], [2.0]]).get_feature_names_out(["grade"]).tolist()
    assert coded == ["grade_1.0", "grade_2.0"]
    with pytest.raises(ParameterError, match="`transform` should be one of"):
        StandardScaler().set_output(transform="excel")
    assert StandardScaler().set_output(transform=None) is not None


def test_names_that_do_not_fit_are_refused():
    scaler = StandardScaler().fit(FRAME)
    with pytest.raises(ParameterError, match="not equal to feature_names_in_"):
        scaler.get_feature_names_out(["a", "b", "c"])
    with pytest.raises(ShapeError, match="length equal to number of features"):
        StandardScaler().fit(X).get_feature_names_out(["a"])


def test_a_pickle_brings_the_model_back_and_not_the_native_one():
    model = LinearRegression().fit(X, Y)
    expected = model.predict(X)
    twin = pickle.loads(pickle.dumps(model))  # noqa: S301 - made here
    np.testing.assert_array_equal(twin.predict(X), expected)
    assert not twin.coef_.flags.writeable


def test_the_native_model_follows_what_was_learned():
    model = LinearRegression().fit(X, Y)
    before = model.predict(X)
    with pytest.raises(ValueError, match="read-only"):
        model.coef_[0] = 5.0
    model.coef_ = np.zeros(3)
    np.testing.assert_allclose(model.predict(X), model.intercept_)
    assert not np.allclose(before, model.intercept_)


def test_a_fit_that_fails_leaves_no_half_of_a_model():
    model = LinearRegression().fit(X, Y)
    with pytest.raises(ShapeError):
        model.fit(X[:, :2], Y[:3])
    with pytest.raises(NotFittedError):
        model.predict(X)


def test_the_record_of_a_fit_is_kept():
    model = Ridge().fit(X, Y)
    record = model.training_record()
    assert record["samples"] == 40
    assert record["duration_ms"] > 0
    assert Ridge().training_record() == {}


def test_a_column_vector_is_taken_with_a_warning_of_scikit_learns_class():
    from sklearn.exceptions import DataConversionWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        LogisticRegression().fit(X, (Y > 0).reshape(-1, 1))
    assert any(issubclass(each.category, DataConversionWarning) for each in caught)
