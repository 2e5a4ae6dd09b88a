"""The critical path: who everything waited for, from the end back to the start.

Enters: events. Leaves: a `CriticalPath`, a chain of stretches without a gap in which one task at a time was what the
end depended on. Going back from the end, a stretch lasts to the moment where its task was let go on by another: the end
of a child that was waited for, a write into a pipe that was read, a wake-up on a futex, an unlock, the making of the
task. What nothing traced ends, such as a sleep or an answer from the network, belongs to the task that waits. Read
`report.py` next.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sovereign.observability.renacer.events import Call, Exec, Exit, Process

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sovereign.observability.renacer.events import Event

__all__ = ["CriticalPath", "Stretch", "Timeline", "critical_path", "timelines"]

_READS = frozenset("read readv pread64 recvfrom recvmsg splice".split())
_WRITES = frozenset("write writev sendto sendmsg splice sendfile".split())
_WAITS = frozenset("wait4 waitid waitpid".split())
_POLLS = frozenset("poll ppoll select pselect6 epoll_wait epoll_pwait epoll_pwait2".split())
_LOCKS = frozenset("flock fcntl".split())
_MOST_STRETCHES = 100_000
_CLOSE_ENOUGH_S = 2e-4
"""A thread that ends wakes who waits for it a moment before or after its end is seen."""


@dataclass(slots=True, eq=False)
class Timeline:
    """One task from its start to its end, with its calls."""

    pid: int
    tid: int
    maker: Timeline | None
    begin: float
    end: float
    name: str
    calls: list[Call] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    is_ended: bool = False


class Stretch(NamedTuple):
    """A part of the path: one task, from when to when, and what had let it go on."""

    task: Timeline
    start: float
    end: float
    after: str

    @property
    def duration_s(self) -> float:
        """How long it lasted."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """The chain from the start to the end."""

    stretches: tuple[Stretch, ...]

    @property
    def duration_s(self) -> float:
        """How long the whole lasted."""
        return sum(each.duration_s for each in self.stretches)

    def by_process(self) -> dict[int, float]:
        """The seconds of the path by process, the most first."""
        spent: Counter[int] = Counter()
        for each in self.stretches:
            spent[each.task.pid] += each.duration_s  # type: ignore[assignment]  # a counter of seconds
        return dict(spent.most_common())

    def by_call(self) -> dict[str, float]:
        """The seconds of the path by call; `running` is what lies between calls."""
        spent: Counter[str] = Counter()
        for each in self.stretches:
            inside = 0.0
            for call in _within(each):
                part = min(call.end, each.end) - max(call.start, each.start)
                spent[call.name] += part  # type: ignore[assignment]  # a counter of seconds
                inside += part
            spent["running"] += max(each.duration_s - inside, 0.0)  # type: ignore[assignment]  # as above
        return dict(spent.most_common())


def _within(stretch: Stretch) -> Iterable[Call]:
    task = stretch.task
    first = max(bisect_right(task.starts, stretch.start) - 1, 0)
    for call in task.calls[first:]:
        if call.start >= stretch.end:
            return
        if call.end > stretch.start:
            yield call


def timelines(events: Iterable[Event]) -> list[Timeline]:
    """The tasks of a trace, in the order in which they appeared."""
    found: list[Timeline] = []
    by_tid: dict[int, Timeline] = {}
    last = 0.0
    for event in events:
        if isinstance(event, Process):
            maker = by_tid.get(event.parent) if event.parent is not None else None
            name = maker.name if maker is not None else _base(event.program or "?")
            task = Timeline(event.pid, event.tid, maker, event.time, event.time, name)
            by_tid[event.tid] = task
            found.append(task)
        elif isinstance(event, Exec):
            for task in found:
                if task.pid == event.pid and not task.is_ended:
                    task.name = _base(event.argv[0] if event.argv else event.program)
        elif isinstance(event, Call):
            task = by_tid.get(event.tid) or _stranger(event, found, by_tid)
            task.calls.append(event)
            last = max(last, event.end)
        elif isinstance(event, Exit) and event.tid in by_tid:
            by_tid[event.tid].end, by_tid[event.tid].is_ended = event.time, True
            last = max(last, event.time)
    for task in found:
        task.calls.sort(key=lambda call: call.start)
        task.starts = [call.start for call in task.calls]
        if not task.is_ended:
            task.end = last
    return found


def _stranger(call: Call, found: list[Timeline], by_tid: dict[int, Timeline]) -> Timeline:
    task = Timeline(call.pid, call.tid, None, call.start, call.start, "?")
    by_tid[call.tid] = task
    found.append(task)
    return task


def _base(path: str) -> str:
    return path.rpartition("/")[2] or path


def critical_path(tasks: Sequence[Timeline]) -> CriticalPath:
    """The path of a trace, back from the end of the command's own process; empty without tasks."""
    if not tasks:
        return CriticalPath(())
    wakers = _Wakers(tasks)
    task, moment = tasks[0], tasks[0].end
    found: list[Stretch] = []
    passed: set[tuple[int, float]] = set()
    while len(found) < _MOST_STRETCHES:
        waker = _last_waker(wakers, task, moment, passed)
        if waker is None:
            after = "its start" if task.maker is None else f"it was made by {task.maker.name}"
            found.append(Stretch(task, min(task.begin, moment), moment, after))
            if task.maker is None:
                break
            task, moment = task.maker, min(task.begin, moment)
            continue
        other, at, why = waker
        found.append(Stretch(task, at, moment, why))
        passed.add((id(task), moment))
        task, moment = other, at
    return CriticalPath(tuple(each for each in reversed(found) if each.duration_s > 0))


