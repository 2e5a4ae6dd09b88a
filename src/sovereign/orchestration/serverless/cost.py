"""What invocations cost by the service's price list: a formula, in which nothing is measured.

Enters: how many, how long each takes, how much memory it has, how often one starts cold. Leaves: the parts of the bill.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["GB_SECOND", "REQUEST", "Bill", "Load", "bill"]

REQUEST = 0.20e-6
"""Dollars for a request; list price in us-east-1, as it stood in November 2025."""
GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
"""Dollars for a second with a GiB of memory, first tier of the same list, by machine."""
_MB_OF_A_GB = 1024


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a function; times in milliseconds, memory in MiB, cold starts as a share of 1."""

    invocations: int
    duration_ms: float
    memory_mb: int = 128
    init_ms: float = 0.0
    cold_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Bill:
    """Dollars by what they are for."""

    requests: float
    duration: float
    starts: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.requests + self.duration + self.starts

    def to_json(self) -> dict[str, float]:
        """The bill as a JSON object."""
        return {**{name: getattr(self, name) for name in self.__slots__}, "total": self.total}


def bill(load: Load, *, gb_second: float, request: float = REQUEST) -> Bill:
    """Apply the prices: each duration and each start is rounded up to whole milliseconds, as the service bills them.

    Errors    none; the free tier, data transfer and logs are not in it.
    Source    ruchy-lambda-spec §11, where a million invocations are to cost less than 2 dollars.

    >>> round(bill(Load(1_000_000, 1.2), gb_second=GB_SECOND["arm64"]).total, 4)
    0.2033
    """
    a_ms = load.memory_mb / _MB_OF_A_GB / 1000 * gb_second
    return Bill(
        load.invocations * request,
        load.invocations * math.ceil(load.duration_ms) * a_ms,
        load.invocations * load.cold_share * math.ceil(load.init_ms) * a_ms,
    )
