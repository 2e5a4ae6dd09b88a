"""What is computed with NumPy's arrays: operators, functions item by item, and what is made of many items.

Enters: operands. Leaves: operands. The type of the result follows NumPy's rules for arrays, and for numbers beside
them: one of Python's gives way to the type of the array. The program warns of what Python warns of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.builtin_functions import builtin
from sovereign.migration.depyler.expressions import LIBRARY_UNARY
from sovereign.migration.depyler.library.array_making import (
    as_array,
    cast,
    dtype_argument,
    number_as,
    plain_dtype,
    promoted,
)
from sovereign.migration.depyler.library.arrays import (
    ITEMS,
    MOST_AXES,
    array_type,
    axes_of,
    item_operand,
    items_of,
)
from sovereign.migration.depyler.library.objects import arguments_within, required
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import MEMBERSHIP, method, small_index
from sovereign.migration.depyler.operators import LIBRARY_OPERATORS, call
from sovereign.migration.depyler.types import BOOL, NONE, IntShape, ListShape
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.calls import CallSite

__all__ = ["array_operation", "each_array_tag", "reduced"]

_SIMPLE = {"+": "nd_add", "-": "nd_sub", "*": "nd_mul", "//": "nd_floor_div", "%": "nd_modulo"}
_NAMES = {"//": "floor_divide", "%": "remainder"}
_BITS = {"&": "&", "|": "|", "^": "^"}
_ORDERS = ("==", "!=", "<", "<=", ">", ">=")


def each_array_tag() -> list[str]:
    """The tags of all arrays."""
    return [f"{items.prefix}Array{axes}" for items in ITEMS.values() for axes in range(1, MOST_AXES + 1)]


def common_dtype(low: Lowering, a: Operand, b: Operand) -> str:
    """The type of items in which two operands meet."""
    one, other = plain_dtype(a.type), plain_dtype(b.type)
    if one is None or other is None:
        raise low.refuse(low.node, f"an operation of {a.type!r} and {b.type!r}")
    mine, theirs = items_of(a.type), items_of(b.type)
    if mine is not None and theirs is None:
        return _beside(mine.dtype, other)
    if theirs is not None and mine is None:
        return _beside(theirs.dtype, one)
    return promoted(one, other)


def _beside(array: str, number: str) -> str:
    """The type of an array's items beside a number of Python's."""
    if number == "bool":
        return array
    if number == "int64":
        return "int64" if array == "bool" else array
    return array if array.startswith("float") else "float64"


def _axes(a: Operand, b: Operand) -> int:
    return max(axes_of(a.type) or 0, axes_of(b.type) or 0)


def _result(low: Lowering, dtype: str, axes: int, made: rs.Expression) -> Operand:
    """An array, or the number that one without axes holds."""
    del low
    if axes == 0:
        return item_operand(ITEMS[dtype], rs.Method(made, "only"))
    return Operand(array_type(dtype, axes), made)


def _place(low: Lowering) -> tuple[rs.Expression, rs.Expression]:
    """File and line, and the text of the line, as a warning of Python's has them."""
    line = getattr(low.node, "lineno", 1)
    lines = low.module.source.splitlines()
    text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    return rs.Text(f"{low.module.path}:{line}"), rs.Text(text)


