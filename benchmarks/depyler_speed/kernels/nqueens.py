"""Queens that do not attack each other: recursion and lists of booleans."""

from __future__ import annotations

import sys


class Board:
    """A square board, and which lines are taken."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.columns = [False] * size
        self.rising = [False] * (2 * size)
        self.falling = [False] * (2 * size)
        self.places = [0] * size
        self.count = 0
        self.first: list[int] = []

    def place(self, row: int) -> None:
        """Try every place of a row, and all rows below it."""
        if row == self.size:
            self.count += 1
            if not self.first:
                self.first = self.places[:]
            return
        for column in range(self.size):
            up, down = row + column, row - column + self.size
            if self.columns[column] or self.rising[up] or self.falling[down]:
                continue
            self.columns[column] = self.rising[up] = self.falling[down] = True
            self.places[row] = column
            self.place(row + 1)
            self.columns[column] = self.rising[up] = self.falling[down] = False


def main() -> None:
    """Print how many ways there are, and the first."""
    board = Board(int(sys.argv[1]))
    board.place(0)
    print(board.count)
    for column in board.first:
        print("." * column + "Q" + "." * (board.size - column - 1))


if __name__ == "__main__":
    main()
