"""Samples of all candidates, taken in turns by the judge, and what they come to.

Enters: candidates and conditions. Leaves: `Measured`: a row for each, ratios to the empty process of the same run, and
the load of the machine. A high percentile of a loaded machine says something about the load, so it is given only under
real-time priority or on a quiet machine. Read `candidates.py` first.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovereign.errors import DeviceError
from sovereign.migration.rust import Job, Profile, compile_program
from sovereign.orchestration.serverless.coldstart.candidates import FLOOR
from sovereign.orchestration.serverless.coldstart.tiers import HOME, tiers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sovereign.orchestration.serverless.coldstart.candidates import Candidate, Lacking

__all__ = ["Conditions", "Measured", "Row", "measure"]

_QUIET_LOAD = 0.5
"""The share of the processors that may be busy before a run for it to count as quiet."""
_EVENT = b'{"hello":"world","numbers":[1,2,3],"text":"' + b"x" * 150 + b'"}'


@dataclass(frozen=True, slots=True)
class Conditions:
    """How it is measured: starts of each candidate, rounds in each process, event, page cache, scheduling, memory.

    With sizes of memory in MiB, each candidate but the floor is there once for each. System
    calls are counted unless `has_calls` is false.
    """

    samples: int = 200
    rounds: int = 30
    event: bytes = _EVENT
    is_cold: bool = False
    has_priority: bool = False
    limit_s: float = 20.0
    memory_mb: tuple[int, ...] = ()
    has_calls: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """What one candidate came to; times in microseconds, memory in KiB. A p99 is None where it would not be honest.

    The growth is that from the tenth event of a process to its last; None where there were no more. `processor_us` is
    what the process itself was given of a processor for one event, when it was warm.
    """

    name: str
    is_ours: bool
    size_bytes: int
    samples: int
    failed: str
    first_next_us: float
    first_next_p99_us: float | None
    floor_ratio: float
    first_reply_us: float
    reply_us: float
    cycle_us: float
    rss_kb: int
    faults: int
    calls: int | None
    grown_kb: int | None = None
    grown_descriptors: int | None = None
    processor_us: float = 0.0

    def to_json(self) -> dict[str, object]:
        """The row as a JSON object."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Measured:
    """A run: its rows, who is lacking, the conditions, and the load before and after."""

    rows: tuple[Row, ...]
    lacking: tuple[Lacking, ...]
    conditions: Conditions
    load_before: float
    load_after: float

    @property
    def is_quiet(self) -> bool:
        """Whether the machine had little else to do."""
        return self.load_before <= _QUIET_LOAD * (os.cpu_count() or 1)

    def to_json(self) -> dict[str, object]:
        """The run as a JSON object."""
        return {
            "rows": [each.to_json() for each in self.rows],
            "lacking": {each.name: each.reason for each in self.lacking},
            "samples": self.conditions.samples,
            "rounds": self.conditions.rounds,
            "event_bytes": len(self.conditions.event),
            "memory_mb": list(self.conditions.memory_mb),
            "page_cache": "cold" if self.conditions.is_cold else "warm",
            "real_time_priority": self.conditions.has_priority,
            "load_before": round(self.load_before, 2),
            "load_after": round(self.load_after, 2),
        }


def measure(candidates: Sequence[Candidate], lacking: Sequence[Lacking], conditions: Conditions) -> Measured:
    """Start every candidate many times, in turns, and sum up.

    Errors    DeviceError serverless.judge   when the judge cannot work: no real-time priority where it is asked for.
              DeviceError serverless.tiers   when sizes of memory are asked for and none can be set here.
    Cost      samples times the sum of all start times: about half a minute for 200 with everything installed.
    """
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="judge") as name:
        folder = Path(name)
        judge = folder / "judge"
        text = Path(__file__).with_name("judge.rs").read_text(encoding="utf-8")
        compile_program(Job(text, judge, profile=Profile.RELEASE))
        with tiers(conditions.memory_mb) as groups:
            candidates = _in_tiers(candidates, conditions.memory_mb)
            found = _samples(judge, _plan(folder, candidates, conditions, groups), candidates, conditions)
        calls = {each.name: _calls(each, folder) if conditions.has_calls else None for each in candidates}
    floor = statistics.median(each["first_next_ns"] for each in found[FLOOR]) / 1000
    measured = Measured((), tuple(lacking), conditions, load, os.getloadavg()[0])
    is_honest = conditions.has_priority or measured.is_quiet
    rows = [_row(each, found[each.name], floor, calls[each.name], is_honest=is_honest) for each in candidates]
    return Measured(tuple(rows), tuple(lacking), conditions, load, os.getloadavg()[0])


def _in_tiers(candidates: Sequence[Candidate], sizes_mb: Sequence[int]) -> list[Candidate]:
    """The floor as it is, each other candidate once for each size."""
    found = []
    for each in candidates:
        limited = [replace(each, name=f"{each.name}, {size} MB", memory_mb=size) for size in sizes_mb]
        found += [each] if each.is_floor or not limited else limited
    return found


