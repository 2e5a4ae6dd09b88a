def mean(xs):
    return sum(xs) / len(xs)


print(mean([1, 2, 3]), mean([1.5, 2]), mean((2**70, 2)))
total = 0
for i in range(5):
    total += i * 0.5
print(total, type(total).__name__)
x = 1
x = x + 0.5
print(x, 3 + 0.5, 3 - 0.5, 2 * 1.5, True + 0.5, 1 // 0.3, 7 % 2.5)
print(sum([0.1] * 10), sum([1, 2.5, True]), max(1, 2.5, 2), min(3, 2.5))
print(10 / 5, 2**-2, int(7.9), 7.0 == 7, hash(7.0) == hash(7), {7: "a"}[7.0])
print(1e3, int(1e3), 1e3 == 1000, str(1e3), 5 / 1, -7 / 2)
