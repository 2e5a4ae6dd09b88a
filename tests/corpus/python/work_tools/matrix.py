"""Matrices of fractions or floats with operators, elimination, determinants and powers."""

from __future__ import annotations

from fractions import Fraction
from typing import Iterable, Sequence


class Matrix:
    __slots__ = ("rows",)

    def __init__(self, rows: Iterable[Sequence]) -> None:
        self.rows = [list(row) for row in rows]
        if len({len(row) for row in self.rows}) > 1:
            raise ValueError("rows of different lengths")

    @classmethod
    def identity(cls, size: int) -> Matrix:
        return cls([[int(i == j) for j in range(size)] for i in range(size)])

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    @property
    def T(self) -> Matrix:
        return Matrix(zip(*self.rows))

    def __getitem__(self, place: tuple[int, int]):
        row, column = place
        return self.rows[row][column]

    def __setitem__(self, place: tuple[int, int], value) -> None:
        row, column = place
        self.rows[row][column] = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.rows == other.rows

    def __add__(self, other: Matrix) -> Matrix:
        if self.shape != other.shape:
            raise ValueError(f"shapes {self.shape} and {other.shape} differ")
        return Matrix([a + b for a, b in zip(x, y)] for x, y in zip(self.rows, other.rows))

    def __neg__(self) -> Matrix:
        return self * -1

    def __sub__(self, other: Matrix) -> Matrix:
        return self + -other

    def __mul__(self, factor) -> Matrix:
        return Matrix([value * factor for value in row] for row in self.rows)

    __rmul__ = __mul__

    def __matmul__(self, other: Matrix) -> Matrix:
        columns = other.T.rows
        return Matrix([sum(a * b for a, b in zip(row, column)) for column in columns] for row in self.rows)

    def __pow__(self, exponent: int) -> Matrix:
        result, base = Matrix.identity(len(self.rows)), self
        while exponent:
            if exponent & 1:
                result = result @ base
            base = base @ base
            exponent >>= 1
        return result

    def determinant(self) -> Fraction:
        work = [[Fraction(value) for value in row] for row in self.rows]
        result = Fraction(1)
        for index in range(len(work)):
            pivot = next((r for r in range(index, len(work)) if work[r][index] != 0), None)
            if pivot is None:
                return Fraction(0)
            if pivot != index:
                work[index], work[pivot] = work[pivot], work[index]
                result = -result
            result *= work[index][index]
            for row in range(index + 1, len(work)):
                factor = work[row][index] / work[index][index]
                work[row] = [a - factor * b for a, b in zip(work[row], work[index])]
        return result

    def __repr__(self) -> str:
        return f"Matrix({self.rows})"

    def __str__(self) -> str:
        texts = [[str(value) for value in row] for row in self.rows]
        width = max((len(text) for row in texts for text in row), default=0)
        return "\n".join(" ".join(text.rjust(width) for text in row) for row in texts)


a = Matrix([[2, 1], [5, 3]])
b = Matrix([[1, -1], [0, 4]])
print(a @ b, a + b, a - b, 3 * a, a * 2 == 2 * a, a.T, a.shape)
print(a**10)
print(a.determinant(), b.determinant(), Matrix([[1, 2], [2, 4]]).determinant(), Matrix([[0, 1], [1, 0]]).determinant())
fibonacci = Matrix([[1, 1], [1, 0]]) ** 90
print(fibonacci[0, 1], (Matrix([[1, 1], [1, 0]]) ** 200)[0, 1])
a[0, 0] = 7
print(a, repr(a), a == Matrix([[7, 1], [5, 3]]), a != b)
for attempt in (lambda: a + Matrix([[1]]), lambda: Matrix([[1, 2], [3]])):
    try:
        print(attempt())
    except ValueError as error:
        print("error:", error)
