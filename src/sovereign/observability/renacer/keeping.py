"""Recording a command as golden files need it: over and over, each time from the same start.

Enters: a command and how it is to be run. Leaves: normal forms, and how long the runs took. Nothing of the program's
output is shown. With a folder to start from, each run gets a fresh copy of it. Read `commands_golden.py` next.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovereign.errors import NotFound
from sovereign.observability.renacer.effects import form_of, portable
from sovereign.observability.renacer.events import events_of
from sovereign.observability.renacer.golden import FEWEST, learn, require_whole
from sovereign.observability.renacer.recording import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sovereign.observability.renacer.effects import Form
    from sovereign.observability.renacer.golden import Golden

__all__ = ["KEPT_VARIABLES", "Order", "keep", "recorded"]

KEPT_VARIABLES = (
    "LANG", "LC_ALL", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONUNBUFFERED", "PYTHONUTF8", "TZ",
)  # fmt: skip
"""What of the environment changes behaviour and stands in golden files; a check runs with the same values."""


@dataclass(frozen=True, slots=True)
class Order:
    """A command, and how it is run."""

    command: tuple[str, ...]
    stdin: str | None = None
    start: str | None = None
    """A folder that each run begins with a copy of; the working folder as it is when left out."""
    environment: Mapping[str, str] = field(default_factory=dict)
    is_portable: bool = False
    """Whether only what holds on every machine is kept."""

    @classmethod
    def of(
        cls,
        command: Sequence[str],
        *,
        stdin: str | None = None,
        start: str | None = None,
        variables: Mapping[str, str] | None = None,
        is_portable: bool = False,
    ) -> Order:
        """An order with what of this process's environment is kept, and variables of its own."""
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        return cls(tuple(command), stdin, start, {"PYTHONHASHSEED": "0", **kept, **(variables or {})}, is_portable)

    @classmethod
    def of_golden(cls, golden: Golden, beside: Path) -> Order:
        """The order that a golden file was recorded by; its paths start from where the file lies."""
        settings = golden.settings
        paths = [settings.get(name) for name in ("stdin", "from")]
        stdin, start = (str(beside / each) if isinstance(each, str) else None for each in paths)
        told = golden.head["environment"]
        kept = {str(name): str(value) for name, value in told.items()} if isinstance(told, dict) else {}
        return cls(tuple(golden.command), stdin, start, kept, settings.get("portable") is True)

    def settings(self, beside: Path) -> dict[str, Any]:
        """What a golden file says about it; paths start from where the file lies, so that both can be moved."""
        named = (("stdin", self.stdin), ("from", self.start))
        paths = {name: os.path.relpath(path, beside) for name, path in named if path is not None}
        return {**paths, **({"portable": True} if self.is_portable else {})}


def recorded(order: Order) -> tuple[Form, float]:
    """One run: its normal form, and how many milliseconds it took under the tracer.

    Errors    NotFound shell.not_found      when what it is to be run with is not there.
              TraceError                    when it cannot be started or traced.
              FormatError renacer.empty     when it made no call.
              ParameterError renacer.recordings   when not all that it did was seen.
    """
    for path in (order.stdin, order.start):
        if path is not None and not Path(path).exists():
            message = f"there is no such file or folder: `{path}`"
            raise NotFound("shell.not_found", message, name=path, nearest=[])
    with ExitStack() as held:
        folder = held.enter_context(_folder(order.start))
        stdin = held.enter_context(Path(order.stdin or os.devnull).open("rb"))
        sink = held.enter_context(Path(os.devnull).open("wb"))
        # One of these that the file does not name was not set when it was recorded.
        others = {name: value for name, value in os.environ.items() if name not in KEPT_VARIABLES}
        environment = {**others, **order.environment}
        events = list(
            record(order.command, folder=folder, environment=environment, stdin=stdin, stdout=sink, stderr=sink)
        )
    form = form_of(events_of(events), environment=environment)
    require_whole(form)
    form = portable(form) if order.is_portable else form
    ends = [each["time"] for each in events if each["event"] == "exit"]
    starts = [each["time"] for each in events if each["event"] == "exec"]
    return form, (max(ends) - min(starts)) * 1e3 if ends and starts else 0.0


@contextmanager
def _folder(start: str | None) -> Iterator[str]:
    """A fresh copy of a folder for the length of a block, or the working folder as it is."""
    if start is None:
        yield str(Path.cwd())
        return
    with tempfile.TemporaryDirectory(prefix="golden-") as place:
        copy = Path(place, "work")
        shutil.copytree(start, copy, symlinks=True)
        yield str(copy)


def keep(order: Order, beside: Path, *, times: int = FEWEST, told: Callable[[int], object] = lambda _: None) -> Golden:
    """Record a command several times and learn what it does; `told` hears of each run.

    One run more comes first and is not counted: it fills the caches that a program keeps.

    Errors    as `recorded`, and ParameterError renacer.recordings   when there are too few runs.
    """
    if times < FEWEST:
        learn([])  # refuses, before anything is run
    recorded(order)
    runs = []
    for number in range(times):
        runs.append(recorded(order))
        told(number)
    golden = learn(
        [form for form, _ in runs],
        command=order.command,
        settings=order.settings(beside),
        environment=order.environment,
    )
    golden.head["took_ms"] = round(sorted(took for _, took in runs)[len(runs) // 2], 1)
    return golden
