"""The examples in Ruchy print what stands beside them, in both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

import ruchy_engines

pytestmark = pytest.mark.timeout(300)

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "ruchy"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ruchy"))


def program(name: str) -> tuple[str, str]:
    path = FOLDER / f"{name}.ruchy"
    return str(path), path.read_text(encoding="utf-8")


def test_the_examples_are_those_that_the_folder_speaks_of():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert sorted(row.removesuffix(".ruchy") for row in rows) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_example_prints_what_stands_beside_it(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = ruchy_engines.first_engine(*program(name))
    wanted = (FOLDER / f"{name}.stdout").read_text(encoding="utf-8")
    assert told == ruchy_engines.Told(wanted, 0, "")


def test_compiled_examples_print_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    verdicts = dict(zip(NAMES, ruchy_engines.judge([program(name) for name in NAMES], tmp_path), strict=True))
    for name, verdict in verdicts.items():
        assert verdict.outcome == "same", f"{name}: {verdict.detail}"
