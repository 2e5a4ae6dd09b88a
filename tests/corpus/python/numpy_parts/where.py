"""Choices by truth values."""

import numpy as np

a = np.array([1, -2, 3, -4])
print(np.where(a > 0, a, 0), np.where(a > 0, 1, -1), np.where(a > 0, 0.5, a), np.where(a > 0)[0])
t = np.array([[1, 0], [0, 2]])
rows, columns = np.where(t > 0)
print(rows, columns, np.nonzero(t)[1])
print(np.where(t > 0, t, t - 5), np.where(np.array([True, False]), np.array([1.5, 2.5]), 9))
for place in np.where(a < 0)[0]:
    print(place, a[place])
