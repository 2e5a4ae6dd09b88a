"""`make sizes`: lines per room, and what a branch adds."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEADER = "src/sovereign/persistence/container/header.py"


@pytest.fixture(name="sizes")
def _sizes(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("sizes", ROOT / "tools" / "sizes.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "sizes", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


@pytest.fixture(name="clone")
def _clone(tmp_path):
    git(tmp_path, "init", "-q", "-b", "main")
    write(tmp_path, HEADER, "x = 1\n\n# why\ny = 2\n")
    write(tmp_path, "crates/trueno/src/lib.rs", "// why\nfn x() {}\n")
    write(tmp_path, "README.md", "a\n" * 50)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "one")
    return tmp_path


def git(folder, *words):
    who = ["-c", "user.name=t", "-c", "user.email=t@t", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def write(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def rows(sizes, monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["sizes.py", *words])
    assert sizes.main() == 0
    return {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}


def test_code_lines_are_counted_per_room(sizes, clone, monkeypatch, capsys):
    found = rows(sizes, monkeypatch, capsys)
    assert found["persistence/container"] == ["1", "2", "header.py", "2"]
    assert found["crates/trueno"] == ["1", "1", "lib.rs", "1"]
    assert found["all"] == ["2", "3", "+0", "-0"]


def test_branch_shows_what_it_adds_and_removes(sizes, clone, monkeypatch, capsys):
    git(clone, "checkout", "-q", "-b", "change")
    write(clone, HEADER, "x = 1\ny = 3\n")
    git(clone, "commit", "-q", "-am", "two")
    write(clone, "src/sovereign/shell/text.py", "a = 1\nb = 2\n")
    found = rows(sizes, monkeypatch, capsys)
    assert found["persistence/container"] == ["1", "2", "header.py", "2", "+1", "-3"]
    assert found["shell"] == ["1", "2", "text.py", "2", "+2", "-0"]
    assert found["all"][-2:] == ["+3", "-3"]


def test_another_base_is_taken_when_it_is_named(sizes, clone, monkeypatch, capsys):
    write(clone, HEADER, "x = 1\n")
    git(clone, "commit", "-q", "-am", "two")
    assert rows(sizes, monkeypatch, capsys)["all"][-2:] == ["+0", "-0"]
    assert rows(sizes, monkeypatch, capsys, "--base", "HEAD~1")["all"][-2:] == ["+0", "-3"]
