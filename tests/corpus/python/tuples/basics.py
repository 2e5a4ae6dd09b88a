t = (1, "a", 2.5)
print(t, len(t), t[0], t[-1], t[1:], t[::-1], t + (4,), t * 2, (), (1,), ((1, 2), (3,)))
a, b, c = t
print(a, b, c, "a" in t, t.index("a"), t.count(1), t == (1, "a", 2.5), (1, 2) < (1, 3), (1,) < (1, 0))
print(tuple([1, 2]), tuple("abc"), tuple(range(3)), tuple({"k": 1}), sorted([(2, 1), (1, 2)]), max((3, 1), (2, 9)))
x, y = 1, 2
x, y = y, x
print(x, y, (x, y), hash((1, 2)) == hash((1, 2)), {(1, 2): "p"}[1, 2])
(a, b), [c, *d] = (1, 2), [3, 4, 5]
print(a, b, c, d)
try:
    print(t.index("zzz"))
except ValueError as error:
    print(error)
try:
    print((1, 2)[5])
except IndexError as error:
    print(error)
print(bool(()), bool((0,)), sum((1, 2, 3)), min((3, 2)), list((1, 2)), *(1, 2))
