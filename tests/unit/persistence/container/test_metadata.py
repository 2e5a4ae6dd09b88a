"""What files say about their content: read strictly, written so that the same facts give the same bytes."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import specimens
from sovereign.errors import FormatError, ParameterError
from sovereign.persistence.container import Limits, LoadConfig, Role, Section, open_file
from sovereign.persistence.container.metadata import created_at, from_json, from_message_pack, to_json, to_message_pack

SECTION = Section(Role.METADATA, 32, 9)
FACTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), children, max_size=4)
    ),
    max_leaves=20,
)


def metadata_of(tmp_path, data):
    path = tmp_path / "m.apr"
    path.write_bytes(data)
    with open_file(path) as file:
        return file.metadata


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("A1", {"a": 1}),
        ("A2", specimens.METADATA),
        ("A3", {"model_type": "mlp"}),
        ("A4", {}),
        ("A5", {"author": "us"}),
        ("A6", {}),
        ("A8", {}),
        ("ald-block", {"name": "n"}),
        ("ald-stream", {"name": "n"}),
        ("ald-tensors", {}),
    ],
)
def test_every_layout_says_what_it_says(tmp_path, name, facts):
    assert metadata_of(tmp_path, specimens.WHOLE[name]) == facts


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), FACTS, max_size=5))
def test_facts_come_back_as_they_were_written(facts):
    assert from_message_pack(to_message_pack(facts), SECTION) == facts
    assert from_json(to_json(facts).encode(), SECTION) == facts
    assert msgpack.unpackb(to_message_pack(facts)) == facts
    assert json.loads(to_json(facts)) == facts


def test_keys_are_in_order_at_every_depth():
    a = {"b": {"y": 1, "x": [{"d": 1, "c": 2}]}, "a": 0}
    b = {"a": 0, "b": {"x": [{"c": 2, "d": 1}], "y": 1}}
    assert to_json(a) == to_json(b) == '{"a":0,"b":{"x":[{"c":2,"d":1}],"y":1}}'
    assert to_message_pack(a) == to_message_pack(b)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(-3), -3),
        (np.bool_(1), True),
        (np.array(7, np.uint8), 7),
        ((1, 2), [1, 2]),
        (2**64 - 1, 2**64 - 1),
    ],
)
def test_numbers_of_numpy_are_written_as_plain_ones(value, expected):
    assert from_message_pack(to_message_pack({"v": value}), SECTION) == {"v": expected}
    assert from_json(to_json({"v": value}).encode(), SECTION) == {"v": expected}


def nested(depth):
    value = {}
    for _ in range(depth):
        value = {"d": value}
    return value


@pytest.mark.parametrize(
    "facts",
    [
        {"v": float("nan")},
        {"v": np.float32("inf")},
        {"v": {1: 2}},
        {"v": b"bytes"},
        {"v": {1, 2}},
        {"v": object()},
        {"v": np.arange(2)},
        {"v": np.array([1])},
        {"v": np.longdouble(1)},
        {"v": 2**64},
        {"v": -(2**63) - 1},
        {"v": "\ud800"},
        {"\ud800": 1},
        {"v": datetime(2026, 1, 1, tzinfo=UTC)},
        nested(66),
    ],
)
def test_what_cannot_be_read_again_is_not_written(facts):
    for write in (to_message_pack, to_json):
        with pytest.raises(ParameterError) as caught:
            write(facts)
        assert caught.value.code == "container.parameter"
        assert caught.value.detail["name"].startswith("metadata")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x81",
        b"\x90",
        b"\x01",
        b"\x81\xa1a\x01\x00",
        b"\x81\x01\x02",
        b"\x81\xc4\x01a\x01",
        b"\x81\xa1a\x81\xc4\x01b\x01",
        b"\x82\xa1a\x01\xa1a\x02",
        b"\x81\xa1\xff\x01",
        b"\x81\xa1a\xd6\xff\x00\x00\x00\x00",
        b"\x81\xa1a\xc1",
        b"\xdf\xff\xff\xff\xff",
        b"\x81\xa1a\xdd\xff\xff\xff\xff",
        b"\x81\xa1a\xc6\xff\xff\xff\xff",
        b"\x81\xa1a" * 70 + b"\x80",
        b"\x81\xa1a" + b"\x91" * 5000 + b"\x01",
    ],
)
def test_malformed_message_pack_is_refused(tmp_path, data):
    with pytest.raises(FormatError) as caught:
        metadata_of(tmp_path, specimens.a1(data or b"\xc1"))
    error = caught.value
    assert (error.code, error.detail["field"], error.detail["offset"]) == ("container.metadata", "metadata", 32)
    assert error.detail["path"] == str(tmp_path / "m.apr")


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b"1",
        b"{",
        b'{"a":1}x',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":1,"a":2}',
        b'{"a":"\xff"}',
        b'{"a":' * 70 + b"1" + b"}" * 70,
        b'{"a":' + b"[" * 100_000,
        b'{"a":' + b"1" * 5000 + b"}",
        b"\xef\xbb\xbf{}",
    ],
)
def test_malformed_json_is_refused(tmp_path, data):
    with pytest.raises(FormatError) as caught:
        metadata_of(tmp_path, specimens.a2(metadata=data))
    error = caught.value
    assert (error.code, error.detail["field"], error.detail["offset"]) == ("container.metadata", "metadata", 64)


@pytest.mark.parametrize("data", [b"\x01", b"\x9a" + bytes(10), b"\x91\xc1", b"\x81\x01\x01"])
def test_malformed_facts_of_a_dataset_are_refused(tmp_path, data):
    rows = specimens.WHOLE["ald-stream"]
    changed = rows[:12] + struct.pack("<I", len(data)) + rows[16:32] + data + rows[35:]
    with pytest.raises(FormatError) as caught:
        metadata_of(tmp_path, changed)
    assert caught.value.code == "container.metadata"


def test_a_dataset_may_name_its_facts(tmp_path):
    rows = specimens.WHOLE["ald-stream"]
    data = msgpack.packb({"name": "iris"})
    assert metadata_of(tmp_path, rows[:12] + struct.pack("<I", len(data)) + rows[16:32] + data + rows[35:]) == {
        "name": "iris"
    }


def test_metadata_beyond_the_limit_is_not_read(tmp_path):
    path = tmp_path / "m.apr"
    path.write_bytes(specimens.a3(metadata=b'{"a":"' + b"x" * 1000 + b'"}'))
    with pytest.raises(FormatError) as caught:
        open_file(path, LoadConfig(limits=Limits(metadata_bytes=100)))
    assert caught.value.code == "container.limit"


def test_the_time_is_that_of_source_date_epoch_where_it_is_set(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert created_at() == "2023-11-14T22:13:20Z"
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert abs(datetime.fromisoformat(created_at()) - datetime.now(UTC)).total_seconds() < 5


@pytest.mark.parametrize("value", ["soon", "", "9" * 30, "1.5"])
def test_a_time_that_is_none_is_refused(monkeypatch, value):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(ParameterError) as caught:
        created_at()
    assert caught.value.code == "container.parameter"
