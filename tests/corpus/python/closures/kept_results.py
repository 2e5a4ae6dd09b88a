from functools import lru_cache, wraps, cache


def solve(n):
    calls = []

    @lru_cache(maxsize=None)
    def fib(k):
        calls.append(k)
        return k if k < 2 else fib(k - 1) + fib(k - 2)

    return fib(n), len(calls)


print(solve(12))


def run(n):
    seen = []
    limit = 3

    def even(k):
        seen.append(k)
        return True if k == 0 else odd(k - 1)

    def odd(k):
        return False if k == 0 else k + limit > 0 and even(k - 1)

    return even(n), seen


print(run(5))
