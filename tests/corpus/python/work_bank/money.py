import sys
from datetime import date, timedelta
from decimal import Decimal, ROUND_HALF_EVEN, ROUND_DOWN


class Money:
    def __init__(self, amount, currency="EUR"):
        self.amount = Decimal(str(amount)).quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
        self.currency = currency

    def _check(self, other):
        if self.currency != other.currency:
            raise TypeError(f"cannot mix {self.currency} and {other.currency}")

    def __add__(self, other):
        self._check(other)
        return Money(self.amount + other.amount, self.currency)

    def __mul__(self, factor):
        return Money(self.amount * Decimal(str(factor)), self.currency)

    def __lt__(self, other):
        self._check(other)
        return self.amount < other.amount

    def __eq__(self, other):
        return isinstance(other, Money) and (self.amount, self.currency) == (other.amount, other.currency)

    def __hash__(self):
        return hash((self.amount, self.currency))

    def __str__(self):
        return f"{self.amount:,} {self.currency}"

    def allocate(self, *ratios):
        total = sum(ratios)
        cents = int(self.amount * 100)
        shares = [cents * r // total for r in ratios]
        for i in range(cents - sum(shares)):
            shares[i] += 1
        return [Money(Decimal(s) / 100, self.currency) for s in shares]


print(Money(1234567.895), Money("0.1") + Money("0.2"), Money(10) * 1.5)
print([str(m) for m in Money(100).allocate(1, 1, 1)], max([Money(3), Money(7)], key=lambda m: m.amount))
try:
    Money(1) + Money(1, "USD")
except TypeError as e:
    print("error:", e)
print(len({Money(1), Money("1.00"), Money(2)}), Money(1) == 1, sorted([Money(3), Money(1)])[0])


def schedule(principal, annual, months, start):
    rate = annual / 12
    payment = principal * rate / (1 - (1 + rate) ** -months)
    balance = principal
    due = start
    for n in range(1, months + 1):
        interest = balance * rate
        balance -= payment - interest
        due = (due.replace(day=1) + timedelta(days=32)).replace(day=min(start.day, 28))
        yield n, due, payment, interest, max(balance, 0.0)


for n, due, payment, interest, balance in schedule(10000, 0.06, 4, date(2024, 1, 31)):
    print(f"{n:>2} {due:%d %b %Y} {payment:>10.2f} {interest:>8.2f} {balance:>10.2f}")
print(Decimal("1.005").quantize(Decimal(".01")), Decimal("2.675").quantize(Decimal(".01"), ROUND_DOWN), Decimal(10) / Decimal(3), Decimal("1E+3"), Decimal("0.00"), -Decimal("1.50"), Decimal("3.14").sqrt())
print(Decimal("1.10") + Decimal("2.2"), Decimal(7) // Decimal(2), Decimal(-7) % Decimal(3), Decimal("1.0") == Decimal(1), round(Decimal("2.5")), int(Decimal("9.99")), float(Decimal("0.1")))
