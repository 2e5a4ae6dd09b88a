f = frozenset([1, 2, 3])
print(f, len(f), 2 in f, f | {4}, f & {1}, f - {1}, hash(f) == hash(frozenset([3, 2, 1])), f == {1, 2, 3})
families = {frozenset([1, 2]), frozenset([2, 1]), frozenset([3])}
print(len(families), frozenset([2, 1]) in families, sorted(len(x) for x in families))
d = {frozenset("ab"): 1}
print(d[frozenset("ba")], f.issubset({1, 2, 3, 4}), f.union([9]), sorted(f ^ {3, 4}))
seen = set()
unique = []
for x in [3, 1, 3, 2, 1]:
    if x not in seen:
        seen.add(x)
        unique.append(x)
print(unique, type(f).__name__, type({1}).__name__)
primes = set(range(2, 50))
for i in range(2, 8):
    primes -= set(range(i * i, 50, i))
print(sorted(primes))
