def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


print(factorial(5), factorial(20), factorial(21), factorial(50))
x = 2**63 - 1
print(x, x + 1, x * x, -x - 2, x - -1)
print((x + 1) // 3, (x + 1) % 1000, -(x * x) // 7, -(x * x) % 7)
print(10**30, len(str(2**1000)), str(2**200)[-10:])
print(x == x + 0, x + 1 > x, x * x == (x - 1) * (x + 1) + 1)
print(hash(1) == hash(True), int("9" * 40) + 1, abs(-(10**25)))
print(sum([2**62, 2**62, 2**62]), max(2**70, 3), min(-(2**70), 3))
total = 1
for k in range(1, 40):
    total *= k
print(total, total.bit_length())
print(2**100 >> 90, 1 << 70, -1 << 65, (2**100) & (2**66 - 1), 2**64 | 1, 2**64 ^ 2**65)
