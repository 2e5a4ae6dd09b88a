"""What the native door says about itself."""

from __future__ import annotations

import pytest

from sovereign import _native
from sovereign._native import selftest
from sovereign.errors import DeviceError, InternalError
from sovereign.shell.selftest import State


def test_the_core_of_this_clone_is_whole_and_fresh():
    evidence = list(selftest.run())
    assert [each.check for each in evidence] == ["native core", "native sources", "native panic"]
    assert {each.state for each in evidence} == {State.OK}
    assert _native.build_facts()["compiler"] in evidence[0].evidence


def test_a_missing_core_is_one_broken_line_with_its_fix(monkeypatch):
    def missing():
        raise DeviceError("native.missing", "the Rust core cannot be loaded")

    monkeypatch.setattr(_native, "build_facts", missing)
    (evidence,) = selftest.run()
    assert (evidence.state, evidence.fix) == (State.BROKEN, "make demo")


def test_a_core_built_from_other_sources_is_broken():
    assert selftest.freshness("0000000a", "0000000a").state is State.OK
    stale = selftest.freshness("0000000a", "0000000b")
    assert (stale.state, stale.fix) == (State.BROKEN, "make demo")
    assert "0000000a" in stale.evidence


@pytest.mark.parametrize("change", ["content", "name", "file more", "file less"])
def test_the_digest_changes_with_every_change_of_the_sources(tmp_path, change):
    (tmp_path / "crates").mkdir()
    (tmp_path / "Cargo.lock").write_text("lock")
    (tmp_path / "crates" / "lib.rs").write_text("one")
    (tmp_path / "crates" / "build.rs").write_text("two")
    sources = ["Cargo.lock", "crates"]
    before = selftest.source_digest(tmp_path, sources)
    (tmp_path / "crates" / "notes.txt").write_text("not a source")
    assert selftest.source_digest(tmp_path, sources) == before
    if change == "content":
        (tmp_path / "crates" / "lib.rs").write_text("One")
    elif change == "name":
        (tmp_path / "crates" / "lib.rs").rename(tmp_path / "crates" / "bib.rs")
    elif change == "file more":
        (tmp_path / "crates" / "Cargo.toml").write_text("")
    else:
        (tmp_path / "Cargo.lock").unlink()
    assert selftest.source_digest(tmp_path, sources) != before


def test_a_panic_that_is_not_seen_or_is_another_one_is_broken(monkeypatch):
    monkeypatch.setattr(_native, "provoke_panic", lambda _: None)
    assert selftest.containment().state is State.BROKEN

    def other(message):
        raise InternalError("native.panic", "another", where="x.rs:1", reason="another")

    monkeypatch.setattr(_native, "provoke_panic", other)
    assert selftest.containment().state is State.BROKEN
