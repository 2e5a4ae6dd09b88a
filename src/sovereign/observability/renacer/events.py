"""What a trace holds, read one line at a time.

Enters: the JSON lines that `renacer --format jsonl` writes, or the same objects as `record` yields them. Leaves: one
typed event after the other, in the order of the tracer's stops. A line that is not what schema 1 says is refused by its
number, and so is a trace that ends before its last line. Read `descriptors.py` next.

| event | fields |
|---|---|
| `trace` | `version tool kernel arch command folder start options`; the first line |
| `process` | `time pid tid parent how program` |
| `exec` | `time pid tid program argv` |
| `call` | `pid tid start duration_us name args result errno python`, and where they apply `abi unfinished descriptor` |
| `signal` | `time pid tid signal code sender` |
| `exit` | `time pid tid status signal core user_us system_us max_rss` |
| `end` | `time calls lost status signal`; the last line |
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from sovereign.errors import FormatError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = [
    "VERSION",
    "Call",
    "Content",
    "End",
    "Event",
    "Exec",
    "Exit",
    "Frame",
    "Process",
    "Signal",
    "Start",
    "content_of",
    "events_of",
    "read_events",
]

VERSION = 1
_LONGEST_LINE = 256 << 20
_LARGEST = 1e18


@dataclass(frozen=True, slots=True)
class Start:
    """The head of a trace; `options` say what the tracer was told to leave out."""

    version: int
    tool: str
    kernel: str
    arch: str
    command: tuple[str, ...]
    folder: str
    start: float
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Process:
    """A task appeared; `parent` is the task that made it, none for what the tracer started or attached to."""

    time: float
    pid: int
    tid: int
    parent: int | None
    how: str
    program: str | None


@dataclass(frozen=True, slots=True)
class Exec:
    """A process became another program."""

    time: float
    pid: int
    tid: int
    program: str
    argv: tuple[str, ...]


class Frame(NamedTuple):
    """The line of Python that made a call."""

    file: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Call:
    """One system call; `args` are in the kernel's order, a failed one has an `errno`."""

    pid: int
    tid: int
    start: float
    duration_us: float
    name: str
    args: Mapping[str, Any]
    result: int | None
    errno: str | None = None
    python: Frame | None = None
    abi: str = "x86_64"
    is_unfinished: bool = False
    descriptor: str | None = None
    values: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def end(self) -> float:
        """When it was over."""
        return self.start + self.duration_us / 1e6

    def arg(self, place: int) -> Any:
        """The argument at a place, whatever its name; none where the call has fewer."""
        return self.values[place] if place < len(self.values) else None


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal was delivered; `sender` is the process that sent it, where one did."""

    time: float
    pid: int
    tid: int
    signal: str
    code: str
    sender: int | None


@dataclass(frozen=True, slots=True)
class Exit:
    """A task ended; only that of a process's leader carries times and memory."""

    time: float
    pid: int
    tid: int
    status: int | None
    signal: str | None
    has_core: bool
    user_us: float | None
    system_us: float | None
    max_rss: int | None


@dataclass(frozen=True, slots=True)
class End:
    """The foot of a trace: how many calls it holds, how many were lost, and how the command ended."""

    time: float
    calls: int
    lost: int
    status: int | None
    signal: str | None


Event = Start | Process | Exec | Call | Signal | Exit | End


