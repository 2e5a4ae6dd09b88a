"""The same handler twice, as a native program and as Python under the service's own client: all events, and what it costs.

Enters: a native program, the folder of the Python handler, events. Leaves: a `MeasuredDocument`: replies of every event
on both sides, cold (a new process for each) and warm; start until the first question, by the judge of the cold-start
bench; processor time of each warm event, by the kernel's own account; resident memory. Ratios are Python over native.
Read `demo.py` for who calls it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from sovereign.orchestration.batuta.replies import comparable, running
from sovereign.orchestration.serverless import Candidate, Conditions, Invocation, Prepared, floor, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sovereign.orchestration.serverless import FunctionSettings, Outcome, Sandbox

__all__ = ["BARS", "COLUMNS", "MeasuredDocument", "measure_sides", "python_side", "rows"]

CLIENT = "awslambdaric"
COLUMNS = ("what", "Python", "native", "times less", "expected")
BARS = {"start": 50.0, "processor": 20.0, "memory": 50.0}
"""So many times less the native program is expected to take."""
_PASSES = 5
_STARTS = 10
_ROUNDS = 20
_NATIVE, _PYTHON = "native", "Python"


class SideDocument(TypedDict):
    """One side. Medians: milliseconds to the first question, microseconds of an event in a warm process.

    `cold_ms` is the time from an event to its reply with a process started for it; processor time is that of one warm
    event; memory that of the process after all events.
    """

    runtime: str
    size_bytes: int
    first_next_ms: float
    cold_ms: float
    reply_us: float
    processor_us: float
    resident_kb: int
    replies: int
    errors: int


class MeasuredDocument(TypedDict):
    """Both sides on the same events; `different` counts events whose outcomes are not the same."""

    events: int
    different: int
    cold_different: int
    native: SideDocument
    python: SideDocument
    ratios: dict[str, float]
    expected: dict[str, float]
    load: float


def python_side(function: FunctionSettings, folder: Path) -> tuple[Prepared, str]:
    """The Python handler as the service runs it, and under which client: the service's own where it is installed."""
    found = importlib.util.find_spec(CLIENT)
    packages = os.pathsep.join([str(folder.resolve()), *(each for each in sys.path if Path(each).is_dir())])
    handler = f"{function.handler.stem}.{function.function}"
    command = (sys.executable, "-m", CLIENT, handler)
    runtime = CLIENT if found is not None else ""
    return Prepared(command, folder.resolve(), handler, {"PYTHONPATH": packages}), runtime


def measure_sides(
    program: Path,
    python: Prepared,
    events: Sequence[bytes],
    *,
    advance: Callable[[str], None] = lambda _what: None,
) -> MeasuredDocument:
    """Give all events to both sides, cold and warm, and measure what each takes.

    Errors    NotFound serverless.no_program   when a side cannot be started.
              DeviceError serverless.judge     when the starts cannot be measured.
    Cost      about half a second an event, nearly all of it starts of Python.
    """
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="sides") as name:
        native = Prepared((str(program.resolve()),), Path(name), "bootstrap")
        sides = {_NATIVE: native, _PYTHON: python}
        advance("starts")
        starts = _starts(sides, Path(name), events[0])
        found, answers = {}, {}
        for side, prepared in sides.items():
            with ExitStack() as held:
                sandbox = held.enter_context(running(prepared))
                advance(f"{side}, warm")
                warm, facts = _warm(sandbox, events)
                advance(f"{side}, cold")
                cold, cold_ms = _cold(sandbox, events)
            answers[side] = (warm, cold)
            size = program.stat().st_size if side == _NATIVE else _python_bytes(python)
            replies = sum(each["kind"] == "response" for each in warm)
            found[side] = {
                **facts,
                "runtime": "provided.al2023, our runtime" if side == _NATIVE else f"Python {sys.version_info[0]}.{sys.version_info[1]}, {CLIENT}",
                "size_bytes": size,
                "first_next_ms": starts[side],
                "cold_ms": cold_ms,
                "replies": replies,
                "errors": len(events) - replies,
            }
    one, other = found[_NATIVE], found[_PYTHON]
    return {
        "events": len(events),
        "different": _differing(answers[_NATIVE][0], answers[_PYTHON][0]),
        "cold_different": _differing(answers[_NATIVE][1], answers[_PYTHON][1]),
        "native": one,  # type: ignore[typeddict-item] # put together above
        "python": other,  # type: ignore[typeddict-item]
        "ratios": {
            "start": other["first_next_ms"] / one["first_next_ms"],
            "processor": other["processor_us"] / one["processor_us"],
            "memory": other["resident_kb"] / one["resident_kb"],
        },
        "expected": BARS,
        "load": round(load, 2),
    }


