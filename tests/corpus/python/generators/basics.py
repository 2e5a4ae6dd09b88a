def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


def chain(*its):
    for it in its:
        yield from it


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


print(list(count(3)), sum(count(10)), list(chain([1], "ab", count(2))), max(count(5)))
f = fib()
print([next(f) for _ in range(10)], next(f))
g = count(1)
print(next(g), next(g, "default"))
try:
    next(g)
except StopIteration:
    print("stop")
for x in count(5):
    if x == 3:
        break
print(x, [a for a in fib() if a > 5] if False else "skipped")


def take(n, it):
    for i, x in enumerate(it):
        if i >= n:
            return
        yield x


print(list(take(5, fib())), tuple(take(3, "abcdef")), dict(enumerate(take(2, "xy"))), set(count(3)))
