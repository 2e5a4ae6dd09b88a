"""Rounding, in all directions."""

import numpy as np

x = np.array([-2.5, -1.5, -0.4, 0.5, 1.25, 2.675, 1234.5678])
print(np.floor(x), np.ceil(x), np.trunc(x), np.rint(x), np.round(x), np.round(x, 1), np.round(x, 2), x.round(2))
print(np.round(x, -2), np.round(np.array([0.285, 1.005]), 2))
print(x.astype(int), np.floor(np.array([1, 2])), np.round(2.675, 2), round(x[5], 1))
