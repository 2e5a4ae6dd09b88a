d = {"a": 1, "b": 2, "c": 1}
inverted = {}
for k, v in d.items():
    inverted.setdefault(v, []).append(k)
print(inverted, {v: k for k, v in d.items()}, sorted(d, key=d.get), sorted(d.items(), key=lambda kv: kv[1]))
