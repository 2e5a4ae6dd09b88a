"""Many small programs compiled as few large ones, for those who run thousands: tests, corpora.

Enters: jobs of `build.py`. Leaves: an answer per job. Most of the time of a small program goes to starting rustc, to
reading the support library and to linking; so programs that are linked with that library become modules of one, which
begins the one by whose name it is called. A program that rustc refuses is taken out, and the others are tried again.
Read `build.py` next.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.diagnostic import Diagnostic, Span
from sovereign.errors import SourceError, SovereignError
from sovereign.migration.rust import words
from sovereign.migration.rust.build import Built, Job, attempt, compile_program
from sovereign.migration.rust.findings import moved, rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["compile_together"]

# How many programs one crate holds; more take longer to come to their first error.
SIZE = 20
# A refused crate is tried so often without the programs that were refused; then each remaining one alone.
ROUNDS = 4
_BEGIN = "pub fn begin_this_program() { main() }"
# What says where a text stands in its crate cannot be moved into a module.
_FIXED = ("crate::", "mod support {", "#![no_std]", "#![no_main]", "#![feature")


def compile_together(jobs: Sequence[Job], *, workers: int | None = None) -> list[Built | SovereignError]:
    """Compile many programs; each answer stands where its job stood, an error in place of a program.

    The outputs of jobs that become one crate are links to one file; a job whose text cannot be moved, whose output has
    the name of another's, or which is trained, is compiled alone.

    Cost    about a tenth of a second for a small program, a third where it is compiled alone.
    """
    names = Counter(job.output.name for job in jobs)
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, job in enumerate(jobs):
        movable = names[job.output.name] == 1 and not job.training and not any(word in job.text for word in _FIXED)
        key = (job.profile, job.target, job.is_bare, job.externs) if movable else (number,)
        groups.setdefault(key, []).append(number)
    crates = [numbers[at : at + SIZE] for numbers in groups.values() for at in range(0, len(numbers), SIZE)]
    answers: dict[int, Built | SovereignError] = {}
    with ThreadPoolExecutor(max_workers=workers or os.cpu_count() or 1) as pool:
        made = pool.map(_crate, [[jobs[number] for number in numbers] for numbers in crates])
        for numbers, found in zip(crates, made, strict=True):
            answers.update(zip(numbers, found, strict=True))
    return [answers[number] for number in range(len(jobs))]


@dataclass(frozen=True, slots=True)
class _Part:
    """A program inside a crate: its job, and before which line of the crate its text begins."""

    job: Job
    offset: int

    @property
    def lines(self) -> range:
        return range(self.offset + 1, self.offset + self.job.text.count("\n") + 3)


def _crate(jobs: list[Job]) -> list[Built | SovereignError]:
    answers: dict[Path, Built | SovereignError] = {}
    left = jobs
    for _ in range(ROUNDS):
        if len(left) < 2:  # noqa: PLR2004 - one alone is no crate of many
            break
        refusals = _try(left, answers)
        if not refusals:
            break
        answers.update(refusals)
        left = [job for job in left if job.output not in answers]
    return [answers[job.output] if job.output in answers else attempt(job) for job in jobs]


def _try(jobs: list[Job], answers: dict[Path, Built | SovereignError]) -> dict[Path, SovereignError]:
    """Compile the jobs as one crate and note what was built, or return which of them rustc refuses."""
    text, parts = _joined(jobs)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            whole = compile_program(replace(jobs[0], text=text, output=Path(folder, "whole"), uses_cache=False))
        except SourceError as error:
            return _refusals(error, parts)
        except SovereignError:
            return {}
        seconds = (time.monotonic() - started) / len(jobs)
        first = jobs[0].output
        shutil.copy2(whole.path, first)
        for job in jobs:
            if job.output != first:
                job.output.unlink(missing_ok=True)
                _link(first, job.output)
            answers[job.output] = replace(whole, path=job.output, seconds=seconds)
    return {}


def _link(made: Path, output: Path) -> None:
    try:
        output.hardlink_to(made)
    except OSError:  # another file system
        shutil.copy2(made, output)


def _joined(jobs: list[Job]) -> tuple[str, list[_Part]]:
    """The text of the crate, and where each program stands in it."""
    lines = ["#![allow(warnings)]"]
    parts = []
    for number, job in enumerate(jobs):
        lines.append(f"mod program_{number} {{")
        parts.append(_Part(job, len(lines)))
        lines += [*job.text.split("\n"), _BEGIN, "}"]
    names = [words.text(job.output.name) for job in jobs]
    arms = [f"        Some({name}) => program_{number}::begin_this_program()," for number, name in enumerate(names)]
    lines += [
        "fn main() {",
        "    let path = std::env::args_os().next().unwrap_or_default();",
        "    match std::path::Path::new(&path).file_name().and_then(|name| name.to_str()) {",
        *arms,
        '        other => panic!("no program has this name: {other:?}"),',
        "    }",
        "}",
        "",
    ]
    return "\n".join(lines), parts


def _refusals(error: SourceError, parts: list[_Part]) -> dict[Path, SovereignError]:
    """The error of each program that a finding points into, its lines counted as in its own text."""
    found: dict[Path, SovereignError] = {}
    for part in parts:
        own = [
            moved(each, part.offset, part.job.origin)
            for each in error.diagnostics
            if isinstance(each, Diagnostic) and isinstance(each.span, Span) and each.span.line in part.lines
        ]
        if own:
            found[part.job.output] = rejected(own)
    return found
