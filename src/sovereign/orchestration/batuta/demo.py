"""The main job on this machine: the stack proves itself, then the native dot product meets NumPy's.

Enters: nothing. Leaves: one `Comparison` per vector size, measured now. The result is checked before the clock
runs: the vectors hold small whole numbers, so that every order of summation gives the same exact float32.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sovereign.errors import GateFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["SIZES", "Comparison", "compare", "median_us", "table"]

SIZES = (384, 10_000, 1_000_000)
_LARGEST = 4
"""Entries lie in -4..4: the sum of a million products stays below 2**24, where float32 counts exactly."""
_ROUNDS = 15
_BATCH_S = 2e-3


@dataclass(frozen=True, slots=True)
class Comparison:
    """One size: median times per call in microseconds, and how many times as fast as NumPy the core is."""

    size: int
    numpy_us: float
    trueno_us: float

    @property
    def ratio(self) -> float:
        """NumPy's time over ours; above one the core is faster."""
        return self.numpy_us / self.trueno_us

    def to_json(self) -> dict[str, object]:
        """The comparison as a JSON object."""
        return {**asdict(self), "ratio": self.ratio}


def compare(ours: Callable[[Any, Any], float], sizes: tuple[int, ...] = SIZES) -> Iterator[Comparison]:
    """Check `ours` against NumPy's dot product and time both, taking turns.

    Shapes    `ours` takes two vectors (n,) float32 for each n of `sizes`, n <= 1_000_000.
    Errors    GateFailed  when a result differs from the exact one.
    """
    import numpy as np

    source = np.random.default_rng(2)
    for size in sizes:
        a, b = source.integers(-_LARGEST, _LARGEST + 1, (2, size)).astype(np.float32)
        exact = int(a.astype(np.int64) @ b.astype(np.int64))
        for name, found in (("numpy", float(np.dot(a, b))), ("trueno", float(ours(a, b)))):
            if found != exact:
                message = f"the dot product of {name} differs from the exact {exact} at n = {size}: `{found}`"
                raise GateFailed("demo.disagrees", message, rule="exact result", measured=found, required=exact)
        theirs, mine = median_us(lambda a=a, b=b: np.dot(a, b), lambda a=a, b=b: ours(a, b))  # type: ignore[misc]
        yield Comparison(size, theirs, mine)


def median_us(*calls: Callable[[], object]) -> list[float]:
    """The median time of each call in microseconds, measured in turns so that a slow moment meets all."""
    counts = [_batch(call) for call in calls]
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(_ROUNDS):
        for call, count, found in zip(calls, counts, times, strict=True):
            found.append(_seconds(call, count) / count * 1e6)
    return [statistics.median(found) for found in times]


def _batch(call: Callable[[], object]) -> int:
    """How many calls make a batch long enough for the clock."""
    count = 1
    while _seconds(call, count) < _BATCH_S:
        count *= 2
    return count


def _seconds(call: Callable[[], object], count: int) -> float:
    started = time.perf_counter()
    for _ in range(count):
        call()
    return time.perf_counter() - started


def table(found: list[Comparison]) -> tuple[list[str], list[list[str]]]:
    """Columns and rows for `console.table`; all columns are numbers."""
    columns = ["n", "numpy (us)", "trueno (us)", "numpy / trueno"]
    rows = [[f"{each.size:_}", f"{each.numpy_us:.3g}", f"{each.trueno_us:.3g}", f"{each.ratio:.2f}"] for each in found]
    return columns, rows
