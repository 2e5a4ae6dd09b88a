"""Parts by lists of indexes."""

import numpy as np

a = np.array([10, 20, 30, 40, 50])
print(a[[0, 2, 4]], a[np.array([1, 1, 3])], a[[-1, 0]])
t = np.arange(12).reshape(4, 3)
print(t[[0, 2]], t[[3, 1, 1]], t[[0, 1, 2], [2, 1, 0]])
order = np.argsort(np.array([3.5, 1.5, 2.5]))
print(a[:3][order], order)
a[[1, 3]] = 0
a[[0, 4]] = [7, 8]
print(a)
try:
    print(a[[0, 9]])
except IndexError as error:
    print(error)
copy = t[[0]]
copy[0, 0] = 99
print(t[0])