def array_operation(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    """`a symbol b` of arrays and numbers."""
    a, b = low.named(stored(low, a)), low.named(stored(low, b))
    dtype, axes = common_dtype(low, a, b), _axes(a, b)
    if symbol in _ORDERS:
        return _compared(low, symbol, (a, b), dtype, axes)
    if symbol == "/":
        wanted = dtype if dtype == "float32" else "float64"
        if wanted == "float32":
            raise low.refuse(low.node, "a division in single precision")
        left, right = cast(low, a, wanted), cast(low, b, wanted)
        made = low.fallible(call("nd_divide", left, right, *_place(low)))
        return _result(low, wanted, axes, made)
    if symbol in _BITS:
        return _bits(low, symbol, (a, b), dtype, axes)
    if symbol == "**":
        return _power(low, a, b, dtype, axes)
    if dtype == "bool":
        raise low.refuse(low.node, f"`{symbol}` of truth values")
    item = ITEMS[dtype].rust
    left, right = cast(low, a, dtype), cast(low, b, dtype)
    if symbol in _NAMES:
        pair = rs.Tuple(_place(low))
        watched = call("nd_watch_division", left, right, rs.Text(_NAMES[symbol]), pair)
        low.emit(rs.Evaluate(low.fallible(watched), low.line))
    made = low.fallible(call("nd_zip", left, right, rs.Name(f"{item}::{_SIMPLE[symbol]}")))
    return _result(low, dtype, axes, made)


def _closure(body: rs.Expression) -> rs.Expression:
    return rs.Closure(((rs.Bind("x"), None), (rs.Bind("y"), None)), body)


def _compared(low: Lowering, symbol: str, pair: tuple[Operand, Operand], dtype: str, axes: int) -> Operand:
    left, right = (cast(low, o, dtype) for o in pair)
    item = rs.NamedType(ITEMS[dtype].rust)
    body = rs.Binary(symbol, rs.Name("x"), rs.Name("y"))
    test = rs.Closure(((rs.Bind("x"), item), (rs.Bind("y"), item)), body)
    return _result(low, "bool", axes, low.fallible(call("nd_zip", left, right, test)))


def _bits(low: Lowering, symbol: str, pair: tuple[Operand, Operand], dtype: str, axes: int) -> Operand:
    if dtype.startswith("float"):
        raise low.refuse(low.node, f"`{symbol}` of floats")
    left, right = (cast(low, o, dtype) for o in pair)
    item = rs.NamedType(ITEMS[dtype].rust)
    body = rs.Binary(symbol, rs.Name("x"), rs.Name("y"))
    work = rs.Closure(((rs.Bind("x"), item), (rs.Bind("y"), item)), body)
    return _result(low, dtype, axes, low.fallible(call("nd_zip", left, right, work)))


def _power(low: Lowering, a: Operand, b: Operand, dtype: str, axes: int) -> Operand:
    if dtype in {"int64", "bool"}:
        made = low.fallible(call("nd_power_whole", cast(low, a, "int64"), cast(low, b, "int64")))
        return _result(low, "int64", axes, made)
    if dtype != "float64":
        raise low.refuse(low.node, "powers of this type")
    left, right = cast(low, a, dtype), cast(low, b, dtype)
    return _result(low, dtype, axes, low.fallible(call("nd_zip", left, right, rs.Name("nd_power"))))


def _register_operators() -> None:
    arrays = each_array_tag()
    scalars = [items.scalar for items in ITEMS.values()]
    others = [*arrays, *scalars, "int", "float", "bool"]
    symbols = ("+", "-", "*", "/", "//", "%", "**", "&", "|", "^", *_ORDERS)
    for symbol in symbols:

        def handler(low: Lowering, a: Operand, b: Operand, symbol: str = symbol) -> Operand:
            return array_operation(low, symbol, a, b)

        for one in arrays:
            for other in others:
                LIBRARY_OPERATORS[one, symbol, other] = LIBRARY_OPERATORS[other, symbol, one] = handler
            LIBRARY_OPERATORS[one, symbol, "list"] = LIBRARY_OPERATORS["list", symbol, one] = _with_list(symbol)
        if symbol not in _ORDERS and symbol not in _BITS:
            for one in scalars:
                for other in (*scalars, "int", "float", "bool"):
                    LIBRARY_OPERATORS[one, symbol, other] = LIBRARY_OPERATORS[other, symbol, one] = _of_numbers(symbol)
    for one in arrays:
        MEMBERSHIP[one] = _holds
        for other in arrays:
            LIBRARY_OPERATORS[one, "@", other] = lambda low, a, b: product(low, a, b, is_dot=False)


def _holds(low: Lowering, container: Operand, item: Operand) -> Operand:
    """`item in array`: whether any is equal to it."""
    made = array_operation(low, "==", container, item)
    return Operand(BOOL, call("nd_any", low.borrow(low.named(made))))


def _with_list(symbol: str) -> Callable[[Lowering, Operand, Operand], Operand]:
    """An operation of an array and a list, which becomes an array first."""

    def handler(low: Lowering, a: Operand, b: Operand) -> Operand:
        left, right = (as_array(low, o) if isinstance(o.type.only, ListShape) else o for o in (low.named(a), b))
        return array_operation(low, symbol, left, right)

    return handler


def _of_numbers(symbol: str) -> Callable[[Lowering, Operand, Operand], Operand]:
    """An operation of two numbers one of which is NumPy's; those of Python say why others are refused."""

    def handler(low: Lowering, a: Operand, b: Operand) -> Operand:
        dtype = common_dtype(low, a, b)
        if symbol in {"//", "%", "**"} or dtype not in {"float64", "int64"}:
            raise low.refuse(low.node, f"`{symbol}` of a number of NumPy's, make it one of Python's by `.item()`")
        if symbol == "/":
            left, right = cast(low, a, "float64"), cast(low, b, "float64")
            made = call("nd_divide_numbers", left, right, *_place(low))
            return item_operand(ITEMS["float64"], made)
        parts = tuple(number_as(low, o, dtype) for o in (a, b))
        return item_operand(ITEMS[dtype], call(f"{ITEMS[dtype].rust}::{_SIMPLE[symbol]}", *parts))

    return handler


def product(low: Lowering, a: Operand, b: Operand, *, is_dot: bool) -> Operand:
    """`a @ b` and `numpy.dot(a, b)`."""
    dtype = common_dtype(low, a, b)
    left, right = axes_of(a.type) or 0, axes_of(b.type) or 0
    if dtype not in {"int64", "float64"} or not 1 <= left <= 2 or not 1 <= right <= 2:
        raise low.refuse(low.node, f"a product of {a.type!r} and {b.type!r}")
    a, b = low.named(a), low.named(b)
    made = call("nd_product", cast(low, a, dtype), cast(low, b, dtype), rs.Boolean(is_dot))
    return _result(low, dtype, left + right - 2, low.fallible(made))


# item by item

_WATCHED = {
    "sqrt": "f64::c_sqrt", "log": "f64::c_ln", "log2": "f64::c_log2", "log10": "f64::c_log10", "log1p": "f64::c_ln_1p",
    "exp": "f64::c_exp", "arcsin": "f64::c_asin", "arccos": "f64::c_acos", "sinh": "f64::c_sinh",
    "cosh": "f64::c_cosh",
}  # fmt: skip
_FUNCTIONS = {
    "sin": "f64::c_sin", "cos": "f64::c_cos", "tan": "f64::c_tan", "arctan": "f64::c_atan", "cbrt": "c_cbrt",
    "expm1": "f64::c_exp_m1",
}  # fmt: skip
_ROUNDED = {
    "floor": "float_floor",
    "ceil": "float_ceil",
    "trunc": "float_trunc",
    "rint": "nd_rint",
    "fix": "float_trunc",
}
_ANOTHER_WAY = ("tanh", "hypot", "exp2", "arctanh", "arcsinh", "arccosh")


def _operand(site: CallSite, index: int = 0, name: str = "x") -> Operand:
    """An argument as an array, or as a number."""
    low = site.low
    if index == 0 and site.receiver is not None:
        return low.named(site.receiver)
    shift = 0 if site.receiver is None else 1
    given = stored(low, required(site, index - shift, name))
    if plain_dtype(given.type) is not None:
        return low.named(given)
    node = site.nodes[index - shift] if site.given is None and index - shift < len(site.node.args) else None
    return low.named(as_array(low, given, None, node))


def _mapped(low: Lowering, operand: Operand, dtype: str, work: rs.Expression, result: str | None = None) -> Operand:
    """A function of each item."""
    made = rs.Method(cast_value(cast(low, operand, dtype)), "mapped", (work,))
    return _result(low, result or dtype, axes_of(operand.type) or 0, made)


def cast_value(given: rs.Expression) -> rs.Expression:
    """What a reference is to, to call a method of it."""
    return given.operand if isinstance(given, rs.Borrow) else given


def _float_function(name: str, rust: str, *, watched: bool) -> None:
    @builtin(f"numpy.{name}")
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 1)
        low, operand = site.low, _operand(site)
        if plain_dtype(operand.type) == "float32":
            raise site.refuse(f"`numpy.{name}` in single precision")
        work = rs.Name(rust)
        if not watched:
            return _mapped(low, operand, "float64", work)
        made = call("nd_watched", cast(low, operand, "float64"), work, rs.Text(name), *_place(low))
        return _result(low, "float64", axes_of(operand.type) or 0, made)


