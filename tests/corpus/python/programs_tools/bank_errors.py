"""A small bank with its own errors, transactions that roll back and a statement."""

from enum import Enum


class Kind(Enum):
    DEPOSIT = "in"
    WITHDRAWAL = "out"
    TRANSFER = "move"


class BankError(Exception):
    """Anything that the bank refuses."""


class NotEnough(BankError):
    def __init__(self, account, wanted):
        super().__init__(f"{account.owner} has {account.balance}, wants {wanted}")
        self.missing = wanted - account.balance


class Account:
    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.history = []

    def apply(self, kind, amount):
        if amount <= 0:
            raise BankError(f"amount must be positive: {amount}")
        if kind is Kind.WITHDRAWAL and amount > self.balance:
            raise NotEnough(self, amount)
        self.balance += amount if kind is Kind.DEPOSIT else -amount
        self.history.append((kind, amount))


class Transaction:
    def __init__(self, *accounts):
        self.accounts = accounts

    def __enter__(self):
        self.saved = [(account.balance, list(account.history)) for account in self.accounts]
        return self

    def __exit__(self, kind, error, trace):
        if error is None:
            return False
        for account, (balance, history) in zip(self.accounts, self.saved):
            account.balance, account.history = balance, history
        print("rolled back:", error)
        return isinstance(error, BankError)


def transfer(source, target, amount):
    with Transaction(source, target):
        target.apply(Kind.DEPOSIT, amount)
        source.apply(Kind.WITHDRAWAL, amount)


ada, bob = Account("Ada", 100), Account("Bob")
transfer(ada, bob, 60)
transfer(ada, bob, 60)
transfer(bob, ada, -5)
print(ada.balance, bob.balance)
for account in (ada, bob):
    print(account.owner, [(kind.name, kind.value, amount) for kind, amount in account.history])
try:
    bob.apply(Kind.WITHDRAWAL, 75)
except NotEnough as error:
    print(error, error.missing, isinstance(error, BankError))
try:
    with Transaction(ada):
        ada.balance = 1 // 0
except ZeroDivisionError as error:
    print("outside:", error, ada.balance)
finally:
    print([kind.value for kind in Kind], Kind("out"), Kind["TRANSFER"].name)
