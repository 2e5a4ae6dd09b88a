a, b = {1, 2, 3}, {3, 4}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b), a <= a, a < a, {3} < a, a.isdisjoint({7}))
print(len(a | b), 3 in a & b, a == {3, 2, 1}, a != b, sorted(a.union([9], (8,))))
