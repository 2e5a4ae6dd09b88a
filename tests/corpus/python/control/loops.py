for i, (a, b) in enumerate(zip([1, 2, 3], "abc"), start=10):
    print(i, a, b)
for a, b, c in zip([1, 2], [3, 4, 5], "xyz"):
    print(a, b, c)
for k, v in sorted({"b": 1, "a": 2}.items()):
    print(k, v)
total = 0
for x in (1, 2.5, True):
    total += x
print(total)
for ch in "héy":
    print(ch, end="|")
print()
xs = list("abc")
while xs:
    print(xs.pop(), end="")
print()
for x, y in [(1, 2), (3, 4)]:
    x, y = y, x
    print(x, y)
for i in range(3): print(i, end=" "); total += i
print(total)
matrix = [[1, 2], [3, 4]]
for row in matrix:
    for j, value in enumerate(row):
        row[j] = value * value
print(matrix)
for line in "a=1;b=2".split(";"):
    key, value = line.split("=")
    print(key, int(value) + 1)
for i in (j * j for j in range(4)):
    if i == 4:
        continue
    print(i)
