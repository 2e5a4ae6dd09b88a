"""What profile-guided optimisation brought a function, measured beside the same function without it.

Enters: two programs and events. Leaves: how many times faster the trained one goes through its events. Both take turns
in one run of the judge of `coldstart`, as whole functions: what the runtime takes is part of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.orchestration.serverless.coldstart import Candidate, Conditions, measure
from sovereign.orchestration.serverless.coldstart.candidates import floor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["ENOUGH", "Gain", "gain"]

ENOUGH = 1.05
"""Below this the trained program is not worth its bytes."""
_MOST_EVENTS = 12
_CONDITIONS = Conditions(samples=5, rounds=20, has_calls=False)


@dataclass(frozen=True, slots=True)
class Gain:
    """The sums over the events of the median cycle of each, in microseconds; events that failed are in neither."""

    plain_us: float
    trained_us: float
    events: int

    @property
    def ratio(self) -> float:
        """How many times faster; 1 where nothing could be compared."""
        return self.plain_us / self.trained_us if self.trained_us else 1.0

    @property
    def is_enough(self) -> bool:
        """Whether it is worth it."""
        return self.ratio >= ENOUGH

    def to_json(self) -> dict[str, object]:
        """The gain as a JSON object."""
        return {**{name: getattr(self, name) for name in self.__slots__}, "ratio": self.ratio, "enough": self.is_enough}


def gain(plain: Path, trained: Path, events: Sequence[bytes], folder: Path) -> Gain:
    """Give the first events to both programs, over and over; `folder` is for what the bench needs.

    Errors    as `measure`.
    Cost      about a hundred cycles of each program for each of a dozen events.
    """
    pairs = list(enumerate(dict.fromkeys(events)))[:_MOST_EVENTS]
    found = [
        Candidate(f"{name} {place}", (str(path),), folder, (path,), path.stat().st_size, event=event, answer=None)
        for place, event in pairs
        for name, path in (("plain", plain), ("trained", trained))
    ]
    rows = {row.name: row for row in measure([floor(folder), *found], [], _CONDITIONS).rows}
    good = [place for place, _ in pairs if rows[f"plain {place}"].samples and rows[f"trained {place}"].samples]
    sums = [sum(rows[f"{name} {place}"].cycle_us for place in good) for name in ("plain", "trained")]
    return Gain(sums[0], sums[1], len(good))
