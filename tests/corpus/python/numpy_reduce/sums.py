"""Sums of all and along an axis."""

import numpy as np

a = np.array([[1, 2, 3], [4, 5, 6]])
print(a.sum(), a.sum(axis=0), a.sum(axis=1), a.sum(axis=-1), np.sum(a), np.sum(a, axis=0), a.T.sum(axis=0))
x = np.arange(1, 1001) * 0.1
print(x.sum().item().hex(), x.reshape(10, 100).sum(axis=0).tolist()[3].hex())
y = x.reshape(40, 25)
print([v.hex() for v in y.sum(axis=1).tolist()][:3], y.T.sum(axis=0).tolist()[7].hex(), y[:, ::2].sum(axis=1).tolist()[5].hex())
print(y[::2].sum().item().hex(), y.T.sum().item().hex(), y[:, 3].sum().item().hex(), y[:, 2:9].sum().item().hex())
print((x > 50).sum(), np.array([True, True]).sum(), np.sum([1.5, 2.5]), np.sum([[1, 2], [3, 4]], axis=1))
print(np.zeros(0).sum(), a.prod(), a.prod(axis=0), np.prod([1.5, 2.0]))
