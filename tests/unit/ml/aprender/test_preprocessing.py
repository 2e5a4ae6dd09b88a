"""Scalers and indicators are the peers', missing values and all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import preprocessing as theirs

from sovereign.errors import KindError, ParameterError, ShapeError
from sovereign.ml.aprender import reference
from sovereign.ml.aprender.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler
from sovereign.ml.aprender.state import describe, rebuild

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)  # the machine may be busy
SCALERS = [
    (StandardScaler(), theirs.StandardScaler()),
    (StandardScaler(with_mean=False), theirs.StandardScaler(with_mean=False)),
    (StandardScaler(with_std=False), theirs.StandardScaler(with_std=False)),
    (MinMaxScaler(), theirs.MinMaxScaler()),
    (MinMaxScaler((-2, 3), clip=True), theirs.MinMaxScaler((-2, 3), clip=True)),
]
pairs = pytest.mark.parametrize(("ours", "peer"), SCALERS, ids=repr)


def data(seed, missing=0.0, rows=50):
    generator = np.random.default_rng(seed)
    X = generator.normal(10, [0.1, 1, 100], size=(rows, 3))
    X[generator.uniform(size=X.shape) < missing] = np.nan
    return X


@pairs
@few
@given(seed=seeds, missing=st.sampled_from([0.0, 0.2]))
def test_scaled_columns_are_the_peers(ours, peer, seed, missing):
    X, new = data(seed, missing), data(seed + 1, missing)
    found, expected = ours.fit(X).transform(new), peer.fit(X).transform(new)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.inverse_transform(found), peer.inverse_transform(expected), rtol=1e-9)
    np.testing.assert_array_equal(ours.n_samples_seen_, peer.n_samples_seen_)


@pairs
@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_batches_come_to_what_all_rows_at_once_do(ours, peer, missing):
    X = data(1, missing)
    parts = type(ours)(**ours.get_params())
    for part in np.array_split(X, 4):
        parts.partial_fit(part)
        peer_parts = peer.partial_fit
    del peer_parts
    np.testing.assert_allclose(parts.transform(X), ours.fit(X).transform(X), rtol=1e-9, atol=1e-12)


def test_weights_of_rows_are_repeated_rows():
    X = data(2)
    weight = np.arange(50) % 3
    weighted, repeated = (
        StandardScaler().fit(X, sample_weight=weight),
        StandardScaler().fit(np.repeat(X, weight, axis=0)),
    )
    np.testing.assert_allclose(weighted.var_, repeated.var_)
    np.testing.assert_allclose(weighted.mean_, theirs.StandardScaler().fit(X, sample_weight=weight).mean_)


def test_columns_far_from_zero_lose_no_digits_and_constant_ones_are_left():
    X = np.column_stack([1e9 + np.arange(100) % 2, np.full(100, 1 / 3), np.zeros(100)])
    model = StandardScaler().fit(X)
    np.testing.assert_allclose(model.var_[0], 0.25)
    np.testing.assert_array_equal(model.scale_[1:], 1)
    np.testing.assert_allclose(MinMaxScaler().fit_transform(X)[:, 1:], 0)


@pairs
def test_float32_stays_float32(ours, peer):
    del peer
    X = data(3).astype(np.float32)
    assert ours.fit(X).transform(X).dtype == np.float32


@pairs
def test_scalers_come_back_from_their_images_as_they_were(ours, peer):
    del peer
    X = data(4, 0.1)
    fitted = ours.fit(X)
    described, image = describe(fitted)
    again = rebuild(described, image, "memory")
    np.testing.assert_array_equal(again.transform(X), fitted.transform(X))
    np.testing.assert_allclose(reference.values(image, X), fitted.transform(X), rtol=1e-12, atol=1e-12)
    # A fit that goes on needs what a transform does not.
    np.testing.assert_allclose(again.partial_fit(X + 1).transform(X), fitted.partial_fit(X + 1).transform(X))


def test_a_range_that_falls_and_wrong_widths_are_refused():
    X = data(5)
    with pytest.raises(ParameterError, match="rise"):
        MinMaxScaler((1, 1)).fit(X)
    with pytest.raises(ShapeError):
        StandardScaler().fit(X).inverse_transform(X[:, :2])


WORDS = np.array([["a", "x"], ["b", "y"], ["a", "z"], ["c", "x"]], dtype=object)
NUMBERS = np.array([[1.0, 5], [2, 7], [1, np.nan], [3, 5]])


@pytest.mark.parametrize("X", [WORDS, WORDS.astype(str), NUMBERS, NUMBERS[:, :1].astype(int)], ids=["o", "u", "f", "i"])
@pytest.mark.parametrize("drop", [None, "first", "if_binary"])
def test_indicators_are_the_peers(X, drop):
    ours = OneHotEncoder(drop=drop).fit(X)
    expected = theirs.OneHotEncoder(drop=drop, sparse_output=False).fit(X)
    np.testing.assert_array_equal(ours.transform(X), expected.transform(X))
    assert ours.get_feature_names_out().tolist() == expected.get_feature_names_out().tolist()
    np.testing.assert_array_equal(
        ours.inverse_transform(ours.transform(X)), expected.inverse_transform(expected.transform(X))
    )
    for found, known in zip(ours.categories_, expected.categories_, strict=True):
        np.testing.assert_array_equal(found, known)


def test_one_category_of_each_column_can_be_dropped():
    expected = theirs.OneHotEncoder(drop=["b", "z"], sparse_output=False).fit_transform(WORDS)
    np.testing.assert_array_equal(OneHotEncoder(drop=["b", "z"]).fit_transform(WORDS), expected)
    with pytest.raises(ParameterError):
        OneHotEncoder(drop=["q", "z"]).fit(WORDS)


def test_unknown_categories_are_refused_or_left_out():
    strange = np.array([["a", "q"]], dtype=object)
    with pytest.raises(ParameterError, match=r"\['q'\] in column 1"):
        OneHotEncoder().fit(WORDS).transform(strange)
    found = OneHotEncoder(handle_unknown="ignore").fit(WORDS)
    np.testing.assert_array_equal(found.transform(strange), [[1, 0, 0, 0, 0, 0]])
    assert found.inverse_transform(found.transform(strange)).tolist() == [["a", None]]


def test_given_categories_keep_their_order():
    model = OneHotEncoder(categories=[["c", "b", "a"], ["z", "y", "x"]]).fit(WORDS)
    np.testing.assert_array_equal(model.transform(WORDS[:1]), [[0, 0, 1, 0, 0, 1]])
    with pytest.raises(ParameterError, match="unknown"):
        OneHotEncoder(categories=[["a"], ["x", "y", "z"]]).fit(WORDS)
    with pytest.raises(ParameterError, match="rising"):
        OneHotEncoder(categories=[[3, 2, 1]]).fit(NUMBERS[:, :1])


def test_indicators_can_be_sparse_and_of_another_type():
    sparse = OneHotEncoder(sparse_output=True, dtype=np.float32).fit(WORDS).transform(WORDS)
    assert sparse.dtype == np.float32
    assert sparse.format == "csr"
    np.testing.assert_array_equal(sparse.toarray(), OneHotEncoder().fit_transform(WORDS))


@pytest.mark.parametrize("X", [WORDS, NUMBERS], ids=["words", "numbers"])
def test_an_encoder_comes_back_from_its_image_as_it_was(X):
    fitted = OneHotEncoder(drop="first", handle_unknown="ignore").fit(X)
    described, image = describe(fitted)
    again = rebuild(described, image, "memory")
    np.testing.assert_array_equal(again.transform(X), fitted.transform(X))


def test_mixed_columns_are_refused():
    with pytest.raises(KindError, match="texts alone"):
        OneHotEncoder().fit(np.array([["a"], [1]], dtype=object))
    for options in ({"handle_unknown": "guess"}, {"categories": "some"}, {"drop": "last"}):
        with pytest.raises(ParameterError):
            OneHotEncoder(**options).fit(WORDS)
