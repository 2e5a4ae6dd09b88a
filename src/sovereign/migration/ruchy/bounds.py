"""Between which numbers an integer lies.

Enters: bounds of operands. Leaves: bounds of results, by which the compiler knows where no overflow can be. Read
`compile_operators.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy.lean import NamedTuple
from sovereign.migration.ruchy.values import LARGEST, SMALLEST

__all__ = ["EVERY", "Bounds"]


class Bounds(NamedTuple):
    """The smallest and the largest number that a value can be."""

    low: int
    high: int

    @property
    def fits(self) -> bool:
        """Whether every number between them has 64 bits."""
        return self.low >= SMALLEST and self.high <= LARGEST

    def combined(self, operator: str, other: Bounds) -> Bounds:
        """The bounds of `a + b`, `a - b` or `a * b`, before they are cut to 64 bits.

        >>> Bounds(0, 9).combined("-", Bounds(1, 2))
        Bounds(low=-2, high=8)
        """
        if operator == "+":
            return Bounds(self.low + other.low, self.high + other.high)
        if operator == "-":
            return Bounds(self.low - other.high, self.high - other.low)
        corners = [a * b for a in self for b in other]
        return Bounds(min(corners), max(corners))

    def cut(self) -> Bounds:
        """What is left of them in 64 bits."""
        return Bounds(max(self.low, SMALLEST), min(self.high, LARGEST))

    def met(self, other: Bounds) -> Bounds:
        """What lies in both; one of the two where that is nothing."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Bounds(low, high) if low <= high else self

    def joined(self, other: Bounds) -> Bounds:
        """What lies in one of them."""
        return Bounds(min(self.low, other.low), max(self.high, other.high))


EVERY = Bounds(SMALLEST, LARGEST)
