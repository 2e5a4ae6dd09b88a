m = [[1, 2, 3], [4, 5, 6]]
print([list(r) for r in zip(*m)], [[row[i] for row in m] for i in range(len(m[0]))])
rotated = [list(r)[::-1] for r in zip(*m)]
print(rotated, [r[::-1] for r in m[::-1]])
