"""Arithmetic, comparison and truth.

Enters: operands and Python's operator. Leaves: the operand of the result. Integers stay plain `i64` where their range
proves it, and become `Int` where it does not; what Python answers with `TypeError` raises the same text.
"""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING

from sovereign.migration.depyler import intervals
from sovereign.migration.depyler.alternatives import distribute, distribute_both
from sovereign.migration.depyler.enum_values import as_value_of_enum
from sovereign.migration.depyler.lowering import Lowering, Operand, diverging, narrowed, typed
from sovereign.migration.depyler.registry import SAMPLES, SHOWN
from sovereign.migration.depyler.rust_types import is_copy
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    INT,
    STR,
    Atom,
    DictShape,
    InstanceShape,
    IntShape,
    ListShape,
    OpaqueShape,
    SeqShape,
    SetShape,
    Shape,
    TupleShape,
    Type,
    join_all,
    seq_of,
)
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "DUNDERS",
    "SYMBOLS",
    "as_float",
    "as_int",
    "binary",
    "compare",
    "equals",
    "float_constant",
    "python_type_name",
    "truth",
]

SYMBOLS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.MatMult: "@",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
DUNDERS = {
    "+": ("__add__", "__radd__"),
    "-": ("__sub__", "__rsub__"),
    "*": ("__mul__", "__rmul__"),
    "/": ("__truediv__", "__rtruediv__"),
    "//": ("__floordiv__", "__rfloordiv__"),
    "%": ("__mod__", "__rmod__"),
    "**": ("__pow__", "__rpow__"),
    "<<": ("__lshift__", "__rlshift__"),
    ">>": ("__rshift__", "__rrshift__"),
    "&": ("__and__", "__rand__"),
    "|": ("__or__", "__ror__"),
    "^": ("__xor__", "__rxor__"),
    "@": ("__matmul__", "__rmatmul__"),
    "<": ("__lt__", "__gt__"),
    "<=": ("__le__", "__ge__"),
    ">": ("__gt__", "__lt__"),
    ">=": ("__ge__", "__le__"),
    "==": ("__eq__", "__eq__"),
    "!=": ("__ne__", "__ne__"),
}
_EXACT = 1 << 53
_FUNCTIONS = {"//": "floor_div", "%": "modulo", "<<": "shift_left", ">>": "shift_right", "**": "power"}
_BIG_FUNCTIONS = {
    "&": "int_and",
    "|": "int_or",
    "^": "int_xor",
    "<<": "int_shift_left",
    ">>": "int_shift_right",
    "//": "int_floor_div",
    "%": "int_modulo",
    "**": "int_pow",
}
_FLOAT_FUNCTIONS = {"//": "float_floor_div", "%": "float_modulo", "**": "float_pow", "/": "float_true_div"}


def python_type_name(shape: Shape) -> str:
    """The name that Python's messages give a type."""
    if isinstance(shape, InstanceShape):
        return shape.cls.name
    if isinstance(shape, OpaqueShape):
        return SHOWN.get(shape.name, shape.name)
    if shape.tag.startswith(("function", "class")):
        return "function" if shape.tag.startswith("function") else "type"
    return SHOWN.get(shape.tag, shape.tag.split(" ")[-1])


def call(name: str, *arguments: rs.Expression) -> rs.Expression:
    """A call of a function of the support module."""
    return rs.Call(rs.Name(name), arguments)


def empty(low: Lowering, type_: Type, name: str) -> rs.Expression:
    """A new container without items; it says of what where nothing else will."""
    shape = type_.shapes[0]
    if isinstance(shape, DictShape):
        return call(f"{name}::<(), ()>::new" if low.contents(shape.key).never else f"{name}::new")
    assert isinstance(shape, ListShape | SetShape)
    return call(f"{name}::<()>::new" if low.contents(shape.cell).never else f"{name}::new")


def float_constant(operand: Operand) -> float | None:
    """The value of a literal number."""
    constant = operand.constant
    return float(constant) if isinstance(constant, int | float) and not isinstance(constant, bool) else None


def as_plain(low: Lowering, operand: Operand) -> Operand:
    """A number or text of the library as the plain one that it is equal to; others as they are."""
    only = operand.type.only
    return PLAIN[only.tag](low, operand) if only is not None and only.tag in PLAIN else operand


def as_int(low: Lowering, operand: Operand) -> Operand:
    """A bool as the integer that it is; integers as they are."""
    if operand.type == BOOL:
        return Operand(Type((IntShape(0, 1),)), call("i64::from", low.own(operand)))
    return as_value_of_enum(low, operand)


def as_float(low: Lowering, operand: Operand) -> rs.Expression:
    """A number as `f64`; an integer that is too large raises OverflowError."""
    only = operand.type.only
    if operand.form == "wide":
        return call("wide_float", operand.expr)
    if isinstance(only, IntShape):
        if operand.constant is not None and isinstance(operand.expr, rs.Integer):
            return rs.Float(float(operand.expr.value))
        if only.small:
            return rs.Cast(low.own(operand), rs.NamedType("f64"))
        return low.fallible(rs.Method(operand.expr, "float"))
    if operand.type == BOOL:
        return rs.Cast(call("i64::from", low.own(operand)), rs.NamedType("f64"))
    return low.own(operand)


def _is_number(shape: Shape) -> bool:
    return isinstance(shape, IntShape) or (isinstance(shape, Atom) and shape.name in {"bool", "float"})


