"""Comparisons and truth values."""

import numpy as np

a = np.array([1, 5, 3, 5])
print(a > 2, a == 5, a != 5, a <= 3, 3 < a, a >= np.array([1, 6, 3, 4]))
print((a > 1) & (a < 5), (a == 1) | (a == 3), ~(a > 2), (a > 1) ^ (a > 4))
print(np.logical_and(a > 1, a < 5), np.logical_or(a == 1, a == 3), np.logical_not(a > 2))
print((a > 2).any(), (a > 0).all(), np.any(a > 9), np.all(a > 2), (a == 5).sum())
print(np.array_equal(a, np.array([1, 5, 3, 5])), np.allclose(np.array([0.1 + 0.2]), np.array([0.3])))
if a[0] == 1 and a.max() == 5:
    print("as expected")
if (a > 0).all():
    print("all positive")
try:
    if a > 2:
        print("never")
except ValueError as error:
    print(error)
print(bool(np.array([3]) > 2))
