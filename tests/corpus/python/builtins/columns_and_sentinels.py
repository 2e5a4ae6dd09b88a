"""Columns of pairs, calls until a sentinel, and the folders above a path."""

from pathlib import Path

pairs = [("a", 1), ("b", 2), ("c", 3)]
letters, numbers = zip(*pairs)
print(letters, numbers)
points = [(1, 2), (3, 4), (5, 6)]
xs, ys = zip(*points)
print(sum(xs), max(ys), list(zip(*points)), [sum(c) for c in zip(*points)])
for column in zip(*[(1.5, 2.5), (0.5, 4.0)]):
    print(column)
print(list(zip(*[])), [str(q) for q in Path("/a/b/c").parents], Path("/a/b").parents[0])


def source():
    values = [3, 2, 1, 0, 5]

    def take():
        return values.pop(0)

    return take


print(list(iter(source(), 0)))
chunks = ["ab", "cd", ""]
for part in iter(lambda: chunks.pop(0), ""):
    print(part)


class Counter:
    def __init__(self):
        self.n = 0

    def up(self):
        self.n += 1
        return self.n


c = Counter()
print([v * 2 for v in iter(c.up, 4)], c.n)
