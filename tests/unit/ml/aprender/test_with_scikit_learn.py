"""scikit-learn's own tools take our estimators for theirs."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import (
    calibration,
    compose,
    ensemble,
    feature_selection,
    model_selection,
    multiclass,
    pipeline,
    preprocessing,
)

from estimators import data
from sovereign.ml.aprender import (
    PCA,
    GaussianNB,
    LogisticRegression,
    OneHotEncoder,
    RandomForestClassifier,
    Ridge,
    StandardScaler,
    from_sklearn,
)


def test_a_grid_is_searched_over_a_pipeline_of_ours():
    X, y = data("three")
    steps = pipeline.make_pipeline(StandardScaler(), PCA(n_components=3), LogisticRegression())
    grid = {"pca__n_components": [2, 4], "logisticregression__C": [0.1, 10.0]}
    found = model_selection.GridSearchCV(steps, grid, cv=3).fit(X, y)
    assert found.best_params_["logisticregression__C"] == 10.0
    assert found.best_score_ > 0.6
    assert len(found.cv_results_["mean_test_score"]) == 4


def test_a_pipeline_of_theirs_with_steps_of_ours_becomes_one_of_ours():
    X, y = data("three")
    theirs = pipeline.make_pipeline(preprocessing.StandardScaler(), LogisticRegression()).fit(X, y)
    ours = from_sklearn(theirs)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=1e-9)


@pytest.mark.parametrize("model", [Ridge(), RandomForestClassifier(n_estimators=3, random_state=0)], ids=repr)
def test_scores_are_cross_validated(model):
    X, y = data("target" if isinstance(model, Ridge) else "three")
    scores = model_selection.cross_val_score(model, X, y, cv=3)
    assert (scores > 0.35).all()


def test_ensembles_selections_and_calibration_are_made_of_ours():
    X, y = data("three")
    vote = ensemble.VotingClassifier([("a", GaussianNB()), ("b", LogisticRegression())], voting="soft").fit(X, y)
    assert vote.score(X, y) > 0.6
    stack = ensemble.StackingClassifier([("a", GaussianNB())], LogisticRegression(), cv=2).fit(X, y)
    assert stack.score(X, y) > 0.6
    assert ensemble.BaggingClassifier(GaussianNB(), n_estimators=3, random_state=0).fit(X, y).score(X, y) > 0.6
    assert feature_selection.SelectFromModel(Ridge()).fit(*data("target")).get_support().any()
    assert calibration.CalibratedClassifierCV(GaussianNB(), cv=2).fit(X, y).predict_proba(X).shape == (120, 3)
    assert multiclass.OneVsRestClassifier(LogisticRegression()).fit(X, y).score(X, y) > 0.6


def test_columns_are_transformed_apart():
    X, _ = data("rows")
    mixed = np.column_stack([X[:, :2], np.arange(len(X)) % 3])
    apart = compose.make_column_transformer((StandardScaler(), [0, 1]), (OneHotEncoder(), [2]))
    assert apart.fit_transform(mixed).shape == (len(X), 5)
