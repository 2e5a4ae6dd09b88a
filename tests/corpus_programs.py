"""The corpus of small Python programs, and the verdict on each: what CPython says against what its Rust says.

Enters: programs of `corpus/python/AREA/`. Leaves: one `Verdict` a program. Nothing that CPython says is kept in the
repository: it is asked each time. `unit/migration/depyler/test_corpus.py` asserts, this only finds out.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.migration.depyler import translate
from sovereign.migration.rust import Built, Job, compile_together, support_library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.errors import SovereignError

ROOT = Path(__file__).resolve().parent / "corpus" / "python"
SHARE = 3
"""One program in so many is judged where nothing asks for all."""
PATIENCE_S = 60
ENVIRONMENT = {"LANG": "C.UTF-8", "TZ": "UTC", "COLUMNS": "80", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}


@dataclass(frozen=True)
class Verdict:
    """What became of a program: "same", "wrong", "refused", "crashed" (the translator) or "rejected" (by rustc)."""

    name: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True)
class Answer:
    """What a run leaves: its output, its exit code, and the class of its error."""

    stdout: bytes
    code: int
    error: str


def areas() -> list[str]:
    """The folders of the corpus."""
    return sorted(folder.name for folder in ROOT.iterdir() if folder.is_dir())


def programs(area: str, *, whole: bool) -> list[Path]:
    """The programs of an area: all, or the same third each time."""
    found = sorted((ROOT / area).glob("*.py"))
    return found if whole else found[::SHARE]


def name_of(path: Path) -> str:
    """The name of a program: its area and its file, without the ending."""
    return f"{path.parent.name}/{path.stem}"


def judge(paths: Sequence[Path], folder: Path) -> list[Verdict]:
    """Translate, compile and run programs, and compare with CPython.

    Args:
        paths: The programs.
        folder: An empty folder for what is made.

    Returns:
        A verdict a program, in order.
    """
    found: dict[Path, Verdict] = {}
    jobs: dict[Path, Job] = {}
    for number, path in enumerate(paths):
        text = _translated(path, found)
        if text is not None:
            output = folder / f"program{number}"
            jobs[path] = Job(text, output, externs=(("support", support_library()),), uses_cache=False)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        expected = pool.map(_ask_python, jobs)
        built = compile_together(list(jobs.values()))
        answers = list(zip(jobs, expected, built, strict=True))
        found.update(zip(jobs, pool.map(lambda each: _compared(*each), answers), strict=True))
    return [found[path] for path in paths]


def _translated(path: Path, found: dict[Path, Verdict]) -> str | None:
    name = name_of(path)
    try:
        made = translate(path.read_text(encoding="utf-8"), path.name, inline=False)
    except Exception as error:  # noqa: BLE001 - a crash of the translator is a verdict
        found[path] = Verdict(name, "crashed", f"{type(error).__name__}: {error}")
        return None
    if made.refused:
        first = made.diagnostics[0]
        found[path] = Verdict(name, "refused", f"{getattr(first.span, 'line', 0)}: {first.message}")
        return None
    return made.text


def _ask_python(path: Path) -> Answer:
    return _run([sys.executable, "-I", "-W", "ignore", str(path)])


def _run(command: list[str]) -> Answer:
    finished = subprocess.run(
        command, capture_output=True, check=False, timeout=PATIENCE_S, env=ENVIRONMENT, stdin=subprocess.DEVNULL
    )
    lines = finished.stderr.decode("utf-8", "replace").strip().splitlines()
    return Answer(finished.stdout, finished.returncode, lines[-1].split(":")[0] if lines else "")


def _compared(path: Path, expected: Answer, built: Built | SovereignError) -> Verdict:
    name = name_of(path)
    if not isinstance(built, Built):
        return Verdict(name, "rejected", str(built))
    try:
        got = _run([str(built.path)])
    except subprocess.TimeoutExpired:
        return Verdict(name, "wrong", f"no end after {PATIENCE_S} s")
    if got == expected:
        return Verdict(name, "same")
    if got.stdout != expected.stdout:
        return Verdict(name, "wrong", _difference(got.stdout, expected.stdout))
    return Verdict(name, "wrong", f"ends with {got.code} {got.error!r} for {expected.code} {expected.error!r}")


def _difference(got: bytes, expected: bytes) -> str:
    """The first line that differs."""
    ours, theirs = got.split(b"\n"), expected.split(b"\n")
    for number, (a, b) in enumerate(zip(ours, theirs, strict=False)):
        if a != b:
            return f"line {number + 1}: {a.decode('utf-8', 'replace')!r} for {b.decode('utf-8', 'replace')!r}"
    return f"{len(ours)} lines for {len(theirs)}"


def known(name: str) -> dict[str, str]:
    """A list of programs with what is known of them: `AREA/NAME: what` a line, `#` before a remark."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    entries = [line.partition(": ") for line in lines if line and not line.startswith("#")]
    return {program: what for program, _, what in entries}
