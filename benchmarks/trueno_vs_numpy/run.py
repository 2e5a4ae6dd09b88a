"""Hold vector operations beside NumPy's on one thread, against the bars of `method.md`, and keep the result."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import comparison  # noqa: E402
import measure  # noqa: E402

comparison.pin()  # before NumPy is there, because its library asks once how many threads it may take

import numpy as np  # noqa: E402

from sovereign.compute import trueno  # noqa: E402
from sovereign.compute.trueno.agreement import share  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Array = NDArray[np.float32]

Comparison = comparison.Comparison
SHORT = (384, 1_000)
FLOAT = 4
SCALAR = trueno.Backend.SCALAR
BARS: dict[tuple[str, int], float] = {
    **dict.fromkeys([(name, size) for name in ("dot", "sum", "add") for size in SHORT], 3.0),
    ("dot", 10_000): 1.6,
    **dict.fromkeys([("sum", size) for size in (10_000, 100_000, 1_000_000)], 3.0),
    ("max", 10_000): 2.0,
    ("argmax", 10_000): 1.3,
    **dict.fromkeys([(name, size) for name in ("max", "argmax") for size in (100_000, 1_000_000)], 0.97),
    **dict.fromkeys([(name, size) for name in ("add", "mul") for size in (10_000, 100_000, 1_000_000)], 0.97),
}
SIZES = (*SHORT, 10_000, 100_000, 1_000_000)


def vectors(size: int, count: int) -> Any:
    """Standard normal vectors, the same in every run."""
    return np.random.default_rng(size).standard_normal((count, size), dtype=np.float32)


def judge(name: str, statements: dict[str, str], names: dict[str, Any], *arguments: Any) -> Callable[[str], str | None]:
    """What is wrong with a candidate's answer, by the bound of the operation."""

    def wrong(candidate: str) -> str | None:
        answer = eval(statements[candidate], dict(names))  # noqa: S307
        error = share(name, np.asarray(answer), *arguments)
        # A peer may have other bounds; what is farther than that has computed something else.
        allowed = 1 if candidate.startswith(comparison.OURS) else 64
        return f"{error:.1f} times the bound" if error > allowed else None

    return wrong


def row(label: str, name: str, statements: dict[str, str], names: dict[str, Any], *arguments: Any, **facts: Any) -> Any:
    """A comparison whose statements are also what is checked."""
    return Comparison(label, statements, names, wrong=judge(name, statements, names, *arguments), **facts)


def numbers_out_of_vectors() -> Iterator[Any]:
    """`dot`, `sum`, `max` and `argmax`, from a call's cost up to main memory."""
    for size in SIZES:
        a, b = vectors(size, 2)
        names = {"t": trueno, "np": np, "a": a, "b": b}
        for name in ("dot", "sum", "max", "argmax"):
            operands = (a, b) if name == "dot" else (a,)
            written = ", ".join("ab"[: len(operands)])
            statements = {"trueno": f"t.{name}({written})", "numpy": f"np.{name}({written})"}
            facts = {"bytes_moved": FLOAT * size * len(operands), "operations": 2 * size if name == "dot" else 0}
            bar = BARS.get((name, size))
            yield row(
                f"{name} {size:_}", name, statements, names, *operands, bars={"numpy": bar} if bar else {}, **facts
            )


def elementwise() -> Iterator[Any]:
    """`add` and `mul` into memory that is there, and with a new result of 4M."""
    for size in SIZES:
        a, b = vectors(size, 2)
        names = {"t": trueno, "np": np, "a": a, "b": b, "o": np.empty_like(a), "v": np.empty_like(a)}
        for name, theirs in (("add", "add"), ("mul", "multiply")):
            statements = {"trueno": f"t.{name}(a, b, out=o)", "numpy": f"np.{theirs}(a, b, out=v)"}
            bar = BARS.get((name, size))
            bars = {"numpy": bar} if bar else {}
            yield row(
                f"{name} {size:_} into out", name, statements, names, a, b, bars=bars, bytes_moved=3 * FLOAT * size
            )


