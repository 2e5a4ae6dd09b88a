from itertools import product

PUZZLE = """
53..7....
6..195...
.98....6.
8...6...3
4..8.3..1
7...2...6
.6....28.
...419..5
....8..79
"""


def parse(text):
    return [[0 if c == "." else int(c) for c in line] for line in text.split()]


def candidates(grid, r, c):
    used = set(grid[r]) | {grid[i][c] for i in range(9)}
    br, bc = r // 3 * 3, c // 3 * 3
    used |= {grid[i][j] for i in range(br, br + 3) for j in range(bc, bc + 3)}
    return set(range(1, 10)) - used


def solve(grid):
    best = None
    for r, c in product(range(9), repeat=2):
        if grid[r][c] == 0:
            opts = candidates(grid, r, c)
            if best is None or len(opts) < len(best[2]):
                best = (r, c, opts)
                if len(opts) <= 1:
                    break
    if best is None:
        return True
    r, c, opts = best
    for v in sorted(opts):
        grid[r][c] = v
        if solve(grid):
            return True
        grid[r][c] = 0
    return False


def queens(n):
    def place(row, cols, d1, d2, acc):
        if row == n:
            yield tuple(acc)
            return
        for c in range(n):
            if c not in cols and row + c not in d1 and row - c not in d2:
                yield from place(row + 1, cols | {c}, d1 | {row + c}, d2 | {row - c}, acc + [c])

    return place(0, frozenset(), frozenset(), frozenset(), [])


def hanoi(n, src="A", dst="C", via="B", moves=None):
    if moves is None:
        moves = []
    if n:
        hanoi(n - 1, src, via, dst, moves)
        moves.append((src, dst))
        hanoi(n - 1, via, dst, src, moves)
    return moves


def knapsack(items, capacity):
    table = {0: (0, [])}
    for name, weight, value in items:
        for w, (v, chosen) in list(table.items()):
            nw, nv = w + weight, v + value
            if nw <= capacity and nv > table.get(nw, (-1, None))[0]:
                table[nw] = (nv, chosen + [name])
    return max(table.values(), key=lambda t: t[0])


def subsets(xs):
    return [[x for i, x in enumerate(xs) if mask >> i & 1] for mask in range(1 << len(xs))]


def spiral(m):
    out = []
    while m:
        out += m[0]
        m = [list(r) for r in zip(*m[1:])][::-1]
    return out


grid = parse(PUZZLE)
print(solve(grid))
for row in grid:
    print(" ".join(map(str, row)))
sols = list(queens(6))
print(len(sols), sols[0], len(list(queens(8))))
print(hanoi(3), len(hanoi(10)))
print(knapsack([("a", 3, 4), ("b", 4, 5), ("c", 7, 10), ("d", 8, 11)], 10))
print(subsets("abc"), spiral([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
print([list(row) for row in zip(*[[1, 2], [3, 4]])], sum(map(sum, grid)))
