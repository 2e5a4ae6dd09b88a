"""Programs in Python and in Rust that do the same, and pairs of which one does something else, recorded."""

from __future__ import annotations

import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sovereign.observability.renacer.comparing import Answer, compare
from sovereign.observability.renacer.recording import record

pytestmark = [pytest.mark.requires("ptrace", "rust"), pytest.mark.timeout(120)]

CORPUS = Path(__file__).resolve().parents[3] / "corpus" / "traced"
PAIRS = [each.__name__ for each in runpy.run_path(str(CORPUS / "pairs.py"))["PAIRS"]]
PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else "python3"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("pairs") / "pairs"
    subprocess.run(["rustc", "--edition=2021", "-o", built, CORPUS / "pairs.rs"], check=True, timeout=100)
    return built


def recorded(command: list[str], folder: Path) -> list[dict[str, Any]]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "in.txt").write_text("a\nb\n", encoding="utf-8")
    (folder / "lock").write_text("", encoding="utf-8")
    with (folder / "in.txt").open("rb") as stdin, Path("/dev/null").open("wb") as sink:
        return list(record(command, folder=folder, stdin=stdin, stdout=sink, stderr=sink))


def test_there_are_at_least_thirty_pairs() -> None:
    assert len(PAIRS) >= 30


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_that_does_the_same_is_equal_and_a_changed_one_is_not(pair: str, program: Path, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    python = recorded([PYTHON, str(CORPUS / "pairs.py"), pair], folder)
    same, other = (recorded([str(program), pair, *changed], folder) for changed in ((), ("other",)))
    assert compare(python, same).sentence == "equal"
    assert compare(python, other).answer is Answer.DIFFERS
