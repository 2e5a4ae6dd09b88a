"""Arrays put together."""

import numpy as np

a, b = np.array([1, 2]), np.array([3, 4])
print(np.concatenate([a, b]), np.concatenate((a, b, a)), np.stack([a, b]), np.stack([a, b], axis=1))
print(np.vstack([a, b]), np.hstack([a, b]), np.concatenate([a, np.array([0.5])]))
t = np.ones((2, 2), dtype=int)
print(np.concatenate([t, t * 2]), np.concatenate([t, t * 2], axis=1), np.vstack([t, t]), np.hstack([t, t]))
rows = [np.arange(3) * i for i in range(3)]
print(np.stack(rows), np.concatenate(rows), np.array(rows))
try:
    print(np.concatenate([t, np.ones((3, 3), dtype=int)]))
except ValueError as error:
    print(error)
