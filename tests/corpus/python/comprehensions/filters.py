data = [3, -1, 0, 7, -5, 8]
print([x for x in data if x > 0], [x for x in data if x if x % 2], list(filter(None, data)), list(filter(lambda x: x < 0, data)))
print(list(map(lambda x, y: x + y, [1, 2], [10, 20, 30])), list(map(abs, data)), list(map(str, data)))
print({x: "even" if x % 2 == 0 else "odd" for x in data}, sorted({abs(x) for x in data}))
words = ["one", "two", "three"]
print({w: len(w) for w in words}, {len(w) for w in words} == {3, 5}, [w[0] for w in words], dict(enumerate(words)))
print([(x, y) for x in range(3) for y in "ab"], [x for xs in [[1, 2], [], [3]] for x in xs])
print([i for i, w in enumerate(words) if "t" in w], [w for w in reversed(words)], [a + b for a in "ab" for b in "cd"])
gen = (x * 2 for x in data if x > 0)
print(next(gen), list(gen), list(gen))
print([[0 for _ in range(2)] for _ in range(2)], [None] * 2, [x for x in range(20) if x % 2 == 0 and x % 3 == 0])
flat = [leaf for tree in [[[1], [2]], [[3]]] for branch in tree for leaf in branch]
print(flat, sum(1 for x in data if x < 0), min(x for x in data), list(zip(*[(1, 2), (3, 4)])))
