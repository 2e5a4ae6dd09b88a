from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from twins import differences, drawing

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.timeout(600)


def bound(text):
    return None if text == "-" else int(text)


def plain(name):
    return lambda text: repr(getattr(text, name)())


def bounded(name):
    return lambda text, part, start, stop: repr(getattr(text, name)(part, bound(start), bound(stop)))


def grown(text, a, b):
    for _ in range(40):
        text += a
        text += b
    return repr((len(text), text, text.isascii()))


PLAIN = [
    "upper", "lower", "title", "capitalize", "swapcase", "casefold", "strip", "lstrip", "rstrip", "split", "rsplit",
    "splitlines",
]  # fmt: skip
CLAIMS = [
    "isalpha", "isdigit", "isdecimal", "isnumeric", "isalnum", "isspace", "isupper", "islower", "istitle", "isascii",
    "isprintable", "isidentifier",
]  # fmt: skip
BOUNDED = ["find", "rfind", "index", "rindex", "count", "startswith", "endswith"]
TABLE = {
    "str.repr": repr,
    "str.ascii": ascii,
    "str.len": len,
    "str.list": lambda text: repr(list(text)),
    "str.ord": lambda text: repr(ord(text)),
    **{f"str.{name}": plain(name) for name in PLAIN + CLAIMS},
    **{f"str.{name}": bounded(name) for name in BOUNDED},
    "str.item": lambda text, index: repr(text[int(index)]),
    "str.strip_of": lambda text, characters: repr(text.strip(characters)),
    "str.lstrip_of": lambda text, characters: repr(text.lstrip(characters)),
    "str.rstrip_of": lambda text, characters: repr(text.rstrip(characters)),
    "str.split_max": lambda text, most: repr(text.split(None, int(most))),
    "str.rsplit_max": lambda text, most: repr(text.rsplit(None, int(most))),
    "str.splitlines_keep": lambda text, _: repr(text.splitlines(keepends=True)),
    "str.zfill": lambda text, width: repr(text.zfill(int(width))),
    "str.expandtabs": lambda text, size: repr(text.expandtabs(int(size))),
    "str.partition": lambda text, separator: repr(text.partition(separator)),
    "str.rpartition": lambda text, separator: repr(text.rpartition(separator)),
    "str.removeprefix": lambda text, part: repr(text.removeprefix(part)),
    "str.removesuffix": lambda text, part: repr(text.removesuffix(part)),
    "str.contains": lambda text, part: repr(part in text),
    "str.repeat": lambda text, count: repr(text * int(count)),
    "str.less": lambda text, other: repr(text < other),
    "str.join": lambda text, parts: repr(text.join(parts)),
    "str.slice": lambda text, start, stop: repr(text[bound(start) : bound(stop)]),
    "str.slice_step": lambda text, start, stop, step: repr(text[bound(start) : bound(stop) : int(step)]),
    "str.split_at": lambda text, separator, most: repr(text.split(separator, int(most))),
    "str.rsplit_at": lambda text, separator, most: repr(text.rsplit(separator, int(most))),
    "str.replace": lambda text, old, new: repr(text.replace(old, new)),
    "str.replace_count": lambda text, old, new, count: repr(text.replace(old, new, int(count))),
    "str.center": lambda text, width, fill: repr(text.center(int(width), fill)),
    "str.ljust": lambda text, width, fill: repr(text.ljust(int(width), fill)),
    "str.rjust": lambda text, width, fill: repr(text.rjust(int(width), fill)),
    "str.startswith_any": lambda text, a, b: repr(text.startswith((a, b))),
    "str.endswith_any": lambda text, a, b: repr(text.endswith((a, b))),
    "str.translate": lambda text, a, b, c: repr(text.translate(str.maketrans(a, b, c))),
    "str.append": grown,
}

ALPHABETS = [
    "ab", "abc  ", "aA1 _\t\n", "ab,;", "aéß", "日本語a", "😀a b", "'\"\\", "\x00\x07\x1b\x7f\x80\xa0\xad",
    "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029x", "ΣσςΑα. '", "ǅǆﬁŉßİı", "٣٤²½Ⅷ一十", "\u0301a\u200b\ue000\U000e0001",
    "+-0123", "\u2003 \u3000a\x1f", "ªºʰ\u0345", "ΆᾳᾼᾲᾷῼA", "aZ'b Cd", "Ა ა Ꭰꭰ",
]  # fmt: skip


