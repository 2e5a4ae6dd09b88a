data = ["pear", "fig", "apple", "kiwi", "Banana"]
data.sort()
print(data)
data.sort(key=len)
print(data)
data.sort(key=lambda s: (-len(s), s.lower()), reverse=True)
print(data)
pairs = [(2, "b"), (1, "z"), (2, "a"), (1, "y")]
print(sorted(pairs), sorted(pairs, key=lambda p: p[0]), sorted(pairs, key=lambda p: p[1], reverse=True))
print(sorted([3, 1, 2], reverse=True), sorted((5, 4)), sorted({3, 1}), sorted({"b": 1, "a": 2}), sorted("cab"))
print(sorted([True, False, 2, 0]), sorted([1.5, 1, 0.5]), sorted([[2], [1, 5], [1]]), sorted([]))
print(sorted([-3, 1, -2], key=abs), sorted(["b", "A", "c"], key=str.lower), min(pairs), max(pairs, key=lambda p: p[1]))
xs = [5, 2, 8, 2]
xs.sort(reverse=True)
print(xs, xs.sort(), xs)
