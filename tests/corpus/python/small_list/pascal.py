rows = [[1]]
for _ in range(9):
    last = rows[-1]
    rows.append([1] + [a + b for a, b in zip(last, last[1:])] + [1])
for row in rows[:5]:
    print(" ".join(map(str, row)).center(20).rstrip())
print(rows[-1], sum(rows[-1]))
