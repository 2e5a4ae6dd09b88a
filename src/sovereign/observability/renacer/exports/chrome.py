"""A trace as Chrome's trace events (JSON), which speedscope, Perfetto and chrome://tracing show as a timeline.

Times are microseconds since the trace began, with three digits after the point; calls are complete events ("ph":"X"),
signals instant ones, names of processes metadata. The format is described in the Trace Event Format document.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer.exports.span import Tasks, nanoseconds

if TYPE_CHECKING:
    from sovereign.observability.renacer.exports.span import Event

__all__ = ["Chrome"]


class Chrome:
    """Calls as boxes of a timeline, one row for each thread.

    >>> timeline = Chrome()
    >>> call = {"event": "call", "pid": 1, "tid": 1, "start": 2.5, "duration_us": 3, "name": "getpid", "args": {}}
    >>> out = timeline.take({"event": "trace", "start": 2.0}) + timeline.take(call | {"result": 1, "errno": None})
    >>> import json
    >>> [each["ts"] for each in json.loads(out + timeline.end())["traceEvents"]]
    [500000.0]
    """

    def __init__(self) -> None:
        self._start: int | None = None
        self._tasks = Tasks()
        self._is_begun = False

    def take(self, event: Event) -> bytes:
        """What the timeline shows of an event."""
        if self._start is None:
            self._start = nanoseconds(event["start"] if "start" in event else event["time"])
        self._tasks.see(event)
        kind = event["event"]
        if kind == "call":
            return self._event(event, event["start"], {"ph": "X", "name": event["name"], "cat": "call"}, _facts(event))
        if kind == "signal":
            shown = {"ph": "i", "s": "t", "name": event["signal"], "cat": "signal"}
            return self._event(event, event["time"], shown, {"code": event.get("code"), "sender": event.get("sender")})
        if kind in {"process", "exec"}:
            shown = {"ph": "M", "name": "process_name" if event["pid"] == event["tid"] else "thread_name"}
            return self._event(event, event["time"], shown, {"name": self._tasks.name(event)})
        return b""

    def end(self) -> bytes:
        """The end of the document."""
        return b"\n]}\n" if self._is_begun else b'{"displayTimeUnit":"ns","traceEvents":[]}\n'

    def _event(self, event: Event, time: Any, shown: dict[str, Any], facts: dict[str, Any]) -> bytes:
        since = nanoseconds(time) - (self._start or 0)
        text = json.dumps(shown | {"pid": event["pid"], "tid": event["tid"], "args": facts}, default=float)
        numbers = f'"ts":{_microseconds(since)}'
        if shown["ph"] == "X":
            numbers += f',"dur":{_microseconds(nanoseconds(event["duration_us"], 1000))}'
        opening = ",\n" if self._is_begun else '{"displayTimeUnit":"ns","traceEvents":[\n'
        self._is_begun = True
        return f"{opening}{{{numbers},{text[1:]}".encode()


def _facts(event: Event) -> dict[str, Any]:
    facts = {"result": event["result"], "errno": event["errno"]}
    if event.get("python"):
        facts["python"] = event["python"]
    return {**event["args"], **facts}


def _microseconds(number: int) -> str:
    sign, number = ("-", -number) if number < 0 else ("", number)
    return f"{sign}{number // 1000}.{number % 1000:03}"
