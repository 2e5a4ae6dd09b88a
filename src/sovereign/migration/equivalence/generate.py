"""Inputs for a type, boundaries first, and smaller ones near a given input.

Enters: a `Plain` type and a seed. Leaves: values. The boundaries are those at which translations break: the ends of
machine integers, nothing, letters beyond two bytes, numbers that are not numbers. Read `fuzz.py` next.
"""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING, Any

from sovereign.migration.equivalence.plain import Plain, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Generator", "boundaries", "smaller"]

INTEGERS = (0, 1, -1, 2, -2, 7, 10, 255, 256, -128, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**32, 2**53, 2**63 - 1)
HUGE = (2**63, -(2**63), -(2**63) - 1, 2**64, 10**30, -(10**30))
FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 0.1, 1e16, 1e-5, 123456789.125, 5e-324, 1.7976931348623157e308)
STRANGE = (float("nan"), float("inf"), float("-inf"))
TEXTS = (
    "",
    "a",
    "ab",
    "Hello, World",
    "  padded ",
    "0",
    "-12",
    "3.5",
    "ß",
    "İi",
    "é",
    "e\u0301",
    "日本語",
    "😀a",
    "a\nb\t",
)
BYTES = (b"", b"a", b"\x00\xff", b"hello", "é".encode())
LETTERS = "abcABC xyz019_-.,é😀\n"
_SIZES = (0, 1, 1, 2, 2, 3, 5, 9)
_DEPTH = 3


def boundaries(kind: Plain) -> list[Any]:
    """The values of a type that are tried first.

    >>> boundaries(Plain("bool"))
    [False, True]
    """
    if kind.kind == "optional":
        return [None, *boundaries(kind.items[0])]
    if kind.kind in _BOUNDARIES:
        return list(_BOUNDARIES[kind.kind])
    if kind.kind == "tuple":
        columns = [boundaries(item) for item in kind.items]
        longest = max(map(len, columns), default=0)
        return [tuple(column[n % len(column)] for column in columns) for n in range(longest)] or [()]
    if kind.kind == "dict":
        keys, values = (boundaries(item) for item in kind.items)
        return [{}, {keys[0]: values[0]}, dict(zip(keys, values, strict=False))]
    make = _CONTAINERS[kind.kind]
    items = boundaries(kind.items[0])
    return [make(()), make(items[:1]), make(items), make(items[::-1] + items[:2])]


_BOUNDARIES: dict[str, tuple[Any, ...]] = {
    "int": INTEGERS + HUGE,
    "float": FLOATS + STRANGE,
    "str": TEXTS,
    "bytes": BYTES,
    "bool": (False, True),
    "none": (None,),
}
_CONTAINERS: dict[str, Callable[[Any], Any]] = {"list": list, "set": set, "frozenset": frozenset, "sequence": tuple}


