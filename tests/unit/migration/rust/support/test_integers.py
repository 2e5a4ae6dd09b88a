from __future__ import annotations

import itertools
import math
import operator
from typing import TYPE_CHECKING

import pytest

from twins import differences, drawing

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.timeout(600)


def pair(operation):
    return lambda a, b: repr(operation(int(a), int(b)))


def single(operation):
    return lambda a: repr(operation(int(a)))


TABLE = {
    "int.neg": single(operator.neg),
    "int.invert": single(operator.invert),
    "int.abs": single(abs),
    "int.float": single(float),
    "int.hash": single(hash),
    "int.bit_length": single(int.bit_length),
    "int.bit_count": single(int.bit_count),
    "int.isqrt": single(math.isqrt),
    "int.str": single(int),
    "int.add": pair(operator.add),
    "int.sub": pair(operator.sub),
    "int.mul": pair(operator.mul),
    "int.floordiv": pair(operator.floordiv),
    "int.mod": pair(operator.mod),
    "int.divmod": pair(divmod),
    "int.truediv": pair(operator.truediv),
    "int.pow": pair(pow),
    "int.lshift": pair(operator.lshift),
    "int.rshift": pair(operator.rshift),
    "int.and": pair(operator.and_),
    "int.or": pair(operator.or_),
    "int.xor": pair(operator.xor),
    "int.gcd": pair(math.gcd),
    "int.less": pair(operator.lt),
    "int.equal": pair(operator.eq),
    "int.less_float": lambda a, b: int(a) < float(b),
    "int.equal_float": lambda a, b: int(a) == float(b),
    "int.parse": lambda a, b: repr(int(a, int(b))),
    "int.round": pair(round),
    "small.floordiv": pair(operator.floordiv),
    "small.mod": pair(operator.mod),
    "small.divmod": pair(divmod),
    "small.truediv": pair(operator.truediv),
    "small.rshift": pair(operator.rshift),
    "small.gcd": pair(math.gcd),
    "int.pow_mod": lambda a, b, c: repr(pow(int(a), int(b), int(c))),
    "small.pow_mod": lambda a, b, c: repr(pow(int(a), int(b), int(c))),
    "int.to_bytes": lambda a, b, c: repr(int(a).to_bytes(int(b), "little" if "l" in c else "big", signed="s" in c)),
}

BITS = (0, 31, 32, 53, 61, 62, 63, 64, 65, 127, 128, 192, 1024)
EDGES = [sign * (2**bits + more) for bits in BITS for more in (-1, 0, 1) for sign in (1, -1)]


def some_integer(draw: random.Random) -> int:
    kind = draw.random()
    if kind < 0.3:
        return draw.choice(EDGES)
    bits = draw.choice([1, 4, 8, 30, 60, 63, 64, 70, 128, 200, 500, 1500])
    value = draw.getrandbits(bits)
    return -value if draw.random() < 0.4 else value


def small_integer(draw: random.Random) -> int:
    while True:
        value = some_integer(draw)
        if -(2**62) < value < 2**62:
            return value


SINGLE = [
    "int.neg", "int.invert", "int.abs", "int.float", "int.hash", "int.bit_length", "int.bit_count", "int.isqrt",
    "int.str",
]  # fmt: skip
PAIRS = [
    "int.add", "int.sub", "int.mul", "int.floordiv", "int.mod", "int.divmod", "int.truediv", "int.and", "int.or",
    "int.xor", "int.gcd", "int.less", "int.equal",
]  # fmt: skip
SMALLS = ["small.floordiv", "small.mod", "small.divmod", "small.truediv", "small.gcd"]


def test_operations_answer_as_in_cpython():
    draw = drawing(6)
    questions = [(name, str(some_integer(draw))) for name in SINGLE for _ in range(300)]
    questions += [(name, str(some_integer(draw)), str(some_integer(draw))) for name in PAIRS for _ in range(600)]
    questions += [(name, str(small_integer(draw)), str(small_integer(draw))) for name in SMALLS for _ in range(600)]
    questions += [
        (name, str(some_integer(draw)), str(draw.choice([-1, 0, 1, 5, 62, 63, 64, 65, 127, 128, 200, 10**30])))
        for name in ("int.rshift", "int.lshift")
        for _ in range(300)
        if name == "int.rshift"
    ]
    questions += [("int.lshift", str(some_integer(draw)), str(draw.randrange(-1, 200))) for _ in range(300)]
    questions += [("small.rshift", str(small_integer(draw)), str(draw.randrange(-1, 80))) for _ in range(100)]
    questions += [("int.round", str(some_integer(draw)), str(draw.randrange(-40, 3))) for _ in range(500)]
    assert differences(TABLE, questions) == []


