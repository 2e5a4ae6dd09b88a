m = [[1, 2, 3], [4, 5, 6]]
print([[row[i] for row in m] for i in range(3)], list(zip(*m)), [x for row in m for x in row], sum(m, []))
print([sum(row) for row in m], [sum(col) for col in zip(*m)], max(max(r) for r in m))


def multiply(a, b):
    return [[sum(x * y for x, y in zip(row, col)) for col in zip(*b)] for row in a]


print(multiply(m, [[1, 0], [0, 1], [1, 1]]))
identity = [[1 if i == j else 0 for j in range(3)] for i in range(3)]
for row in identity:
    print(*row)
for i, row in enumerate(m):
    for j, value in enumerate(row):
        m[i][j] = value * 10
print(m, m[-1][-1], len(m), len(m[0]))
spiral = []
mat = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
while mat:
    spiral += mat.pop(0)
    mat = [list(r) for r in zip(*mat)][::-1]
print(spiral)
