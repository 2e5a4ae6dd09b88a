x = "outer"
ys = [x for x in range(3)]
print(x, ys)
print([(i, j) for i in range(3) for j in range(i)], [i * j for i in range(1, 4) if i % 2 for j in range(1, 4) if j != 2])
print({k: v for k, v in zip("ab", [1, 2])}, {c for c in "hello" if c in "lo"} == {"l", "o"}, list(i for i in range(3)))
n = 10
print([n + i for i in range(3)], [[i * j for j in range(3)] for i in range(2)], [y := 5, y + 1], y)
print([last := i for i in range(4)], last)
print([(a, b) for a, b in [(1, 2), (3, 4)]], [a for a, *_ in ["xyz", "pq"]], [k + v for k, v in {"a": "b"}.items()])
fs = [lambda: i for i in range(3)]
print([f() for f in fs], [f(2) for f in [lambda q, i=i: q * i for i in range(3)]])
print(sum(x * x for x in range(5)), max((len(w), w) for w in ["a", "bcd"]), "".join(c.upper() for c in "abc"))
print([x if x % 2 else -x for x in range(5)], [x for x in [[]] if x], any(x > 3 for x in range(3)), all(x for x in []))


def squares(n):
    n2 = n * 2
    return [k * n2 for k in range(n) if k != n2]


print(squares(3), {i: {j: i + j for j in range(2)} for i in range(2)})
