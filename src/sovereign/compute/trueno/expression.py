"""Lazy expressions: a chain of operations that runs as one pass over memory.

Enters: vectors, matrices and numbers, joined by operators and methods. Leaves: nothing until `eval()`, which runs
the whole chain block by block, so that what lies between two operations never leaves the cache. Shapes and element
types are checked when the expression is built, where a traceback points to the cause. `program.py` is next: it turns
an expression into what the native core runs.
"""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any, cast

from sovereign.compute.trueno import _kernels
from sovereign.compute.trueno.law import ELEMENTS, REDUCTIONS, Node
from sovereign.compute.trueno.program import encoded
from sovereign.errors import ParameterError, ShapeError

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

__all__ = ["Expression", "build", "lazy"]

_FORMATS = {"f": "float32", "d": "float64"}
_NAMES = "abcdefghijklmnopqrstuvwxyz"
_DEEPEST_SHOWN = 24
_MOST_SHOWN = 40
_SIGNS = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2), "neg": ("-", 3), "pow": ("**", 4)}
_TIGHTEST = 5


class Expression(Node):
    """An operation on operands, not yet computed.

    Shapes    one shape (n,) or (n, m) for all arrays; a bare number goes with each element.
    Cost      `eval` reads each array once and writes the result once, whatever stands between.
    Bound     that of each operation; a product and a sum that meet are fused and rounded once.

    What an input holds when `eval` runs is what counts, not what it held when the expression was built.

    >>> from array import array
    >>> a, b = array("f", [1, 2, 3]), array("f", [4, 5, 6])
    >>> lazy(a) * b + 1
    Expression(a * b + 1.0, shape=(3,), dtype=float32)
    >>> (lazy(a) * b + 1).eval().tolist()
    [5.0, 11.0, 19.0]
    """

    __slots__ = ()

    # NumPy then leaves `array * expression` to us.
    __array_ufunc__ = None

    def eval(self, out: Any = None, *, backend: str | None = None, explain: bool = False) -> Any:
        """Compute it: a new vector or matrix, `out`, or a number where it ends in a reduction.

        Shapes    out has the shape and the element type of the expression; it may be one of the inputs.
        Errors    ShapeError      when `out` has another shape.
                  ParameterError  when `out` cannot be written or shares a part of an input, when there are more
                                  than 64 operations or 32 arrays, or more than 8 values are needed at a time.
                  DeviceError     when this machine lacks `backend`.
        """
        program, inputs = encoded(self)
        try:
            return _kernels.evaluate(program, inputs, out=out, backend=backend, explain=explain)
        except ParameterError as error:
            if error.detail.get("name") != "program":
                raise
            message = (
                f"an expression needs at most 8 values at a time, `eval` a part of this one first: `{formula(self)}`"
            )
            raise ParameterError("trueno.parameter", message, name="expression", value=str(error), allowed=8) from error

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:  # noqa: FBT001
        import numpy as np

        if copy is False:
            message = "an expression has no memory of its own, so it cannot be an array without a copy: `copy=False`"
            raise ParameterError("trueno.parameter", message, name="copy", value=False, allowed=(None, True))
        return np.asarray(self.eval(), dtype)

    def __float__(self) -> float:
        if self.operation not in REDUCTIONS:
            raise _not_the_end(self)
        return cast("float", self.eval())

    def __add__(self, other: object) -> Expression:
        return build("add", self, other)

    def __radd__(self, other: object) -> Expression:
        return build("add", other, self)

    def __sub__(self, other: object) -> Expression:
        return build("sub", self, other)

    def __rsub__(self, other: object) -> Expression:
        return build("sub", other, self)

    def __mul__(self, other: object) -> Expression:
        return build("mul", self, other)

    def __rmul__(self, other: object) -> Expression:
        return build("mul", other, self)

    def __truediv__(self, other: object) -> Expression:
        return build("div", self, other)

    def __rtruediv__(self, other: object) -> Expression:
        return build("div", other, self)

    def __pow__(self, other: object) -> Expression:
        return build("pow", self, other)

    def __rpow__(self, other: object) -> Expression:
        return build("pow", other, self)

    def __neg__(self) -> Expression:
        return build("neg", self)

    def __abs__(self) -> Expression:
        return build("abs", self)

    def minimum(self, other: object) -> Expression:
        """The smaller of the two elements; NaN where one of them is."""
        return build("minimum", self, other)

    def maximum(self, other: object) -> Expression:
        """The larger of the two elements; NaN where one of them is."""
        return build("maximum", self, other)

    def clip(self, low: float, high: float) -> Expression:
        """Each element, `low` where it is below and `high` where it is above."""
        return build("clip", self, low, high)

    def sqrt(self) -> Expression:
        """The square root."""
        return build("sqrt", self)

    def exp(self) -> Expression:
        """The power of e."""
        return build("exp", self)

    def log(self) -> Expression:
        """The natural logarithm."""
        return build("log", self)

    def relu(self) -> Expression:
        """The element where it is positive, else 0."""
        return build("relu", self)

    def leaky_relu(self, slope: float = 0.01) -> Expression:
        """The element where it is positive, else `slope` times it."""
        return build("leaky_relu", self, slope)

    def gelu(self, *, approximate: bool = False) -> Expression:
        """The Gaussian error linear unit, by the error function, or by a hyperbolic tangent if `approximate`."""
        return build("gelu_tanh" if approximate else "gelu", self)

    def silu(self) -> Expression:
        """The element times its sigmoid."""
        return build("silu", self)

    def sigmoid(self) -> Expression:
        """`1 / (1 + exp(-x))`."""
        return build("sigmoid", self)

    def tanh(self) -> Expression:
        """The hyperbolic tangent."""
        return build("tanh", self)

    def sum(self) -> Expression:
        """The sum of the elements; `float` or `eval` gives it."""
        return build("sum", self)

    def mean(self) -> Expression:
        """The mean of the elements."""
        return build("mean", self)

    def min(self) -> Expression:
        """The smallest element; NaN where one is."""
        return build("min", self)

    def max(self) -> Expression:
        """The largest element; NaN where one is."""
        return build("max", self)

    def __repr__(self) -> str:
        return f"Expression({formula(self)}, shape={self.shape}, dtype={self.dtype})"