def _refused_function(name: str) -> None:
    @builtin(f"numpy.{name}")
    def handler(site: CallSite) -> Operand:
        raise site.refuse(f"`numpy.{name}`, whose last digits NumPy computes in a way of its own")


def _kept_function(name: str, rust: str) -> None:
    """A function that leaves whole numbers as they are."""

    @builtin(f"numpy.{name}")
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 1)
        low, operand = site.low, _operand(site)
        dtype = plain_dtype(operand.type)
        if dtype == "float64":
            return _mapped(low, operand, dtype, rs.Name(rust))
        if dtype not in {"int64", "int32"} or name in {"rint", "fix"}:
            raise site.refuse(f"`numpy.{name}` of this type")
        return (
            operand if axes_of(operand.type) is not None else item_operand(ITEMS[dtype], number_as(low, operand, dtype))
        )


def _number_function(name: str, rust: str, *names: str) -> None:
    @builtin(f"numpy.{name}", *(f"numpy.{other}" for other in names))
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 1)
        low, operand = site.low, _operand(site)
        dtype = plain_dtype(operand.type)
        if dtype in {None, "bool"}:
            raise site.refuse(f"`numpy.{name}` of this type")
        assert dtype is not None
        return _mapped(low, operand, dtype, rs.Name(f"{ITEMS[dtype].rust}::{rust}"))