def patterned(draw: random.Random) -> int:
    """A number of limbs that carry, borrow and let guesses of a quotient fail."""
    limbs = [0, 1, 2**63, 2**64 - 1, 2**63 - 1, 2**32, 2**64 - 2]
    value = 0
    for _ in range(draw.randrange(1, 7)):
        value = value << 64 | draw.choice([*limbs, draw.getrandbits(64)])
    return value * draw.choice([1, -1])


def test_limbs_at_their_edges_answer_as_in_cpython():
    draw = drawing(11)
    names = [
        "int.add",
        "int.sub",
        "int.mul",
        "int.divmod",
        "int.truediv",
        "int.and",
        "int.or",
        "int.xor",
        "int.gcd",
        "int.less",
    ]
    questions = [(name, str(patterned(draw)), str(patterned(draw))) for name in names for _ in range(600)]
    questions += [("int.divmod", str(patterned(draw)), str(patterned(draw))) for _ in range(6000)]
    questions += [("int.rshift", str(patterned(draw)), str(draw.randrange(200))) for _ in range(600)]
    questions += [
        (name, str(abs(patterned(draw)))) for name in ("int.isqrt", "int.float", "int.hash") for _ in range(600)
    ]
    assert differences(TABLE, questions) == []


def test_powers_answer_as_in_cpython():
    draw = drawing(7)
    questions = [("int.pow", str(some_integer(draw) % 1000 - 500), str(draw.randrange(60))) for _ in range(300)]
    for name, number in (("int.pow_mod", some_integer), ("small.pow_mod", small_integer)):
        questions += [(name, *(str(number(draw)) for _ in range(3))) for _ in range(400)]
        few = [(str(draw.randrange(-3, 9)), str(draw.randrange(-9, 10))) for _ in range(400)]
        questions += [(name, str(number(draw)), exponent, modulus) for exponent, modulus in few]
    assert differences(TABLE, questions) == []


def test_comparisons_with_floats_are_exact():
    draw = drawing(8)
    questions = []
    for _ in range(1500):
        value = some_integer(draw)
        near = float(value) if abs(value) < 2**1000 else draw.choice([math.inf, -math.inf, math.nan, 1e308])
        near = draw.choice([near, math.nextafter(near, math.inf), math.nextafter(near, -math.inf), near + 0.5, -near])
        questions += [("int.less_float", str(value), repr(near)), ("int.equal_float", str(value), repr(near))]
    assert differences(TABLE, questions) == []


def test_long_numbers_are_read_written_multiplied_and_divided():
    draw = drawing(9)
    longs = [draw.getrandbits(draw.choice([2500, 5000, 9000, 14000])) * draw.choice([1, -1]) for _ in range(60)]
    longs = [value for value in longs if value.bit_length() < 14_000]
    longs += [10**4000, 10**4000 - 1, -(2**14000), 2**14000 - 1, 3**2000 * 10**50]
    questions = [("int.str", str(value)) for value in longs]
    pairs = list(itertools.pairwise(longs))
    questions += [("int.divmod", str(a), str(b)) for a, b in pairs]
    questions += [("int.divmod", str(a), str(b // 2**4000 + 1)) for a, b in pairs]
    questions += [("int.mul", str(a), str(b)) for a, b in pairs if (a * b).bit_length() < 14_000]
    questions += [("int.isqrt", str(abs(a))) for a in longs]
    questions += [("int.truediv", str(a), str(b)) for a, b in pairs]
    assert differences(TABLE, questions) == []


TEXTS = [
    "", " ", "0", "-0", "+5", " 12 ", "1_0", "1__0", "_1", "1_", "0x1f", "0X1F", "0b101", "0o17", "0x", "0x_1", "0_0",
    "00", "012", "1\uff12", "٣", "zz", "Zz9", "--1", "+-1", "1 2", "1.0", "1e5", "abc", "\t7\n", "\x1c7", "9" * 30,
    "-" + "7" * 40, "0b", "0b12", "²", "é", "it's", 'say "x"', "x" * 300, "-0x10", "- 1",
]  # fmt: skip


def test_texts_are_read_as_in_cpython():
    questions = [("int.parse", text, str(base)) for text in TEXTS for base in (10, 0, 2, 8, 16, 36, 1, 37, -1)]
    questions.append(("int.parse", "9" * 5000, "10"))
    assert differences(TABLE, questions) == []


def test_bytes_are_written_as_in_cpython():
    draw = drawing(10)
    questions = [
        ("int.to_bytes", str(some_integer(draw)), str(draw.choice([-1, 0, 1, 2, 7, 8, 9, 16, 25, 70])), kind)
        for _ in range(400)
        for kind in ("", "l", "s", "ls")
    ]
    assert differences(TABLE, questions) == []
