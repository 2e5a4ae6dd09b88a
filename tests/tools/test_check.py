"""The runner of the checkers: a checker that fails, or cannot start, fails the whole."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(name="check")
def _check(monkeypatch):
    spec = importlib.util.spec_from_file_location("check", ROOT / "tools" / "check.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    monkeypatch.setitem(sys.modules, "check", module)
    spec.loader.exec_module(module)
    return module


def run(check, monkeypatch, checkers, *words):
    monkeypatch.setattr(check, "CHECKERS", checkers)
    monkeypatch.setattr(sys, "argv", ["check.py", *words])
    return check.main()


def test_all_hold(check, monkeypatch, capsys):
    assert run(check, monkeypatch, {"a": ["true"], "b": ["true"]}) == 0
    assert "2 of 2 checks hold" in capsys.readouterr().out


def test_one_failure_fails_the_whole_and_shows_its_output(check, monkeypatch, capsys):
    failing = ["sh", "-c", "echo what went wrong; exit 3"]
    assert run(check, monkeypatch, {"a": ["true"], "b": failing}) == 1
    shown = capsys.readouterr().out
    assert "FAILED b" in shown
    assert "what went wrong" in shown
    assert "1 of 2 checks hold" in shown


def test_checker_that_cannot_start_has_failed(check, monkeypatch, capsys):
    assert run(check, monkeypatch, {"a": ["no-such-program-anywhere"]}) == 1
    assert "No such file" in capsys.readouterr().out


def test_only_runs_what_was_named(check, monkeypatch, capsys):
    assert run(check, monkeypatch, {"a": ["false"], "b": ["true"]}, "--only", "b") == 0
    assert "1 of 1 checks hold" in capsys.readouterr().out
