def total(xs):
    return sum(xs)


def report(xs):
    return f"{total(xs)}"


print(report([1, 2]))
old = total


def total(xs):
    return old(xs) * 2


print(report([1, 2]))
try:
    import json as j
except ImportError:
    j = None
print(j is None)
