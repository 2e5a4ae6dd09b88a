"""Reductions of arrays of three axes."""

import numpy as np

c = np.arange(24).reshape(2, 3, 4)
print(c.sum(axis=0), c.sum(axis=1), c.sum(axis=2), c.mean(axis=2), c.max(axis=0), c.argmax(axis=1))
print(c.any(axis=0), c.all(axis=2), c.min(axis=-1))
try:
    print(c.sum(axis=3))
except ValueError as error:
    print(type(error).__name__, error)
