"""Numbers that come out of arrays."""

import numpy as np

a = np.array([1, 2, 3])
x = np.array([0.5, 0.25])
print(a[0], [a[0]], x[1], [x[1]], repr(x[0]), str(a[2]), f"{x[1]:.3f} {a[1]:03d} {x[0]}")
print(a[0] + 1, [a[0] + 1], a[1] * 0.5, [x[0] * 2], a[2] - a[0], x[0] / 4, a[1] / 2, -x[0], abs(-a[1]))
print(int(a[1]), float(x[0]), a[0].item(), type(a[0].item()).__name__, bool(a[0]))
print(a[0] == 1, a[1] > x[0], [a[0] == 1], x[0] < 1)
names = {1: "one", 2: "two"}
print(names[a[0]], a[1] in names, a[1] in [5, 2], [10, 20, 30][a[1]], list(range(a[2])))
total = 0.0
for value in x:
    total += float(value)
print(total, isinstance(x[0], float), isinstance(a[0], int))
print(x[0] == 0.5, np.float64(2.5), [np.float64(2.5)], np.int64(3) + 1)
