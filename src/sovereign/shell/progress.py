"""Progress that is seen only by a person who waits.

Enters: the name of the work and, where it is known, the number of steps. Leaves: a line on a terminal once the
work takes longer than a second, with the time that has gone by, removed when it ends; silence everywhere else.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as Drawing

__all__ = ["PATIENCE_S", "Progress"]

PATIENCE_S = 1.0
"""How long a person waits before wondering, in seconds."""


class Progress:
    """A context manager; call `advance` after each step. It draws from a timer, so a long first step shows too."""

    def __init__(
        self,
        what: str,
        *,
        stream: TextIO | None,
        shown: bool,
        steps: int | None = None,
        colour: bool = False,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.what = what
        self.stream = stream
        self.shown = shown
        self.steps = steps
        self.colour = colour
        self.patience_s = patience_s
        self._started = time.monotonic()
        self._done = 0
        self._lock = threading.Lock()
        self._ended = False
        self._timer: threading.Timer | None = None
        self._drawing: Drawing | None = None

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        if self.shown:
            self._timer = threading.Timer(self.patience_s, self._begin)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._drawing:
                self._drawing.stop()

    def advance(self) -> None:
        """Say that one more step is done."""
        with self._lock:
            self._done += 1
            if self._drawing:
                self._drawing.update(self._drawing.task_ids[0], completed=self._done)

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        counted = (BarColumn(bar_width=20), MofNCompleteColumn()) if self.steps else ()
        console = Console(file=self.stream, no_color=not self.colour)
        with self._lock:
            if self._ended:
                return
            self._drawing = Progress(
                TextColumn("{task.description}", markup=False),
                *counted,
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )
            self._drawing.add_task(self.what, total=self.steps, completed=self._done)
            self._drawing.tasks[0].start_time = self._started  # not when it was first drawn
            self._drawing.start()
