"""How arrays of several axes print."""

import numpy as np

c = np.arange(8).reshape(2, 2, 2)
print(c)
print(repr(c))
print(c * 0.5)
print(np.zeros((2, 0)), repr(np.zeros((2, 0))), np.zeros((2, 1, 2)))
print(np.arange(16).reshape(2, 2, 2, 2))
print(f"{c[0]} and {c[1, 0]!r}", str(c[0, 0]) + "!", [c[0, 0]], {"a": c[1, 1]})
print("%s" % c[0, 1], "{}".format(c[1, 1]))
