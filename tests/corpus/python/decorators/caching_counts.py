from functools import lru_cache, cache


@lru_cache(maxsize=3)
def square(n):
    print("compute", n)
    return n * n


for n in [1, 2, 3, 1, 4, 2, 1, 5]:
    square(n)
print(square.cache_info())
square.cache_clear()
print(square.cache_info(), square.cache_info().hits)


@lru_cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@cache
def ways(n, k=2):
    return 1 if n <= 0 else sum(ways(n - i, k) for i in range(1, k + 1))


print(fib(50), fib.cache_info())
print(ways(10), ways.cache_info())
info = fib.cache_info()
print(f"hits={info.hits} misses={info.misses} ratio={info.hits / (info.hits + info.misses):.2%}", info.maxsize)
