"""What can be measured of a run: its time, its calls, its memory, its processes.

Enters: the events of one trace. Leaves: numbers by name, each computed when it is asked for; `Unmeasured` says why one
is not known. Read `assertions.py` next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer.events import Call, End, Exit, Signal, Start
from sovereign.observability.renacer.waits import CriticalPath, critical_path, timelines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sovereign.observability.renacer.events import Event
    from sovereign.observability.renacer.waits import Timeline

__all__ = ["DEVICES", "Measures", "Unmeasured"]

DEVICES = re.compile(r"/dev/(?:nvidia|kfd|dri/|accel)")
"""Accelerators, by the paths of their devices."""

_READS = frozenset("read readv pread64 preadv preadv2 recvfrom recvmsg".split())
_WRITES = frozenset("write writev pwrite64 pwritev pwritev2 sendto sendmsg".split())
_PAGE = 4096


class Unmeasured(Exception):  # noqa: N818 - it says why, and nothing went wrong
    """The trace does not hold what was asked for."""


@dataclass(slots=True)
class _Memory:
    """The memory that one process asked for: mapped ranges, and the heap."""

    ranges: list[tuple[int, int]] = field(default_factory=list)
    first_break: int = 0
    last_break: int = 0
    most: int = 0

    def add(self, start: int, length: int) -> None:
        end = start + _pages(length)
        self.remove(start, length)
        self.ranges.append((start, end))
        self.note()

    def remove(self, start: int, length: int) -> None:
        end = start + _pages(length)
        left: list[tuple[int, int]] = []
        for low, high in self.ranges:
            left += [(a, b) for a, b in ((low, min(high, start)), (max(low, end), high)) if a < b]
        self.ranges = left

    def move_break(self, to: int) -> None:
        self.first_break = self.first_break or to
        self.last_break = to
        self.note()

    def note(self) -> None:
        held = sum(high - low for low, high in self.ranges) + max(self.last_break - self.first_break, 0)
        self.most = max(self.most, held)


def _pages(length: int) -> int:
    return -(-length // _PAGE) * _PAGE


class Measures:
    """The numbers of one trace."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self.calls = [event for event in events if isinstance(event, Call)]
        self.start = next(event for event in events if isinstance(event, Start))
        self.end = next(event for event in events if isinstance(event, End))

    def require_all(self) -> None:
        """See that the trace holds every call.

        Errors    Unmeasured   when events were lost, or calls were left out.
        """
        if self.end.lost:
            message = f"the tracer lost {self.end.lost} events"
            raise Unmeasured(message)
        if self.start.options.get("filter"):
            message = "only some calls were traced"
            raise Unmeasured(message)
        if not self.calls:
            message = "the trace holds no call"
            raise Unmeasured(message)

    @cached_property
    def tasks(self) -> list[Timeline]:
        """Every task with its calls."""
        return timelines(self.events)

    @cached_property
    def path(self) -> CriticalPath:
        """The critical path.

        Errors    Unmeasured   when the end of the command was not seen.
        """
        self.require_all()
        if not self.tasks or not self.tasks[0].is_ended:
            message = "the end of the command was not seen"
            raise Unmeasured(message)
        return critical_path(self.tasks)

    @property
    def max_rss(self) -> int:
        """The most memory that one process held at one time, as the kernel counted it.

        Errors    Unmeasured   when no process ended in the trace.
        """
        found = [event.max_rss for event in self.events if isinstance(event, Exit) and event.max_rss is not None]
        if not found:
            message = "no process told its memory at its end"
            raise Unmeasured(message)
        return max(found)

    @cached_property
    def allocations(self) -> int:
        """The most bytes that one process had asked for at one time, by mapping pages of its own and by its heap."""
        self.require_all()
        by_pid: dict[int, _Memory] = {}
        for call in self.calls:
            if call.errno is None and call.result is not None:
                _allocate(by_pid.setdefault(call.pid, _Memory()), call)
        return max((each.most for each in by_pid.values()), default=0)

    @property
    def names(self) -> Mapping[str, Callable[[], float]]:
        """Everything that an expression can ask for."""
        return {
            "calls": lambda: float(len(self.calls)),
            "errors": lambda: float(sum(call.errno is not None for call in self.calls)),
            "duration_ms": lambda: (self.tasks[0].end - self.tasks[0].begin) * 1e3,
            "critical_path_ms": lambda: self.path.duration_s * 1e3,
            "calls_ms": lambda: sum(call.duration_us for call in self.calls) / 1e3,
            "max_rss": lambda: float(self.max_rss),
            "allocations": lambda: float(self.allocations),
            "processes": lambda: float(len({task.pid for task in self.tasks})),
            "threads": lambda: float(len(self.tasks)),
            "signals": lambda: float(sum(isinstance(event, Signal) for event in self.events)),
            "bytes_read": lambda: self._bytes(_READS),
            "bytes_written": lambda: self._bytes(_WRITES),
            "exit_status": self._status,
        }

    @property
    def functions(self) -> Mapping[str, Callable[[str], float]]:
        """What an expression can ask about one call."""
        return {
            "count": lambda name: float(len(self._named(name))),
            "errors_of": lambda name: float(sum(call.errno is not None for call in self._named(name))),
            "time_ms": lambda name: sum(call.duration_us for call in self._named(name)) / 1e3,
            "max_ms": lambda name: max((call.duration_us for call in self._named(name)), default=0.0) / 1e3,
        }

    def _named(self, name: str) -> list[Call]:
        return [call for call in self.calls if call.name == name]

    def _bytes(self, names: frozenset[str]) -> float:
        return float(sum(call.result or 0 for call in self.calls if call.name in names and call.errno is None))

    def _status(self) -> float:
        if self.end.status is None:
            message = "the command ended by a signal"
            raise Unmeasured(message)
        return float(self.end.status)


def _allocate(memory: _Memory, call: Call) -> None:
    assert call.result is not None
    if call.name == "mmap" and "MAP_ANONYMOUS" in _words(call.arg(3)) and "PROT_WRITE" in _words(call.arg(2)):
        memory.add(call.result, _whole(call.arg(1)))
    elif call.name == "munmap":
        memory.remove(_whole(call.arg(0)), _whole(call.arg(1)))
    elif call.name == "mremap":
        memory.remove(_whole(call.arg(0)), _whole(call.arg(1)))
        memory.add(call.result, _whole(call.arg(2)))
    elif call.name == "brk":
        memory.move_break(call.result)


def _words(value: Any) -> Any:
    return value if isinstance(value, list | str) else []


def _whole(value: Any) -> int:
    if isinstance(value, int):
        return value
    try:
        return int(value, 16) if isinstance(value, str) else 0
    except ValueError:
        return 0
