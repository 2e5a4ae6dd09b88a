"""How NumPy's arrays are made: from lists, of one number, of numbers in steps.

Enters: call sites. Leaves: operands. The type of the items follows from what a list holds, or from `dtype`; it must be
known while translating, and so must the number of axes.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.builtin_functions import CONSTANTS, builtin
from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.library.arrays import (
    ITEMS,
    MOST_AXES,
    array_type,
    axes_of,
    item_operand,
    items_of,
    plain_item,
)
from sovereign.migration.depyler.library.objects import arguments_within, required
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import small_index
from sovereign.migration.depyler.operators import as_float, as_int, call
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    NONE,
    IntShape,
    ListShape,
    SeqShape,
    TupleShape,
    Type,
    join_all,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite
    from sovereign.migration.depyler.library.arrays import Items

__all__ = ["as_array", "cast", "dtype_argument", "number_as", "plain_dtype", "shape_argument"]

_DTYPES = {
    "float": "float64",
    "int": "int64",
    "bool": "bool",
    "numpy.float64": "float64",
    "numpy.double": "float64",
    "numpy.float32": "float32",
    "numpy.int64": "int64",
    "numpy.int_": "int64",
    "numpy.int32": "int32",
    "numpy.bool": "bool",
    "numpy.bool_": "bool",
}
_WORDS = {"float": "float64", "int": "int64", "f8": "float64", "f4": "float32", "i8": "int64", "i4": "int32"}
_RANKS = ("bool", "int32", "int64", "float32", "float64")

for _name, _value in (("pi", "core::f64::consts::PI"), ("e", "core::f64::consts::E"), ("inf", "f64::INFINITY")):
    CONSTANTS[f"numpy.{_name}"] = lambda low, value=_value: Operand(FLOAT, rs.Name(value))  # type: ignore[misc]
CONSTANTS["numpy.nan"] = lambda low: Operand(FLOAT, rs.Name("f64::NAN"))
CONSTANTS["numpy.newaxis"] = lambda low: Operand(NONE, rs.Tuple())


def plain_dtype(type_: Type) -> str | None:
    """The type of items that a number becomes."""
    items = items_of(type_)
    if items is not None:
        return items.dtype
    if type_ == FLOAT:
        return "float64"
    if type_ == BOOL:
        return "bool"
    return "int64" if isinstance(type_.only, IntShape) else None


def promoted(one: str, other: str) -> str:
    """The type of items that two types have in common."""
    if {one, other} in ({"int64", "float32"}, {"int32", "float32"}):
        return "float64"
    return max(one, other, key=_RANKS.index)


def dtype_argument(site: CallSite, index: int) -> str | None:
    """The argument `dtype`, None where it is not given.

    Raises:
        Refuse: It is none of the types that are known.
    """
    given = site.argument(index, "dtype")
    if given is None or given.type == NONE:
        return None
    name = given.constant if isinstance(given.constant, str) else given.static.name if given.static else ""
    found = _DTYPES.get(name) or _WORDS.get(name) or (name if name in ITEMS else None)
    if found is None:
        raise site.refuse("this `dtype`")
    return found


def number_as(low: Lowering, operand: Operand, dtype: str) -> rs.Expression:
    """A number as an item of this type."""
    operand = plain_item(low, operand) if items_of(operand.type) is not None else operand
    if dtype == "bool":
        from sovereign.migration.depyler.operators import truth

        return truth(low, operand)
    if dtype.startswith("float"):
        value = as_float(low, operand)
        return value if dtype == "float64" else rs.Cast(value, rs.NamedType("f32"))
    if operand.type == FLOAT:
        value = call("nd_cut", low.own(operand))
    else:
        whole = as_int(low, operand)
        only = whole.type.only
        if not isinstance(only, IntShape):
            raise low.refuse(low.node, f"a number of type {operand.type!r} in an array")
        value = low.own(whole) if only.small else low.fallible(call("nd_whole", low.borrow(whole)))
    return rs.Cast(value, rs.NamedType("i32")) if dtype == "int32" else _typed(value)


def _typed(value: rs.Expression) -> rs.Expression:
    return rs.Integer(value.value, "i64") if isinstance(value, rs.Integer) else value


def cast(low: Lowering, operand: Operand, dtype: str) -> rs.Expression:
    """An array, or a number as an array without axes, by reference, with items of this type."""
    items = items_of(operand.type)
    if items is None or axes_of(operand.type) == 0:
        return rs.Borrow(call("NdArray::single", number_as(low, operand, dtype)))
    if items.dtype == dtype:
        return low.borrow(operand)
    return rs.Borrow(rs.Method(low.receiver(operand), f"cast::<{ITEMS[dtype].rust}>"))


# from lists


def as_array(low: Lowering, operand: Operand, dtype: str | None = None, node: ast.expr | None = None) -> Operand:
    """An array as it is, anything else as a new array."""
    operand = stored(low, operand)
    items = items_of(operand.type)
    if items is not None and axes_of(operand.type):
        if dtype in (None, items.dtype):
            return operand
        assert dtype is not None
        axes = axes_of(operand.type)
        assert axes is not None
        return Operand(array_type(dtype, axes), rs.Method(low.receiver(operand), f"cast::<{ITEMS[dtype].rust}>"))
    axes, leaf = _depth(low, operand.type)
    if axes == 0:
        raise low.refuse(low.node, "an array without axes")
    wanted = dtype or _leaf_dtype(low, leaf, node)
    if axes > MOST_AXES:
        raise low.refuse(low.node, f"an array of more than {MOST_AXES} axes")
    return _built(low, operand, wanted, axes)


def _depth(low: Lowering, type_: Type) -> tuple[int, Type]:
    """How many lists stand inside each other, and what the innermost hold."""
    axes = axes_of(type_)
    if axes is not None:
        items = items_of(type_)
        assert items is not None
        return axes, items.plain
    kinds = [_inside(low, shape) for shape in type_]
    if all(kind is None for kind in kinds):
        return 0, type_
    if any(kind is None for kind in kinds):
        raise low.refuse(low.node, "an array of numbers and lists")
    depths = [_depth(low, kind) for kind in kinds if kind is not None]
    if len({depth for depth, _ in depths}) > 1:
        raise low.refuse(low.node, "an array of lists that are nested unevenly")
    return depths[0][0] + 1, join_all(leaf for _, leaf in depths)


def _inside(low: Lowering, shape: object) -> Type | None:
    if isinstance(shape, ListShape):
        return low.contents(shape.cell)
    if isinstance(shape, TupleShape):
        return join_all(shape.items)
    return shape.item if isinstance(shape, SeqShape) else None


def _leaf_dtype(low: Lowering, leaf: Type, node: ast.expr | None) -> str:
    if leaf.never:
        return "float64"
    found = {plain_dtype(Type((shape,))) for shape in leaf}
    if None in found:
        raise low.refuse(low.node, f"an array of items of type {leaf!r}")
    if found == {"bool", "int64"}:
        return "int64" if _has(node, int) else _unsure(low)
    if "float64" in found and len(found) > 1 and found <= {"bool", "int64", "float64"}:
        return "float64" if _has(node, float) else _unsure(low)
    if len(found) > 1:
        return _unsure(low)
    return next(each for each in found if each is not None)


def _has(node: ast.expr | None, kind: type) -> bool:
    """Whether a literal holds such a number for sure."""
    if not isinstance(node, ast.List | ast.Tuple):
        return False
    return any(isinstance(each, ast.Constant) and type(each.value) is kind for each in ast.walk(node))


def _unsure(low: Lowering) -> str:
    raise low.refuse(low.node, "an array of numbers of several types, say which by `dtype`")


def _built(low: Lowering, operand: Operand, dtype: str, axes: int) -> Operand:
    """The items, list by list, in a builder."""
    name = low.fresh("items")
    made = call(f"NdBuilder::<{ITEMS[dtype].rust}>::new")
    low.emit(rs.Let(rs.Bind(name, mutable=True), None, made))

    def fill(value: Operand, axis: int) -> None:
        own = axes_of(value.type)
        if own:
            if own != 1 or axis + 1 != axes:
                raise low.refuse(low.node, "an array of arrays of several axes")
            low.emit(rs.Evaluate(rs.Method(rs.Name(name), "extend", (rs.Integer(axis), cast(low, value, dtype)))))
            return
        iterate(low, value).loop(low, "part", lambda part: low.emit(rs.Evaluate(low.own(item(part, axis)))))

    def item(value: Operand, axis: int) -> Operand:
        if axis + 1 == axes:
            return distribute(low, value, lambda one: _evaluated(_pushed(low, name, axis, one, dtype)))

        def inner(one: Operand) -> Operand:
            with low.capture() as statements:
                fill(one, axis + 1)
            low.out.extend(statements)
            return _evaluated(rs.Method(rs.Name(name), "close", (rs.Integer(axis + 1),)))

        return distribute(low, value, inner)

    fill(operand, 0)
    built = low.fallible(rs.Method(rs.Name(name), "build", (rs.Integer(axes),)))
    return Operand(array_type(dtype, axes), built)


def _pushed(low: Lowering, name: str, axis: int, value: Operand, dtype: str) -> rs.Expression:
    return rs.Method(rs.Name(name), "push", (rs.Integer(axis), number_as(low, value, dtype)))


def _evaluated(expr: rs.Expression) -> Operand:
    return Operand(NONE, expr)


@builtin("numpy.array", "numpy.asarray", "numpy.copy")
def _array(site: CallSite) -> Operand:
    arguments_within(site, 2, "dtype")
    low = site.low
    node = site.nodes[0] if site.given is None and site.count else None
    made = as_array(low, required(site, 0), dtype_argument(site, 1), node)
    is_new = made.form == "value" and not isinstance(made.expr, rs.Name)
    if is_new and items_of(site.operands[0].type) is None:
        return made
    name = site.node.func.attr if isinstance(site.node.func, ast.Attribute) else getattr(site.node.func, "id", "")
    if name == "asarray":
        return made
    return Operand(made.type, rs.Method(low.receiver(made), "copy"))


# of one number


def shape_argument(site: CallSite, operand: Operand) -> tuple[rs.Expression, int]:
    """Sizes as a reference to an array of `i64`, and how many there are."""
    low = site.low
    only = operand.type.only
    if isinstance(only, TupleShape):
        sizes = [small_index(low, part) for part in low.tuple_parts(low.named(operand), only)]
    elif isinstance(only, IntShape) or items_of(operand.type) is not None:
        sizes = [small_index(low, operand)]
    else:
        raise site.refuse("a shape whose number of axes is not known while translating")
    if not 1 <= len(sizes) <= MOST_AXES:
        raise site.refuse(f"an array of no axes, or of more than {MOST_AXES}")
    return rs.Borrow(rs.Array(tuple(sizes))), len(sizes)


def _filled(site: CallSite, value: Operand | None, number: int, index: int) -> Operand:
    low = site.low
    sizes, axes = shape_argument(site, required(site, 0, "shape"))
    dtype = dtype_argument(site, index)
    if value is None:
        items = ITEMS[dtype or "float64"]
        item = _constant(items, number)
    else:
        found = dtype or plain_dtype(value.type)
        if found is None:
            raise site.refuse("an array of such items")
        items, item = ITEMS[found], number_as(low, value, found)
    return Operand(array_type(items.dtype, axes), low.fallible(call("nd_filled", sizes, item)))


def _constant(items: Items, number: int) -> rs.Expression:
    if items.dtype == "bool":
        return rs.Boolean(bool(number))
    if items.dtype.startswith("float"):
        return (
            rs.Cast(rs.Float(float(number)), rs.NamedType(items.rust))
            if items.rust == "f32"
            else rs.Float(float(number))
        )
    return rs.Integer(number, items.rust)


@builtin("numpy.zeros", "numpy.empty")
def _zeros(site: CallSite) -> Operand:
    arguments_within(site, 2, "shape", "dtype")
    return _filled(site, None, 0, 1)


@builtin("numpy.ones")
def _ones(site: CallSite) -> Operand:
    arguments_within(site, 2, "shape", "dtype")
    return _filled(site, None, 1, 1)


@builtin("numpy.full")
def _full(site: CallSite) -> Operand:
    arguments_within(site, 3, "shape", "fill_value", "dtype")
    return _filled(site, stored(site.low, required(site, 1, "fill_value")), 0, 2)


def _like(number: int) -> None:
    @builtin(f"numpy.{'ones' if number else 'zeros'}_like", *(() if number else ("numpy.empty_like",)))
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 2, "dtype")
        low = site.low
        given = as_array(low, required(site, 0))
        items = ITEMS[dtype_argument(site, 1) or _items(given).dtype]
        axes = axes_of(given.type)
        assert axes is not None
        item = _constant(items, number)
        made = rs.Method(low.receiver(given), "mapped", (rs.Closure(((rs.Wildcard(), None),), item),))
        return Operand(array_type(items.dtype, axes), made)


_like(0)
_like(1)


def _items(operand: Operand) -> Items:
    items = items_of(operand.type)
    assert items is not None
    return items


@builtin("numpy.full_like")
def _full_like(site: CallSite) -> Operand:
    arguments_within(site, 2, "fill_value")
    low = site.low
    given, value = as_array(low, required(site, 0)), stored(low, required(site, 1, "fill_value"))
    items = _items(given)
    value = low.named(Operand(value.type, number_as(low, value, items.dtype)), "value")
    made = rs.Method(low.receiver(given), "mapped", (rs.Closure(((rs.Wildcard(), None),), value.expr),))
    return Operand(given.type, made)


@builtin("numpy.eye", "numpy.identity")
def _eye(site: CallSite) -> Operand:
    arguments_within(site, 2, "dtype")
    low = site.low
    rows = low.named(Operand(site.operands[0].type, small_index(low, site.operands[0])), "rows")
    columns = small_index(low, site.operands[1]) if site.count > 1 else rows.expr
    items = ITEMS[dtype_argument(site, 2) or "float64"]
    return Operand(array_type(items.dtype, 2), low.fallible(call("nd_eye", rows.expr, columns, _constant(items, 1))))


# in steps


@builtin("numpy.arange")
def _arange(site: CallSite) -> Operand:
    arguments_within(site, 3, "dtype")
    low = site.low
    given = [stored(low, o) for o in site.operands]
    dtype = dtype_argument(site, 3)
    found = [plain_dtype(o.type) for o in given]
    if not given or None in found or "float32" in found:
        raise site.refuse("`arange` with these arguments")
    if "float64" not in found:
        numbers = [number_as(low, o, "int64") for o in given]
        start, stop, step = _three(numbers, rs.Integer(0, "i64"), rs.Integer(1, "i64"))
        made = Operand(array_type("int64", 1), low.fallible(call("nd_arange", start, stop, step)))
    else:
        numbers = [number_as(low, o, "float64") for o in given]
        start, stop, step = _three(numbers, rs.Float(0.0), rs.Float(1.0))
        made = Operand(array_type("float64", 1), low.fallible(call("nd_arange_float", start, stop, step)))
    if dtype is not None and dtype != _items(made).dtype:
        if dtype != "float64":
            raise site.refuse("`arange` of this type")
        return as_array(low, made, dtype)
    return made


def _three(
    given: list[rs.Expression], zero: rs.Expression, one: rs.Expression
) -> tuple[rs.Expression, rs.Expression, rs.Expression]:
    if len(given) == 1:
        return zero, given[0], one
    return given[0], given[1], given[2] if len(given) > 2 else one


@builtin("numpy.linspace")
def _linspace(site: CallSite) -> Operand:
    arguments_within(site, 3, "num", "endpoint")
    low = site.low
    start, stop = (number_as(low, stored(low, required(site, place)), "float64") for place in (0, 1))
    count = site.argument(2, "num")
    end = site.argument(3, "endpoint")
    if end is not None and not isinstance(end.constant, bool):
        raise site.refuse("`endpoint` that is not known while translating")
    has_end = rs.Boolean(end is None or bool(end.constant))
    number = rs.Integer(50) if count is None else small_index(low, count)
    return Operand(array_type("float64", 1), low.fallible(call("nd_linspace", start, stop, number, has_end)))


def _scalar_maker(name: str, dtype: str) -> None:
    @builtin(f"numpy.{name}")
    def handler(site: CallSite) -> Operand:
        arguments_within(site, 1)
        given = stored(site.low, required(site, 0))
        if plain_dtype(given.type) is None or axes_of(given.type):
            raise site.refuse(f"`numpy.{name}` of such a value")
        return item_operand(ITEMS[dtype], number_as(site.low, given, dtype))


for _name, _dtype in (("float64", "float64"), ("float32", "float32"), ("int64", "int64"), ("int32", "int32")):
    _scalar_maker(_name, _dtype)
