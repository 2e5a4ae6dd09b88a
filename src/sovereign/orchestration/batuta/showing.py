"""The demo as it runs, for a person: on a terminal the time going by, and a line when a step ends.

Enters: a console. Leaves: text. Into a pipe and in CI each step is one line when it has ended; a narrow terminal gets
the text of a step below its name. Colour says nothing that the words do not say. Read `demo.py` first.
"""

from __future__ import annotations

import textwrap
import time
from typing import TYPE_CHECKING, cast

from sovereign.orchestration.batuta.demo import STEPS, DemoDocument, StepDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.orchestration.batuta.measuring import MeasuredDocument
    from sovereign.shell.console import Console
    from sovereign.shell.progress import Progress

__all__ = ["STATES", "Steps"]

STATES = {"done": "green", "missing": "yellow", "failed": "bold red", "kept": "cyan"}
_NARROW = 72


class Steps:
    """Shows the steps of one run."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._started = time.monotonic()
        self._progress: Progress | None = None
        self._title = ""

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._started

    def began(self, place: int, title: str) -> None:
        """A step begins."""
        self._title = f"{place}/{len(STEPS)} {title}"
        self._draw(self._title)

    def doing(self, what: str) -> None:
        """What the step does now."""
        self._draw(f"{self._title}: {what}")

    def _draw(self, text: str) -> None:
        self.close()
        self._progress = self.console.progress(text)
        self._progress.__enter__()

    def close(self) -> None:
        """Take the line away that shows the time going by."""
        if self._progress is not None:
            self._progress.__exit__(None, None, None)
            self._progress = None

    def ended(self, step: StepDocument) -> None:
        """A step has ended."""
        self.close()
        state = "kept" if step["is_kept"] and step["state"] == "done" else step["state"]
        head = f"{step['step']:<10} {state:<8}{step['seconds']:>7.1f} s"
        text = step["text"].splitlines()[0] if step["text"] else ""
        if self.console.width < _NARROW:
            self.console.write(f"{head}\n{self._wrapped('  ', text)}")
        else:
            self.console.write(f"{head}{self._wrapped(' ' * (len(head) + 2), text)[len(head) :]}")
        if self.console.out is not None and not (self.console.json or self.console.quiet):
            self.console.out.flush()

    def _wrapped(self, indent: str, text: str) -> str:
        """Text in lines of the terminal, each behind the indent; one line where nobody has a width."""
        has_width = "COLUMNS" in self.console.environment or (
            self.console.out is not None and self.console.out.isatty()
        )
        if not has_width:
            return f"{indent}{text}"
        return textwrap.fill(
            text, self.console.width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
        )

    def summary(self, found: DemoDocument, bars: Sequence[tuple[str, str, str, bool]]) -> None:
        """The numbers of the whole run."""
        from sovereign.orchestration.batuta.measuring import COLUMNS, rows

        measured = cast("MeasuredDocument", found["found"]["invoke"])
        self.console.write("")
        self.console.table(COLUMNS, rows(measured), right=COLUMNS[1:])
        self.console.table(
            ["expected", "at", "found", "holds"],
            [[what, wanted, got, "yes" if holds else "no"] for what, wanted, got, holds in bars],
            right=["at", "found"],
            styles={"yes": "green", "no": "bold red"},
        )
        self.console.write(f"report: {found['report']}, {found['seconds']:.1f} s in all")
