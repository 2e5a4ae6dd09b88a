def gen():
    yield 1


def g():
    return 3


print(g())
g = gen()
print(next(g))


def h(n):
    return n


print(h(1))
h = 5
print(h + 1)
