xs = [1]
for x in xs:
    if len(xs) < 6:
        xs.append(x * 2)
print(xs)
ys = [1, 2, 3, 4, 5, 6]
for y in ys:
    if y % 2 == 0:
        ys.remove(y)
print(ys)
for i in range(len(ys) - 1, -1, -1):
    if ys[i] == 3:
        del ys[i]
print(ys)
for i, y in enumerate(ys[:]):
    ys[i] = y * y
print(ys, [] or "empty", [0] and "full")
zs = []
zs.append(zs)
print(zs, len(zs))
total = 0
for a, b in [(1, 2), (3, 4)]:
    total += a * b
print(total)
for (a, b), c in [((1, 2), 3)]:
    print(a, b, c)
for i, (k, v) in enumerate({"x": 1, "y": 2}.items()):
    print(i, k, v)
