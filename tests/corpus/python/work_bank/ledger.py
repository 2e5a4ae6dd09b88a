"""A double-entry ledger with accounts, transfers, statements and a trial balance."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Side(Enum):
    DEBIT = "D"
    CREDIT = "C"

    def opposite(self) -> Side:
        return Side.CREDIT if self is Side.DEBIT else Side.DEBIT


class LedgerError(Exception):
    """Anything wrong with a booking."""


class Unbalanced(LedgerError):
    def __init__(self, difference: int) -> None:
        super().__init__(f"debits and credits differ by {difference}")
        self.difference = difference


class UnknownAccount(LedgerError, KeyError):
    def __str__(self) -> str:
        return f"unknown account {self.args[0]!r}"


@dataclass(frozen=True)
class Line:
    account: str
    side: Side
    cents: int

    def signed(self) -> int:
        return self.cents if self.side is Side.DEBIT else -self.cents


@dataclass
class Entry:
    number: int
    text: str
    lines: list[Line] = field(default_factory=list)

    def check(self) -> None:
        total = sum(line.signed() for line in self.lines)
        if total != 0:
            raise Unbalanced(total)


class Ledger:
    def __init__(self, *accounts: str) -> None:
        self._balances: dict[str, int] = {name: 0 for name in accounts}
        self._entries: list[Entry] = []

    def book(self, text: str, *lines: tuple[str, str, float]) -> Entry:
        entry = Entry(len(self._entries) + 1, text)
        for account, side, amount in lines:
            if account not in self._balances:
                raise UnknownAccount(account)
            entry.lines.append(Line(account, Side(side), round(amount * 100)))
        entry.check()
        for line in entry.lines:
            self._balances[line.account] += line.signed()
        self._entries.append(entry)
        return entry

    def transfer(self, source: str, target: str, amount: float) -> Entry:
        return self.book(f"{source} -> {target}", (target, "D", amount), (source, "C", amount))

    def reverse(self, number: int) -> Entry:
        old = self._entries[number - 1]
        lines = [(line.account, line.side.opposite().value, line.cents / 100) for line in old.lines]
        return self.book(f"reversal of {number}", *lines)

    def __getitem__(self, account: str) -> int:
        try:
            return self._balances[account]
        except KeyError:
            raise UnknownAccount(account) from None

    def __iter__(self):
        return iter(sorted(self._balances.items()))

    def __len__(self) -> int:
        return len(self._entries)

    def report(self) -> str:
        width = max(len(name) for name in self._balances)
        rows = [f"{name:<{width}} {cents / 100:>12,.2f}" for name, cents in self]
        total = sum(cents for _, cents in self)
        return "\n".join([*rows, "-" * (width + 13), f"{'total':<{width}} {total / 100:>12,.2f}"])


ledger = Ledger("cash", "bank", "sales", "rent", "equity")
ledger.book("founding", ("bank", "D", 10_000), ("equity", "C", 10_000))
ledger.transfer("bank", "cash", 250.5)
ledger.book("sale", ("cash", "D", 119.0), ("sales", "C", 119.0))
ledger.book("rent", ("rent", "D", 800), ("bank", "C", 700), ("cash", "C", 100))
for attempt in (
    lambda: ledger.book("odd", ("cash", "D", 1), ("bank", "C", 2)),
    lambda: ledger.transfer("bank", "moon", 5),
    lambda: print(ledger["mars"]),
):
    try:
        attempt()
    except Unbalanced as error:
        print("unbalanced:", error, error.difference)
    except LedgerError as error:
        print("refused:", error, type(error).__name__)
print(ledger.report())
reversal = ledger.reverse(2)
print(reversal.number, reversal.text, [(line.account, line.side.name, line.cents) for line in reversal.lines])
print(ledger["cash"], ledger["bank"], len(ledger))
