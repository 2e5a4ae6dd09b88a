import math
import struct
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, getcontext
from fractions import Fraction


def main():
    a, b = Fraction(1, 3), Fraction("0.25")
    print(a + b, a - b, a * b, a / b, a // b, a % b, a**2, a**-2, -a, abs(-a), repr(a), float(a), int(Fraction(7, 2)))
    print(a + 1, 1 + a, 2 * a, 1 - a, 1 / a, a / 2, a == Fraction(2, 6), a == 1, Fraction(4, 2) == 2, a < b, a < 1, 0 < a)
    print(a.numerator, a.denominator, Fraction(3.5), Fraction(3), sum([a, b]), max(a, b), sorted([a, b]), a + 0.5)
    print(round(Fraction(7, 2)), round(Fraction(22, 7), 2), math.floor(Fraction(-7, 2)), math.ceil(a), Fraction(3.14159).limit_denominator(100))
    print([a, b], {a: 1}, bool(Fraction(0)), isinstance(a, Fraction), f"{a}", a != b, math.sqrt(Fraction(1, 4)))
    for text in ["x", "1/0"]:
        try:
            print(Fraction(text))
        except (ValueError, ZeroDivisionError) as e:
            print(type(e).__name__, e)
    try:
        Fraction(1, 0)
    except ZeroDivisionError as e:
        print(e)
    d, e = Decimal("1.10"), Decimal("2.25")
    print(d + e, d - e, d * e, d / e, e // d, e % d, d**2, -d, abs(-d), repr(d), float(d), int(e), d == Decimal("1.1"), d < e)
    print(d + 1, 2 * d, 1 / d, d == 1, d > 1, sum([d, e]), max(d, e), [d, e], round(e, 1), round(e), f"{e:.1f} {e:>10} {d}")
    print(e.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP), e.quantize(Decimal("1")), Decimal(2).sqrt(), Decimal("100").normalize())
    getcontext().prec = 10
    print(Decimal(1) / Decimal(7), getcontext().prec, Decimal(0.1), Decimal("1E+5"), Decimal("-0"))
    try:
        Decimal("abc")
    except InvalidOperation as err:
        print("bad", err)
    try:
        print(Decimal(1) / 0)
    except ZeroDivisionError as err:
        print("zero", err)
    try:
        print(d + 1.5)
    except TypeError as err:
        print(err)
    data = struct.pack("<IhBd4s?", 70000, -5, 255, 1.5, b"ab", True)
    print(data, len(data), struct.calcsize("<IhBd4s?"), struct.unpack("<IhBd4s?", data))
    n, m = struct.unpack(">HH", b"\x01\x02\x03\x04")
    print(n, m, struct.unpack_from("<Q", b"\xff" * 10, 1)[0], struct.calcsize("iq"))
    try:
        struct.pack("B", 300)
    except struct.error as err:
        print(err)


main()
