"""Each command on each layout and each hostile file: an answer that its schema knows, or a refusal of ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas import problems
from sovereign.errors import SovereignError
from sovereign.ml.apr import compare, inspect, validate
from sovereign.ml.apr.dump import dump
from sovereign.ml.apr.sections import lines, tree
from sovereign.ml.apr.tensors import tensors
from sovereign.ml.apr.validation import Examined, document_of, is_valid
from sovereign.persistence.container import Layout, LoadConfig, VerificationLevel, bundle, crypto
from specimens import WHOLE

HOSTILE = sorted((Path(__file__).resolve().parents[3] / "hostile").glob("*/*.a[pl]*"))
UNCHECKED = LoadConfig(verification=VerificationLevel.UNSAFE_SKIP)


@pytest.fixture(name="store")
def _store(tmp_path):
    return crypto.TrustStore(tmp_path / "trust.json")


@pytest.fixture(name="path", params=WHOLE)
def _path(request, tmp_path):
    path = tmp_path / f"{request.param}.apr"
    path.write_bytes(WHOLE[request.param])
    return str(path)


def test_it_is_inspected(path):
    document = inspect(path)
    assert problems(json.loads(json.dumps(document)), "apr-inspect") == []


# The others carry a payload, a model or a signature that is made up.
GENUINE = ("A1-tensors", "A2", "A2-empty", "A3", "A4", "A5", "A6", "ald-block-encrypted", "ald-stream", "ald-tensors")


@pytest.mark.parametrize("path", GENUINE, indirect=True)
def test_it_is_valid_where_a_checksum_proves_it(path, store):
    layout, checks = validate(path, store, allow_unknown=True)
    document = document_of([Examined(path, layout, checks)])
    assert problems(json.loads(json.dumps(document)), "apr-validate") == []
    failed = [check for check in checks if check.verdict == "failed"]
    assert failed == []
    assert is_valid(checks) == layout.has_checksum
    assert layout.has_checksum or [check.verdict for check in checks if check.name == "checksum"] == ["not provable"]


def test_a_bundle_is_not_provable_however_well_its_models_are(tmp_path, store):
    path = tmp_path / "A8.apr"
    path.write_bytes(bundle.bundled({"first": WHOLE["A2"], "second": WHOLE["A3"]}))
    layout, checks = validate(path, store)
    assert layout is Layout.A8
    assert [check.name for check in checks if check.verdict in {"failed", "not provable"}] == ["checksum"]
    assert "2 of 2 models are proved" in checks[1].evidence
    assert not is_valid(checks)


def test_its_tree_and_dump_hold_every_byte(path):
    size = Path(path).stat().st_size
    document = tree(path)
    assert sum(node["size_bytes"] for node in document["sections"]) == size
    assert len(lines(document)) > len(document["sections"])
    shown = dump(path)
    assert problems(json.loads(json.dumps(shown)), "apr-hex") == []
    assert b"".join(bytes.fromhex(row["hex"]) for row in shown["rows"]) == Path(path).read_bytes()


@pytest.mark.parametrize("path", [name for name in WHOLE if name != "A1-suite"], indirect=True)
def test_its_tensors_are_listed(path):
    document = tensors(path, with_statistics=True)
    assert problems(json.loads(json.dumps(document)), "apr-tensors") == []
    assert len(document["tensors"]) >= inspect(path)["structure"]["tensors"]


def test_it_is_equal_to_itself(path):
    document = compare(path, path, UNCHECKED)
    assert problems(json.loads(json.dumps(document)), "apr-diff") == []
    assert document["is_same"] is True


@pytest.mark.parametrize("path", HOSTILE, ids=[path.name for path in HOSTILE])
def test_a_hostile_file_is_never_valid(path, store):
    layout, checks = validate(path, store)
    assert not is_valid(checks)
    assert any(check.code for check in checks)
    assert layout is None or isinstance(layout, Layout)


@pytest.mark.parametrize("path", HOSTILE, ids=[path.name for path in HOSTILE])
def test_a_hostile_file_is_shown_or_refused_in_our_words(path):
    for look in (inspect, tree, dump, tensors, lambda path: compare(path, path, UNCHECKED)):
        try:
            shown = look(path)
        except SovereignError as error:
            assert error.code.startswith("container.")  # noqa: PT017 - showing may also succeed
        else:
            assert json.dumps(shown)
