"""Operators that change an array."""

import numpy as np

a = np.arange(5, dtype=float)
other = a
a += 1
a *= 2
a[1:3] -= 10
a[0] /= 4
print(a, other)
b = np.array([[1, 2], [3, 4]])
b += np.array([10, 20])
b[0] *= 3
b[:, 1] -= 1
b[b > 30] += 5
print(b)
counts = np.zeros(3, dtype=int)
for i in [0, 1, 1, 2, 2, 2]:
    counts[i] += 1
print(counts)
