"""The generator of the reference pages: it writes once, says what differs, and removes what is not wanted."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="docs")
def _docs(monkeypatch, tmp_path):
    spec = importlib.util.spec_from_file_location("docs_tool", ROOT / "tools" / "docs.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    monkeypatch.setitem(sys.modules, "docs_tool", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "docs" / "decisions").mkdir(parents=True)
    (tmp_path / "docs" / "decisions" / "0001-a.md").write_text("# 1. A choice\n\ntext\n")
    (tmp_path / "src" / "sovereign" / "ml" / "apr").mkdir(parents=True)
    (tmp_path / "src" / "sovereign" / "ml" / "apr" / "__init__.py").touch()
    return module


def run(docs, monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["docs.py", *words])
    status = docs.main()
    return status, capsys.readouterr().out


def test_pages_are_written_once(docs, monkeypatch, capsys, tmp_path):
    status, shown = run(docs, monkeypatch, capsys)
    assert status == 0
    assert "written: `docs/reference/commands/batuta-stack-check.md`" in shown
    assert run(docs, monkeypatch, capsys) == (0, "")
    assert run(docs, monkeypatch, capsys, "--check") == (0, "")
    errors = (tmp_path / "docs/reference/errors/index.md").read_text()
    assert "| [`shell.usage`](shell.usage.md) | `ParameterError` |" in errors
    assert "- [1. A choice](0001-a.md)" in (tmp_path / "docs/decisions/index.md").read_text()
    assert "::: sovereign.ml.apr" in (tmp_path / "docs/reference/python/sovereign.ml.apr.md").read_text()


def test_check_fails_and_writes_nothing_when_a_page_differs(docs, monkeypatch, capsys, tmp_path):
    run(docs, monkeypatch, capsys)
    page = tmp_path / "docs/reference/errors/index.md"
    page.write_text(page.read_text() + "by hand\n")
    status, shown = run(docs, monkeypatch, capsys, "--check")
    assert status == 1
    assert shown.startswith("differs: `docs/reference/errors/index.md`\n")
    assert "by hand" in page.read_text()
    run(docs, monkeypatch, capsys)
    assert "by hand" not in page.read_text()


def test_page_that_is_not_wanted_is_removed_unless_written_by_hand(docs, monkeypatch, capsys, tmp_path):
    run(docs, monkeypatch, capsys)
    folder = tmp_path / "docs/reference/commands"
    (folder / "gone.md").write_text((folder / "batuta.md").read_text())
    (folder / "mine.md").write_text("# Written by hand\n")
    assert run(docs, monkeypatch, capsys, "--check")[0] == 1
    assert run(docs, monkeypatch, capsys) == (0, "removed: `docs/reference/commands/gone.md`\n")
    assert not (folder / "gone.md").exists()
    assert (folder / "mine.md").exists()
