import math
from math import sqrt, floor as down


def attempt(f):
    try:
        print(f())
    except (ValueError, OverflowError, TypeError) as e:
        print(type(e).__name__, e)


attempt(lambda: sqrt(-1))
attempt(lambda: math.log(0))
attempt(lambda: math.log(-1))
attempt(lambda: math.factorial(-1))
attempt(lambda: math.exp(1000))
attempt(lambda: math.acos(2))
attempt(lambda: math.isqrt(-1))
attempt(lambda: math.floor(math.inf))
attempt(lambda: math.floor(math.nan))
attempt(lambda: math.pow(0.0, -1))
attempt(lambda: math.fmod(1, 0))
attempt(lambda: math.comb(-1, 2))
attempt(lambda: down(2.9))
attempt(lambda: math.gamma(0))
attempt(lambda: math.pow(10, 400))
