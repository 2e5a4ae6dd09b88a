a = [1, 2]
b = a
b.append(3)
print(a, a is b, a == b, a[:] is a, a == a[:])
grid = [[0] * 3 for _ in range(2)]
grid[0][1] = 5
print(grid)
shared = [[0] * 2] * 2
shared[0][0] = 1
print(shared)


def change(items):
    items.append("new")
    items = ["other"]
    items.append("x")
    return items


c = ["old"]
print(change(c), c)
a += [4]
print(b)
a = a + [5]
print(b, a)
nested = [1, [2, [3, []]]]
print(nested, len(nested))
d = [a, a]
a.append(6)
print(d)
