"""Many small trees, made and dropped: objects, optional links, recursion."""

from __future__ import annotations

import sys


class Node:
    """A node of a binary tree; leaves have no children."""

    def __init__(self, left: Node | None, right: Node | None) -> None:
        self.left = left
        self.right = right

    def count(self) -> int:
        """How many nodes there are."""
        total = 1
        if self.left is not None:
            total += self.left.count()
        if self.right is not None:
            total += self.right.count()
        return total


def grow(depth: int) -> Node:
    """A full tree."""
    if depth == 0:
        return Node(None, None)
    return Node(grow(depth - 1), grow(depth - 1))


def main() -> None:
    """Print how many nodes some forests hold."""
    deepest = max(6, int(sys.argv[1]))
    print(f"one tree of depth {deepest + 1}\t nodes: {grow(deepest + 1).count()}")
    kept = grow(deepest)
    for depth in range(4, deepest + 1, 4):
        trees = 1 << (deepest - depth + 4)
        nodes = 0
        for _ in range(trees):
            nodes += grow(depth).count()
        print(f"{trees}\t trees of depth {depth}\t nodes: {nodes}")
    print(f"kept tree of depth {deepest}\t nodes: {kept.count()}")


if __name__ == "__main__":
    main()
