"""A trace in Perfetto's own format, a stream of protobuf packets that its viewer and its trace processor read.

| message | fields that are written |
|---|---|
| Trace | packet 1 |
| TracePacket | timestamp 8, sequence id 10, track_event 11, sequence_flags 13, track_descriptor 60 |
| TrackDescriptor | uuid 1, name 2, process 3, thread 4, parent_uuid 5 |
| ProcessDescriptor | pid 1, process_name 6 |
| ThreadDescriptor | pid 1, tid 2, thread_name 5 |
| TrackEvent | debug_annotations 4, type 9, track_uuid 11, categories 22, name 23 |
| DebugAnnotation | int_value 4, string_value 6, name 10 |

Each call is a slice on the track of its thread, each signal an instant. Times are nanoseconds since 1970. The fields
are those of protos/perfetto/trace in Perfetto's sources; a few lines write them, so that no library is needed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sovereign.observability.renacer.exports.span import Tasks, nanoseconds

if TYPE_CHECKING:
    from sovereign.observability.renacer.exports.span import Event

__all__ = ["Perfetto"]

_BEGIN, _END, _INSTANT = 1, 2, 3
_STATE_CLEARED = 1
_SEQUENCE = 1
_SEVEN_BITS = 0x7F


class Perfetto:
    """Calls as slices of a timeline, one track for each thread.

    >>> call = {"event": "call", "pid": 1, "tid": 1, "start": 2.5, "duration_us": 3, "name": "getpid", "args": {}}
    >>> b"getpid" in Perfetto().take(call | {"result": 1, "errno": None, "python": None})
    True
    """

    def __init__(self) -> None:
        self._tasks = Tasks()
        self._tracks: dict[tuple[int, int], str] = {}
        self._is_first = True

    def take(self, event: Event) -> bytes:
        """The packets of an event."""
        self._tasks.see(event)
        kind = event["event"]
        if kind == "call":
            return self._track(event, event["start"]) + self._call(event)
        if kind == "signal":
            shown = _field(9, _INSTANT) + _field(22, "signal") + _field(23, event["signal"])
            return self._track(event, event["time"]) + self._event(event, nanoseconds(event["time"]), shown)
        if kind in {"process", "exec"}:
            return self._track(event, event["time"])
        return b""

    def end(self) -> bytes:
        """Nothing: a stream of packets has no end of its own."""
        return b""

    def _call(self, event: Event) -> bytes:
        start = nanoseconds(event["start"])
        facts = event["args"] | {"result": event["result"], "errno": event["errno"]} | (event.get("python") or {})
        notes = b"".join(_field(4, _note(name, value)) for name, value in facts.items() if value is not None)
        shown = notes + _field(9, _BEGIN) + _field(22, "call") + _field(23, event["name"])
        end = start + nanoseconds(event["duration_us"], 1000)
        return self._event(event, start, shown) + self._event(event, end, _field(9, _END))

    def _event(self, event: Event, time: int, shown: bytes) -> bytes:
        return self._packet(time, _field(11, shown + _field(11, _uuid(event["pid"], event["tid"]))))

    def _track(self, event: Event, time: Any) -> bytes:
        """The descriptors of a thread that was not seen before, or has a new name."""
        pid, tid, name = event["pid"], event["tid"], self._tasks.name(event)
        packets = b""
        if self._tracks.get((pid, 0)) != name:
            process = _field(1, pid) + _field(6, name)
            packets += self._packet(nanoseconds(time), _field(60, _field(1, _uuid(pid, 0)) + _field(3, process)))
        if self._tracks.get((pid, tid)) != name:
            thread = _field(1, pid) + _field(2, tid) + _field(5, name)
            shown = _field(1, _uuid(pid, tid)) + _field(4, thread) + _field(5, _uuid(pid, 0))
            packets += self._packet(nanoseconds(time), _field(60, shown))
        self._tracks[pid, 0] = self._tracks[pid, tid] = name
        return packets

    def _packet(self, time: int, content: bytes) -> bytes:
        first = _field(13, _STATE_CLEARED) if self._is_first else b""
        self._is_first = False
        return _field(1, _field(8, time) + _field(10, _SEQUENCE) + first + content)


def _uuid(pid: int, tid: int) -> int:
    return (pid << 32 | tid) + 1


def _note(name: str, value: Any) -> bytes:
    if isinstance(value, int) and not isinstance(value, bool):
        return _field(4, value) + _field(10, name)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=float)
    return _field(6, text) + _field(10, name)


def _field(number: int, value: int | str | bytes) -> bytes:
    """A field of protobuf: a number as a varint, anything else behind its length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value & 0xFFFF_FFFF_FFFF_FFFF)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    content = bytearray()
    while number > _SEVEN_BITS:
        content.append(number & _SEVEN_BITS | 0x80)
        number >>= 7
    content.append(number)
    return bytes(content)
