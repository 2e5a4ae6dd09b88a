"""Logging: levels, formats, child loggers and a handler that writes to memory."""

import io
import logging


class Account:
    def __init__(self, owner, log):
        self.owner = owner
        self.balance = 0
        self.log = log

    def deposit(self, amount):
        if amount <= 0:
            self.log.warning("deposit of %d refused", amount)
            return False
        self.balance += amount
        self.log.info("%s deposits %d, has %d", self.owner, amount, self.balance)
        return True

    def withdraw(self, amount):
        if amount > self.balance:
            self.log.error("%s wants %d of %d", self.owner, amount, self.balance)
            raise ValueError("not enough")
        self.balance -= amount
        self.log.debug("%s withdraws %d", self.owner, amount)


def main():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)-8s %(name)s: %(message)s"))
    log = logging.getLogger("bank")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    account = Account("Ada", log)
    account.deposit(100)
    account.deposit(-5)
    account.withdraw(30)
    try:
        account.withdraw(300)
    except ValueError as error:
        log.critical("stopped: %s", error)
    log.setLevel(logging.DEBUG)
    account.withdraw(1)
    lines = stream.getvalue().splitlines()
    for line in lines:
        print(line)
    counts = {}
    for line in lines:
        level = line.split()[0]
        counts[level] = counts.get(level, 0) + 1
    print(counts)
    print(log.isEnabledFor(logging.DEBUG), logging.getLevelName(30), log.level, log.name)


main()