class Generator:
    """Random values; the same seed gives the same values."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - inputs, no secrets

    def arguments(self, kinds: tuple[Plain, ...], count: int) -> Iterator[tuple[Any, ...]]:
        """So many argument lists: boundaries of each parameter beside ordinary others, then random ones."""
        tried = [boundaries(kind) for kind in kinds]
        done = 0
        for place, values in enumerate(tried):
            for value in values:
                if done < count:
                    done += 1
                    others = [self.value(kind, _DEPTH) for kind in kinds]
                    yield (*others[:place], value, *others[place + 1 :])
        for _ in range(count - done):
            yield tuple(self.value(kind, _DEPTH) for kind in kinds)

    def value(self, kind: Plain, depth: int) -> Any:
        """One value."""
        name = kind.kind
        if name in _DRAWN:
            return _DRAWN[name](self.random)
        if name == "optional":
            return None if self.random.random() < 0.25 else self.value(kind.items[0], depth)  # noqa: PLR2004 - a share
        if name == "tuple":
            return tuple(self.value(item, depth - 1) for item in kind.items)
        size = self.random.choice(_SIZES) if depth > 0 else 0
        if name == "dict":
            key, item = kind.items
            return {self.value(key, depth - 1): self.value(item, depth - 1) for _ in range(size)}
        return _CONTAINERS[name]([self.value(kind.items[0], depth - 1) for _ in range(size)])


def _integer(random: Random) -> int:
    choice = random.random()
    if choice < 0.7:  # noqa: PLR2004 - shares of small, large and boundary values
        return random.randint(-20, 100)
    return random.randint(-(2**40), 2**40) if choice < 0.9 else random.choice(INTEGERS + HUGE)  # noqa: PLR2004


def _float(random: Random) -> float:
    choice = random.random()
    if choice < 0.6:  # noqa: PLR2004 - shares, as above
        return round(random.uniform(-100, 100), random.randint(0, 6))
    return random.uniform(-1, 1) * 10.0 ** random.randint(-20, 20) if choice < 0.9 else random.choice(FLOATS + STRANGE)  # noqa: PLR2004


def _letters(random: Random) -> str:
    if random.random() < 0.2:  # noqa: PLR2004 - a share
        return random.choice(TEXTS)
    return "".join(random.choice(LETTERS) for _ in range(random.choice(_SIZES)))


_DRAWN: dict[str, Callable[[Random], Any]] = {
    "int": _integer,
    "float": _float,
    "str": _letters,
    "bool": lambda random: random.random() < 0.5,  # noqa: PLR2004 - a coin
    "bytes": lambda random: random.randbytes(random.choice(_SIZES)),
    "none": lambda _: None,
}


def smaller(value: Any) -> Iterator[Any]:
    """Simpler values of the same type, the simplest first.

    >>> list(smaller(5))
    [0, 2, 4]
    """
    seen = {encode(value)}
    for candidate in _SMALLER.get(type(value), _none)(value):
        words = encode(candidate)
        if words not in seen:
            seen.add(words)
            yield candidate


def _none(_: Any) -> Iterator[Any]:
    return iter(())


def _smaller_int(value: int) -> Iterator[int]:
    if value == 0:
        return
    yield 0
    if value < 0:
        yield -value
    yield value // 2 if value > 0 else -(-value // 2)
    yield value - 1 if value > 0 else value + 1


def _smaller_float(value: float) -> Iterator[float]:
    if value == 0 and math.copysign(1, value) > 0:
        return
    yield 0.0
    if value in {0.0, 1.0}:
        return
    yield 1.0
    if abs(value) < 2**53:
        yield abs(value)
        yield float(int(value)) if abs(value) > 1 else value
        yield value / 2


def _smaller_text(value: Any) -> Iterator[Any]:
    yield from _shorter(value)
    for place, letter in enumerate(value):
        if isinstance(value, str) and letter != "a":
            yield f"{value[:place]}a{value[place + 1 :]}"


def _shorter(value: Any) -> Iterator[Any]:
    """The same sequence without some of its items."""
    size = len(value)
    yield value[:0]
    step = size // 2
    while step:
        for start in range(0, size, step):
            yield value[:start] + value[start + step :]
        step //= 2


def _smaller_sequence(value: Any) -> Iterator[Any]:
    yield from _shorter(value)
    yield from _smaller_items(value)


def _smaller_items(value: Any) -> Iterator[Any]:
    """The same sequence with one item simpler."""
    for place, item in enumerate(value):
        for candidate in smaller(item):
            yield value[:place] + type(value)([candidate]) + value[place + 1 :]


def _smaller_set(value: Any) -> Iterator[Any]:
    return (type(value)(items) for items in _smaller_sequence(list(value)))


def _smaller_dict(value: dict[Any, Any]) -> Iterator[Any]:
    entries = list(value.items())
    for fewer in _shorter(entries):
        yield dict(fewer)
    for place, (key, item) in enumerate(entries):
        for candidate in smaller(item):
            yield dict([*entries[:place], (key, candidate), *entries[place + 1 :]])


_SMALLER: dict[type, Callable[[Any], Iterator[Any]]] = {
    int: _smaller_int,
    float: _smaller_float,
    str: _smaller_text,
    bytes: _shorter,
    list: _smaller_sequence,
    tuple: _smaller_items,
    set: _smaller_set,
    frozenset: _smaller_set,
    dict: _smaller_dict,
}
