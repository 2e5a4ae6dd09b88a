"""A sieve over an array of truth values."""

import numpy as np


def primes(limit):
    sieve = np.ones(limit + 1, dtype=bool)
    sieve[:2] = False
    for n in range(2, int(limit**0.5) + 1):
        if sieve[n]:
            sieve[n * n :: n] = False
    return np.nonzero(sieve)[0]


found = primes(100)
print(found, len(found), found.sum(), found[found > 90], np.diff(found).max())
