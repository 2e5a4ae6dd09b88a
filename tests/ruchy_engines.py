"""Both engines on one program: what each prints, and how it ends.

Enters: texts of Ruchy programs. Leaves: a `Verdict` for each; the native programs are compiled many in one crate, as
the batch compiler does. `unit/migration/ruchy/test_engines.py` asserts, this only finds out.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.errors import SovereignError
from sovereign.migration.ruchy import World, check_text
from sovereign.migration.ruchy.compile_rust import Compiled, compile_checked
from sovereign.migration.ruchy.running import run_checked
from sovereign.migration.ruchy.stack import on_large_stack
from sovereign.migration.rust import Job, compile_together, support_library

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PATIENCE_S = 60


@dataclass(frozen=True)
class Told:
    """What a program printed, its exit code, and its last words."""

    output: str
    status: int
    message: str


@dataclass(frozen=True)
class Verdict:
    """What became of a program: "same", "differs", "refused" (by the compiler) or "rejected" (by rustc)."""

    outcome: str
    detail: str = ""


def first_engine(path: str, text: str) -> Told:
    """What the program does in the first engine."""
    written: list[str] = []
    complained: list[str] = []

    def action() -> Told:
        ending = run_checked(check_text(path, text), World(written.append, complain=complained.append))
        last = "".join(complained) + (f"{ending.message}\n" if ending.message is not None else "")
        return Told("".join(written), ending.status, last)

    told = on_large_stack(action)
    assert isinstance(told, Told)
    return told


def compiled(path: str, text: str) -> Compiled:
    """The Rust of a program, without the support module."""
    found = on_large_stack(lambda: compile_checked(check_text(path, text), inline=False))
    assert isinstance(found, Compiled)
    return found


def second_engine(program: Path, folder: Path) -> Told:
    """What a native program does."""
    done = subprocess.run(
        [program], cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE_S, check=False
    )
    # Where it failed is no part of it here: many programs are compiled as one, so that lines are not their own.
    lines = [line for line in done.stderr.decode().splitlines(keepends=True) if not line.startswith("  --> ")]
    return Told(done.stdout.decode(), done.returncode, "".join(lines))


def judge(programs: Sequence[tuple[str, str]], folder: Path) -> list[Verdict]:
    """The verdicts on programs, each given by its path and text."""
    found = [compiled(path, text) for path, text in programs]
    library = support_library(unwinds=True)
    jobs = {
        number: Job(
            each.text, folder / f"program{number}", externs=(("support", library),), uses_cache=False, unwinds=True
        )
        for number, each in enumerate(found)
        if not each.is_refused
    }
    built = dict(zip(jobs, compile_together(list(jobs.values())), strict=True))
    return [
        Verdict("refused", each.diagnostics[0].message)
        if each.is_refused
        else _compared(programs[number], built[number], jobs[number].output, folder)
        for number, each in enumerate(found)
    ]


def _compared(program: tuple[str, str], built: object, output: Path, folder: Path) -> Verdict:
    if isinstance(built, SovereignError):
        reasons = [str(getattr(each, "message", each)) for each in getattr(built, "diagnostics", ())]
        return Verdict("rejected", "; ".join(reasons[:2]) or str(built))
    one, other = first_engine(*program), second_engine(output, folder)
    return Verdict("same") if one == other else Verdict("differs", f"{one} and {other}")
