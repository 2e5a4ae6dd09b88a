"""Sorting, searching, primes, a tree, a table of partial results: what `algorithms.ruchy` does, in Python."""

from bisect import bisect_left


def merge_sort(xs: list[int]) -> list[int]:
    if len(xs) < 2:
        return xs
    middle = len(xs) // 2
    left, right = merge_sort(xs[:middle]), merge_sort(xs[middle:])
    out, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    return out + left[i:] + right[j:]


def search(xs: list[int], wanted: int) -> str:
    place = bisect_left(xs, wanted)
    return f"Some({place})" if place < len(xs) and xs[place] == wanted else "None"


def primes(limit: int) -> list[int]:
    marks = [True] * (limit + 1)
    found = []
    for n in range(2, limit + 1):
        if marks[n]:
            found.append(n)
            for m in range(n * n, limit + 1, n):
                marks[m] = False
    return found


def common(a: str, b: str) -> int:
    best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            same = a[i - 1] == b[j - 1]
            best[i][j] = best[i - 1][j - 1] + 1 if same else max(best[i - 1][j], best[i][j - 1])
    return best[-1][-1]


class Tree:
    def __init__(self, value: int) -> None:
        self.value, self.left, self.right = value, None, None

    def insert(self, value: int) -> None:
        side = "left" if value < self.value else "right"
        below = getattr(self, side)
        if below is None:
            setattr(self, side, Tree(value))
        else:
            below.insert(value)

    def in_order(self) -> list[int]:
        left = self.left.in_order() if self.left else []
        right = self.right.in_order() if self.right else []
        return [*left, self.value, *right]


def main() -> None:
    ordered = merge_sort([38, 27, 43, 3, 9, 82, 10])
    print(ordered, search(ordered, 43), search(ordered, 4))
    print(primes(40))
    print(common("ABCBDAB", "BDCABA"))
    tree = Tree(5)
    for value in (2, 8, 1, 9, 3):
        tree.insert(value)
    print(tree.in_order())


main()
