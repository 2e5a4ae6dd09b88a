"""Arrays of lists and tuples, of each type of number."""

import numpy as np

print(np.array([1, 2, 3]), np.array([1.5, 2.0]), np.array([True, False]))
print(repr(np.array([[1, 2], [3, 4]])), repr(np.array([[1.5, 2], [3, 4]])))
print(np.array((1, 2, 3)), np.array([(1, 2), (3, 4)]).shape)
rows = [[i * j for j in range(4)] for i in range(3)]
table = np.array(rows)
print(table, table.ndim, table.size, len(table))
print(np.array([1, 2, 3], dtype=float), np.array([1.7, -2.7], dtype=int), np.array([0, 1, 2], dtype=bool))
cube = np.array([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
print(cube, cube.shape, repr(cube))
words = np.array([x * 0.5 for x in range(5)])
print(words, words.tolist(), 1.5 in words, 7 in table)
