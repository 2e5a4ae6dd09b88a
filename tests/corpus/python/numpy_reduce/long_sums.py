"""Sums of many floats have the bits of NumPy's."""

import numpy as np

seed = 12345
values = []
for _ in range(20000):
    seed = (seed * 1103515245 + 12345) % 2147483648
    values.append(seed / 2147483648.0 * 2.0 - 1.0)
x = np.array(values)
for count in [1, 7, 8, 9, 15, 16, 100, 127, 128, 129, 136, 255, 1000, 4097, 8192, 8193, 20000]:
    print(count, x[:count].sum().item().hex(), x[:count].mean().item().hex(), x[:count].std().item().hex())
square = x[:10000].reshape(100, 100)
print([v.hex() for v in square.sum(axis=0).tolist()[:4]], [v.hex() for v in square.sum(axis=1).tolist()[:4]])
print([v.hex() for v in square.mean(axis=0).tolist()[:4]], [v.hex() for v in square.var(axis=1).tolist()[:4]])
cube = x[:8000].reshape(20, 20, 20)
print(cube.sum(axis=1)[3, 4].item().hex(), cube.sum(axis=0)[3, 4].item().hex(), cube.sum(axis=2)[3, 4].item().hex())
print(x[::3].sum().item().hex(), x[::-1].sum().item().hex(), square.T.sum().item().hex(), square[::-1, ::2].sum().item().hex())