def some_text(draw: random.Random, most: int = 12) -> str:
    alphabet = draw.choice(ALPHABETS)
    count = draw.randrange(most) if draw.random() < 0.9 else draw.randrange(60)
    return "".join(draw.choice(alphabet) for _ in range(count))


def pair(draw: random.Random) -> tuple[str, str]:
    text = some_text(draw)
    if text and draw.random() < 0.6:
        start = draw.randrange(len(text))
        return text, text[start : start + draw.randrange(4)]
    return text, some_text(draw, 4)


def some_bound(draw: random.Random) -> str:
    return "-" if draw.random() < 0.3 else str(draw.randrange(-15, 15))


def small(draw: random.Random) -> str:
    return str(draw.randrange(-3, 20))


def test_methods_without_arguments_answer_as_in_cpython():
    draw = drawing(1)
    names = ["repr", "ascii", "len", "list", "ord", *PLAIN, *CLAIMS]
    assert differences(TABLE, [(f"str.{name}", some_text(draw)) for name in names for _ in range(600)]) == []


def test_methods_with_arguments_answer_as_in_cpython():
    draw = drawing(2)
    parts = [
        "strip_of",
        "lstrip_of",
        "rstrip_of",
        "partition",
        "rpartition",
        "removeprefix",
        "removesuffix",
        "contains",
        "less",
        "join",
    ]
    questions = [(f"str.{name}", *pair(draw)) for name in parts for _ in range(600)]
    numbers = ["item", "split_max", "rsplit_max", "splitlines_keep", "zfill", "expandtabs", "repeat"]
    questions += [(f"str.{name}", some_text(draw), small(draw)) for name in numbers for _ in range(500)]
    questions += [("str.slice", some_text(draw), some_bound(draw), some_bound(draw)) for _ in range(1500)]
    questions += [
        ("str.slice_step", some_text(draw), some_bound(draw), some_bound(draw), str(draw.randrange(-4, 5)))
        for _ in range(2500)
    ]
    questions += [
        (f"str.{name}", *pair(draw), some_bound(draw), some_bound(draw)) for name in BOUNDED for _ in range(800)
    ]
    questions += [
        (f"str.{name}", *pair(draw), str(draw.randrange(-1, 4)))
        for name in ("split_at", "rsplit_at")
        for _ in range(800)
    ]
    questions += [("str.replace", *pair(draw), some_text(draw, 3)) for _ in range(800)]
    questions += [
        ("str.replace_count", *pair(draw), some_text(draw, 3), str(draw.randrange(-1, 5))) for _ in range(800)
    ]
    fills = ["center", "ljust", "rjust"]
    questions += [
        (f"str.{name}", some_text(draw), small(draw), draw.choice(["*", " ", "é", "", "ab"]))
        for name in fills
        for _ in range(500)
    ]
    questions += [
        (f"str.{name}", *pair(draw), some_text(draw, 3))
        for name in ("startswith_any", "endswith_any", "append")
        for _ in range(300)
    ]
    questions += [("str.translate", *pair(draw), some_text(draw, 4), some_text(draw, 3)) for _ in range(600)]
    assert differences(TABLE, questions) == []


# Characters of Unicode 14, which CPython 3.11 knows, as a compiler may know more; few of the many that are all alike.
ASKED = [code for code in range(0x110000) if code < 0x20000 or code % 97 == 0]
KNOWN = "".join(chr(code) for code in ASKED if unicodedata.category(chr(code)) not in {"Cn", "Cs"})
# Letters that Unicode gave a capital after version 14, and lower letters that it names so since.
NEWER = set("ƛɤꟓꟕʕჼꟲꟳꟴꭩ")


def each(name):
    return lambda text: "".join(repr(getattr(character, name)()) for character in text)


@pytest.mark.parametrize("name", [*PLAIN[:6], *CLAIMS[:-1]])
def test_every_character_is_what_cpython_says(name):
    text = "".join(character for character in KNOWN if character not in NEWER)
    table = {f"each.{name}": each(name)}
    questions = [(f"each.{name}", text[start : start + 1000]) for start in range(0, len(text), 1000)]
    assert differences(table, questions) == []


def test_every_character_is_quoted_as_in_cpython():
    table = {"str.repr": repr}
    questions = [("str.repr", KNOWN[start : start + 1000]) for start in range(0, len(KNOWN), 1000)]
    assert differences(table, questions) == []
