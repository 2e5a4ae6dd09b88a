"""Code blocks of the documents: how they are read, which are run, and what their output must be.

The rule, in this one place:

- ` ```python ` is executed; the blocks of a page share one namespace and one folder.
- ` ```console ` is executed: each line `$ command` runs in a shell with the project's programs first on the
  path, and the lines below it are what it prints. A command that does not end with status 0 has `[exit 2]`,
  with its number, as its last line.
- ` ```text ` right below `<!-- output -->` is what the Python block above it prints.
- In expected output `...` stands for anything, also for several lines.
- Every other block has a line `<!-- not run: why -->` right above it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = re.compile(
    r"^(?P<indent> *)(?:<!-- (?P<mark>(?:(?!-->).)+?) -->\n\s*)?```(?P<language>\S*)[^\n]*\n(?P<body>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
NOT_RUN = re.compile(r"not run: \S.*")
STATUS = re.compile(r"^\[exit (\d+)\]$")
BIN = Path(sys.executable).parent
PATIENCE_S = 180


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the comment above it, its text, and where it begins."""

    language: str
    mark: str | None
    body: str
    line: int

    @property
    def is_run(self) -> bool:
        """Whether the block is executed, or compared with what an executed one printed."""
        if self.language == "text":
            return self.mark == "output"
        return self.language in {"python", "console"} and self.mark is None

    @property
    def is_excused(self) -> bool:
        """Whether the block says why it is not run."""
        return bool(self.mark and NOT_RUN.fullmatch(self.mark))


@dataclass(frozen=True)
class Mismatch:
    """What was expected at a line of a page, and what came instead."""

    line: int
    expected: str
    got: str

    def __str__(self) -> str:
        return f"line {self.line}\n--- expected\n{self.expected}\n--- got\n{self.got}"


def blocks(source: str) -> list[Block]:
    """The fenced blocks of a page in their order."""
    found = []
    for match in BLOCK.finditer(source):
        body = "".join(line.removeprefix(match["indent"]) for line in match["body"].splitlines(keepends=True))
        found.append(Block(match["language"], match["mark"], body, source.count("\n", 0, match.start()) + 1))
    return found


def unmarked(source: str) -> list[str]:
    """The blocks that are neither run nor say why not."""
    found = blocks(source)
    fences = len(re.findall(r"^ *```", source, re.MULTILINE))
    lost = [] if fences == 2 * len(found) else ["a fence is not closed"]
    return lost + [f"line {b.line}: `{b.language}`" for b in found if not (b.is_run or b.is_excused)]


def run(source: str, folder: Path) -> list[Mismatch]:
    """Execute a page in `folder` and return what differs from what the page says."""
    found: list[Mismatch] = []
    namespace: dict[str, object] = {"__name__": "page"}
    printed = ""
    for block in blocks(source):
        if block.is_run and block.language == "python":
            printed = _python(block, namespace, folder)
        elif block.is_run and block.language == "text":
            found += _compare(block.line, block.body, printed)
        elif block.is_run:
            for line, command, expected in _commands(block):
                found += _compare(line, expected, _console(command, folder))
    return found


def _python(block: Block, namespace: dict[str, object], folder: Path) -> str:
    printed = io.StringIO()
    code = compile("\n" * block.line + block.body, "page", "exec")
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        exec(code, namespace)  # noqa: S102 - the documents are ours, and running them is the point
    return printed.getvalue()


def _commands(block: Block) -> Iterator[tuple[int, str, str]]:
    """Line, command and expected output of each `$` line; text above the first one is an error of the page."""
    pieces = re.split(r"^\$ ", block.body, flags=re.MULTILINE)
    if pieces[0].strip() or len(pieces) == 1:
        yield block.line, "false", pieces[0]
    line = block.line + 1
    for piece in pieces[1:]:
        command, _, expected = piece.partition("\n")
        yield line, command, expected
        line += piece.count("\n")


def _console(command: str, folder: Path) -> str:
    # Where coverage is measured, Python reads and writes files of its own.
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS_")}
    environment = {**own, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "100"}
    finished = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    ending = f"[exit {finished.returncode}]\n" if finished.returncode else ""
    return finished.stdout + ending


def _compare(line: int, expected: str, got: str) -> list[Mismatch]:
    same = fits(expected, got) and _status(expected) == _status(got)
    return [] if same else [Mismatch(line, expected.rstrip(), got.rstrip())]


def _status(output: str) -> str:
    """The status that the last line states: `...` may stand for text, never for a failure."""
    stated = STATUS.match(output.rstrip().rpartition("\n")[2])
    return stated[1] if stated else "0"


def fits(expected: str, got: str) -> bool:
    """Whether `got` is `expected` up to blanks at line ends, with `...` for anything."""
    wanted = ".*?".join(re.escape(_trim(piece)) for piece in _trim(expected).split("..."))
    return re.fullmatch(wanted, _trim(got), re.DOTALL) is not None


def _trim(output: str) -> str:
    return re.sub(r"[ \t]+$", "", output, flags=re.MULTILINE).rstrip("\n")
