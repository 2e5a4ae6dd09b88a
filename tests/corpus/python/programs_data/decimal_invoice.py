"""Money in decimals: an invoice with taxes, rounding rules and exact division."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, InvalidOperation, getcontext

CENT = Decimal("0.01")


class Invoice:
    def __init__(self, number, rate):
        self.number = number
        self.rate = Decimal(rate)
        self.lines = []

    def add(self, text, count, price):
        self.lines.append((text, count, Decimal(price)))
        return self

    def net(self):
        return sum((count * price for _, count, price in self.lines), Decimal("0"))

    def tax(self):
        return (self.net() * self.rate / 100).quantize(CENT, rounding=ROUND_HALF_UP)

    def total(self):
        return self.net() + self.tax()

    def show(self):
        print(f"Invoice {self.number}")
        for text, count, price in self.lines:
            print(f"  {text:<14}{count:>4} x {price:>9} = {count * price:>11}")
        print(f"  {'net':<27}{self.net():>14}")
        print(f"  {'tax ' + str(self.rate) + ' %':<27}{self.tax():>14}")
        print(f"  {'total':<27}{self.total():>14,}")


def share(amount, people):
    each = (amount / people).quantize(CENT, rounding=ROUND_DOWN)
    rest = amount - each * people
    return [each + (CENT if place < rest / CENT else 0) for place in range(people)]


invoice = Invoice("2024-007", "19.0").add("desk", 2, "649.95").add("lamp, small", 11, "12.40").add("service", 1, "0.005")
invoice.show()
print(share(Decimal("100.00"), 3), sum(share(Decimal("100.00"), 3)))
for text in ("2.675", "2.665", "-2.5", "1E+3"):
    value = Decimal(text)
    print(text, [str(value.quantize(Decimal("0.1"), rounding=r)) for r in (ROUND_HALF_EVEN, ROUND_UP, ROUND_DOWN)])
print(Decimal("0.1") + Decimal("0.2") == Decimal("0.3"), 0.1 + 0.2 == 0.3)
print(Decimal(1) / Decimal(7), Decimal("1.10").normalize(), Decimal("7") // Decimal("2"), Decimal("-7") % Decimal("3"))
print(getcontext().prec, Decimal("1e-7"), Decimal("123456789.123").to_integral_value(), abs(Decimal("-3.20")))
print(max(Decimal("1.5"), Decimal("1.49")), sorted([Decimal("3"), Decimal("1.20"), Decimal("1.2")]))
print(int(Decimal("9.99")), float(Decimal("0.125")), round(Decimal("2.345"), 2), Decimal("2").sqrt())
try:
    Decimal("twelve")
except InvalidOperation:
    print("no number")
try:
    print(Decimal(1) / Decimal(0))
except ZeroDivisionError as error:
    print("division:", type(error).__name__)
