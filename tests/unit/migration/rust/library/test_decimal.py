"""`decimal`: arithmetic, rounding and texts in every rounding and many precisions."""

from __future__ import annotations

import decimal
import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from library_probe import chance, said

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from library_probe import Library

Case = tuple[tuple[object, ...], object]
ROUNDINGS = [name for name in dir(decimal) if name.startswith("ROUND_")]
BINARY: dict[str, Callable[[Decimal, Decimal], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "truediv": operator.truediv,
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "divmod": divmod,
    "lt": operator.lt,
    "eq": operator.eq,
    "quantize": lambda a, b: a.quantize(b),
}
UNARY: dict[str, Callable[[Decimal], Any]] = {
    "neg": operator.neg,
    "pos": operator.pos,
    "abs": abs,
    "sqrt": lambda a: a.sqrt(),
    "normalize": lambda a: a.normalize(),
    "integral": lambda a: a.to_integral_value(),
    "ratio": lambda a: a.as_integer_ratio(),
}


def shown(value: object) -> object:
    return value if isinstance(value, str) else repr(value)


def number(draw: random.Random) -> str:
    digits = draw.choice((1, 2, 5, 9, 28, 35))
    coefficient = draw.choice((0, 1, 5, 10, 99, draw.randint(0, 10**digits), draw.randint(0, 10**digits) * 100))
    exponent = draw.choice((0, 0, -1, -2, draw.randint(-12, 12), draw.randint(-60, 60)))
    return f"{draw.choice(('', '-'))}{coefficient}E{exponent}"


def test_arithmetic(library: Library) -> None:
    draw = chance(1)
    cases: list[Case] = []
    for _ in range(2500):
        precision, rounding = draw.choice((28, 28, 5, 1, 40)), draw.choice(ROUNDINGS)
        decimal.setcontext(decimal.Context(prec=precision, rounding=rounding))
        x, y = number(draw), number(draw)
        a, b = Decimal(x), Decimal(y)
        here = (precision, rounding, x)
        whole = f"{int(a)} {a.__floor__()} {a.__ceil__()} {round(a)}"
        power, places = draw.randint(-12, 40), draw.randint(-3, 6)
        cases.append((("decimal.all", *here), f"{a!r} {a} {hash(a)} {a.adjusted()} {whole}"))
        cases += [((f"decimal.{name}", *here, y), shown(said(function, a, b))) for name, function in BINARY.items()]
        cases += [((f"decimal.{name}", *here), shown(said(function, a))) for name, function in UNARY.items()]
        cases.append((("decimal.round", *here, places), shown(said(round, a, places))))
        cases.append((("decimal.float", *here), float(a)))
        if a or power > 0:
            cases.append((("decimal.pow", *here, power), shown(said(operator.pow, a, power))))
    decimal.setcontext(decimal.Context())
    # The library's sum of what int() has read names infinity, which has no power here.
    library.agree(case for case in cases if "Infinity" not in str(case[1]))


def test_texts(library: Library) -> None:
    draw = chance(2)
    texts = (
        "1 -1 +1 1.5 .5 5. 1e3 1E-7 1e+5 -0 0.00 0E-10 1_000.5 1__0 _1 x 1e 1e+ --1 . 1.2.3 \u0661.\u0662 1e5e 1.e2 "
        "00012.30 0e5 -.5 e5"
    ).split()
    texts += ["", " 1.5 ", "\t3\n", "1 5", *(number(draw) for _ in range(500))]
    cases: list[Case] = [(("decimal.parse", 28, "ROUND_HALF_EVEN", text), shown(said(Decimal, text))) for text in texts]
    cases += [
        (("decimal.from_float", 28, "ROUND_HALF_EVEN", "1", value), shown(said(Decimal, value)))
        for value in (0.1, -0.0, 1e300, 5e-324, 2.5, -1e-5, *(draw.uniform(-1e9, 1e9) for _ in range(200)))
    ]
    library.agree(cases)


def test_formats(library: Library) -> None:
    draw = chance(3)
    specs = [
        "",
        "f",
        ".2f",
        "F",
        ".0f",
        "e",
        ".3e",
        ".0e",
        "E",
        "g",
        ".3g",
        "G",
        "%",
        ".1%",
        ",",
        ",.2f",
        "012.3f",
        "+.1f",
        " .1f",
        "<12.2f",
    ]
    specs += ["^12", ">12e", "*^15.4f", "=+12.2f", "#.0f", "z.1f", "08,.1f", "_^9", "10", ".10g", "x", "d", "s", ".2"]
    cases: list[Case] = []
    for _ in range(250):
        text = number(draw)
        cases += [
            (("decimal.format", 28, "ROUND_HALF_EVEN", text, spec), said(format, Decimal(text), spec)) for spec in specs
        ]
    library.agree(cases)