def binary(
    low: Lowering, symbol: str, left: Operand, right: Operand, *, inplace: bool = False, wide: bool = False
) -> Operand:
    """`left symbol right`.

    Args:
        low: The function.
        symbol: Python's operator, such as `//`.
        left: Left operand.
        right: Right operand.
        inplace: Whether it stands in `left symbol= right`.
        wide: Whether the result may be a temporary of 128 bits.

    Returns:
        The result.
    """
    result = distribute_both(low, left, right, lambda a, b: _binary(low, symbol, a, b, inplace=inplace))
    return result if wide else narrowed(result)


def _binary(low: Lowering, symbol: str, a: Operand, b: Operand, *, inplace: bool) -> Operand:
    x, y = a.type.shapes[0], b.type.shapes[0]
    if not (_is_number(x) and _is_number(y)):
        a, b = narrowed(a), narrowed(b)
    if isinstance(x, InstanceShape) or isinstance(y, InstanceShape):
        found = _dunder(low, symbol, a, b, inplace=inplace)
        if found is not None:
            return found
        a, b = _as_builtin(low, a), _as_builtin(low, b)
        x, y = a.type.shapes[0], b.type.shapes[0]
    if _is_number(x) and _is_number(y) and symbol != "@":
        return _numbers(low, symbol, a, b)
    for (tag_a, sign, tag_b), handler in _TABLE.items():
        if sign == symbol and tag_a in (x.tag, "*") and tag_b in (y.tag, "*"):
            result = handler(low, a, b)
            if result is not None:
                return result
    library = LIBRARY_OPERATORS.get((x.tag, symbol, y.tag))
    if library is not None:
        return library(low, a, b)
    return _unsupported(low, symbol, x, y, inplace=inplace)


_PYTHON = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "<<": operator.lshift, ">>": operator.rshift, "&": operator.and_,
    "|": operator.or_, "^": operator.xor, "@": operator.matmul, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip


def surely_raises(symbol: str, x: Shape, y: Shape) -> bool:
    """Whether Python itself answers with TypeError for such operands: asked, not assumed."""
    if isinstance(x, InstanceShape) or isinstance(y, InstanceShape):
        return True
    if x.tag not in SAMPLES or y.tag not in SAMPLES or (symbol == "%" and x.tag in {"bytes", "bytearray"}):
        return False
    try:
        _PYTHON[symbol](SAMPLES[x.tag], SAMPLES[y.tag])
    except TypeError:
        return True
    except Exception:  # noqa: BLE001 - any other answer means that the operation exists
        return False
    return False


def _unsupported(low: Lowering, symbol: str, x: Shape, y: Shape, *, inplace: bool) -> Operand:
    if not surely_raises(symbol, x, y):
        raise low.refuse(low.node, f"`{symbol}` of `{python_type_name(x)}` and `{python_type_name(y)}`")
    left, right = python_type_name(x), python_type_name(y)
    sign = f"{symbol}=" if inplace else "** or pow()" if symbol == "**" else symbol
    if symbol == "+" and x.tag in {"str", "list", "tuple", "bytes"}:
        if x.tag == "str":
            return low.type_error(f'can only concatenate str (not "{right}") to str')
        return low.type_error(f'can only concatenate {left} (not "{right}") to {left}')
    if symbol == "*" and {x.tag, y.tag} & {"str", "list", "tuple"} and "int" not in {x.tag, y.tag}:
        other = right if x.tag in {"str", "list", "tuple"} else left
        return low.type_error(f"can't multiply sequence by non-int of type '{other}'")
    return low.type_error(f"unsupported operand type(s) for {sign}: '{left}' and '{right}'")


def _dunder(low: Lowering, symbol: str, a: Operand, b: Operand, *, inplace: bool) -> Operand | None:
    from sovereign.migration.depyler.calls import call_method, has_method, refuses

    forward, backward = DUNDERS[symbol]
    inplace_name = forward.replace("__", "__i", 1)
    if inplace and has_method(a, inplace_name):
        return call_method(low, a, inplace_name, [b])
    if has_method(a, forward) and not refuses(low, a, forward, b):
        return call_method(low, a, forward, [b])
    if has_method(b, backward) and not refuses(low, b, backward, a):
        return call_method(low, low.named(b), backward, [low.named(a)])
    return None


def _as_builtin(low: Lowering, operand: Operand) -> Operand:
    """A named tuple as a tuple, a member of an enum that is a number or text as that; other operands as they are."""
    shape = operand.type.shapes[0]
    if isinstance(shape, InstanceShape) and shape.cls.builtin_root() in {"Flag", "IntFlag"}:
        raise low.refuse(low.node, f"flags of `{shape.cls.name}` put together")
    if isinstance(shape, InstanceShape) and shape.cls.named_tuple:
        from sovereign.migration.depyler.classes import as_plain_tuple

        return as_plain_tuple(low, operand)
    return as_value_of_enum(low, operand)


def _as_tuples(low: Lowering, a: Operand, b: Operand) -> tuple[Operand, Operand]:
    """Two operands to be compared: a named tuple beside anything but one of its own class is a tuple."""
    x, y = a.type.shapes[0], b.type.shapes[0]
    if x == y or not any(isinstance(s, InstanceShape) and s.cls.named_tuple for s in (x, y)):
        return a, b
    from sovereign.migration.depyler.classes import as_plain_tuple

    return as_plain_tuple(low, a), as_plain_tuple(low, b)


# numbers


