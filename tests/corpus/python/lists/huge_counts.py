"""Counts that no memory holds and indices that no list has; a loop may have an end that it never comes to."""

import sys
n = int(sys.argv[1]) if len(sys.argv) > 1 else 2**63
def shown(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
shown(lambda: [1] * n)
shown(lambda: "a" * n)
shown(lambda: [1][n])
shown(lambda: [1].insert(n, 2))
shown(lambda: [1, 2].pop(n))
shown(lambda: [1, 2] * -n)
for i in range(3, n):
    print(i)
    break
for i in range(5, -n, -1):
    print(i)
    break
def late():
    t = 0
    for i in range(n, n + 2):
        t += i + 5
    return t
if n < 2**62: shown(late)
