from collections import Counter

c = Counter("banana")
print(c, c["a"], c["z"], c.most_common(1), sorted(c.items()), sum(c.values()))
