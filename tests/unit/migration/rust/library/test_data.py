"""`csv`, `base64`, `binascii`, `zlib`, `fractions`, `statistics`: results and errors."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import math
import operator
import statistics
import zlib
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from library_probe import chance, said

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from library_probe import Library

Case = tuple[tuple[object, ...], object]
DIALECTS: list[dict[str, Any]] = [
    {},
    {"delimiter": ";"},
    {"quotechar": "'"},
    {"escapechar": "\\"},
    {"escapechar": "\\", "doublequote": False},
    {"skipinitialspace": True},
    {"strict": True},
    {"quoting": csv.QUOTE_NONE},
    {"quoting": csv.QUOTE_NONE, "escapechar": "\\"},
    {"quoting": csv.QUOTE_ALL},
    {"quoting": csv.QUOTE_NONNUMERIC},
    {"lineterminator": "\n"},
    {"doublequote": False},
    {"delimiter": "\t", "lineterminator": "\n", "quoting": csv.QUOTE_ALL},
]


def written(dialect: dict[str, Any]) -> str:
    """The probe's writing, which a semicolon would break."""
    return ";".join(f"{name}={value}" for name, value in replaced(dialect).items())


def replaced(dialect: dict[str, Any]) -> dict[str, Any]:
    return {**dialect, "delimiter": "\x01"} if dialect.get("delimiter") == ";" else dialect


def rows(text: str, dialect: dict[str, Any]) -> str:
    reader = csv.reader(text.splitlines(keepends=True) if "\r" not in text else cut(text), **dialect)
    return f"{list(reader)!r} {reader.line_num}"


def cut(text: str) -> list[str]:
    """Lines that end with a line feed alone."""
    return [line + "\n" for line in text.split("\n")[:-1]] + (
        [text.rsplit("\n", maxsplit=1)[-1]] if text.rsplit("\n", maxsplit=1)[-1] else []
    )


def table(draw: random.Random) -> str:
    pieces = [
        "a",
        "1",
        ",",
        ",",
        '"',
        '""',
        "'",
        " ",
        "\\",
        "\n",
        "\n",
        "\r\n",
        "\x01",
        "é",
        "\t",
        '"a,b"',
        "x y",
        "\r",
    ]
    return "".join(draw.choice(pieces) for _ in range(draw.randint(0, 16)))


def test_reading_tables(library: Library) -> None:
    draw = chance(1)
    cases: list[Case] = []
    for _ in range(2000):
        text, dialect = (
            table(draw),
            draw.choice([each for each in DIALECTS if each.get("quoting") != csv.QUOTE_NONNUMERIC]),
        )
        cases.append((("csv.reader", written(dialect), text), said(rows, text, replaced(dialect))))
    for text in ("a,b\n1,2\n\n3,4\n", "a,b\n1\n", "", "a\n", "a,a\n1,2\n", "x,y,z\n1,,\n"):
        expected = repr([dict(row) for row in csv.DictReader(cut(text))])
        cases.append((("csv.dict_reader", "", text), expected))
    library.agree(cases)


def line(fields: list[str], dialect: dict[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, **dialect)
    writer.writerow(fields)
    count = writer.writerow([1, 2.5, True, "a", None, "b,"])
    return f"{out.getvalue()}{count}"


def named(fields: list[str], dialect: dict[str, Any], *, ignores: bool) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["a", "b"], "-", "ignore" if ignores else "raise", **dialect)
    writer.writeheader()
    writer.writerow(dict.fromkeys(fields, 7))
    return out.getvalue()


def test_writing_tables(library: Library) -> None:
    draw = chance(2)
    cases: list[Case] = []
    for _ in range(1200):
        dialect = draw.choice(DIALECTS)
        fields = [
            draw.choice(["", "a", "a,b", 'q"q', "it's", "x\ny", " s", "\\", "1", "\r", "\x01", "é"])
            for _ in range(draw.randint(0, 4))
        ]
        if fields:
            cases.append((("csv.writer", written(dialect), *fields), said(line, fields, replaced(dialect))))
    for fields in (["a", "b"], ["a"], ["b", "c"], []):
        cases += [
            (("csv.dict_writer", "", ignores, *fields), said(named, fields, {}, ignores=ignores))
            for ignores in (True, False)
        ]
    library.agree(cases)


