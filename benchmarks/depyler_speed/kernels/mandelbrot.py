"""The set of points that never escape, drawn as text: floats in a tight loop."""

from __future__ import annotations

import sys

SHADES = " .:-=+*%@#"


def escape(cx: float, cy: float, limit: int) -> int:
    """After how many rounds the point leaves the circle of radius two, at most `limit`."""
    x = y = 0.0
    rounds = 0
    while rounds < limit and x * x + y * y <= 4.0:
        x, y = x * x - y * y + cx, 2.0 * x * y + cy
        rounds += 1
    return rounds


def main() -> None:
    """Print a coarse picture, and a checksum of a fine one."""
    size = int(sys.argv[1])
    limit = 50
    total = 0
    inside = 0
    for row in range(size):
        cy = 2.4 * row / size - 1.2
        line = ""
        for column in range(size):
            rounds = escape(3.0 * column / size - 2.2, cy, limit)
            total = (total * 31 + rounds) % 1000003
            if rounds == limit:
                inside += 1
            if column % 8 == 0:
                line += SHADES[rounds * 9 // limit]
        if row % 16 == 0:
            print(line)
    print(inside, total)


if __name__ == "__main__":
    main()
