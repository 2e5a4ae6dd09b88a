"""Columns about their means."""

import numpy as np

table = np.array([[1.0, 200.0], [2.0, 180.0], [4.0, 260.0]])
table -= table.mean(axis=0)
print(table)
print(table[table[:, 1] > 0], table.std(axis=0), np.argmax(np.abs(table), axis=0))
