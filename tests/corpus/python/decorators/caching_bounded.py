"""A cache that holds a few results: what was used longest ago is computed anew, and one sees it."""

from functools import lru_cache


@lru_cache(maxsize=2)
def square(n):
    print("squaring", n)
    return n * n


@lru_cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@lru_cache(maxsize=None)
def cube(n):
    print("cubing", n)
    return n**3


@lru_cache(maxsize=0)
def never(n):
    print("never kept", n)
    return n


for n in [1, 2, 1, 3, 2, 1, 1, 3]:
    print(square(n))
print(fib(150))
for n in [1, 2, 3, 1, 2]:
    print(cube(n), never(n))
