"""NumPy's arrays and numbers: what is known of them while translating, and how they are read.

Enters: operands. Leaves: operands. An array is told by the type of its items and by how many axes it has, both of which
are known while translating; its sizes are not. A part of an array is a view of it, as in NumPy. Read `numpy.py` for how
arrays are made and what is computed with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.migration.depyler import methods_text as _methods_text  # noqa: F401 - whose methods are handed on
from sovereign.migration.depyler import registry
from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import LIBRARY_SIZED, builtin
from sovereign.migration.depyler.iteration import LIBRARY_ITERATION, Iteration
from sovereign.migration.depyler.library.objects import arguments_within, enlist
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import method, small_index
from sovereign.migration.depyler.operators import ELEMENTWISE, LIBRARY_OPERATORS, LIBRARY_TRUTH, PLAIN, call
from sovereign.migration.depyler.subscripts import LIBRARY_SUBSCRIPTS
from sovereign.migration.depyler.types import (
    BOOL,
    FLOAT,
    I64_MAX,
    I64_MIN,
    STR,
    IntShape,
    OpaqueShape,
    Type,
    integer,
    tuple_of,
)
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__ = ["ITEMS", "MOST_AXES", "TEXTS", "TEXT_ITEM", "Items", "array_type", "axes_of", "item_operand", "items_of"]

MOST_AXES = 4
WHOLE = integer(I64_MIN, I64_MAX)
_SIZE = integer(0, 1 << 40)


@dataclass(frozen=True, slots=True)
class Items:
    """A type of items: its name in NumPy, that of its arrays in Rust, the Rust type, and what a plain one is."""

    dtype: str
    prefix: str
    rust: str
    plain: Type

    @property
    def scalar(self) -> str:
        """The tag of one item outside of an array."""
        return f"{self.prefix}Item"


ITEMS = {
    each.dtype: each
    for each in (
        Items("bool", "Truth", "bool", BOOL),
        Items("int32", "Label", "i32", WHOLE),
        Items("int64", "Whole", "i64", WHOLE),
        Items("float32", "Single", "f32", FLOAT),
        Items("float64", "Float", "f64", FLOAT),
    )
}
"""The types of items, by their names."""
_SUBCLASSES = {"float64": ("float",)}
_NUMBERS = {"bool": (), "int32": ("Integral",), "int64": ("Integral",), "float32": (), "float64": ()}


def _enlist() -> None:
    for items in ITEMS.values():
        for axes in range(1, MOST_AXES + 1):
            tag = f"{items.prefix}Array{axes}"
            enlist(tag, "numpy.ndarray", shown="numpy.ndarray")
            ELEMENTWISE.add(tag)
            LIBRARY_TRUTH[tag] = _truth_of_array
            LIBRARY_SIZED.add(tag)
            LIBRARY_ITERATION[tag] = _iteration
        enlist(items.scalar, f"numpy.{items.dtype}", shown=f"numpy.{items.dtype}")
        ELEMENTWISE.add(items.scalar)
        for name in (*_SUBCLASSES.get(items.dtype, ()), *_NUMBERS[items.dtype]):
            registry.ABSTRACT.setdefault(name, set()).add(items.scalar)
        registry.ABSTRACT["Hashable"].add(items.scalar)
        PLAIN[items.scalar] = plain_item


def array_type(dtype: str, axes: int) -> Type:
    """The type of arrays of such items with so many axes."""
    return Type((OpaqueShape(f"{ITEMS[dtype].prefix}Array{axes}"),))


def scalar_type(dtype: str) -> Type:
    """The type of one item outside of an array."""
    return Type((OpaqueShape(ITEMS[dtype].scalar),))


def items_of(type_: Type) -> Items | None:
    """The items of an array, or what a number of NumPy's is."""
    only = type_.only
    if not isinstance(only, OpaqueShape):
        return None
    return next((i for i in ITEMS.values() if only.name == i.scalar or only.name[:-1] == f"{i.prefix}Array"), None)


def axes_of(type_: Type) -> int | None:
    """How many axes an array has, 0 of a number of NumPy's; None of anything else."""
    only = type_.only
    if items_of(type_) is None:
        return None
    assert isinstance(only, OpaqueShape)
    return int(only.name[-1]) if only.name[-1].isdigit() else 0


def item_operand(items: Items, value: rs.Expression) -> Operand:
    """One item outside of an array."""
    return Operand(scalar_type(items.dtype), call("NdScalar", value))


def plain_item(low: Lowering, operand: Operand) -> Operand:
    """A number of NumPy's as one of Python's."""
    items = items_of(operand.type)
    assert items is not None
    return Operand(items.plain, rs.Method(low.receiver(operand), "item"))


# arrays


def _truth_of_array(low: Lowering, operand: Operand) -> rs.Expression:
    return low.fallible(rs.Method(low.receiver(operand), "array_truth"))