def _pair_function(name: str, rust: str) -> None:
    @builtin(f"numpy.{name}")
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 2)
        low = site.low
        a, b = _operand(site, 0), _operand(site, 1)
        dtype = (
            common_dtype(low, a, b)
            if items_of(a.type) or items_of(b.type)
            else promoted(plain_dtype(a.type) or "float64", plain_dtype(b.type) or "float64")
        )
        if dtype == "bool":
            raise site.refuse(f"`numpy.{name}` of truth values")
        work = rs.Name(f"{ITEMS[dtype].rust}::{rust}")
        made = low.fallible(call("nd_zip", cast(low, a, dtype), cast(low, b, dtype), work))
        return _result(low, dtype, _axes(a, b), made)


def _named_operation(name: str, symbol: str) -> None:
    @builtin(f"numpy.{name}")
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 2)
        a, b = _operand(site, 0), _operand(site, 1)
        if axes_of(a.type) is None and axes_of(b.type) is None:
            raise site.refuse(f"`numpy.{name}` of two numbers")
        return array_operation(site.low, symbol, a, b)


def _tests() -> None:
    for name, body in (
        ("isnan", rs.Method(rs.Name("x"), "is_nan")),
        ("isinf", rs.Method(rs.Name("x"), "is_infinite")),
        ("isfinite", rs.Method(rs.Name("x"), "is_finite")),
    ):

        @builtin(f"numpy.{name}")
        def handler(site: CallSite, body: rs.Expression = body) -> Operand:
            arguments_within(site, 1)
            work = rs.Closure(((rs.Bind("x"), rs.NamedType("f64")),), body)
            return _mapped(site.low, _operand(site), "float64", work, "bool")


