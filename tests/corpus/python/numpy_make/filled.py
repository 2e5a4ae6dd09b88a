"""Arrays of one number over and over."""

import numpy as np

print(np.zeros(3), np.zeros((2, 3)), np.ones(2), np.ones((2, 2), dtype=int))
print(np.full(3, 7), np.full((2, 2), 0.5), np.full(2, True))
print(repr(np.zeros(2, dtype=bool)), repr(np.zeros((0, 3))), repr(np.zeros(0)))
grid = np.zeros((3, 2))
print(np.zeros_like(grid), np.ones_like(grid), np.full_like(grid, 2.5))
n = 4
print(np.zeros((n, n // 2)).shape, np.zeros(n, int), np.zeros(grid.shape))