Waker = tuple[Timeline, float, str]


def _last_waker(wakers: _Wakers, task: Timeline, moment: float, passed: set[tuple[int, float]]) -> Waker | None:
    """The latest call before a moment in which a task was let go on by another."""
    for place in range(bisect_right(task.starts, moment) - 1, -1, -1):
        call = task.calls[place]
        if call.end > moment + _CLOSE_ENOUGH_S and not call.is_unfinished:
            continue  # it was still waiting when it let somebody else go on
        found = wakers.of(task, place)
        if found is not None and found[1] <= moment and (id(found[0]), found[1]) not in passed:
            return found
    return None


class _Wakers:
    """Who could have let whom go on, found by what both name."""

    def __init__(self, tasks: Sequence[Timeline]) -> None:
        self._exits = sorted((task.end, place) for place, task in enumerate(tasks) if task.is_ended)
        self._tasks = tasks
        self._acts: dict[tuple[Any, ...], list[tuple[float, float, Timeline, str]]] = {}
        self._twins: dict[str, str] = {}
        for task in tasks:
            for call in task.calls:
                self._note(task, call)
        for acts in self._acts.values():
            acts.sort(key=lambda act: act[1])

    def _note(self, task: Timeline, call: Call) -> None:
        key = _thing_of(call.arg(0))
        if call.name in _WRITES and key is not None and call.errno is None:
            self._add(("written", key), call, task, f"{task.name} wrote")
        if call.name in _READS and key is not None and call.errno is None:
            self._add(("read", key), call, task, f"{task.name} read")
        if call.name == "close" and key is not None:
            self._add(("written", key), call, task, f"{task.name} closed its end")
        if call.name == "futex" and "WAKE" in str(call.arg(1)):
            self._add(("futex", task.pid, call.arg(0)), call, task, f"a thread of {task.name} woke it")
        if call.name == "flock" and "LOCK_UN" in str(call.arg(1)) and key is not None:
            self._add(("lock", key), call, task, f"{task.name} unlocked")
        if call.name == "socketpair" and isinstance(call.arg(3), list):
            pair = [_thing_of(each) for each in call.arg(3)]
            if len(pair) == 2 and pair[0] and pair[1]:  # noqa: PLR2004 - a pair
                self._twins.update({pair[0]: pair[1], pair[1]: pair[0]})

    def _add(self, key: tuple[Any, ...], call: Call, task: Timeline, why: str) -> None:
        self._acts.setdefault(key, []).append((call.start, call.end, task, why))

    def of(self, task: Timeline, place: int) -> Waker | None:
        """Who let a task go on in one of its calls; none where nobody traced did."""
        call = task.calls[place]
        key = _thing_of(call.arg(0))
        if call.name in _WAITS:
            return self._end_of(call)
        if call.name in _POLLS:
            return self._of_poll(task, place)
        if call.name == "futex":
            is_wait = "WAIT" in str(call.arg(1))
            return self._of_futex(task, call) if is_wait else None
        return self._of_thing(task, call, key) if key is not None else None

    def _of_futex(self, task: Timeline, call: Call) -> Waker | None:
        return self._act(("futex", task.pid, call.arg(0)), call, task) or self._ended_thread(call, task)

    def _of_thing(self, task: Timeline, call: Call, key: str) -> Waker | None:
        """Who let a task go on that waited for a pipe, a socket or a lock."""
        twin = self._twins.get(key, key)
        if call.name in _READS:
            return self._act(("written", twin), call, task) or self._ended(call, task, key)
        if call.name in _WRITES:
            return self._act(("read", twin), call, task)
        return self._act(("lock", key), call, task) if call.name in _LOCKS else None

    def _end_of(self, call: Call) -> Waker | None:
        """The child whose end a wait tells."""
        info = call.arg(2)
        told = info.get("si_pid") if isinstance(info, dict) else None
        pid = call.result if call.name != "waitid" else told if isinstance(told, int) else call.arg(1)
        for task in self._tasks:
            if task.pid == pid == task.tid and task.is_ended and call.start <= task.end <= call.end + _CLOSE_ENOUGH_S:
                return task, min(task.end, call.end), f"{task.name} ended"
        return None

    def _act(self, key: tuple[Any, ...], call: Call, task: Timeline) -> Waker | None:
        """The latest act on one thing that another task began while this one waited."""
        acts = self._acts.get(key, [])
        for place in range(len(acts) - 1, -1, -1):
            start, end, other, why = acts[place]
            if end < call.start:
                break
            if other is not task and call.start <= end and start <= call.end and start >= call.start:
                return other, min(end, call.end), why
        return None

    def _ended(self, call: Call, task: Timeline, key: str) -> Waker | None:
        """Whoever ended while a read waited for the end of a pipe."""
        if call.result != 0 or not key.startswith("pipe:"):
            return None
        return self._exit_within(call, lambda other: other.pid != task.pid)

    def _ended_thread(self, call: Call, task: Timeline) -> Waker | None:
        """A thread that ended while another waited for it."""
        return self._exit_within(call, lambda other: other.pid == task.pid and other is not task)

    def _exit_within(self, call: Call, fits: Any) -> Waker | None:
        for at in range(bisect_right(self._exits, (call.end + _CLOSE_ENOUGH_S, 1 << 60)) - 1, -1, -1):
            end, place = self._exits[at]
            if end < call.start:
                break
            if fits(self._tasks[place]):
                return self._tasks[place], min(end, call.end), f"{self._tasks[place].name} ended"
        return None

    def _of_poll(self, task: Timeline, place: int) -> Waker | None:
        """Who woke a poll: whoever wrote what is read next."""
        call = task.calls[place]
        for following in task.calls[place + 1 : place + 4]:
            key = _thing_of(following.arg(0))
            if following.name in _READS and key is not None:
                wanted = ("written", self._twins.get(key, key))
                return self._act(wanted, call, task) or (self._ended(call, task, key) if not following.result else None)
        return None


def _thing_of(value: Any) -> str | None:
    """What a descriptor argument names, where the name is its own: a pipe, a socket, a locked file."""
    told = value.get("is") if isinstance(value, dict) else None
    return told if isinstance(told, str) and told.startswith(("pipe:", "socket:", "/")) else None
