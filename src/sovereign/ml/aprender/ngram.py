"""A model of texts that continues them: which word follows the words before, by counting.

Enters: lines of text. Leaves: the next word, completions of a word that was begun, lines made up, and how surprised the
model is by other lines. The native model holds the same counts, so that a browser completes what a user types.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError
from sovereign.ml.aprender.base import Estimator
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.text import texts_of
from sovereign.ml.aprender.validation import random_generator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["Completion", "NgramMarkov"]

# Begins and ends every line; as the shortest text it is the first of the sorted terms.
_BORDER = ""
# How much a completion loses with each word of context that is left out.
_BACK_OFF = 0.4


class Completion(NamedTuple):
    """A word that may be meant, and its score; within one context, scores are probabilities."""

    word: str
    score: float


class NgramMarkov(Estimator):
    """Tells the next word of a line from the `n - 1` words before it.

    n              words of a group: each is told from the n - 1 before it, n >= 2.
    token_pattern  what a word is; by default everything between spaces.
    lowercase      lines are taken in lower case.

    `vocabulary_` holds the words in order, `n_contexts_` counts the runs of words that were seen.

    Source    counts with back-off to shorter contexts, Brants et al. 2007 for completions, Witten & Bell 1991 for
              `perplexity`, which needs probabilities that add up to 1.

    >>> model = NgramMarkov(n=2).fit(["git commit", "git commit -a", "git push"])
    >>> model.predict(["git"]).tolist(), [each.word for each in model.complete("git p")]
    (['commit'], ['push'])
    """

    _accepts: ClassVar[str] = "texts"

    vocabulary_: NDArray[Any]
    n_contexts_: int

    def __init__(self, n: int = 3, *, token_pattern: str = r"\S+", lowercase: bool = False) -> None:  # noqa: S107
        self.n = n
        self.token_pattern = token_pattern
        self.lowercase = lowercase

    def fit(self, X: Any, y: Any = None) -> Self:
        """Count the words of lines.

        Shapes    X (n,) texts.
        Errors    KindError       when `X` is one text, or holds something else than texts.
                  ParameterError  when no line has a word, or n < 2.
        """
        least = 2
        if self.n < least:
            message = f"`n` should be 2 or more, the word and at least one before it, it is: `{self.n}`"
            raise ParameterError("aprender.parameter", message, name="n", value=self.n, allowed=">= 2")
        lines = [self._words(text) for text in texts_of(X)]
        if not any(lines):
            message = f"no line has a word, lines read: `{len(lines)}`"
            raise ParameterError("aprender.values", message, name="X", value=len(lines), allowed="lines with words")
        terms = sorted({_BORDER}.union(*lines), key=str.encode)
        ids = {term: place for place, term in enumerate(terms)}
        counts: dict[tuple[int, ...], Counter[int]] = {}
        for words in lines:
            numbers = [ids[word] for word in (_BORDER, *words, _BORDER)]
            for place in range(1, len(numbers)):
                for length in range(min(self.n - 1, place) + 1):
                    context = tuple(numbers[place - length : place])
                    counts.setdefault(context, Counter())[numbers[place]] += 1
        self._forget()
        self._set(terms, counts)
        return self

    def _set(self, terms: list[str], counts: dict[tuple[int, ...], Counter[int]]) -> None:
        self.vocabulary_ = np.array(terms, dtype=object)
        self.n_contexts_ = len(counts)
        self._ids = {term: place for place, term in enumerate(terms)}
        self._counts = counts

    # what follows

    def predict(self, X: Any) -> NDArray[Any]:
        """The word that most often follows each text (n,), empty where a line most often ends there.

        Errors    NotFittedError before `fit`, KindError as of `fit`.
        """
        self._require_fitted()
        best = [self._followers(self._context(self._words(text)))[0][0] for text in texts_of(X)]
        return self.vocabulary_[np.array(best, dtype=np.intp)]

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """The share with which each word of `vocabulary_` follows (n, v), in the longest context that is known."""
        self._require_fitted()
        texts = texts_of(X)
        shares = np.zeros((len(texts), len(self.vocabulary_)))
        for row, text in enumerate(texts):
            followers = self._followers(self._context(self._words(text)))
            total = sum(count for _, count in followers)
            for place, count in followers:
                shares[row, place] = count / total
        return shares

    def complete(self, text: str, *, k: int = 5) -> list[Completion]:
        """The `k` likeliest words for the one that `text` begins, or for the next one where it ends with a space.

        Words that follow in a shorter context come after, with less score.

        Errors    NotFittedError before `fit`; ParameterError when k < 1.
        """
        self._require_fitted()
        if k < 1:
            message = f"`k` should be 1 or more, it is: `{k}`"
            raise ParameterError("aprender.parameter", message, name="k", value=k, allowed=">= 1")
        words = self._words(text)
        begun = words.pop() if words and not text[-1:].isspace() else ""
        found: dict[str, float] = {}
        factor = 1.0
        for context in self._shorter(self._context(words)):
            followers = self._followers(context)
            total = sum(count for _, count in followers)
            for place, count in followers:
                word: str = self.vocabulary_[place]
                if word != _BORDER and word.startswith(begun):
                    found.setdefault(word, factor * count / total)
            if len(found) >= k:
                break
            factor *= _BACK_OFF
        best = sorted(found.items(), key=lambda each: (-each[1], each[0]))
        return [Completion(word, score) for word, score in best[:k]]

    def generate(self, text: str = "", *, words: int = 20, random_state: Any = None) -> str:
        """`text` and up to so many words that follow, each drawn as often as it was seen there."""
        self._require_fitted()
        generator, line = random_generator(random_state), self._words(text)
        for _ in range(words):
            followers = self._followers(self._context(line))
            shares = np.array([count for _, count in followers], dtype=np.float64)
            place = followers[int(generator.choice(len(followers), p=shares / shares.sum()))][0]
            if self.vocabulary_[place] == _BORDER:
                break
            line.append(self.vocabulary_[place])
        return " ".join(line)

    def perplexity(self, X: Any) -> float:
        """Among how many equally likely words each word of other lines would be as surprising; 1 is no surprise.

        Words that were never seen count with the share that is left for them.
        """
        self._require_fitted()
        total, count = 0.0, 0
        for text in texts_of(X):
            words = self._words(text)
            for place in range(len(words) + 1):
                word = self._ids.get(words[place], -1) if place < len(words) else self._ids[_BORDER]
                total -= float(np.log2(self._smoothed(self._context(words[:place]), word)))
                count += 1
        return float(2 ** (total / count)) if count else 1.0

    def score(self, X: Any, y: Any = None) -> float:
        """Minus the logarithm to base 2 of `perplexity`: larger is better."""
        return -float(np.log2(self.perplexity(X)))

    def _words(self, text: str) -> list[str]:
        return re.findall(self.token_pattern, text.lower() if self.lowercase else text)

    def _context(self, words: Sequence[str]) -> tuple[int, ...]:
        """The last n - 1 words by number, from the start of the line; what is before an unknown word tells nothing."""
        last = [_BORDER, *words][-(self.n - 1) :]
        numbers: list[int] = []
        for word in last:
            place = self._ids.get(word)
            numbers = [] if place is None else [*numbers, place]
        return tuple(numbers)

    def _followers(self, context: tuple[int, ...]) -> list[tuple[int, int]]:
        """Words and counts in the longest known end of a context, the most frequent first."""
        found = next(self._counts[each] for each in self._shorter(context) if each in self._counts)
        return sorted(found.items(), key=lambda each: (-each[1], each[0]))

    @staticmethod
    def _shorter(context: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for start in range(len(context) + 1):
            yield context[start:]

    def _smoothed(self, context: tuple[int, ...], word: int) -> float:
        """The probability of a word: that of the context, mixed with that of shorter ones by how many words follow."""
        share = 1 / (len(self._ids) + 1)
        for each in reversed(list(self._shorter(context))):
            counts = self._counts.get(each)
            if counts:
                kinds, total = len(counts), sum(counts.values())
                share = (counts.get(word, 0) + kinds * share) / (total + kinds)
        return share

    # the image

    def _image(self) -> Image:
        length = self.n - 1
        letters = [term.encode() for term in self.vocabulary_]
        offsets = np.cumsum([0, *map(len, letters)], dtype=np.int32)
        padded = {(-1,) * (length - len(context)) + context: counts for context, counts in self._counts.items()}
        contexts = sorted(padded)
        followers = [sorted(padded[context].items(), key=lambda each: (-each[1], each[0])) for context in contexts]
        flat = [each for row in followers for each in row]
        return Image.describe(
            Family.NGRAM,
            n_features=length,
            n_outputs=len(letters),
            extra=(length,),
            arrays={
                "terms": np.frombuffer(b"".join(letters), dtype=np.uint8),
                "term_offsets": offsets,
                "contexts": np.array(contexts, dtype=np.int32).reshape(len(contexts), length),
                "starts": np.cumsum([0, *map(len, followers)], dtype=np.int32),
                "next": np.array([place for place, _ in flat], dtype=np.int32),
                "counts": np.array([count for _, count in flat], dtype=np.int32),
            },
        )

    def _restore(self, image: Image) -> None:
        letters, offsets = image["terms"].tobytes(), image["term_offsets"].tolist()
        terms = [letters[start:end].decode() for start, end in itertools.pairwise(offsets)]
        starts, follows, counts = (image[name].tolist() for name in ("starts", "next", "counts"))
        table: dict[tuple[int, ...], Counter[int]] = {}
        for row, context in enumerate(image["contexts"].tolist()):
            part = slice(starts[row], starts[row + 1])
            known = tuple(place for place in context if place >= 0)
            table[known] = Counter(dict(zip(follows[part], counts[part], strict=True)))
        self._set(terms, table)
