"""The methods of texts.

Enters: a text and the arguments of a call. Leaves: what the method gives. Lengths are bytes, places are characters.
Those in `CHANGING` give the text that the variable then holds, and the value of the call. Read `methods_list.py` next.
"""

from __future__ import annotations

from sovereign.migration.ruchy.texts import show
from sovereign.migration.ruchy.values import NONE, Some, fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["CHANGING", "TEXT", "byte_length", "character", "parse_number", "to_integer"]


def byte_length(value: str) -> int:
    """How many bytes a text has."""
    return len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))


def character(value: str, index: int) -> str:
    """The character at a place, from the end where it is negative."""
    if -len(value) <= index < len(value):
        return value[index]
    fault("index", "the index is outside of the text")


def _substring(value: str, start: int, end: int | None = None) -> str:
    return value[max(start, 0) :] if end is None else value[max(start, 0) : max(end, 0)]


def _split(value: str, separator: str = " ") -> list[str]:
    return value.split(separator) if separator else ["", *value, ""]


def to_integer(value: str) -> int:
    """The integer that a text spells."""
    text = value.strip()
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 400:  # noqa: PLR2004 - far above 64 bits
        fault("parse", f"this is no integer: {show([value])[1:-1]}")
    found = int(text)
    if not -(1 << 63) <= found < 1 << 63:
        fault("parse", f"this integer is too large: {text}")
    return found


def _to_float(value: str) -> float:
    text = value.strip()
    try:
        found = float(text)
    except ValueError:
        found = None
    if found is None or "_" in text:
        fault("parse", f"this is no number: {show([value])[1:-1]}")
    return found


def parse_number(value: str) -> Any:
    """An integer where the text spells one, else a float."""
    text = value.strip()
    digits = text[1:] if text[:1] in {"+", "-"} else text
    return to_integer(value) if digits.isascii() and digits.isdecimal() else _to_float(value)


def _find(value: str, part: str) -> Any:
    found = value.find(part)
    return NONE if found < 0 else Some(found)


def _at(value: str, index: int) -> Any:
    return Some(value[index]) if 0 <= index < len(value) else NONE


def _pad_left(value: str, width: int, padding: str = " ") -> str:
    return padding * (width - len(value)) + value


def _pad_right(value: str, width: int, padding: str = " ") -> str:
    return value + padding * (width - len(value))


def _lines(value: str) -> list[str]:
    lines = value.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _is_numeric(value: str) -> bool:
    return value != "" and all("0" <= each <= "9" for each in value)


def _count(value: str, part: str | None = None) -> int:
    return len(value) if part is None else value.count(part)


TEXT: dict[str, Any] = {
    "len": byte_length,
    "length": byte_length,
    "to_upper": str.upper,
    "to_uppercase": str.upper,
    "upper": str.upper,
    "to_lower": str.lower,
    "to_lowercase": str.lower,
    "lower": str.lower,
    "trim": str.strip,
    "trim_start": str.lstrip,
    "trim_end": str.rstrip,
    "chars": list,
    "bytes": lambda value: list(value.encode()),
    "as_bytes": lambda value: list(value.encode()),
    "lines": _lines,
    "split": _split,
    "split_whitespace": lambda value: value.split(),
    "contains": lambda value, part: part in value,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "replace": str.replace,
    "repeat": lambda value, count: value * max(count, 0),
    "substring": _substring,
    "slice": _substring,
    "char_at": character,
    "append": lambda value, other: value + show(other),
    "concat": lambda value, other: value + show(other),
    "is_empty": lambda value: not value,
    "is_numeric": _is_numeric,
    "is_digit": lambda value, _base=10: _is_numeric(value),
    "is_alphabetic": str.isalpha,
    "is_alphanumeric": str.isalnum,
    "is_whitespace": str.isspace,
    "is_uppercase": str.isupper,
    "is_lowercase": str.islower,
    "to_string": lambda value: value,
    "to_owned": lambda value: value,
    "as_str": lambda value: value,
    "clone": lambda value: value,
    "parse": parse_number,
    "to_int": to_integer,
    "to_integer": to_integer,
    "to_float": _to_float,
    "reverse": lambda value: value[::-1],
    "rev": lambda value: value[::-1],
    "find": _find,
    "index_of": str.find,
    "join": lambda value, parts: value.join(map(show, parts)),
    "pad_left": _pad_left,
    "pad_right": _pad_right,
    "count": _count,
    "nth": _at,
    "get": _at,
    "first": lambda value: _at(value, 0),
    "last": lambda value: _at(value, len(value) - 1),
    "to_vec": list,
    "cmp": lambda value, other: (value > other) - (value < other),
    "ord": lambda value: ord(character(value, 0)),
}

CHANGING: dict[str, Any] = {
    "push": lambda value, more: (value + show(more), None),
    "push_str": lambda value, more: (value + show(more), None),
    "pop": lambda value: (value[:-1], Some(value[-1]) if value else NONE),
    "clear": lambda _value: ("", None),
}
