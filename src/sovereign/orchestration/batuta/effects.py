"""What both sides do to the system, held together by the tracing room.

Enters: two sides and what they are given. Leaves: an `EffectsDocument` with the verdict of
`sovereign.observability.renacer.compare`. A function is traced behind the emulated platform on events that it replies
to, because runtimes print an error in words of their own, and it is killed at the end, as the platform does it. Left
out is what belongs to a side alone: its connection to the platform, the model that the other has inside of it, and what
Python looks up about its user and its processor.
"""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL
from typing import TYPE_CHECKING, Any, TypedDict

from sovereign.errors import DeviceError
from sovereign.migration.equivalence import Verdict
from sovereign.observability.renacer import compare, record
from sovereign.orchestration.serverless import Emulator, Facts, Invocation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.migration.equivalence import Case
    from sovereign.observability.renacer import Recording
    from sovereign.orchestration.serverless import Prepared

__all__ = ["EffectsDocument", "function_effects", "program_effects", "trace_function"]

_PATIENCE_S = 60.0
_SETTLE_S, _SETTLE_STEP_S, _ASLEEP = 2.0, 0.01, 5
_KEPT_BYTES = 4096
_REQUEST = "00000000-0000-4000-8000-"
_TRIES = 3
"""What could not be compared is traced anew so often; a difference is one at once."""
_OF_PYTHON = ("/etc/passwd", "*/sovereign/compute/calibration.json")
_OF_PLATFORM = ("connect 127.0.0.1:*",)
_VERDICTS = {"equal": Verdict.SAME, "differs": Verdict.DIFFERENT}


class EffectsDocument(TypedDict):
    """What came of a comparison of effects: how many runs or events, calls on each side, the first differences."""

    verdict: str
    count: int
    original_events: int
    translated_events: int
    left_out: list[str]
    differences: list[str]


def program_effects(original: Sequence[str], translated: Sequence[str], cases: Sequence[Case]) -> EffectsDocument:
    """Run two programs on each case, each in a folder of its own, and hold their effects together.

    Errors    TraceError   when a program does not start, or the kernel refuses.
    """
    found = _document(len(cases), _OF_PYTHON)
    for case in cases:
        traces = [_trace_program(command, case) for command in (original, translated)]
        _join(found, traces)
    return found


def _trace_program(command: Sequence[str], case: Case) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="effects") as name, tempfile.TemporaryFile() as given:
        folder = Path(name)
        for place, content in case.files.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_bytes(content)
        given.write(case.stdin)
        given.seek(0)
        environment = {**os.environ, **case.environment}
        return list(
            record(
                [*command, *case.arguments],
                folder=folder,
                environment=environment,
                stdin=given,
                stdout=DEVNULL,
                stderr=DEVNULL,
                limit_bytes=_KEPT_BYTES,
                hashes=True,
            )
        )


def function_effects(
    original: Prepared, translated: Prepared, events: Sequence[bytes], models: Sequence[str]
) -> EffectsDocument:
    """Give the same events to two functions and hold their effects together.

    Errors    TraceError                     when the kernel refuses.
              DeviceError equivalence.run    when a side does not ask for its first event, or does not answer.
    """
    left_out = (*_OF_PLATFORM, *_OF_PYTHON, *(f"*/{each}" for each in models))
    found = _document(len(events), left_out)
    for _ in range(_TRIES):
        found = _document(len(events), left_out)
        _join(found, [trace_function(side, events) for side in (original, translated)])
        if found["verdict"] != str(Verdict.UNMEASURED):
            break
    return found


def trace_function(
    side: Prepared, events: Sequence[bytes], *, host: str = "127.0.0.1", port: int = 0
) -> list[dict[str, Any]]:
    """What a function does while it answers events, until it is killed; the platform is where it is said to be.

    Errors    as `function_effects`, and ParameterError serverless.port   when somebody else is there.
    """
    with Emulator(Facts(timeout_s=_PATIENCE_S, handler=side.handler), host=host, port=port) as emulator:
        # One thread: of a process with several that is killed, the tracer may miss the end of the first one.
        environment = {**side.environment, "OPENBLAS_NUM_THREADS": "1", **emulator.environment(str(side.folder))}
        recording = record(
            side.command,
            folder=side.folder,
            environment=environment,
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            limit_bytes=_KEPT_BYTES,
            hashes=True,
        )
        found: list[dict[str, Any]] = []
        # The tracer follows the process in this thread; the events are given in the other one.
        thread = threading.Thread(target=_watch, args=(recording, found), daemon=True)
        thread.start()
        try:
            _feed(emulator, events, side)
            _settle(found)
        finally:
            _end(found)
            thread.join(_PATIENCE_S)
    return found


def _watch(recording: Recording, found: list[dict[str, Any]]) -> None:
    """Add each event as it comes, so that the process is known before it ends."""
    for each in recording:
        found.append(each)  # noqa: PERF402 - it is looked at meanwhile


def _feed(emulator: Emulator, events: Sequence[bytes], side: Prepared) -> None:
    if not emulator.wait_ready(_PATIENCE_S):
        raise _silent(side, "it does not ask for an event")
    for place, each in enumerate(events):
        job = emulator.submit(Invocation(each, request_id=f"{_REQUEST}{place:012}"))
        if not job.done.wait(_PATIENCE_S):
            raise _silent(side, "it does not answer")
        job.ended.wait(1.0)


def _pids(found: Sequence[dict[str, Any]]) -> set[int]:
    return {each["pid"] for each in list(found) if each["event"] == "process"}


def _settle(found: Sequence[dict[str, Any]]) -> None:
    """Wait until the processes of a function sleep, waiting for an event that does not come."""
    until, asleep = time.monotonic() + _SETTLE_S, 0
    while asleep < _ASLEEP and time.monotonic() < until:
        states = set()
        for pid in _pids(found):
            with suppress(OSError):
                states.add(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0])
        asleep = asleep + 1 if states == {"S"} else 0
        time.sleep(_SETTLE_STEP_S)


def _end(found: Sequence[dict[str, Any]]) -> None:
    """Kill the processes of a function, as the platform does it."""
    for pid in _pids(found):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _silent(side: Prepared, reason: str) -> DeviceError:
    text = f"a traced side cannot be followed, {reason}: `{side.command[0]}`"
    return DeviceError("equivalence.run", text, backend=str(side.command[0]), reason=reason)


def _document(count: int, left_out: Sequence[str]) -> EffectsDocument:
    return {
        "verdict": str(Verdict.SAME if count else Verdict.UNMEASURED),
        "count": count,
        "original_events": 0,
        "translated_events": 0,
        "left_out": list(left_out),
        "differences": [],
    }


def _join(found: EffectsDocument, traces: Sequence[list[dict[str, Any]]]) -> None:
    verdict = compare(*traces, leave_out=found["left_out"])
    found["original_events"] += len(traces[0])
    found["translated_events"] += len(traces[1])
    answer = _VERDICTS.get(str(verdict.answer), Verdict.UNMEASURED)
    if answer is not Verdict.SAME:
        found["verdict"] = str(answer)
        found["differences"] += [each.sentence for each in verdict.differences] or [verdict.sentence]
