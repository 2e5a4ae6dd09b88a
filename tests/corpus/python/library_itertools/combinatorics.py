from itertools import combinations, combinations_with_replacement, permutations, product

print(list(permutations([1, 2, 3])), list(permutations("abc", 2)), len(list(permutations(range(5)))))
print(list(combinations("abcd", 2)), list(combinations([1, 2], 3)), list(combinations_with_replacement("ab", 2)))
print(list(product([1, 2], "ab")), list(product([0, 1], repeat=3)), list(product()), list(product([1], [])))
print(sum(1 for _ in combinations(range(10), 4)), ["".join(p) for p in permutations("xyz")], [a * b for a, b in product(range(3), repeat=2)])
best = max(permutations([1, 5, 3]), key=lambda p: p[0] * 100 + p[1] * 10 + p[2])
print(best, [c for c in combinations([1, 2, 3, 4, 5], 3) if sum(c) == 9])
for a, b, c in product("ab", [1], (True, False)):
    print(a, b, c)
