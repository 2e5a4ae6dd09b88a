"""The slow plain twins of all operations, in wide precision with NumPy: the oracle of tests, self-test and benchmarks.

Enters: the arguments of an operation, as arrays and numbers. Leaves: `OPERATIONS`, one line for each operation: its
twin, which gives what exact arithmetic would to about 16 digits, and how far a kernel may be from that. float32 is
computed in float64, float64 in the widest type that this machine has. Read `agreement.py` next.

Letters: u is the unit roundoff of the element type (2**-24 or 2**-53), tiny its smallest positive number, n the
number of elements that meet in a result. Bounds are absolute, one number for each element of the result.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np  # noqa: TID253 - the twin is NumPy; commands do not import it at start-up

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["OPERATIONS", "Operation", "element_type", "sum_bound", "ulp"]

_BLOCK = 8192
_LANES = 16
_DOUBLE = 2.0**-53


class Operation(NamedTuple):
    """One line of the table."""

    exact: Callable[..., Any]
    """The twin: the exact result of the arguments, in wide precision."""
    allowed: Callable[..., Any] | None
    """How far each element of a result may be from it; None where it has to be the nearest number."""
    seen: Callable[[Any], Any] = lambda result: result
    """What of a result is compared: the product of the factors, for a factorization."""


def element_type(*arguments: Any) -> np.dtype[Any]:
    """The floating type that the arguments are computed in; float32 where none of them has one.

    >>> element_type(2.0, np.ones(3, np.float32))
    dtype('float32')
    """
    kinds = (each.dtype for each in arguments if isinstance(each, np.ndarray) and each.dtype.kind == "f")
    return next(kinds, np.dtype(np.float32))


def _wide(*arguments: Any) -> tuple[Any, ...]:
    """The arguments with twice the digits; a bare number is rounded to the element type first, as kernels do."""
    element = element_type(*arguments)
    target = np.longdouble if element == np.float64 else np.float64
    return tuple(np.asarray(each).astype(element).astype(target) for each in arguments)


def _u(*arguments: Any) -> float:
    return float(np.finfo(element_type(*arguments)).epsneg)


def _tiny(*arguments: Any) -> float:
    return float(np.finfo(element_type(*arguments)).smallest_subnormal)


def ulp(exact: Array, element: np.dtype[Any]) -> Array:
    """The distance between the two numbers of `element` around each exact result.

    >>> ulp(np.array([1.0]), np.dtype(np.float32)).tolist() == [2.0**-23]
    True
    """
    largest = np.nextafter(np.finfo(element).max, element.type(0))
    return np.asarray(np.spacing(np.minimum(np.abs(exact), largest).astype(element)), np.float64)


def sum_bound(terms: Array, u: float) -> Any:
    """The bound that `crates/trueno` states for sums over the last axis of `terms`."""
    count, is_single = terms.shape[-1], u > _DOUBLE
    lanes, carried = (_LANES, 0) if is_single else (_LANES // 2, -(-count // _BLOCK))
    return (-(-min(count, _BLOCK) // lanes) + carried + 8) * u * np.sum(np.abs(terms), axis=-1)


# --- elementwise ------------------------------------------------------------------------------------------------------


def _twin(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function on widened arguments; options are not arrays."""
    return lambda *arguments, **options: function(*_wide(*arguments), **options)


def _nearest(function: Callable[..., Any]) -> Operation:
    """The nearest number, which float64 gives: a wider type would have float64 itself rounded twice."""

    def exact(*arguments: Any, **options: Any) -> Any:
        element = element_type(*arguments)
        rounded = [np.asarray(each).astype(element).astype(np.float64) for each in (*arguments, *options.values())]
        named = dict(zip(options, rounded[len(arguments) :], strict=True))
        return function(*rounded[: len(arguments)], **named)

    return Operation(exact, None)


def _within(ulps: float, function: Callable[..., Any]) -> Operation:
    """At most so many ulp from the exact result."""
    exact = _twin(function)

    def allowed(*arguments: Any, **options: Any) -> Any:
        return ulps * ulp(exact(*arguments, **options), element_type(*arguments))

    return Operation(exact, allowed)


def _rounded_twice(function: Callable[..., Any], terms: Callable[..., Any]) -> Operation:
    """A product and a sum, rounded once where the instruction set fuses them and twice where it does not."""
    exact = _twin(function)

    def allowed(*arguments: Any) -> Any:
        inner = np.abs(terms(*_wide(*arguments)))
        return _u(*arguments) * (inner + 2 * np.abs(exact(*arguments))) + _tiny(*arguments)

    return Operation(exact, allowed)


