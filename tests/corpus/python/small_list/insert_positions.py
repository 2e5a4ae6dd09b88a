xs = []
for v in [5, 2, 8, 1]:
    i = 0
    while i < len(xs) and xs[i] < v:
        i += 1
    xs.insert(i, v)
    print(xs)
xs.insert(-100, "first") if False else None
print(xs.index(8), xs[-1], xs[len(xs) // 2])
