"""Set-up: what it says when something is missing, and that it does nothing twice."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(monkeypatch):
    spec = importlib.util.spec_from_file_location("prepare", ROOT / "tools" / "prepare.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    spec.loader.exec_module(module)
    return module


@pytest.fixture(name="prepare")
def _prepare(tmp_path, monkeypatch):
    module = load(monkeypatch)
    monkeypatch.setattr(module, "VENV", tmp_path / "venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / "prepared.json")
    return module


def put_tool(folder: Path, name: str, says: str) -> None:
    folder.mkdir(exist_ok=True)
    tool = folder / name
    tool.write_text(f"#!/bin/sh\necho '{says}'\n")
    tool.chmod(0o755)


@pytest.fixture(name="tools")
def _tools(tmp_path, monkeypatch):
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_rust_version_is_zero_without_a_toolchain(prepare, tools):
    assert prepare.rust_version() == (0,)


def test_rust_version_is_read_from_rustc(prepare, tools):
    put_tool(tools, "cargo", "cargo 1.90.1")
    put_tool(tools, "rustc", "rustc 1.90.1 (abc 2025-09-01)")
    assert prepare.rust_version() == (1, 90)


def test_rust_version_is_zero_when_rustc_cannot_run(prepare, tools):
    put_tool(tools, "cargo", "cargo 1.90.1")
    put_tool(tools, "rustc", "rustup could not choose a version")
    assert prepare.rust_version() == (0,)


def test_missing_rust_names_the_exact_command_when_not_root(prepare, tools, monkeypatch, capsys):
    put_tool(tools, "apt-get", "")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as end:
        prepare.prepare_rust(linters=False)
    assert end.value.code == 2
    assert "sudo apt-get install -y --no-install-recommends rustc-web cargo-web`" in capsys.readouterr().err


def test_old_rust_counts_as_missing(prepare, tools, monkeypatch):
    put_tool(tools, "cargo", "cargo 1.63.0")
    put_tool(tools, "rustc", "rustc 1.63.0")
    put_tool(tools, "apt-get", "")
    ran = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(prepare, "run", lambda command, *_, **__: ran.append(command))
    prepare.prepare_rust(linters=False)
    assert ran[-1][-2:] == ["rustc-web", "cargo-web"]


def test_only_the_linters_are_brought_when_rust_is_there(prepare, tools, monkeypatch):
    put_tool(tools, "cargo", "cargo 1.95.0")
    put_tool(tools, "rustc", "rustc 1.95.0")
    put_tool(tools, "apt-get", "")
    ran = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(prepare, "run", lambda command, *_, **__: ran.append(command))
    prepare.prepare_rust(linters=True)
    assert ran[-1][-2:] == ["rust-web-clippy", "rustfmt-web"]


def test_missing_venv_module_names_the_package_and_leaves_nothing(prepare, monkeypatch, capsys):
    def refuse(folder, **_):
        Path(folder).mkdir()
        raise ImportError("ensurepip")

    monkeypatch.setattr(prepare, "PYTHON", prepare.VENV / "bin" / "python")
    monkeypatch.setattr(prepare.venv, "create", refuse)
    with pytest.raises(SystemExit) as end:
        prepare.prepare_packages({})
    assert end.value.code == 2
    assert "apt-get install python3-venv" in capsys.readouterr().err
    assert not prepare.VENV.exists()


def test_failed_step_shows_its_output_and_its_command(prepare, capsys):
    with pytest.raises(SystemExit) as end:
        prepare.run(["sh", "-c", "echo no route; exit 7"], quiet=True)
    assert end.value.code == 2
    shown = capsys.readouterr().err
    assert "no route" in shown
    assert "ended with status 7" in shown


def test_broken_stamp_counts_as_nothing_done(prepare):
    prepare.STAMP.write_text("{half")
    assert prepare.read_stamp() == {}


def test_stamp_is_read_back(prepare):
    prepare.write_stamp({"packages": "abc"})
    assert prepare.read_stamp() == {"packages": "abc"}


def test_native_digest_changes_when_a_source_is_touched(prepare, tmp_path, monkeypatch):
    source = tmp_path / "crates" / "one.rs"
    source.parent.mkdir()
    source.write_text("fn one() {}")
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "NATIVE_SOURCES", ("crates",))
    before = prepare.native_digest()
    assert prepare.native_digest() == before
    os.utime(source, ns=(1, 1))
    assert prepare.native_digest() != before


def test_peers_are_installed_once_and_again_when_their_lock_or_the_environment_changes(prepare, tmp_path, monkeypatch):
    lock = tmp_path / "requirements" / "bench.lock"
    lock.parent.mkdir()
    lock.write_text("peer==1")
    ran = []
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "run", ran.append)
    prepare.prepare_peers({"packages": "one"})
    assert ran.pop()[-3:] == ["--require-hashes", "-r", lock]
    prepare.prepare_peers(prepare.read_stamp())
    assert ran == []
    for changed in ({"packages": "two"}, {}):
        lock.write_text(f"peer=={len(changed)}")
        prepare.prepare_peers({**prepare.read_stamp(), **changed})
        assert ran.pop()[-1] == lock


def test_second_call_does_nothing_when_nothing_changed(monkeypatch, capsys):
    prepare = load(monkeypatch)
    ran = []
    monkeypatch.setattr(prepare, "run", lambda command, *_, **__: ran.append(command))
    # Should something have changed, nothing may be touched: these tests run in that very environment.
    monkeypatch.setattr(prepare.venv, "create", lambda *_, **__: ran.append("create"))
    monkeypatch.setattr(prepare, "write_stamp", lambda _: None)
    monkeypatch.setattr(sys, "argv", ["prepare.py"])
    assert prepare.main() == 0
    assert (ran, capsys.readouterr().err) == ([], "")


def test_make_alone_lists_every_documented_target():
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("demo", "test", "check", "bench", "golden", "wasm", "wheel", "docs", "clean", "soak"):
        assert f"make {target} " in listed


def test_companions_that_are_missing_are_brought(prepare, tools, monkeypatch):
    put_tool(tools, "apt-get", "")
    put_tool(tools, "zsh", "")
    ran = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(prepare, "run", lambda command, *_, **__: ran.append(command))
    for stage in ("prepare_packages", "prepare_rust", "prepare_native"):
        monkeypatch.setattr(prepare, stage, lambda *_, **__: None)
    monkeypatch.setattr(sys, "argv", ["prepare.py", "companions"])
    assert prepare.main() == 0
    assert ran[-1][-3:] == ["fish", "groff", "strace"]


def test_environment_is_made_anew_when_the_clone_has_moved(prepare, monkeypatch):
    made = []
    monkeypatch.setattr(prepare, "PYTHON", prepare.VENV / "bin" / "python")
    prepare.PYTHON.parent.mkdir(parents=True)
    prepare.PYTHON.touch()
    monkeypatch.setattr(prepare.venv, "create", lambda folder, **how: made.append((folder, how["clear"])))
    monkeypatch.setattr(prepare, "run", lambda *_, **__: None)
    done = {"packages": "of the old place", "place": "/elsewhere/.venv", "native": "x"}
    prepare.prepare_packages(done)
    assert made == [(prepare.VENV, True)]
    assert done["place"] == str(prepare.VENV)
    assert "native" not in done
    made.clear()
    prepare.prepare_packages(done)
    assert made == []
