"""Measure Ruchy's engines, starts and compiler, hold them against the bars of `method.md`, keep the result."""

from __future__ import annotations

import math
import os
import shutil
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
HANDLER = HERE.parent.parent / "examples" / "ruchy" / "handler.ruchy"
STARTS = {"hello, first run": 80e6, "hello, kept": 3e6}
COMPILES = {"compile, 100 lines": 3e9, "compile, handler": 10e9}
"""The most nanoseconds that they may take."""
MOST_CALLS = 150
"""System calls of a kept program's run."""


def main() -> int:
    """Build, check, measure, report, judge."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"RUCHY_BUILD": "off", "SOVEREIGN_CACHE": str(Path(folder, "cache"))}
        starts, calls = started(Path(folder))
        compiles = compiled(Path(folder))
        rows = {name: measure.timed_programs(built(name, Path(folder)), ROUNDS) for name in NAMES}
    shares = {engine: {name: share(each, engine) for name, each in rows.items()} for engine in PAIRS}
    for name, each in rows.items():
        print(f"{name:<10}" + "".join(f"{row.fastest_ns / 1e6:10.1f} ms {who}" for who, row in each.items()))
    means = {engine: math.exp(math.fsum(map(math.log, each.values())) / len(each)) for engine, each in shares.items()}
    bars = {f"{engine}: thousandths of the time of {PAIRS[engine]}, geometric mean": engine for engine in PAIRS}
    limits = {f"{name}: fastest, in ms": (starts[name].fastest_ns / 1e6, most / 1e6) for name, most in STARTS.items()}
    limits |= {f"{name}: in ms": (compiles[name].fastest_ns / 1e6, most / 1e6) for name, most in COMPILES.items()}
    limits |= {"hello, kept: system calls": (calls, MOST_CALLS)} if calls else {}
    limits |= {name: (means[engine], BARS[engine]) for name, engine in bars.items()}
    for name, (measured, most) in limits.items():
        print(f"{'ok' if measured <= most else 'MISSED':<7}{name}: {measured:.4g}, at most {most:.4g}")
    every = {f"{name}, {who}": row for name, each in rows.items() for who, row in each.items()}
    kept = {
        "rows": {name: row._asdict() for name, row in {**starts, **compiles, **every}.items()},
        "bars": {name: {"measured": measured, "most": most} for name, (measured, most) in limits.items()},
        "ratios": {
            f"{PAIRS[engine]} / {engine}, {name}": 1000 / shares[engine][name] for engine in PAIRS for name in NAMES
        },
        "versions": {"rustc": measure.said("rustc", "--version")},
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(measured > most for measured, most in limits.values()) else 0


def started(folder: Path) -> tuple[dict[str, measure.Row], int]:
    """How long `hello` takes to start and to end, and how many system calls it costs when it is kept."""
    hello, greeting = folder / "hello.ruchy", folder / "hello.py"
    hello.write_text('println("Hello, World!")\n', encoding="utf-8")
    greeting.write_text('print("Hello, World!")\n', encoding="utf-8")
    waiting, kept = {**os.environ, "RUCHY_BUILD": "wait"}, {**os.environ, "RUCHY_BUILD": "background"}
    # The first start of all also writes the image from which every other one starts.
    measure.must([RUCHY, "run", str(hello)], environment=waiting)
    candidates = {
        "hello, first run": ([RUCHY, "run", str(hello)], dict(os.environ)),
        "hello, kept": ([RUCHY, "run", str(hello)], kept),
        "hello, CPython": ([sys.executable, str(greeting)], dict(os.environ)),
    }
    statements = {who: f"run({command!r}, environments[{who!r}])" for who, (command, _) in candidates.items()}
    names = {"run": measure.run, "environments": {who: environment for who, (_, environment) in candidates.items()}}
    return measure.interleaved(statements, names, rounds=4 * ROUNDS, calls=1), system_calls(hello, kept)


def system_calls(hello: Path, environment: dict[str, str]) -> int:
    """How many calls a kept run makes of the kernel; 0 where nothing can count them."""
    if not shutil.which("strace"):
        return 0
    calls = hello.with_suffix(".calls")
    command = ["strace", "-f", "-qq", "-o", str(calls), RUCHY, "run", hello.name]
    measure.must(command, hello.parent, environment)
    # A call that is interrupted stands there twice.
    return sum("resumed>" not in line for line in calls.read_text(encoding="utf-8").splitlines())


def compiled(folder: Path) -> dict[str, measure.Row]:
    """How long the compiler takes, its caches filled by a first program."""
    measure.must([RUCHY, "compile", str(folder / "hello.ruchy"), "-o", str(folder / "hello")])
    sources = dict(zip(COMPILES, (HERE / "programs" / "hundred.ruchy", HANDLER), strict=True))
    statements = {who: f"compile_({str(source)!r})" for who, source in sources.items()}
    rounds = iter(range(100))

    def compile_(source: str) -> None:
        measure.must([RUCHY, "compile", source, "-o", str(folder / f"compiled{next(rounds)}")])

    return measure.interleaved(statements, {"compile_": compile_}, rounds=3, calls=1)


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
