from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from twins import differences, drawing

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.timeout(600)


def blob(text):
    return text.encode("latin-1")


def bound(text):
    return None if text == "-" else int(text)


def plain(name):
    return lambda text: repr(getattr(blob(text), name)())


def with_other(function):
    return lambda text, other: repr(function(blob(text), blob(other)))


PLAIN = [
    "hex", "upper", "lower", "title", "capitalize", "swapcase", "strip", "lstrip", "rstrip", "split", "splitlines",
    "isalpha", "isdigit", "isalnum", "isspace", "isupper", "islower", "isascii",
]  # fmt: skip
TABLE = {
    "bytes.repr": lambda text: repr(blob(text)),
    "bytes.array": lambda text: repr(bytearray(blob(text))),
    "bytes.list": lambda text: repr(list(blob(text))),
    "bytes.fromhex": lambda text: repr(bytes.fromhex(text)),
    **{f"bytes.{name}": plain(name) for name in PLAIN},
    "bytes.find": with_other(lambda a, b: (a.find(b), a.rfind(b), a.count(b), b in a)),
    "bytes.index": with_other(lambda a, b: a.index(b)),
    "bytes.rindex": with_other(lambda a, b: a.rindex(b)),
    "bytes.starts": with_other(lambda a, b: (a.startswith(b), a.endswith(b))),
    "bytes.partition": with_other(lambda a, b: a.partition(b)),
    "bytes.rpartition": with_other(lambda a, b: a.rpartition(b)),
    "bytes.strip_of": with_other(lambda a, b: (a.strip(b), a.lstrip(b), a.rstrip(b))),
    "bytes.removeprefix": with_other(lambda a, b: (a.removeprefix(b), a.removesuffix(b))),
    "bytes.less": with_other(lambda a, b: (a < b, a == b, a + b)),
    "bytes.zfill": lambda text, width: repr(blob(text).zfill(int(width))),
    "bytes.item": lambda text, index: repr(blob(text)[int(index)]),
    "bytes.grouped": lambda text, group: repr(blob(text).hex(":", int(group))),
    "bytes.split_at": lambda text, a, most: repr(blob(text).split(blob(a), int(most))),
    "bytes.rsplit_at": lambda text, a, most: repr(blob(text).rsplit(blob(a), int(most))),
    "bytes.replace": lambda text, a, b: repr(blob(text).replace(blob(a), blob(b))),
    "bytes.center": lambda text, width, fill: repr(blob(text).center(int(width), blob(fill))),
    "bytes.slice": lambda text, a, b: repr(blob(text)[bound(a) : bound(b)]),
    "bytes.translate": lambda text, a, b: repr(blob(text).translate(bytes.maketrans(blob(a), blob(b)))),
    "bytes.decode": lambda text, encoding, errors: repr(blob(text).decode(encoding, errors)),
    "str.encode": lambda text, encoding, errors: repr(text.encode(encoding, errors)),
}
ALPHABETS = ["ab", "aB1 _", "\r\n a\t\x0b\x0c\x1c\x85\xa0", "\x00\x7f\x80\xff'\"\\", "abc,;", "-+01"]
ENCODINGS = [
    "utf-8", "UTF8", "ascii", "latin-1", "utf-16", "utf-16-le", "utf_16_be", "utf-32", "utf-32-be", "utf-8-sig",
    "nope",
]  # fmt: skip
HANDLERS = ["strict", "ignore", "replace", "backslashreplace"]
PIECES = [
    "a", "é", "€", "😀", "\ufeff", "\x80", "\xff", "\xc3", "\xe2", "\xe2\x82", "\xed\xa0\x80", "\xf0\x9f\x98", "\xf5",
    "\xc0\x80", "\xf4\x90\x80\x80", "\xff\xfe", "\x00\xd8", "\x00\xdc", "\xef\xbb\xbf",
]  # fmt: skip


def some_blob(draw: random.Random, most: int = 12) -> str:
    alphabet = draw.choice(ALPHABETS)
    return "".join(draw.choice(alphabet) for _ in range(draw.randrange(most)))


def pair(draw: random.Random) -> tuple[str, str]:
    text = some_blob(draw)
    if text and draw.random() < 0.6:
        start = draw.randrange(len(text))
        return text, text[start : start + draw.randrange(3)]
    return text, some_blob(draw, 4)


def test_methods_answer_as_in_cpython():
    draw = drawing(1)
    questions = [(f"bytes.{name}", some_blob(draw)) for name in ("repr", "array", "list", *PLAIN) for _ in range(300)]
    pairs = ["find", "index", "rindex", "starts", "partition", "rpartition", "strip_of", "removeprefix", "less"]
    questions += [(f"bytes.{name}", *pair(draw)) for name in pairs for _ in range(400)]
    numbers = ["zfill", "item", "grouped"]
    questions += [
        (f"bytes.{name}", some_blob(draw), str(draw.randrange(-5, 15))) for name in numbers for _ in range(300)
    ]
    questions += [
        (f"bytes.{name}", *pair(draw), str(draw.randrange(-1, 4)))
        for name in ("split_at", "rsplit_at")
        for _ in range(400)
    ]
    questions += [("bytes.replace", *pair(draw), some_blob(draw, 3)) for _ in range(500)]
    questions += [("bytes.center", some_blob(draw), str(draw.randrange(15)), "*") for _ in range(100)]
    bounds = ["-", *map(str, range(-9, 9))]
    questions += [("bytes.slice", some_blob(draw), draw.choice(bounds), draw.choice(bounds)) for _ in range(300)]
    questions += [("bytes.translate", *pair(draw), some_blob(draw, 3)) for _ in range(300)]
    hexes = ["", "61", "6", "61 62", " 6162 ", "6 1", "zz", "6162zz", "é1", "AbCd", "61\n62", "616"]
    questions += [("bytes.fromhex", text) for text in hexes]
    assert differences(TABLE, questions) == []


def test_codecs_answer_as_in_cpython():
    draw = drawing(2)
    questions = []
    for _ in range(6000):
        text = "".join(draw.choice(PIECES) for _ in range(draw.randrange(6)))
        encoding = draw.choice(ENCODINGS)
        # Other codecs wrap the error of a handler that is none.
        odd = ["odd"] if encoding in {"utf-8", "UTF8", "ascii", "latin-1"} else []
        questions.append(("str.encode", text, encoding, draw.choice([*HANDLERS, "xmlcharrefreplace", *odd])))
        raw = text if text.isascii() or max(text) <= "\xff" else text.encode().decode("latin-1")
        questions.append(("bytes.decode", raw, encoding, draw.choice([*HANDLERS, *odd])))
    assert differences(TABLE, questions) == []
