"""How floats stand in columns."""

import numpy as np

print(np.array([1.0, 2.5, 3.25]), np.array([0.1, 0.12, 0.123]), np.array([1000.5, 0.25]), np.array([123456.789, 0.1]))
print(np.array([1e-5, 1.0]), np.array([1e8, 1.0]), np.array([1e7, 1.0]), np.array([99999999.0, 1.5]), np.array([1e16]))
print(np.array([0.1 + 0.2, 1 / 3]), np.array([1e-10, 1e10]), np.array([0.0, -0.0, 5.0]), np.array([1e300, 1e-300]))
print(np.array([np.nan, 1.0]), np.array([np.inf, -np.inf, 2.5]), np.array([np.nan]), np.array([-1.5, 22.75]))
print(np.array([1 / 3, 2 / 3, 1e5 / 3]), np.array([12345678.5, 0.5]), np.array([0.00012, 0.5]), np.array([5e-324]))
print(repr(np.array([1.0, 2.5])), repr(np.array([0.1234567891, 2.0])), repr(np.array([1e-7, 5.0])))
for digits in range(1, 12):
    print(np.array([1.0 / 10**digits, 1.0]), np.array([10.0**digits / 3]), np.array([0.5, 10.0**digits]))
