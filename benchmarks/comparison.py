"""Rows that hold one of our operations beside its peers, and the limit of the machine beside both.

Enters: rows, each with one statement per candidate, its bars, and the bytes and operations that it cannot do without.
Leaves: a table, a verdict for each bar, and the result that `tools/docs.py` shows. Each answer is checked before the
clock runs; the limits are measured in the same run. `measure.py` is what it stands on.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import math
import os
import sys
import timeit
from typing import TYPE_CHECKING, Any, NamedTuple

import measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from types import ModuleType

OURS = "trueno"
AT_LIMIT = 0.9
"""The share of the measured limit from which on a row cannot be told from one that is as fast as can be (ADR 12)."""

ROUNDS = 25
FEWER_ROUNDS = 11
ROUND_S = 0.004
# OpenBLAS's threads look for work for about 0.1 s after a call.
SHARED_ROUNDS = 7
SHARED_LEAD_IN_S = 0.3
SHARED_ROUND_S = 0.05


class Comparison(NamedTuple):
    """One row: the statement of each candidate, ours among them, and what the row cannot do without."""

    name: str
    statements: Mapping[str, str]
    names: Mapping[str, object]
    bars: Mapping[str, float] = {}
    """Least ratio of a peer's time to ours; the row meets them when one of `any_of` or else all of them hold."""
    any_of: bool = False
    bytes_moved: int = 0
    operations: int = 0
    wrong: Callable[[str], str | None] = lambda _name: None
    """Why the answer of a candidate is wrong, None where it is right."""


class Limits(NamedTuple):
    """What one thread can do, or `threads` of them: operations per second, and bytes per second from each level."""

    threads: int
    peak_gflops: float
    levels: tuple[Any, ...]

    def fastest_ns(self, row: Comparison) -> float:
        """The time below which the row cannot be, by memory or by arithmetic; call and loop come on top."""
        level = self.level(row.bytes_moved)
        return max(float(row.bytes_moved / level.read_gb_s), row.operations / self.peak_gflops)

    def level(self, bytes_moved: int) -> Any:
        """The level of memory in which so many bytes lie."""
        held = (each for each in self.levels if each.holds_bytes is None or bytes_moved <= each.holds_bytes)
        return next(held)


def pin(threads: int = 1) -> None:
    """Keep this process on as many cores, the last ones, and its peers on as many threads; before they are imported."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[-threads:])
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
        os.environ[name] = str(threads)


def limits(threads: int = 1) -> Limits:
    """Measure them now."""
    from sovereign.compute.trueno import calibration

    found = calibration.measure()
    return Limits(threads, calibration.peak_gflops(threads), found.levels)


def peer(name: str) -> ModuleType | None:
    """A peer that may be there; the row is left out where it is not."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def compare(rows: Iterable[Comparison], measured: Limits) -> list[dict[str, Any]]:
    """Check and time each row, print it as it comes, and return what is kept of it.

    A wrong answer ends the program with status 2.
    """
    kept = []
    for row in rows:
        for name in row.statements:
            reason = row.wrong(name)
            if reason:
                print(f"not measured, `{row.name}` of {name} is wrong: {reason}", file=sys.stderr)
                raise SystemExit(2)
        kept.append(_timed(row, measured))
        print(_line(kept[-1]), flush=True)
    return kept


def _timed(row: Comparison, measured: Limits) -> dict[str, Any]:
    calls = _calls(row)
    rounds, lead_in_s = (ROUNDS if calls > 1 else FEWER_ROUNDS, 0.0)
    if measured.threads > 1:
        rounds, lead_in_s = SHARED_ROUNDS, SHARED_LEAD_IN_S
        calls = max(calls, math.ceil(SHARED_ROUND_S / ROUND_S * calls) if calls > 1 else 1)
    times = measure.interleaved(row.statements, row.names, rounds=rounds, calls=calls, lead_in_s=lead_in_s)
    peers = {
        name: {
            "median_ns": times[name].median_ns,
            "ratio": measure.paired_ratio(times, name, OURS),
            "bar": row.bars.get(name),
        }
        for name in row.statements
        if name != OURS
    }
    held = [float(peers[name]["ratio"] or 0) >= least for name, least in row.bars.items()]
    level = measured.level(row.bytes_moved)
    return {
        "row": row.name,
        "threads": measured.threads,
        "median_ns": times[OURS].median_ns,
        "fastest_ns": times[OURS].fastest_ns,
        "slowest_ns": times[OURS].slowest_ns,
        "peers": peers,
        "held": (any(held) if row.any_of else all(held)) if held else None,
        "at_limit": measured.fastest_ns(row) >= AT_LIMIT * times[OURS].median_ns,
        "limit_ns": measured.fastest_ns(row),
        "limit": _bound(row, measured, level),
    }


def _bound(row: Comparison, measured: Limits, level: Any) -> str:
    """What the limit stands on: arithmetic, or reading from a level."""
    by_memory = row.bytes_moved / level.read_gb_s
    return f"read {level.name}" if by_memory >= row.operations / measured.peak_gflops else "multiply-adds"


def _calls(row: Comparison) -> int:
    """How many calls make a round that is long enough for the clock, by the slowest candidate."""
    slowest = 0.0
    for statement in row.statements.values():
        timer = timeit.Timer(statement, globals=dict(row.names))
        timer.timeit(1)
        slowest = max(slowest, min(timer.repeat(3, 3)) / 3)
    return max(1, math.ceil(ROUND_S / slowest)) if slowest else 1


def _line(kept: Mapping[str, Any]) -> str:
    peers = "  ".join(f"{name} {each['ratio']:.2f}x" + _bar(each["bar"]) for name, each in kept["peers"].items())
    verdict = {True: "ok", False: "limit" if kept["at_limit"] else "MISSED", None: ""}[kept["held"]]
    share = 100 * kept["limit_ns"] / kept["median_ns"]
    time = f"{kept['median_ns'] / 1e3:10.3f} us  {share:3.0f} % of {kept['limit']:<14}"
    return f"{verdict:<7}{kept['row']:<34}{time} {peers}"


def _bar(least: float | None) -> str:
    return "" if least is None else f" (>= {least:g})"


def as_json(limits: Limits) -> dict[str, object]:
    """The limits as they are kept."""
    levels = [level._asdict() for level in limits.levels]
    return {"threads": limits.threads, "peak_gflops": limits.peak_gflops, "levels": levels}


def finish(folder: Path, kept: list[dict[str, Any]], limits: list[dict[str, object]], peers: Iterable[str]) -> int:
    """Keep the run, and say whether every bar was met."""
    versions = {name: importlib.metadata.version(name) for name in peers}
    result = {"comparisons": kept, "limits": limits, "peers": versions}
    print(f"kept in {measure.write(folder, result).relative_to(folder.parent)}")
    missed = [str(each["row"]) for each in kept if each["held"] is False and not each["at_limit"]]
    if missed:
        print(f"bars missed: {', '.join(missed)}")
    return 1 if missed else 0
