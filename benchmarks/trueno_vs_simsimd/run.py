"""Hold vector operations beside the libraries that are quickest at them, where these are installed."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import comparison  # noqa: E402
import measure  # noqa: E402

comparison.pin()  # before the peers are there, because they ask once how many threads they may take

import numpy as np  # noqa: E402

from sovereign.compute import trueno  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PEERS = {name: module for name in ("simsimd", "numkong", "numexpr", "torch") if (module := comparison.peer(name))}
SIZES = (384, 1_000, 10_000, 100_000, 1_000_000)
SHORT = 1_000
FLOAT = 4
# What each peer calls the operation.
STATEMENTS = {
    "dot": {"simsimd": "simsimd.dot(a, b)", "numkong": "numkong.dot(a, b)", "torch": "torch.dot(ta, tb)"},
    "sum": {"numkong": "numkong.sum(a)", "torch": "torch.sum(ta)"},
    "add": {
        "simsimd": "simsimd.wsum(a, b, alpha=1.0, beta=1.0, out=v)",
        "numkong": "numkong.add(a, b, out=v)",
        "torch": "torch.add(ta, tb, out=tv)",
    },
    "softmax": {"torch": "torch.softmax(ta, 0)"},
}
OURS = {"dot": "t.dot(a, b)", "sum": "t.sum(a)", "add": "t.add(a, b, out=o)", "softmax": "t.softmax(a)"}
MOVED = {"dot": 2, "sum": 1, "add": 3, "softmax": 2}


def rows() -> Iterator[Any]:
    """Each operation at each size beside every peer that has it, and one chain."""
    for size in SIZES:
        for operation, statements in STATEMENTS.items():
            present = {name: code for name, code in statements.items() if name in PEERS}
            if present:
                yield operation_row(operation, size, present)
    chain = {"numexpr": "numexpr.evaluate('a * b + c * 2 - 1')", "torch": "ta * tb + tc * 2 - 1"}
    present = {name: code for name, code in chain.items() if name in PEERS}
    if present:
        names = arrays(1_000_000)
        statements = {"trueno": "(t.lazy(a) * b + t.lazy(c) * 2 - 1).eval()", **present}
        exact = names["a"].astype(float) * names["b"] + names["c"].astype(float) * 2 - 1
        bars = dict.fromkeys(present, 5.0)
        row = comparison.Comparison("a*b + c*2 - 1, 1_000_000", statements, names, bars, bytes_moved=16 * 10**6)
        yield row._replace(wrong=judge(row, exact))


def operation_row(operation: str, size: int, present: dict[str, str]) -> Any:
    """One operation at one size."""
    names = arrays(size)
    a, b = names["a"].astype(float), names["b"].astype(float)
    powers = np.exp(a - a.max())
    exact = {"dot": a @ b, "sum": a.sum(), "add": a + b, "softmax": powers / powers.sum()}[operation]
    bars = {name: 1.3 for name in present if name in {"simsimd", "numkong"} and size <= SHORT}
    if operation == "softmax" and size >= SIZES[2]:
        bars = {"torch": 2.0}
    statements = {"trueno": OURS[operation], **present}
    moved = MOVED[operation] * FLOAT * size
    row = comparison.Comparison(f"{operation} {size:_}", statements, names, bars, bytes_moved=moved)
    return row._replace(wrong=judge(row, exact))


def judge(row: Any, exact: Any) -> Callable[[str], str | None]:
    """What is wrong with a candidate's answer, which has to be near the exact one."""
    scale = float(np.max(np.abs(exact))) + float(np.sqrt(row.names["a"].size))

    def wrong(candidate: str) -> str | None:
        answer = eval(row.statements[candidate], dict(row.names))  # noqa: S307
        got = np.asarray(row.names["v"] if answer is None else answer, dtype=float)
        error = float(np.max(np.abs(got - exact))) / scale
        return f"relative error {error:.1e}" if not error < 1e-5 else None  # noqa: PLR2004

    return wrong


def arrays(size: int) -> dict[str, Any]:
    """The operands, as NumPy arrays and as tensors that share their memory, under the names of the statements."""
    a, b, c = np.random.default_rng(size).standard_normal((3, size), dtype=np.float32)
    names: dict[str, Any] = {"t": trueno, "a": a, "b": b, "c": c, "o": np.empty_like(a), "v": np.empty_like(a), **PEERS}
    if "torch" in PEERS:
        names |= {f"t{name}": PEERS["torch"].from_numpy(names[name]) for name in "abcv"}
    return names


def keep_none() -> None:
    """Let this process outlive SimSIMD's `wsum`, which gives back a reference to None that it never took.

    Before Python 3.12 the count of None is an ordinary one, the first field of the object; at zero the process ends.
    """
    if sys.version_info < (3, 12):
        ctypes.c_ssize_t.from_address(id(None)).value += 1 << 40


def main() -> int:
    """Check, measure, report, judge."""
    measure.refuse_handicaps()
    if not PEERS:
        print("not measured, no peer is installed; `make bench` brings them", file=sys.stderr)
        return 2
    keep_none()
    if "torch" in PEERS:
        PEERS["torch"].set_num_threads(1)
    if "numexpr" in PEERS:
        PEERS["numexpr"].set_num_threads(1)
    limits = comparison.limits()
    return comparison.finish(HERE, comparison.compare(rows(), limits), [comparison.as_json(limits)], PEERS)


if __name__ == "__main__":
    raise SystemExit(main())
