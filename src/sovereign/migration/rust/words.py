"""Words of Rust text: identifiers, paths, literals, comments.

Enters: plain Python values and names as the tree holds them. Leaves: their spelling, which rustc reads back as the same
value. Read `oneline.py` next.
"""

from __future__ import annotations

import functools
import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "KEYWORDS",
    "PATH_KEYWORDS",
    "byte_text",
    "character",
    "comment_lines",
    "float_literal",
    "identifier",
    "integer",
    "path",
    "text",
]

KEYWORDS = frozenset(
    (
        "as async await break const continue dyn else enum extern false fn for if impl in let loop match mod move mut"
        " pub ref return static struct trait true type unsafe use where while abstract become box do final macro"
        " override priv try typeof unsized virtual yield"
    ).split()
)
# Keywords that name a place in a path; they have no raw form, so front-ends keep variables away from them.
PATH_KEYWORDS = frozenset(("self", "Self", "super", "crate"))
_SEGMENT = re.compile(r"(?:^|(?<=::))[a-z]+(?=$|::)")
_PREFIXES = {2: "0b", 8: "0o", 16: "0x"}
_DIGITS: dict[int, Callable[[int], str]] = {2: "{:b}".format, 8: "{:o}".format, 10: str, 16: "{:x}".format}
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
# Letters that turn the direction of writing: rustc refuses them even in comments.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def identifier(name: str) -> str:
    """The name itself, raw where it is a keyword.

    >>> identifier("type"), identifier("self"), identifier("kind")
    ('r#type', 'self', 'kind')
    """
    return f"r#{name}" if name in KEYWORDS else name


@functools.lru_cache(maxsize=4096)
def path(name: str) -> str:
    """A path with its keyword segments raw; what stands in angle brackets is type syntax and left alone.

    >>> path("shapes::match::area"), path("<T as Default>::default")
    ('shapes::r#match::area', '<T as Default>::default')
    """
    if name.isidentifier():
        return identifier(name)
    return _SEGMENT.sub(lambda found: identifier(found[0]), name)


def integer(value: int, suffix: str = "", base: int = 10) -> str:
    """An integer literal, its sign before the prefix of its base.

    >>> integer(-255, "i64", 16), integer(7)
    ('-0xff_i64', '7')
    """
    sign = "-" if value < 0 else ""
    digits = _PREFIXES.get(base, "") + _DIGITS[base](abs(value))
    return f"{sign}{digits}_{suffix}" if suffix and base == 16 else f"{sign}{digits}{suffix}"  # noqa: PLR2004 - its name


def float_literal(value: float, suffix: str = "") -> str:
    """The shortest literal that reads back as the same number.

    >>> float_literal(1e16), float_literal(0.1, "f64"), float_literal(-0.0)
    ('1e16', '0.1f64', '-0.0')
    """
    assert math.isfinite(value), "infinities and NaN are names in Rust"
    mantissa, _, exponent = repr(value).partition("e")
    return f"{mantissa}e{int(exponent)}{suffix}" if exponent else mantissa + suffix


def text(value: str) -> str:
    r"""A string literal on one line.

    >>> text('say "hi"\n')
    '"say \\"hi\\"\\n"'
    """
    if value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    return '"' + "".join('\\"' if letter == '"' else _spelled(letter) for letter in value) + '"'


def character(value: str) -> str:
    r"""A `char` literal.

    >>> character("'"), character('"')
    ("'\\''", '\'"\'')
    """
    return "'\\''" if value == "'" else f"'{_spelled(value)}'"


def byte_text(value: bytes) -> str:
    r"""A byte string literal on one line.

    >>> byte_text(b"a\xff\n")
    'b"a\\xff\\n"'
    """
    return 'b"' + "".join(_byte(code) for code in value) + '"'


def comment_lines(value: str, mark: str) -> list[str]:
    r"""Lines of a comment behind its mark, without blanks at their ends.

    >>> comment_lines("first\n\nlast ", "//")
    ['// first', '//', '// last']
    """
    if _TURNS.search(value):
        value = _TURNS.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", value)
    return [
        f"{mark}{line}".rstrip() if line.startswith(" ") else f"{mark} {line}".rstrip()
        for line in value.splitlines() or [""]
    ]


def _spelled(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return letter if letter.isprintable() else f"\\u{{{ord(letter):x}}}"


def _byte(code: int) -> str:
    letter = chr(code)
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter == '"':
        return '\\"'
    return letter if 0x20 <= code < 0x7F else f"\\x{code:02x}"  # noqa: PLR2004 - the printable part of ASCII
