"""What there is, and how much of it."""

from shop.errors import TooFew, Unknown


class Stock:
    """Articles with their number in store."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts

    def take(self, name: str, count: int) -> int:
        """Take some away and say how many."""
        if name not in self.counts:
            raise Unknown(f"no article {name!r}")
        left = self.counts[name] - count
        if left < 0:
            raise TooFew(f"{-left} of {name} are missing")
        self.counts[name] = left
        return count
