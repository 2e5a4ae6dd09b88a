"""A bill: articles, counts, prices, and what they come to."""

from shop.prices import PRICES, discount


class Bill:
    """The lines of one order."""

    def __init__(self) -> None:
        self.items: list[tuple[str, int]] = []

    def add(self, name: str, count: int) -> None:
        """Add an article."""
        self.items.append((name, count))

    def total(self) -> int:
        """Cents for all of it, after the discount."""
        whole = sum(PRICES[name] * count for name, count in self.items)
        return whole - discount(whole)

    def lines(self) -> list[str]:
        """What is printed."""
        shown = [f"{count:>4} {name:<8}{PRICES[name] * count / 100:>8.2f}" for name, count in self.items]
        return [*shown, f"{'total':<13}{self.total() / 100:>8.2f}"]
