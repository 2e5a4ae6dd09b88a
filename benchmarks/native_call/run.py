"""Measure what a call of the native core costs, hold it against the two bars of `method.md`, and keep the result."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import measure  # noqa: E402

from sovereign._native import nothing  # noqa: E402 - what is measured is the door itself
from sovereign.compute.trueno import dot  # noqa: E402
from sovereign.compute.trueno.agreement import share  # noqa: E402

LENGTH = 384
ROUNDS = 41
CALLS = 20_000
MOST_OVER_EMPTY_NS = 60.0
MOST_FOR_DOT_NS = 200.0
STATEMENTS = {
    "empty function": "empty()",
    "native nothing": "nothing()",
    "dot": "dot(a, b)",
    "dot of memoryviews": "dot(a_view, b_view)",
    "numpy dot": "numpy_dot(a, b)",
}


def empty() -> None:
    """The function that costs only its call."""


def main() -> int:
    """Check, measure, report, judge."""
    measure.refuse_handicaps()
    a, b = np.random.default_rng(0).standard_normal((2, LENGTH), dtype=np.float32)
    if max(share("dot", each(a, b), a, b) for each in (dot, np.dot)) > 1:
        print("not measured: a dot product is wrong", file=sys.stderr)
        return 2
    names = {
        "empty": empty,
        "nothing": nothing,
        "dot": dot,
        "numpy_dot": np.dot,
        "a": a,
        "b": b,
        "a_view": memoryview(a),
        "b_view": memoryview(b),
    }
    rows = measure.interleaved(STATEMENTS, names, rounds=ROUNDS, calls=CALLS)
    over = measure.paired_difference(rows, "native nothing", "empty function")
    bars = {
        "native nothing over an empty function, ns": (over, MOST_OVER_EMPTY_NS),
        "dot of 384, ns": (rows["dot"].median_ns, MOST_FOR_DOT_NS),
    }
    ratios = {
        "numpy dot / dot": measure.paired_ratio(rows, "numpy dot", "dot"),
        "dot / empty function": measure.paired_ratio(rows, "dot", "empty function"),
    }
    report(rows, bars, ratios)
    kept = {
        "rows": {name: row._asdict() for name, row in rows.items()},
        "bars": {name: {"measured": measured, "most": most} for name, (measured, most) in bars.items()},
        "ratios": ratios,
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(measured > most for measured, most in bars.values()) else 0


def report(rows: dict[str, measure.Row], bars: dict[str, tuple[float, float]], ratios: dict[str, float]) -> None:
    """Print the rows, the ratios and the bars."""
    for name, row in rows.items():
        print(f"{name:<20}{row.median_ns:8.1f} ns   ({row.fastest_ns:.1f} to {row.slowest_ns:.1f})")
    for name, ratio in ratios.items():
        print(f"{name:<20}{ratio:8.2f}")
    for name, (measured, most) in bars.items():
        verdict = "ok" if measured <= most else "MISSED"
        print(f"{verdict:<7}{name}: {measured:.1f}, at most {most:.0f}")


if __name__ == "__main__":
    raise SystemExit(main())
