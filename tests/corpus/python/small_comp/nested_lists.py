print([[i * j for j in range(3)] for i in range(3)], [x for row in [[1], [2, 3]] for x in row])
print([(x, y) for x in "ab" for y in range(2) if (x, y) != ("a", 1)], [[c for c in w if c != "a"] for w in ("abc", "aa")])
