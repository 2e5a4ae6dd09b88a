"""`textwrap` and `string`: lines and texts as CPython makes them."""

from __future__ import annotations

import string
import textwrap
from typing import TYPE_CHECKING, Any

from library_probe import chance, said

if TYPE_CHECKING:
    import random

    from library_probe import Library

Case = tuple[tuple[object, ...], object]

WORDS = (
    "a the word hyphen-ated re-use e-mail semi-colon-separated -b --option x--y wait--what em---dash a-b-c 10-20 "
    'end. End! ok? "quoted." it\'s (par) extraordinarily pneumonoultramicroscopicsilicovolcanoconiosis '
    "https://example.org/a-b/c?d=e grüße-gott 日本語 one_two-three -- - ... A- -A a1-b2 ab-cd--ef &-b x.-y"
).split()
SPACES = [" ", " ", " ", "  ", "\n", "\t", "\n\n", " \n ", "\u00a0", "\x0b", ""]


def text(draw: random.Random) -> str:
    pieces = [draw.choice(SPACES)]
    for _ in range(draw.randint(0, 14)):
        pieces += [draw.choice(WORDS), draw.choice(SPACES)]
    return "".join(pieces)


def options(draw: random.Random) -> dict[str, Any]:
    possible: dict[str, Any] = {
        "initial_indent": draw.choice(["", "* ", "    "]),
        "subsequent_indent": draw.choice(["", "  ", "> "]),
        "expand_tabs": draw.random() < 0.5,
        "replace_whitespace": draw.random() < 0.5,
        "fix_sentence_endings": draw.random() < 0.5,
        "break_long_words": draw.random() < 0.5,
        "drop_whitespace": draw.random() < 0.5,
        "break_on_hyphens": draw.random() < 0.5,
        "tabsize": draw.randint(0, 9),
        "max_lines": draw.randint(1, 4),
        "placeholder": draw.choice([" [...]", "...", ""]),
    }
    chosen = {name: possible[name] for name in possible if draw.random() < 0.3}
    # CPython never ends where an indent fills the line.
    narrowest = (5,) if {"initial_indent", "subsequent_indent"} & set(chosen) else (0, 1, 2, 3)
    return {"width": draw.choice((*narrowest, 5, 8, 10, 15, 20, 30, 70)), **chosen}


def fields(chosen: dict[str, Any]) -> list[str]:
    return [f"{name}={value}" for name, value in chosen.items()]


def test_wrapping(library: Library) -> None:
    draw = chance(1)
    cases: list[Case] = []
    for _ in range(4000):
        written, chosen = text(draw), options(draw)
        lines = said(textwrap.wrap, written, **chosen)
        cases.append((("textwrap.wrap", written, *fields(chosen)), lines if isinstance(lines, str) else repr(lines)))
        chosen.pop("max_lines", None)
        cases.append((("textwrap.shorten", written, *fields(chosen)), said(textwrap.shorten, written, **chosen)))
    library.agree(cases)


def test_margins(library: Library) -> None:
    draw = chance(2)
    cases: list[Case] = []
    for _ in range(1500):
        lines = [
            draw.choice(["", "  ", "    ", "\t", " \t", "   "]) + draw.choice(["", "a", "b c", "\x0b", "é "])
            for _ in range(draw.randint(0, 6))
        ]
        written = draw.choice(["\n", "\n", "\r\n", "\u2028"]).join(lines) + draw.choice(["", "\n"])
        cases += [
            (("textwrap.dedent", written), textwrap.dedent(written)),
            (("textwrap.indent", written, "> "), textwrap.indent(written, "> ")),
            (("textwrap.indent_where", written, "- "), textwrap.indent(written, "- ", lambda line: len(line) > 3)),
        ]
    library.agree(cases)


class Upper(dict[str, str]):
    def __missing__(self, key: str) -> str:
        if key == "missing":
            raise KeyError(key)
        return key.upper()


def test_strings(library: Library) -> None:
    draw = chance(3)
    cases: list[Case] = []
    pieces = [
        "$",
        "$$",
        "${",
        "}",
        "a",
        "name",
        "${name}",
        "$name",
        "$missing",
        "${missing}",
        " ",
        "1",
        "é",
        "_x",
        "\n",
        "${1}",
        "$é",
    ]
    for _ in range(2000):
        template = "".join(draw.choice(pieces) for _ in range(draw.randint(0, 7)))
        cases.append((("string.substitute", template), said(string.Template(template).substitute, Upper())))
        cases.append((("string.safe_substitute", template), string.Template(template).safe_substitute(Upper())))
        written = text(draw)
        cases.append((("string.capwords", written, None), string.capwords(written)))
        cases.append((("string.capwords", written, "-"), string.capwords(written, "-")))
    library.agree(cases)
