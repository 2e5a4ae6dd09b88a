"""What counts as a difference between two files, and how predictions join."""

from __future__ import annotations

import numpy as np
import pytest

import specimens
from models import METADATA, linear_model, tensor_model
from sovereign.ml.apr import compare, difference, register_predictor
from sovereign.persistence.container import Suite, crypto, embedded


@pytest.fixture(autouse=True)
def _predictors(monkeypatch):
    monkeypatch.setattr(difference, "_predictors", [])


@pytest.fixture(name="pair")
def _pair(tmp_path):
    """Writes two files and compares them."""

    def compared(old, new):
        (tmp_path / "old.apr").write_bytes(old)
        (tmp_path / "new.apr").write_bytes(new)
        return compare(tmp_path / "old.apr", tmp_path / "new.apr")

    return compared


def with_data(*coefficients):
    data = embedded.EmbeddedData(
        X=np.array([[1, 0, 0], [0, 0, 1]], np.float32),
        provenance=embedded.Provenance(source="made here", created_at="2025-01-01T00:00:00Z"),
    )
    return linear_model(*coefficients, metadata={**METADATA, "custom": {"test_data": embedded.to_metadata(data)}})


def linear(file, X):
    values = file.payload_values()
    return X @ np.asarray(values["coefficients"]["data"]) + values["intercept"]


def nothing(file, X):
    return None


def first_feature(file, X):
    return X[:, 0]


def test_answers_are_compared_on_embedded_data(pair):
    register_predictor(linear)
    found = pair(with_data(1.0, 2.0, 3.0), with_data(1.0, 2.0, 3.5))["predictions"]
    assert found == {"state": "different", "samples": 2, "differing": 1, "max_absolute": 0.5}
    assert pair(with_data(1.0, 2.0, 3.0), with_data(1.0, 2.0, 3.0))["predictions"]["state"] == "equal"


def test_the_first_predictor_that_answers_counts(pair):
    register_predictor(nothing)
    register_predictor(linear)
    register_predictor(first_feature)
    assert pair(with_data(1.0, 2.0, 3.0), with_data(2.0, 2.0, 3.0))["predictions"]["max_absolute"] == 1.0


@pytest.mark.parametrize(
    ("predictor", "model", "state"),
    [
        (None, linear_model(), "no room that runs models is installed"),
        (linear, linear_model(), "no data is embedded in either file"),
        (nothing, with_data(1.0, 2.0, 3.0), "a model of this kind is not run"),
    ],
)
def test_what_cannot_be_asked_is_not_assessed(pair, predictor, model, state):
    if predictor is not None:
        register_predictor(predictor)
    assert pair(model, model)["predictions"]["state"] == f"not assessed: {state}"


def test_answers_of_another_shape_are_different(pair):
    register_predictor(lambda file, X: X if file.payload_values()["intercept"] else X[:, 0])
    found = pair(with_data(1.0, 2.0, 3.0), linear_model(1.0, 2.0, 3.0, intercept=0.0))
    assert found["predictions"]["state"] == "different: answers of shape (2, 3) and (2,)"
    assert found["is_same"] is False


def test_numbers_that_are_not_finite_do_not_hide_the_others(pair):
    old = tensor_model(odd=np.array([np.nan, np.inf, 1.0, -3e38], np.float32))
    new = tensor_model(odd=np.array([np.nan, 1.0, 2.0, 3e38], np.float32))
    odd = next(each for each in pair(old, new)["weights"] if each["name"] == "odd")
    assert odd["differing"] == 3
    assert odd["max_absolute"] == pytest.approx(6e38)
    assert odd["max_relative"] == pytest.approx(2.0)


