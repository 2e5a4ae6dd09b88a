"""Lists of lists as matrices: products, transposition, determinants, and columns of figures."""

import math
import statistics


class Matrix:
    def __init__(self, rows):
        self.rows = [list(row) for row in rows]
        if len({len(row) for row in self.rows}) > 1:
            raise ValueError("rows of different lengths")

    @property
    def shape(self):
        return len(self.rows), len(self.rows[0])

    @classmethod
    def identity(cls, size):
        return cls([[int(i == j) for j in range(size)] for i in range(size)])

    def transposed(self):
        return Matrix([[row[j] for row in self.rows] for j in range(self.shape[1])])

    def __matmul__(self, other):
        if self.shape[1] != other.shape[0]:
            raise ValueError(f"shapes {self.shape} and {other.shape} do not fit")
        columns = other.transposed().rows
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in columns] for row in self.rows])

    def __eq__(self, other):
        return self.rows == other.rows

    def __repr__(self):
        return f"Matrix({self.rows})"

    def determinant(self):
        if self.shape == (1, 1):
            return self.rows[0][0]
        total = 0
        for column, value in enumerate(self.rows[0]):
            minor = Matrix([row[:column] + row[column + 1 :] for row in self.rows[1:]])
            total += (-1) ** column * value * minor.determinant()
        return total


a = Matrix([[1, 2], [3, 4], [5, 6]])
b = Matrix([[1, 0, 2], [0, 1, -1]])
print(a @ b, (a @ b).shape, a.transposed())
print(Matrix.identity(3) @ a == a, (b @ a).determinant())
print(Matrix([[2, -3, 1], [2, 0, -1], [1, 4, 5]]).determinant())
try:
    a @ a
except ValueError as error:
    print("error:", error)
try:
    Matrix([[1], [1, 2]])
except ValueError as error:
    print("error:", error)
figures = [[2.0, 4.1, 1], [3.5, 3.9, 2], [5.0, 4.4, 3], [7.5, 4.0, 4]]
for name, column in (("x", [r[0] for r in figures]), ("y", [r[1] for r in figures])):
    print(name, round(statistics.mean(column), 4), round(statistics.stdev(column), 4), statistics.median(column))
xs = [row[0] for row in figures]
ys = [row[2] for row in figures]
print(round(statistics.correlation(xs, ys), 6), statistics.linear_regression(ys, xs).slope)
print(math.dist((0, 0), (3, 4)), math.hypot(1, 2, 2), math.prod([1, 2, 3, 4]), math.isclose(0.1 + 0.2, 0.3), math.comb(10, 3))