def plain(function: Callable[..., bytes], *arguments: Any) -> object:
    answer = said(function, *arguments)
    return answer.decode() if isinstance(answer, bytes) else answer


def hexed(function: Callable[..., bytes], *arguments: Any) -> object:
    answer = said(function, *arguments)
    return answer.hex() if isinstance(answer, bytes) else answer


def test_codes(library: Library) -> None:
    draw = chance(3)
    cases: list[Case] = []
    for _ in range(500):
        data = draw.randbytes(draw.randint(0, 80))
        encoders = ("b64encode", "urlsafe_b64encode", "encodebytes", "b32encode", "b16encode")
        cases += [((f"base64.{name}", data), plain(getattr(base64, name), data)) for name in encoders]
        cases += [
            (("base64.crc32", data, 0), str(zlib.crc32(data))),
            (("base64.crc32", data, 12345), str(zlib.crc32(data, 12345))),
            (("base64.adler32", data, 1), str(zlib.adler32(data))),
            (("base64.hexlify", data), plain(binascii.hexlify, data)),
        ]
        damaged = bytearray(
            draw.choice([base64.b64encode, base64.b32encode, base64.b16encode, base64.urlsafe_b64encode])(data)
        )
        for _ in range(draw.randint(0, 3)):
            place = draw.randint(0, len(damaged))
            damaged[place : place + draw.randint(0, 1)] = draw.choice([b"", b"=", b"A", b"\n", b"-", b"a", b"1", b"=="])
        text = bytes(damaged)
        cases += [
            (("base64.b64decode", text, False), hexed(base64.b64decode, text)),
            (("base64.b64decode", text, True), hexed(lambda text=text: base64.b64decode(text, validate=True))),
            (("base64.urlsafe_b64decode", text), hexed(base64.urlsafe_b64decode, text)),
            (("base64.b32decode", text, False), hexed(base64.b32decode, text)),
            (("base64.b32decode", text, True), hexed(lambda text=text: base64.b32decode(text, casefold=True))),
            (("base64.b16decode", text, False), hexed(base64.b16decode, text)),
            (("base64.b16decode", text, True), hexed(lambda text=text: base64.b16decode(text, casefold=True))),
            (("base64.unhexlify", text), hexed(binascii.unhexlify, text)),
        ]
    library.agree(cases)


def fraction(draw: random.Random) -> Fraction:
    big = draw.random() < 0.2
    top = 10**30 if big else 60
    return Fraction(draw.randint(-top, top), draw.randint(1, top))


def test_fractions(library: Library) -> None:
    draw = chance(4)
    cases: list[Case] = []
    binary = {
        "add": operator.add,
        "sub": operator.sub,
        "mul": operator.mul,
        "div": operator.truediv,
        "mod": operator.mod,
    }
    for _ in range(500):
        a, b = fraction(draw), fraction(draw)
        whole = (math.floor(a), math.ceil(a), math.trunc(a), round(a))
        n, k = draw.randint(-3, 3), draw.randint(-4, 5)
        most = draw.randint(0, 1000)
        cases += [
            (("fractions.all", a), f"{a!r} {a} {hash(a)} " + " ".join(map(str, whole))),
            (("fractions.lt", a, b), repr(a < b)),
            (("fractions.floordiv", a, b), str(said(operator.floordiv, a, b))),
            (("fractions.pow", a, n), str(said(lambda a=a, n=n: repr(a**n)))),
            (("fractions.float", a), said(float, a)),
            (("fractions.round_to", a, k), repr(round(a, k))),
            (("fractions.limit", a, most), str(said(lambda a=a, most=most: repr(a.limit_denominator(most))))),
        ]
        for name, function in binary.items():
            answer = said(function, a, b)
            cases.append(((f"fractions.{name}", a, b), answer if isinstance(answer, str) else repr(answer)))
    texts = (
        "1 -1 +1 1/2 -3/6 1/0 0/5 1.5 .5 5. 1e3 1.5e-3 -.5E2 1_000 1__0 _1 1_ 1/-2 1/ /2 x 1e 1e+ --1 . 1.2.3 1/2e3 "
        "\u0661/\u0662 1._5 1e1_0"
    ).split()
    for text in [*texts, "", " 1/2 ", "1 /2", "\t3\n"]:
        answer = said(Fraction, text)
        cases.append((("fractions.parse", text), answer if isinstance(answer, str) else repr(answer)))
    for value in (0.0, -0.5, 0.1, 1e300, 5e-324, math.inf, math.nan):
        answer = said(Fraction, value)
        cases.append((("fractions.from_float", value), answer if isinstance(answer, str) else repr(answer)))
    library.agree(cases)


