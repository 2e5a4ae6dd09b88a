"""The fuzzing campaigns: they begin with whole files, tell our errors from others, and do not pass unmeasured."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import specimens
from sovereign.persistence.container import LoadConfig

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="tool")
def _tool(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", sys.path.copy())
    monkeypatch.setenv("SOVEREIGN_CACHE", str(tmp_path / "cache"))

    def load(name):
        spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load


def write(tmp_path, data):
    path = tmp_path / "m.apr"
    path.write_bytes(data)
    return str(path)


def test_files_are_used_or_refused_by_one_of_our_errors(tool, tmp_path):
    files = tool("fuzz_files")
    for name in ("A1", "A2", "A2-empty", "A3", "A4", "A5", "A6", "A8", "ald-stream", "ald-tensors"):
        data = specimens.WHOLE[name]
        assert files.judged(write(tmp_path, data), LoadConfig(), data) == "used", name
    assert files.judged(write(tmp_path, b"PK\3\4"), LoadConfig(), b"PK\3\4") == "container.magic"


def test_an_error_that_is_not_ours_is_told_and_its_input_kept(tool, tmp_path, monkeypatch):
    files = tool("fuzz_files")

    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(files, "use", fail)
    data = specimens.WHOLE["A2"]
    assert files.judged(write(tmp_path, data), LoadConfig(), data) == "not ours: ZeroDivisionError"
    (kept,) = (tmp_path / "cache").rglob("*.apr")
    assert kept.read_bytes() == data


def test_a_short_campaign_passes():
    words = [
        sys.executable,
        "-W",
        "error",
        str(ROOT / "tools" / "fuzz_files.py"),
        "--executions",
        "6000",
        "--seed",
        "9",
    ]
    finished = subprocess.run(words, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "6000 executions" in finished.stdout
    assert finished.stdout.splitlines()[-1].endswith("KiB, ok")


def test_a_toolchain_without_the_sanitizer_is_not_a_pass(tool, tmp_path, monkeypatch, capsys):
    fuzz = tool("fuzz")
    monkeypatch.setattr(fuzz, "runtime_folder", lambda _: tmp_path)
    monkeypatch.setattr(sys, "argv", ["fuzz.py"])
    assert fuzz.main() == 2
    assert "not measured" in capsys.readouterr().err


def test_every_target_is_built_has_its_source_and_begins_with_something(tool):
    fuzz = tool("fuzz")
    manifest = tomllib.loads((fuzz.CRATE / "Cargo.toml").read_text())
    assert sorted(each["name"] for each in manifest["bin"]) == sorted(fuzz.TARGETS)
    for target in fuzz.TARGETS:
        assert (fuzz.CRATE / "fuzz_targets" / f"{target}.rs").is_file()
        assert fuzz.seeds_of(target)
