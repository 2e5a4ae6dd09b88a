"""Which calls a trace shows: names, classes and regular expressions.

Enters: what stands behind `-e`. Leaves: the calls by table and number, as the core takes them. A word that no call
bears is refused with the nearest ones, because a filter that matches nothing looks like a program that does nothing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sovereign.errors import ParameterError
from sovereign.observability.renacer._kernels import system_calls
from sovereign.shell.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["choose", "known_classes", "known_names"]


class _Row(NamedTuple):
    table: int
    number: int
    name: str
    classes: frozenset[str]


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(_Row(table, number, name, frozenset(classes)) for table, number, name, classes in system_calls())


@cache
def known_names() -> frozenset[str]:
    """The names of all calls."""
    return frozenset(row.name for row in _rows())


@cache
def known_classes() -> frozenset[str]:
    """The names of all classes."""
    return frozenset(name for row in _rows() for name in row.classes)


def choose(words: str) -> list[tuple[int, int]] | None:
    """The calls that the words name, or None for all of them.

    Words stand between commas: `openat`, `%file` or `file`, `/^sched_/`, `all`, `none`. After a `!` at the beginning,
    or before a single word, they are the calls that are not meant.

    Errors    ParameterError  for a word that names no call and no class, and for a wrong expression.

    >>> choose("all") is None
    True
    >>> [number for table, number in choose("read,write") if table == 0]
    [0, 1]
    """
    text = words.removeprefix("trace=")
    is_reversed = text.startswith("!")
    wanted, unwanted = set[_Row](), set[_Row]()
    for word in _split(text.removeprefix("!")):
        (unwanted if word.startswith("!") else wanted).update(_named(word.removeprefix("!")))
    rows = set(_rows())
    if unwanted and not wanted:
        wanted = rows
    found = (wanted - unwanted) if not is_reversed else rows - (wanted - unwanted)
    return None if found == rows else sorted((row.table, row.number) for row in found)


def _split(text: str) -> list[str]:
    """The words between commas that stand outside of `/.../`."""
    found = re.findall(r"!?/(?:[^/\\]|\\.)*/|[^,]+", text)
    if not found:
        raise _unknown(text)
    return found


def _named(word: str) -> set[_Row]:
    fits = _test(word)
    found = {row for row in _rows() if fits(row)}
    if not found and word != "none":
        raise _unknown(word)
    return found


def _test(word: str) -> Callable[[_Row], bool]:
    if word.startswith("/") and word.endswith("/") and len(word) > 1:
        try:
            expression = re.compile(word[1:-1])
        except re.error as error:
            message = f"the regular expression of calls is wrong, {error}: `{word}`"
            raise ParameterError("renacer.choice", message, name="expression", value=word) from error
        return lambda row: expression.search(row.name) is not None
    if word in {"all", "none"}:
        return lambda _: word == "all"
    if word.startswith("%"):
        return lambda row: word[1:] in row.classes
    if word in known_names():
        return lambda row: row.name == word
    return lambda row: word in row.classes


def _unknown(word: str) -> ParameterError:
    names = [*known_names(), *(f"%{name}" for name in known_classes())]
    message = f"there is no call and no class of calls of that name: `{word}`"
    return ParameterError("renacer.choice", message, name="expression", value=word, nearest=nearest(word, names))
