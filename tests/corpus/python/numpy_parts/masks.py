"""Parts by truth values."""

import numpy as np

a = np.array([3, 8, 1, 9, 4])
print(a[a > 3], a[a % 2 == 0].sum(), a[(a > 1) & (a < 9)], a[np.array([True, False, True, False, False])])
a[a > 5] = 0
print(a)
a[a == 0] = np.array([55, 66])
print(a)
t = np.arange(6).reshape(2, 3)
print(t[t > 2], t[np.array([True, False])], t[np.array([False, True])].shape)
t[t % 2 == 1] *= 10
print(t)
try:
    print(a[np.array([True, False])])
except IndexError as error:
    print(error)
print(a[a > 1000], len(a[a > 1000]))
