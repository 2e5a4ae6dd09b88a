"""Terms of texts: the peer's terms, columns and weights for every option, and clear refusals."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction import text as theirs

from sovereign.errors import KindError, NotFittedError, ParameterError
from sovereign.ml.aprender import text as ours

TEXTS = [
    "The cat sat on the mat.",
    "A dog; the dog! ate cat-food",
    "été à la plage ÉTÉ",
    "one two three two one",
    "",
    "x y  z\n\tq",
]
OPTIONS = [
    {},
    {"ngram_range": (1, 3)},
    {"ngram_range": (2, 2)},
    {"analyzer": "char", "ngram_range": (2, 3)},
    {"analyzer": "char_wb", "ngram_range": (2, 5)},
    {"min_df": 2},
    {"min_df": 0.3},
    {"max_df": 0.4},
    {"max_features": 5},
    {"strip_accents": "unicode"},
    {"strip_accents": "ascii"},
    {"binary": True},
    {"lowercase": False},
    {"stop_words": ["the"]},
    {"vocabulary": ["cat", "dog"]},
    {"vocabulary": {"cat": 1, "dog": 0}},
    {"token_pattern": r"[aeiou]+"},
]
WEIGHTS = [{}, {"norm": "l1", "sublinear_tf": True}, {"norm": None, "smooth_idf": False}, {"use_idf": False}]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_counts_are_the_peers_for_every_option(options):
    found, expected = ours.CountVectorizer(**options), theirs.CountVectorizer(**options)
    np.testing.assert_array_equal(found.fit_transform(TEXTS).toarray(), expected.fit_transform(TEXTS).toarray())
    assert found.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()
    others = ["cat dog zebra", "la mat"]
    np.testing.assert_array_equal(found.transform(others).toarray(), expected.transform(others).toarray())


@pytest.mark.parametrize("weights", WEIGHTS, ids=str)
@pytest.mark.parametrize("options", [{}, {"binary": True}, {"ngram_range": (1, 2)}], ids=str)
def test_weights_are_the_peers_for_every_option(options, weights):
    found, expected = ours.TfidfVectorizer(**options, **weights), theirs.TfidfVectorizer(**options, **weights)
    np.testing.assert_allclose(found.fit_transform(TEXTS).toarray(), expected.fit_transform(TEXTS).toarray())
    np.testing.assert_allclose(found.transform(["cat dog"]).toarray(), expected.transform(["cat dog"]).toarray())


@given(texts=st.lists(st.text(st.sampled_from("ab cdé.\n"), max_size=12), min_size=1, max_size=6))
def test_any_texts_have_the_peers_terms_or_its_refusal(texts):
    try:
        expected = theirs.CountVectorizer(analyzer="char_wb", ngram_range=(1, 3)).fit(texts)
    except ValueError:
        with pytest.raises(ParameterError, match="empty vocabulary"):
            ours.CountVectorizer(analyzer="char_wb", ngram_range=(1, 3)).fit(texts)
        return
    found = ours.CountVectorizer(analyzer="char_wb", ngram_range=(1, 3)).fit(texts)
    assert found.vocabulary_ == expected.vocabulary_


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_image_brings_the_same_terms_and_weights_back(options):
    model = ours.TfidfVectorizer(**options).fit(TEXTS)
    twin = ours.TfidfVectorizer(**options)
    twin._restore(model._image())
    assert twin.vocabulary_ == model.vocabulary_
    np.testing.assert_array_equal(twin.idf_, model.idf_)
    np.testing.assert_array_equal(twin.transform(TEXTS).toarray(), model.transform(TEXTS).toarray())


def test_without_scipy_the_matrix_is_dense(monkeypatch):
    sparse = ours.TfidfVectorizer().fit_transform(TEXTS).toarray()
    monkeypatch.setattr(ours.importlib.util, "find_spec", lambda _: None)
    np.testing.assert_array_equal(ours.TfidfVectorizer().fit_transform(TEXTS), sparse)


@pytest.mark.parametrize(
    ("model", "texts", "family", "said"),
    [
        (ours.CountVectorizer(), "one text", KindError, "string object received"),
        (ours.CountVectorizer(), [b"bytes"], KindError, r"X\[0\]"),
        (ours.CountVectorizer(), ["a", 5], KindError, r"X\[1\]"),
        (ours.CountVectorizer(), ["a b", "c"], ParameterError, "empty vocabulary"),
        (ours.CountVectorizer(min_df=2), ["one", "two"], ParameterError, "no terms remain"),
        (ours.CountVectorizer(min_df=2, max_df=1), ["one", "two"], ParameterError, "max_df corresponds"),
        (ours.CountVectorizer(analyzer="words"), ["one"], ParameterError, "`analyzer` should be one of"),
        (ours.CountVectorizer(strip_accents="latin"), ["one"], ParameterError, "`strip_accents` should be"),
        (ours.CountVectorizer(ngram_range=(2, 1)), ["one"], ParameterError, "ngram_range"),
        (ours.CountVectorizer(stop_words="english"), ["one"], ParameterError, "a list of words"),
        (ours.CountVectorizer(vocabulary={"a": 1}), ["one"], ParameterError, "without gaps"),
        (ours.CountVectorizer(max_df=1.5), ["one"], ParameterError, "from 0 to 1"),
        (ours.TfidfVectorizer(norm="l3"), ["one"], ParameterError, "`norm` should be"),
    ],
)
def test_what_makes_no_sense_is_refused(model, texts, family, said):
    with pytest.raises(family, match=said):
        model.fit(texts)


def test_a_failed_fit_keeps_what_was_learned_before():
    model = ours.CountVectorizer().fit(["one two"])
    with pytest.raises(ParameterError):
        model.fit([""])
    assert model.vocabulary_ == {"one": 0, "two": 1}


def test_terms_are_asked_after_fit_only():
    with pytest.raises(NotFittedError, match="not fitted yet"):
        ours.CountVectorizer().transform(["one"])


def test_scikit_learn_is_not_needed():
    assert "sklearn" not in vars(ours)
    assert "scipy" in sys.modules  # the peer brought it, and the matrices above are its
