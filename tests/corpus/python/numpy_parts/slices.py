"""Slices are views."""

import numpy as np

a = np.arange(10)
print(a[2:5], a[:3], a[7:], a[::2], a[::-1], a[8:2:-2], a[-3:], a[20:], a[5:2])
t = np.arange(12).reshape(3, 4)
print(t[:2], t[:, 1], t[1:, 2:], t[::2, ::-1], t[:, -1:], t[0, 1:3], t[:, :], t[-1, ::2])
part = t[1:, 1:3]
part[0, 0] = 99
part[1] = [7, 8]
print(t, part.shape, part)
column = t[:, 0]
column += 100
print(t[:, 0], t[0])
