"""Level 3: a recursive function without annotations; its results do not fit into 64 bits."""


def factorial(n):
    if n <= 1:
        return 1
    return n * factorial(n - 1)


def binomial(n, k):
    return factorial(n) // (factorial(k) * factorial(n - k))


for n in range(31):
    print(n, factorial(n))
print(binomial(60, 30), factorial(25) % 1_000_007)
