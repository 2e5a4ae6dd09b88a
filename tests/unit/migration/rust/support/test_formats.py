from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from twins import differences, drawing

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.timeout(600)

KINDS = {
    "i": int,
    "f": float,
    "b": lambda text: text == "True",
    "n": lambda _: None,
    "l": lambda text: [int(item) for item in text.split(",") if item],
    "t": lambda text: (1, text),
    "d": lambda text: {"key": text},
    "s": str,
}


def value(text):
    kind, rest = text.split(":", 1)
    return KINDS[kind](rest)


def template(text, *rest):
    values = [value(said) for said in rest]
    return text.format(*values, **dict(zip("abcdef", values, strict=False)))


TABLE = {
    "format.spec": lambda spec, said: format(value(said), spec),
    "format.template": template,
    "format.alone": lambda conversion, said: f"%{conversion}" % value(said),
    "format.percent": lambda text, *rest: text % tuple(value(said) for said in rest),
}

VALUES = [
    "i:0", "i:7", "i:-7", "i:1234567", "i:-1234567890123", "i:123456789012345678901234567890", "i:-1", "i:65",
    "i:1114112", "i:255", "b:True", "b:False", "f:0.0", "f:-0.0", "f:1.0", "f:1.5", "f:-2.5", "f:0.5", "f:1234567.891",
    "f:1e16", "f:1e-5", "f:123456789012345678", "f:nan", "f:inf", "f:-inf", "f:0.1", "f:2.675", "f:1e300", "f:5e-324",
    "f:999999.5", "f:0.00001234", "f:100", "f:-0.001", "f:1e22", "f:99.99", "f:3.14159265358979", "s:", "s:abc", "s:é",
    "s:hello world", "s:x", "n:", "l:1,2", "t:x", "i:1000", "i:999", "f:9.5", "f:0.00009999999",
]  # fmt: skip


def spec(draw: random.Random) -> str:
    text = ""
    if draw.random() < 0.4:
        text += draw.choice(["", "", "*", "0", "x", "é", "<", "{"]) + draw.choice("<>^=")
    text += (
        draw.choice(["", "", "", "+", "-", " "])
        + draw.choice(["", "", "", "", "", "z"])
        + draw.choice(["", "", "", "#"])
    )
    text += draw.choice(["", "", "0"]) + draw.choice(["", "", "1", "5", "8", "10", "13", "20", "30"])
    text += draw.choice(["", "", "", ",", "_"]) + draw.choice(
        ["", "", "", ".0", ".1", ".2", ".3", ".6", ".10", ".17", ".25"]
    )
    return text + draw.choice(["", "", "", *"bcdeEfFgGnosxX%"])


ODD = [
    "", "a", "dd", ".", ".d", "5.", "<<<", "=", ",,", "_,", ",_", "__", "10x5", "é", "0", "00", "005d", "^", "!",
    "99999999999999999999", ".99999999999999999999f", "\n", " ", "+-5", "5%", "%5", "<5z", "#z",
]  # fmt: skip


def test_specs_answer_as_in_cpython():
    draw = drawing(1)
    questions = [("format.spec", text, said) for text in ODD for said in VALUES]
    questions += [("format.spec", spec(draw), draw.choice(VALUES)) for _ in range(30_000)]
    assert differences(TABLE, questions) == []


def test_floats_are_rounded_as_in_cpython():
    draw = drawing(2)
    questions = []
    for _ in range(8000):
        number = draw.choice(
            [
                draw.uniform(-1000, 1000),
                draw.randrange(-(10**6), 10**6) / draw.choice([2, 4, 8, 1000]),
                10 ** draw.uniform(-20, 20),
            ]
        )
        questions.append(("format.spec", f".{draw.randrange(18)}{draw.choice('efg%')}", f"f:{number!r}"))
    assert differences(TABLE, questions) == []


