"""What profile-guided optimisation brought a function, measured beside the same function without it.

Enters: the order of a bundle with events to learn from. Leaves: how many times faster the trained function goes through
them. Both take turns in one run of the judge of `coldstart`, as whole functions: what the runtime takes is part of
both, and what the untrained one answers is what the trained one has to answer.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sovereign.errors import DeviceError
from sovereign.orchestration.serverless.coldstart import Candidate, Conditions, measure
from sovereign.orchestration.serverless.coldstart.candidates import floor
from sovereign.orchestration.serverless.contract import Facts, Invocation
from sovereign.orchestration.serverless.emulator import Emulator
from sovereign.orchestration.serverless.running import prepared
from sovereign.orchestration.serverless.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sovereign.orchestration.serverless.bundle import Order
    from sovereign.orchestration.serverless.running import Prepared

__all__ = ["ENOUGH", "Gain", "gain"]

ENOUGH = 1.05
"""Below this the trained program is not worth its bytes."""
_MOST_EVENTS = 12
_PATIENCE_S = 60
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


def gain(order: Order) -> Gain:
    """Give the first events of an order's training to its function, with training and without, over and over.

    Events that the untrained function answers by an error, or not twice alike, are left out.

    Errors    as `prepared` and `measure`; DeviceError serverless.judge   when the trained one answers something else.
    Cost      about a hundred cycles of each program for each of a dozen events.
    """
    events = list(dict.fromkeys(order.training))[:_MOST_EVENTS]
    with (
        prepared(order.handler, replace(order, training=())) as plain,
        prepared(order.handler, order) as trained,
        tempfile.TemporaryDirectory(prefix="gain") as folder,
    ):
        answers = _answers(plain, events)
        found = [
            Candidate(
                f"{name} {place}",
                side.command,
                side.folder,
                (),
                0,
                event=event,
                answer=answer,
                environment=side.environment,
            )
            for place, (event, answer) in enumerate(answers.items())
            for name, side in (("plain", plain), ("trained", trained))
        ]
        rows = {row.name: row for row in measure([floor(Path(folder)), *found], [], _CONDITIONS).rows}
    good = [place for place in range(len(answers)) if not rows[f"plain {place}"].failed]
    for place in good:
        failed = rows[f"trained {place}"].failed
        if failed:
            text = f"the trained function does something else than the untrained one: {failed}"
            raise DeviceError("serverless.judge", text, backend="judge", reason=failed)
    sums = [sum(rows[f"{name} {place}"].cycle_us for place in good) for name in ("plain", "trained")]
    return Gain(sums[0], sums[1], len(good))


def _answers(side: Prepared, events: Iterable[bytes]) -> dict[bytes, bytes]:
    """What a function answers, by event."""
    with (
        Emulator(Facts(timeout_s=_PATIENCE_S, handler=side.handler)) as emulator,
        Sandbox(emulator, side.command, folder=side.folder, environment=side.environment) as sandbox,
    ):
        outcomes = [(event, sandbox.cycle(Invocation(event))) for event in events]
    return {event: outcome.body for event, outcome in outcomes if outcome.is_fine}
