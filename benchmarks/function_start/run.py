"""Measure how functions start and answer, hold them against the bars of `method.md`, keep the result."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import measure  # noqa: E402

from sovereign.orchestration.serverless.coldstart import Conditions, candidates, note  # noqa: E402
from sovereign.orchestration.serverless.coldstart import measure as measured_of  # noqa: E402
from sovereign.orchestration.serverless.native import build  # noqa: E402

if TYPE_CHECKING:
    from sovereign.orchestration.serverless.coldstart import Candidate, Row

LARGE = b'"' + b"x" * (6 * 1024 * 1024) + b'"'
ECHO, ROUTER, OURS, THEIRS, C = "sovereign echo", "sovereign router", "sovereign Python", "awslambdaric", "C, static"
KIB = 1024


def main() -> int:
    """Build, measure, report, judge."""
    with tempfile.TemporaryDirectory() as folder:
        found, lacking = candidates(Path(folder))
        small = measured_of(found, lacking, Conditions())
        large = measured_of([large_echo(each) for each in found if each.name == ECHO or each.is_floor], [], SHORT)
        long = measured_of([each for each in found if each.name == ECHO or each.is_floor], [], LONG)
        arm_bytes = size_on_arm(found, Path(folder))
    print(note(small))
    rows = {row.name: row for row in small.rows}
    for row in small.rows:
        times = f"{row.first_next_us:10.0f} us{row.floor_ratio:8.2f}x{row.cycle_us:9.1f} us"
        print(f"{row.name:<18}{times}{row.rss_kb:>8} KiB")
    large_row, long_row = (next(row for row in run.rows if row.name == ECHO) for run in (large, long))
    bars = judged(rows, large_row, arm_bytes) | grown(long_row)
    for name, bar in bars.items():
        held = "ok" if bar["measured"] <= bar["most"] else "MISSED"
        print(f"{held:<7}{name}: {bar['measured']:.4g}, at most {bar['most']:g}")
    if not small.is_quiet:
        print("not kept, the machine had other things to do", file=sys.stderr)
        return 2
    kept = {"starts": small.to_json(), "bars": bars}
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(bar["measured"] > bar["most"] for bar in bars.values()) else 0


SHORT = Conditions(samples=10, rounds=20)
LONG = Conditions(samples=1, rounds=100_000, limit_s=120)


def grown(long: Row) -> dict[str, dict[str, float]]:
    """What a process gathered between its tenth and its last event; nothing that failed counts as held."""
    kib, descriptors = (
        float("inf") if long.failed or each is None else each for each in (long.grown_kb, long.grown_descriptors)
    )
    return {
        "100,000 events, KiB of growth": {"measured": kib, "most": 0},
        "100,000 events, further descriptors": {"measured": descriptors, "most": 0},
    }


def large_echo(candidate: Candidate) -> Candidate:
    """The same candidate with an event of 6 MiB."""
    return replace(candidate, event=LARGE)


def size_on_arm(found: list[Candidate], folder: Path) -> int:
    """Bytes of our echo for arm64."""
    from sovereign.orchestration.serverless.coldstart.candidates import OUR_SOURCES

    assert any(each.name == ECHO for each in found)
    return build(OUR_SOURCES / "echo.rs", arch="arm64", output=folder / "arm", function="handle").size_bytes


def judged(rows: dict[str, Row], large: Row, arm_bytes: int) -> dict[str, dict[str, float]]:
    """Each bar: what was measured, and the most that it may be."""
    echo = rows[ECHO]
    others = [row.first_next_us for row in rows.values() if not row.is_ours and row.name != "empty process"]
    measured: dict[str, tuple[float, float]] = {
        "echo, first next over the empty process": (echo.floor_ratio, 1.35),
        "echo, first next over the fastest peer": (echo.first_next_us / min(others), 1.0),
        "echo, system calls until the first wait": (float("inf") if echo.calls is None else echo.calls, 8),
        "echo, resident KiB": (echo.rss_kb, 128),
        "echo, cycle over C's": (echo.cycle_us / rows[C].cycle_us, 1.15),
        "echo, KiB on x86-64": (echo.size_bytes / KIB, 16),
        "echo, KiB on arm64": (arm_bytes / KIB, 16),
        "JSON and routes, KiB": (rows[ROUTER].size_bytes / KIB, 48),
        "6 MiB, ns of a reply for each byte": (large.reply_us * 1000 / len(LARGE), 1.0),
        "Python, first next over awslambdaric": (rows[OURS].first_next_us / rows[THEIRS].first_next_us, 0.5),
    }
    return {name: {"measured": value, "most": most} for name, (value, most) in measured.items()}


if __name__ == "__main__":
    raise SystemExit(main())
