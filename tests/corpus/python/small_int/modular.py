MOD = 10**9 + 7


def power(base, exponent):
    result = 1
    while exponent > 0:
        if exponent & 1:
            result = result * base % MOD
        base = base * base % MOD
        exponent >>= 1
    return result


print(power(2, 10), power(3, 10**12), pow(3, 10**12, MOD) == power(3, 10**12))
print(power(5, MOD - 2) * 5 % MOD)
