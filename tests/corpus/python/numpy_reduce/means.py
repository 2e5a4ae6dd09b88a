"""Means, variances and medians."""

import numpy as np

a = np.array([2, 4, 4, 4, 5, 5, 7, 9])
print(a.mean(), a.std(), a.var(), np.mean(a), np.std(a, ddof=1), a.var(ddof=1), np.median(a), np.median([3.0, 1.0, 2.0]))
t = np.array([[1.0, 2.0], [3.0, 5.0]])
print(t.mean(axis=0), t.mean(axis=1), t.std(axis=0), t.var(axis=1), np.mean(t), [t.mean()])
print(np.mean([1, 2, 3, 4]), np.array([True, False, True]).mean(), np.mean([[1, 2], [3, 4]], axis=0))
