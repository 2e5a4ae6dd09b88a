"""Measure both engines of Ruchy beside CPython and Rust, hold them against the bars of `method.md`, keep the result."""

from __future__ import annotations

import math
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import measure  # noqa: E402

RUCHY = str(Path(sys.executable).parent / "ruchy")
NAMES = ("fib", "primes", "matrix", "words", "trees", "bodies")
ROUNDS = 5
PAIRS = {"run": "CPython", "compiled": "Rust"}
"""Each engine and its peer."""
BARS = {"run": 2000.0, "compiled": 1000 / 0.9}
"""The most that an engine may take, in thousandths of the time of its peer."""


def main() -> int:
    """Build, check, measure, report, judge."""
    os.environ["RUCHY_BUILD"] = "off"
    with tempfile.TemporaryDirectory() as folder:
        rows = {name: measure.timed_programs(built(name, Path(folder)), ROUNDS) for name in NAMES}
    shares = {engine: {name: share(each, engine) for name, each in rows.items()} for engine in PAIRS}
    for name, each in rows.items():
        print(f"{name:<10}" + "".join(f"{row.fastest_ns / 1e6:10.1f} ms {who}" for who, row in each.items()))
    means = {engine: math.exp(math.fsum(map(math.log, each.values())) / len(each)) for engine, each in shares.items()}
    bars = {f"{engine}: thousandths of the time of {PAIRS[engine]}, geometric mean": engine for engine in PAIRS}
    for name, engine in bars.items():
        verdict = "ok" if means[engine] <= BARS[engine] else "MISSED"
        print(f"{verdict:<7}{name}: {means[engine]:.0f}, at most {BARS[engine]:.0f}")
    kept = {
        "rows": {f"{name}, {who}": row._asdict() for name, each in rows.items() for who, row in each.items()},
        "bars": {name: {"measured": means[engine], "most": BARS[engine]} for name, engine in bars.items()},
        "ratios": {
            f"{PAIRS[engine]} / {engine}, {name}": 1000 / shares[engine][name] for engine in PAIRS for name in NAMES
        },
        "versions": {"rustc": measure.said("rustc", "--version")},
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(means[engine] > BARS[engine] for engine in PAIRS) else 0


def built(name: str, folder: Path) -> dict[str, list[str]]:
    """The commands of all candidates, which print the same."""
    source = HERE / "programs" / name
    native, rust = folder / f"{name}.native", folder / f"{name}.rust"
    measure.must([RUCHY, "compile", f"{source}.ruchy", "-o", str(native)])
    measure.must(["rustc", "-O", "--edition", "2021", f"{source}.rs", "-o", str(rust)])
    found = {
        "run": [RUCHY, "run", f"{source}.ruchy"],
        "CPython": [sys.executable, f"{source}.py"],
        "compiled": [str(native)],
        "Rust": [str(rust)],
    }
    measure.require_same_output(name, found, "CPython")
    return found


def share(rows: dict[str, measure.Row], engine: str) -> float:
    """The fastest time of an engine in thousandths of its peer's."""
    return 1000 * rows[engine].fastest_ns / rows[PAIRS[engine]].fastest_ns


if __name__ == "__main__":
    raise SystemExit(main())
