def logged(f):
    def wrapper(self, *args):
        self.log.append(f.__name__)
        return f(self, *args)

    return wrapper


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.log = []

    @logged
    def deposit(self, x):
        self.balance += x
        return self.balance

    @logged
    def withdraw(self, x):
        self.balance -= x
        return self.balance

    @property
    def rich(self):
        return self.balance > 100

    @staticmethod
    def bank():
        return "BANK"

    @classmethod
    def empty(cls):
        return cls(0)


a = Account(10)
print(a.deposit(100), a.withdraw(5), a.log, a.rich, Account.bank(), a.bank(), Account.empty().balance)