FLOAT_FUNCTIONS = "mean fmean variance pvariance stdev pstdev geometric_mean harmonic_mean median".split()


def sample(draw: random.Random) -> list[float]:
    kinds = (
        lambda: draw.uniform(-10, 10),
        lambda: draw.uniform(0.1, 5),
        lambda: math.ldexp(draw.uniform(-1, 1), draw.randint(-300, 300)),
        lambda: float(draw.randint(1, 5)),
        lambda: draw.choice((0.1, 0.2, 0.3)),
    )
    kind = draw.choice(kinds)
    return [kind() for _ in range(draw.randint(0, 9))]


@pytest.mark.parametrize("name", FLOAT_FUNCTIONS)
def test_statistics_of_floats(library: Library, name: str) -> None:
    draw = chance(name)
    samples = [sample(draw) for _ in range(250)]
    samples += [
        [1.0, math.inf],
        [math.nan, 1.0],
        [-math.inf, math.inf, 2.0],
        [0.0, 0.0],
        [1e308, 1e308],
        [5e-324, 5e-324],
    ]
    library.agree(((f"statistics.{name}", *data), said(getattr(statistics, name), data)) for data in samples)


def test_statistics_of_integers(library: Library) -> None:
    draw = chance(5)
    cases: list[Case] = []
    for _ in range(250):
        top = draw.choice((5, 100, 10**25))
        data = [draw.randint(-top, top) for _ in range(draw.randint(0, 8))]
        for name in ("mean", "variance", "pvariance", "median", "median_low", "median_high", "mode", "multimode"):
            answer = said(getattr(statistics, name), data)
            cases.append(
                ((f"statistics.{name}_int", *data), answer if isinstance(answer, (str, float)) else repr(answer))
            )
        cases += [
            ((f"statistics.{name}_int", *data), said(getattr(statistics, name), data)) for name in ("stdev", "pstdev")
        ]
    library.agree(case for case in cases if case[0][1:])


def test_other_statistics(library: Library) -> None:
    draw = chance(6)
    cases: list[Case] = []
    for _ in range(300):
        data = [draw.uniform(0, 9) for _ in range(draw.randint(1, 12))]
        grouped = [draw.randint(0, 5) * 2.0 for _ in range(draw.randint(1, 12))]
        x = [draw.choice((1.0, draw.uniform(-5, 5))) for _ in range(draw.randint(1, 6))]
        y = [draw.uniform(-5, 5) for _ in x]
        n, method = draw.randint(0, 11), draw.choice(("inclusive", "exclusive"))
        cases += [
            (("statistics.median_grouped", *grouped), said(statistics.median_grouped, grouped, 2.0)),
            (("statistics.weighted", *x, *y), said(statistics.fmean, x, y)),
            (("statistics.covariance", *x, *y), said(statistics.covariance, x, y)),
            (("statistics.correlation", *x, *y), said(statistics.correlation, x, y)),
        ]
        quantiles = said(lambda data=data, n=n, method=method: statistics.quantiles(data, n=n, method=method))
        cases.append(
            (
                ("statistics.quantiles", n, method == "inclusive", *data),
                quantiles if isinstance(quantiles, str) else " ".join(map(repr, quantiles)),
            )
        )
        line = said(statistics.linear_regression, x, y)
        shown = line if isinstance(line, str) else f"{line.slope!r} {line.intercept!r}"
        if "e" not in shown.partition(":")[0]:
            cases.append((("statistics.linear_regression", *x, *y), shown))
    library.agree(cases)