TEMPLATES = [
    "", "{}", "{} {}", "{0} {1} {0}", "{a} {b}", "{{}}", "{{{}}}", "{", "}", "{}}", "{{}", "{!r}", "{!s:>10}", "{!a}",
    "{!x}", "{!}", "{!r", "{!rr}", "{:}", "{:>10}", "{:{}}", "{:{}.{}}", "{:{b}}", "{0:{1}}", "{0} {}", "{} {0}",
    "{z}", "{9}", "{0[0]}", "{0[key]}", "{0[1]}", "{0[9]}", "{0.real}", "{0[}", "{0[]}", "{0[0]x}", "{0.}", "{a[0]}",
    "{:{:{}}}", "{0!r:^20}", "{:,}", "{:.2f}", "{0:}{1:}", "{ 0}", "{0 }", "{-1}", "{:{{}}}", "a{}b{}c", "{}" * 3,
    "{0:d} {0:x}", "{[0]}", "{[0]} {[0]}",
]  # fmt: skip


def test_templates_answer_as_in_cpython():
    draw = drawing(3)
    groups = [
        ["i:5", "i:10", "i:3"],
        ["s:abc", "s:<10"],
        ["l:1,2,3", "i:4"],
        ["d:value", "i:1"],
        ["t:tuple", "f:1.5"],
        ["f:3.14159", "i:8", "i:2"],
        [],
    ]
    questions = [("format.template", text, *group) for text in TEMPLATES for group in groups]
    questions += [
        ("format.template", "{:" + spec(draw).replace("{", "") + "}", draw.choice(VALUES)) for _ in range(500)
    ]
    # Attributes of integers are the one thing that the Rust side does not offer.
    questions = [question for question in questions if question[1] != "{0.real}"]
    assert differences(TABLE, questions) == []


def conversion(draw: random.Random) -> str:
    flags = "".join(draw.choice(["", "", "-", "+", " ", "#", "0"]) for _ in range(2))
    width = draw.choice(["", "", "5", "12", "20"])
    precision = draw.choice(["", "", ".", ".0", ".2", ".5", ".12"])
    return f"%{flags}{width}{precision}{draw.choice('diouxXeEfFgGcrsa%')}"


PERCENT = [
    ("%", ["i:1"]), ("%%", []), ("%d", []), ("%d", ["i:1", "i:2"]), ("%y", ["i:1"]), ("%*d", ["i:5", "i:3"]),
    ("%-*d|", ["i:5", "i:3"]), ("%*d", ["s:x", "i:3"]), ("%.*f", ["i:2", "f:1.5"]), ("%*d", ["i:-6", "i:3"]),
    ("%(a)s", ["i:1"]), ("%(a", ["i:1"]), ("%5%|", []), ("%ld %hd", ["i:1", "i:2"]), ("é%é", ["i:1"]), ("100%", []),
    ("%s and %s", ["s:a"]), ("%c", ["i:1114112"]), ("%c", ["s:ab"]), ("%c", ["f:1.5"]), ("%s", ["l:1,2"]),
    ("%s %r", ["n:", "n:"]), ("%5.1s|", ["s:abc"]), ("%x", ["f:1.5"]), ("%d", ["s:a"]), ("%f", ["s:a"]),
    ("%i", ["f:nan"]),
]  # fmt: skip


def test_percent_answers_as_in_cpython():
    draw = drawing(4)
    questions = [("format.percent", text, *values) for text, values in PERCENT]
    for _ in range(15_000):
        said = conversion(draw)
        questions.append(("format.percent", f"<{said}>", *([] if said.endswith("%") else [draw.choice(VALUES)])))
    assert differences(TABLE, questions) == []


def test_one_conversion_answers_as_in_cpython():
    draw = drawing(5)
    letters = {"i": "dioxXu", "f": "eEfFgG", "s": "s"}
    questions = []
    for _ in range(3000):
        said = draw.choice([told for told in VALUES if told[0] in letters])
        flags = conversion(draw)[1:-1]
        questions.append(("format.alone", flags + draw.choice(letters[said[0]]), said))
    assert differences(TABLE, questions) == []