def _logic() -> None:
    for name, symbol in (("logical_and", "&"), ("logical_or", "|"), ("logical_xor", "^")):

        @builtin(f"numpy.{name}")
        def handler(site: CallSite, symbol: str = symbol) -> Operand:
            arguments_within(site, 2)
            a, b = _operand(site, 0), _operand(site, 1)
            return _bits(site.low, symbol, (a, b), "bool", _axes(a, b))

    @builtin("numpy.logical_not")
    def negated(site: CallSite) -> Operand:
        arguments_within(site, 1)
        work = rs.Closure(((rs.Bind("x"), rs.NamedType("bool")),), rs.Unary("!", rs.Name("x")))
        return _mapped(site.low, _operand(site), "bool", work)


def _rounded(site: CallSite) -> Operand:
    arguments_within(site, 2, "decimals")
    low, operand = site.low, _operand(site)
    index = 0 if site.receiver is not None else 1
    given = site.argument(index, "decimals")
    places = rs.Integer(0) if given is None else small_index(low, given)
    dtype = plain_dtype(operand.type)
    if dtype != "float64":
        raise site.refuse("rounding of this type")
    work = rs.Closure(((rs.Bind("x"), None),), call("nd_round", rs.Name("x"), rs.Name("places")))
    low.emit(rs.Let(rs.Bind("places"), None, places))
    return _mapped(low, operand, "float64", work)


builtin("numpy.round", "numpy.around")(_rounded)


@builtin("FloatItem.__round__")
def _round_item(site: CallSite) -> Operand:
    from sovereign.migration.depyler.builtin_functions import call_builtin
    from sovereign.migration.depyler.calls import CallSite as Site
    from sovereign.migration.depyler.library.arrays import plain_item

    low, operand = site.low, site.operands[0]
    if site.count == 1 or site.operands[1].type == NONE:
        inner = Site(low, low.node)  # type: ignore[arg-type]
        inner.given = ([plain_item(low, operand)], {})
        return call_builtin(low, "round", inner)
    value = call("nd_round", number_as(low, operand, "float64"), small_index(low, site.operands[1]))
    return item_operand(ITEMS["float64"], value)


@builtin("FloatItem.__abs__", "WholeItem.__abs__", "SingleItem.__abs__")
def _abs_item(site: CallSite) -> Operand:
    operand = site.operands[0]
    dtype = plain_dtype(operand.type)
    assert dtype is not None
    return item_operand(ITEMS[dtype], call(f"{ITEMS[dtype].rust}::nd_abs", number_as(site.low, operand, dtype)))


def _clipped(site: CallSite) -> Operand:
    arguments_within(site, 3)
    low, operand = site.low, _operand(site)
    low_bound, high_bound = _operand(site, 1, "a_min"), _operand(site, 2, "a_max")
    if axes_of(operand.type) is None or any(b.type == NONE for b in (low_bound, high_bound)):
        raise site.refuse("`clip` with these arguments")
    dtype = common_dtype(low, operand, low_bound)
    other = common_dtype(low, operand, high_bound)
    dtype = promoted(dtype, other)
    item, axes = ITEMS[dtype].rust, _axes(operand, low_bound)
    raised = low.fallible(
        call("nd_zip", cast(low, operand, dtype), cast(low, low_bound, dtype), rs.Name(f"{item}::nd_maximum"))
    )
    made = call("nd_zip", rs.Borrow(raised), cast(low, high_bound, dtype), rs.Name(f"{item}::nd_minimum"))
    return _result(low, dtype, axes, low.fallible(made))


builtin("numpy.clip")(_clipped)


# of many items


def _axis(site: CallSite, index: int) -> Operand | None:
    """The argument `axis`; None where it is not given, or `None`."""
    given = site.argument(index, "axis")
    if given is None or given.type == NONE:
        return None
    if not isinstance(given.type.only, IntShape):
        raise site.refuse("several axes at once")
    return given


