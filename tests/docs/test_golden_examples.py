"""The example programs do to the world what their golden files say, in Python, through `ruchy run` and at its prompt.

The mode with a build is recorded and checked by `tools/golden_traces.py`, since a build of each takes too long here.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from workdir import SCRIPTS

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import golden_traces

pytestmark = [pytest.mark.requires("ptrace"), pytest.mark.timeout(120)]


CHECKED = ("python", "run", "repl")


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where coverage is measured, Python reads and writes files of its own."""
    for name in [name for name in os.environ if name.startswith("COVERAGE_PROCESS_")]:
        monkeypatch.delenv(name)


def test_every_program_has_a_golden_file_in_every_mode() -> None:
    found = {path.name for path in golden_traces.GOLDEN.glob("*.golden")}
    assert found == {f"{program}.{mode}.golden" for program in golden_traces.PROGRAMS for mode in golden_traces.MODES}


@pytest.mark.parametrize("mode", CHECKED)
@pytest.mark.parametrize("program", golden_traces.PROGRAMS)
def test_a_program_does_what_its_golden_file_says(
    program: str, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    golden_traces.laid_out(tmp_path)
    assert [each.sentence for each in golden_traces.differing(program, mode)] == []


def test_a_program_that_does_something_else_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    golden_traces.laid_out(tmp_path)
    path = tmp_path / "file_io.py"
    path.write_text(path.read_text(encoding="utf-8").replace("os.remove(name)", "pass"), encoding="utf-8")
    found = [each.sentence for each in golden_traces.differing("file_io", "python")]
    assert any("`unlink` was done" in each for each in found)
