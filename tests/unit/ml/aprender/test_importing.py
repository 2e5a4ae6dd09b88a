"""Models of scikit-learn, taken over: the same predictions, and a reason where that cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import ensemble, linear_model, naive_bayes, pipeline, preprocessing
from sklearn.feature_extraction import text

from estimators import IMPORTED, data, fitted, theirs
from sovereign.errors import NotFittedError, ParameterError
from sovereign.ml.aprender.importing import from_sklearn, importable

METHODS = ("predict", "predict_proba", "decision_function", "transform")


def agree(found, expected, rows, *, exact=False):
    """Every method of the original answers the same here."""
    for method in METHODS:
        # A discriminant that transforms too is taken over as the classifier that it is.
        if not hasattr(expected, method) or (method == "transform" and hasattr(expected, "classes_")):
            continue
        answer, wanted = getattr(found, method)(rows), getattr(expected, method)(rows)
        answer, wanted = (each.toarray() if hasattr(each, "toarray") else np.asarray(each) for each in (answer, wanted))
        assert answer.shape == wanted.shape, method
        if wanted.dtype.kind not in "fc" or (exact and method != "predict_proba"):
            np.testing.assert_array_equal(answer, wanted, err_msg=method)
        else:
            # Relative to the largest number, since what cancels has no digits of its own.
            np.testing.assert_allclose(answer, wanted, rtol=1e-6, atol=1e-7 * np.abs(wanted).max(), err_msg=method)


@pytest.mark.parametrize("case", IMPORTED, ids=str)
def test_a_model_answers_as_the_original(case):
    original = fitted(theirs(case), case.data)
    rows, _ = data(case.data)
    agree(from_sklearn(original), original, rows)


@pytest.mark.parametrize("case", [case for case in IMPORTED if "Tree" in case.name or "Forest" in case.name], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_trees_answer_to_the_last_bit_also_at_their_thresholds(case, dtype):
    original = fitted(theirs(case), case.data)
    trees = [member.tree_ for member in getattr(original, "estimators_", [original])]
    splits = np.concatenate([np.stack([tree.feature, tree.threshold], axis=1) for tree in trees])
    rows = np.tile(data(case.data)[0][:1], (3 * len(splits), 1))
    for place, (feature, threshold) in enumerate(splits):
        if feature >= 0:
            near = np.float32(threshold)
            rows[3 * place : 3 * place + 3, int(feature)] = [
                np.nextafter(near, -np.inf),
                near,
                np.nextafter(near, np.inf),
            ]
    rows[~np.isfinite(rows)] = 0  # splits that only part what is missing
    rows = rows.astype(dtype)
    found = from_sklearn(original)
    np.testing.assert_array_equal(found.predict(rows), original.predict(rows))
    if hasattr(original, "predict_proba"):
        np.testing.assert_array_equal(found.predict_proba(rows), original.predict_proba(rows))


def test_boosted_trees_give_the_same_scores_to_the_last_bit():
    X, y = data("three")
    for original in (
        ensemble.GradientBoostingClassifier(n_estimators=7).fit(X, y),
        ensemble.HistGradientBoostingClassifier(max_iter=7, min_samples_leaf=5).fit(X, y),
    ):
        np.testing.assert_array_equal(from_sklearn(original).decision_function(X), original.decision_function(X))


@pytest.mark.parametrize(
    "steps",
    [
        (preprocessing.StandardScaler(), linear_model.LogisticRegression()),
        (preprocessing.StandardScaler(), ensemble.RandomForestClassifier(n_estimators=3, random_state=0)),
        (preprocessing.MinMaxScaler(), "passthrough", naive_bayes.MultinomialNB()),
    ],
    ids=str,
)
def test_a_pipeline_answers_as_the_original(steps):
    X, y = data("three")
    original = pipeline.make_pipeline(*steps).fit(X, y)
    found = from_sklearn(original)
    agree(found, original, X)
    np.testing.assert_allclose(found.predictor().predict(X), original.predict_proba(X), rtol=1e-6)


@pytest.mark.parametrize(
    "steps",
    [
        (text.TfidfVectorizer(), linear_model.LogisticRegression()),
        (text.CountVectorizer(), naive_bayes.MultinomialNB()),
        (text.CountVectorizer(ngram_range=(1, 2)), text.TfidfTransformer(), naive_bayes.ComplementNB()),
    ],
    ids=str,
)
def test_a_pipeline_of_texts_answers_as_the_original(steps):
    X, y = data("texts")
    original = pipeline.make_pipeline(*steps).fit(X, y)
    agree(from_sklearn(original), original, [*X, "", "a bird and a zebra"])


def test_votes_are_averaged_as_in_the_original():
    X, y = data("three")
    members = [("a", linear_model.LogisticRegression()), ("b", naive_bayes.GaussianNB())]
    original = ensemble.VotingClassifier(members, voting="soft", weights=[2, 1]).fit(X, y)
    found = from_sklearn(original)
    np.testing.assert_allclose(found.predict_proba(X), original.predict_proba(X), rtol=1e-6)
    np.testing.assert_array_equal(found.predict(X), original.predict(X))
    X, y = data("target")
    mean = ensemble.VotingRegressor([("a", linear_model.Ridge()), ("b", linear_model.Lasso())]).fit(X, y)
    np.testing.assert_allclose(from_sklearn(mean).predict(X), mean.predict(X), rtol=1e-6)


def test_every_importable_class_has_a_case():
    covered = {case.name for case in IMPORTED}
    rest = set(importable()) - covered - {"Pipeline", "VotingClassifier", "VotingRegressor"}
    # These share the builder of a class that has one; `PassiveAggressive*` warn that they leave scikit-learn.
    assert rest == {
        "LarsCV",
        "LassoLarsCV",
        "PassiveAggressiveClassifier",
        "PassiveAggressiveRegressor",
        "RidgeClassifierCV",
    }
    assert len(importable()) >= 25


def test_what_stands_in_the_way_is_named():
    X, y = data("three")
    for original, said in [
        (naive_bayes.BernoulliNB().fit(X, y), "`binarize` of `None` alone"),
        (ensemble.GradientBoostingClassifier(loss="exponential").fit(*data("two")), "`loss` of `log_loss` alone"),
        (ensemble.VotingClassifier([("a", linear_model.Ridge())], voting="hard"), "not fitted yet"),
        (ensemble.IsolationForest(n_estimators=2).fit(X), "cannot be taken over yet"),
        (linear_model.Ridge(), "not fitted yet"),
        (pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.Ridge()), "not fitted yet"),
        (object(), "this is of another module"),
    ]:
        with pytest.raises((ParameterError, NotFittedError), match=said):
            from_sklearn(original)


def test_names_of_columns_and_classes_come_along():
    import pandas as pd

    X, y = data("two")
    frame = pd.DataFrame(X, columns=list("abcde"))
    found = from_sklearn(linear_model.LogisticRegression().fit(frame, y))
    assert found.feature_names_in_.tolist() == list("abcde")
    assert found.classes_.tolist() == ["no", "yes"]
    with pytest.raises(ParameterError, match="feature names should match"):
        found.predict(frame[list("edcba")])


def test_a_frozen_model_is_not_fitted_again():
    X, y = data("target")
    frozen = from_sklearn(linear_model.HuberRegressor().fit(X, y))
    assert "sklearn.linear_model.HuberRegressor" in repr(frozen)
    with pytest.raises(ParameterError, match="not fitted again"):
        frozen.fit(X, y)
