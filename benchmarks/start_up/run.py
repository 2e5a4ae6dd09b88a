"""Measure how long commands take to begin, hold it against the bars of `method.md`, and keep the result."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import measure  # noqa: E402

BIN = Path(sys.executable).parent
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import sovereign": [sys.executable, "-c", "import sovereign"],
    "batuta --help": [str(BIN / "batuta"), "--help"],
    "batuta --version": [str(BIN / "batuta"), "--version"],
}
BARS_MS = {"import sovereign": 30.0, "batuta --help": 100.0}
ROUNDS = 21


def main() -> int:
    """Measure, report, judge."""
    rows = measure.interleaved(
        {name: f"run({words!r})" for name, words in COMMANDS.items()}, {"run": run}, rounds=ROUNDS, calls=1
    )
    bars = {f"{name}, ms": (rows[name].median_ns / 1e6, most) for name, most in BARS_MS.items()}
    for name, row in rows.items():
        print(f"{name:<20}{row.median_ns / 1e6:8.1f} ms   ({row.fastest_ns / 1e6:.1f} to {row.slowest_ns / 1e6:.1f})")
    for name, (measured, most) in bars.items():
        print(f"{'ok' if measured <= most else 'MISSED':<7}{name}: {measured:.1f}, at most {most:.0f}")
    kept = {
        "rows": {name: row._asdict() for name, row in rows.items()},
        "bars": {name: {"measured": measured, "most": most} for name, (measured, most) in bars.items()},
        "ratios": {"batuta --help / python -c pass": measure.paired_ratio(rows, "batuta --help", "python -c pass")},
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(measured > most for measured, most in bars.values()) else 0


def run(words: list[str]) -> None:
    """Run a command to its end, which has to be a good one."""
    subprocess.run(words, stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    raise SystemExit(main())