def _samples(
    judge: Path, plan: str, candidates: Sequence[Candidate], conditions: Conditions
) -> dict[str, list[dict[str, Any]]]:
    finished = subprocess.run(
        [str(judge)],
        input=plan,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        reason = finished.stderr.strip() or f"it ended with {finished.returncode}"
        raise DeviceError("serverless.judge", f"nothing could be measured: {reason}", backend="judge", reason=reason)
    found: dict[str, list[dict[str, Any]]] = {each.name: [] for each in candidates}
    events = {each.name: each.event or conditions.event for each in candidates}
    wanted = {each.name: each.answer or events[each.name] for each in candidates}
    for line in finished.stdout.splitlines():
        sample = json.loads(line)
        name = sample["name"]
        reply = events[name].decode() if sample.get("reply") is True else sample.get("reply")
        found[name].append({"failed": _wrong(reply, wanted[name]), **sample})
    return found


def _wrong(reply: str | None, wanted: bytes) -> str:
    """What is wrong with the answer of a start; nothing where there is none, as after another failure."""
    if reply is None or reply.encode() == wanted:
        return ""
    with suppress(ValueError):
        if json.loads(reply) == json.loads(wanted):
            return ""
    return f"it answers something else: {reply[:60]}"


def _plan(folder: Path, candidates: Sequence[Candidate], conditions: Conditions, groups: Mapping[int, Path]) -> str:
    """The plan for the judge, as `judge.rs` documents it."""
    lines = [f"samples {conditions.samples}", f"rounds {conditions.rounds}", f"limit {conditions.limit_s * 1000:.0f}"]
    lines += ["cold"] * conditions.is_cold + ["priority"] * conditions.has_priority
    lines += [f"home {groups[HOME]}"] if groups else []
    for place, each in enumerate(candidates):
        event = folder / f"event{place}"
        event.write_bytes(each.event or conditions.event)
        lines += [f"candidate {each.name}", f"folder {each.folder}", f"event {event}"]
        lines += [f"file {path}" for path in each.files]
        lines += [f"word {word}" for word in each.command]
        lines += [f"set {name}={value}" for name, value in each.environment.items()]
        if each.memory_mb:
            lines += [f"group {groups[each.memory_mb]}", f"set AWS_LAMBDA_FUNCTION_MEMORY_SIZE={each.memory_mb}"]
        lines += ["floor"] * each.is_floor
    return "\n".join(lines) + "\n"


def _row(
    candidate: Candidate, samples: list[dict[str, Any]], floor_us: float, calls: int | None, *, is_honest: bool
) -> Row:
    good = [each for each in samples if not each["failed"]]
    failed = next((each["failed"] for each in samples if each["failed"]), "")

    def middle(values: list[float]) -> float:
        return statistics.median(values) / 1000 if values else 0.0

    starts = [each["first_next_ns"] for each in good]
    start_us = middle(starts)
    return Row(
        name=candidate.name,
        is_ours=candidate.is_ours,
        size_bytes=candidate.size_bytes,
        samples=len(good),
        failed=failed,
        first_next_us=start_us,
        first_next_p99_us=_percentile(starts, 99) / 1000 if is_honest and starts else None,
        floor_ratio=start_us / floor_us,
        first_reply_us=middle([each["first_reply_ns"] for each in good if each["first_reply_ns"]]),
        reply_us=middle([time for each in good for time in each["replies_ns"]]),
        cycle_us=middle([time for each in good for time in each["cycles_ns"]]),
        processor_us=middle([each["processor_ns"] for each in good]),
        rss_kb=round(statistics.median(each["rss_kb"] for each in good)) if good else 0,
        faults=round(statistics.median(each["faults"] for each in good)) if good else 0,
        calls=calls,
        grown_kb=_grown(good, "rss_kb"),
        grown_descriptors=_grown(good, "descriptors"),
    )


def _grown(samples: Sequence[Mapping[str, int]], name: str) -> int | None:
    """The most that a process grew by since its tenth event."""
    return max((each[name] - each[f"early_{name}"] for each in samples if each["early_rss_kb"]), default=None)


def _percentile(values: list[float], share: int) -> float:
    """The value below which so many of a hundred lie, by the nearest rank.

    >>> _percentile([1.0, 2.0, 3.0, 4.0], 50)
    2.0
    """
    ranked = sorted(values)
    return ranked[max(0, -(-share * len(ranked) // 100) - 1)]


def _calls(candidate: Candidate, folder: Path) -> int | None:
    """System calls from the start to the wait for the first event, by strace; None where that is not installed."""
    strace = shutil.which("strace")
    if strace is None:
        return None
    from sovereign.orchestration.serverless.contract import Facts
    from sovereign.orchestration.serverless.emulator import Emulator

    log = folder / "calls"
    command = [strace, "-f", "-qq", "-o", str(log), *candidate.command]
    with Emulator(Facts(handler="handler.handler")) as emulator:
        environment = {**emulator.environment(str(candidate.folder)), **candidate.environment}
        process = subprocess.Popen(
            command,
            cwd=candidate.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            if candidate.is_floor:
                process.wait(10)
            elif not emulator.wait_ready(10):
                return None
        finally:
            _end(process)
    return _counted(log.read_text(encoding="utf-8", errors="replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End strace and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _counted(log: str) -> int:
    """Lines that are calls; a call that another thread cut in two counts once."""
    lines = (line.split(maxsplit=1)[-1] for line in log.splitlines())
    return sum(1 for line in lines if not line.startswith(("+++", "---", "<...")))
