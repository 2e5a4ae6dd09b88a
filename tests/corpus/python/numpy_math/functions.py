"""Functions of each item."""

import numpy as np

x = np.array([0.0, 0.5, 1.0, 2.0])
print(np.exp(x), np.sqrt(x), np.sin(x), np.cos(x), np.tan(x), np.arctan(x))
print(np.log(x + 1), np.log2(x + 1), np.log10(x + 1), np.log1p(x), np.expm1(x), np.cbrt(x))
print([v.hex() for v in np.exp(x).tolist()], [v.hex() for v in np.sin(x).tolist()])
print(np.sqrt(np.array([1, 4, 9])), np.exp(2), np.sqrt(16), np.abs(np.array([-1, 2])), np.abs(-1.5))
print(np.sign(np.array([-2.5, 0.0, 3.0])), np.square(x), np.negative(x), np.sign(np.array([-2, 0, 3])))
print(np.sinh(x), np.cosh(x), np.arcsin(x / 2), np.arccos(x / 2))
