from decimal import Decimal, getcontext, ROUND_HALF_UP

a, b = Decimal("1.10"), Decimal("2.2")
print(a + b, a * b, b / a, a - b, -a, a == Decimal("1.1"), a < b, Decimal(5), Decimal("0.1") + Decimal("0.2"))
print(Decimal("2.675").quantize(Decimal("0.01"), rounding=ROUND_HALF_UP), Decimal("1E+3"), Decimal(1) / Decimal(3), round(Decimal("2.5")), int(Decimal("7.9")))
getcontext().prec = 6
print(Decimal(1) / Decimal(7), Decimal(2).sqrt(), sum([Decimal("0.1")] * 3), max(a, b), abs(Decimal("-3")), str(a), repr(b), float(a))
