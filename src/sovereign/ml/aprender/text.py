"""Texts as counts of their words: CountVectorizer and TfidfVectorizer.

Enters: a sequence of texts. Leaves: a matrix with a row for each text and a column for each term, sparse where SciPy is
there and dense elsewhere, and the same from the native model. What a term is follows scikit-learn: words of two
letters and more, in lower case, or runs of characters. `ngram.py` continues texts; read `pipeline.py` next.
"""

from __future__ import annotations

import importlib.util
import itertools
import numbers
import re
import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import KindError, ParameterError
from sovereign.ml.aprender.base import Estimator, Transformer
from sovereign.ml.aprender.image import Family, Image, Link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["CountVectorizer", "TfidfVectorizer", "texts_of"]

_WORD = r"(?u)\b\w\w+\b"
_ANALYZERS = ("word", "char", "char_wb")
_NORMS = (None, "l1", "l2")
_ACCENTS = (None, "ascii", "unicode")
# Bits of the descriptor's place 6.
_LOWERCASE, _BINARY, _SUBLINEAR, _ASCII, _UNICODE = 1, 2, 4, 8, 16
# An analyzer that only Python has: another pattern of words, or words that are left out.
_PYTHON_ALONE = 3


class CountVectorizer(Transformer, Estimator):
    """Counts how often each term is in each text.

    lowercase      texts are taken in lower case.
    strip_accents  "ascii" drops what is beyond it, "unicode" takes accents off letters, None leaves them.
    analyzer       "word", "char" for runs of characters, "char_wb" for runs that do not cross words.
    ngram_range    (least, most) terms that stand one after the other make one.
    token_pattern  what a word is.
    stop_words     words that are no terms; a list, for no list of words fits every purpose.
    min_df max_df  a term is in at least and at most so many texts; a share of them where it is a fraction.
    max_features   only so many terms, the most frequent ones.
    vocabulary     the terms, as a list or with their columns; nothing is learned then.
    binary         1 for every term that is there, however often.

    `vocabulary_` tells the column of each term.

    Source    the counting and the choice of terms are scikit-learn's, also where counts tie.

    >>> CountVectorizer().fit(["a cat and a dog", "the cat"]).get_feature_names_out().tolist()
    ['and', 'cat', 'dog', 'the']
    """

    _accepts: ClassVar[str] = "texts"
    _keeps_dtype: ClassVar[bool] = False

    vocabulary_: dict[str, int]

    def __init__(
        self,
        *,
        strip_accents: str | None = None,
        lowercase: bool = True,
        stop_words: Sequence[str] | None = None,
        token_pattern: str = _WORD,
        ngram_range: tuple[int, int] = (1, 1),
        analyzer: str = "word",
        max_df: float = 1.0,
        min_df: float = 1,
        max_features: int | None = None,
        vocabulary: Any = None,
        binary: bool = False,
    ) -> None:
        self.strip_accents = strip_accents
        self.lowercase = lowercase
        self.stop_words = stop_words
        self.token_pattern = token_pattern
        self.ngram_range = ngram_range
        self.analyzer = analyzer
        self.max_df = max_df
        self.min_df = min_df
        self.max_features = max_features
        self.vocabulary = vocabulary
        self.binary = binary

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn the terms of texts.

        Shapes    X (n,) texts.
        Errors    KindError       when `X` is one text, or holds something else than texts.
                  ParameterError  when no term is left, or a parameter makes no sense.
        """
        self._learn(X)
        return self

    def fit_transform(self, X: Any, y: Any = None, **_: Any) -> Any:
        """`fit`, then the counts of the same texts (n, m), which are counted once."""
        return self._matrix(self._learn(X))

    def transform(self, X: Any) -> Any:
        """The counts (n, m) of texts; terms that were not learned are passed over.

        Errors    NotFittedError before `fit`, KindError as of `fit`.
        """
        self._require_fitted()
        return self._matrix(self._counted(texts_of(X), self._analyze()))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """The terms, by their columns."""
        self._require_fitted()
        return np.array(sorted(self.vocabulary_, key=self.vocabulary_.__getitem__), dtype=object)

    def build_analyzer(self) -> Callable[[str], list[str]]:
        """The function that gives the terms of a text."""
        return self._analyze()

    # learning

    def _learn(self, X: Any) -> _Counts:
        self._require_parameters()
        texts, analyze = texts_of(X), self._analyze()
        if self.vocabulary is not None:
            self._forget()
            self.vocabulary_ = _fixed(self.vocabulary)
            return self._counted(texts, analyze)
        columns: dict[str, int] = {}
        counts = _count(texts, analyze, lambda term: columns.setdefault(term, len(columns)))
        if not columns:
            message = f"empty vocabulary; perhaps the documents only contain stop words, texts read: `{len(texts)}`"
            raise ParameterError("aprender.values", message, name="X", value=len(texts), allowed="texts with terms")
        terms = sorted(columns)
        counts = counts.moved(_moves(columns, {term: place for place, term in enumerate(terms)}))
        kept = self._kept(counts, len(texts), len(terms))
        self._forget()
        self.vocabulary_ = {terms[place]: column for column, place in enumerate(kept.tolist())}
        moves = np.full(len(terms), -1, dtype=np.int64)
        moves[kept] = np.arange(len(kept))
        return counts.moved(moves)

    def _kept(self, counts: _Counts, rows: int, terms: int) -> NDArray[np.int64]:
        """The places of terms that are neither too rare nor too frequent, in order."""
        texts_with = np.bincount(counts.columns, minlength=terms)
        least, most = _rows_of(self.min_df, rows), _rows_of(self.max_df, rows)
        if most < least:
            message = f"max_df corresponds to < documents than min_df, they are: `{most, least}`"
            raise ParameterError("aprender.parameter", message, name="max_df", value=self.max_df, allowed=">= min_df")
        fits = (texts_with >= least) & (texts_with <= most)
        if self.max_features is not None and fits.sum() > self.max_features:
            total = np.bincount(counts.columns, weights=counts.values, minlength=terms)
            fits_at = np.flatnonzero(fits)
            frequent = np.argsort(-total[fits_at])[: self.max_features]
            fits = np.zeros(terms, dtype=bool)
            fits[fits_at[frequent]] = True
        if not fits.any():
            message = f"After pruning, no terms remain. Try a lower min_df or a higher max_df, terms before: `{terms}`"
            raise ParameterError("aprender.values", message, name="min_df", value=self.min_df, allowed="lower")
        return np.flatnonzero(fits)

    def _counted(self, texts: Sequence[str], analyze: Callable[[str], list[str]]) -> _Counts:
        return _count(texts, analyze, self.vocabulary_.get)

    def _matrix(self, counts: _Counts) -> Any:
        values = np.minimum(counts.values, 1) if self.binary else counts.values
        return counts.with_values(values).matrix(len(self.vocabulary_), np.int64)

    # terms

    def _require_parameters(self) -> None:
        for name, allowed in (("analyzer", _ANALYZERS), ("strip_accents", _ACCENTS)):
            value = getattr(self, name)
            if value not in allowed:
                message = f"`{name}` should be one of `{', '.join(map(str, allowed))}`, it is: `{value!r}`"
                raise ParameterError("aprender.parameter", message, name=name, value=value, allowed=allowed)
        least, most = self.ngram_range
        if not 1 <= least <= most:
            message = f"Invalid value for ngram_range={self.ngram_range} lower boundary larger than the upper boundary."
            raise ParameterError("aprender.parameter", message, name="ngram_range", value=(least, most), allowed="1 <=")
        if isinstance(self.stop_words, str):
            message = f"`stop_words` should be a list of words, no list fits every purpose: `{self.stop_words}`"
            raise ParameterError(
                "aprender.parameter", message, name="stop_words", value=self.stop_words, allowed="list"
            )

    def _analyze(self) -> Callable[[str], list[str]]:
        prepare, (least, most) = self._prepare(), self.ngram_range
        if self.analyzer == "char":
            return lambda text: list(_runs_of(re.sub(r"\s\s+", " ", prepare(text)), least, most))
        if self.analyzer == "char_wb":
            return lambda text: list(_runs_in_words(re.sub(r"\s\s+", " ", prepare(text)), least, most))
        find, left_out = re.compile(self.token_pattern).findall, frozenset(self.stop_words or ())
        if not left_out and (least, most) == (1, 1):
            return lambda text: find(prepare(text))
        return lambda text: list(_joined([word for word in find(prepare(text)) if word not in left_out], least, most))

    def _prepare(self) -> Callable[[str], str]:
        ways: dict[str, Callable[[str], str]] = {"ascii": _to_ascii, "unicode": _without_accents}
        accents = ways.get(self.strip_accents or "")
        if accents is None:
            return str.lower if self.lowercase else str
        return (lambda text: accents(text.lower())) if self.lowercase else accents

    # the image

    def _image(self) -> Image:
        terms = sorted(self.vocabulary_, key=lambda term: term.encode())
        letters = [term.encode() for term in terms]
        offsets = np.zeros(len(terms) + 1, dtype=np.int32)
        np.cumsum([len(each) for each in letters], out=offsets[1:])
        least, most = self.ngram_range
        norm, is_sublinear = self._weighting()
        flags = (
            (_LOWERCASE if self.lowercase else 0)
            | (_BINARY if self.binary else 0)
            | (_SUBLINEAR if is_sublinear else 0)
            | {None: 0, "ascii": _ASCII, "unicode": _UNICODE}[self.strip_accents]
        )
        is_plain = self.analyzer != "word" or (self.token_pattern == _WORD and not self.stop_words)
        analyzer = _ANALYZERS.index(self.analyzer) if is_plain else _PYTHON_ALONE
        return Image.describe(
            Family.TEXT,
            n_features=0,
            n_outputs=len(terms),
            link=Link.IDENTITY,
            flags=flags,
            extra=(analyzer, least, most, _NORMS.index(norm)),
            arrays={
                "terms": np.frombuffer(b"".join(letters), dtype=np.uint8),
                "term_offsets": offsets,
                "columns": np.array([self.vocabulary_[term] for term in terms], dtype=np.int32),
            },
        )

    def _weighting(self) -> tuple[str | None, bool]:
        """How a row is normed, and whether counts are taken by their logarithm."""
        return None, False

    def _restore(self, image: Image) -> None:
        letters, offsets = image["terms"].tobytes(), image["term_offsets"].tolist()
        columns = image["columns"].tolist()
        terms = (letters[start:end].decode() for start, end in itertools.pairwise(offsets))
        pairs = sorted(zip(columns, terms, strict=True))
        self.vocabulary_ = {term: column for column, term in pairs}


class TfidfVectorizer(CountVectorizer):
    """Counts of terms, times how rare a term is, each row normed.

    Parameters beside those of CountVectorizer:

    norm          "l2", "l1" or None: what the length of each row is 1 in.
    use_idf       terms are weighted by `idf_` (m,) = ln(n / texts with the term) + 1.
    smooth_idf    as if one more text held every term: ln((1 + n) / (1 + texts)) + 1.
    sublinear_tf  1 + ln(count) in the place of the count.

    Source    Sparck Jones 1972, in scikit-learn's form.

    >>> TfidfVectorizer().fit_transform(["cat", "cat dog"]).shape
    (2, 2)
    """

    idf_: NDArray[np.float64]

    def __init__(
        self,
        *,
        strip_accents: str | None = None,
        lowercase: bool = True,
        stop_words: Sequence[str] | None = None,
        token_pattern: str = _WORD,
        ngram_range: tuple[int, int] = (1, 1),
        analyzer: str = "word",
        max_df: float = 1.0,
        min_df: float = 1,
        max_features: int | None = None,
        vocabulary: Any = None,
        binary: bool = False,
        norm: str | None = "l2",
        use_idf: bool = True,
        smooth_idf: bool = True,
        sublinear_tf: bool = False,
    ) -> None:
        super().__init__(
            strip_accents=strip_accents,
            lowercase=lowercase,
            stop_words=stop_words,
            token_pattern=token_pattern,
            ngram_range=ngram_range,
            analyzer=analyzer,
            max_df=max_df,
            min_df=min_df,
            max_features=max_features,
            vocabulary=vocabulary,
            binary=binary,
        )
        self.norm = norm
        self.use_idf = use_idf
        self.smooth_idf = smooth_idf
        self.sublinear_tf = sublinear_tf

    def _require_parameters(self) -> None:
        super()._require_parameters()
        if self.norm not in _NORMS:
            message = f"`norm` should be `l1`, `l2` or None, it is: `{self.norm!r}`"
            raise ParameterError("aprender.parameter", message, name="norm", value=self.norm, allowed=_NORMS)

    def _learn(self, X: Any) -> _Counts:
        counts = super()._learn(X)
        if self.use_idf:
            extra = 1 if self.smooth_idf else 0
            texts_with = np.bincount(counts.columns, minlength=len(self.vocabulary_)) + float(extra)
            with np.errstate(divide="ignore"):  # a fixed vocabulary may hold a term that no text has
                self.idf_ = np.log((len(counts.borders) - 1 + extra) / texts_with) + 1
        return counts

    def _matrix(self, counts: _Counts) -> Any:
        values = counts.values.astype(np.float64)
        if self.binary:
            values = np.minimum(values, 1)
        if self.sublinear_tf:
            values = np.log(values) + 1
        if self.use_idf:
            values = values * self.idf_[counts.columns]
        return counts.with_values(_normed(values, counts.borders, self.norm)).matrix(len(self.vocabulary_), np.float64)

    def _weighting(self) -> tuple[str | None, bool]:
        return self.norm, self.sublinear_tf

    def _image(self) -> Image:
        image = super()._image()
        return image.with_arrays(idf=self.idf_) if self.use_idf else image

    def _restore(self, image: Image) -> None:
        super()._restore(image)
        if "idf" in image:
            self.idf_ = image["idf"]


class _Counts(NamedTuple):
    """A sparse matrix by rows: row i has `columns[borders[i]:borders[i + 1]]`, ascending, with these values."""

    borders: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[Any]

    def with_values(self, values: NDArray[Any]) -> _Counts:
        return self._replace(values=values)

    def moved(self, moves: NDArray[np.int64]) -> _Counts:
        """The same counts in other columns, without those that move to -1."""
        columns = moves[self.columns]
        rows = np.repeat(np.arange(len(self.borders) - 1), np.diff(self.borders))
        order = np.lexsort((columns, rows))
        order = order[columns[order] >= 0]
        borders = np.searchsorted(rows[order], np.arange(len(self.borders)))
        return _Counts(borders.astype(np.int64), columns[order], self.values[order])

    def matrix(self, width: int, dtype: type[np.generic]) -> Any:
        """A SciPy matrix by rows; a dense one where SciPy is not there."""
        shape = (len(self.borders) - 1, width)
        if importlib.util.find_spec("scipy") is not None:
            from scipy.sparse import csr_matrix

            return csr_matrix((self.values.astype(dtype), self.columns, self.borders), shape=shape)
        rows = np.repeat(np.arange(shape[0]), np.diff(self.borders))
        dense = np.zeros(shape, dtype=dtype)
        dense[rows, self.columns] = self.values
        return dense


def _count(
    texts: Iterable[str], analyze: Callable[[str], list[str]], column_of: Callable[[str], int | None]
) -> _Counts:
    borders, columns, values = [0], [], []
    for text in texts:
        row: dict[int, int] = {}
        for term in analyze(text):
            column = column_of(term)
            if column is not None:
                row[column] = row.get(column, 0) + 1
        places = sorted(row)
        columns += places
        values += [row[place] for place in places]
        borders.append(len(columns))
    return _Counts(*(np.array(each, dtype=np.int64) for each in (borders, columns, values)))


def _moves(before: dict[str, int], after: dict[str, int]) -> NDArray[np.int64]:
    moves = np.empty(len(before), dtype=np.int64)
    for term, column in before.items():
        moves[column] = after[term]
    return moves


def texts_of(X: Any) -> list[str]:
    """The texts of a sequence.

    Errors    KindError  when it is one text, or holds something else than texts.
    """
    if isinstance(X, str | bytes):
        message = "Iterable over raw text documents expected, string object received."
        raise KindError("aprender.kind", message, name="X", value=type(X).__name__, allowed="a sequence of texts")
    texts = list(X)
    for place, text in enumerate(texts):
        if not isinstance(text, str):
            message = f"`X` should hold texts, `X[{place}]` is of another kind: `{type(text).__name__}`"
            raise KindError("aprender.kind", message, name="X", value=type(text).__name__, allowed="str")
    return texts


def _rows_of(bound: float, rows: int) -> float:
    """A number of texts, or a share of them."""
    if isinstance(bound, numbers.Integral):
        return int(bound)
    if 0 <= bound <= 1:
        return bound * rows
    message = f"a share of texts should be from 0 to 1, it is: `{bound}`"
    raise ParameterError("aprender.parameter", message, name="df", value=bound, allowed="int, or 0 <= float <= 1")


def _fixed(vocabulary: Any) -> dict[str, int]:
    """Terms that the user gives, with their columns."""
    terms = list(vocabulary)
    columns = [vocabulary[term] for term in terms] if hasattr(vocabulary, "keys") else list(range(len(terms)))
    if isinstance(vocabulary, set | frozenset):
        terms = sorted(terms)
    if sorted(columns) != list(range(len(terms))) or len(set(terms)) != len(terms) or not terms:
        message = f"a vocabulary should have each term once, in columns from 0 without gaps, it has: `{columns[:5]}`"
        raise ParameterError("aprender.parameter", message, name="vocabulary", value=columns[:5], allowed="0 to m - 1")
    return dict(zip(terms, columns, strict=True))


def _runs_of(text: str, least: int, most: int) -> Iterator[str]:
    for length in range(least, min(most, len(text)) + 1):
        for start in range(len(text) - length + 1):
            yield text[start : start + length]


def _runs_in_words(text: str, least: int, most: int) -> Iterator[str]:
    """Runs of characters in each word with a space on either side; a short word is one run."""
    for bare in text.split():
        word = f" {bare} "
        for length in range(least, most + 1):
            yield word[:length]
            for start in range(1, len(word) - length + 1):
                yield word[start : start + length]
            if length >= len(word):
                break


def _joined(words: list[str], least: int, most: int) -> Iterator[str]:
    if least == 1:
        yield from words
    for length in range(max(least, 2), min(most, len(words)) + 1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _to_ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def _normed(values: NDArray[np.float64], borders: NDArray[np.int64], norm: str | None) -> NDArray[np.float64]:
    if norm is None:
        return values
    sizes = np.abs(values) if norm == "l1" else values * values
    rows = np.repeat(np.arange(len(borders) - 1), np.diff(borders))
    lengths = np.bincount(rows, weights=sizes, minlength=len(borders) - 1)
    lengths = np.sqrt(lengths) if norm == "l2" else lengths
    lengths[lengths == 0] = 1
    return values / lengths[rows]
