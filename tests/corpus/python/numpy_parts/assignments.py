"""Assignments to parts."""

import numpy as np

a = np.zeros((3, 4), dtype=int)
a[0] = 5
a[1] = [1, 2, 3, 4]
a[:, 3] = [7, 8, 9]
a[2, :2] = -1
a[1:, 1:3] = np.array([[10, 20], [30, 40]])
print(a)
a[::2, 0] = 77
print(a)
b = np.arange(5)
b[1:4] = b[:3]
print(b)
b[-1] = 9.7
print(b)
try:
    b[:2] = [1, 2, 3]
except ValueError as error:
    print(error)
x = np.zeros(3)
x[0] = 1
x[1:] = 2.5
x.fill(4)
print(x)
