"""Format strings in Rust's notation: how many arguments they take.

Enters: the text of a format string. Leaves: the number of arguments that follow it, and the names that it takes from
where it stands. Read `law.py` next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["FORMAT_MACROS", "Wants", "wants"]

# Macros that take a format string, and how many arguments stand before it.
FORMAT_MACROS = {
    **dict.fromkeys("format print println eprint eprintln panic todo unreachable unimplemented".split(), 0),
    **dict.fromkeys("say say_raw complain complain_raw format_args".split(), 0),
    **dict.fromkeys("write writeln assert debug_assert".split(), 1),
}
_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_SPEC = re.compile(r"(?:.?[<^>])?[+-]?#?0?(?P<width>\w+\$|\d+)?(?:\.(?P<precision>\w+\$|\d+|\*))?(?:[xX]?\?|[xXobeE])?")


@dataclass(frozen=True, slots=True)
class Wants:
    """The arguments that a format string takes: how many by place, and which by name."""

    places: int
    names: frozenset[str]


def wants(text: str) -> Wants | None:
    """What a format string takes; None when it is none.

    >>> wants("{} {{}} {:>width$.3}")
    Wants(places=2, names=frozenset({'width'}))
    >>> wants("{0} {0:?}").places, wants("{")
    (1, None)
    """
    running = 0
    highest = 0
    found: set[str] = set()
    for hole in _HOLE.finditer(text):
        if hole[0] in {"{{", "}}"}:
            continue
        if hole[1] is None:
            return None
        argument, _, spec = hole[1].partition(":")
        parts = _SPEC.fullmatch(spec)
        if parts is None:
            return None
        counts = [word.removesuffix("$") for word in parts.groups() if word and word.endswith("$")]
        running += parts["precision"] == "*"
        running += not argument
        for word in (argument, *counts):
            if word.isdigit():
                highest = max(highest, int(word) + 1)
            elif word:
                found.add(word)
    return Wants(max(running, highest), frozenset(found))
