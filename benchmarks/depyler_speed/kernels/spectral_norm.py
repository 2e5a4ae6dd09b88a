"""The largest stretch of an endless matrix, by repeated products: floats in lists, integers in formulas."""

from __future__ import annotations

import math
import sys


def entry(row: int, column: int) -> float:
    """One number of the matrix."""
    diagonal = row + column
    return 1.0 / (diagonal * (diagonal + 1) // 2 + row + 1)


def times(vector: list[float]) -> list[float]:
    """The matrix times a vector."""
    size = len(vector)
    product = []
    for row in range(size):
        total = 0.0
        for column in range(size):
            total += entry(row, column) * vector[column]
        product.append(total)
    return product


def times_turned(vector: list[float]) -> list[float]:
    """The matrix, its rows as columns, times a vector."""
    size = len(vector)
    product = []
    for row in range(size):
        total = 0.0
        for column in range(size):
            total += entry(column, row) * vector[column]
        product.append(total)
    return product


def norm(size: int) -> float:
    """The norm of the matrix cut to that size, by ten rounds of the power method."""
    u = [1.0] * size
    v = [0.0] * size
    for _ in range(10):
        v = times_turned(times(u))
        u = times_turned(times(v))
    mixed = sum(a * b for a, b in zip(u, v, strict=True))
    square = sum(b * b for b in v)
    return math.sqrt(mixed / square)


def main() -> None:
    """Print the norm."""
    print(f"{norm(int(sys.argv[1])):.9f}")


if __name__ == "__main__":
    main()