def _numbers(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    if a.type == BOOL and b.type == BOOL and symbol in "&|^":
        return Operand(BOOL, rs.Binary(symbol, low.own(a), low.own(b)))
    a, b = as_int(low, a), as_int(low, b)
    if FLOAT in (a.type, b.type):
        if symbol in {"<<", ">>", "&", "|", "^"}:
            return _unsupported(low, symbol, a.type.shapes[0], b.type.shapes[0], inplace=False)
        return _floats(low, symbol, a, b)
    if symbol == "/":
        return _true_divide(low, narrowed(a), narrowed(b))
    return _integers(low, symbol, a, b)


def _floats(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    left, right = as_float(low, a), as_float(low, b)
    constant, divisor = float_constant(b), b.type.only
    is_counted = isinstance(divisor, IntShape) and _excludes_zero(divisor)
    if symbol in "+-*" or (symbol == "/" and (is_counted or (constant is not None and constant != 0))):
        return Operand(FLOAT, rs.Binary(symbol, left, right))
    return Operand(FLOAT, low.fallible(call(_FLOAT_FUNCTIONS[symbol], left, right)))


def _exact(shape: IntShape) -> bool:
    return shape.small and (shape.low or 0) >= -_EXACT and (shape.high or 0) <= _EXACT


def _true_divide(low: Lowering, a: Operand, b: Operand) -> Operand:
    x, y = a.type.shapes[0], b.type.shapes[0]
    assert isinstance(x, IntShape)
    assert isinstance(y, IntShape)
    if _exact(x) and _exact(y) and _excludes_zero(y):
        return Operand(FLOAT, rs.Binary("/", as_float(low, a), as_float(low, b)))
    if x.small and y.small:
        return Operand(FLOAT, low.fallible(call("true_div", low.own(a), low.own(b))))
    left, right = low.convert(a, INT), low.convert(b, INT)
    return Operand(FLOAT, low.fallible(call("int_true_div", rs.Borrow(left), rs.Borrow(right))))


def _excludes_zero(shape: IntShape) -> bool:
    return (shape.low is not None and shape.low > 0) or (shape.high is not None and shape.high < 0)


def _integers(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    x, y = a.type.shapes[0], b.type.shapes[0]
    assert isinstance(x, IntShape)
    assert isinstance(y, IntShape)
    if symbol == "**" and (y.low is None or y.low < 0):
        return _open_power(low, narrowed(a), narrowed(b))
    result = intervals.OPERATIONS[symbol](x, y)
    if x.small and y.small and result.small:
        return Operand(Type((result,)), _small(low, symbol, narrowed(a), narrowed(b)))
    if x.wide and y.wide and result.wide and all(s.small or o.form == "wide" for s, o in ((x, a), (y, b))):
        found = _wide_operation(low, symbol, (a, x), (b, y))
        if found is not None:
            return Operand(
                Type((result,)),
                rs.Cast(found, rs.NamedType("i64")) if result.small else found,
                "value" if result.small else "wide",
            )
    a, b = narrowed(a), narrowed(b)
    return _big(low, symbol, a, b, result)


def _small(low: Lowering, symbol: str, a: Operand, b: Operand) -> rs.Expression:
    x, y = a.type.shapes[0], b.type.shapes[0]
    assert isinstance(x, IntShape)
    assert isinstance(y, IntShape)
    left, right = low.own(a), low.own(b)
    if symbol in {"+", "-", "*", "&", "|", "^"}:
        return rs.Binary(symbol, left, right)
    if symbol == "**":
        count = rs.Integer(b.expr.value) if isinstance(b.expr, rs.Integer) else rs.Cast(right, rs.NamedType("u32"))
        return call("i64::pow", typed(left), count)
    if symbol in {"//", "%"}:
        return _small_division(low, symbol, (left, x), (right, y))
    if y.low is not None and y.low >= 0 and y.high is not None and y.high < 64:
        return rs.Binary(symbol, typed(left), right)
    return low.fallible(call(_FUNCTIONS[symbol], left, right))


def _small_division(
    low: Lowering, symbol: str, left: tuple[rs.Expression, IntShape], right: tuple[rs.Expression, IntShape]
) -> rs.Expression:
    (a, x), (b, y) = left, right
    if y.low is not None and y.low > 0:
        if x.low is not None and x.low >= 0:
            return rs.Binary("/" if symbol == "//" else "%", a, b)
        return rs.Method(typed(a), "div_euclid" if symbol == "//" else "rem_euclid", (b,))
    return low.fallible(call(_FUNCTIONS[symbol], a, b))


def _wide_operation(
    low: Lowering, symbol: str, left: tuple[Operand, IntShape], right: tuple[Operand, IntShape]
) -> rs.Expression | None:
    """An operation whose result fits 128 bits, as a temporary of that size."""
    (a, x), (b, y) = left, right
    if symbol not in {"+", "-", "*", "//", "%", "&", "|", "^"} or (
        symbol in {"//", "%"} and (y.low is None or y.low <= 0)
    ):
        return None
    first, second = _widened(low, a), _widened(low, b)
    if symbol in {"//", "%"}:
        if x.low is not None and x.low >= 0:
            shift = _power_of_two(y) if symbol == "//" else None
            if shift is not None:
                # Division of 128 bits is a call, and the compiler does not know the sign.
                return rs.Binary(">>", first, rs.Integer(shift))
            return rs.Binary("/" if symbol == "//" else "%", first, second)
        return rs.Method(first, "div_euclid" if symbol == "//" else "rem_euclid", (second,))
    return rs.Binary(symbol, first, second)


def _power_of_two(shape: IntShape) -> int | None:
    """The exponent, where it is the one number of the range."""
    if shape.low is None or shape.low != shape.high or shape.low.bit_count() != 1 or shape.low < 0:
        return None
    return shape.low.bit_length() - 1


def _widened(low: Lowering, operand: Operand) -> rs.Expression:
    if operand.form == "wide":
        return operand.expr
    value = low.own(operand)
    if isinstance(value, rs.Integer):
        return rs.Integer(value.value, "i128")
    return call("i128::from", typed(value))


def _big(low: Lowering, symbol: str, a: Operand, b: Operand, result: IntShape) -> Operand:
    type_ = Type((result,))
    low.big_operations += 1
    value = _big_expression(low, symbol, a, b)
    if result.small:
        return Operand(type_, rs.Method(value, "to_small"))
    return Operand(type_, value)


def _big_expression(low: Lowering, symbol: str, a: Operand, b: Operand) -> rs.Expression:
    x, y = a.type.shapes[0], b.type.shapes[0]
    assert isinstance(x, IntShape)
    assert isinstance(y, IntShape)
    wide = low.convert(a, INT) if x.small else a.expr
    right = typed(low.own(b)) if y.small else low.borrow(b)
    if symbol in {"+", "-", "*"}:
        left = rs.Borrow(wide) if a.form != "value" and not x.small else wide
        if a.form == "ref" and not x.small:
            left = wide
        return rs.Binary(symbol, left, right)
    other = rs.Borrow(low.convert(b, INT)) if y.small else low.borrow(b)
    mine = rs.Borrow(low.convert(a, INT)) if x.small else low.borrow(a)
    result = call(_BIG_FUNCTIONS[symbol], mine, other)
    if symbol in "&|^":
        return result
    return _fallible(low, result, symbol in {"//", "%"} and _excludes_zero(y))


def low_unwrap(expr: rs.Expression) -> rs.Expression:
    """The value of a `Result` that cannot be an error."""
    return rs.Method(expr, "unwrap")


def _fallible(low: Lowering, result: rs.Expression, safe: bool) -> rs.Expression:
    return low_unwrap(result) if safe else low.fallible(result)


def _open_power(low: Lowering, a: Operand, b: Operand) -> Operand:
    """`a ** b` whose exponent may be negative: an integer or a float comes out."""
    y = b.type.shapes[0]
    assert isinstance(y, IntShape)
    if y.high is not None and y.high < 0:
        return _floats(low, "**", a, b)
    b = low.named(b, "exponent")
    a = low.named(a, "base")
    integer = low.fallible(call("int_pow", rs.Borrow(low.convert(a, INT)), rs.Borrow(low.convert(b, INT))))
    fraction = _floats(low, "**", a, b)
    joined = INT.join(FLOAT)
    condition = rs.Binary("<", low.own(b) if y.small else _plain(low, b), rs.Integer(0))
    then = rs.Block((), low.convert(fraction, joined))
    return Operand(joined, rs.If(condition, then, rs.Block((), low.convert(Operand(INT, integer), joined))))


# sequences


def _concat_str(low: Lowering, a: Operand, b: Operand) -> Operand:
    # `a + b + c` is made at once.
    parts = _texts(a.expr) if a.form == "value" else None
    if parts is not None:
        return Operand(STR, call("Str::joined", rs.Array((*parts, low.borrow(b)))))
    return Operand(STR, rs.Method(low.receiver(a), "concat", (low.borrow(b),)))


def _texts(expr: rs.Expression) -> tuple[rs.Expression, ...] | None:
    """The references to texts that an expression puts together; None where it does something else."""
    if isinstance(expr, rs.Method) and expr.name == "concat":
        return (rs.Borrow(expr.receiver), *expr.arguments)
    if (
        isinstance(expr, rs.Call)
        and expr.function == rs.Name("Str::joined")
        and isinstance(expr.arguments[0], rs.Array)
    ):
        return expr.arguments[0].items
    return None


def _repeat(low: Lowering, a: Operand, b: Operand) -> Operand | None:
    count = as_int(low, b)
    shape = count.type.only
    assert isinstance(shape, IntShape)
    times = low.own(count) if shape.small else low.fallible(rs.Method(count.expr, "size"))
    if shape.high is None or shape.high > intervals.LENGTH:
        times = low.fallible(call("repeat_count", times))
    sequence = a.type.only
    if isinstance(sequence, ListShape):
        result = low.list_of(low.contents(sequence.cell), sequence.kind)
        _agree(result, a.type)
    elif isinstance(sequence, TupleShape):
        if isinstance(count.constant, int) and 0 <= count.constant * len(sequence.items) <= 12:
            parts = low.tuple_parts(low.named(a), sequence) * count.constant
            from sovereign.migration.depyler.expressions import make_tuple

            return make_tuple(low, parts)
        result = seq_of(join_all(sequence.items))
        return Operand(result, rs.Method(low.convert(a, result), "repeat", (times,)))
    else:
        result = a.type
    return Operand(result, rs.Method(low.receiver(a), "repeat", (times,)))


def _repeat_swapped(low: Lowering, a: Operand, b: Operand) -> Operand | None:
    return _repeat(low, b, a)


def _agree(result: Type, *parts: Type) -> None:
    """Unite the contents of a new list with those of the lists that it is made of."""
    mine = result.only
    for part in parts:
        shape = part.only
        if isinstance(mine, ListShape | SetShape) and isinstance(shape, ListShape | SetShape):
            mine.cell.unite(shape.cell)
        if isinstance(mine, DictShape) and isinstance(shape, DictShape):
            mine.key.unite(shape.key)
            mine.value.unite(shape.value)


def _concat_list(low: Lowering, a: Operand, b: Operand) -> Operand | None:
    x = a.type.only
    assert isinstance(x, ListShape)
    result = low.list_of(low.contents(x.cell), x.kind)
    _agree(result, a.type, b.type)
    return Operand(result, rs.Method(low.receiver(a), "concat", (low.borrow(b),)))


def _concat_tuple(low: Lowering, a: Operand, b: Operand) -> Operand | None:
    x, y = a.type.only, b.type.only
    if isinstance(x, TupleShape) and isinstance(y, TupleShape) and len(x.items) + len(y.items) <= 12:
        parts = low.tuple_parts(a, x) + low.tuple_parts(b, y)
        from sovereign.migration.depyler.expressions import make_tuple

        return make_tuple(low, parts)
    joined = join_all([*_items(x), *_items(y)])
    target = seq_of(joined)
    return Operand(target, rs.Method(low.convert(a, target), "concat", (rs.Borrow(low.convert(b, target)),)))


def _items(shape: Shape | None) -> tuple[Type, ...]:
    if isinstance(shape, TupleShape):
        return shape.items
    return (shape.item,) if isinstance(shape, SeqShape) else ()


def _set_operation(name: str) -> Callable[[Lowering, Operand, Operand], Operand | None]:
    def operation(low: Lowering, a: Operand, b: Operand) -> Operand | None:
        x, y = a.type.only, b.type.only
        assert isinstance(x, SetShape)
        assert isinstance(y, SetShape)
        result = low.set_of(low.contents(x.cell), x.kind)
        _agree(result, a.type, b.type)
        return Operand(result, rs.Method(low.receiver(a), name, (low.borrow(b),)))

    return operation


def _counters(name: str) -> Callable[[Lowering, Operand, Operand], Operand | None]:
    def operation(low: Lowering, a: Operand, b: Operand) -> Operand | None:
        x = a.type.only
        assert isinstance(x, DictShape)
        result = low.dict_of(low.contents(x.key), low.contents(x.value), "Counter")
        _agree(result, a.type, b.type)
        return Operand(result, call(f"counter_{name}", low.borrow(a), low.borrow(b)))

    return operation


def _merge_dicts(low: Lowering, a: Operand, b: Operand) -> Operand | None:
    x = a.type.only
    assert isinstance(x, DictShape)
    result = low.dict_of(low.contents(x.key), low.contents(x.value), x.kind)
    _agree(result, a.type, b.type)
    return Operand(result, rs.Method(low.receiver(a), "merged", (low.borrow(b),)))


def _percent(low: Lowering, a: Operand, b: Operand) -> Operand | None:
    from sovereign.migration.depyler.formatting import percent

    return percent(low, a, b)


_TABLE: dict[tuple[str, str, str], Callable[[Lowering, Operand, Operand], Operand | None]] = {
    ("str", "+", "str"): _concat_str,
    ("str", "*", "int"): _repeat,
    ("int", "*", "str"): _repeat_swapped,
    ("str", "*", "bool"): _repeat,
    ("bool", "*", "str"): _repeat_swapped,
    ("str", "%", "*"): _percent,
    ("list", "+", "list"): _concat_list,
    ("list", "*", "int"): _repeat,
    ("int", "*", "list"): _repeat_swapped,
    ("list", "*", "bool"): _repeat,
    ("bool", "*", "list"): _repeat_swapped,
    ("tuple", "*", "bool"): _repeat,
    ("bool", "*", "tuple"): _repeat_swapped,
    ("deque", "+", "deque"): _concat_list,
    ("tuple", "+", "tuple"): _concat_tuple,
    ("tuple", "*", "int"): _repeat,
    ("int", "*", "tuple"): _repeat_swapped,
    ("dict", "|", "dict"): _merge_dicts,
    **{
        ("Counter", sign, "Counter"): _counters(name)
        for sign, name in (("+", "add"), ("-", "sub"), ("&", "and"), ("|", "or"))
    },
    **{
        (a, sign, b): _set_operation(name)
        for a in ("set", "frozenset")
        for b in ("set", "frozenset")
        for sign, name in (("&", "intersection"), ("|", "union"), ("-", "difference"), ("^", "symmetric_difference"))
    },
}
LIBRARY_OPERATORS: dict[tuple[str, str, str], Callable[[Lowering, Operand, Operand], Operand]] = {}
PLAIN: dict[str, Callable[[Lowering, Operand], Operand]] = {}
"""Types of the library whose values are equal to plain ones: what makes those of them."""
LIBRARY_TRUTH: dict[str, Callable[[Lowering, Operand], rs.Expression]] = {}
ELEMENTWISE: set[str] = set()
"""Types of the library whose comparisons give no `bool`, or are never settled by the types alone."""


# comparison


def compare(low: Lowering, symbol: str, left: Operand, right: Operand) -> Operand:
    """`left symbol right` for `==`, `!=`, `<`, `<=`, `>` and `>=`."""
    if symbol in {"==", "!="}:
        return equals(low, left, right, negated=symbol == "!=")
    return distribute_both(low, left, right, lambda a, b: _order(low, symbol, a, b))


def equals(low: Lowering, left: Operand, right: Operand, *, negated: bool = False) -> Operand:
    """`left == right`, or its negation."""
    if isinstance(left.constant, str) and isinstance(right.constant, str):
        same = (left.constant == right.constant) is not negated
        return Operand(BOOL, rs.Boolean(same), constant=same)
    if left.type.never or right.type.never:
        return Operand(BOOL, rs.Boolean(negated))
    if low.rust(left.type) == low.rust(right.type) and len(left.type.shapes) > 1 and not _has_dunder(left, "__eq__"):
        return _object_equals(low, left, right, negated=negated)
    return distribute_both(low, left, right, lambda a, b: _equals(low, a, b, negated=negated))


def _has_dunder(operand: Operand, name: str) -> bool:
    return any(isinstance(s, InstanceShape) and s.cls.find_method(name) for s in operand.type)


def _negate(expr: rs.Expression, negated: bool) -> rs.Expression:
    return rs.Unary("!", expr) if negated else expr


def _object_equals(low: Lowering, a: Operand, b: Operand, *, negated: bool) -> Operand:
    same = rs.Method(low.receiver(a), "equals", (low.borrow(b),))
    return Operand(BOOL, _negate(same, negated))


def _equals(low: Lowering, a: Operand, b: Operand, *, negated: bool) -> Operand:
    a, b = _as_tuples(low, a, b)
    x, y = a.type.shapes[0], b.type.shapes[0]
    if isinstance(x, InstanceShape) or isinstance(y, InstanceShape):
        found = _instance_equals(low, a, b, negated=negated)
        if found is not None:
            return found
    if _is_number(x) and _is_number(y):
        return _order(low, "!=" if negated else "==", a, b)
    if x.tag == "str" and y.tag == "str":
        return Operand(BOOL, rs.Binary("!=" if negated else "==", _text(low, a, b), _text(low, b, a)))
    library = LIBRARY_OPERATORS.get((x.tag, "!=" if negated else "==", y.tag))
    if library is not None and {x.tag, y.tag} & ELEMENTWISE:
        return library(low, a, b)
    library = LIBRARY_OPERATORS.get((x.tag, "==", y.tag))
    if library is not None:
        return Operand(BOOL, _negate(low.own(library(low, a, b)), negated))
    if {x.tag, y.tag} & ELEMENTWISE:
        raise low.refuse(low.node, f"`==` of `{python_type_name(x)}` and `{python_type_name(y)}`")
    if x.tag != y.tag and not {x.tag, y.tag} <= {"set", "frozenset"} and not {x.tag, y.tag} <= _DICT_TAGS:
        value = rs.Boolean(negated)
        return Operand(BOOL, low.after(a, low.after(b, value)), constant=negated)
    if isinstance(x, TupleShape | SeqShape):
        return _tuple_equals(low, a, b, negated=negated)
    return _same_kind_equals(low, a, b, negated=negated)


_DICT_TAGS = {"dict", "defaultdict", "Counter", "OrderedDict"}


def _text(low: Lowering, a: Operand, other: Operand) -> rs.Expression:
    """A str in a comparison: a literal stays `&str`."""
    if isinstance(a.constant, str) and not isinstance(other.constant, str):
        return rs.Text(a.constant)
    if a.form == "ref" and not (isinstance(other.constant, str)):
        return rs.Deref(a.expr)
    return rs.Deref(a.expr) if a.form == "ref" else a.expr


def _instance_equals(low: Lowering, a: Operand, b: Operand, *, negated: bool) -> Operand | None:
    found = _dunder(low, "!=" if negated else "==", a, b, inplace=False)
    if found is not None:
        return found
    if negated:
        found = _dunder(low, "==", a, b, inplace=False)
        if found is not None:
            return Operand(BOOL, rs.Unary("!", truth(low, found)))
    x, y = a.type.shapes[0], b.type.shapes[0]
    if x.tag != y.tag:
        plain = [as_value_of_enum(low, operand) for operand in (a, b)]
        if plain != [a, b] and not any(isinstance(p.type.shapes[0], InstanceShape) for p in plain):
            return equals(low, plain[0], plain[1], negated=negated)
        return Operand(BOOL, low.after(a, low.after(b, rs.Boolean(negated))), constant=negated)
    assert isinstance(x, InstanceShape)
    if x.cls.enum_members is not None:
        return Operand(BOOL, rs.Binary("!=" if negated else "==", low.own(a), low.own(b)))
    return _object_equals(low, a, b, negated=negated)


def _tuple_equals(low: Lowering, a: Operand, b: Operand, *, negated: bool) -> Operand:
    x, y = a.type.shapes[0], b.type.shapes[0]
    if isinstance(x, TupleShape) and isinstance(y, TupleShape) and len(x.items) != len(y.items):
        return Operand(BOOL, low.after(a, low.after(b, rs.Boolean(negated))), constant=negated)
    if low.rust(a.type) == low.rust(b.type):
        return _object_equals(low, a, b, negated=negated)
    joined = a.type.join(b.type)
    left, right = Operand(joined, low.convert(a, joined)), Operand(joined, low.convert(b, joined))
    return _object_equals(low, left, right, negated=negated)


def _same_kind_equals(low: Lowering, a: Operand, b: Operand, *, negated: bool) -> Operand:
    x, y = a.type.shapes[0], b.type.shapes[0]
    if low.rust(a.type) != low.rust(b.type):
        if _agreeable(low, x, y):
            _agree(a.type, b.type)
            return _object_equals(low, a, b, negated=negated)
        return Operand(
            BOOL,
            _negate(call("equal_contents", low.borrow(a), low.borrow(b)), negated),
        )
    if x.tag in {"float", "bool", "none", "bytes"}:
        if x.tag == "none":
            return Operand(BOOL, rs.Boolean(not negated))
        return Operand(BOOL, rs.Binary("!=" if negated else "==", low.copied(a), low.copied(b)))
    return _object_equals(low, a, b, negated=negated)


def _agreeable(low: Lowering, x: Shape, y: Shape) -> bool:
    """Comparing two containers makes their contents one type; that is exact, for it only adds alternatives."""
    del low
    if isinstance(x, ListShape | SetShape) and isinstance(y, ListShape | SetShape):
        return x.kind == y.kind
    return isinstance(x, DictShape) and isinstance(y, DictShape)


def _order(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    a, b = _as_tuples(low, a, b)
    x, y = a.type.shapes[0], b.type.shapes[0]
    if isinstance(x, InstanceShape) or isinstance(y, InstanceShape):
        found = _instance_order(low, symbol, a, b)
        if found is not None:
            return found
        a, b = as_value_of_enum(low, a), as_value_of_enum(low, b)
        x, y = a.type.shapes[0], b.type.shapes[0]
        if isinstance(x, InstanceShape) or isinstance(y, InstanceShape):
            return _no_order(low, symbol, x, y)
    if _is_number(x) and _is_number(y):
        return _number_order(low, symbol, a, b)
    if x.tag == y.tag == "str":
        return Operand(BOOL, rs.Binary(symbol, _ordered_text(low, a), _ordered_text(low, b)))
    if {x.tag, y.tag} <= {"set", "frozenset"}:
        return _set_order(low, symbol, a, b)
    if x.tag == y.tag and x.tag in {"list", "tuple", "deque", "bytes", "bytearray"}:
        return _sequence_order(low, symbol, a, b)
    library = LIBRARY_OPERATORS.get((x.tag, symbol, y.tag))
    if library is not None:
        return library(low, a, b)
    return _no_order(low, symbol, x, y)


def _sequence_order(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    from sovereign.migration.depyler.sorting import needs_asking

    x, y = a.type.shapes[0], b.type.shapes[0]
    if isinstance(x, TupleShape) and isinstance(y, TupleShape) and _differ(low, a, b):
        return _tuple_order(low, symbol, a, b)
    joined = a.type.join(b.type)
    left = Operand(joined, low.convert(a, joined)) if low.rust(a.type) != low.rust(joined) else a
    right = Operand(joined, low.convert(b, joined)) if low.rust(b.type) != low.rust(joined) else b
    if needs_asking(low, joined):
        return _asked_sequence(low, symbol, left, right)
    name = {"<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}[symbol]
    return Operand(BOOL, call(name, low.borrow(left), low.borrow(right)))


def _differ(low: Lowering, a: Operand, b: Operand) -> bool:
    """Whether two tuples must be compared item by item: they are of several types, or of different lengths."""
    from sovereign.migration.depyler.sorting import needs_asking

    x, y = a.type.shapes[0], b.type.shapes[0]
    assert isinstance(x, TupleShape)
    assert isinstance(y, TupleShape)
    return len(x.items) != len(y.items) or needs_asking(low, a.type.join(b.type))


def _tuple_order(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    """The first pair of items that differ decides; the pair is compared as its types say."""
    x, y = a.type.shapes[0], b.type.shapes[0]
    assert isinstance(x, TupleShape)
    assert isinstance(y, TupleShape)
    pairs = list(zip(low.tuple_parts(low.named(a), x), low.tuple_parts(low.named(b), y), strict=False))
    lengths = _PYTHON[symbol](len(x.items), len(y.items))
    result: rs.Expression = rs.Boolean(bool(lengths))
    for one, other in reversed(pairs):
        same = low.own(equals(low, one, other))
        with low.capture() as statements:
            decided = low.own(compare(low, symbol, one, other))
        result = rs.If(same, rs.Block((), result), rs.Block(tuple(statements), decided))
    return Operand(BOOL, result)


def _asked_sequence(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    """Two lists: the first pair of items that differ decides, else the lengths."""
    from sovereign.migration.depyler.iteration import iterate

    a, b = low.named(a, "left"), low.named(b, "right")
    item = iterate(low, a).item
    slices = [rs.Borrow(rs.Method(o.expr, "to_vec")) for o in (a, b)]
    pair = call("first_difference", *slices)
    names = (low.fresh("one"), low.fresh("other"))
    with low.capture() as statements:
        decided = low.own(compare(low, symbol, *(Operand(item, rs.Name(n), "place") for n in names)))
    lengths = rs.Binary(symbol, rs.Method(a.expr, "len"), rs.Method(b.expr, "len"))
    pattern = rs.VariantPattern("Some", (rs.TuplePattern(tuple(rs.Bind(n) for n in names)),))
    arms = (
        rs.Arm(pattern, rs.BlockExpression(rs.Block(tuple(statements), decided))),
        rs.Arm(rs.VariantPattern("None"), lengths),
    )
    return Operand(BOOL, rs.Match(pair, arms))


def _no_order(low: Lowering, symbol: str, x: Shape, y: Shape) -> Operand:
    if not surely_raises(symbol, x, y):
        raise low.refuse(low.node, f"`{symbol}` of `{python_type_name(x)}` and `{python_type_name(y)}`")
    names = f"'{python_type_name(x)}' and '{python_type_name(y)}'"
    return low.type_error(f"'{symbol}' not supported between instances of {names}")


def _ordered_text(low: Lowering, a: Operand) -> rs.Expression:
    return rs.Method(a.expr, "as_str") if not isinstance(a.constant, str) else rs.Text(a.constant)


def _number_order(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    if a.type == BOOL and b.type == BOOL:
        return Operand(BOOL, rs.Binary(symbol, low.own(a), low.own(b)))
    a, b = as_int(low, a), as_int(low, b)
    x, y = a.type.shapes[0], b.type.shapes[0]
    if FLOAT in (a.type, b.type):
        if all(not isinstance(s, IntShape) or _exact(s) for s in (x, y)):
            return Operand(BOOL, rs.Binary(symbol, as_float(low, a), as_float(low, b)))
        left, right = (_plain(low, o) if o.type == FLOAT else _wide(low, o) for o in (a, b))
        return Operand(BOOL, _compare_mixed(symbol, left, right, a_is_float=a.type == FLOAT))
    assert isinstance(x, IntShape)
    assert isinstance(y, IntShape)
    if x.small and y.small:
        left, right = low.own(a), low.own(b)
        left = rs.BlockExpression(rs.Block((), left)) if isinstance(left, rs.Cast) and symbol == "<" else left
        return Operand(BOOL, rs.Binary(symbol, left, right))
    if x.small:
        flipped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(symbol, symbol)
        return Operand(BOOL, rs.Binary(flipped, _plain(low, b), typed(low.own(a))))
    right = typed(low.own(b)) if y.small else _plain(low, b)
    return Operand(BOOL, rs.Binary(symbol, _plain(low, a), right))


def _plain(low: Lowering, operand: Operand) -> rs.Expression:
    if is_copy(operand.type):
        return low.own(operand)
    return rs.Deref(operand.expr) if operand.form == "ref" else operand.expr


def _wide(low: Lowering, operand: Operand) -> rs.Expression:
    """An integer as `Int`, to be compared with a float."""
    only = operand.type.only
    return low.convert(operand, INT) if isinstance(only, IntShape) and only.small else _plain(low, operand)


def _compare_mixed(symbol: str, left: rs.Expression, right: rs.Expression, *, a_is_float: bool) -> rs.Expression:
    """An integer that may not fit a float against a float, exactly."""
    if a_is_float:
        flipped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(symbol, symbol)
        return _compare_mixed(flipped, right, left, a_is_float=False)
    return rs.Binary(symbol, left, right)


def _instance_order(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand | None:
    return _dunder(low, symbol, a, b, inplace=False)


def _set_order(low: Lowering, symbol: str, a: Operand, b: Operand) -> Operand:
    _agree(a.type, b.type)
    subset = rs.Method(low.receiver(a), "issubset", (low.borrow(b),))
    superset = rs.Method(low.receiver(a), "issuperset", (low.borrow(b),))
    if symbol == "<=":
        return Operand(BOOL, subset)
    if symbol == ">=":
        return Operand(BOOL, superset)
    a, b = low.named(a, "left"), low.named(b, "right")
    sizes = rs.Binary(symbol, rs.Method(a.expr, "len"), rs.Method(b.expr, "len"))
    test = "issubset" if symbol == "<" else "issuperset"
    return Operand(BOOL, rs.Binary("&&", sizes, rs.Method(low.receiver(a), test, (low.borrow(b),))))


# truth


def truth(low: Lowering, operand: Operand) -> rs.Expression:
    """Whether a value counts as true, as a Rust `bool`."""
    if operand.type.never:
        return diverging(operand.expr)
    if operand.type == BOOL:
        return low.own(operand)
    result = distribute(low, operand, lambda a: Operand(BOOL, _truth(low, a)))
    return low.own(result)


def _truth(low: Lowering, operand: Operand) -> rs.Expression:
    shape = operand.type.shapes[0]
    match shape:
        case Atom(name="bool"):
            return low.own(operand)
        case Atom(name="none"):
            return low.after(operand, rs.Boolean(False))
        case IntShape():
            return rs.Binary("!=", _plain(low, operand), rs.Integer(0))
        case Atom(name="float"):
            return rs.Binary("!=", low.own(operand), rs.Float(0.0))
        case TupleShape():
            return low.after(operand, rs.Boolean(bool(shape.items)))
        case InstanceShape():
            return _instance_truth(low, operand)
        case _ if shape.tag in {"function", "iterator", "exception", "Generator"} or shape.tag.startswith(
            ("function ", "class ")
        ):
            return low.after(operand, rs.Boolean(True))
        case _ if shape.tag in LIBRARY_TRUTH:
            return LIBRARY_TRUTH[shape.tag](low, operand)
        case _:
            return rs.Method(low.receiver(operand), "truth")


def _instance_truth(low: Lowering, operand: Operand) -> rs.Expression:
    from sovereign.migration.depyler.calls import call_method, has_method

    for name in ("__bool__", "__len__"):
        if has_method(operand, name):
            return truth(low, call_method(low, operand, name, []))
    plain = as_value_of_enum(low, operand)
    return low.after(operand, rs.Boolean(True)) if plain is operand else truth(low, plain)
