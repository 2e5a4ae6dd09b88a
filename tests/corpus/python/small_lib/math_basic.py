import math

print(math.sqrt(16), math.pi, math.floor(2.7), math.ceil(2.1), math.gcd(12, 18), math.factorial(10), math.log(math.e), math.isclose(0.1 + 0.2, 0.3))
print(math.hypot(3, 4), math.pow(2, 3), math.inf > 1, math.comb(5, 2), math.prod([1, 2, 3]), math.isqrt(17), math.trunc(-2.5))
