"""Plain data that functions take and give, its types, and its spelling on a line.

Enters: types as text, such as `dict[str, list[int]]`; values of Python. Leaves: `Plain` types; words of one line, which
say each value with its exact type. The spelling is made for readers in any language: words with a blank between them,
in prefix order.

    word            value
    N  T  F         None, True, False
    i-12            an integer
    f3ff8000...     a float, the 16 hexadecimal digits of its bits
    s6869           a text, its UTF-8 in hexadecimal (half surrogates as UTF-8 would spell them)
    b00ff           bytes
    l2 v v          a list of two values; likewise t for tuple, e for set, z for frozenset
    d2 k v k v      a dict of two entries
    o3c78           any other object, its repr in hexadecimal

Read `fuzz.py` next.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sovereign.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Opaque", "Plain", "Signature", "canonical", "decode", "encode", "parse_type"]

ATOMS = frozenset("int float str bool bytes none".split())
CONTAINERS = {"list": 1, "set": 1, "frozenset": 1, "dict": 2, "optional": 1}
_HASHED = frozenset(("dict", "set", "frozenset"))
_TOKEN = re.compile(r"\.\.\.|\w+|[\[\],|]")
_LETTERS: dict[type, str] = {list: "l", tuple: "t", set: "e", frozenset: "z"}
_MAKERS: dict[str, Any] = {letter: kind for kind, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Plain:
    """A type: its kind, and the types inside it.

    The kind is one of `ATOMS` or `CONTAINERS`, or "tuple" with a type per place, "sequence" for a tuple of any length.
    """

    kind: str
    items: tuple[Plain, ...] = ()

    def __str__(self) -> str:
        if self.kind == "sequence":
            return f"tuple[{self.items[0]}, ...]"
        return f"{self.kind}[{', '.join(map(str, self.items))}]" if self.items else self.kind


@dataclass(frozen=True, slots=True)
class Signature:
    """A function that both sides have: its name, and the types of its parameters."""

    name: str
    parameters: tuple[Plain, ...]

    @classmethod
    def of(cls, name: str, *parameters: str) -> Signature:
        """A signature out of types as text.

        >>> str(Signature.of("f", "list[int]").parameters[0])
        'list[int]'
        """
        return cls(name, tuple(parse_type(text) for text in parameters))

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.parameters))})"


@dataclass(frozen=True, slots=True)
class Opaque:
    """An object that is no plain data, known by its repr alone."""

    text: str

    def __repr__(self) -> str:
        return self.text


def parse_type(text: str) -> Plain:
    """Read a type.

    Errors    ParameterError equivalence.type   when it is none.

    >>> str(parse_type("dict[str, int | None]"))
    'dict[str, optional[int]]'
    """
    words = _TOKEN.findall(text)
    if "".join(words) != re.sub(r"\s", "", text):
        raise _no_type(text)
    reader = _Reader(words, text)
    found = reader.union()
    if reader.words:
        raise _no_type(text)
    return found


class _Reader:
    """Reads a type off its words."""

    def __init__(self, words: list[str], text: str) -> None:
        self.words = words
        self.text = text

    def take(self) -> str:
        if not self.words:
            raise _no_type(self.text)
        return self.words.pop(0)

    def union(self) -> Plain:
        """A type, or a type and None."""
        members = [self.one()]
        while self.words[:1] == ["|"]:
            self.take()
            members.append(self.one())
        present = [member for member in members if member.kind != "none"]
        if len(members) == 1:
            return members[0]
        if len(present) != 1:
            raise _no_type(self.text)
        return Plain("optional", (present[0],))

    def one(self) -> Plain:
        kind = self.take().lower()
        if kind in ATOMS:
            return Plain(kind)
        if kind not in CONTAINERS and kind != "tuple":
            raise _no_type(self.text)
        if self.take() != "[":
            raise _no_type(self.text)
        items: list[Plain] = []
        while True:
            items.append(self.union())
            separator = self.take()
            if separator == "," and self.words[:2] == ["...", "]"]:
                del self.words[:2]
                return self.made("sequence", items)
            if separator == "]":
                return self.made(kind, items)
            if separator != ",":
                raise _no_type(self.text)

    def made(self, kind: str, items: list[Plain]) -> Plain:
        wanted = 1 if kind == "sequence" else CONTAINERS.get(kind, len(items))
        if len(items) != wanted or (kind in _HASHED and not _is_hashable(items[0])):
            raise _no_type(self.text)
        return Plain(kind, tuple(items))


def _is_hashable(kind: Plain) -> bool:
    return kind.kind not in {"list", "dict", "set"} and all(map(_is_hashable, kind.items))


def _no_type(text: str) -> ParameterError:
    return ParameterError(
        "equivalence.type",
        f"this is no type of plain data: `{text}`",
        name="type",
        value=text,
        allowed=sorted({*ATOMS, *CONTAINERS, "tuple"}),
    )


def encode(value: Any) -> str:
    """The words of a value.

    >>> encode([1, "hi", None])
    'l3 i1 s6869 N'
    """
    return " ".join(_words(value))


def _words(value: Any) -> Iterator[str]:
    kind = type(value)
    atom = _ATOM_WORDS.get(kind)
    if atom is not None:
        yield atom(value)
    elif kind in _LETTERS:
        yield f"{_LETTERS[kind]}{len(value)}"
        for item in value:
            yield from _words(item)
    elif kind is dict:
        yield f"d{len(value)}"
        for key, item in value.items():
            yield from _words(key)
            yield from _words(item)
    else:
        yield "o" + _hex(repr(value))


def _hex(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").hex()


_ATOM_WORDS: dict[type, Any] = {
    type(None): lambda _: "N",
    bool: lambda value: "T" if value else "F",
    int: lambda value: f"i{value:d}",
    float: lambda value: f"f{struct.pack('>d', value).hex()}",
    str: lambda value: f"s{_hex(value)}",
    bytes: lambda value: f"b{value.hex()}",
}


def canonical(text: str) -> str:
    """The same words with the items of sets in order and every NaN alike, so that equal values have equal words.

    >>> canonical("e2 i2 i1")
    'e2 i1 i2'
    """
    try:
        return _canonical(iter(text.split(" ")))
    except (StopIteration, ValueError, IndexError) as error:
        raise _no_words(text) from error


def _canonical(words: Iterator[str]) -> str:
    word = next(words)
    letter = word[0]
    if letter == "f" and decode(word) != decode(word):
        return "fnan"
    if letter not in _MAKERS and letter != "d":
        return word
    items = [_canonical(words) for _ in range(int(word[1:]) * (2 if letter == "d" else 1))]
    return " ".join([word, *(sorted(items) if letter in "ez" else items)])


def decode(text: str) -> Any:
    """The value that words say.

    Errors    ParameterError equivalence.words   when they say none.

    >>> decode("d1 sc3a9 t1 f7ff0000000000000")
    {'é': (inf,)}
    """
    words = iter(text.split(" "))
    try:
        value = _value(words)
        if next(words, None) is None:
            return value
    except (StopIteration, ValueError, KeyError, struct.error, TypeError, IndexError):
        pass
    raise _no_words(text)


def _no_words(text: str) -> ParameterError:
    message = f"these words say no value: `{text[:80]}`"
    return ParameterError("equivalence.words", message, name="words", value=text, allowed=[])


def _value(words: Iterator[str]) -> Any:
    word = next(words)
    letter, rest = word[0], word[1:]
    if letter in _ATOM_VALUES:
        return _ATOM_VALUES[letter](rest)
    size = int(rest)
    if letter == "d":
        return {_value(words): _value(words) for _ in range(size)}
    return _MAKERS[letter]([_value(words) for _ in range(size)])


def _text(rest: str) -> str:
    return bytes.fromhex(rest).decode("utf-8", "surrogatepass")


_ATOM_VALUES: dict[str, Any] = {
    "N": lambda _: None,
    "T": lambda _: True,
    "F": lambda _: False,
    "i": int,
    "f": lambda rest: struct.unpack(">d", bytes.fromhex(rest))[0],
    "s": _text,
    "b": bytes.fromhex,
    "o": lambda rest: Opaque(_text(rest)),
}