def _whole_argument(site: CallSite) -> tuple[Operand, int]:
    """The array, and where the further arguments begin."""
    if site.receiver is not None:
        return site.low.named(site.receiver), 0
    operand = _operand(site, 0, "a")
    if axes_of(operand.type) in {None, 0}:
        raise site.refuse("this function of a number")
    return operand, 1


def reduced(site: CallSite, name: str, make: Callable[[Lowering, Operand, rs.Expression | None], Operand]) -> Operand:
    """A function of many items, of all or along an axis."""
    arguments_within(site, 2, "axis")
    operand, start = _whole_argument(site)
    axis = _axis(site, start)
    del name
    return make(site.low, operand, None if axis is None else small_index(site.low, axis))


def _along(low: Lowering, operand: Operand, dtype: str, made: rs.Expression) -> Operand:
    axes = axes_of(operand.type)
    assert axes is not None
    return _result_of_axes(dtype, axes - 1, low.fallible(made))


def _result_of_axes(dtype: str, axes: int, made: rs.Expression) -> Operand:
    if axes == 0:
        return item_operand(ITEMS[dtype], rs.Method(made, "only"))
    return Operand(array_type(dtype, axes), made)


def _totals(name: str) -> Callable[[Lowering, Operand, rs.Expression | None], Operand]:
    def make(low: Lowering, operand: Operand, axis: rs.Expression | None) -> Operand:
        dtype = plain_dtype(operand.type)
        assert dtype is not None
        wanted = "int64" if dtype in {"bool", "int32"} else dtype
        given = cast(low, operand, wanted)
        if axis is None:
            return item_operand(ITEMS[wanted], call(f"nd_{name}", given))
        return _along(low, operand, wanted, call(f"nd_{name}_along", given, axis))

    return make


def _extremes(name: str) -> Callable[[Lowering, Operand, rs.Expression | None], Operand]:
    def make(low: Lowering, operand: Operand, axis: rs.Expression | None) -> Operand:
        dtype = plain_dtype(operand.type)
        if dtype == "bool":
            raise low.refuse(low.node, "extremes of truth values")
        assert dtype is not None
        if axis is None:
            return item_operand(ITEMS[dtype], low.fallible(call(f"nd_{name}", low.borrow(operand))))
        return _along(low, operand, dtype, call(f"nd_{name}_along", low.borrow(operand), axis))

    return make


def _places(is_least: bool) -> Callable[[Lowering, Operand, rs.Expression | None], Operand]:
    def make(low: Lowering, operand: Operand, axis: rs.Expression | None) -> Operand:
        dtype = plain_dtype(operand.type)
        assert dtype is not None
        given = cast(low, operand, "int64" if dtype == "bool" else dtype)
        flag = rs.Boolean(is_least)
        if axis is None:
            return item_operand(ITEMS["int64"], low.fallible(call("nd_place_of", given, flag)))
        return _along(low, operand, "int64", call("nd_place_along", given, axis, flag))

    return make


def _means(low: Lowering, operand: Operand, axis: rs.Expression | None) -> Operand:
    dtype = plain_dtype(operand.type)
    if dtype == "float32":
        raise low.refuse(low.node, "a mean in single precision")
    given = cast(low, operand, "float64")
    if axis is None:
        return item_operand(ITEMS["float64"], call("nd_mean", given, rs.Boolean(dtype != "float64")))
    return _along(low, operand, "float64", call("nd_mean_along", given, axis))


def _variances(site: CallSite, *, is_root: bool) -> Operand:
    arguments_within(site, 2, "axis", "ddof")
    low = site.low
    operand, start = _whole_argument(site)
    axis, ddof = _axis(site, start), site.argument(9, "ddof")
    if plain_dtype(operand.type) != "float64":
        operand = low.named(as_array(low, operand, "float64"))
    less = rs.Float(0.0) if ddof is None else number_as(low, stored(low, ddof), "float64")
    if axis is None:
        made = call("nd_variance", low.borrow(operand), less)
        return item_operand(ITEMS["float64"], rs.Method(made, "sqrt") if is_root else made)
    made = low.fallible(call("nd_variance_along", low.borrow(operand), small_index(low, axis), less))
    if is_root:
        made = rs.Method(made, "mapped", (rs.Name("f64::sqrt"),))
    axes = axes_of(operand.type)
    assert axes is not None
    return _result_of_axes("float64", axes - 1, made)


