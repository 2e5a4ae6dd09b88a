"""How numbers of NumPy print alone."""

import numpy as np

x = np.array([1.0, 0.1, 1e16, 1e-5, 123456.789, np.nan, np.inf])
for value in x:
    print(value, [value], str(value), f"{value}")
for value in np.array([1, -5]):
    print(value, [value], f"{value:5d}|{value:>6}")
print([np.array([True])[0]], np.array([True])[0], (x[0], x[1]), {"k": x[1]}, x[:2].tolist())
print(f"{x[4]:.2f} {x[4]:10.1f} {x[1]:e} {x[4]:,.0f}")
