"""Products, distances and factorizations of matrices.

Enters: matrices (rows, columns) of one element type, transposed views and strided ones among them. Leaves: `out`, or a
new `Matrix`. The names are the native functions themselves. Read `expression.py` next.
"""

from __future__ import annotations

from sovereign.compute.trueno._kernels import (
    Matrix,
    PackedMatrix,
    argmin_axis1,
    cholesky,
    conv2d,
    matmul,
    matvec,
    outer,
    pack,
    pairwise_l2_squared,
    qr,
    solve_triangular,
    transpose,
)

__all__ = [
    "Matrix",
    "PackedMatrix",
    "argmin_axis1",
    "cholesky",
    "conv2d",
    "matmul",
    "matvec",
    "outer",
    "pack",
    "pairwise_l2_squared",
    "qr",
    "solve_triangular",
    "transpose",
]