@pytest.mark.parametrize(("old", "new", "change"), [(0, 1, None), (2, 3, 50.0), (-2, -1, 50.0), (True, 2, None)])
def test_percents_are_told_where_they_mean_something(pair, old, new, change):
    found = pair(linear_model(metadata={**METADATA, "n": old}), linear_model(metadata={**METADATA, "n": new}))
    assert found["metadata"] == [{"name": "n", "change": "changed", "old": old, "new": new, "change_percent": change}]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"n": None}, {}, [("n", "removed")]),
        ({"n": {}}, {}, [("n", "removed")]),
        ({}, {"n": None}, [("n", "added")]),
        ({"a.b": 1}, {"a": {"b": 1}}, [(r"a\.b", "removed"), ("a.b", "added")]),
        ({"a\\.b": 1}, {"a.b": 1}, [(r"a\\\.b", "removed"), (r"a\.b", "added")]),
        ({"n": [True]}, {"n": [1]}, [("n", "changed")]),
        ({"n": [{"m": 1}]}, {"n": [{"m": 1.0}]}, [("n", "changed")]),
        ({"n": -0.0}, {"n": 0.0}, [("n", "changed")]),
        ({"n": {"a": 1, "b": None}}, {"n": {"b": None, "a": 1}}, []),
    ],
)
def test_metadata_are_told_apart_type_for_type(pair, old, new, changes):
    found = pair(linear_model(metadata=old), linear_model(metadata=new))
    assert [(each["name"], each["change"]) for each in found["metadata"]] == changes
    assert found["is_same"] is not bool(changes)


def flipped(data, place, by=1):
    changed = bytearray(data)
    changed[place] ^= by
    return bytes(changed)


def resealed(data, place, by=1):
    return specimens.seal(flipped(data, place, by)[:-4])


DATASET = specimens.ald_block()
PAYLOAD_OF_IT, LICENCE_OF_IT = DATASET.index(b"1234"), DATASET.index(bytes([2] * 71))


@pytest.mark.parametrize(
    ("old", "new", "undecoded"),
    [
        (DATASET, resealed(DATASET, PAYLOAD_OF_IT), ["payload"]),
        (DATASET, resealed(DATASET, LICENCE_OF_IT), ["licence"]),
        (DATASET, resealed(DATASET, PAYLOAD_OF_IT - 1), ["schema"]),
        (specimens.a8(), specimens.a8((("first", b"abc"), ("second", b"df"))), ["model 2"]),
        (specimens.a8(), flipped(specimens.a8(), specimens.a8().index(b"two models")), ["index"]),
    ],
)
def test_what_is_not_decoded_is_compared_by_its_bytes(pair, old, new, undecoded):
    found = pair(old, new)
    assert (found["undecoded"], found["is_same"]) == (undecoded, False)
    assert ("NOT DECODED", [(name, "the bytes differ") for name in undecoded]) in difference.boxes(found)
    assert pair(old, old)["undecoded"] == []
    assert pair(old, old)["is_same"] is True


def test_encrypted_payloads_are_the_same_only_byte_by_byte(pair):
    key = crypto.generate(Suite.STANDARD_2025, to_encrypt=True).public
    old, new = (crypto.encrypted(linear_model(), Suite.STANDARD_2025, recipients=[key]) for _ in range(2))
    assert pair(old, new)["is_same"] is False
    assert pair(old, new)["undecoded"] == ["payload"]
    assert pair(old, old)["is_same"] is True


def test_names_in_a_bundle_flags_and_signers_are_facts(pair):
    names = pair(specimens.a8(), specimens.a8((("fist1", b"abc"), ("second", b"de"))))
    assert [each["name"] for each in names["facts"]] == ["models"]
    flags = pair(specimens.a2(), specimens.a2(flags=0x420))
    assert [(each["name"], each["old"], each["new"]) for each in flags["facts"]] == [("flags", "0x400", "0x420")]
    keys = [crypto.generate(Suite.STANDARD_2025) for _ in range(2)]
    for model in (linear_model(), tensor_model()):
        signers = pair(*(crypto.signed(model, key) for key in keys))
        assert [(each["name"], each["old"], each["new"]) for each in signers["facts"]] == [
            ("signer", *(key.public.fingerprint for key in keys))
        ]
        assert signers["is_same"] is False
    suite = pair(crypto.signed(linear_model(), keys[0], Suite.LEGACY), crypto.signed(linear_model(), keys[0]))
    assert "cipher_suite" in [each["name"] for each in suite["facts"]]
