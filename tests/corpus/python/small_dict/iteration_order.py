d = {}
for w in "one two three one four two".split():
    d[w] = len(d) if w not in d else d[w] + 100
print(d, list(d), list(d.values()))
for i, (k, v) in enumerate(d.items()):
    print(i, k, v)
print(list(reversed(d)), next(iter(d.values())))
