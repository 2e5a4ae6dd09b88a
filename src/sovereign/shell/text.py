"""Text as a terminal shows it: what it may contain, and how many cells it takes.

Enters: any string, also one from a hostile file. Leaves: text that a terminal only prints. Names of files and
lines of source may hold escape sequences or marks that reorder what is read; those are shown as code points.
"""

from __future__ import annotations

import unicodedata

__all__ = ["cells", "clip", "visible"]

_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ELLIPSIS = "…"


def visible(text: str) -> str:
    r"""The text with everything that a terminal would act on written as an escape.

    >>> visible("red\x1b[31m, tab\t, line\n")
    'red\\x1b[31m, tab\\t, line\\n'
    """
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in {"Cc", "Cs", "Zl", "Zp"} or character in _REORDERING:
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character


def cells(text: str) -> int:
    """How many terminal cells the text takes: wide characters two, combining ones none.

    >>> cells("abc"), cells("漢字"), cells("e\u0301")
    (3, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def clip(text: str, width: int) -> str:
    """The text cut to `width` cells, with an ellipsis where something was cut off.

    >>> clip("a long line", 7)
    'a long…'
    """
    if cells(text) <= width:
        return text
    used = 0
    for place, character in enumerate(text):
        used += _cells_of(character)
        if used > width - 1:
            return text[:place] + _ELLIPSIS
    return text
