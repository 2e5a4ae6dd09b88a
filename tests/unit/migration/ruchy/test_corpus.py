"""Our own programs, one for each construct: what they print, how they end, and that their layout does not matter."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from sovereign.migration.ruchy import World, formatted_text, run_file, run_text

CORPUS = Path(__file__).parents[3] / "corpus" / "ruchy"
PROGRAMS = sorted(path.stem for path in CORPUS.glob("*.ruchy"))


class Told(NamedTuple):
    """What a program is to print, and how it is to end."""

    output: str
    status: int
    message: str | None


def wanted(name: str) -> Told:
    def read(ending: str) -> str:
        path = CORPUS / f"{name}.{ending}"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    return Told(read("stdout"), int(read("exit") or 0), read("stderr").strip() or None)


def test_the_corpus_is_large_enough() -> None:
    assert len(PROGRAMS) >= 250


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_prints_and_ends_as_written_down(name: str) -> None:
    written: list[str] = []
    ending = run_file(str(CORPUS / f"{name}.ruchy"), World(written.append))
    assert Told("".join(written), ending.status, ending.message) == wanted(name)


@pytest.mark.parametrize("style", ["keep", "braces", "indent"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_program_means_the_same_after_formatting(name: str, style: str) -> None:
    text = (CORPUS / f"{name}.ruchy").read_text(encoding="utf-8")
    once = formatted_text(text, style=style)
    assert formatted_text(once, style=style) == once
    written: list[str] = []
    ending = run_text(once, World(written.append))
    assert Told("".join(written), ending.status, ending.message) == wanted(name)
