def curry(f):
    return lambda a: lambda b: lambda c: f(a, b, c)


print(curry(lambda a, b, c: a + b * c)(1)(2)(3))


def pipeline(*steps):
    def run(value):
        for step in steps:
            value = step(value)
        return value

    return run


clean = pipeline(str.strip, str.lower, lambda s: s.replace(" ", "_"))
print(clean("  Hello World "), clean("A"))


def memoize(f):
    cache = {}

    def wrapper(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]

    return wrapper


calls = []


def slow(n):
    calls.append(n)
    return n * n


fast = memoize(slow)
print(fast(3), fast(3), fast(4), calls)


def account(balance):
    def deposit(x):
        nonlocal balance
        balance += x
        return balance

    def withdraw(x):
        nonlocal balance
        if x > balance:
            raise ValueError(f"only {balance} left")
        balance -= x
        return balance

    return {"deposit": deposit, "withdraw": withdraw}


acc = account(10)
print(acc["deposit"](5), acc["withdraw"](12))
try:
    acc["withdraw"](100)
except ValueError as e:
    print(e)
