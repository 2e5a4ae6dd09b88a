"""Products of vectors and matrices."""

import numpy as np

a = np.array([[1, 2], [3, 4]])
b = np.array([[5, 6], [7, 8]])
v = np.array([1, -1])
print(a @ b, a @ v, v @ a, v @ v, np.dot(a, b), np.dot(v, v), a.dot(v), np.matmul(a, b))
x = np.array([[0.5, 2.0], [1.0, -4.0]])
print(x @ x, x @ np.array([2.0, 4.0]), np.dot(x, 2), (x @ x.T).sum())
try:
    print(a @ np.array([1, 2, 3]))
except ValueError as error:
    print("refused", "mismatch in its core dimension" in str(error))
try:
    print(np.dot(np.array([1, 2]), np.array([1, 2, 3])))
except ValueError as error:
    print(error)
