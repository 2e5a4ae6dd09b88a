"""`json`: values, error texts and places, every option of writing, and what read values do."""

from __future__ import annotations

import json
import operator
from typing import TYPE_CHECKING, Any

import pytest

from library_probe import chance, said

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from library_probe import Library

Case = tuple[tuple[object, ...], object]

DOCUMENTS = [
    *(
        "",
        " ",
        "nul",
        "null",
        "true",
        "false",
        "nan",
        "NaN",
        "Infinity",
        "-Infinity",
        "-",
        "--1",
        "0",
        "-0",
        "01",
        "1.",
        "1.5",
    ),
    *(
        ".5",
        "1e5",
        "1e",
        "1e+",
        "1E-2",
        "1.5e300",
        "1e400",
        "-1e400",
        "123456789012345678901234567890",
        "1 2",
        "+1",
        "0x1",
    ),
    *(
        '"',
        '"a',
        '"a"',
        '"a" "b"',
        '"\\',
        '"\\"',
        '"\\n\\t\\b\\f\\r\\/\\\\\\""',
        '"\\q"',
        '"\\u"',
        '"\\u12"',
        '"\\u00e9"',
    ),
    *(
        '"\\uD83D\\uDE00"',
        '"\\ud83d\\u12"',
        '"\\u00zz"',
        '"\\u+123"',
        '"a\nb"',
        '"a\tb"',
        '"\x7f"',
        '"é"',
        '"\U0001f600"',
    ),
    *("[", "[]", "[ ]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1,2]", "[1 , 2 ]", "[[1],[2,[3]]]", "[1}", "]", "[1]]"),
    *(
        "{",
        "{}",
        "{ }",
        '{"a"',
        '{"a":',
        '{"a":1',
        '{"a":1,',
        '{"a":1,}',
        '{"a" 1}',
        '{"a":1 "b":2}',
        "{a:1}",
        "{'a':1}",
        "{1:2}",
    ),
    *(
        '{"a":1,"b":[true,null],"a":3}',
        '{"a" : {"b" : {}}}',
        '{"":""}',
        "}",
        '{"a":}',
        '\n{\n "a": 1,\n "b" 2}',
        "\ufeff1",
        "\u00a01",
    ),
    *(
        "[1.0, 2.50, 1e2, -0.0]",
        "tru",
        "truex",
        "nullnull",
        '["a", "b"',
        '{"a":[1,2',
        "[\n\n\n,",
        'é"',
        '"é',
        '["é", x]',
    ),
]


def value(draw: random.Random, depth: int = 0) -> Any:
    plain = [
        None,
        True,
        False,
        0,
        -1,
        12,
        2**70,
        1.5,
        -0.0,
        1e300,
        0.1,
        "",
        "text",
        'é\n"\\',
        "\U0001f600\x00\x7f\u2028",
    ]
    kind = draw.random()
    if depth > 3 or kind < 0.5:
        return draw.choice(plain)
    if kind < 0.75:
        return [value(draw, depth + 1) for _ in range(draw.randint(0, 4))]
    return {draw.choice(["a", "b", "key", "é", "z z"]): value(draw, depth + 1) for _ in range(draw.randint(0, 4))}


def read(document: str) -> str:
    return repr(json.loads(document))


def test_written_documents(library: Library) -> None:
    library.agree((("json.loads", document), said(read, document)) for document in DOCUMENTS)


def test_attributes_of_errors(library: Library) -> None:
    cases: list[Case] = []
    for document in DOCUMENTS:
        try:
            json.loads(document)
        except json.JSONDecodeError as error:
            cases.append((("json.loads_error", document), f"{error.msg} {error.pos} {error.lineno} {error.colno}"))
    library.agree(cases)


def test_random_and_damaged_documents(library: Library) -> None:
    draw = chance(1)
    cases: list[Case] = []
    for _ in range(1500):
        document = json.dumps(value(draw), ensure_ascii=draw.random() < 0.5, indent=draw.choice((None, 1)))
        cases.append((("json.loads", document), read(document)))
        place = draw.randint(0, len(document))
        damaged = (
            document[:place] + draw.choice(["", ",", "]", "}", '"', ":", "x", "\\", " ", "1"]) + document[place + 1 :]
        )
        cases.append((("json.loads", damaged), said(read, damaged)))
    # Half a character is refused, which Python takes.
    library.agree(case for case in cases if "\\ud" not in str(case[1]))


OPTIONS: list[dict[str, Any]] = [
    {},
    {"indent": 2},
    {"indent": 0},
    {"indent": "\t"},
    {"sort_keys": True},
    {"ensure_ascii": False},
    {"separators": [",", ":"]},
    {"indent": 4, "sort_keys": True, "ensure_ascii": False},
    {"indent": 1, "separators": [" ,", " : "]},
    {"allow_nan": False},
]


def test_writing(library: Library) -> None:
    draw = chance(2)
    documents = [json.dumps(value(draw)) for _ in range(400)]
    cases: list[Case] = [
        (("json.dumps", document, json.dumps(options)), said(json.dumps, json.loads(document), **options))
        for document in documents
        for options in OPTIONS
    ]
    for number in ("NaN", "[Infinity]", '{"a": -Infinity}'):
        cases += [
            (("json.dumps", number, json.dumps(options)), said(json.dumps, json.loads(number), **options))
            for options in OPTIONS
        ]
    library.agree(cases)


CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)
TYPED: dict[str, Any] = {
    "ints": {0: 0, 1: 1, 2: 4},
    "floats": {2.5: True, float("nan"): None},
    "keys": {None: (1, "a"), True: (2, "é")},
    "rows": [(1, 1.0, "x"), (2, 1e300, "\U0001f600")],
    "empty": ([], {}, None),
    "circle": CIRCLE,
}


@pytest.mark.parametrize("name", TYPED)
def test_typed_values(library: Library, name: str) -> None:
    options = [each for each in OPTIONS if not (name == "keys" and "sort_keys" in each)]
    library.agree(
        (("json.dumps_typed", name, json.dumps(each)), said(json.dumps, TYPED[name], **each)) for each in options
    )


SAMPLES = [
    *(
        "null",
        "true",
        "false",
        "0",
        "3",
        "-2",
        "2.5",
        "-0.5",
        '""',
        '"ab"',
        '"12"',
        '" 7 "',
        '"x"',
        "[]",
        "[1, 2]",
        '["ab"]',
    ),
    *('{"ab": 1, "12": null}', "{}", "123456789012345678901", "NaN"),
]
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "item": operator.getitem,
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "contains": operator.contains,
}
UNARY: dict[str, Callable[[Any], Any]] = {
    "neg": operator.neg,
    "len": len,
    "int": int,
    "float": float,
    "list": list,
    "bool": bool,
    "upper": lambda item: item.upper(),
    "items": lambda item: item.items(),
}


def result(function: Callable[..., Any], *documents: str) -> str:
    return repr(function(*map(json.loads, documents)))


def test_what_read_values_do(library: Library) -> None:
    cases: list[Case] = []
    for a in SAMPLES:
        cases += [((f"json.{name}", a), said(result, function, a)) for name, function in UNARY.items()]
        cases.append((("json.str", a), str(json.loads(a))))
        for b in SAMPLES:
            if "123456789012345678901" in (a, b) and '"' in a + b:
                continue  # a text repeated so often fits no memory
            cases += [((f"json.{name}", a, b), said(result, function, a, b)) for name, function in BINARY.items()]
            if '"' not in a[:1]:
                cases.append((("json.mod", a, b), said(result, operator.mod, a, b)))
    library.agree(cases)
