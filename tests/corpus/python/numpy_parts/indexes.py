"""Items and rows by index."""

import numpy as np

a = np.array([10, 20, 30, 40])
print(a[0], a[-1], a[2])
t = np.arange(12).reshape(3, 4)
print(t[0], t[-1], t[1, 2], t[1][2], t[-1, -1], t[2, 0] + t[0, 3])
i, j = 1, 3
print(t[i, j], t[i - 1][j - 1])
for index in [4, -5]:
    try:
        print(a[index])
    except IndexError as error:
        print(error)
try:
    print(t[0, 4])
except IndexError as error:
    print(error)
c = np.arange(24).reshape(2, 3, 4)
print(c[1, 2, 3], c[1, 2], c[0][1][2], c[1])
