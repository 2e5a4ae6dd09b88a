"""What the exports share: events with exact times, and the tasks that they belong to.

Enters: lines of JSON, or events. Leaves: events whose times are exact, nanoseconds as whole numbers, names of tasks. A
time since 1970 has more digits than a float keeps, so `parsed` reads numbers with a point as decimals.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Event", "Export", "Tasks", "nanoseconds", "parsed"]

Number = int | float | Decimal
Event = dict[str, Any]
_BILLION = 1_000_000_000


class Export(Protocol):
    """A format that takes events as they come; what it gives back goes to the file at once."""

    def take(self, event: Event) -> bytes:
        """What the format writes for an event."""
        ...

    def end(self) -> bytes:
        """What it writes after the last one."""
        ...


def parsed(lines: bytes) -> Iterator[Event]:
    """The events of JSON lines, with times as exact as they were written.

    >>> [event["start"] for event in parsed(b'{"start":1795806888.363663996}')]
    [Decimal('1795806888.363663996')]
    """
    for line in lines.splitlines():
        event: Event = json.loads(line, parse_float=Decimal)
        yield event


def nanoseconds(number: Number, unit: int = _BILLION) -> int:
    """A number of seconds (or, with a `unit` of 1000, of microseconds) in nanoseconds, rounded.

    >>> nanoseconds(Decimal("1795806888.363663996")), nanoseconds(1.5), nanoseconds(Decimal("18.444"), 1000)
    (1795806888363663996, 1500000000, 18444)
    """
    return round(number * unit)


class Tasks:
    """The threads of a trace, each with the name of its program and who made it."""

    def __init__(self) -> None:
        self._programs: dict[int, str] = {}
        self._leaders: dict[int, int] = {}

    def see(self, event: Event) -> None:
        """Learn from an event."""
        tid = event.get("tid")
        if tid is None:
            return
        self._leaders[tid] = event["pid"]
        if event["event"] == "exec":
            self._programs[event["pid"]] = event["program"]
        elif event["event"] == "process":
            inherited = self._programs.get(self._leaders.get(event.get("parent") or 0, 0), "")
            self._programs.setdefault(event["pid"], event.get("program") or inherited)

    def name(self, event: Event) -> str:
        """The last part of the program's path, or the number of its process."""
        program = self._programs.get(event["pid"], "")
        return str(program).rsplit("/", 1)[-1] or f"process {event['pid']}"
