"""One handler twice, as a native program and as Python under the service's own client: replies and costs.

Enters: a native program, the folder of the Python handler, events. Leaves: a `MeasuredDocument`: replies of every event
on both sides, cold (a new process for each) and warm; start until the first question, by the judge of the cold-start
bench; processor time of each warm event, by the kernel's own account; resident memory. Ratios are Python over native.
Read `demo.py` for who calls it.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from sovereign.errors import DeviceError
from sovereign.orchestration.batuta.replies import comparable, running
from sovereign.orchestration.serverless import Candidate, Conditions, Invocation, Prepared, floor, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sovereign.orchestration.serverless import FunctionSettings, Outcome, Row, Sandbox

__all__ = ["BARS", "COLUMNS", "MeasuredDocument", "measure_sides", "python_side", "rows"]

CLIENT = "awslambdaric"
COLUMNS = ("what", "Python", "native", "times less", "expected")
BARS = {"start": 50.0, "processor": 20.0, "memory": 50.0}
"""So many times less the native program is expected to take."""
_STARTS = 10
_ROUNDS = 100
_NATIVE, _PYTHON = "native", "Python"


class SideDocument(TypedDict):
    """One side: medians, in the units of their names.

    `first_next_ms` and `first_reply_ms` count from the start of the process, `reply_us` is an event in a warm process;
    `cold_ms` is the time from an event to its reply with a process started for it by the emulator; processor time is
    that of one warm event, the kernel's share of the loopback included; memory that of the process after all events.
    """

    runtime: str
    size_bytes: int
    first_next_ms: float
    first_reply_ms: float
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
        answers: dict[str, tuple[list[Any], list[Any]]] = {}
        times: dict[str, tuple[float, int]] = {}
        first = b""
        for side, prepared in sides.items():
            with ExitStack() as held:
                sandbox = held.enter_context(running(prepared))
                advance(f"{side}, warm")
                outcomes = [sandbox.cycle(Invocation(each)) for each in events]
                resident_kb = _resident_kb(sandbox.pid)
                advance(f"{side}, cold")
                cold, cold_ms = _cold(sandbox, events)
            answers[side] = ([_answer(each) for each in outcomes], cold)
            times[side] = (cold_ms, resident_kb)
            first = outcomes[0].body
        advance("starts")
        judged = _judged(sides, Path(name), events[0], first)
    found = {side: _side(judged[side], answers[side][0], *times[side]) for side in sides}
    found[_NATIVE]["runtime"], found[_NATIVE]["size_bytes"] = "our runtime", program.stat().st_size
    version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    found[_PYTHON]["runtime"], found[_PYTHON]["size_bytes"] = f"{version}, {CLIENT}", _python_bytes(python)
    one, other = found[_NATIVE], found[_PYTHON]
    return {
        "events": len(events),
        "different": _differing(answers[_NATIVE][0], answers[_PYTHON][0]),
        "cold_different": _differing(answers[_NATIVE][1], answers[_PYTHON][1]),
        "native": one,
        "python": other,
        "ratios": {
            "start": other["first_next_ms"] / one["first_next_ms"],
            "processor": other["processor_us"] / one["processor_us"],
            "memory": other["resident_kb"] / one["resident_kb"],
        },
        "expected": BARS,
        "load": round(load, 2),
    }


def _side(judged: Row, warm: Sequence[Any], cold_ms: float, resident_kb: int) -> SideDocument:
    replies = sum(each["kind"] == "response" for each in warm)
    return {
        "runtime": "",
        "size_bytes": 0,
        "first_next_ms": round(judged.first_next_us / 1000, 3),
        "first_reply_ms": round(judged.first_reply_us / 1000, 3),
        "cold_ms": cold_ms,
        "reply_us": round(judged.reply_us, 1),
        "processor_us": round(judged.processor_us, 2),
        "resident_kb": resident_kb,
        "replies": replies,
        "errors": len(warm) - replies,
    }


def _differing(native: Sequence[Any], python: Sequence[Any]) -> int:
    return sum(one != other for one, other in zip(native, python, strict=True))


def _python_bytes(python: Prepared) -> int:
    """The handler's own files, beside an interpreter and packages that are there."""
    return sum(each.stat().st_size for each in python.folder.glob("*.py"))


def _judged(sides: dict[str, Prepared], folder: Path, event: bytes, answer: bytes) -> dict[str, Row]:
    """What the judge of the cold-start bench says of both sides, which take turns, on an event with a known answer.

    Errors    DeviceError serverless.judge   when a side does not answer.
    """
    candidates = [floor(folder)]
    for name, side in sides.items():
        files = tuple(path for path in (Path(side.command[0]),) if path.is_file())
        candidates.append(
            Candidate(
                name, side.command, side.folder, files, 0, event=event, answer=answer, environment=side.environment
            )
        )
    measured = measure(candidates, (), Conditions(samples=_STARTS, rounds=_ROUNDS))
    for each in measured.rows:
        if not each.samples:
            text = f"a side does not answer the judge, {each.failed}: `{each.name}`"
            raise DeviceError("serverless.judge", text, backend="judge", reason=each.failed)
    return {each.name: each for each in measured.rows}


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
        ("start to first reply, ms", "first_reply_ms", ""),
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
