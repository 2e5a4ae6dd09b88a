def newton(x: float, tolerance: float = 1e-12) -> float:
    guess = x
    while abs(guess * guess - x) > tolerance:
        guess = (guess + x / guess) / 2
    return guess


def integrate(f, a, b, n):
    h = (b - a) / n
    return h * (0.5 * f(a) + sum(f(a + i * h) for i in range(1, n)) + 0.5 * f(b))


print(newton(2.0), newton(9.0), newton(0.25))
print(integrate(lambda x: x * x, 0, 1, 100), integrate(lambda x: 1 / (1 + x * x), 0.0, 1.0, 50))
series = 0.0
for k in range(1000):
    series += (-1) ** k / (2 * k + 1)
print(4 * series)
e = 1.0
term = 1.0
for k in range(1, 20):
    term /= k
    e += term
print(e)
