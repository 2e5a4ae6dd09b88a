from contextlib import suppress
with suppress(KeyError, ValueError):
    int("x")
    print("no")
print("yes")
import contextlib
import os


def f(d, k):
    with contextlib.suppress(KeyError):
        return d[k]
    return -1


print(f({1: 2}, 1), f({1: 2}, 3))
with suppress(FileNotFoundError):
    os.remove("nope")
with open("x.txt", "w") as h, suppress(ValueError):
    h.write("a")
    int("q")
print(open("x.txt").read())
