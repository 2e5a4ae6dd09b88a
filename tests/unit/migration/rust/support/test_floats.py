from __future__ import annotations

import math
import operator
import struct
from typing import TYPE_CHECKING

import pytest

from twins import differences, drawing

if TYPE_CHECKING:
    import random

pytestmark = pytest.mark.timeout(600)


def pair(operation):
    return lambda a, b: repr(operation(float(a), float(b)))


def single(operation):
    return lambda a: repr(operation(float(a)))


def real_power(a, b):
    power = float(a) ** float(b)
    if isinstance(power, complex):
        message = "a fractional power of a negative number is complex"
        raise ValueError(message)  # noqa: TRY004 - what the Rust side says.
    return repr(power)


TABLE = {
    "float.repr": single(float),
    "float.bits": lambda bits: repr(struct.unpack("<d", struct.pack("<Q", int(bits)))[0]),
    "float.parse": single(float),
    "float.hash": single(hash),
    "float.round": single(round),
    "float.int": single(int),
    "float.floor": single(lambda value: float(math.floor(value)) if value else value),
    "float.ceil": single(lambda value: float(math.ceil(value)) if value else value),
    "float.is_integer": single(float.is_integer),
    "float.ratio": single(float.as_integer_ratio),
    "float.hex": single(float.hex),
    "float.fromhex": lambda text: repr(float.fromhex(text)),
    "float.truediv": pair(operator.truediv),
    "float.floordiv": pair(operator.floordiv),
    "float.mod": pair(operator.mod),
    "float.divmod": pair(divmod),
    "float.pow": real_power,
    "float.round_to": lambda a, b: repr(round(float(a), int(b))),
}

EDGES = [
    0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 0.1, 1e15, 1e16, 1e17, 123456789012345680.0, 1e-4, 1e-5, 5e-324,
    2.2250738585072014e-308, 1.7976931348623157e308, math.inf, -math.inf, math.nan, 2.0**52, 2.0**53, 2.0**63,
    -(2.0**63), 2.0**64, 1e22, 1e23, 9007199254740993.0, 600479950316066.25, 0.30000000000000004, 2.675, 1.005, 1e300,
]  # fmt: skip


def some_float(draw: random.Random) -> float:
    kind = draw.random()
    if kind < 0.2:
        return draw.choice(EDGES)
    if kind < 0.4:
        return struct.unpack("<d", struct.pack("<Q", draw.getrandbits(64)))[0]
    if kind < 0.6:
        return draw.randrange(-(10**9), 10**9) / draw.choice([1, 2, 4, 8, 10, 100, 1000, 3])
    if kind < 0.8:
        return draw.uniform(-100, 100)
    return draw.getrandbits(draw.choice([20, 53, 60, 64])) / 2 ** draw.randrange(12) * draw.choice([1, -1])


def test_floats_show_as_in_cpython():
    draw = drawing(1)
    questions = [("float.repr", repr(value)) for value in EDGES]
    questions += [("float.bits", str(draw.getrandbits(64))) for _ in range(30_000)]
    # Floats that lie between two shortest texts: few bits behind the point.
    for _ in range(30_000):
        value = draw.getrandbits(53) / 2 ** draw.randrange(8) * draw.choice([1, 1, 2**10, 2**30])
        questions.append(("float.bits", str(struct.unpack("<Q", struct.pack("<d", value))[0])))
    questions += [("float.bits", str(bits)) for bits in range(300)]
    assert differences(TABLE, questions) == []


def test_operations_answer_as_in_cpython():
    draw = drawing(2)
    singles = [name for name in TABLE if name.split(".")[1] in {"hash", "round", "int", "is_integer", "ratio", "hex"}]
    questions = [(name, repr(some_float(draw))) for name in singles for _ in range(1000)]
    # NaN hashes by identity.
    questions = [question for question in questions if question != ("float.hash", "nan")]
    finite = [value for value in (some_float(draw) for _ in range(3000)) if math.isfinite(value) and abs(value) < 1e15]
    questions += [(name, repr(value)) for name in ("float.floor", "float.ceil") for value in finite if abs(value) >= 1]
    pairs = ["float.truediv", "float.floordiv", "float.mod", "float.divmod"]
    questions += [(name, repr(some_float(draw)), repr(some_float(draw))) for name in pairs for _ in range(3000)]
    questions += [("float.round_to", repr(some_float(draw)), str(draw.randrange(-20, 25))) for _ in range(4000)]
    questions += [("float.round_to", repr(some_float(draw)), str(draw.randrange(-330, 340))) for _ in range(1000)]
    assert differences(TABLE, questions) == []


def test_powers_answer_as_in_cpython():
    draw = drawing(3)
    exponents = [0.0, -0.0, 1.0, 2.0, 0.5, -0.5, -1.0, 3.0, 1 / 3, 10.0, math.inf, -math.inf, math.nan]
    questions = [("float.pow", repr(a), repr(b)) for a in EDGES for b in exponents]
    questions += [("float.pow", repr(some_float(draw)), repr(draw.choice(exponents))) for _ in range(1500)]
    questions += [("float.pow", repr(draw.uniform(0, 50)), repr(draw.uniform(-20, 20))) for _ in range(3000)]
    assert differences(TABLE, questions) == []


TEXTS = [
    "", " ", "1", " 1.5 ", "+1", "-1.", ".5", ".", "1e5", "1E+5", "1e", "e5", "1e5.5", "1_0", "1__0", "_1", "1_",
    "1_.5", "1._5", "1e1_0", "inf", "-Infinity", "+nan", "nAn", "infinit", "1,5", "0x10", "\uff11.\uff15", "1\u00a0",
    "\x1c1", "\u30001", "1e400", "-1e400", "1e-400", "abc", "--1", "1 2", "9" * 400, "0." + "3" * 60, "it's",
    "1e99999999999999999999", "1d5", "1f", "١٢", "1e+", "+", "-", "1\n", "\t2\v",
]  # fmt: skip
HEX = [
    "", "0x1.8p3", "1.8", "0x.8p1", "-0x1p-1074", "0x1p-1075", "0x1p-1076", "0x1.fffffffffffff8p1023",
    "0x1.fffffffffffff7p1023", "0x1p1024", "inf", "-nan", "0xp3", "0x1.p3", "0x1p", "0x1p+3", "1p3", " 0x1 ",
    "0x1.00000000000008p0", "0x1.000000000000080001p0", "0x1.00000000000018p0", "g", "0x1p99999999999999999999",
    "0x0p99999999999999999999", "0x1p-99999999999999999999", "0X1P3", "0x1.8p3x", "0x1 p3",
]  # fmt: skip


def test_texts_are_read_as_in_cpython():
    draw = drawing(4)
    questions = [("float.parse", text) for text in TEXTS] + [("float.fromhex", text) for text in HEX]
    for _ in range(3000):
        digits = "".join(draw.choice("0123456789") for _ in range(draw.randrange(1, 25)))
        point = draw.randrange(len(digits) + 1)
        questions.append(("float.parse", f"{digits[:point]}.{digits[point:]}e{draw.randrange(-330, 310)}"))
    assert differences(TABLE, questions) == []