class Content(NamedTuple):
    """Bytes that went through a call: what was kept of them, and how many there were."""

    kept: bytes
    length: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was cut off."""
        return len(self.kept) == self.length


def content_of(value: Any) -> Content | None:
    """The bytes of a decoded buffer or text; none where the tracer shows no bytes.

    >>> content_of({"text": "ab", "length": 9})
    Content(kept=b'ab', length=9)
    """
    if isinstance(value, str):
        kept = value.encode("utf-8", "surrogatepass")
        return Content(kept, len(kept))
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("text"), str):
        kept = value["text"].encode("utf-8", "surrogatepass")
    elif isinstance(value.get("bytes"), str):
        try:
            kept = base64.b64decode(value["bytes"], validate=True)
        except (binascii.Error, ValueError):
            return None
    else:
        return None
    length = value.get("length", len(kept) + (value.get("cut") is True))
    return Content(kept, length if isinstance(length, int) and length >= len(kept) else len(kept))


def read_events(lines: Iterable[str | bytes], path: str = "-") -> Iterator[Event]:
    """The events of a trace, one line after the other; nothing is held but the line.

    Errors    FormatError renacer.trace       when a line is not what schema 1 says; `offset` is its number.
              IntegrityError renacer.cut      when the last line is missing, or the file ends within a line.
    """
    yield from _events(((number, _parsed(line, number, path)) for number, line in enumerate(lines, 1)), path)


def events_of(objects: Iterable[Mapping[str, Any]], path: str = "-") -> Iterator[Event]:
    """The same for objects that are parsed already, such as those that `record` yields."""
    yield from _events(enumerate(objects, 1), path)


def _events(numbered: Iterable[tuple[int, Mapping[str, Any]]], path: str) -> Iterator[Event]:
    last: Event | None = None
    number = 0
    for number, found in numbered:
        event = _event(_Line(found, number, path))
        if isinstance(event, Start) != (last is None):
            _refuse(number, path, "event", "`trace` as the first event and nowhere else", found.get("event"))
        if isinstance(last, End):
            _refuse(number, path, "event", "nothing after `end`", found.get("event"))
        last = event
        yield event
    if not isinstance(last, End):
        what = "holds nothing" if last is None else f"ends after line {number}, without its last line `end`"
        text = f"the trace {what}: `{path}`"
        raise IntegrityError("renacer.cut", text, path=path, offset=number, field="event", expected="end", got=None)


def _parsed(line: str | bytes, number: int, path: str) -> Mapping[str, Any]:
    if len(line) > _LONGEST_LINE:
        _refuse(number, path, "line", f"at most {_LONGEST_LINE} bytes", len(line))
    try:
        found = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        ends = b"\n" if isinstance(line, bytes) else "\n"
        if number > 1 and not line.endswith(ends):  # type: ignore[arg-type]  # both are of one kind
            text = f"the trace ends within line {number}: `{path}`"
            raise IntegrityError(
                "renacer.cut", text, path=path, offset=number, field="line", expected="a whole line", got=str(error)
            ) from error
        _refuse(number, path, "line", "JSON", str(error))
    if not isinstance(found, dict):
        _refuse(number, path, "line", "an object", type(found).__name__)
    return found


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is no number"
    raise ValueError(message)


def _refuse(number: int, path: str, name: str, expected: str, got: object) -> NoReturn:
    shown = repr(got)
    text = f"line {number} of the trace is wrong in `{name}`, {expected} is needed: `{path}`"
    shown = shown if len(shown) <= 200 else shown[:200] + "..."  # noqa: PLR2004 - enough to recognise it
    raise FormatError("renacer.trace", text, path=path, offset=number, field=name, expected=expected, got=shown)


class _Line:
    """One object with its place, asked field by field."""

    def __init__(self, found: Mapping[str, Any], number: int, path: str) -> None:
        self.found = found
        self.number = number
        self.path = path

    def refuse(self, name: str, expected: str) -> NoReturn:
        _refuse(self.number, self.path, name, expected, self.found.get(name))

    def whole(self, name: str) -> int:
        value = self.found.get(name)
        if type(value) is not int:
            self.refuse(name, "a whole number")
        return value

    def maybe_whole(self, name: str) -> int | None:
        return None if self.found.get(name) is None else self.whole(name)

    def count(self, name: str) -> int:
        value = self.whole(name)
        if value < 0:
            self.refuse(name, "a number from 0 on")
        return value

    def number_of(self, name: str) -> float:
        value: Any = self.found.get(name)
        if type(value) not in {int, float} or abs(value) > _LARGEST:
            self.refuse(name, "a number")
        return float(value)

    def maybe_number(self, name: str) -> float | None:
        return None if self.found.get(name) is None else self.number_of(name)

    def text(self, name: str) -> str:
        value = self.found.get(name)
        if isinstance(value, str):
            return value
        content = content_of(value)
        if content is None:
            self.refuse(name, "a text")
        return content.kept.decode("utf-8", "surrogateescape")

    def maybe_text(self, name: str) -> str | None:
        return None if self.found.get(name) is None else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.found.get(name)
        if not isinstance(value, list):
            self.refuse(name, "a list of texts")
        found = [_Line({name: each}, self.number, self.path).text(name) for each in value]
        return tuple(found)

    def object(self, name: str) -> Mapping[str, Any]:
        value = self.found.get(name)
        if not isinstance(value, dict):
            self.refuse(name, "an object")
        return value


def _event(line: _Line) -> Event:
    kind = line.found.get("event")
    maker = _MAKERS.get(kind) if isinstance(kind, str) else None
    if maker is None:
        line.refuse("event", "an event of schema 1")
    return maker(line)


def _start(line: _Line) -> Start:
    version = line.whole("version")
    if version != VERSION:
        line.refuse("version", f"version {VERSION}")
    return Start(
        version,
        line.text("tool"),
        line.text("kernel"),
        line.text("arch"),
        line.texts("command"),
        line.text("folder"),
        line.number_of("start"),
        line.object("options"),
    )


def _process(line: _Line) -> Process:
    return Process(
        line.number_of("time"),
        line.whole("pid"),
        line.whole("tid"),
        line.maybe_whole("parent"),
        line.text("how"),
        line.maybe_text("program"),
    )


def _exec(line: _Line) -> Exec:
    return Exec(line.number_of("time"), line.whole("pid"), line.whole("tid"), line.text("program"), line.texts("argv"))


def _call(line: _Line) -> Call:
    args = line.object("args")
    found = line.found
    duration_us = line.number_of("duration_us")
    if duration_us < 0:
        line.refuse("duration_us", "a number from 0 on")
    return Call(
        line.whole("pid"),
        line.whole("tid"),
        line.number_of("start"),
        duration_us,
        line.text("name"),
        args,
        line.maybe_whole("result"),
        line.maybe_text("errno"),
        None if found.get("python") is None else _frame(line),
        line.text("abi") if "abi" in found else "x86_64",
        found.get("unfinished") is True,
        line.maybe_text("descriptor"),
        tuple(args.values()),
    )


def _frame(line: _Line) -> Frame:
    inside = _Line(line.object("python"), line.number, line.path)
    return Frame(inside.text("file"), inside.maybe_whole("line") or 0, inside.text("function"))


def _signal(line: _Line) -> Signal:
    return Signal(
        line.number_of("time"),
        line.whole("pid"),
        line.whole("tid"),
        line.text("signal"),
        line.maybe_text("code") or "",
        line.maybe_whole("sender"),
    )


def _exit(line: _Line) -> Exit:
    return Exit(
        line.number_of("time"),
        line.whole("pid"),
        line.whole("tid"),
        line.maybe_whole("status"),
        line.maybe_text("signal"),
        line.found.get("core") is True,
        line.maybe_number("user_us"),
        line.maybe_number("system_us"),
        line.maybe_whole("max_rss"),
    )


def _end(line: _Line) -> End:
    return End(
        line.number_of("time"),
        line.count("calls"),
        line.count("lost"),
        line.maybe_whole("status"),
        line.maybe_text("signal"),
    )


_MAKERS: dict[str, Callable[[_Line], Event]] = {
    "trace": _start,
    "process": _process,
    "exec": _exec,
    "call": _call,
    "signal": _signal,
    "exit": _exit,
    "end": _end,
}