def results() -> Iterator[Any]:
    """Elementwise operations with a new result, at 4M where the system may keep NumPy's memory, and at 16M."""
    for size, least in ((4_000_000, 1.5), (16_000_000, None)):
        a, b = vectors(size, 2)
        names = {"t": trueno, "np": np, "a": a, "b": b}
        bars = {"numpy": least} if least else {}
        for name, theirs, operands in (("add", "np.add(a, b)", 2), ("mul", "np.multiply(a, b)", 2), ("neg", "-a", 1)):
            arguments = (a, b)[:operands]
            statements = {"trueno": f"t.{name}({', '.join('ab'[:operands])})", "numpy": theirs}
            moved = FLOAT * size * (operands + 1)
            yield row(f"{name} {size:_}, new", name, statements, names, *arguments, bars=bars, bytes_moved=moved)


def chain() -> Any:
    """Four operations in one pass."""
    size = 1_000_000
    a, b, c = vectors(size, 3)
    names = {"lazy": trueno.lazy, "a": a, "b": b, "c": c}
    statements = {"trueno": "(lazy(a) * b + lazy(c) * 2 - 1).eval()", "numpy": "a * b + c * 2 - 1"}
    exact = a.astype(float) * b + c.astype(float) * 2 - 1
    allowed = 4 * 2.0**-24 * (np.abs(a * b) + np.abs(2 * c) + 1)

    def wrong(candidate: str) -> str | None:
        got = np.asarray(eval(statements[candidate], dict(names)))  # noqa: S307
        error = float(np.max(np.abs(got - exact) / allowed))
        return f"{error:.1f} times the bound" if error > 1 else None

    row = Comparison("a*b + c*2 - 1, 1_000_000", statements, names, {"numpy": 2.5}, wrong=wrong)
    return row._replace(bytes_moved=4 * FLOAT * size)


def softmaxes() -> Iterator[Any]:
    """Softmax beside what one writes with NumPy."""
    for size in (10_000, 1_000_000):
        (x,) = vectors(size, 1)
        names = {"t": trueno, "x": x, "by_numpy": by_numpy}
        statements = {"trueno": "t.softmax(x)", "numpy": "by_numpy(x)"}
        yield row(
            f"softmax {size:_}", "softmax", statements, names, x, bars={"numpy": 8.0}, bytes_moved=2 * FLOAT * size
        )


def by_numpy(x: Array) -> Array:
    """Softmax as one writes it with NumPy."""
    powers: Array = np.exp(x - x.max())
    powers /= powers.sum()
    return powers


def backends() -> Iterator[Any]:
    """The same kernel, plain Rust beside the backend in use."""
    a, b = vectors(10_000, 2)
    names = {"t": trueno, "a": a, "b": b, "scalar": SCALAR}
    facts: dict[str, Any] = {"bars": {"trueno scalar": 10.0}, "bytes_moved": 2 * FLOAT * a.size}
    statements = {"trueno": "t.dot(a, b)", "trueno scalar": "t.dot(a, b, backend=scalar)"}
    yield row("dot 10_000, backends", "dot", statements, names, a, b, **facts, operations=2 * a.size)
    statements = {"trueno": "t.softmax(a)", "trueno scalar": "t.softmax(a, backend=scalar)"}
    yield row("softmax 10_000, backends", "softmax", statements, names, a, **facts)


def main() -> int:
    """Check, measure, report, judge."""
    measure.refuse_handicaps()
    limits = comparison.limits()
    rows = [*numbers_out_of_vectors(), *elementwise(), *results(), chain(), *softmaxes(), *backends()]
    return comparison.finish(HERE, comparison.compare(rows, limits), [comparison.as_json(limits)], ["numpy"])


if __name__ == "__main__":
    raise SystemExit(main())
