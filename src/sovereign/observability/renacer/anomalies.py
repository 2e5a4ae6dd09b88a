"""Calls that took longer than calls like them do.

Enters: calls in their order. Leaves: an `Anomaly` for each that stands out, with how far. A window of the last calls of
one kind gives what is usual, by its median, which a few slow ones do not move. A call stands out when it is late twice:
by a factor that its window and the tail of all kinds together make unlikely, and by more than the pauses that a busy
machine puts into anybody's calls, which are learned as well. Read `commands_judge.py` next.

Three deviations are what one call in ten thousand or fewer reaches by itself; then the severities of the specification
follow: low from 3, medium above 4, high above 5.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError
from sovereign.observability.renacer.events import Call

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sovereign.observability.renacer.events import Event

__all__ = ["THRESHOLD", "WINDOW", "Anomaly", "Detector", "Severity", "anomalies", "kind_of"]

WINDOW = 100
THRESHOLD = 3.0
_FEWEST = 10
"""So many calls of a kind tell what is usual."""
_FEWEST_TOGETHER = 200
_FIRST_SPREAD = 1.0
_LEAST_SPREAD = 0.25
_NORMAL = 1.4826
_RARE = 1e-5
_SHARE = 0.05
_STEP = 0.02
_STEPS = 1200
_REFRESH = 8
_SELDOM = 0.005
_PAUSES = 10
_LEAST_PAUSE_US = 5e3
_FIRST_PAUSE_US = 2e4

_WAITING = frozenset(
    """futex futex_waitv wait4 waitid poll ppoll select pselect6 epoll_wait epoll_pwait epoll_pwait2 nanosleep
    clock_nanosleep pause rt_sigsuspend rt_sigtimedwait accept accept4 connect vfork flock io_getevents
    restart_syscall msgrcv semop semtimedop mq_timedreceive execve execveat exit exit_group""".split()
)
"""Calls that last as long as somebody else likes."""
_STREAMS = frozenset("read readv recvfrom recvmsg write writev sendto sendmsg splice".split())


class Severity(StrEnum):
    """How odd a call is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @classmethod
    def of(cls, deviations: float) -> Severity:
        """By how many deviations it stands out.

        >>> Severity.of(3.5), Severity.of(4.5), Severity.of(9)
        (<Severity.LOW: 'low'>, <Severity.MEDIUM: 'medium'>, <Severity.HIGH: 'high'>)
        """
        medium, high = 4.0, 5.0
        return cls.HIGH if deviations > high else cls.MEDIUM if deviations > medium else cls.LOW


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One call that stands out."""

    place: int
    """Which call of the trace it is, from 0 on."""
    kind: str
    duration_us: float
    usual_us: float
    deviations: float
    call: Call | None = None

    @property
    def severity(self) -> Severity:
        """How odd it is."""
        return Severity.of(self.deviations)

    def to_json(self) -> dict[str, object]:
        """It as data."""
        found: dict[str, object] = {
            "place": self.place,
            "kind": self.kind,
            "severity": str(self.severity),
            "duration_us": round(self.duration_us, 3),
            "usual_us": round(self.usual_us, 3),
            "deviations": round(self.deviations, 2),
        }
        if self.call is not None:
            frame = self.call.python
            found |= {"pid": self.call.pid, "tid": self.call.tid, "start": self.call.start}
            found["python"] = None if frame is None else {**frame._asdict()}
        return found


@dataclass(slots=True)
class _Window:
    """The last logarithms of one kind, in the order of time and in that of size."""

    size: int
    recent: deque[float] = field(default_factory=deque)
    ordered: list[float] = field(default_factory=list)
    middle: float = 0.0
    spread: float = 0.0
    age: int = 0

    def add(self, value: float) -> None:
        if len(self.recent) == self.size:
            del self.ordered[bisect_left(self.ordered, self.recent.popleft())]
        self.recent.append(value)
        insort(self.ordered, value)
        if self.age % _REFRESH == 0 or len(self.ordered) < 2 * _FEWEST:
            self.middle = _middle(self.ordered)
            self.spread = _NORMAL * _middle(sorted(abs(each - self.middle) for each in self.ordered))
        self.age += 1


def _middle(ordered: list[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


class _Histogram:
    """How values are spread, kept in steps, for as many values as there are."""

    def __init__(self) -> None:
        self.counts = [0] * (_STEPS + 1)
        self.total = 0

    def add(self, value: float) -> None:
        self.counts[min(max(int(value / _STEP), 0), _STEPS)] += 1
        self.total += 1

    def reached_by(self, share: float) -> float:
        """The value that so large a share reaches or goes beyond."""
        left = share * self.total
        for step in range(_STEPS, -1, -1):
            left -= self.counts[step]
            if left <= 0:
                return step * _STEP
        return 0.0


class _Machine:
    """What all kinds of calls have in common: how far they reach above what is usual."""

    def __init__(self) -> None:
        self.factors = _Histogram()
        self.delays = _Histogram()
        self.spread = _FIRST_SPREAD
        self.pause_us = _FIRST_PAUSE_US
        """What an interruption by others takes, at most, but for one call in ten thousand."""
        self.age = 0

    def add(self, above: float, delay_us: float) -> None:
        self.factors.add(above)
        self.delays.add(math.log1p(max(delay_us, 0.0)))
        if self.factors.total >= _FEWEST_TOGETHER and self.factors.total >= self.age * 1.05:
            self.age = self.factors.total
            self.spread = self._fitted()
            self.pause_us = max(_LEAST_PAUSE_US, _PAUSES * math.expm1(self.delays.reached_by(_SELDOM)))

    def _fitted(self) -> float:
        """A third of the reach of one call in a hundred thousand, if the tail goes on as its middle does."""
        start = self.factors.reached_by(_SHARE)
        # Half of what lies beyond is beyond this; outliers that somebody put in do not move it far.
        scale = max(self.factors.reached_by(_SHARE / 2) - start, _STEP) / math.log(2)
        return (start + scale * math.log(_SHARE / _RARE)) / THRESHOLD


class Detector:
    """Judges calls one after the other, by those that came before."""

    def __init__(self, *, window: int = WINDOW, threshold: float = THRESHOLD) -> None:
        if window < _FEWEST or not threshold > 0:
            text = f"a window holds at least {_FEWEST} calls, and a threshold is above 0"
            raise ParameterError("renacer.window", text, name="window", value=[window, threshold], allowed=[_FEWEST])
        self.size = window
        self.threshold = threshold
        self._windows: dict[str, _Window] = {}
        self._machine = _Machine()
        self._place = -1

    def check(self, kind: str, duration_us: float, call: Call | None = None) -> Anomaly | None:
        """Judge one call, and learn from it."""
        self._place += 1
        value = math.log(max(duration_us, 0.1))
        window = self._windows.setdefault(kind, _Window(self.size))
        found = None
        if len(window.ordered) >= _FEWEST:
            usual_us = math.exp(window.middle)
            above, delay_us = value - window.middle, duration_us - usual_us
            deviations = min(above / self._spread(window), THRESHOLD * delay_us / self._machine.pause_us)
            self._machine.add(above, delay_us)
            if deviations >= self.threshold:
                found = Anomaly(self._place, kind, duration_us, usual_us, deviations, call)
        window.add(value)
        return found

    def _spread(self, window: _Window) -> float:
        return max(window.spread, self._machine.spread, _LEAST_SPREAD)

    def duration_at(self, kind: str, deviations: float) -> float:
        """The microseconds with which a call of a kind stands out by so many deviations now."""
        window = self._windows[kind]
        usual_us = math.exp(window.middle)
        pause_us = deviations / THRESHOLD * self._machine.pause_us
        return max(usual_us * math.exp(deviations * self._spread(window)), usual_us + pause_us)


def kind_of(call: Call) -> str | None:
    """What a call is judged among: its name, for reads and writes also what they go to; none when it waits."""
    if call.name in _WAITING or call.is_unfinished:
        return None
    if call.name in _STREAMS:
        thing = _thing(call.arg(0))
        return None if thing is None else f"{call.name} {thing}"
    return call.name


def _thing(value: Any) -> str | None:
    told = value.get("is") if isinstance(value, dict) else None
    if not isinstance(told, str) or not told.startswith("/"):
        return None  # a pipe, a socket, a terminal: whoever is at the other end says how long it takes
    return "device" if told.startswith("/dev/") else "file"


def anomalies(events: Iterable[Event], *, window: int = WINDOW, threshold: float = THRESHOLD) -> Iterator[Anomaly]:
    """The calls of a trace that took longer than calls like them do, in their order.

    Errors    ParameterError renacer.window   when the window is too small or the threshold not above 0.
    """
    detector = Detector(window=window, threshold=threshold)
    for event in events:
        if isinstance(event, Call):
            kind = kind_of(event)
            if kind is not None:
                found = detector.check(kind, event.duration_us, event)
                if found is not None:
                    yield found
