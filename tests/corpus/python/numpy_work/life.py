"""Conway's game of life."""

import numpy as np


def step(board):
    rows, columns = board.shape
    around = np.zeros(board.shape, dtype=int)
    for i in range(rows):
        for j in range(columns):
            total = 0
            for di in (-1, 0, 1):
                for dj in (-1, 0, 1):
                    if di or dj:
                        total += int(board[(i + di) % rows, (j + dj) % columns])
            around[i, j] = total
    return np.where((around == 3) | ((board == 1) & (around == 2)), 1, 0)


board = np.zeros((6, 6), dtype=int)
board[1, 2] = board[2, 3] = 1
board[3, 1:4] = 1
for _ in range(4):
    print(board, board.sum())
    board = step(board)
