from collections import namedtuple

P = namedtuple("P", "x y")
p = P(1, 2)
print(p, p.x + p.y, p[0], p == (1, 2), P(y=5, x=4), p._replace(x=7))
a, b = p
print(a, b, sorted([P(2, 1), P(1, 9)]))
