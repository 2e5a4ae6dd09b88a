"""Arrays that are held by several names, lists and dicts, and changed through any of them."""

import numpy as np
def f(v):
    v[0] = 99
    v = v + 1
    v[0] = 5
    return v
a = np.zeros(3)
b = f(a)
c = a
c += 1
d = [a, a]
d[0][1] = 7
print(a, b, c, d[1])
t = (a, 1)
t[0][2] = -1
print(a, [row.tolist() for row in np.eye(2)], all(a > -5), any(a > 100))
m = {"k": a}
m["k"][0] = 3
print(a, m["k"].sum(), len(m))
for row in np.zeros((2, 2)):
    row[0] = 4
    print(row)
z = np.zeros((2, 2))
for row in z:
    row[1] = 8
print(z, np.array([r for r in z]))
w = np.where(a > 2)
print(w[0], len(w))
n = None
if a.size and n is None:
    n = a.max()
print(n)
