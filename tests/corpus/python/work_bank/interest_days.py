"""Day counts and interest by convention: own calendar arithmetic, strategies as classes, reports by quarter."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import total_ordering

LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@total_ordering
@dataclass(frozen=True)
class Day:
    year: int
    month: int
    day: int

    def __post_init__(self):
        if not 1 <= self.month <= 12 or not 1 <= self.day <= self.month_length:
            raise ValueError(f"no such day: {self}")

    @property
    def month_length(self):
        return 29 if self.month == 2 and is_leap(self.year) else LENGTHS[self.month - 1]

    def __str__(self):
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    @classmethod
    def parse(cls, text):
        return cls(*map(int, text.split("-")))

    def ordinal(self):
        before = self.year - 1
        days = before * 365 + before // 4 - before // 100 + before // 400
        days += sum(LENGTHS[: self.month - 1]) + (self.month > 2 and is_leap(self.year))
        return days + self.day

    def __sub__(self, other):
        return self.ordinal() - other.ordinal()

    def __lt__(self, other):
        return (self.year, self.month, self.day) < (other.year, other.month, other.day)

    @property
    def quarter(self):
        return f"{self.year}Q{(self.month - 1) // 3 + 1}"


class Convention(ABC):
    name = ""

    @abstractmethod
    def fraction(self, start, end): ...

    def interest(self, amount, rate, start, end):
        if end < start:
            raise ValueError("the end is before the start")
        return amount * rate * self.fraction(start, end)


class Actual365(Convention):
    name = "act/365"

    def fraction(self, start, end):
        return (end - start) / 365


class Actual360(Convention):
    name = "act/360"

    def fraction(self, start, end):
        return (end - start) / 360


class Thirty360(Convention):
    name = "30/360"

    def fraction(self, start, end):
        first, last = min(start.day, 30), end.day
        if last == 31 and first == 30:
            last = 30
        return (360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first) / 360


CONVENTIONS = {kind.name: kind() for kind in (Actual365, Actual360, Thirty360)}
PERIODS = [("2024-01-01", "2024-12-31"), ("2023-01-31", "2023-02-28"), ("2024-02-28", "2024-03-01"), ("2020-06-15", "2023-06-15")]
for texts in PERIODS:
    start, end = map(Day.parse, texts)
    amounts = {name: round(rule.interest(10_000, 0.05, start, end), 4) for name, rule in CONVENTIONS.items()}
    print(start, end, end - start, amounts, max(amounts, key=amounts.get))
days = [Day(2024, 2, 29), Day(2023, 12, 31), Day(2024, 7, 4), Day(2000, 1, 1)]
print([str(day) for day in sorted(days)], min(days) <= days[3], days[0].quarter, Day(2024, 2, 29) == days[0], len({*days, days[0]}))
quarters = {}
for day in days:
    quarters.setdefault(day.quarter, []).append(day.day)
print(quarters)
for bad in ("2023-02-29", "2024-13-01", "2024-x-01"):
    try:
        print(Day.parse(bad))
    except ValueError as error:
        print(error)
try:
    CONVENTIONS["30/360"].interest(1, 1, days[0], days[3])
except ValueError as error:
    print(error, Day(1, 1, 1).ordinal(), Day(2024, 3, 1) - Day(2024, 2, 28))
