"""Numbers in steps."""

import numpy as np

print(np.arange(5), np.arange(2, 8), np.arange(10, 0, -3), np.arange(0))
print(np.arange(0, 1, 0.1), np.arange(0.5, 3.0), repr(np.arange(3.0)))
print(np.linspace(0, 1, 5), np.linspace(2, 3, 4, endpoint=False), np.linspace(5, 5, 3), np.linspace(0, 10, num=1))
print([x.hex() for x in np.linspace(-1, 2, 7).tolist()])
print([x.hex() for x in np.arange(0.1, 1.0, 0.3).tolist()])
for value in np.arange(3):
    print(value, value + 1, value * 0.5)
