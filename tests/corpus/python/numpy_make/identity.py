"""Matrices with ones on the diagonal."""

import numpy as np

print(np.eye(3), np.eye(2, 3), np.identity(2), np.eye(2, dtype=int))
a = np.eye(3)
a[0, 2] = 4
print(a @ np.array([1.0, 2.0, 3.0]), a.T)
