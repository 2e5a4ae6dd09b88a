"""How much faster one program is than the other.

Enters: two sides and a case. Leaves: a `Speed`. Runs of both sides alternate, so that a busy machine is busy for both;
starting the programs is a part of what is measured. Read `report.py` next.
"""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError
from sovereign.migration.equivalence.observe import observe

if TYPE_CHECKING:
    from sovereign.migration.equivalence.cases import Case, Command

__all__ = ["Speed", "benchmark"]


@dataclass(frozen=True, slots=True)
class Speed:
    """Wall times in seconds of both sides, in the order in which they ran."""

    case: Case
    original_s: tuple[float, ...]
    translated_s: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times faster the translation is, by the fastest runs.

        >>> from sovereign.migration.equivalence.cases import Case
        >>> Speed(Case(), (4.0, 5.0), (2.0, 9.0)).ratio
        2.0
        """
        return min(self.original_s) / max(min(self.translated_s), 1e-9)

    @property
    def medians_s(self) -> tuple[float, float]:
        """The middle times of both sides."""
        return statistics.median(self.original_s), statistics.median(self.translated_s)


def benchmark(
    original: Command, translated: Command, case: Case, *, repeats: int = 7, timeout_s: float = 60.0
) -> Speed:
    """Time both sides on one case.

    Errors    DeviceError equivalence.run   when a side does not end in time.
    """
    times: tuple[list[float], list[float]] = ([], [])
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats):
            for side, seconds in zip((original, translated), times, strict=True):
                seen = observe(side, case, Path(folder), timeout_s=timeout_s)
                if seen.is_timed_out:
                    text = f"a side did not end within {timeout_s:g} s: `{side.words[0]}`"
                    raise DeviceError("equivalence.run", text, backend=side.words[0], reason="time")
                seconds.append(seen.wall_s)
    return Speed(case, tuple(times[0]), tuple(times[1]))
