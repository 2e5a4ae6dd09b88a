grid = {}
for x in range(3):
    for y in range(2):
        grid[x, y] = x * 10 + y
print(grid[2, 1], grid.get((5, 5)), (0, 0) in grid, sum(v for (x, y), v in grid.items() if y == 1))
print(sorted(grid, reverse=True)[0], max(grid.items(), key=lambda kv: kv[1]))
