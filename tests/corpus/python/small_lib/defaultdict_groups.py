from collections import defaultdict

g = defaultdict(list)
for w in ("apple", "avocado", "bean"):
    g[w[0]].append(w)
n = defaultdict(int)
for c in "hello":
    n[c] += 1
print(dict(g), dict(n), g["zz"], sorted(g))
