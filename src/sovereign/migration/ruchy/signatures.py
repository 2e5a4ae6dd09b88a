"""The types of the library's functions and methods, read from its tables when they are first needed.

Enters: signatures as `library.py` writes them. Leaves: fresh function types. Read `infer_base.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy import types as ty
from sovereign.migration.ruchy.lean import NamedTuple, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.ruchy.types import Type

__all__ = ["Signature", "read"]

_WORD = pattern(r"\s*(->|\.\.|[A-Za-z][A-Za-z0-9_]*|[<>(),?~!])")
_NAMED = {"i64": ty.I64, "f64": ty.F64, "bool": ty.BOOL, "str": ty.STR}


class Signature(NamedTuple):
    """The parameters of a function and its result; `takes_more` when any number of values may follow."""

    parameters: tuple[Type, ...]
    result: Type
    takes_more: bool
    numbers: tuple[Type, ...]
    """Types that have to be numbers."""


class _Reader:
    def __init__(self, text: str, known: dict[str, Type], fresh: Callable[[str], Type]) -> None:
        self.words = _WORD.findall(text)
        self.at = 0
        self.known = known
        self.fresh = fresh
        self.takes_more = False

    def next(self) -> str:
        self.at += 1
        return str(self.words[self.at - 1])

    def peek(self) -> str:
        return str(self.words[self.at]) if self.at < len(self.words) else ""

    def function(self) -> tuple[tuple[Type, ...], Type]:
        self.next()  # fn
        self.next()  # (
        parameters: list[Type] = []
        while self.peek() != ")":
            if self.peek() == "..":
                self.next()
                self.takes_more = True
            else:
                parameters.append(self.type())
            if self.peek() == ",":
                self.next()
        self.next()
        self.next()  # ->
        return tuple(parameters), self.type()

    def type(self) -> Type:
        found = self.single()
        while self.peek() in {"?", "~"}:
            found = ty.option_of(found) if self.next() == "?" else ty.maybe_of(found)
        return found

    def single(self) -> Type:  # noqa: PLR0911 - one way out for each case
        word = self.peek()
        if word == "fn":
            parameters, result = self.function()
            return ty.function_of(parameters, result)
        self.next()
        if word == "!":
            return ty.NEVER
        if word == "(":
            return self.tuple()
        if word in _NAMED:
            return _NAMED[word]
        if word == "Any":
            return ty.Union()
        if self.peek() == "<":
            return self.applied(word)
        if word not in self.known:
            self.known[word] = self.fresh(word)
        return self.known[word]

    def tuple(self) -> Type:
        items: list[Type] = []
        while self.peek() != ")":
            items.append(self.type())
            if self.peek() == ",":
                self.next()
        self.next()
        return ty.tuple_of(*items) if items else ty.NIL

    def applied(self, word: str) -> Type:
        self.next()
        arguments: list[Type] = []
        while self.peek() != ">":
            arguments.append(self.type())
            if self.peek() == ",":
                self.next()
        self.next()
        return ty.Con({"Vec": "list", "Dict": "dict", "Set": "set", "Result": "result"}[word], tuple(arguments))


def read(text: str, known: dict[str, Type], fresh: Callable[[str], Type]) -> Signature:
    """A signature with fresh variables; `known` gives those of the receiver, such as `T` for the items of a list."""
    reader = _Reader(text, known, fresh)
    parameters, result = reader.function()
    numbers = (known["Num"],) if "Num" in known else ()
    return Signature(parameters, result, reader.takes_more, numbers)
