"""Functions of two items."""

import numpy as np

a, b = np.array([1, 7, 3]), np.array([4, 2, 3])
print(np.maximum(a, b), np.minimum(a, b), np.maximum(a, 2), np.minimum(2.5, a))
print(np.add(a, b), np.subtract(a, b), np.multiply(a, b), np.divide(a, b), np.power(a, b), np.mod(a, b))
print(np.greater(a, b), np.less_equal(a, b), np.equal(a, b), np.floor_divide(a, b))
print(np.clip(a, 2, 5), np.clip(np.array([0.5, 1.5]), 1, 1.25), a.clip(2, 3))
nothing = np.array([1.0, np.nan, 3.0])
print(np.maximum(nothing, 2.0), np.isnan(nothing), np.isfinite(nothing), np.isinf(np.array([np.inf, 1.0])))
