"""Hold the matrix product beside NumPy's, on one thread and on two, against the bars of `method.md`.

A library of linear algebra asks once how many threads there are, so each number of threads gets a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import comparison  # noqa: E402
import measure  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = {64: 1.05, 128: 1.05, 256: 0.95, 512: 0.95, 1024: 0.95, 2048: 0.95}
FUSED = (256, 512, 1024)
LEAST_FUSED = 1.1
FLOAT = 4


def rows(threads: int) -> Iterator[Any]:
    """The plain product, the product with bias and activation, and with the right side packed before."""
    for size, least in SIZES.items():
        plain = {"trueno": f"t.matmul(a, b, out=o, threads={threads})", "numpy": "np.matmul(a, b, out=v)"}
        yield row(f"matmul {size}", size, plain, least)
    for size in FUSED:
        fused = {
            "trueno": f"t.matmul(a, b, bias=bias, activation='relu', out=o, threads={threads})",
            "numpy": "relu(np.matmul(a, b, out=v), bias, v)",
        }
        yield row(f"matmul {size}, bias and relu", size, fused, LEAST_FUSED)
        packed = {"trueno": f"t.matmul(a, packed, out=o, threads={threads})", "numpy": "np.matmul(a, b, out=v)"}
        yield row(f"matmul {size}, packed right side", size, packed, None)


def row(label: str, size: int, statements: dict[str, str], least: float | None) -> Any:
    """One product; its answer is held against float64."""
    import numpy as np

    from sovereign.compute import trueno

    a, b = np.random.default_rng(size).standard_normal((2, size, size), dtype=np.float32)
    (bias,) = np.random.default_rng(1).standard_normal((1, size), dtype=np.float32)
    names: dict[str, Any] = {"t": trueno, "np": np, "relu": relu, "a": a, "b": b, "bias": bias}
    names |= {"o": np.empty_like(a), "v": np.empty_like(a), "packed": trueno.pack(b)}
    exact = a.astype(float) @ b
    allowed = (size + 4) * 2.0**-24 * (np.abs(a).astype(float) @ np.abs(b) + np.abs(bias))
    if "bias" in statements["trueno"]:
        exact = np.maximum(exact + bias, 0)

    def wrong(candidate: str) -> str | None:
        got = eval(statements[candidate], dict(names))  # noqa: S307
        error = float(np.max(np.abs(np.asarray(got) - exact) / allowed))
        return f"{error:.1f} times the bound" if error > 1 else None

    bars = {} if least is None else {"numpy": least}
    found = comparison.Comparison(label, statements, names, bars, wrong=wrong)
    return found._replace(bytes_moved=3 * FLOAT * size**2, operations=2 * size**3)


def relu(product: Any, bias: Any, out: Any) -> Any:
    """Bias and activation as one adds them to a product with NumPy."""
    import numpy as np

    np.add(product, bias, out=out)
    return np.maximum(out, 0, out=out)


def measured(threads: int) -> dict[str, Any]:
    """The rows of one number of threads, measured by this process."""
    comparison.pin(threads)
    limits = comparison.limits(threads)
    kept = comparison.compare(rows(threads), limits)
    return {"comparisons": kept, "limits": comparison.as_json(limits)}


def elsewhere(threads: int) -> dict[str, Any]:
    """The rows of one number of threads, measured by a process of its own; its lines go to our output."""
    receiving, sending = os.pipe()
    command = [sys.executable, str(HERE / "run.py"), "--threads", str(threads), "--into", str(sending)]
    with subprocess.Popen(command, pass_fds=[sending]) as process, os.fdopen(receiving) as stream:
        os.close(sending)
        text = stream.read()
    if process.returncode:
        raise SystemExit(process.returncode)
    found: dict[str, Any] = json.loads(text)
    return found


def main() -> int:
    """Check, measure, report, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, help="measure with so many threads alone")
    parser.add_argument("--into", type=int, help="the open descriptor that takes the result")
    options = parser.parse_args()
    measure.refuse_handicaps()
    if options.into is not None:
        with os.fdopen(options.into, "w") as stream:
            json.dump(measured(options.threads), stream)
        return 0
    counts = [options.threads] if options.threads else [1, 2][: os.cpu_count()]
    runs = [elsewhere(threads) for threads in counts]
    kept = [row for run in runs for row in run["comparisons"]]
    return comparison.finish(HERE, kept, [run["limits"] for run in runs], ["numpy"])


if __name__ == "__main__":
    raise SystemExit(main())
