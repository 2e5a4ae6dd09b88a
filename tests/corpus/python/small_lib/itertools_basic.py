import itertools

print(list(itertools.chain([1], [2, 3])), list(itertools.combinations([1, 2, 3], 2)), list(itertools.permutations("ab")), list(itertools.product([0, 1], [2])))
print(list(itertools.accumulate([1, 2, 3])), list(itertools.islice(itertools.count(3), 2)), [(k, len(list(g))) for k, g in itertools.groupby("aab")])
