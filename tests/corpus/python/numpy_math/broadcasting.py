"""Shapes that are stretched to each other."""

import numpy as np

a = np.array([[1, 2, 3], [4, 5, 6]])
print(a + np.array([10, 20, 30]), a * np.array([[2], [3]]))
row, column = np.arange(3), np.arange(4).reshape(4, 1)
print(row + column, (row * column).shape)
print(row[:, np.newaxis] - row, row[None, :] + column)
try:
    print(np.array([1, 2, 3]) + np.array([1, 2]))
except ValueError as error:
    print(error)
print(np.ones((2, 1, 3)) + np.ones((4, 1)))
