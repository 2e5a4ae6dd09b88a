from functools import cache, lru_cache


@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@cache
def paths(r, c):
    if r == 0 or c == 0:
        return 1
    return paths(r - 1, c) + paths(r, c - 1)


calls = 0


@lru_cache
def slow(text):
    global calls
    calls += 1
    return text.upper()


print(fib(100), paths(16, 16), slow("a"), slow("b"), slow("a"), calls)
print(fib.cache_info().currsize, slow.cache_info())
slow.cache_clear()
print(slow("a"), calls)
