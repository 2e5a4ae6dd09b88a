"""Facts under a heading: a drawn box on a terminal, plain indented lines in a pipe.

Enters: a heading and pairs of name and value, of which either may come from a hostile file. Leaves: text that fits the
width; long values go on below their beginning. Read `console.py` next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.shell.text import cells, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["drawn_box", "plain_box"]

_LEAST_VALUE = 12


def plain_box(heading: str, facts: Sequence[tuple[str, str]]) -> str:
    """The heading and one line per fact.

    >>> print(plain_box("HEADER", [("Magic", "APRN"), ("Flags", "")]), end="")
    HEADER
      Magic:  APRN
      Flags:
    """
    column = _column(facts)
    lines = [visible(heading)]
    lines += [f"  {_padded(f'{visible(name)}:', column)}{visible(value)}".rstrip() for name, value in facts]
    return "\n".join(lines) + "\n"


def drawn_box(heading: str, facts: Sequence[tuple[str, str]], *, width: int) -> str:
    """The same inside a frame of `width` cells.

    >>> print(drawn_box("HEADER", [("Magic", "APRN")], width=24), end="")
    ┌──────────────────────┐
    │ HEADER               │
    ├──────────────────────┤
    │ Magic:  APRN         │
    └──────────────────────┘
    """
    column = _column(facts)
    column = min(column, max(width - 4 - _LEAST_VALUE, 4))
    room = max(width - 4, column + _LEAST_VALUE)
    rule = "─" * (room + 2)
    lines = [f"┌{rule}┐", *(f"│ {_padded(each, room)} │" for each in _wrapped(visible(heading), room)), f"├{rule}┤"]
    for name, value in facts:
        lines += [f"│ {_padded(each, room)} │" for each in _fact(visible(name), visible(value), column, room)]
    return "\n".join([*lines, f"└{rule}┘"]) + "\n"


def _column(facts: Sequence[tuple[str, str]]) -> int:
    """Where values begin: behind the longest name."""
    return max((cells(visible(name)) for name, _ in facts), default=0) + 3


def _fact(name: str, value: str, column: int, room: int) -> Iterator[str]:
    """The lines of one fact; a name that is longer than its column has a line of its own."""
    lead = f"{name}:"
    if cells(lead) >= column:
        yield from _wrapped(lead, room)
        lead = ""
    for each in _wrapped(value, room - column):
        yield (_padded(lead, column) + each).rstrip()
        lead = ""


def _wrapped(text: str, width: int) -> list[str]:
    """The text in pieces of at most `width` cells, broken at blanks where there are some."""
    lines, line = [], ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cells(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, width)
        lines += full
    return [*lines, line]


def _pieces(word: str, width: int) -> list[str]:
    """A word that is longer than the line, cut where it is full."""
    pieces, piece = [], ""
    for character in word:
        if cells(piece + character) > width and piece:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))
