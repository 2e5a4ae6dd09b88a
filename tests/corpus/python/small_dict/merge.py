a, b = {"x": 1, "y": 2}, {"y": 3, "z": 4}
print({**a, **b}, a | b, dict(a, z=9), {k: a.get(k, 0) + b.get(k, 0) for k in sorted(set(a) | set(b))})
a.update(b)
print(a, len(a))
