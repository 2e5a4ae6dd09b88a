"""Operations on elements, numbers out of vectors, and places: `add` and its kin, `dot`, `sum`, `max`, `top_k`.

Enters: arrays of one element type and one shape, `Vector`, `Matrix` or any buffer, never converted. Leaves: a number,
`out`, or a new `Vector` or `Matrix`.

The names are the native functions themselves, since a Python function around them would cost as much as the work on
a short vector. Their documentation is `help(dot)`, and `_native/_core.pyi` for tools. Read `activations.py` next.
"""

from __future__ import annotations

from sovereign.compute.trueno._kernels import (
    Vector,
    abs,  # noqa: A004 - as NumPy names it
    add,
    argmax,
    argmin,
    axpy,
    clip,
    dequantize,
    div,
    dot,
    exp,
    fma,
    from_dlpack,
    gather,
    lerp,
    log,
    max,  # noqa: A004 - as NumPy names it
    maximum,
    mean,
    min,  # noqa: A004 - as NumPy names it
    minimum,
    mul,
    neg,
    norm_l1,
    norm_l2,
    norm_linf,
    normalize,
    pow,  # noqa: A004 - as Python names it
    prefix_sum,
    quantize,
    reciprocal,
    scale,
    scatter,
    sqrt,
    square,
    sub,
    sum,  # noqa: A004 - as NumPy names it
    top_k,
    var,
)

__all__ = [
    "Vector",
    "abs",
    "add",
    "argmax",
    "argmin",
    "axpy",
    "clip",
    "dequantize",
    "div",
    "dot",
    "exp",
    "fma",
    "from_dlpack",
    "gather",
    "lerp",
    "log",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "mul",
    "neg",
    "norm_l1",
    "norm_l2",
    "norm_linf",
    "normalize",
    "pow",
    "prefix_sum",
    "quantize",
    "reciprocal",
    "scale",
    "scatter",
    "sqrt",
    "square",
    "sub",
    "sum",
    "top_k",
    "var",
]
