"""What builtins make of arrays and their numbers."""

import numpy as np

a = np.array([3, 1, 2])
x = np.array([0.5, 2.5])


def attempt(number):
    if number == 0:
        print(sorted(a), list(a), tuple(x))
    elif number == 1:
        print(max(a), min(x))
    elif number == 2:
        print((a[0], 1) == (a[0], 1), (x[0], 1) < (x[1], 0))
    elif number == 3:
        print("%s %s" % (a[0], x[0]))
    elif number == 4:
        print(not a[0], a[0] or 5, a[1] and x[0])
    elif number == 5:
        y = a[0]
        y += 1
        y *= 2
        print(y, [y], a)
    elif number == 6:
        print(0 < a[0] < 5, a[0] != 3, a[0] == 3.0)
    elif number == 7:
        print(list(map(float, a)), [int(v) for v in a], list(map(int, x)))
    elif number == 8:
        print(",".join(str(v) for v in a), ", ".join(map(str, x.tolist())))


for n in range(9):
    attempt(n)
