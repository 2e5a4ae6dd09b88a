class Chain:
    def __init__(self):
        self.next = self

    def length(self):
        return 1 + self.next.length()


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


print(even(90), odd(7))


def forever(n):
    if n < 0:
        return Chain().length()
    return forever(n + 1)


print("before")
forever(1)
print("never")
