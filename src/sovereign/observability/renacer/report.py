"""One run on one page: where its time went, what it touched, and who waited for whom.

Enters: the events of a trace. Leaves: an HTML document in one file that asks nothing of the network, with a timeline of
all tasks and the critical path drawn into it. Read `timeline.py` for the drawing.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer.anomalies import anomalies
from sovereign.observability.renacer.events import Call, Exec, Exit
from sovereign.observability.renacer.measures import Measures, Unmeasured
from sovereign.observability.renacer.timeline import timeline
from sovereign.observability.renacer.waits import CriticalPath, critical_path
from sovereign.shell.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sovereign.observability.renacer.events import Event
    from sovereign.observability.renacer.waits import Timeline

__all__ = ["page_of"]

_MOST_ROWS = 40
_MOST_STRETCHES = 20
_LONGEST = 80
_READS = frozenset("read readv pread64 preadv preadv2 recvfrom recvmsg".split())
_WRITES = frozenset("write writev pwrite64 pwritev pwritev2 sendto sendmsg".split())


def page_of(events: Sequence[Event]) -> str:
    """The page about a trace."""
    measures = Measures(events)
    path = _path(measures)
    command = " ".join(measures.start.command)
    page = Page(f"What {_clipped(command)} did")
    _head(page, measures, path)
    page.section("Timeline")
    page.figure(
        timeline(measures.tasks, path),
        "Each row is a task, from its start to its end. Dark is time in calls, light is time between them; the line "
        "below is where the critical path runs.",
    )
    _critical(page, path)
    _calls(page, measures.calls)
    _things(page, measures.calls)
    _processes(page, events)
    _lines(page, measures.calls)
    _odd(page, events)
    return page.html()


def _path(measures: Measures) -> CriticalPath:
    try:
        return measures.path
    except Unmeasured:
        return critical_path(measures.tasks)  # of a part is better than none here: the page says what was lost


def _head(page: Page, measures: Measures, path: CriticalPath) -> None:
    end = measures.end
    ended = f"signal {end.signal}" if end.signal is not None else f"status {end.status}"
    errors = sum(call.errno is not None for call in measures.calls)
    rows = [
        ["command", " ".join(measures.start.command)],
        ["ended with", ended],
        ["time", f"{path.duration_s * 1e3:,.1f} ms, under the tracer"],
        ["calls", f"{len(measures.calls):,}, of which {errors:,} failed"],
        ["processes and threads", f"{len({task.pid for task in measures.tasks})} and {len(measures.tasks)}"],
        ["recorded by", f"{measures.start.tool} on Linux {measures.start.kernel}"],
    ]
    with suppress(Unmeasured):
        rows.insert(5, ["most memory of a process", f"{measures.max_rss / (1 << 20):,.1f} MiB"])
    if end.lost:
        rows.append(["lost", f"{end.lost:,} events: what follows is not the whole"])
    page.table("The run", ("", " "), rows)


def _critical(page: Page, path: CriticalPath) -> None:
    page.section("Critical path")
    total = path.duration_s or 1.0
    names = {each.task.pid: each.task.name for each in path.stretches}
    rows = [
        [names[pid], str(pid), f"{spent * 1e3:,.2f}", f"{spent / total:.0%}"]
        for pid, spent in list(path.by_process().items())[:_MOST_ROWS]
    ]
    page.table(
        "Whom the end depended on", ("program", "process", "ms", "share"), rows, right=("process", "ms", "share")
    )
    rows = [
        [name, f"{spent * 1e3:,.2f}", f"{spent / total:.0%}"]
        for name, spent in list(path.by_call().items())[:12]
        if spent > 0
    ]
    page.table("What they did meanwhile", ("call", "ms", "share"), rows, right=("ms", "share"))
    first = path.stretches[0].start if path.stretches else 0.0
    longest = sorted(path.stretches, key=lambda each: -each.duration_s)[:_MOST_STRETCHES]
    rows = [
        [f"{(each.start - first) * 1e3:,.2f}", f"{each.duration_s * 1e3:,.2f}", _task(each.task), each.after]
        for each in sorted(longest, key=lambda each: each.start)
    ]
    page.table("Its longest stretches, in order", ("from ms", "ms", "task", "after"), rows, right=("from ms", "ms"))


def _task(task: Timeline) -> str:
    return f"{task.name} {task.tid}"


def _calls(page: Page, calls: Sequence[Call]) -> None:
    page.section("Calls")
    by_name: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        by_name[call.name].append(call)
    ordered = sorted(by_name.items(), key=lambda each: -sum(call.duration_us for call in each[1]))
    page.table(
        "By the time that they took",
        ("call", "calls", "failed", "ms", "median us", "p99 us", "most us"),
        [_call_row(name, found) for name, found in ordered[:_MOST_ROWS]],
        right=("calls", "failed", "ms", "median us", "p99 us", "most us"),
    )


def _call_row(name: str, calls: Sequence[Call]) -> list[str]:
    times = sorted(call.duration_us for call in calls)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    failed = sum(call.errno is not None for call in calls)
    numbers = (sum(times) / 1e3, times[len(times) // 2], p99, times[-1])
    return [name, f"{len(calls):,}", f"{failed:,}" if failed else "", *(f"{each:,.1f}" for each in numbers)]


@dataclass(slots=True)
class _Thing:
    """What went through one file or socket."""

    calls: int = 0
    taken: int = 0
    given: int = 0
    time_us: float = 0.0
    peers: list[str] = field(default_factory=list)

    def row(self, name: str) -> list[str]:
        numbers = [f"{self.taken:,}", f"{self.given:,}", f"{self.time_us / 1e3:,.2f}"]
        return [name, f"{self.calls:,}", *numbers]


def _things(page: Page, calls: Iterable[Call]) -> None:
    found: dict[str, _Thing] = defaultdict(_Thing)
    for call in calls:
        name = _is(call.arg(0)) or (call.descriptor if call.name in {"open", "openat"} else None)
        if name is None or call.errno is not None:
            continue
        thing = found[name]
        thing.calls += 1
        thing.time_us += call.duration_us
        thing.taken += (call.result or 0) if call.name in _READS else 0
        thing.given += (call.result or 0) if call.name in _WRITES else 0
        if call.name == "connect":
            thing.peers.append(_peer(call.arg(1)))
    columns = ("calls", "bytes read", "bytes written", "ms")
    files = {name: thing for name, thing in found.items() if name.startswith("/")}
    page.section("Files")
    page.table("By the time of the calls on them", ("path", *columns), _rows(files), right=columns)
    sockets = {name: thing for name, thing in found.items() if name.startswith("socket:")}
    named = {(f"{', '.join(thing.peers)} {name}" if thing.peers else name): thing for name, thing in sockets.items()}
    page.section("Sockets")
    if named:
        page.table("By the time of the calls on them", ("socket", *columns), _rows(named), right=columns)
    else:
        page.text("None was used.")


def _rows(things: Mapping[str, _Thing]) -> list[list[str]]:
    ordered = sorted(things.items(), key=lambda each: -each[1].time_us)
    return [thing.row(name) for name, thing in ordered[:_MOST_ROWS]]


def _is(value: Any) -> str | None:
    told = value.get("is") if isinstance(value, dict) and value.get("fd") != -100 else None  # noqa: PLR2004 - AT_FDCWD
    return told if isinstance(told, str) else None


def _peer(value: Any) -> str:
    if not isinstance(value, dict):
        return "?"
    place = value.get("sin_addr") or value.get("sin6_addr") or value.get("sun_path") or "?"
    port = value.get("sin_port") or value.get("sin6_port")
    return f"{place}:{port}" if port else str(place)


def _processes(page: Page, events: Iterable[Event]) -> None:
    argv: dict[int, str] = {}
    rows = []
    for event in events:
        if isinstance(event, Exec):
            argv[event.pid] = " ".join(event.argv)
        elif isinstance(event, Exit) and event.pid == event.tid:
            ended = event.signal if event.signal is not None else f"status {event.status}"
            user, system = ((each or 0.0) / 1e3 for each in (event.user_us, event.system_us))
            memory = f"{(event.max_rss or 0) / (1 << 20):,.1f}"
            told = _clipped(argv.get(event.pid, "(no program of its own)"))
            rows.append([str(event.pid), told, ended, f"{user:,.1f}", f"{system:,.1f}", memory])
    columns = ("process", "command", "ended with", "user ms", "system ms", "MiB")
    page.section("Processes")
    page.table(
        "In the order of their ends", columns, rows[:_MOST_ROWS], right=("process", "user ms", "system ms", "MiB")
    )


def _lines(page: Page, calls: Iterable[Call]) -> None:
    spent: dict[str, list[float]] = defaultdict(lambda: [0, 0.0])
    for call in calls:
        if call.python is not None:
            where = spent[f"{call.python.file}:{call.python.line} {call.python.function}"]
            where[0] += 1
            where[1] += call.duration_us
    if spent:
        ordered = sorted(spent.items(), key=lambda each: -each[1][1])[:_MOST_ROWS]
        rows = [[where, f"{int(count):,}", f"{time_us / 1e3:,.2f}"] for where, (count, time_us) in ordered]
        page.section("Lines of Python")
        page.table("By the time of their calls", ("line", "calls", "ms"), rows, right=("calls", "ms"))


def _odd(page: Page, events: Iterable[Event]) -> None:
    found = list(anomalies(events))
    page.section("Calls that stand out")
    if not found:
        page.text("No call took longer than calls like it do.")
        return
    rows = []
    for each in sorted(found, key=lambda each: -each.deviations)[:_MOST_ROWS]:
        frame = each.call.python if each.call is not None else None
        where = f"{frame.file}:{frame.line}" if frame is not None else ""
        numbers = [f"{each.duration_us:,.0f}", f"{each.usual_us:,.0f}", f"{each.deviations:.1f}"]
        rows.append([each.kind, str(each.severity), *numbers, where])
    columns = ("call", "severity", "us", "usual us", "deviations", "line")
    page.table("They took longer than calls like them do", columns, rows, right=("us", "usual us", "deviations"))


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
