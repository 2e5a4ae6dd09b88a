def fizz(n):
    return "FizzBuzz" if n % 15 == 0 else "Fizz" if n % 3 == 0 else "Buzz" if n % 5 == 0 else n


print([fizz(i) for i in range(1, 16)])
for i in range(1, 6):
    print(fizz(i), end=" ")
print()


def roman(n):
    out = ""
    for value, text in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while n >= value:
            out += text
            n -= value
    return out


print([roman(n) for n in (1, 4, 9, 14, 40, 1994, 2024)])


def to_base(n, base):
    digits = "0123456789abcdef"
    if n < base:
        return digits[n]
    return to_base(n // base, base) + digits[n % base]


print(to_base(255, 2), to_base(255, 16), to_base(10**20, 7), int(to_base(12345, 5), 5))


def sieve(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    for i in range(2, int(n**0.5) + 1):
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
    return [i for i, f in enumerate(flags) if f]


print(sieve(50), len(sieve(2000)))
