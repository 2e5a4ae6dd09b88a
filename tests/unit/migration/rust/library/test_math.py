"""`math` on floats: results to the last bit and error texts, over boundaries and random numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from library_probe import chance, said

if TYPE_CHECKING:
    import random

    from library_probe import Library

INFINITY = math.inf
TINY, LARGEST = 5e-324, 1.7976931348623157e308
BOUNDARIES = [
    *(0.0, 1.0, 2.0, 0.5, 0.25, 1.5, 3.0, 23.0, 24.0, 170.0, 171.0, 171.7, 200.0, 201.5, 1e-20, 1e-21, 1e-300, 1e300),
    *(
        TINY,
        2.2250738585072014e-308,
        LARGEST,
        709.78,
        709.79,
        710.0,
        710.5,
        1023.99,
        1024.0,
        1e15,
        1e16,
        2.0**53,
        2.0**63,
    ),
    *(INFINITY, 0.1, math.pi, math.e, math.nan, 4.5, 5.0, 2.5, 100.5, 1 - 2.0**-53, 1 + 2.0**-52),
]
BOTH_SIGNS = [*BOUNDARIES, *(-value for value in BOUNDARIES)]
ONE_ARGUMENT = (
    "acos acosh asin atanh cos cosh exp exp2 expm1 gamma lgamma log log10 log1p log2 sin sinh sqrt tan ulp erf erfc "
    "asinh atan cbrt degrees fabs radians tanh"
).split()
TWO_ARGUMENTS = "pow fmod remainder atan2 copysign nextafter".split()


def numbers(seed: int, count: int) -> list[float]:
    draw = chance(seed)
    kinds = (
        lambda: draw.uniform(-1, 1),
        lambda: draw.uniform(-200, 200),
        lambda: math.ldexp(draw.uniform(-1, 1), draw.randint(-1080, 1023)),
        lambda: float(draw.randint(-1000, 1000)),
        lambda: draw.gauss(0, 3),
    )
    return [draw.choice(kinds)() for _ in range(count)]


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_functions_of_one_float(library: Library, name: str) -> None:
    function = getattr(math, name)
    library.agree(((f"math.{name}", x), said(function, x)) for x in [*BOTH_SIGNS, *numbers(1, 700)])


@pytest.mark.parametrize("name", [*TWO_ARGUMENTS, "log_base"])
def test_functions_of_two_floats(library: Library, name: str) -> None:
    function = math.log if name == "log_base" else getattr(math, name)
    pairs = [(x, y) for x in BOTH_SIGNS for y in BOTH_SIGNS]
    pairs += zip(numbers(2, 2000), numbers(3, 2000), strict=True)
    if name == "copysign":
        pairs = [(x, y) for x, y in pairs if not math.isnan(y)]  # text keeps no sign of NaN
    library.agree(((f"math.{name}", x, y), said(function, x, y)) for x, y in pairs)


def test_parts_of_floats(library: Library) -> None:
    def words(parts: tuple[float, float]) -> str:
        return " ".join({"nan": "NaN"}.get(repr(part), repr(part)) for part in parts)

    cases = []
    for x in [*BOTH_SIGNS, *numbers(4, 2000)]:
        if 1e-4 < abs(x) < 1e15 or x == 0 or not math.isfinite(x):
            cases += [(("math.modf", x), words(math.modf(x)))] if abs(math.modf(x)[0]) > 1e-4 else []
        cases += [(("math.frexp", x), words(math.frexp(x)))]
        cases += [
            (("math.ldexp", x, power), said(math.ldexp, x, power))
            for power in (-2100, -1074, -60, -1, 0, 3, 900, 1024, 5000)
        ]
    library.agree(cases)


def vectors(seed: int, count: int) -> list[list[float]]:
    draw = chance(seed)
    scales = [draw.randint(-1070, 960) if draw.random() < 0.4 else 0 for _ in range(count)]
    return [
        [
            math.ldexp(draw.uniform(-1, 1), scale + draw.randint(0, 40))
            for _ in range(draw.choice((1, 2, 2, 2, 3, 5, 9)))
        ]
        for scale in scales
    ]


def test_lengths_and_distances(library: Library) -> None:
    cases = [(("math.hypot", *vector), math.hypot(*vector)) for vector in vectors(5, 4000)]
    cases += [(("math.hypot", x, y), math.hypot(x, y)) for x in BOTH_SIGNS for y in BOTH_SIGNS]
    for vector in vectors(6, 1000):
        other = [value * 0.7 - 1 for value in vector]
        cases.append((("math.dist", *vector, *other), math.dist(vector, other)))
    cases.append((("math.dist", 1.0, 2.0, 3.0), said(math.dist, [1.0], [2.0, 3.0])))
    library.agree(cases)


def test_sums_and_products(library: Library) -> None:
    cases = [(("math.fsum", *vector), said(math.fsum, vector)) for vector in vectors(7, 3000)]
    draw = chance(8)
    for _ in range(2000):
        # Numbers that cancel: the partial sums and the rounding of the last one are put to the test.
        values = [
            math.ldexp(draw.randint(-9, 9), draw.choice((0, 53, 54, 106, 1018, -1074)))
            for _ in range(draw.randint(1, 12))
        ]
        values += [-value for value in values if draw.random() < 0.5]
        cases.append((("math.fsum", *values), said(math.fsum, values)))
    special = (INFINITY, -INFINITY, math.nan, 1.0, LARGEST)
    cases += [(("math.fsum", x, y, z), said(math.fsum, [x, y, z])) for x in special for y in special for z in special]
    cases += [(("math.prod", *vector), math.prod(vector) * 1.0) for vector in vectors(9, 500)]
    library.agree(cases)


def test_closeness(library: Library) -> None:
    values = [0.0, 1.0, 1 + 1e-9, 1 + 1e-10, -1.0, INFINITY, -INFINITY, math.nan, 1e300, 1e-300]
    cases = []
    for relative, absolute in ((1e-9, 0.0), (0.0, 0.0), (1e-5, 0.1), (-1.0, 0.0), (0.5, -1.0)):
        for a in values:
            for b in values:
                close = said(math.isclose, a, b, rel_tol=relative, abs_tol=absolute)
                cases.append(
                    (
                        ("math.isclose", a, b, relative, absolute),
                        str(close).lower() if close in (True, False) else close,
                    )
                )
    library.agree(cases)


def wide(draw: random.Random) -> int:
    return draw.choice((draw.randint(-20, 60), draw.randint(-(2**63), 2**63), draw.getrandbits(draw.randint(60, 1200))))


def test_integers(library: Library) -> None:
    draw = chance(10)
    cases: list[tuple[tuple[object, ...], object]] = []
    for _ in range(400):
        values = [wide(draw) for _ in range(draw.randint(0, 4))]
        n, k = draw.randint(-2, 400), draw.randint(-2, 90)
        x = wide(draw)
        cases += [
            (("math.gcd", *(values or [0])), str(math.gcd(*(values or [0])))),
            (("math.lcm", *(values or [1])), str(math.lcm(*(values or [1])))),
            (("math.prod_int", *(values or [1])), str(math.prod(values))),
            (("math.factorial", n), str(said(math.factorial, n))),
            (("math.comb", n, k), str(said(math.comb, n, k))),
            (("math.perm", n, k), str(said(math.perm, n, k))),
            (("math.comb", x, k % 5), str(said(math.comb, x, k % 5))),
            (("math.perm", x, k % 5), str(said(math.perm, x, k % 5))),
            (("math.isqrt", x), str(said(math.isqrt, x))),
            (("math.log_int", x), said(math.log, x)),
            (("math.log2_int", x), said(math.log2, x)),
            (("math.log10_int", x), said(math.log10, x)),
        ]
    for name in ("floor", "ceil", "trunc"):
        cases += [((f"math.{name}", x), str(said(getattr(math, name), x))) for x in [*BOTH_SIGNS, *numbers(11, 300)]]
    library.agree(cases)