def _differing(native: Sequence[Any], python: Sequence[Any]) -> int:
    return sum(one != other for one, other in zip(native, python, strict=True))


def _python_bytes(python: Prepared) -> int:
    """The handler's own files, beside an interpreter and packages that are there."""
    return sum(each.stat().st_size for each in python.folder.glob("*.py"))


def _starts(sides: dict[str, Prepared], folder: Path, event: bytes) -> dict[str, float]:
    """Median milliseconds from the start of a process until its first question, all sides in turns."""
    empty = floor(folder)
    candidates = [empty]
    for name, side in sides.items():
        files = tuple(path for path in (Path(side.command[0]),) if path.is_file())
        candidates.append(
            Candidate(name, side.command, side.folder, files, 0, event=event, environment=side.environment)
        )
    measured = measure(candidates, (), Conditions(samples=_STARTS, rounds=_ROUNDS))
    return {each.name: each.first_next_us / 1000 for each in measured.rows}


def _warm(sandbox: Sandbox, events: Sequence[bytes]) -> tuple[list[Any], dict[str, Any]]:
    """What one process replies, and the medians and means of what an event takes in it."""
    answers = [_answer(sandbox.cycle(Invocation(each))) for each in events]
    times: list[float] = []
    before, started = _processor_ns(sandbox.pid), sandbox.starts
    for _ in range(_PASSES):
        times += [sandbox.cycle(Invocation(each)).marks.reply_us for each in events]
    spent = _processor_ns(sandbox.pid) - before
    # A process that ended in between has an account of its own; events that end it are no measure of those that do not.
    count = len(events) * _PASSES
    facts = {
        "reply_us": round(statistics.median(times), 1),
        "processor_us": round(spent / count / 1000, 2) if sandbox.starts == started and spent > 0 else float("nan"),
        "resident_kb": _resident_kb(sandbox.pid),
    }
    return answers, facts


def _cold(sandbox: Sandbox, events: Sequence[bytes]) -> tuple[list[Any], float]:
    """What a new process for each event replies, and the median milliseconds from its start to its reply."""
    import time

    answers, times = [], []
    for each in events:
        sandbox.stop()
        started = time.monotonic()
        answers.append(_answer(sandbox.invoke(Invocation(each))))
        times.append((time.monotonic() - started) * 1000)
    return answers, round(statistics.median(times), 3)


def _answer(outcome: Outcome) -> dict[str, Any]:
    return {"kind": str(outcome.kind), "error type": outcome.error_type, "reply": comparable(outcome)}


def _processor_ns(pid: int | None) -> int:
    """Nanoseconds that all threads of a process have run, as the scheduler counts them."""
    found = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        found += int(path.read_text().split()[0])
    return found


def _resident_kb(pid: int | None) -> int:
    """Resident memory of a process, page by page as it is mapped now."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1])
    return 0


def rows(document: MeasuredDocument) -> list[list[str]]:
    """One row per measure, Python beside native."""
    native, python, ratios = document["native"], document["python"], document["ratios"]
    lines = [
        ("start to first question, ms", "first_next_ms", "start"),
        ("new process, event to reply, ms", "cold_ms", ""),
        ("warm event to reply, us", "reply_us", ""),
        ("processor time of an event, us", "processor_us", "processor"),
        ("resident memory, KiB", "resident_kb", "memory"),
    ]
    found = []
    for title, name, ratio in lines:
        one, other = float(native[name]), float(python[name])  # type: ignore[literal-required]
        less = ratios.get(ratio, other / one)
        bar = document["expected"].get(ratio)
        found.append([title, f"{other:,.1f}", f"{one:,.3g}", f"{less:,.0f}", f"{bar:,.0f}" if bar else ""])
    return found