def lazy(x: Any) -> Expression:
    """An expression that is `x`, so that what is done with it is done later and in one pass.

    Shapes    x (n,) or (n, m), float32 or float64: a `Vector`, a `Matrix`, or any buffer. It is kept, not copied.
    Errors    ShapeError      when x has no dimension or more than two.
              ParameterError  when its elements are of another type.

    >>> from array import array
    >>> float(lazy(array("f", [3, 4])).sum())
    7.0
    """
    if isinstance(x, Expression):
        return x
    shape, dtype = _described(x)
    if dtype not in ELEMENTS:
        allowed = list(ELEMENTS)
        message = f"an expression takes elements of {' or '.join(ELEMENTS)}, these are: `{dtype}`"
        raise ParameterError(
            "trueno.dtype", message, name="x", value=dtype, allowed=allowed, expected=allowed, got=dtype
        )
    if len(shape) not in {1, 2}:
        message = f"an expression takes arrays of one dimension or two, this one has the shape: `{shape}`"
        raise ShapeError("trueno.shape", message, expected="(n,) or (n, m)", got=shape)
    return Expression("input", (), shape, dtype, x)


def _described(x: Any) -> tuple[tuple[int, ...], str]:
    """The shape and the element type of a buffer; the type of the object itself where it is none."""
    shape, dtype = getattr(x, "shape", None), getattr(x, "dtype", None)
    if shape is not None and dtype is not None:
        return tuple(shape), str(dtype)
    try:
        view = memoryview(x)
    except TypeError:
        return (), type(x).__name__
    return tuple(view.shape or ()), _FORMATS.get(view.format, view.format)


def build(operation: str, *operands: object) -> Expression:
    """The expression of an operation by its name; the operators of `Vector` and `Matrix` come through here.

    Errors    ShapeError      when two arrays differ in shape.
              ParameterError  when they differ in element type, when no operand is an array, or when one is a reduction.
    """
    made = tuple(float(each) if isinstance(each, Real) else lazy(each) for each in operands)
    arrays = [each for each in made if isinstance(each, Expression)]
    first = arrays[0]
    for each in arrays:
        if each.operation in REDUCTIONS:
            raise _not_the_end(each)
        if each.shape != first.shape:
            message = f"the arrays of an expression have one shape, not two: `{first.shape}` and `{each.shape}`"
            raise ShapeError("trueno.shape", message, expected=first.shape, got=each.shape)
        if each.dtype != first.dtype:
            message = f"the arrays of an expression have one element type, not two: `{first.dtype}` and `{each.dtype}`"
            raise ParameterError("trueno.dtype", message, name="operand", value=each.dtype, allowed=(first.dtype,))
    return Expression(operation, made, () if operation in REDUCTIONS else first.shape, first.dtype)


_kernels.register_operators(build)


def _not_the_end(expression: Node) -> ParameterError:
    is_reduction = expression.operation in REDUCTIONS
    rule = "nothing follows a reduction" if is_reduction else "only an expression that ends in a reduction is a number"
    message = f"{rule}: `{formula(expression)}`"
    return ParameterError(
        "trueno.parameter", message, name="expression", value=expression.operation, allowed=tuple(REDUCTIONS)
    )


def formula(expression: Node) -> str:
    """The expression as it would be written; inputs are named in the order in which they appear.

    >>> from array import array
    >>> x = lazy(array("f", [1.0]))
    >>> formula((2 - (x + 1) * x).exp())
    'exp(2.0 - (a + 1.0) * a)'
    """
    return _Formula().of(expression)[0]


class _Formula:
    """Writes an expression down to a depth, and no more operations than a reader takes in."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._left = _MOST_SHOWN

    def of(self, node: Node | float, depth: int = 0) -> tuple[str, int]:
        """The text of a node, and how tightly its outermost operator binds."""
        if isinstance(node, float):
            return repr(node), _TIGHTEST if node >= 0 else _SIGNS["neg"][1]
        if node.operation == "input":
            place = len(self._names)
            name = _NAMES[place] if place < len(_NAMES) else f"x{place}"
            return self._names.setdefault(id(node.source), name), _TIGHTEST
        if depth == _DEEPEST_SHOWN or self._left == 0:
            return "...", _TIGHTEST
        self._left -= 1
        told = [self.of(each, depth + 1) for each in node.operands]
        if node.operation not in _SIGNS:
            return f"{node.operation}({', '.join(text for text, _ in told)})", _TIGHTEST
        sign, strength = _SIGNS[node.operation]
        if node.operation == "neg":
            return f"-{_held(told[0], strength)}", strength
        left, right = (strength + 1, strength) if node.operation == "pow" else (strength, strength + 1)
        return f"{_held(told[0], left)} {sign} {_held(told[1], right)}", strength


def _held(told: tuple[str, int], least: int) -> str:
    text, strength = told
    return text if strength >= least else f"({text})"
