d = {}
for k in [5, 3, 9, 1]:
    d[k] = k * k
del d[3]
d[3] = "back"
d[5] = "same place"
print(d, list(reversed(d)), next(iter(d)), sorted(d), max(d), sum(d))
print(dict(sorted(d.items())), dict(zip("abc", range(3))), dict([("k", "v")]), dict(a=1, b=2), dict.fromkeys("ab", 0), dict.fromkeys([1]))
inverse = {v: k for k, v in {"a": 1, "b": 2, "c": 1}.items()}
print(inverse, {**{"x": 1}, **{"x": 2, "y": 3}}, {"a": 1} | {"b": 2, "a": 3})
m = {"a": 1}
m |= {"z": 26}
print(m)
try:
    for k in m:
        m[k + "!"] = 1
except RuntimeError as error:
    print(error)
for k in list(m):
    m.pop(k)
print(m)
