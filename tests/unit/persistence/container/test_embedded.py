"""Data inside a model file: it comes back exactly or within its stated error, and what is malformed is refused."""

from __future__ import annotations

import base64

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays

from sovereign.errors import FormatError, ParameterError, ShapeError, SovereignError
from sovereign.persistence.container.embedded import EmbeddedData, Packing, Provenance, read_data, to_metadata
from sovereign.persistence.container.layout import Role, Section
from sovereign.persistence.container.metadata import from_json, from_message_pack, to_json, to_message_pack

WHERE = Provenance(
    source="made here", created_at="2025-01-01T00:00:00Z", license="CC0-1.0", preprocessing=("scaled", "shuffled")
)
EXACT = [Packing.NONE, Packing.ZSTD, Packing.DELTA, Packing.SPARSE]
TABLES = arrays.arrays(
    np.float32, st.tuples(st.integers(0, 6), st.integers(0, 5)), elements=st.floats(width=32, allow_nan=False)
)


def data(X, **others):
    return EmbeddedData(X=np.asarray(X, np.float32), provenance=WHERE, **others)


@pytest.mark.parametrize("packing", EXACT)
@given(X=TABLES)
def test_numbers_come_back_bit_by_bit(packing, X):
    facts = to_metadata(data(X), packing)
    assert facts["x_error"] == 0
    assert read_data(facts).X.tobytes() == X.tobytes()


@pytest.mark.parametrize("bits", [4, 8, 16])
@given(X=arrays.arrays(np.float32, (4, 3), elements=st.floats(-1e6, 1e6, width=32)))
def test_quantized_numbers_come_back_within_the_stated_error(bits, X):
    facts = to_metadata(data(X), Packing.QUANTIZED, bits)
    gap = np.abs(read_data(facts).X.astype(np.float64) - X.astype(np.float64)).max()
    assert gap <= facts["x_error"]
    # Half a step of the range, and what rounding to single precision adds.
    span = float(X.max()) - float(X.min())
    assert facts["x_error"] <= span / (2**bits - 1) / 2 * 1.001 + 2e-7 * max(float(np.abs(X).max()), 1e-30)


def test_small_numbers_become_zero_below_a_threshold():
    facts = to_metadata(data([[0.5, 0.001, -0.002]]), Packing.SPARSE, 0.01)
    assert read_data(facts).X.tolist() == [[0.5, 0.0, 0.0]]
    assert facts["x_error"] == pytest.approx(0.01)


def test_all_that_belongs_to_the_numbers_comes_back():
    given_data = data(
        [[1, 2], [3, 4], [5, 6]],
        y=np.array([0, 1, 1], np.float32),
        feature_names=("a", "b"),
        sample_ids=("x", "y", "z"),
    )
    facts = to_metadata(given_data, Packing.QUANTIZED, 8)
    section = Section(Role.METADATA, 0, 0)
    for travelled in (
        from_json(to_json(facts).encode(), section),
        from_message_pack(to_message_pack(facts), section),
    ):
        found = read_data(travelled)
        assert found.y is not None
        assert found.y.tolist() == [0, 1, 1]
        assert (found.feature_names, found.sample_ids) == (("a", "b"), ("x", "y", "z"))
        assert found.provenance == WHERE


@pytest.mark.parametrize(
    "others",
    [
        {"y": np.zeros(3, np.float32)},
        {"feature_names": ("a",)},
        {"sample_ids": ("a", "b", "c")},
    ],
)
def test_parts_that_do_not_fit_together_are_refused(others):
    with pytest.raises(ShapeError) as refused:
        data([[1, 2], [3, 4]], **others)
    assert refused.value.code == "container.data_shape"


def test_samples_are_a_table():
    with pytest.raises(ShapeError) as refused:
        data([1, 2, 3])
    assert refused.value.code == "container.data_shape"


def test_more_numbers_than_a_file_should_carry_are_refused():
    with pytest.raises(ParameterError) as refused:
        to_metadata(data(np.zeros((1 << 13, (1 << 11) + 1), np.float32)))
    assert refused.value.code == "container.parameter"


def broken(**changes):
    facts = {**to_metadata(data([[1, 2], [3, 4]], y=np.zeros(2, np.float32))), **changes}
    return {name: value for name, value in facts.items() if value is not None}


@pytest.mark.parametrize(
    "facts",
    [
        {},
        broken(packing="zip"),
        broken(packing=None),
        broken(x_shape=[2]),
        broken(x_shape=[2, 2, 1]),
        broken(x_shape=["a", 2]),
        broken(x_shape=[3, 2]),
        broken(x_shape=[-2, -2]),
        broken(x_shape=[1 << 40, 1 << 40]),
        broken(x_shape=5),
        broken(x_data="not base 64!"),
        broken(x_data=base64.b64encode(b"no zstd").decode()),
        broken(x_data=7),
        broken(x_data="ä"),
        broken(y_data=base64.b64encode(b"").decode()),
        broken(provenance=None),
        broken(provenance="here"),
        broken(provenance={"source": "here"}),
        broken(feature_names=["a"]),
        broken(feature_names=3),
        broken(packing="none", x_data=base64.b64encode(bytes(15)).decode()),
    ],
)
def test_malformed_facts_are_refused_and_nothing_else_is_raised(facts):
    with pytest.raises((FormatError, ShapeError)) as refused:
        read_data(facts)
    assert refused.value.code in {"container.data", "container.data_shape", "container.stream"}


@given(
    st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda each: st.lists(each, max_size=3), max_leaves=5)
)
def test_no_value_in_a_place_of_another_gets_through_as_another_error(value):
    for name in ("packing", "x_shape", "x_data", "y_data", "provenance", "feature_names", "sample_ids"):
        facts = {**broken(), name: value}
        try:
            read_data(facts)
        except SovereignError as error:
            assert error.code.startswith("container.")  # noqa: PT017 - reading may also succeed


@given(st.binary(max_size=40))
def test_damaged_bytes_are_refused_in_our_words(raw):
    for packing in Packing:
        facts = broken(packing=str(packing), x_data=base64.b64encode(raw).decode())
        if len(raw) == 16 and packing is Packing.NONE:
            continue
        with pytest.raises(SovereignError):
            read_data(facts)
