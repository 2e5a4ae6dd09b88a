# aliasing and mutation
a = [1, 2, 3]
b = a
b.append(4)
print(a, a is b, a == [1, 2, 3, 4])
grid = [[0] * 3] * 2
grid[0][0] = 1
print(grid)
rows = [[0] * 3 for _ in range(2)]
rows[0][0] = 1
print(rows)
d = {"k": a}
d["k"].append(5)
print(a)
t = (a, 1)
t[0].append(6)
print(t)


def f(xs, ys=None):
    xs += [7]
    xs = xs + [8]
    return xs


print(f(a), a)
c = a[:]
c[0] = 100
print(a[0], c[0])
s = {1, 2}
u = s
u |= {3}
print(s)
n = 5
m = n
m += 1
print(n, m)


class Box:
    items = []

    def __init__(self):
        self.own = []

    def add(self, x):
        self.items.append(x)
        self.own.append(x)


p, q = Box(), Box()
p.add(1)
q.add(2)
print(Box.items, p.own, q.own, p.items is q.items)
Box.items = [9]
p.items = "mine"
print(q.items, p.items, Box.items)
matrix = [[1, 2], [3, 4]]
for row in matrix:
    row[0] = 0
print(matrix)
for x in a[:]:
    if x % 2:
        a.remove(x)
print(a)
xs = [1, 2, 3, 4]
for i, x in enumerate(xs):
    if x == 2:
        del xs[i]
print(xs)
x = y = []
x.append(1)
print(y)
x, y = y, x
first, *rest = "hello"
print(first, rest)
lst = [1, 2, 3, 4, 5, 6]
lst[1:3] = ["a", "b", "c"]
lst[::2] = [0] * len(lst[::2])
print(lst)
i = 0
arr = [0, 0, 0]
i, arr[i] = 1, 9
print(i, arr)
