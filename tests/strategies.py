"""What the property tests draw: numbers with everything that floats can be, arrays, and the layouts they come in.

`calls(name)` draws the arguments of an operation of `sovereign.compute.trueno`, as plain arrays and numbers. What a
caller may hold an array in is drawn apart, by `layouts`, so that every operation meets every layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sovereign.compute.trueno import Matrix, Vector

if TYPE_CHECKING:
    from collections.abc import Callable

# Around the edges of registers and blocks, and around the point from which other Python threads may run.
SIZES = st.one_of(st.integers(0, 130), st.sampled_from([255, 1023, 1025, 4099, 8191, 8193, 65_536, 70_001]))
SIDES = st.one_of(st.integers(1, 9), st.sampled_from([15, 16, 17, 31, 33, 48, 65, 97]))
NOT_FINITE = [np.inf, -np.inf, np.nan]
SPECIAL = [*NOT_FINITE, 0.0, -0.0, 1.0, 2.0**-149, -(2.0**-149), 2.0**-127, 2.0**-126, 3.4e38, -3.4e38]
MODERATE = st.floats(-(2.0**20), 2.0**20, width=32)
FACTORS = st.floats(-4, 4, width=32)
FEW = 32


class Call(NamedTuple):
    """The arguments of one call: arrays and numbers by place, options by name."""

    arguments: tuple[Any, ...]
    options: dict[str, Any]


def moderate(draw: Any, shape: Any, dtype: Any) -> Any:
    """An array of numbers whose sums and products stay far from overflow; a long one comes of a generator."""
    if int(np.prod(shape)) <= FEW:
        return draw(arrays.arrays(dtype, shape, elements=MODERATE))
    generator = np.random.default_rng(draw(st.integers(0, 2**16)))
    spread = draw(st.sampled_from([1.0, 2.0**-10, 2.0**10]))
    return (generator.standard_normal(shape) * spread).astype(dtype)


def anything(draw: Any, shape: Any, dtype: Any, special: list[float] = SPECIAL) -> Any:
    """An array in which some places hold what breaks careless kernels."""
    x = moderate(draw, shape, dtype)
    if x.size:
        for place in draw(st.lists(st.integers(0, x.size - 1), max_size=4)):
            x.flat[place] = draw(st.sampled_from(special))
    return x


def _shape(draw: Any) -> tuple[int, ...]:
    size = draw(SIZES)
    return (size,) if size > FEW or draw(st.booleans()) else (draw(st.integers(1, 5)), size)


def elementwise(count: int) -> Callable[..., Call]:
    # A product that overflows before the sum brings it back is finite only where both are one instruction.
    special = NOT_FINITE if count > 2 else SPECIAL

    def call(draw: Any, dtype: Any) -> Call:
        shape = _shape(draw)
        arguments = [anything(draw, shape, dtype, special) for _ in range(count)]
        # Any operand but one may be a number, which goes with each element.
        for place in draw(st.sets(st.integers(0, count - 1), max_size=count - 1)):
            arguments[place] = draw(MODERATE)
        return Call(tuple(arguments), {})

    return call


def _scale(draw: Any, dtype: Any) -> Call:
    return Call((anything(draw, _shape(draw), dtype), draw(MODERATE)), {})


def _clip(draw: Any, dtype: Any) -> Call:
    low = draw(FACTORS)
    return Call((anything(draw, _shape(draw), dtype), low, low + abs(draw(FACTORS))), {})


def _lerp(draw: Any, dtype: Any) -> Call:
    # `b - a` overflows where a and b are large and of opposite sign; that is what the formula says, so it is left out.
    shape = _shape(draw)
    return Call((moderate(draw, shape, dtype), moderate(draw, shape, dtype), draw(st.floats(0, 1, width=32))), {})


def _leaky(draw: Any, dtype: Any) -> Call:
    return Call((anything(draw, _shape(draw), dtype),), {"slope": draw(st.floats(0, 1, width=32))})


def _gelu(draw: Any, dtype: Any) -> Call:
    return Call((anything(draw, _shape(draw), dtype),), {"approximate": draw(st.booleans())})


def reduction(least: int = 0) -> Callable[..., Call]:
    def call(draw: Any, dtype: Any) -> Call:
        size = max(draw(SIZES), least)
        x = moderate(draw, size, dtype)
        if x.size and draw(st.booleans()):
            x[draw(st.integers(0, size - 1))] = draw(st.sampled_from([*NOT_FINITE, 0.0, -0.0]))
        return Call((x,), {})

    return call


def _variance(draw: Any, dtype: Any) -> Call:
    ddof = draw(st.integers(0, 2))
    return Call((moderate(draw, max(draw(SIZES), ddof + 1), dtype),), {"ddof": ddof})


def _norm_l2(draw: Any, dtype: Any) -> Call:
    # Far enough out that the squares overflow or vanish, which the norm itself does not.
    x = moderate(draw, draw(SIZES), dtype)
    return Call((x * dtype(draw(st.sampled_from([1.0, 2.0**-100, 2.0**90]))),), {})


def _dot(draw: Any, dtype: Any) -> Call:
    size = draw(SIZES)
    return Call((moderate(draw, size, dtype), moderate(draw, size, dtype)), {})


def _rows(draw: Any, dtype: Any) -> Call:
    columns = max(draw(SIZES), 1)
    shape = (columns,) if columns > FEW or draw(st.booleans()) else (draw(st.integers(1, 5)), columns)
    return Call((moderate(draw, shape, dtype) / dtype(2**14),), {})


def _layer_norm(draw: Any, dtype: Any) -> Call:
    ((x,), _) = _rows(draw, dtype)
    columns = x.shape[-1]
    weight, bias = (moderate(draw, columns, dtype) for _ in range(2))
    return Call((x,), {"weight": weight, "bias": bias, "epsilon": 2.0**-10})


def _rms_norm(draw: Any, dtype: Any) -> Call:
    ((x,), _) = _rows(draw, dtype)
    return Call((x,), {"weight": moderate(draw, x.shape[-1], dtype), "epsilon": 2.0**-10})


def _indices(draw: Any, length: int) -> Any:
    return np.array(draw(st.lists(st.integers(-length, length - 1), max_size=40)) if length else [], np.int64)


def _gather(draw: Any, dtype: Any) -> Call:
    x = anything(draw, draw(SIZES), dtype)
    return Call((x, _indices(draw, x.size)), {})


def _scatter(draw: Any, dtype: Any) -> Call:
    out = anything(draw, draw(SIZES), dtype)
    indices = _indices(draw, out.size)
    return Call((moderate(draw, indices.size, dtype), indices), {"out": out})


def _top_k(draw: Any, dtype: Any) -> Call:
    x = anything(draw, draw(SIZES), dtype)
    return Call((x, draw(st.integers(0, min(x.size, 40)))), {})


def _quantize(draw: Any, _dtype: Any) -> Call:
    x = anything(draw, draw(SIZES), np.float32)
    return Call((x, draw(st.floats(2.0**-10, 2.0**10, width=32))), {"zero_point": draw(st.integers(-128, 127))})


def _dequantize(draw: Any, _dtype: Any) -> Call:
    x = draw(arrays.arrays(np.int8, draw(st.integers(0, 100))))
    return Call((x, draw(st.floats(2.0**-10, 2.0**10, width=32))), {"zero_point": draw(st.integers(-128, 127))})


def _matmul(draw: Any, dtype: Any) -> Call:
    rows, inner, columns = (draw(SIDES) for _ in range(3))
    options: dict[str, Any] = {
        "activation": draw(st.sampled_from([None, "gelu", "leaky_relu", "relu", "sigmoid", "silu", "tanh"]))
    }
    if draw(st.booleans()):
        options["bias"] = moderate(draw, columns, dtype)
    return Call((moderate(draw, (rows, inner), dtype), moderate(draw, (inner, columns), dtype)), options)


def _matvec(draw: Any, dtype: Any) -> Call:
    rows, columns = draw(SIDES), draw(SIDES)
    return Call((moderate(draw, (rows, columns), dtype), moderate(draw, columns, dtype)), {})


def _outer(draw: Any, dtype: Any) -> Call:
    return Call((anything(draw, draw(SIDES), dtype), anything(draw, draw(SIDES), dtype)), {})


def _matrix(draw: Any, dtype: Any) -> Call:
    return Call((moderate(draw, (draw(SIDES), draw(SIDES)), dtype),), {})


def _pairs(draw: Any, dtype: Any) -> Call:
    columns = draw(SIDES)
    return Call(tuple(moderate(draw, (draw(SIDES), columns), dtype) for _ in range(2)), {})


def _conv2d(draw: Any, dtype: Any) -> Call:
    sides = [draw(st.integers(1, 4)) for _ in range(2)]
    images, channels, filters, groups = (draw(st.integers(1, 3)) for _ in range(4))
    image = [side + draw(st.integers(0, 12)) for side in sides]
    x = moderate(draw, (images, groups * channels, *image), dtype)
    options: dict[str, Any] = {"groups": groups}
    options["stride"] = draw(st.one_of(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3))))
    options["padding"] = draw(st.one_of(st.integers(0, 2), st.tuples(st.integers(0, 2), st.integers(0, 2))))
    if draw(st.booleans()):
        options["bias"] = moderate(draw, groups * filters, dtype)
    return Call((x, moderate(draw, (groups * filters, channels, *sides), dtype)), options)


def _definite(draw: Any, dtype: Any) -> Call:
    side = draw(SIDES)
    x = np.random.default_rng(draw(st.integers(0, 2**16))).standard_normal((side, side + 3))
    return Call(((x @ x.T + np.eye(side)).astype(dtype),), {})


def _triangle(draw: Any, dtype: Any) -> Call:
    side = draw(SIDES)
    generator = np.random.default_rng(draw(st.integers(0, 2**16)))
    a = (generator.standard_normal((side, side)) / side + 2 * np.eye(side)).astype(dtype)
    b = generator.standard_normal((side, draw(st.integers(1, 9))) if draw(st.booleans()) else side).astype(dtype)
    return Call((a, b), {name: draw(st.booleans()) for name in ("lower", "transposed", "unit_diagonal")})


def _tall(draw: Any, dtype: Any) -> Call:
    columns = draw(SIDES)
    return Call((moderate(draw, (columns + draw(SIDES), columns), dtype),), {})


CALLS: dict[str, Callable[..., Call]] = {
    **dict.fromkeys("add sub mul div minimum maximum pow".split(), elementwise(2)),
    **dict.fromkeys("abs neg sqrt square reciprocal exp log relu silu sigmoid tanh".split(), elementwise(1)),
    **dict.fromkeys("sum norm_l1 norm_linf prefix_sum".split(), reduction()),
    **dict.fromkeys("mean min max argmin argmax".split(), reduction(1)),
    **dict.fromkeys("softmax log_softmax".split(), _rows),
    **dict.fromkeys("transpose argmin_axis1".split(), _matrix),
    "fma": elementwise(3),
    "axpy": lambda draw, dtype: Call((draw(FACTORS), *_dot(draw, dtype).arguments), {}),
    "scale": _scale,
    "clip": _clip,
    "lerp": _lerp,
    "leaky_relu": _leaky,
    "gelu": _gelu,
    "dot": _dot,
    "var": _variance,
    "norm_l2": _norm_l2,
    "normalize": _norm_l2,
    "layer_norm": _layer_norm,
    "rms_norm": _rms_norm,
    "gather": _gather,
    "scatter": _scatter,
    "top_k": _top_k,
    "quantize": _quantize,
    "dequantize": _dequantize,
    "matmul": _matmul,
    "matvec": _matvec,
    "outer": _outer,
    "pairwise_l2_squared": _pairs,
    "conv2d": _conv2d,
    "cholesky": _definite,
    "solve_triangular": _triangle,
    "qr": _tall,
}
"""What each operation is called with; the same names as in `reference.OPERATIONS`."""


def calls(name: str, dtype: Any) -> st.SearchStrategy[Call]:
    """Calls of an operation, its arrays of one element type."""
    return st.composite(lambda draw: CALLS[name](draw, dtype))()


def strided(x: Any) -> Any:
    """The same elements with a gap after each."""
    wide = np.zeros((*x.shape[:-1], 2 * x.shape[-1]), x.dtype)
    wide[..., ::2] = x
    return wide[..., ::2]


def shifted(x: Any, count: int) -> Any:
    """The same elements so many bytes further in memory."""
    memory = np.zeros(x.nbytes + count, np.uint8)
    found = memory[count:].view(x.dtype).reshape(x.shape) if x.size else x
    found[...] = x
    return found


def owned(x: Any) -> Any:
    """The same elements in an array of ours."""
    return Vector(x, dtype=str(x.dtype)) if x.ndim == 1 else Matrix(x, dtype=str(x.dtype))


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "array": lambda x: x,
    "off the register": lambda x: shifted(x, 4 * x.itemsize),
    "misaligned": lambda x: shifted(x, 1),
    "strided": strided,
    "reversed": lambda x: x[::-1].copy()[::-1],
    "columns first": np.asfortranarray,
    "read-only": lambda x: np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape),
    "memoryview": lambda x: memoryview(x) if x.size else x,
    "ours": owned,
    "ours, borrowed": lambda x: (Vector if x.ndim == 1 else Matrix).borrow(x),
    "ours, with a gap": lambda x: owned(strided(x).base)[::2] if x.ndim == 1 else owned(x),
}
"""How a caller may hold the elements of an array of one or two dimensions."""


def layouts() -> st.SearchStrategy[Callable[[Any], Any]]:
    """Ways to hold an array; a name tells which."""
    return st.sampled_from(sorted(LAYOUTS))
