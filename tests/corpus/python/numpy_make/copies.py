"""What is a copy and what is a view."""

import numpy as np

a = np.arange(6)
view = a[1:4]
copy = a[1:4].copy()
other = np.array(a)
same = np.asarray(a)
a[2] = 100
print(view, copy, other, same)
view[0] = -1
print(a)
flat = np.zeros((2, 2)).ravel()
table = np.zeros((2, 2))
line = table.ravel()
line[3] = 5
folded = table.reshape(4)
folded[0] = 1
apart = table.flatten()
apart[1] = 9
print(table, flat, apart)


def double(values):
    values *= 2


double(a)
print(a, view)
