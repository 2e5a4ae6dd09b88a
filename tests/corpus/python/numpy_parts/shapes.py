"""New shapes of the same numbers."""

import numpy as np

a = np.arange(12)
print(a.reshape(3, 4), a.reshape((2, 6)), a.reshape(4, -1), a.reshape(-1), np.reshape(a, (6, 2)), a.reshape(2, 2, 3))
t = a.reshape(3, 4)
print(t.T, t.T.shape, t.transpose(), t.T.reshape(2, 6), t.ravel(), t.T.ravel(), t.flatten(), np.transpose(t))
c = a.reshape(2, 2, 3)
print(c.transpose(2, 0, 1).shape, c.T.shape, c.transpose(1, 0, 2)[1, 0])
try:
    print(a.reshape(5, 3))
except ValueError as error:
    print(error)
print(a[:, None].shape, a[None].shape, np.flip(a), np.repeat(np.array([1, 2]), 2), np.tile(np.array([1, 2]), 3))
