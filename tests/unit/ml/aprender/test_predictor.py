"""Native models answer as the formulas of their families do, and as scikit-learn does; what does not fit is refused."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import MinMaxScaler, Normalizer, OneHotEncoder, OrdinalEncoder, StandardScaler

from sovereign.compute import trueno
from sovereign.errors import FormatError, KindError, ParameterError, ShapeError, SovereignError
from sovereign.ml.aprender.image import Family, Image, Link
from sovereign.ml.aprender.predictor import Predictor

RANDOM = np.random.default_rng(0)
IRIS = load_iris(return_X_y=True)
TEXTS = [
    "The cat sat on the mat.",
    "Dogs and cats: a story of 2 friends",
    "  ",
    "Où est l'été? L'Été est là-bas",
    "ΟΔΟΣ καὶ Straße, naïve_café 42",
    "cat\ncat  cat",
]


def linear(coef: Any, intercept: Any, link: Link = Link.IDENTITY, n_classes: int = 0) -> Image:
    coef, intercept = np.atleast_2d(coef), np.atleast_1d(intercept)
    n_outputs = 2 if link is Link.LOGISTIC else len(coef)
    arrays = {"coef": coef, "intercept": intercept}
    sizes = {"n_features": coef.shape[1], "n_outputs": n_outputs, "n_classes": n_classes}
    return Image.describe(Family.LINEAR, link=link, arrays=arrays, **sizes)


def scaling(shift: Any, factor: Any, way: int = 0) -> Image:
    d = len(shift)
    arrays = {"shift": shift, "factor": factor}
    return Image.describe(Family.SCALING, n_features=d, n_outputs=d, extra=(way,), arrays=arrays)


def text_image(vectorizer: Any, analyzer: int = 0, flags: int = 1, norm: int = 0) -> Image:
    terms = sorted(vectorizer.vocabulary_, key=lambda term: term.encode())
    letters = [term.encode() for term in terms]
    arrays = {
        "terms": np.frombuffer(b"".join(letters), dtype=np.uint8),
        "term_offsets": np.cumsum([0, *map(len, letters)], dtype=np.int32),
        "columns": np.array([vectorizer.vocabulary_[term] for term in terms], dtype=np.int32),
    }
    if hasattr(vectorizer, "idf_"):
        arrays["idf"] = vectorizer.idf_
    extra = (analyzer, *vectorizer.ngram_range, norm)
    return Image.describe(Family.TEXT, n_features=0, n_outputs=len(terms), flags=flags, extra=extra, arrays=arrays)


def mlp(model: Any, link: Link, activation: int, n_classes: int = 0) -> Image:
    arrays = {f"weight.{place}": each for place, each in enumerate(model.coefs_)}
    arrays |= {f"bias.{place}": each for place, each in enumerate(model.intercepts_)}
    n_outputs = 2 if link is Link.LOGISTIC else model.n_outputs_
    sizes = {"n_features": model.n_features_in_, "n_outputs": n_outputs, "n_classes": n_classes}
    return Image.describe(Family.MLP, link=link, extra=(len(model.coefs_), activation), arrays=arrays, **sizes)


def neighbors(points: Any, targets: Any, n_classes: int, way: tuple[int, int, int]) -> Image:
    n_outputs = n_classes or targets.shape[1]
    return Image.describe(
        Family.NEIGHBORS,
        n_features=points.shape[1],
        n_outputs=n_outputs,
        n_classes=n_classes,
        extra=way,
        arrays={"points": points, "targets": targets},
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_regression_is_a_product_and_a_sum(dtype):
    X, coef = RANDOM.standard_normal((50, 7)).astype(dtype), RANDOM.standard_normal(7).astype(dtype)
    predictor = Predictor(linear(coef, np.array([0.5], dtype)))
    got = predictor.predict(X)
    assert (got.shape, got.dtype, predictor.dtype) == ((50,), dtype, np.dtype(dtype).name)
    np.testing.assert_allclose(got, X @ coef + 0.5, rtol=1e-5 if dtype is np.float32 else 1e-12, atol=1e-6)


def test_results_are_double_where_rows_or_arrays_are():
    single, double = np.ones((2, 3), np.float32), np.ones((2, 3))
    narrow, wide = (
        Predictor(linear(np.ones(3, np.float32), np.zeros(1, np.float32))),
        Predictor(linear(np.ones(3), 0.0)),
    )
    found = [each.predict(X).dtype.name for each in (narrow, wide) for X in (single, double)]
    assert found == ["float32", "float64", "float64", "float64"]


def test_logistic_regression_answers_as_scikit_learn():
    X, y = IRIS
    three = LogisticRegression(max_iter=500).fit(X, y)
    ours = Predictor(linear(three.coef_, three.intercept_, Link.SOFTMAX, 3))
    np.testing.assert_allclose(ours.predict(X), three.predict_proba(X), rtol=1e-10)
    np.testing.assert_allclose(ours.scores(X), three.decision_function(X), rtol=1e-10, atol=1e-12)
    assert (ours.labels(X) == three.predict(X)).all()
    two = LogisticRegression().fit(X, y == 1)
    ours = Predictor(linear(two.coef_, two.intercept_, Link.LOGISTIC, 2))
    np.testing.assert_allclose(ours.predict(X), two.predict_proba(X), rtol=1e-10)
    np.testing.assert_allclose(ours.scores(X), two.decision_function(X), rtol=1e-10, atol=1e-12)
    assert (ours.labels(X) == two.predict(X)).all()
    assert ours.labels(X).dtype == np.int32


def test_one_versus_rest_divides_each_row_by_its_sum():
    X, coef = RANDOM.standard_normal((20, 4)), RANDOM.standard_normal((3, 4))
    chances = 1 / (1 + np.exp(-(X @ coef.T)))
    got = Predictor(linear(coef, np.zeros(3), Link.ONE_VS_REST, 3)).predict(X)
    np.testing.assert_allclose(got, chances / chances.sum(axis=1, keepdims=True), rtol=1e-12)


def test_several_targets_are_columns():
    X, Y = RANDOM.standard_normal((30, 4)), RANDOM.standard_normal((30, 5))
    model = Ridge().fit(X, Y)
    np.testing.assert_allclose(
        Predictor(linear(model.coef_, model.intercept_)).predict(X), model.predict(X), rtol=1e-10
    )


def test_naive_bayes_answers_as_scikit_learn():
    X, y = IRIS
    model = GaussianNB().fit(X, y)
    arrays = {"mean": model.theta_, "variance": model.var_, "log_prior": np.log(model.class_prior_)}
    sizes = {"n_features": 4, "n_outputs": 3, "n_classes": 3}
    ours = Predictor(Image.describe(Family.GAUSSIAN_NB, link=Link.LOG_JOINT, arrays=arrays, **sizes))
    np.testing.assert_allclose(ours.predict(X), model.predict_proba(X), rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(ours.scores(X), model.predict_joint_log_proba(X), rtol=1e-10)
    digits, numbers = load_digits(return_X_y=True)
    counts = MultinomialNB().fit(digits, numbers)
    image = linear(counts.feature_log_prob_, counts.class_log_prior_, Link.LOG_JOINT, 10)
    np.testing.assert_allclose(Predictor(image).predict(digits), counts.predict_proba(digits), rtol=1e-8, atol=1e-300)


def test_clusters_are_found_as_scikit_learn_finds_them():
    X = RANDOM.standard_normal((300, 6)) + 100
    model = KMeans(5, n_init=1, random_state=0).fit(X)

    def image(n_outputs: int) -> Image:
        arrays = {"centroids": model.cluster_centers_}
        return Image.describe(Family.K_MEANS, n_features=6, n_outputs=n_outputs, arrays=arrays)

    ours = Predictor(image(1))
    assert (ours.labels(X) == model.predict(X)).all()
    assert (ours.predict(X) == model.predict(X)).all()
    for distances in (ours.scores(X), Predictor(image(5)).predict(X)):
        np.testing.assert_allclose(distances, model.transform(X), rtol=1e-9)
    assert (Predictor(image(5)).labels(X) == model.predict(X)).all()


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "chebyshev", "cosine"])
def test_neighbors_answer_as_scikit_learn(weights, metric):
    X, queries = RANDOM.standard_normal((1200, 5)) + 3, RANDOM.standard_normal((40, 5)) + 3
    y = RANDOM.integers(0, 3, 1200)
    way = (7, ("uniform", "distance").index(weights), ("euclidean", "manhattan", "chebyshev", "cosine").index(metric))
    model = KNeighborsClassifier(7, weights=weights, metric=metric, algorithm="brute").fit(X, y)
    ours = Predictor(neighbors(X, y.astype(np.int32), 3, way))
    np.testing.assert_allclose(ours.predict(queries), model.predict_proba(queries), rtol=1e-7, atol=1e-12)
    values = np.column_stack([X.sum(axis=1), X[:, 0]])
    regressor = KNeighborsRegressor(7, weights=weights, metric=metric, algorithm="brute").fit(X, values)
    ours = Predictor(neighbors(X, values, 0, way))
    np.testing.assert_allclose(ours.predict(queries), regressor.predict(queries), rtol=1e-7)
    np.testing.assert_allclose(ours.predict(X[:9]), regressor.predict(X[:9]), rtol=1e-5)


def test_networks_answer_as_scikit_learn():
    X, y = IRIS
    for place, activation in enumerate(["identity", "relu", "tanh", "logistic"]):
        settings = {"activation": activation, "hidden_layer_sizes": (9, 5), "max_iter": 3, "random_state": 0}
        with pytest.warns(UserWarning, match="Maximum iterations"):
            models = [
                MLPClassifier(**settings).fit(X, y),
                MLPClassifier(**settings).fit(X, y == 1),
                MLPRegressor(**settings).fit(X, y),
            ]
        three, two, numbers = models
        ours = Predictor(mlp(three, Link.SOFTMAX, place, 3))
        np.testing.assert_allclose(ours.predict(X), three.predict_proba(X), rtol=1e-10)
        ours = Predictor(mlp(two, Link.LOGISTIC, place, 2))
        np.testing.assert_allclose(ours.predict(X), two.predict_proba(X), rtol=1e-10)
        np.testing.assert_allclose(
            Predictor(mlp(numbers, Link.IDENTITY, place)).predict(X), numbers.predict(X), rtol=1e-10
        )


def test_scalings_and_projections_answer_as_scikit_learn():
    X, _ = IRIS
    standard, ranged, norm = StandardScaler().fit(X), MinMaxScaler().fit(X), Normalizer("l1")
    np.testing.assert_allclose(Predictor(scaling(standard.mean_, standard.scale_)).predict(X), standard.transform(X))
    image = scaling(ranged.min_, ranged.scale_, 1)
    np.testing.assert_allclose(Predictor(image).predict(X), ranged.transform(X), rtol=1e-12, atol=1e-15)
    rows = Predictor(Image.describe(Family.ROW_NORM, n_features=4, n_outputs=4, extra=(0,), arrays={}))
    np.testing.assert_allclose(rows.predict(X), norm.transform(X))
    model = PCA(2, whiten=True).fit(X)
    arrays = {"mean": model.mean_, "components": model.components_, "scale": np.sqrt(model.explained_variance_)}
    ours = Predictor(Image.describe(Family.PROJECTION, n_features=4, n_outputs=2, arrays=arrays))
    np.testing.assert_allclose(ours.predict(X), model.transform(X), rtol=1e-9, atol=1e-12)


def test_categories_answer_as_scikit_learn():
    X = RANDOM.integers(0, 4, (60, 3)).astype(float)
    X[5, 1] = np.nan
    one_hot, ordinal = OneHotEncoder(drop="first", sparse_output=False).fit(X), OrdinalEncoder().fit(X)
    arrays = {
        "categories": np.concatenate(one_hot.categories_),
        "offsets": np.cumsum([0, *map(len, one_hot.categories_)], dtype=np.int32),
    }
    columns = sum(map(len, one_hot.categories_)) - 3
    with_columns = {**arrays, "dropped": np.zeros(3, np.int32)}
    ours = Predictor(Image.describe(Family.CATEGORIES, n_features=3, n_outputs=columns, arrays=with_columns))
    np.testing.assert_array_equal(ours.predict(X), one_hot.transform(X))
    codes = Predictor(Image.describe(Family.CATEGORIES, n_features=3, n_outputs=3, extra=(1,), arrays=arrays))
    np.testing.assert_array_equal(codes.predict(X), ordinal.transform(X))
    with pytest.raises(ParameterError) as caught:
        codes.predict(np.full((1, 3), 9.0))
    assert (caught.value.code, caught.value.detail["value"]) == ("aprender.values", "feature 0")


@pytest.mark.parametrize("least_and_most", [(1, 1), (1, 3), (2, 2)])
@pytest.mark.parametrize("analyzer", ["word", "char", "char_wb"])
def test_texts_are_counted_as_scikit_learn_counts_them(analyzer, least_and_most):
    vectorizer = CountVectorizer(analyzer=analyzer, ngram_range=least_and_most).fit(TEXTS)
    ours = Predictor(text_image(vectorizer, ["word", "char", "char_wb"].index(analyzer)))
    np.testing.assert_array_equal(ours.predict(TEXTS), vectorizer.transform(TEXTS).toarray())


@pytest.mark.parametrize(("accents", "flag"), [("ascii", 8), ("unicode", 16)])
def test_accents_are_taken_off_as_scikit_learn_does(accents, flag):
    vectorizer = TfidfVectorizer(strip_accents=accents, sublinear_tf=True).fit(TEXTS)
    ours = Predictor(text_image(vectorizer, flags=1 | 4 | flag, norm=2))
    np.testing.assert_allclose(ours.predict(TEXTS), vectorizer.transform(TEXTS).toarray(), rtol=1e-12)


def test_a_pipeline_of_texts_has_labels():
    texts, y = ["good day", "bad day", "good good", "bad bad"], np.array([1, 0, 1, 0])
    vectorizer = TfidfVectorizer().fit(texts)
    model = LogisticRegression().fit(vectorizer.transform(texts), y)
    steps = [text_image(vectorizer, norm=2), linear(model.coef_, model.intercept_, Link.LOGISTIC, 2)]
    sizes = {"n_features": 0, "n_outputs": 2, "n_classes": 2}
    pipeline = Image.describe(Family.PIPELINE, link=Link.LOGISTIC, extra=(2,), arrays=Image.nested(steps), **sizes)
    ours = Predictor(pipeline)
    np.testing.assert_allclose(ours.predict(texts), model.predict_proba(vectorizer.transform(texts)), rtol=1e-10)
    assert ours.labels(tuple(texts)).tolist() == y.tolist()


def test_missing_numbers_are_filled_in():
    arrays = {"fill": np.array([1.0, np.nan, 3.0]), "indicator": np.array([2], np.int32)}
    ours = Predictor(Image.describe(Family.IMPUTING, n_features=3, n_outputs=3, arrays=arrays))
    got = ours.predict(np.array([[np.nan, 5.0, np.nan], [7.0, np.nan, 9.0]]))
    np.testing.assert_array_equal(got, [[1.0, 3.0, 1.0], [7.0, 9.0, 0.0]])


def test_a_row_has_the_same_bits_in_any_batch_and_on_any_thread():
    X = RANDOM.standard_normal((500, 40)).astype(np.float32)
    coef, intercept = (RANDOM.standard_normal(shape).astype(np.float32) for shape in ((6, 40), 6))
    ours = Predictor(linear(coef, intercept, Link.SOFTMAX, 6))
    whole = ours.predict(X)
    for threads in (1, 2, 3):
        np.testing.assert_array_equal(ours.predict(X, threads=threads), whole)
    for begin, end in pairwise((0, 1, 17, 250, 500)):
        np.testing.assert_array_equal(ours.predict(X[begin:end]), whole[begin:end])
    np.testing.assert_array_equal(ours.predict(X[3]), whole[3])


def test_rows_are_taken_as_they_lie():
    X = RANDOM.standard_normal((20, 6))
    ours = Predictor(linear(np.arange(6.0), 1.0))
    expected = ours.predict(X)
    padded = np.zeros((20, 9))
    padded[:, 2:8] = X
    for same in (np.asfortranarray(X), padded[:, 2:8], X[::-1].copy()[::-1], trueno.Matrix(X), memoryview(X)):
        np.testing.assert_array_equal(ours.predict(same), expected)
    np.testing.assert_array_equal(ours.predict(X[::2]), expected[::2])


def test_results_go_where_they_are_wanted():
    X = RANDOM.standard_normal((20, 6))
    ours = Predictor(linear(RANDOM.standard_normal((2, 6)), np.zeros(2)))
    out, strided = np.zeros((20, 2)), np.zeros((20, 4))
    assert ours.predict(X, out=out) is out
    ours.predict(X, out=strided[:, ::2])
    np.testing.assert_array_equal(strided[:, ::2], out)
    with pytest.raises(ShapeError) as caught:
        ours.predict(X, out=np.zeros((19, 2)))
    assert caught.value.code == "trueno.shape"
    with pytest.raises(ParameterError) as refused:
        ours.predict(X, out=np.zeros((20, 2), np.float32))
    assert refused.value.code == "trueno.dtype"


def test_no_rows_have_no_predictions():
    ours = Predictor(linear(np.ones((3, 2)), np.zeros(3), Link.SOFTMAX, 3))
    assert ours.predict(np.empty((0, 2))).shape == (0, 3)
    assert ours.labels(np.empty((0, 2))).shape == (0,)


def test_what_does_not_fit_is_refused_with_what_would():
    ours = Predictor(linear(np.ones(3), 0.0))
    with pytest.raises(ShapeError, match="X has 2 features, but the model expects: `3`") as width:
        ours.predict(np.zeros((5, 2)))
    assert (width.value.code, width.value.detail) == ("aprender.shape", {"expected": (5, 3), "got": (5, 2)})
    for wrong in (np.zeros((5, 3), int), np.zeros((5, 3), object), [[1.0, 2.0, 3.0]], np.ma.zeros((5, 3))):
        with pytest.raises(SovereignError):
            ours.predict(wrong)
    with pytest.raises(ParameterError) as classes:
        ours.labels(np.zeros((5, 3)))
    assert classes.value.code == "aprender.unsupported"
    with pytest.raises(ParameterError):
        ours.predict(np.zeros((5, 3)), threads=0)
    with pytest.raises(TypeError):
        ours.predict(np.zeros((5, 3)), rows=1)
    closed = trueno.Matrix(np.zeros((5, 3)))
    closed.close()
    with pytest.raises(ParameterError) as gone:
        ours.predict(closed)
    assert gone.value.code == "trueno.closed"


def test_texts_are_a_list_of_strings():
    ours = Predictor(text_image(CountVectorizer().fit(TEXTS)))
    for wrong in ("one text", np.zeros((2, 2)), [1, 2], {"a": 1}, ["fine", None]):
        with pytest.raises(KindError) as caught:
            ours.predict(wrong)
        assert caught.value.code == "aprender.kind"


def test_labels_that_were_learned_say_nothing_about_other_rows():
    arrays = {"labels": np.zeros(4, np.int32)}
    ours = Predictor(Image.describe(Family.CLUSTERS, n_features=2, n_outputs=1, arrays=arrays))
    with pytest.raises(ParameterError) as caught:
        ours.predict(np.zeros((1, 2)))
    assert caught.value.code == "aprender.unsupported"


def test_bytes_that_are_no_model_are_refused():
    good = linear(np.ones(3), 0.0).to_bytes()
    assert Predictor(good).n_features == 3
    assert Predictor(memoryview(bytearray(good))).predict(np.ones(3)).tolist() == [3.0]
    damaged = bytearray(good)
    damaged[-80] ^= 1
    for wrong in (b"", b"APRN" + bytes(60), good[:-1], bytes(damaged)):
        with pytest.raises(FormatError) as caught:
            Predictor(wrong)
        assert caught.value.code == "aprender.image"
    for arrays in ({}, {"coef": np.ones((2, 3))}, {"coef": np.ones((1, 4)), "intercept": np.zeros(1)}):
        with pytest.raises(FormatError):
            Predictor(Image.describe(Family.LINEAR, n_features=3, n_outputs=1, arrays=arrays))


def test_a_predictor_says_what_it_is():
    ours = Predictor(linear(np.ones((3, 4)), np.zeros(3), Link.SOFTMAX, 3))
    assert (ours.family, ours.n_features, ours.n_outputs, ours.n_scores, ours.n_classes) == (Family.LINEAR, 4, 3, 3, 3)
    assert repr(ours) == "Predictor(family=linear, n_features=4, n_outputs=3, n_classes=3)"
    assert ours.nbytes > 15 * 8


def test_weights_that_are_no_numbers_reach_the_result():
    ours = Predictor(linear(np.array([np.nan, 1.0]), 0.0))
    assert np.isnan(ours.predict(np.ones(2))).all()


def test_a_linear_regression_of_scikit_learn_is_one_of_ours():
    X = RANDOM.standard_normal((80, 5)).astype(np.float32)
    model = LinearRegression().fit(X, X.sum(axis=1))
    ours = Predictor(linear(model.coef_, np.float32(model.intercept_)))
    np.testing.assert_allclose(ours.predict(X), model.predict(X), rtol=1e-5, atol=1e-5)
