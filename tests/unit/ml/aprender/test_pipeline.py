"""Steps one after the other: what the last one can do, what goes in at the first, and names."""

from __future__ import annotations

import numpy as np
import pytest

from estimators import data
from sovereign.errors import InternalError, NotFittedError, NotFound, ParameterError
from sovereign.ml.aprender import (
    PCA,
    KMeans,
    LinearRegression,
    LogisticRegression,
    MultinomialNB,
    Pipeline,
    StandardScaler,
    TfidfVectorizer,
    make_pipeline,
    state,
)


def test_data_pass_through_all_steps():
    X, y = data("three")
    model = make_pipeline(StandardScaler(), PCA(n_components=3), LogisticRegression()).fit(X, y)
    scaler, pca, last = (step for _, step in model.steps_)
    expected = last.predict_proba(pca.transform(scaler.transform(X)))
    np.testing.assert_array_equal(model.predict_proba(X), expected)
    np.testing.assert_allclose(model.predictor().predict(X), expected, rtol=1e-12)
    np.testing.assert_array_equal(model.predict(X), model.classes_[expected.argmax(axis=1)])
    assert model.score(X, y) == pytest.approx((model.predict(X) == y).mean())
    assert model.n_features_in_ == 5
    assert len(model) == 3


def test_it_can_do_what_its_last_step_can():
    X, y = data("target")
    regressor = make_pipeline(StandardScaler(), LinearRegression()).fit(X, y)
    assert not hasattr(regressor, "predict_proba")
    assert not hasattr(regressor, "transform")
    assert regressor.score(X, y) > 0.9
    scaled = make_pipeline(StandardScaler(), PCA(n_components=2)).fit(X)
    assert scaled.transform(X).shape == (120, 2)
    assert not hasattr(scaled, "predict")
    groups = make_pipeline(StandardScaler(), KMeans(n_clusters=2, random_state=0)).fit(X)
    assert groups.score(X) < 0


def test_texts_go_to_the_native_model_in_one():
    X, y = data("texts")
    model = make_pipeline(TfidfVectorizer(), MultinomialNB()).fit(X, y)
    words, last = (step for _, step in model.steps_)
    np.testing.assert_allclose(model.predict_proba(X), last.predict_proba(words.transform(X).toarray()), rtol=1e-9)
    np.testing.assert_array_equal(model.predict(X), last.predict(words.transform(X).toarray()))
    assert model.score(X, y) > 0.5


def test_the_given_steps_stay_unfitted():
    X, y = data("three")
    scaler = StandardScaler()
    make_pipeline(scaler, LogisticRegression()).fit(X, y)
    with pytest.raises(NotFittedError):
        scaler.transform(X)


def test_parameters_of_steps_have_the_name_of_the_step():
    model = make_pipeline(StandardScaler(), LogisticRegression())
    assert model.get_params()["logisticregression__C"] == 1.0
    model.set_params(logisticregression__C=3.0)
    assert model["logisticregression"].C == 3.0
    model.set_params(logisticregression=LinearRegression())
    assert isinstance(model[1], LinearRegression)
    model.set_params(steps=[("only", PCA())])
    assert len(model) == 1
    with pytest.raises(ParameterError, match="Invalid parameter 'scaler' for estimator Pipeline"):
        model.set_params(scaler__with_mean=False)


def test_steps_of_one_class_are_numbered():
    names = [name for name, _ in make_pipeline(PCA(), PCA(), StandardScaler()).steps]
    assert names == ["pca-1", "pca-2", "standardscaler"]


def test_a_step_that_is_not_there_is_told():
    with pytest.raises(NotFound, match="no step of that name: `scaler`") as caught:
        make_pipeline(StandardScaler())["scaler"]
    assert caught.value.code == "aprender.step"


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([], "1 to 255 .*different names"),
        ([("a", StandardScaler()), ("a", LinearRegression())], "different names"),
        ([("a__b", StandardScaler())], "without `__`"),
        ([("a", LinearRegression()), ("b", LinearRegression())], "the step `a` does not, it is: `LinearRegression`"),
    ],
)
def test_steps_that_make_no_pipeline_are_refused(steps, said):
    X, y = data("target")
    with pytest.raises(ParameterError, match=said):
        Pipeline(steps).fit(X, y)


def test_nothing_is_asked_before_fit():
    model = make_pipeline(StandardScaler(), LinearRegression())
    for ask in (lambda: model.predict([[1.0]]), lambda: model.n_features_in_, lambda: model.score([[1.0]], [1.0])):
        with pytest.raises(NotFittedError):
            ask()


def test_an_estimator_that_does_not_come_back_is_a_defect_and_no_file(monkeypatch):
    X, y = data("target")
    model = LinearRegression().fit(X, y)
    monkeypatch.setattr(LinearRegression, "_restore", lambda self, _: setattr(self, "coef_", np.zeros(5)))
    monkeypatch.setattr(state, "_missing", lambda *_: ({}, {}))
    with pytest.raises(InternalError, match="this attribute differs: `coef_`") as caught:
        state.describe(model)
    assert caught.value.code == "aprender.roundtrip"