def _lerp_terms(a: Array, b: Array, t: Array) -> Array:
    return np.asarray(2 * np.abs((b - a) * t) + np.abs(b * t) + np.abs(a * t))


def _sigmoid(x: Array) -> Array:
    # Of the two equal forms each is used where its exponential does not overflow.
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1 / (1 + small), small / (1 + small)))


def _gelu(x: Array, *, approximate: bool = False) -> Array:
    if approximate:
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
        return np.asarray(np.where(np.isneginf(x), 0.0, x * _sigmoid(2 * inner)))
    tail = np.frompyfunc(lambda each: math.erfc(-each / math.sqrt(2)), 1, 1)
    return np.asarray(np.where(np.isneginf(x), 0.0, 0.5 * x * tail(x).astype(x.dtype)))


def _gelu_bound(x: Array, *, approximate: bool = False) -> Any:
    unit = ulp(_gelu(*_wide(x), approximate=approximate), element_type(x))
    if approximate:
        return np.maximum(8 * unit, 2e-8)
    # In float64 the argument of the error function is rounded, in kernels and twin alike; the tail magnifies that.
    magnified = np.minimum(np.square(x), 800) if _u(x) == _DOUBLE else 0
    return (6 + 6 * magnified) * unit


def _silu_bound(x: Array) -> Any:
    unit = ulp(_silu(*_wide(x)), element_type(x))
    # In float64 the exponential is subnormal before it is multiplied.
    return 4 * unit + (np.minimum(np.abs(x), 800) * _tiny(x) if _u(x) == _DOUBLE else 0)


def _leaky_relu(x: Array, *, slope: float = 0.01) -> Array:
    return np.asarray(np.where(x < 0, x * slope, x))


def _silu(x: Array) -> Array:
    return np.asarray(np.where(np.isneginf(x), 0.0, x * _sigmoid(x)))


# --- numbers out of vectors -------------------------------------------------------------------------------------------


def _reduction(function: Callable[..., Any], bound: Callable[..., Any]) -> Operation:
    """A reduction and its bound, both of widened arguments; the bound is given u first."""
    return Operation(_twin(function), lambda *arguments: bound(_u(*arguments), *_wide(*arguments)))


def _dot_bound(a: Array, b: Array) -> Any:
    return sum_bound(a * b, _u(a)) + a.size * _tiny(a)


def _mean_bound(u: float, x: Array) -> Any:
    return sum_bound(x, u) / max(x.size, 1) + u * abs(np.mean(x)) if x.size else 0.0


def _variance(x: Array, *, ddof: int = 0) -> Any:
    (wide,) = _wide(x)
    return np.var(wide, ddof=ddof)


def _variance_bound(x: Array, *, ddof: int = 0) -> Any:
    (wide,) = _wide(x)
    u, exact = _u(x), np.var(wide, ddof=ddof)
    centre = _mean_bound(u, wide) + u * np.max(np.abs(wide))
    return sum_bound(np.square(wide - wide.mean()), 3 * u) / (x.size - ddof) + 4 * u * exact + 2 * centre**2 + _tiny(x)