def _questions(name: str) -> Callable[[Lowering, Operand, rs.Expression | None], Operand]:
    def make(low: Lowering, operand: Operand, axis: rs.Expression | None) -> Operand:
        given = cast(low, operand, "bool")
        if axis is None:
            return item_operand(ITEMS["bool"], call(f"nd_{name}", given))
        return _along(low, operand, "bool", call(f"nd_{name}_along", given, axis))

    return make


def _cumulated(rust: str) -> Callable[[Lowering, Operand, rs.Expression | None], Operand]:
    def make(low: Lowering, operand: Operand, axis: rs.Expression | None) -> Operand:
        dtype = plain_dtype(operand.type)
        assert dtype is not None
        wanted = "int64" if dtype in {"bool", "int32"} else dtype
        given, work = cast(low, operand, wanted), rs.Name(f"{ITEMS[wanted].rust}::{rust}")
        if axis is None:
            return Operand(array_type(wanted, 1), call("nd_cumulated", given, work))
        axes = axes_of(operand.type)
        assert axes is not None
        return Operand(array_type(wanted, axes), low.fallible(call("nd_cumulated_along", given, axis, work)))

    return make


_REDUCTIONS: dict[str, Callable[[Lowering, Operand, rs.Expression | None], Operand]] = {
    "sum": _totals("sum"),
    "prod": _totals("prod"),
    "min": _extremes("least"),
    "max": _extremes("most"),
    "argmin": _places(True),
    "argmax": _places(False),
    "mean": _means,
    "any": _questions("any"),
    "all": _questions("all"),
    "cumsum": _cumulated("nd_add"),
    "cumprod": _cumulated("nd_mul"),
}


@builtin("numpy.median")
def _median(site: CallSite) -> Operand:
    arguments_within(site, 1)
    operand, _ = _whole_argument(site)
    return item_operand(ITEMS["float64"], call("nd_median", cast(site.low, operand, "float64")))


@builtin("numpy.allclose")
def _allclose(site: CallSite) -> Operand:
    arguments_within(site, 2)
    low = site.low
    a, b = _operand(site, 0), _operand(site, 1)
    made = low.fallible(call("nd_close", cast(low, a, "float64"), cast(low, b, "float64")))
    return Operand(BOOL, call("nd_all", rs.Borrow(made)))


@builtin("numpy.array_equal")
def _array_equal(site: CallSite) -> Operand:
    arguments_within(site, 2)
    low = site.low
    a, b = _operand(site, 0), _operand(site, 1)
    dtype = common_dtype(low, a, b)
    return Operand(BOOL, call("nd_same", cast(low, a, dtype), cast(low, b, dtype)))


def _astype(site: CallSite) -> Operand:
    arguments_within(site, 1)
    dtype = dtype_argument(site, 0)
    assert site.receiver is not None
    if dtype is None:
        raise site.refuse("`astype` without a type")
    low, axes = site.low, axes_of(site.receiver.type)
    assert axes is not None
    made = rs.Method(low.receiver(site.receiver), f"cast::<{ITEMS[dtype].rust}>")
    return Operand(array_type(dtype, axes), made)


def _dot(site: CallSite) -> Operand:
    arguments_within(site, 2)
    a, b = _operand(site, 0, "a"), _operand(site, 1, "b")
    if axes_of(a.type) in {None, 0} or axes_of(b.type) in {None, 0}:
        return array_operation(site.low, "*", a, b)
    return product(site.low, a, b, is_dot=True)


builtin("numpy.dot")(_dot)


