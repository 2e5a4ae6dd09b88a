"""Running sums and products, and differences."""

import numpy as np

a = np.array([1, 2, 3, 4])
print(np.cumsum(a), a.cumsum(), np.cumprod(a), np.cumsum([0.5, 0.25]), np.diff(a * a), np.diff(np.array([1.0, 4.5])))
t = np.arange(6).reshape(2, 3)
print(t.cumsum(), t.cumsum(axis=0), t.cumsum(axis=1), np.diff(t))
