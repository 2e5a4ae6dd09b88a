names = ["a", "b", "c"]
scores = [3, 1, 2]
for i, (n, s) in enumerate(zip(names, scores), 1):
    print(i, n, s)
print(dict(zip(names, scores)), sorted(zip(scores, names)), [n for _, n in sorted(zip(scores, names))])
print(max(zip(scores, names)), list(enumerate(names, start=5)))
