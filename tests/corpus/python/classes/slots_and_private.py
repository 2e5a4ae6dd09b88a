class Account:
    __slots__ = ("owner", "_balance", "__pin")

    def __init__(self, owner, balance=0):
        self.owner = owner
        self._balance = balance
        self.__pin = 1234

    def __check(self, pin):
        return pin == self.__pin

    def withdraw(self, amount, pin):
        if not self.__check(pin):
            raise PermissionError("wrong pin")
        if amount > self._balance:
            raise ValueError(f"insufficient: {self._balance} < {amount}")
        self._balance -= amount
        return self._balance


a = Account("ann", 100)
print(a.withdraw(30, 1234), a.owner)
for amount, pin in ((500, 1234), (1, 1)):
    try:
        a.withdraw(amount, pin)
    except (ValueError, PermissionError) as e:
        print(type(e).__name__, e)


class Singleton:
    _instance = None

    @classmethod
    def get(cls):
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance


print(Singleton.get() is Singleton.get())
