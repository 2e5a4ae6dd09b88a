def collatz(n: int) -> int:
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


print([collatz(n) for n in range(1, 30)])
a, b = 0, 1
for _ in range(100):
    a, b = b, a + b
print(a, b)
x = 1
while x < 10**20:
    x = x * 3 + 1
print(x)
h = 0
for c in "hello world":
    h = (h * 31 + ord(c)) % 2**32
print(h)
h = 5381
for c in "hello world" * 5:
    h = h * 33 + ord(c)
print(h)
n = 12345
r = 0
while n > 0:
    r = r * 10 + n % 10
    n //= 10
print(r)
