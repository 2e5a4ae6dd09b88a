"""Elimination on a small matrix, row by row."""

import numpy as np


def solve(a, b):
    a, b = a.copy(), b.copy()
    n = len(b)
    for i in range(n):
        pivot = i + int(np.argmax(np.abs(a[i:, i])))
        if pivot != i:
            row, value = a[i].copy(), float(b[i])
            a[i], b[i] = a[pivot], b[pivot]
            a[pivot], b[pivot] = row, value
        for j in range(i + 1, n):
            factor = a[j, i] / a[i, i]
            a[j] -= factor * a[i]
            b[j] -= factor * b[i]
    x = np.zeros(n)
    for i in range(n - 1, -1, -1):
        x[i] = (b[i] - (a[i, i + 1:] * x[i + 1:]).sum()) / a[i, i]
    return x


a = np.array([[2.0, 1.0, -1.0], [-3.0, -1.0, 2.0], [-2.0, 1.0, 2.0]])
b = np.array([8.0, -11.0, -3.0])
x = solve(a, b)
print(np.round(x, 6), np.allclose(a @ x, b), a[0])
