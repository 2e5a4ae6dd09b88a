"""What an engineer writes: normalising columns."""

import numpy as np

data = np.array([[1.0, 200.0, 3.5], [2.0, 180.0, 2.5], [4.0, 260.0, 1.0], [3.0, 240.0, 6.0]])
mean, deviation = data.mean(axis=0), data.std(axis=0)
scaled = (data - mean) / deviation
print(mean, deviation)
print(scaled)
print(np.round(scaled.mean(axis=0), 6) + 0.0, scaled.std(axis=0))
low, high = data.min(axis=0), data.max(axis=0)
print((data - low) / (high - low))
outliers = np.where(np.abs(scaled) > 1.4)
print(outliers[0], outliers[1], data[np.abs(scaled[:, 0]) < 1])
best = data[np.argsort(data[:, 1])[::-1]]
print(best[:2], best[:, 1].tolist())
