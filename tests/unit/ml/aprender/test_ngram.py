"""Texts continued by counting: what was seen comes back, with the shares with which it was seen."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovereign.errors import KindError, NotFittedError, ParameterError
from sovereign.ml.aprender.ngram import NgramMarkov

LINES = ["git commit -m x", "git commit -a", "git push", "ls -l", "git commit -m y"]
lines = st.lists(st.lists(st.sampled_from("abcd"), max_size=6).map(" ".join), min_size=1, max_size=8)


def model(n=3):
    return NgramMarkov(n=n).fit(LINES)


def test_the_next_word_is_the_most_frequent_one_in_the_longest_known_context():
    assert model().predict(["git", "git commit", "ls", "", "ls -l"]).tolist() == ["commit", "-m", "-l", "git", ""]
    # Nobody began a line with `never`, and what is before an unknown word tells nothing.
    assert model().predict(["never", "git never"]).tolist() == model(n=2).predict(["never"] * 2).tolist()


def test_shares_are_those_of_the_lines():
    shares = model().predict_proba(["git commit"])[0]
    words = model().vocabulary_.tolist()
    assert shares[words.index("-m")] == pytest.approx(2 / 3)
    assert shares[words.index("-a")] == pytest.approx(1 / 3)
    assert shares.sum() == pytest.approx(1)


def test_a_word_that_was_begun_is_completed_in_its_context():
    assert [each.word for each in model().complete("git c")] == ["commit"]
    assert model().complete("git ")[0] == ("commit", 0.75)
    assert [each.word for each in model().complete("git commit -")][:2] == ["-m", "-a"]
    assert model().complete("zebra") == []
    assert len(model().complete("", k=2)) == 2


def test_completions_of_a_shorter_context_come_after_and_score_less():
    found = {each.word: each.score for each in model().complete("git commit ", k=20)}
    assert found["-m"] > found["-a"] > found["push"]
    assert list(found) == sorted(found, key=lambda word: (-found[word], word))


@given(texts=lines, n=st.integers(2, 4), seed=st.integers(0, 9))
def test_made_up_lines_have_steps_that_were_seen(texts, n, seed):
    if not any(text.split() for text in texts):
        return
    fitted = NgramMarkov(n=n).fit(texts)
    words = ["", *fitted.generate(random_state=seed, words=12).split()]
    seen = {pair for text in texts for pair in zip(["", *text.split()], text.split(), strict=False)}
    assert set(itertools.pairwise(words)) <= seen


@given(texts=lines, n=st.integers(2, 4))
def test_probabilities_add_up_to_one_also_for_words_never_seen(texts, n):
    if not any(text.split() for text in texts):
        return
    fitted = NgramMarkov(n=n).fit(texts)
    for context in ((), ("a",), ("b", "c"), ("zebra",)):
        numbers = fitted._context(context)
        every = [*range(len(fitted.vocabulary_)), -1]
        assert sum(fitted._smoothed(numbers, word) for word in every) == pytest.approx(1)


def test_lines_like_those_learned_surprise_less():
    assert model().perplexity(["git commit -m x"]) < model().perplexity(["ls push -a"])
    assert model().score(["git push"]) > model().score(["push git"])
    assert model().perplexity([]) == 1


@given(texts=lines, n=st.integers(2, 4))
def test_the_image_brings_the_same_counts_back(texts, n):
    if not any(text.split() for text in texts):
        return
    fitted, twin = NgramMarkov(n=n).fit(texts), NgramMarkov(n=n)
    twin._restore(fitted._image())
    np.testing.assert_array_equal(twin.vocabulary_, fitted.vocabulary_)
    np.testing.assert_array_equal(twin.predict_proba(["a b", "c"]), fitted.predict_proba(["a b", "c"]))
    assert twin.n_contexts_ == fitted.n_contexts_


@given(texts=lines, n=st.integers(2, 4))
def test_the_native_model_tells_the_same_words(texts, n):
    if not any(text.split() for text in texts):
        return
    fitted = NgramMarkov(n=n).fit(texts)
    asked = ["", "a", "a b", "d c b a", "zebra a"]
    contexts = [fitted._context(text.split()) for text in asked]
    rows = np.array([(-1,) * (n - 1 - len(each)) + each for each in contexts], dtype=np.float32)
    np.testing.assert_allclose(fitted.predictor().predict(rows), fitted.predict_proba(asked), rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "family", "said"),
    [
        (lambda: NgramMarkov(n=1).fit(LINES), ParameterError, "2 or more"),
        (lambda: NgramMarkov().fit("git push"), KindError, "string object"),
        (lambda: NgramMarkov().fit(["", " "]), ParameterError, "no line has a word"),
        (lambda: NgramMarkov().predict(["git"]), NotFittedError, "not fitted yet"),
        (lambda: model().complete("git", k=0), ParameterError, "`k` should be"),
    ],
)
def test_what_makes_no_sense_is_refused(make, family, said):
    with pytest.raises(family, match=said):
        make()


def test_lower_case_is_asked_for():
    assert NgramMarkov(n=2, lowercase=True).fit(["Git Push"]).predict(["GIT"]).tolist() == ["push"]
