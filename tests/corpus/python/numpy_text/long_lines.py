"""Lines are broken, and large arrays shortened."""

import numpy as np

print(np.arange(40))
print(repr(np.arange(40)))
print(np.arange(30) * 1.5)
print(repr(np.arange(25) / 7))
print(np.arange(60).reshape(2, 30))
print(repr(np.arange(60).reshape(3, 20) * 1000))
print(np.arange(1001))
print(repr(np.arange(1001)))
print(np.arange(2000).reshape(40, 50))
print(repr(np.arange(1200).reshape(400, 3) * 0.5))
print(np.arange(30) > 12)
