"""Several models in one file: the same bytes for the same models, each proved where it stands."""

from __future__ import annotations

import struct

import numpy as np
import pytest

import specimens
from sovereign.errors import FormatError, IntegrityError, NotFound, ParameterError
from sovereign.persistence.container import Layout, Source, outline, tensor_file, verify
from sovereign.persistence.container.bundle import bundled, each_entry, entry_bytes, verify_entries

MODELS = {"second": specimens.WHOLE["A1"], "first": specimens.WHOLE["A2"], "third": specimens.WHOLE["A5"]}


@pytest.fixture(name="path")
def _path(tmp_path):
    path = tmp_path / "bundle.apr"
    path.write_bytes(bundled(MODELS, "three"))
    return path


def test_models_come_out_as_they_went_in(path):
    assert outline(path).layout is Layout.A8
    assert not verify(path).is_proved
    assert [entry.name for entry in outline(path).entries] == ["first", "second", "third"]
    for name, data in MODELS.items():
        assert entry_bytes(path, name) == data


def test_the_list_is_read_once_for_all_models(tmp_path):
    path = tmp_path / "wide.apr"
    path.write_bytes(bundled({f"m{number:03}": specimens.WHOLE["A1"] for number in range(200)}))
    with Source(path) as source:
        outline(source)
        once = source.bytes_read
        assert [entry.name for entry, _ in each_entry(source)][::199] == ["m000", "m199"]
        assert source.bytes_read == 2 * once + 200 * len(specimens.WHOLE["A1"])


def test_a_bundle_is_that_of_the_table(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    data = bundled({"first": MODELS["first"], "second": MODELS["second"]}, "two models")
    assert data == specimens.a8((("first", MODELS["first"]), ("second", MODELS["second"])))
    assert data == bundled(dict(reversed({"first": MODELS["first"], "second": MODELS["second"]}.items())), "two models")


def test_each_model_is_proved_where_it_stands(path):
    verdicts = verify_entries(path)
    assert {name: verdict.is_proved for name, verdict in verdicts.items()} == {
        "first": True,
        "second": True,
        "third": False,
    }


def test_a_damaged_model_is_told_by_its_name(path):
    data = bytearray(path.read_bytes())
    entry = outline(path).entries[1]
    data[entry.offset + 34] ^= 1
    path.write_bytes(data)
    with pytest.raises(IntegrityError) as caught:
        verify_entries(path)
    error = caught.value
    assert error.code == "container.checksum"
    assert (error.detail["path"], error.detail["model"]) == (str(path), "second")
    assert "`second`" in str(error)


def test_a_model_that_is_not_there_is_told_with_what_is_like_it(path):
    with pytest.raises(NotFound) as caught:
        entry_bytes(path, "frist")
    assert caught.value.code == "container.entry"
    assert caught.value.detail["nearest"] == ["first"]


def test_what_is_no_bundle_is_refused(tmp_path):
    path = tmp_path / "m.apr"
    path.write_bytes(specimens.WHOLE["A2"])
    for use in (verify_entries, lambda path: list(each_entry(path)), lambda path: entry_bytes(path, "x")):
        with pytest.raises(ParameterError) as caught:
            use(path)
        assert caught.value.code == "container.layout"


@pytest.mark.parametrize("name", ["", "x" * 4097, "ä" * 2049])
def test_names_that_no_reader_takes_are_not_written(name):
    with pytest.raises(ParameterError) as caught:
        bundled({name: specimens.WHOLE["A1"]})
    assert caught.value.code == "container.parameter"


def test_only_files_that_can_be_read_are_bundled():
    with pytest.raises(FormatError):
        bundled({"m": b"not a model"})


def test_a_bundle_may_be_empty_or_hold_a_bundle(tmp_path):
    assert outline(bundled({})).entries == ()
    path = tmp_path / "outer.apr"
    path.write_bytes(bundled({"inner": bundled({"m": tensor_file({"w": np.zeros(1, np.float32)})})}))
    assert not verify_entries(path)["inner"].is_proved


def test_models_outside_the_file_are_refused():
    data = bytearray(specimens.a8())
    place = data.index(b"second") + 6
    for length, offset in ((2, 4), (3, 3), (2, 2), (2**64 - 1, 3), (2, 2**64 - 1)):
        data[place : place + 16] = struct.pack("<QQ", length, offset)
        with pytest.raises(FormatError):
            outline(bytes(data))
