def numbers(text):
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        yield int(line)


def pairs(xs):
    previous = None
    for x in xs:
        if previous is not None:
            yield previous, x
        previous = x


def windows(xs, n):
    buffer = []
    for x in xs:
        buffer.append(x)
        if len(buffer) == n:
            yield tuple(buffer)
            buffer.pop(0)


text = """
# head
1
4
 9
16
"""
print(list(numbers(text)), [b - a for a, b in pairs(numbers(text))], list(windows(numbers(text), 2)))
squares = (x * x for x in numbers(text))
evens = (x for x in squares if x % 2 == 0)
print(sum(evens), list(squares))


def primes():
    found = []
    n = 2
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1


p = primes()
print([next(p) for _ in range(12)], next(x for x in primes() if x > 50))
