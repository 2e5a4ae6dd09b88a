import math

print(math.sqrt(2), math.pi, math.e, math.floor(-2.5), math.ceil(-2.5), math.trunc(-2.7), math.fabs(-3), math.factorial(20), math.factorial(25))
print(math.gcd(48, 36), math.gcd(), math.gcd(2**80, 6**50), math.lcm(4, 6), math.isqrt(10**30), math.comb(50, 25), math.perm(10, 3), math.perm(5))
print(math.exp(1), math.log(10), math.log(8, 2), math.log2(8), math.log10(1000), math.log1p(1e-10), math.expm1(1e-10), math.log(2**2000))
print(math.sin(1), math.cos(1), math.tan(1), math.asin(1), math.acos(0.5), math.atan(1), math.atan2(-1, -1), math.hypot(3, 4), math.hypot(1, 2, 3))
print(math.degrees(math.pi), math.radians(180), math.copysign(3, -0.0), math.fmod(-7, 3), math.modf(2.5), math.frexp(10.0), math.ldexp(0.5, 3))
print(math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1.0), math.isclose(0.1 + 0.2, 0.3), math.isclose(1, 1.1, rel_tol=0.2), math.inf)
print(math.prod([1, 2, 3, 4]), math.prod([]), math.prod([2.5, 2]), math.fsum([0.1] * 10), math.dist([0, 0], [3, 4]), math.pow(2, 10), math.tau)
print(math.sinh(1), math.cosh(1), math.tanh(0.5), math.asinh(1), math.acosh(2), math.atanh(0.5), math.erf(0.5), math.gamma(5), math.lgamma(10))
print(math.floor(1e20), math.ceil(2.0), math.floor(5), math.cbrt(27.0), math.exp2(3), math.nextafter(1.0, 2.0), math.ulp(1.0), math.remainder(7, 4))
