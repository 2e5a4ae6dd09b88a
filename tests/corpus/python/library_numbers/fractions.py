from fractions import Fraction

a, b = Fraction(1, 3), Fraction(1, 6)
print(a + b, a - b, a * b, a / b, a**2, -a, a > b, a == Fraction(2, 6), Fraction(4, 8), Fraction(5), Fraction("3/4"), Fraction(0.5))
print(a.numerator, a.denominator, float(a), int(Fraction(7, 2)), round(Fraction(7, 2)), repr(a), [a, b], Fraction(1, 2) + 1, 2 * a, Fraction("0.125"))
print(sum([Fraction(1, n) for n in range(1, 6)]), max(a, b), sorted([a, b]), Fraction(3.25).limit_denominator(10), abs(Fraction(-1, 2)), Fraction(-3, 6) // 1)
try:
    Fraction(1, 0)
except ZeroDivisionError as e:
    print(e)