def _iteration(low: Lowering, operand: Operand) -> Iteration:
    items, axes = items_of(operand.type), axes_of(operand.type)
    assert items is not None
    assert axes is not None
    if axes > 1:
        return Iteration(array_type(items.dtype, axes - 1), rs.Method(low.receiver(operand), "rows"))
    wrapped = rs.Method(rs.Method(low.receiver(operand), "items"), "map", (rs.Name("NdScalar"),))
    return Iteration(scalar_type(items.dtype), wrapped)


def array_index(low: Lowering, key: Operand) -> rs.Expression:
    """An index as `i64`."""
    if items_of(key.type) is not None:
        key = plain_item(low, key)
    return small_index(low, key, subscript=True)


def _shape(low: Lowering, operand: Operand) -> Operand:
    axes = axes_of(operand.type)
    assert axes is not None
    held = low.named(operand)
    sizes = tuple(rs.Method(low.receiver(held), "axis_size", (rs.Integer(axis),)) for axis in range(axes))
    return Operand(tuple_of(*[_SIZE] * axes), rs.Tuple(sizes))


def _count(name: str, low: Lowering, operand: Operand) -> Operand:
    return Operand(_SIZE, rs.Method(low.receiver(operand), name))


def _axes_operand(low: Lowering, operand: Operand) -> Operand:
    axes = axes_of(operand.type)
    assert axes is not None
    return Operand(integer(axes, axes), low.after(operand, rs.Integer(axes)), constant=axes)


def _dtype(low: Lowering, operand: Operand) -> Operand:
    items = items_of(operand.type)
    assert items is not None
    return Operand(DTYPE, low.after(operand, call("NdType", rs.Text(items.dtype))))


def _tolist(site: CallSite) -> Operand:
    arguments_within(site, 0)
    low, receiver = site.low, site.receiver
    assert receiver is not None
    items, axes = items_of(receiver.type), axes_of(receiver.type)
    assert items is not None
    assert axes is not None
    type_ = items.plain
    for _ in range(axes):
        type_ = low.list_of(type_)
    return Operand(type_, rs.Method(low.receiver(receiver), f"tolist_{axes}"))


def _only_item(site: CallSite) -> Operand:
    arguments_within(site, 0)
    low, receiver = site.low, site.receiver
    assert receiver is not None
    items = items_of(receiver.type)
    assert items is not None
    return Operand(items.plain, low.fallible(rs.Method(low.receiver(receiver), "item")))


def _scalar_item(site: CallSite) -> Operand:
    arguments_within(site, 0)
    assert site.receiver is not None
    return plain_item(site.low, site.receiver)


# numbers outside of arrays


def _as_plain(name: str, tag: str) -> None:
    """A builtin that gives of a number of NumPy's what it gives of one of Python's."""

    @builtin(f"{tag}.{name}")
    def handler(site: CallSite) -> Operand:
        from sovereign.migration.depyler.builtin_functions import call_builtin
        from sovereign.migration.depyler.calls import CallSite as Site

        plain = plain_item(site.low, site.operands[0])
        inner = Site(site.low, site.low.node)  # type: ignore[arg-type]
        inner.given = ([plain], {})
        return call_builtin(site.low, name.strip("_"), inner)


@builtin("FloatItem.__format__", "SingleItem.__format__", "WholeItem.__format__", "LabelItem.__format__")
def _format(site: CallSite) -> Operand:
    from sovereign.migration.depyler.formatting import format_value

    return format_value(site.low, plain_item(site.low, site.operands[0]), site.operands[1])


@builtin("NdText.__format__")
def _format_text(site: CallSite) -> Operand:
    from sovereign.migration.depyler.formatting import format_value

    return format_value(site.low, plain_text(site.low, site.operands[0]), site.operands[1])


def _compared(symbol: str) -> None:
    """Comparisons of numbers of NumPy's with each other and with Python's, by their values."""
    from sovereign.migration.depyler.operators import compare

    def handler(low: Lowering, a: Operand, b: Operand) -> Operand:
        left, right = (plain_item(low, o) if items_of(o.type) is not None else o for o in (low.named(a), low.named(b)))
        made = compare(low, symbol, left, right)
        return Operand(scalar_type("bool"), call("NdScalar", low.own(made)))

    scalars = [items.scalar for items in ITEMS.values() if items.dtype != "float32"]
    for one in scalars:
        for other in (*scalars, "int", "float", "bool"):
            LIBRARY_OPERATORS[one, symbol, other] = LIBRARY_OPERATORS[other, symbol, one] = handler


# texts

DTYPE = enlist("NdType", "numpy.dtype", shown="numpy.dtype")
ELEMENTWISE.add("NdType")
LIBRARY_OPERATORS["NdType", "==", "NdType"] = lambda low, a, b: Operand(
    BOOL, rs.Method(low.receiver(a), "equals", (low.borrow(b),))
)
TEXTS = enlist("NdTexts", "numpy.ndarray", shown="numpy.ndarray")
TEXT_ITEM = enlist("NdText", "numpy.str_", shown="numpy.str_")


