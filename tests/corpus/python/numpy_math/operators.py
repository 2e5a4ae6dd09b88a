"""Arithmetic of arrays, item by item."""

import numpy as np

a = np.array([1, 2, 3, 4])
b = np.array([4, 3, 2, 1])
print(a + b, a - b, a * b, a / b, a // b, a % b, a ** b)
x = np.array([1.5, -2.0, 0.25])
y = np.array([2.0, 4.0, -0.5])
print(x + y, x - y, x * y, x / y, x // y, x % y, x ** 2, 2 ** x, -x, +x)
print(a + 1, 1 + a, a - 1.5, 2 * a, a / 2, 7 // a, 7 % a, 2 ** a, abs(-a), a + True)
m = np.array([True, False, True])
print(m + 1, m * 2.5, x * m, a[:3] + m)
print((a + x[0]), (a * 2 + b) / 3 - 1)
