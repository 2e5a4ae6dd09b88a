"""Measure what following a program costs beside strace, hold it against `method.md`, and keep the result."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import measure  # noqa: E402

RENACER = [
    sys.executable,
    "-c",
    "import sys; from sovereign.observability.renacer.cli import main; sys.exit(main())",
]
BLOCKS = 50_000
MANY_BLOCKS = 2_000_000
LONG_BLOCKS = 5_000_000
ROUNDS = 5
MOST_BYTES = 100_000_000
CHOSEN = "openat,execve"
# Over, under, at most.
BARS = (
    ("renacer -f -c", "strace -f -c", 1.1),
    ("renacer -f -o", "strace -f -o", 1.1),
    ("renacer -f -e", "strace -f --seccomp-bpf -e", 1.1),
    ("renacer -f -e", "filtered alone", 2.0),
)


def main() -> int:
    """Measure, report, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--memory", action="store_true", help="follow ten million calls too, which takes minutes")
    options = parser.parse_args()
    if not shutil.which("strace"):
        measure.not_measured("`strace` is not installed")
    rows = measure.timed_programs(candidates(), options.rounds)
    for name, row in rows.items():
        print(f"{name:<28}{row.median_ns / 1e9:8.3f} s   ({row.fastest_ns / 1e9:.3f} to {row.slowest_ns / 1e9:.3f})")
    ratios = {f"{over} / {under}": measure.paired_ratio(rows, over, under) for over, under, _ in BARS}
    bars = {name: (ratio, most) for (name, ratio), (*_, most) in zip(ratios.items(), BARS, strict=True)}
    if options.memory:
        bars["ten million calls, bytes"] = (memory(), MOST_BYTES)
    for name, (measured, most) in bars.items():
        print(f"{'ok' if measured <= most else 'MISSED':<7}{name}: {measured:.2f}, at most {most:.1f}")
    kept = {
        "rows": {name: row._asdict() for name, row in rows.items()},
        "bars": {name: {"measured": measured, "most": most} for name, (measured, most) in bars.items()},
        "ratios": ratios,
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(measured > most for measured, most in bars.values()) else 0


def candidates() -> dict[str, list[str]]:
    """Each way to run the program, by its name."""
    plain, many = program(BLOCKS), program(MANY_BLOCKS)
    nowhere = ["-o", "/dev/null"]
    return {
        "alone": plain,
        "strace -f -c": ["strace", "-f", "-c", *nowhere, *plain],
        "renacer -f -c": [*RENACER, "-f", "-c", *nowhere, "--", *plain],
        "strace -f -o": ["strace", "-f", *nowhere, *plain],
        "renacer -f -o": [*RENACER, "-f", *nowhere, "--", *plain],
        "filtered alone": many,
        "strace -f --seccomp-bpf -e": ["strace", "-f", "--seccomp-bpf", "-e", f"trace={CHOSEN}", *nowhere, *many],
        "renacer -f -e": [*RENACER, "-f", "-e", CHOSEN, *nowhere, "--", *many],
    }


def program(blocks: int) -> list[str]:
    """The program that is followed: two calls a block."""
    return ["dd", "if=/dev/zero", "of=/dev/null", "bs=1", f"count={blocks}", "status=none"]


def memory() -> int:
    """The peak of resident memory of a tracer that writes ten million calls as JSON lines."""
    words = [*RENACER, "-f", "--format", "jsonl", "-o", "/dev/null", "--", *program(LONG_BLOCKS)]
    process = subprocess.Popen(words)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        measure.not_measured("the trace of ten million calls failed")
    return usage.ru_maxrss * 1024


if __name__ == "__main__":
    raise SystemExit(main())
