"""Caches: functools on recursive functions, an ordered dict with a limit, memory of methods."""

from collections import OrderedDict
from functools import lru_cache, partial, reduce, wraps


@lru_cache(maxsize=None)
def ways(stairs, steps=(1, 2, 3)):
    if stairs == 0:
        return 1
    return sum(ways(stairs - step, steps) for step in steps if step <= stairs)


def counted(function):
    calls = {"count": 0}

    @wraps(function)
    def wrapper(value):
        calls["count"] += 1
        return function(value)

    wrapper_calls[function.__name__] = calls
    return wrapper


wrapper_calls = {}


@counted
def slow_square(value):
    return value * value


class Cache:
    def __init__(self, limit):
        self.limit = limit
        self.items = OrderedDict()
        self.hits = 0

    def get(self, key, make):
        if key in self.items:
            self.hits += 1
            self.items.move_to_end(key)
            return self.items[key]
        value = make(key)
        self.items[key] = value
        if len(self.items) > self.limit:
            dropped, _ = self.items.popitem(last=False)
            print("dropped", dropped)
        return value


print(ways(4), ways(30), ways(10, (1, 5)))
cache = Cache(2)
print([cache.get(n, slow_square) for n in (3, 4, 3, 5, 4, 3)])
print(cache.hits, wrapper_calls, list(cache.items))
power = partial(pow, 2)
print([power(n) for n in range(5)], reduce(lambda a, b: a * 10 + b, [1, 2, 3]), reduce(max, [3, 9, 2], 5))
compose = lambda *functions: reduce(lambda f, g: lambda x: g(f(x)), functions)
print(compose(lambda x: x + 1, lambda x: x * 2)(5))