def _norm_l2_bound(u: float, x: Array) -> Any:
    return (-(-min(x.size, _BLOCK) // _LANES) + 10) * u * math.sqrt(np.sum(np.square(x))) + _tiny()


def _normalize(x: Array) -> Array:
    length = np.sqrt(np.sum(np.square(x), axis=-1, keepdims=True))
    return np.asarray(x / np.where(length == 0, 1, length))


def _normalize_bound(u: float, x: Array) -> Any:
    return (_BLOCK / _LANES + 12) * u * np.abs(_normalize(x)) + _tiny()


# --- rows -------------------------------------------------------------------------------------------------------------


def _softmax(x: Array) -> Array:
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return np.asarray(powers / np.sum(powers, axis=-1, keepdims=True))


def _softmax_bound(x: Array) -> Any:
    (wide,) = _wide(x)
    below = np.max(wide, axis=-1, keepdims=True) - wide
    # The subtraction is rounded, and the exponential makes that a relative error. The sum is carried in double
    # precision, which counts where that is the element type itself.
    carried = x.shape[-1] / _LANES if _u(x) == _DOUBLE else 0
    return _u(x) * (below + 8 + carried) * _softmax(wide) + 2 * _tiny(x)


def _log_softmax(x: Array) -> Array:
    below = x - np.max(x, axis=-1, keepdims=True)
    return np.asarray(below - np.log(np.sum(np.exp(below), axis=-1, keepdims=True)))


def _log_softmax_bound(x: Array) -> Any:
    exact = _log_softmax(*_wide(x))
    rows = np.max(np.abs(exact), axis=-1, keepdims=True) if x.size else 0.0
    return _u(x) * (4 * np.abs(exact) + 8 + np.log1p(rows) + _BLOCK / _LANES)


def _layer_norm(x: Array, *, weight: Any = 1.0, bias: Any = 0.0, epsilon: float = 1e-5) -> Array:
    wide, weight, bias = _wide(x, weight, bias)
    centred = wide - np.mean(wide, axis=-1, keepdims=True)
    spread = np.sqrt(np.mean(np.square(centred), axis=-1, keepdims=True) + epsilon)
    return np.asarray(centred / spread * weight + bias)


def _layer_norm_bound(x: Array, *, weight: Any = 1.0, bias: Any = 0.0, epsilon: float = 1e-5) -> Any:
    wide, weight, bias = _wide(x, weight, bias)
    u, columns = _u(x), x.shape[-1]
    roundings = -(-min(columns, _BLOCK) // _LANES) + 16
    magnitude = np.mean(np.abs(wide), axis=-1, keepdims=True)
    spread = np.sqrt(np.var(wide, axis=-1, keepdims=True) + epsilon)
    centre = roundings * u * magnitude / spread
    scaled = np.abs(wide - np.mean(wide, axis=-1, keepdims=True)) / spread
    # An error of the centre moves every element, and the spread by its square.
    moved = u * np.abs(wide) / spread + centre + scaled * (roundings * u + centre**2)
    rounded = 2 * u * (np.abs(bias) + scaled * np.abs(weight))
    return moved * np.abs(weight) + rounded + _tiny(x) * (1 + np.abs(weight))


def _rms_norm(x: Array, *, weight: Any = 1.0, epsilon: float = 1e-6) -> Array:
    wide, weight = _wide(x, weight)
    return np.asarray(wide / np.sqrt(np.mean(np.square(wide), axis=-1, keepdims=True) + epsilon) * weight)


def _rms_norm_bound(x: Array, *, weight: Any = 1.0, epsilon: float = 1e-6) -> Any:
    roundings = -(-min(x.shape[-1], _BLOCK) // _LANES) + 16
    exact = np.abs(_rms_norm(x, weight=weight, epsilon=epsilon))
    return roundings * _u(x) * exact + _tiny(x) * (1 + np.abs(np.asarray(weight, np.float64)))


# --- places -----------------------------------------------------------------------------------------------------------


def _prefix_bound(u: float, x: Array) -> Any:
    # The sum is carried in double precision and rounded once.
    carried = (np.arange(x.shape[-1]) + 1) * _DOUBLE * np.cumsum(np.abs(x), axis=-1)
    return u * np.abs(np.cumsum(x, axis=-1)) + 2 * carried


def _top_k(x: Array, k: int) -> Array:
    order = np.argsort(-x, kind="stable")
    order = np.concatenate([order[np.isnan(x[order])], order[~np.isnan(x[order])]])[:k]
    return np.stack([x[order].astype(np.float64), order.astype(np.float64)])


def _scatter(values: Array, indices: Array, *, out: Array) -> Array:
    result = out.copy()
    for place, value in zip(indices.tolist(), values, strict=True):
        result[place] = value
    return result


def _quantize(x: Array, scale: float, *, zero_point: int = 0) -> Array:
    steps = np.rint(x / np.float32(scale)).astype(np.float64)
    return np.where(np.isnan(steps), zero_point, np.clip(steps + zero_point, -128, 127)).astype(np.int8)


def _dequantize(x: Array, scale: float, *, zero_point: int = 0) -> Array:
    return (x.astype(np.float64) - zero_point) * np.float64(np.float32(scale))


# --- matrices ---------------------------------------------------------------------------------------------------------

_ACTIVATIONS: dict[str | None, Callable[[Array], Array]] = {
    None: lambda x: x,
    "relu": lambda x: np.asarray(np.maximum(x, 0)),
    "leaky_relu": _leaky_relu,
    "gelu": _gelu,
    "silu": _silu,
    "sigmoid": _sigmoid,
    "tanh": lambda x: np.asarray(np.tanh(x)),
}


def _matmul(a: Array, b: Array, *, bias: Any = 0.0, activation: str | None = None) -> Array:
    wide_a, wide_b, bias = _wide(a, b, bias)
    return _ACTIVATIONS[activation](wide_a @ wide_b + bias)


def _matmul_bound(a: Array, b: Array, *, bias: Any = 0.0, activation: str | None = None) -> Any:
    wide_a, wide_b, bias = (np.abs(each) for each in _wide(a, b, bias))
    inner = a.shape[-1] if a.ndim else 1
    # No activation here is steeper than 1.2, and each adds its own few ulp.
    steepness, own = (1.0, 0) if activation is None else (1.2, 4)
    exact = np.abs(_matmul(a, b, bias=bias, activation=activation))
    return steepness * _u(a) * (inner + 2) * (wide_a @ wide_b + bias) + own * 2 * _u(a) * exact + inner * _tiny(a)


def _distances(a: Array, b: Array) -> Array:
    wide_a, wide_b = _wide(a, b)
    return np.asarray(np.sum(np.square(wide_a[:, None, :] - wide_b[None, :, :]), axis=-1))


def _distances_bound(a: Array, b: Array) -> Any:
    wide_a, wide_b = _wide(a, b)
    lengths = np.sum(np.square(wide_a), axis=-1)[:, None] + np.sum(np.square(wide_b), axis=-1)[None, :]
    # Through the product of the matrices: near rows cancel, so the error is one of their lengths, not their distance.
    return 2 * (a.shape[-1] + 4) * _u(a) * lengths + _tiny(a)


def _windows(images: Array, filters: Array, stride: Any, padding: Any, groups: int) -> tuple[Array, Array]:
    """Each window of each image and group as a row, and each filter of each group as a column."""
    (down, right), (above, beside) = np.broadcast_to(stride, 2), np.broadcast_to(padding, 2)
    images, filters = _wide(images, filters)
    images = np.pad(images, ((0, 0), (0, 0), (above, above), (beside, beside)))
    windows = np.lib.stride_tricks.sliding_window_view(images, filters.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::down, ::right].transpose(0, 2, 3, 1, 4, 5)
    rows = windows.reshape(*windows.shape[:3], groups, -1).transpose(0, 3, 1, 2, 4)
    columns = filters.reshape(groups, filters.shape[0] // groups, -1).transpose(0, 2, 1)
    return rows, columns[:, None]


def _images(rows: Array) -> Array:
    """The results of all groups as the channels of images."""
    images = rows.transpose(0, 1, 4, 2, 3)
    return np.asarray(images.reshape(len(images), -1, *images.shape[3:]))


def _conv2d(
    images: Array, filters: Array, *, bias: Any = None, stride: Any = 1, padding: Any = 0, groups: int = 1
) -> Array:
    rows, columns = _windows(images, filters, stride, padding, groups)
    return _images(rows @ columns) + (0 if bias is None else _wide(bias)[0][:, None, None])


def _conv2d_bound(
    images: Array, filters: Array, *, bias: Any = None, stride: Any = 1, padding: Any = 0, groups: int = 1
) -> Any:
    rows, columns = _windows(images, filters, stride, padding, groups)
    terms = _images(np.abs(rows) @ np.abs(columns)) + (0 if bias is None else np.abs(_wide(bias)[0])[:, None, None])
    inner = columns.shape[-2]
    return (inner + 3) * _u(images) * terms + inner * _tiny(images)


def _backward(function: Callable[..., Array]) -> Callable[..., Any]:
    """The bound of a factorization: what it multiplies out to, within n roundings of the largest row."""

    def allowed(*arguments: Array, **_options: object) -> Any:
        exact = np.asarray(function(*arguments))
        return 4 * (max(exact.shape) + 4) * _u(*arguments) * np.linalg.norm(exact.astype(np.float64)) + _tiny(
            *arguments
        )

    return allowed


def _same(a: Array) -> Array:
    (wide,) = _wide(a)
    return np.asarray(wide)


def _square_of(factor: Array) -> Array:
    (wide,) = _wide(np.asarray(factor))
    return np.asarray(np.tril(wide) @ np.tril(wide).T)


def _product_of(factors: tuple[Array, Array]) -> Array:
    q, r = _wide(*map(np.asarray, factors))
    return np.asarray(q @ np.triu(r))


def _triangle(a: Array, *, lower: bool, transposed: bool, unit_diagonal: bool) -> Array:
    """The half of a matrix that a solution reads, as the matrix that it is solved with."""
    half = (np.tril(a) if lower else np.triu(a)).astype(np.float64)
    if unit_diagonal:
        np.fill_diagonal(half, 1)
    return half.T if transposed else half


def _solution(
    a: Array, b: Array, *, lower: bool = True, transposed: bool = False, unit_diagonal: bool = False
) -> Array:
    triangle = _triangle(a, lower=lower, transposed=transposed, unit_diagonal=unit_diagonal)
    return np.asarray(np.linalg.solve(triangle, b.astype(np.float64)))


def _solution_bound(
    a: Array, b: Array, *, lower: bool = True, transposed: bool = False, unit_diagonal: bool = False
) -> Any:
    triangle = _triangle(a, lower=lower, transposed=transposed, unit_diagonal=unit_diagonal)
    exact = np.abs(np.linalg.solve(triangle, b.astype(np.float64)))
    # The twin has errors of its own in float64, so each side is granted its bound.
    share = 2 * (len(a) + 2) * (_u(a) + 2.0**-53)
    return share * (np.abs(np.linalg.inv(triangle)) @ (np.abs(triangle) @ exact)) + _tiny(a)


OPERATIONS: dict[str, Operation] = {
    # arithmetic: the nearest number, as IEEE 754 asks for
    "add": _nearest(np.add),
    "sub": _nearest(np.subtract),
    "mul": _nearest(np.multiply),
    "div": _nearest(np.divide),
    "minimum": _nearest(np.minimum),
    "maximum": _nearest(np.maximum),
    "scale": _nearest(np.multiply),
    "abs": _nearest(np.abs),
    "neg": _nearest(np.negative),
    "sqrt": _nearest(np.sqrt),
    "square": _nearest(np.square),
    "reciprocal": _nearest(np.reciprocal),
    "clip": _nearest(np.clip),
    "relu": _nearest(lambda x: np.maximum(x, 0)),
    "leaky_relu": _nearest(_leaky_relu),
    "fma": _rounded_twice(lambda a, b, c: a * b + c, lambda a, b, _c: a * b),
    "axpy": _rounded_twice(lambda a, x, y: a * x + y, lambda a, x, _y: a * x),
    "lerp": _rounded_twice(lambda a, b, t: a + (b - a) * t, _lerp_terms),
    # functions
    "pow": _within(8, np.power),
    "exp": _within(1.5, np.exp),
    "log": _within(1.5, np.log),
    "tanh": _within(3, np.tanh),
    "sigmoid": _within(3, _sigmoid),
    "silu": Operation(_twin(_silu), _silu_bound),
    "gelu": Operation(_twin(_gelu), _gelu_bound),
    # numbers out of vectors
    "sum": _reduction(np.sum, lambda u, x: sum_bound(x, u)),
    "dot": Operation(_twin(np.dot), _dot_bound),
    "mean": _reduction(np.mean, _mean_bound),
    "var": Operation(_variance, _variance_bound),
    "min": _nearest(np.min),
    "max": _nearest(np.max),
    "argmin": Operation(np.argmin, None),
    "argmax": Operation(np.argmax, None),
    "norm_l1": _reduction(lambda x: np.sum(np.abs(x)), lambda u, x: sum_bound(x, u)),
    "norm_l2": _reduction(lambda x: np.sqrt(np.sum(np.square(x))), _norm_l2_bound),
    "norm_linf": _nearest(lambda x: np.max(np.abs(x), initial=0)),
    "normalize": Operation(
        _twin(_normalize), lambda x: (_BLOCK / _LANES + 12) * _u(x) * np.abs(_normalize(*_wide(x))) + _tiny(x)
    ),
    # rows
    "softmax": Operation(_twin(_softmax), _softmax_bound),
    "log_softmax": Operation(_twin(_log_softmax), _log_softmax_bound),
    "layer_norm": Operation(_layer_norm, _layer_norm_bound),
    "rms_norm": Operation(_rms_norm, _rms_norm_bound),
    # places
    "prefix_sum": _reduction(lambda x: np.cumsum(x, axis=-1), _prefix_bound),
    "gather": Operation(lambda x, indices: x[indices], None),
    "scatter": Operation(_scatter, None),
    "top_k": Operation(_top_k, None, seen=lambda result: np.stack([np.asarray(each, np.float64) for each in result])),
    "quantize": Operation(_quantize, None),
    "dequantize": Operation(_dequantize, None),
    # matrices
    "matmul": Operation(_matmul, _matmul_bound),
    "matvec": Operation(_matmul, _matmul_bound),
    "outer": _nearest(np.outer),
    "transpose": Operation(np.transpose, None),
    "pairwise_l2_squared": Operation(_distances, _distances_bound),
    "argmin_axis1": Operation(lambda a: np.argmin(a, axis=1), None),
    "conv2d": Operation(_conv2d, _conv2d_bound),
    "cholesky": Operation(_same, _backward(_same), seen=_square_of),
    "solve_triangular": Operation(_solution, _solution_bound),
    "qr": Operation(_same, _backward(_same), seen=_product_of),
}
"""Every operation of the room, by the name of its function."""
