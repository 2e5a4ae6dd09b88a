def digits(n):
    out = []
    while n:
        n, d = divmod(n, 10)
        out.append(d)
    return out[::-1] or [0]


def is_prime(n):
    if n < 2:
        return False
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return True


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


print(digits(0), digits(9071), digits(2**70))
print([n for n in range(60) if is_prime(n)], is_prime(999983))
print(gcd(48, 36), gcd(0, 5), gcd(7, 0), gcd(-12, 18), gcd(2**80, 6**40))
print(sum(digits(2**1000)))
