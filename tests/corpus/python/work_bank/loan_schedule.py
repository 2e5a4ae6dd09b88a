"""Repayment plans of loans: annuities, bullet loans, early repayments."""

from abc import ABC, abstractmethod
from typing import Iterator, NamedTuple


class Instalment(NamedTuple):
    month: int
    interest: float
    principal: float
    balance: float

    @property
    def payment(self) -> float:
        return self.interest + self.principal


class Loan(ABC):
    kind = "loan"

    def __init__(self, amount: float, yearly_rate: float, months: int) -> None:
        if months <= 0:
            raise ValueError("months must be positive")
        self.amount = amount
        self.rate = yearly_rate / 12
        self.months = months
        self.extra: dict[int, float] = {}

    @abstractmethod
    def principal(self, month: int, balance: float) -> float:
        """What is repaid in a month."""

    def repay_early(self, month: int, amount: float) -> "Loan":
        self.extra[month] = self.extra.get(month, 0.0) + amount
        return self

    def schedule(self) -> Iterator[Instalment]:
        balance = self.amount
        for month in range(1, self.months + 1):
            if balance <= 0.005:
                return
            interest = balance * self.rate
            part = min(balance, self.principal(month, balance) + self.extra.get(month, 0.0))
            balance -= part
            yield Instalment(month, interest, part, balance)

    def total_interest(self) -> float:
        return sum(row.interest for row in self.schedule())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.amount:.2f}, {self.rate * 12:.3%}, {self.months})"


class Annuity(Loan):
    kind = "annuity"

    def payment(self) -> float:
        if self.rate == 0:
            return self.amount / self.months
        factor = (1 + self.rate) ** self.months
        return self.amount * self.rate * factor / (factor - 1)

    def principal(self, month, balance):
        return self.payment() - balance * self.rate


class Bullet(Loan):
    kind = "bullet"

    def principal(self, month, balance):
        return balance if month == self.months else 0.0


class Linear(Loan):
    kind = "linear"

    def principal(self, month, balance):
        return self.amount / self.months


def table(loan: Loan, every: int = 1) -> list[str]:
    rows = [f"{'month':>5} {'payment':>10} {'interest':>9} {'balance':>11}"]
    for row in loan.schedule():
        if row.month % every == 0 or row.balance < 0.005:
            rows.append(f"{row.month:>5} {row.payment:>10.2f} {row.interest:>9.2f} {abs(row.balance):>11.2f}")
    return rows


loans = [Annuity(12_000, 0.06, 12), Bullet(12_000, 0.05, 12), Linear(12_000, 0.0, 6)]
for loan in loans:
    print(loan, loan.kind)
    print("\n".join(table(loan, every=4)))
    print(f"interest {loan.total_interest():.2f}")
cheaper = Annuity(12_000, 0.06, 12).repay_early(3, 2_000).repay_early(6, 2_000)
rows = list(cheaper.schedule())
print(len(rows), rows[-1].month, round(sum(r.principal for r in rows), 2), f"{cheaper.total_interest():.2f}")
month, *rest = rows[0]
print(month, [round(part, 2) for part in rest], rows[0]._replace(balance=0.0).balance)
best = min(loans, key=Loan.total_interest)
print(best.kind, sorted(loans, key=lambda each: -each.total_interest())[0].kind)
try:
    Loan(1, 2, 3)
except TypeError as error:
    print(str(error).split(" with")[0])
try:
    Linear(1, 1, 0)
except ValueError as error:
    print(error)
