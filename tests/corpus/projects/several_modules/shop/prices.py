"""Prices in cents, and when something is taken off."""

PRICES = {"apple": 45, "pear": 60, "plum": 15}
STEPS = [(10000, 10), (5000, 5), (1000, 2)]


def discount(cents: int) -> int:
    """What is taken off a sum, rounded down."""
    for least, percent in STEPS:
        if cents >= least:
            return cents * percent // 100
    return 0
