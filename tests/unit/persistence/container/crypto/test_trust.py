"""The trust store: whose keys are believed, kept in a file that its owner can read."""

from __future__ import annotations

import base64
import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from sovereign.errors import DeviceError, FormatError, NotFound, ParameterError
from sovereign.persistence.container import Suite, crypto
from sovereign.persistence.container.crypto import TrustStore, default_store


@pytest.fixture(name="store")
def _store(tmp_path):
    return TrustStore(tmp_path / "below" / "trust.json")


def test_keys_are_known_by_their_names_after_they_were_added(store):
    keys = {
        name: crypto.generate(suite).public
        for name, suite in (("zoe", Suite.HYBRID_2028), ("ann", Suite.GOV_HIGH_ASSURANCE))
    }
    assert store.keys() == {}
    for name, key in keys.items():
        assert store.name_of(key) is None
        assert store.add(name, key) == key.fingerprint
        assert store.name_of(key) == name
    assert [known.name for known in store.keys().values()] == ["ann", "zoe"]
    assert {known.key.fingerprint for known in store.keys().values()} == {key.fingerprint for key in keys.values()}
    store.remove("ann")
    store.remove(keys["zoe"].fingerprint)
    assert store.keys() == {}


def test_a_name_belongs_to_one_key_and_a_key_has_one_name(store):
    one, two = (crypto.generate(Suite.STANDARD_2025).public for _ in range(2))
    store.add("ann", one)
    store.add("ann", one)
    for name in ("ann", "", "  "):
        with pytest.raises(ParameterError) as caught:
            store.add(name, two)
        assert caught.value.code == "container.parameter"
    with pytest.raises(ParameterError, match="ann"):
        store.add("bob", one)
    assert store.name_of(one) == "ann"


def test_a_key_that_is_not_there_is_told_with_what_is_like_it(store):
    store.add("hannah", crypto.generate(Suite.STANDARD_2025).public)
    with pytest.raises(NotFound) as caught:
        store.remove("hanna")
    assert caught.value.code == "container.trust_unknown"
    assert caught.value.detail["nearest"] == ["hannah"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-3],
        lambda content: content.replace('"version": 1', '"version": 2'),
        lambda content: content.replace('"keys"', '"kees"'),
        lambda content: content.replace('"ed25519"', '"p-384"'),
        lambda content: content.replace('"ed25519"', '"rot13"'),
        lambda content: content.replace('"public_key": "', '"public_key": "AA'),
        lambda content: content.replace('"added_at"', '"added"'),
        lambda _: "[]",
        lambda _: '{"version": 1, "keys": []}',
        lambda _: '{"version": 1, "keys": {"a": 3}}',
    ],
)
def test_a_store_that_was_damaged_is_not_believed(store, damage):
    store.add("ann", crypto.generate(Suite.STANDARD_2025).public)
    store.path.write_text(damage(store.path.read_text()))
    with pytest.raises(FormatError) as caught:
        store.keys()
    assert caught.value.code == "container.trust"
    assert caught.value.detail["path"] == str(store.path)


def test_a_key_cannot_be_exchanged_under_its_fingerprint(store):
    one, two = (crypto.generate(Suite.STANDARD_2025).public for _ in range(2))
    store.add("ann", one)
    content = json.loads(store.path.read_text())
    content["keys"][one.fingerprint]["public_key"] = base64.b64encode(two.raw).decode()
    store.path.write_text(json.dumps(content))
    with pytest.raises(FormatError):
        store.name_of(two)


def test_the_store_is_where_the_user_keeps_such_files(monkeypatch, tmp_path):
    monkeypatch.setenv("SOVEREIGN_CONFIG", str(tmp_path / "a"))
    assert default_store().path == tmp_path / "a" / "trust.json"
    monkeypatch.delenv("SOVEREIGN_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "b"))
    assert default_store().path == tmp_path / "b" / "sovereign" / "trust.json"
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_store().path == tmp_path / ".config" / "sovereign" / "trust.json"


def test_keys_that_are_added_at_once_are_all_kept(store):
    keys = [crypto.generate(Suite.STANDARD_2025).public for _ in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: TrustStore(store.path).add(f"key {each}", keys[each]), range(24)))
    assert set(store.keys()) == {key.fingerprint for key in keys}


def test_the_store_is_for_its_owner_alone(store):
    store.add("ann", crypto.generate(Suite.STANDARD_2025).public)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    store.path.chmod(0o666)
    store.add("bob", crypto.generate(Suite.STANDARD_2025).public)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceError) as caught:
        TrustStore(tmp_path / "file" / "trust.json").add("ann", crypto.generate(Suite.STANDARD_2025).public)
    assert caught.value.code == "shell.cannot_write"


def test_asking_for_a_key_makes_no_folder(store):
    with pytest.raises(NotFound):
        store.remove("ann")
    assert not store.path.parent.exists()
