"""Sorting, and where items would stand."""

import numpy as np

a = np.array([5, 2, 9, 1])
print(np.sort(a), np.argsort(a), a[np.argsort(a)][::-1], a)
a.sort()
print(a, np.searchsorted(a, 5), np.searchsorted(a, [0, 3, 10]), np.searchsorted(a, 5, side="right"))
t = np.array([[3, 1, 2], [9, 7, 8]])
print(np.sort(t), np.sort(t, axis=0))
x = np.array([2.5, np.nan, -1.0])
print(np.sort(x), np.argsort(np.array([1, 0, 1, 0]), kind="stable"))
print(np.unique(np.array([3, 1, 3, 2])), np.unique([1.5, 0.5, 1.5]), np.bincount(np.array([0, 1, 1, 3])))
values, counts = np.unique(np.array([4, 4, 2]), return_counts=True)
print(values, counts)
