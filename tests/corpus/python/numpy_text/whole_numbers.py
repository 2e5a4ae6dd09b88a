"""How whole numbers and truth values stand in columns."""

import numpy as np

print(np.array([1, 10, 100]), np.array([-1, 5]), np.array([[1, -20], [300, 4]]), np.array([0]))
print(repr(np.array([1, 10, 100])), repr(np.array([[True, False], [False, True]])), np.array([True, False]))
print(np.array([2**62, -1]), repr(np.array([], dtype=int)), np.array([]))
