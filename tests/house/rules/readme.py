"""Rules about README and CI: two commands, the same that CI runs, and no number without its command."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import yaml  # type: ignore[import-untyped]  # its stubs are not locked for one call

from house import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "ci_can_be_run",
    "ci_runs_what_readme_says",
    "ci_steps_cannot_be_passed_by",
    "numbers_name_their_command",
    "readme_shows_two_commands",
]

README = "README.md"
RUNNER = ".ci/run"
WORKFLOW = ".github/workflows/ci.yml"
TWO = 2
FENCE = re.compile(r"^ *```(.*)\n((?:.*\n)*?) *```[ \t]*$", re.MULTILINE)
SHELLS = {"sh", "bash", "shell", "console", "zsh", "fish"}
PLAIN = re.compile(r"(?:set|cd|export|trap|echo|make) ")
LENIENT = ("if", "continue-on-error")
UNIT = r"(?:ms|[uµn]s|s|[KMG]i?B|GFLOPS?|(?:x|\u00d7|times|%|percent) (?:as )?(?:fast|slow|small|large|speed)[a-z-]*)"
MEASURED = re.compile(rf"(?<![\w.`])\d[\d.,_]*\s?{UNIT}(?:/s)?(?![\w`])")
COMMAND = re.compile(r"`(?:\$ )?(?:make|batuta|python3?|cargo|hyperfine|pytest|lint-imports|\.ci/run)\b[^`]*`")


def commands(root: Path) -> list[str]:
    """The commands that README tells a newcomer to type, in order."""
    found: list[str] = []
    for info, body in FENCE.findall(tree.text(root, README)):
        if info.strip().partition(" ")[0] in SHELLS:
            lines = (line.strip().removeprefix("$ ") for line in body.splitlines())
            found += [line for line in lines if line and not line.startswith("#")]
    return found


def readme_shows_two_commands(root: Path) -> list[str]:
    """README shows exactly two commands, and both are targets of the Makefile."""
    shown = commands(root)
    targets = set(re.findall(r"^([a-z-]+):", tree.text(root, "Makefile"), re.MULTILINE))
    unknown = [command for command in shown if command.removeprefix("make ") not in targets]
    found = [f"a command of README is not a target of the Makefile: `{command}`" for command in unknown]
    if len(shown) != TWO:
        found.append(f"README should show two commands, it shows {len(shown)}: `{'; '.join(shown)}`")
    return found


def ci_runs_what_readme_says(root: Path) -> list[str]:
    """Both CI files run README's commands, and its test command comes last."""
    shown = commands(root)
    found = []
    for name, run in ((RUNNER, _runner(root)), (WORKFLOW, _workflow(root))):
        found += [f"a command of README is not run by `{name}`: `{command}`" for command in shown if command not in run]
        if shown and run[-1:] != shown[-1:]:
            found.append(f"README's test command is not the last of `{name}`: `{shown[-1]}`")
    return found


def _runner(root: Path) -> list[str]:
    lines = (line.strip() for line in tree.text(root, RUNNER).splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _workflow(root: Path) -> list[str]:
    return [line.strip() for step in _steps(root) for line in step.get("run", "").splitlines()]


def _steps(root: Path) -> list[dict[str, str]]:
    jobs = (yaml.safe_load(tree.text(root, WORKFLOW)) or {}).get("jobs", {})
    return [step for job in jobs.values() for step in job.get("steps", [])]


def ci_steps_cannot_be_passed_by(root: Path) -> list[str]:
    """`.ci/run` stops at the first failure and has only plain steps, and the workflow makes the same ones, always."""
    run = _runner(root)
    found = [f"`{RUNNER}` may hold only plain steps: `{line}`" for line in run if not PLAIN.match(line)]
    if not any(line.startswith("set -e") for line in run):
        found.append(f"a failure does not stop it: `{RUNNER}`")
    made = [line for line in _workflow(root) if line.startswith("make ")]
    if made != [line for line in run if line.startswith("make ")]:
        found.append(f"`{WORKFLOW}` makes other steps than `{RUNNER}`: `{'; '.join(made)}`")
    for step in _steps(root):
        found += [f"a step of `{WORKFLOW}` can be passed by: `{word}`" for word in LENIENT if word in step]
    return found


def ci_can_be_run(root: Path) -> list[str]:
    """`.ci/run` carries its run bit."""
    return [] if os.access(root / RUNNER, os.X_OK) else [f"it cannot be run: `{RUNNER}`"]


def numbers_name_their_command(root: Path) -> list[str]:
    """A measured number in a document stands in one paragraph, or one table, with the command that gives it."""
    return [
        f"a number stands without the command that gives it: `{number.strip()}` at `{name}:{line}`"
        for name, source in tree.select(root, ".md")
        if "/" not in name or name.startswith("docs/")
        for line, paragraph in _paragraphs(source)
        if not COMMAND.search(paragraph)
        for number in MEASURED.findall(paragraph)
    ]


def _paragraphs(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each paragraph outside code blocks; a table belongs to the paragraph above it."""
    prose = FENCE.sub(lambda fence: "\n" * fence[0].count("\n"), source)
    line, pending, started = 1, "", 1
    for piece in re.split(r"(\n\s*\n)", prose):
        if piece.strip() and not piece.lstrip().startswith("|"):
            if pending:
                yield started, pending
            pending, started = piece, line
        else:
            pending += piece
        line += piece.count("\n")
    if pending.strip():
        yield started, pending
