"""The machine that a measurement was made on, and a fair way to make one.

Enters: named calls. Leaves: nanoseconds per call from interleaved rounds, and the facts that a reader needs to judge
them. Every `run.py` of this folder stands on it; the rules are those of its `method.md`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
import timeit
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ALLOWED_LOSS = 0.05
"""What a ratio may be worse than in the kept run; timings of a quiet machine repeat within less."""
# Where one of these is set, NumPy's library runs older kernels than the machine has and looks slower than it is.
_HANDICAPS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


class Row(NamedTuple):
    """Nanoseconds per call: the median over the rounds, the fastest and the slowest round."""

    median_ns: float
    fastest_ns: float
    slowest_ns: float
    rounds_ns: list[float]


def refuse_handicaps() -> None:
    """End with status 2 where the environment slows a peer down."""
    found = [name for name in _HANDICAPS if name in os.environ]
    if found:
        print(f"not measured, unset this and run again: `{'`, `'.join(found)}`", file=sys.stderr)
        raise SystemExit(2)


def not_measured(reason: str) -> NoReturn:
    """End with status 2: what was found is no result."""
    print(f"not measured, {reason}", file=sys.stderr)
    raise SystemExit(2)


def must(command: list[str], folder: Path | None = None, environment: dict[str, str] | None = None) -> None:
    """Run a program without which there is nothing to measure, such as a compiler."""
    try:
        finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    except OSError as error:
        not_measured(f"`{command[0]}` does not start: {error.strerror}")
    if finished.returncode:
        not_measured(f"`{' '.join(command)}` fails:\n{finished.stdout}{finished.stderr}")


def said(*command: str) -> str:
    """What a program prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def require_same_output(name: str, candidates: Mapping[str, list[str]], model: str) -> None:
    """End with status 2 where a candidate prints something else than `model` does: a wrong answer is no speed."""
    printed = {
        who: subprocess.run(command, capture_output=True, check=True).stdout for who, command in candidates.items()
    }
    for who, text in printed.items():
        if text != printed[model]:
            not_measured(f"`{name}` of {who} prints something else than under {model}")


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a program to its end, which has to be a good one."""
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment)


def timed_programs(candidates: Mapping[str, list[str]], rounds: int) -> dict[str, Row]:
    """Candidates that are programs, each run once a round as a process of its own, in turns."""
    statements = {who: f"run({command!r})" for who, command in candidates.items()}
    return interleaved(statements, {"run": run}, rounds=rounds, calls=1)


def interleaved(
    statements: Mapping[str, str], names: Mapping[str, object], *, rounds: int, calls: int, lead_in_s: float = 0.0
) -> dict[str, Row]:
    """Time each statement `calls` times per round, in turns, so that a busy minute hits all of them alike.

    A library whose threads look for work after a call keeps the others from their cores; `lead_in_s` lets each
    candidate run so long before its calls are timed, until the threads of the one before it sleep.
    """
    timers = {name: timeit.Timer(statement, globals=dict(names)) for name, statement in statements.items()}
    found: dict[str, list[float]] = {name: [] for name in timers}
    for timer in timers.values():
        timer.timeit(calls // 10)
    for _ in range(rounds):
        for name, timer in timers.items():
            start = time.perf_counter()
            while time.perf_counter() - start < lead_in_s:
                timer.timeit(1)
            found[name].append(timer.timeit(calls) / calls * 1e9)
    return {name: Row(statistics.median(each), min(each), max(each), each) for name, each in found.items()}


def paired_ratio(rows: Mapping[str, Row], over: str, under: str) -> float:
    """The median of the ratios round by round, which outlives a change of clock speed between rounds."""
    pairs = zip(rows[over].rounds_ns, rows[under].rounds_ns, strict=True)
    return statistics.median(a / b for a, b in pairs)


def paired_difference(rows: Mapping[str, Row], more: str, less: str) -> float:
    """The median of the differences round by round, in nanoseconds."""
    pairs = zip(rows[more].rounds_ns, rows[less].rounds_ns, strict=True)
    return statistics.median(a - b for a, b in pairs)


def machine() -> dict[str, object]:
    """Processor, system, load and versions."""
    import numpy as np

    from sovereign._native import build_facts

    return {
        "processor": _processor(),
        "processors": os.cpu_count(),
        "load_1_5_15": [round(each, 2) for each in os.getloadavg()],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "native": build_facts(),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text() if cpuinfo.exists() else ""
    named = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return named[1] if named else platform.processor() or platform.machine()


def worse(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[str]:
    """What of a kept run this one lost: a bar that was held, a claim, or more than `ALLOWED_LOSS` of a ratio.

    A claim is `what`, `measured`, `held`, and `most` where less is better, as for sizes; more is better otherwise.
    """
    found = {each["what"]: each for each in now}
    told = []
    for old in before:
        new = found.get(old["what"])
        if new is None:
            told.append(f"{old['what']}: it is not measured any more")
            continue
        less = new["measured"] > old["measured"] * (1 + ALLOWED_LOSS)
        more = new["measured"] < old["measured"] * (1 - ALLOWED_LOSS)
        was = f"{new['measured']:,.5g}, kept is {old['measured']:,.5g}"
        if old["held"] and not new["held"]:
            told.append(f"{old['what']}: the bar was held before: {was}")
        elif less if old["most"] is not None else more:
            told.append(f"{old['what']}: more than {ALLOWED_LOSS:.0%} worse: {was}")
    return told


def kept(folder: Path) -> dict[str, Any]:
    """The kept run of this processor; empty where there is none."""
    path = _place(folder)
    found: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
    return found


def _place(folder: Path) -> Path:
    name = re.sub(r"[^a-z0-9]+", "-", _processor().lower()).strip("-")
    return folder / "results" / f"{name}.json"


def write(folder: Path, results: Mapping[str, object]) -> Path:
    """Save one run beside the others, under the processor's name; the day stands inside."""
    day = dt.datetime.now(tz=dt.UTC).date().isoformat()
    path = _place(folder)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"day": day, "machine": machine(), **results}, indent=1) + "\n")
    return path
