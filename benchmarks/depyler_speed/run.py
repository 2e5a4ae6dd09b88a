"""Measure translated programs beside CPython and mypyc, hold them against the bars of `method.md`, keep the result."""

from __future__ import annotations

import importlib.metadata
import math
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import measure  # noqa: E402

BIN = Path(sys.executable).parent
SIZES = {
    "nbody": 200_000,
    "spectral_norm": 300,
    "fannkuch": 9,
    "mandelbrot": 500,
    "nqueens": 11,
    "binary_trees": 13,
    "word_count": 300_000,
    "richards": 200_000,
    "deltablue": 2_000,
    "json_parse": 3_000,
}
ROUNDS = 5
PEERS = ("CPython", "mypyc")
OURS = "depyler"
# The most that our programs may take, in thousandths of the time of each peer.
BARS = {"CPython": 1000 / 30, "mypyc": 1000 / 4}
SLOWEST = 1000.0


def main() -> int:
    """Build, check, measure, report, judge."""
    with tempfile.TemporaryDirectory() as folder:
        rows = {name: measure.timed_programs(built(name, size, Path(folder)), ROUNDS) for name, size in SIZES.items()}
    shares = {peer: {name: share(each, peer) for name, each in rows.items()} for peer in PEERS}
    for name, each in rows.items():
        print(f"{name:<16}{each[OURS].fastest_ns / 1e6:9.1f} ms" + "".join(
            f"{1000 / shares[peer][name]:9.1f}x {peer}" for peer in PEERS
        ))  # fmt: skip
    means = {peer: math.exp(math.fsum(map(math.log, each.values())) / len(each)) for peer, each in shares.items()}
    bars = {f"thousandths of the time of {peer}, geometric mean": (means[peer], most) for peer, most in BARS.items()}
    bars["thousandths of the time of CPython, slowest program"] = (max(shares["CPython"].values()), SLOWEST)
    for name, (measured, most) in bars.items():
        print(f"{'ok' if measured <= most else 'MISSED':<7}{name}: {measured:.1f}, at most {most:.1f}")
    kept = {
        "rows": {f"{name}, {who}": row._asdict() for name, each in rows.items() for who, row in each.items()},
        "bars": {name: {"measured": measured, "most": most} for name, (measured, most) in bars.items()},
        "ratios": {f"{peer} / {OURS}, {name}": 1000 / shares[peer][name] for peer in PEERS for name in rows},
        "versions": {"mypyc": importlib.metadata.version("mypy"), "rustc": measure.said("rustc", "--version")},
    }
    print(f"kept in {measure.write(HERE, kept).relative_to(HERE.parent)}")
    return 1 if any(measured > most for measured, most in bars.values()) else 0


def built(name: str, size: int, folder: Path) -> dict[str, list[str]]:
    """The commands of all candidates, each compiled where it has to be, which print the same."""
    source = HERE / "kernels" / f"{name}.py"
    program, compiled = folder / f"{name}.program", folder / "mypyc" / name
    measure.must([str(BIN / "depyler"), "compile", str(source), "-o", str(program)], folder)
    compiled.mkdir(parents=True)
    shutil.copy(source, compiled)
    measure.must([str(BIN / "mypyc"), source.name], compiled)
    begin = f"import sys; sys.path.insert(0, {str(compiled)!r}); import {name}; {name}.main()"
    found = {
        "CPython": [sys.executable, str(source), str(size)],
        "mypyc": [sys.executable, "-c", begin, str(size)],
        OURS: [str(program), str(size)],
    }
    measure.require_same_output(name, found, "CPython")
    return found


def share(rows: dict[str, measure.Row], peer: str) -> float:
    """Our fastest time in thousandths of the peer's."""
    return 1000 * rows[OURS].fastest_ns / rows[peer].fastest_ns


if __name__ == "__main__":
    raise SystemExit(main())
