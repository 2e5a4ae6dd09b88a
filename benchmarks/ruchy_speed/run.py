"""Measure both engines of Ruchy beside CPython and Rust, hold them against the bars of `method.md`, keep the result."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

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
        rows = {name: timed(built(name, Path(folder))) for name in NAMES}
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
        "versions": {"rustc": said("rustc", "--version")},
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(means[engine] > BARS[engine] for engine in PAIRS) else 0


def built(name: str, folder: Path) -> dict[str, list[str]]:
    """The commands of all candidates, which print the same."""
    source = HERE / "programs" / name
    native, rust = folder / f"{name}.native", folder / f"{name}.rust"
    must([RUCHY, "compile", f"{source}.ruchy", "-o", str(native)])
    must(["rustc", "-O", "--edition", "2021", f"{source}.rs", "-o", str(rust)])
    found = {
        "run": [RUCHY, "run", f"{source}.ruchy"],
        "CPython": [sys.executable, f"{source}.py"],
        "compiled": [str(native)],
        "Rust": [str(rust)],
    }
    printed = {who: subprocess.run(command, capture_output=True, check=True).stdout for who, command in found.items()}
    for who, text in printed.items():
        if text != printed["CPython"]:
            not_measured(f"`{name}` of {who} prints something else than under CPython")
    return found


def must(command: list[str]) -> None:
    """Run a compiler; without its program there is nothing to measure."""
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        not_measured(f"`{' '.join(command)}` fails:\n{finished.stdout}{finished.stderr}")


def not_measured(reason: str) -> NoReturn:
    """End the run, which is no result."""
    print(f"not measured, {reason}", file=sys.stderr)
    raise SystemExit(2)


def timed(candidates: dict[str, list[str]]) -> dict[str, measure.Row]:
    """All candidates of one program in turns."""
    statements = {who: f"run({command!r})" for who, command in candidates.items()}
    return measure.interleaved(statements, {"run": run}, rounds=ROUNDS, calls=1)


def run(command: list[str]) -> None:
    """Run a program to its end, which has to be a good one."""
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def share(rows: dict[str, measure.Row], engine: str) -> float:
    """The fastest time of an engine in thousandths of its peer's."""
    return 1000 * rows[engine].fastest_ns / rows[PAIRS[engine]].fastest_ns


def said(*command: str) -> str:
    """What a program prints."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    raise SystemExit(main())