def plain_text(low: Lowering, operand: Operand) -> Operand:
    """A text of NumPy's as one of Python's."""
    return Operand(STR, rs.Method(low.receiver(operand), "item"))


def _texts_item(low: Lowering, value: Operand, key: Operand) -> Operand:
    if not isinstance(key.type.only, IntShape):
        raise low.refuse(low.node, "this kind of index of an array")
    return Operand(TEXT_ITEM, low.fallible(rs.Method(low.receiver(value), "item_1", (array_index(low, key),))))


def _texts() -> None:
    ELEMENTWISE.update({"NdTexts", "NdText"})
    LIBRARY_SIZED.add("NdTexts")
    PLAIN["NdText"] = plain_text
    registry.ABSTRACT.setdefault("str", set()).add("NdText")
    LIBRARY_TRUTH["NdTexts"] = _truth_of_array
    LIBRARY_SUBSCRIPTS["NdTexts"] = _texts_item
    LIBRARY_ITERATION["NdTexts"] = lambda low, operand: Iteration(TEXT_ITEM, rs.Method(low.receiver(operand), "items"))
    LIBRARY_ATTRIBUTES["NdTexts", "ndim"] = lambda low, operand: Operand(
        integer(1, 1), low.after(operand, rs.Integer(1)), constant=1
    )
    LIBRARY_ATTRIBUTES["NdTexts", "size"] = lambda low, operand: _count("size", low, operand)
    LIBRARY_ATTRIBUTES["NdTexts", "shape"] = lambda low, operand: Operand(
        tuple_of(_SIZE), rs.Tuple((rs.Method(low.receiver(operand), "len"),))
    )


@method("NdTexts", "tolist")
def _texts_tolist(site: CallSite) -> Operand:
    arguments_within(site, 0)
    assert site.receiver is not None
    return Operand(site.low.list_of(STR), rs.Method(site.low.receiver(site.receiver), "tolist_1"))


@method("NdText", "item")
def _text_item(site: CallSite) -> Operand:
    arguments_within(site, 0)
    assert site.receiver is not None
    return plain_text(site.low, site.receiver)


def _text_operators() -> None:
    """What a text of NumPy's is to other texts, as the text that it is."""
    from sovereign.migration.depyler.operators import binary, compare

    def compared(symbol: str, low: Lowering, a: Operand, b: Operand) -> Operand:
        left, right = (plain_text(low, o) if o.type == TEXT_ITEM else o for o in (a, b))
        return compare(low, symbol, left, right)

    def joined(low: Lowering, a: Operand, b: Operand) -> Operand:
        left, right = (plain_text(low, o) if o.type == TEXT_ITEM else o for o in (a, b))
        return binary(low, "+", left, right)

    for one, other in (("NdText", "NdText"), ("NdText", "str"), ("str", "NdText")):
        for symbol in ("==", "!=", "<", "<=", ">", ">="):
            LIBRARY_OPERATORS[one, symbol, other] = lambda low, a, b, symbol=symbol: compared(symbol, low, a, b)  # type: ignore[misc]
        if "str" in (one, other):
            LIBRARY_OPERATORS[one, "+", other] = joined


def _text_methods() -> None:
    """The methods of texts, which give plain texts."""
    from sovereign.migration.depyler.calls import METHODS

    for tag, name in list(METHODS):
        if tag == "str" and ("NdText", name) not in METHODS:
            METHODS["NdText", name] = lambda site, name=name: _text_method(site, name)  # type: ignore[misc]


def _text_method(site: CallSite, name: str) -> Operand:
    from sovereign.migration.depyler.calls import METHODS

    assert site.receiver is not None
    site.receiver = site.low.named(plain_text(site.low, site.receiver))
    return METHODS["str", name](site)


def _register() -> None:
    _enlist()
    _texts()
    _text_operators()
    _text_methods()
    for symbol in ("==", "!=", "<", "<=", ">", ">="):
        _compared(symbol)
    for items in ITEMS.values():
        for name in ("__float__", "__int__"):
            _as_plain(name, items.scalar)
        method(items.scalar, "item", "tolist")(_scalar_item)
        for axes in range(1, MOST_AXES + 1):
            tag = f"{items.prefix}Array{axes}"
            method(tag, "tolist")(_tolist)
            method(tag, "item")(_only_item)
            LIBRARY_ATTRIBUTES[tag, "shape"] = _shape
            LIBRARY_ATTRIBUTES[tag, "ndim"] = _axes_operand
            LIBRARY_ATTRIBUTES[tag, "dtype"] = _dtype
            for name in ("size", "nbytes", "itemsize"):
                LIBRARY_ATTRIBUTES[tag, name] = lambda low, operand, name=name: _count(name, low, operand)  # type: ignore[misc]


_register()