@builtin("numpy.matmul")
def _matmul(site: CallSite) -> Operand:
    arguments_within(site, 2)
    return product(site.low, _operand(site, 0), _operand(site, 1), is_dot=False)


def _unary() -> None:
    for items in ITEMS.values():
        for axes in range(MOST_AXES + 1):
            tag = f"{items.prefix}Array{axes}" if axes else items.scalar
            if items.dtype != "bool":
                work = rs.Name(f"{items.rust}::nd_neg")
                LIBRARY_UNARY["-", tag] = lambda low, a, dtype=items.dtype, work=work: _mapped(low, a, dtype, work)  # type: ignore[misc]
                LIBRARY_UNARY["+", tag] = lambda low, a: a
            if not items.dtype.startswith("float"):
                turned = rs.Closure(((rs.Bind("x"), rs.NamedType(items.rust)),), rs.Unary("!", rs.Name("x")))
                LIBRARY_UNARY["~", tag] = lambda low, a, dtype=items.dtype, work=turned: _mapped(low, a, dtype, work)  # type: ignore[misc]


def _absolute_arrays() -> None:
    for items in ITEMS.values():
        if items.dtype == "bool":
            continue
        for axes in range(1, MOST_AXES + 1):

            @builtin(f"{items.prefix}Array{axes}.__abs__")
            def handler(site: CallSite, dtype: str = items.dtype) -> Operand:
                return _mapped(site.low, site.operands[0], dtype, rs.Name(f"{ITEMS[dtype].rust}::nd_abs"))


def _methods() -> None:
    for tag in each_array_tag():
        for name, make in _REDUCTIONS.items():
            method(tag, name)(lambda site, name=name, make=make: reduced(site, name, make))  # type: ignore[misc]
        method(tag, "std")(lambda site: _variances(site, is_root=True))
        method(tag, "var")(lambda site: _variances(site, is_root=False))
        method(tag, "round")(_rounded)
        method(tag, "clip")(_clipped)
        method(tag, "astype")(_astype)
        method(tag, "dot")(_dot)
    for name, make in _REDUCTIONS.items():
        names = {"min": ("amin",), "max": ("amax",)}.get(name, ())
        builtin(f"numpy.{name}", *(f"numpy.{other}" for other in names))(
            lambda site, name=name, make=make: reduced(site, name, make)  # type: ignore[misc]
        )
    builtin("numpy.std")(lambda site: _variances(site, is_root=True))
    builtin("numpy.var")(lambda site: _variances(site, is_root=False))


def _register() -> None:
    _register_operators()
    for name, rust in _WATCHED.items():
        _float_function(name, rust, watched=True)
    for name, rust in _FUNCTIONS.items():
        _float_function(name, rust, watched=False)
    for name in _ANOTHER_WAY:
        _refused_function(name)
    for name, rust in _ROUNDED.items():
        _kept_function(name, rust)
    _number_function("abs", "nd_abs", "absolute", "fabs")
    _number_function("sign", "nd_sign")
    _number_function("negative", "nd_neg")
    for name, rust in (("maximum", "nd_maximum"), ("minimum", "nd_minimum")):
        _pair_function(name, rust)
    for name, symbol in (
        ("add", "+"), ("subtract", "-"), ("multiply", "*"), ("divide", "/"), ("power", "**"), ("mod", "%"),
        ("equal", "=="), ("not_equal", "!="), ("less", "<"), ("greater", ">"), ("less_equal", "<="),
        ("greater_equal", ">="), ("floor_divide", "//"),
    ):  # fmt: skip
        _named_operation(name, symbol)
    _tests()
    _logic()
    _unary()
    _absolute_arrays()
    _methods()

    @builtin("numpy.square")
    def squared(site: CallSite) -> Operand:
        arguments_within(site, 1)
        operand = _operand(site)
        if items_of(operand.type) is None:
            raise site.refuse("`numpy.square` of a number")
        return array_operation(site.low, "*", operand, operand)


_register()
