"""A line through points by the normal equations."""

import numpy as np

x = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
y = 2.0 * x + 1.0
n = len(x)
slope = (n * (x * y).sum() - x.sum() * y.sum()) / (n * (x * x).sum() - x.sum() * x.sum())
intercept = (y.sum() - slope * x.sum()) / n
print(slope, intercept, f"{slope:.3f} {intercept:.3f}")
error = y - (slope * x + intercept)
print((error ** 2).sum(), np.abs(error).max(), np.sqrt((error ** 2).mean()))


def gradient_descent(steps, rate):
    w, b = 0.0, 0.0
    for _ in range(steps):
        wrong = w * x + b - y
        w = w - rate * float((wrong * x).sum()) * 2 / n
        b = b - rate * float(wrong.sum()) * 2 / n
    return w, b


w, b = gradient_descent(50, 0.02)
print(f"{w:.6f} {b:.6f}")
