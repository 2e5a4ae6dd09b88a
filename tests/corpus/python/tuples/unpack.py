first, *middle, last = range(6)
print(first, middle, last)
*init, tail = "abc"
print(init, tail)
a, (b, *c), d = 1, (2, 3, 4), 5
print(a, b, c, d)
for name, *scores in [("x", 1, 2), ("y",), ("z", 9)]:
    print(name, scores)
try:
    a, b = [1, 2, 3]
except ValueError as error:
    print(error)
try:
    a, b, c = [1, 2]
except ValueError as error:
    print(error)
try:
    a, *b, c = [1]
except ValueError as error:
    print(error)


def bounds(xs):
    return min(xs), max(xs)


low, high = bounds([4, 2, 8])
print(low, high, bounds([1])[0])
x = y = z = 0
x += 1
print(x, y, z)
p = q = []
p.append(1)
print(q, [*range(3), *"ab"], (*p, 2), {*p, 3}, {**{"a": 1}, "b": 2})
i, xs = 0, [10, 20]
i, xs[i] = 1, 99
print(i, xs)
