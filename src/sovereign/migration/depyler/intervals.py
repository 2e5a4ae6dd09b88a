"""Arithmetic on ranges of integers; None is no bound.

Enters: two `IntShape`. Leaves: the `IntShape` that holds every result. Used to prove that plain 64-bit arithmetic is
exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.types import IntShape

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OPERATIONS", "absolute", "intersect", "negate"]

MAX_EXPONENT = 256
MAX_STEP = 1 << 14
FAR = 1 << 62
LENGTH = 1 << 40
"""No container is longer, and a range that ends here is that of a length."""
_ALL = IntShape(None, None)


def _bounds(shape: IntShape) -> tuple[int, int] | None:
    return None if shape.low is None or shape.high is None else (shape.low, shape.high)


def _corners(a: IntShape, b: IntShape, operation: Callable[[int, int], int]) -> IntShape:
    left, right = _bounds(a), _bounds(b)
    if left is None or right is None:
        return _ALL
    values = [operation(x, y) for x in left for y in right]
    return IntShape(min(values), max(values))


def _is_step(a: IntShape, b: IntShape) -> bool:
    """Whether one side is so small that no run of additions like this leaves 64 bits."""
    left, right = _bounds(a), _bounds(b)
    if left is None or right is None:
        return False
    sizes = sorted((max(map(abs, left)), max(map(abs, right))))
    return (sizes[0] <= MAX_STEP or sizes[0] == LENGTH) and sizes[1] <= FAR


def add(a: IntShape, b: IntShape) -> IntShape:
    """`a + b`; a chain of small steps stays within `FAR`, because no program takes 2**48 of them."""
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    if low is not None and high is not None and _is_step(a, b):
        return IntShape(max(low, -FAR), min(high, FAR))
    return IntShape(low, high)


def negate(a: IntShape) -> IntShape:
    """`-a`."""
    return IntShape(None if a.high is None else -a.high, None if a.low is None else -a.low)


def subtract(a: IntShape, b: IntShape) -> IntShape:
    """`a - b`."""
    return add(a, negate(b))


def multiply(a: IntShape, b: IntShape) -> IntShape:
    """`a * b`."""
    if _bounds(a) is None or _bounds(b) is None:
        positive = (a.low or -1) >= 0 and (b.low or -1) >= 0 and a.low is not None and b.low is not None
        return IntShape(0, None) if positive else _ALL
    return _corners(a, b, lambda x, y: x * y)


def floor_divide(a: IntShape, b: IntShape) -> IntShape:
    """`a // b`, where `b` is not 0."""
    if b.low is not None and b.low >= 1:
        low = None if a.low is None else (a.low if a.low < 0 else a.low // b.high if b.high is not None else 0)
        high = None if a.high is None else (a.high // b.low if a.high >= 0 else -1)
        return IntShape(None if low is None else min(low, low // b.low), high)
    if _bounds(a) is None:
        return _ALL
    assert a.low is not None
    assert a.high is not None
    largest = max(abs(a.low), abs(a.high))
    return IntShape(-largest, largest)


def modulo(a: IntShape, b: IntShape) -> IntShape:
    """`a % b`, where `b` is not 0: it has the sign of `b`."""
    low = None if b.low is None else min(0, b.low + 1)
    high = None if b.high is None else max(0, b.high - 1)
    if a.low is not None and a.low >= 0 and b.low is not None and b.low > 0:
        high = a.high if high is None else high if a.high is None else min(high, a.high)
        low = 0
    return IntShape(low, high)


def power(a: IntShape, b: IntShape) -> IntShape:
    """`a ** b` for `b >= 0`."""
    base, exponent = _bounds(a), _bounds(b)
    if base is None or exponent is None or exponent[1] > MAX_EXPONENT:
        return IntShape(0, None) if a.low is not None and a.low >= 0 else _ALL
    largest = max(abs(base[0]), abs(base[1]))
    top = max(largest ** exponent[1], 1)
    if base[0] >= 0:
        return IntShape(base[0] ** max(exponent[0], 0) if base[0] else 0, top)
    return IntShape(-top, top)


def shift_left(a: IntShape, b: IntShape) -> IntShape:
    """`a << b`."""
    count = _bounds(b)
    if _bounds(a) is None or count is None or count[1] > MAX_EXPONENT:
        return IntShape(0, None) if a.low is not None and a.low >= 0 else _ALL
    return _corners(a, IntShape(max(count[0], 0), max(count[1], 0)), lambda x, y: x << y)


def shift_right(a: IntShape, b: IntShape) -> IntShape:
    """`a >> b`."""
    low = None if a.low is None else min(a.low, 0)
    high = None if a.high is None else max(a.high, 0 if a.high >= 0 else -1)
    if b.low is not None and 0 < b.low <= MAX_EXPONENT and high is not None and high >= 0:
        high >>= b.low
    return IntShape(low, high)


def _bit_bound(a: IntShape, b: IntShape) -> int | None:
    left, right = _bounds(a), _bounds(b)
    if left is None or right is None:
        return None
    largest = max(*(x if x >= 0 else ~x for x in (*left, *right)), 0)
    return (1 << largest.bit_length()) - 1


def bit_and(a: IntShape, b: IntShape) -> IntShape:
    """`a & b`."""
    tops = [x.high for x in (a, b) if x.low is not None and x.low >= 0]
    known = [top for top in tops if top is not None]
    if tops:
        return IntShape(0, min(known) if known else None)
    bound = _bit_bound(a, b)
    return _ALL if bound is None else IntShape(-bound - 1, bound)


def bit_or(a: IntShape, b: IntShape) -> IntShape:
    """`a | b` and `a ^ b`."""
    positive = a.low is not None and a.low >= 0 and b.low is not None and b.low >= 0
    bound = _bit_bound(a, b)
    if bound is None:
        return IntShape(0, None) if positive else _ALL
    return IntShape(0 if positive else -bound - 1, bound)


def absolute(a: IntShape) -> IntShape:
    """`abs(a)`."""
    if a.low is not None and a.low >= 0:
        return a
    if a.high is not None and a.high <= 0:
        return negate(a)
    return IntShape(0, None if a.low is None or a.high is None else max(-a.low, a.high))


def intersect(a: IntShape, low: int | None, high: int | None) -> IntShape:
    """What of `a` lies between two bounds; `a` where nothing does, because the place is then never reached."""
    new_low = a.low if low is None else low if a.low is None else max(a.low, low)
    new_high = a.high if high is None else high if a.high is None else min(a.high, high)
    if new_low is not None and new_high is not None and new_low > new_high:
        return a
    return IntShape(new_low, new_high)


OPERATIONS: dict[str, Callable[[IntShape, IntShape], IntShape]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "//": floor_divide,
    "%": modulo,
    "**": power,
    "<<": shift_left,
    ">>": shift_right,
    "&": bit_and,
    "|": bit_or,
    "^": bit_or,
}
