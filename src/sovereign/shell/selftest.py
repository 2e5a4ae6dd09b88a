"""What a room's live self-test reports.

A room offers `selftest.py` with `run() -> Iterator[Evidence]` and registers it in the entry-point group
`sovereign.selftests`. A self-test does the thing on this machine, now, and says what it saw; it never repeats a
constant. `batuta stack check` prints the evidence of every registered room, one line each.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Evidence", "State"]


class State(StrEnum):
    """What a self-test found."""

    OK = "ok"
    BROKEN = "broken"
    ABSENT = "absent"
    """An ability that is optional on this machine; `fix` says what brings it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of `batuta stack check`: what was tried, how it ended, what was seen, and what mends it."""

    check: str
    state: State
    evidence: str
    fix: str | None = None

    def to_json(self) -> dict[str, object]:
        """The line as a JSON object."""
        return {"check": self.check, "state": str(self.state), "evidence": self.evidence, "fix": self.fix}
