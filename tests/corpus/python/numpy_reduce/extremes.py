"""The smallest, the largest, and where they stand."""

import numpy as np

a = np.array([[3, 9, 2], [8, 1, 7]])
print(a.min(), a.max(), a.min(axis=0), a.max(axis=1), np.min(a), np.max(a, axis=0), np.amax(a))
print(a.argmin(), a.argmax(), a.argmin(axis=0), a.argmax(axis=1), np.argmax(a), np.argmin([5, 3, 4]))
x = np.array([1.0, np.nan, 3.0])
print(x.max(), x.argmax(), np.array([2, 2, 1]).argmax(), (a.max() - a.min()) / 2)
try:
    print(np.zeros(0).max())
except ValueError as error:
    print(error)
