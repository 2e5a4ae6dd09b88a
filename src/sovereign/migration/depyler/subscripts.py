"""Subscripts and slices, read, assigned and deleted.

Enters: `Subscript` nodes. Leaves: operands and statements. A negative index counts from the end, as the support
module's `item` does; where the range of the index proves it, nothing else is done.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.lowering import Lowering, Operand, expression
from sovereign.migration.depyler.methods import optional, small_index
from sovereign.migration.depyler.operators import ELEMENTWISE, as_plain, binary, python_type_name
from sovereign.migration.depyler.types import (
    NONE,
    STR,
    Atom,
    DictShape,
    InstanceShape,
    IntShape,
    IterShape,
    ListShape,
    OpaqueShape,
    SeqShape,
    StaticShape,
    TupleShape,
    Type,
    integer,
    join_all,
    seq_of,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "LIBRARY_DELETION",
    "LIBRARY_SLICES",
    "LIBRARY_SLICE_ASSIGNMENT",
    "LIBRARY_SUBSCRIPTS",
    "LIBRARY_SUBSCRIPT_ASSIGNMENT",
    "assign_subscript",
    "augment_subscript",
    "delete_subscript",
    "item_of",
    "slice_of",
]

LIBRARY_SUBSCRIPTS: dict[str, Callable[[Lowering, Operand, Operand], Operand]] = {}
LIBRARY_SUBSCRIPT_ASSIGNMENT: dict[str, Callable[[Lowering, Operand, Operand, Operand], None]] = {}
LIBRARY_SLICES: dict[str, Callable[[Lowering, Operand, ast.Slice], Operand]] = {}
LIBRARY_SLICE_ASSIGNMENT: dict[str, Callable[[Lowering, Operand, ast.Slice, Operand], None]] = {}
LIBRARY_DELETION: dict[str, Callable[[Lowering, Operand, Operand], None]] = {}


@expression(ast.Subscript)
def _subscript(low: Lowering, node: ast.Subscript) -> Operand:
    if isinstance(node.slice, ast.Slice):
        value = low.expression(node.value)
        return distribute(low, value, lambda one: _slice(low, one, node.slice))  # type: ignore[arg-type]
    value = low.expression(node.value)
    if value.static is not None:
        return _static(low, value, node)
    if isinstance(node.slice, ast.Constant | ast.Name) and value.form == "place":
        key = low.expression(node.slice)
    else:
        value, key = _pair(low, value, node.slice)
    return distribute(low, value, lambda one: _item_by(low, one, key))


def _item_by(low: Lowering, value: Operand, key: Operand) -> Operand:
    """`value[key]` where the key may be a slice."""
    shape = value.type.shapes[0]
    if key.type.get("slice") is None or isinstance(shape, InstanceShape | DictShape):
        return item_of(low, value, key)
    from sovereign.migration.depyler.slices import SLICE, part_by

    value = low.named(value, "sequence")
    return distribute(low, key, lambda one: part_by(low, value, one) if one.type == SLICE else item_of(low, value, one))


def _pair(low: Lowering, value: Operand, node: ast.expr) -> tuple[Operand, Operand]:
    with low.capture() as statements:
        key = low.expression(node)
    if statements:
        value = low.settled(value)
        low.out.extend(statements)
    return value, key


def _static(low: Lowering, value: Operand, node: ast.Subscript) -> Operand:
    known = value.static
    assert known is not None
    if known.kind == "class":
        from sovereign.migration.depyler.classes import enum_member
        from sovereign.migration.depyler.program import ClassInfo

        cls = known.what
        assert isinstance(cls, ClassInfo)
        if cls.enum_members is not None:
            key = low.expression(node.slice)
            if isinstance(key.constant, str) and key.constant in cls.enum_members:
                return enum_member(cls, key.constant)
            if key.type == STR:
                shape = Type((InstanceShape(cls),))
                return Operand(shape, low.fallible(rs.Call(rs.Name(f"{cls.unique}::from_name"), (low.borrow(key),))))
        return value
    return value


def item_of(low: Lowering, value: Operand, key: Operand) -> Operand:  # noqa: C901 - one case for each shape
    """`value[key]` for a value of one type."""
    shape = value.type.shapes[0]
    match shape:
        case ListShape():
            return _sequence_item(low, value, key, low.contents(shape.cell))
        case DictShape():
            from sovereign.migration.depyler.methods_dict import read_item

            return read_item(low, value, key)
        case TupleShape():
            return _tuple_item(low, value, key, shape)
        case SeqShape():
            return _sequence_item(low, value, key, shape.item)
        case InstanceShape():
            return _instance_item(low, value, key)
        case Atom(name="str"):
            return _sequence_item(low, value, key, STR)
        case Atom(name="bytes"):
            return _sequence_item(low, value, key, integer(0, 255))
        case Atom(name="range"):
            return _sequence_item(low, value, key, integer(-(1 << 62), 1 << 62))
        case StaticShape():
            return value
        case _ if shape.tag in LIBRARY_SUBSCRIPTS:
            return LIBRARY_SUBSCRIPTS[shape.tag](low, value, key)
        case OpaqueShape() | IterShape():
            raise low.refuse(low.node, f"an item of `{python_type_name(shape)}`")
        case _:
            return low.type_error(f"'{python_type_name(shape)}' object is not subscriptable")


def _sequence_item(low: Lowering, value: Operand, key: Operand, item: Type) -> Operand:
    if len(key.type.shapes) > 1 and not key.type.tags() <= {"int", "bool"}:
        place = low.named(value, "holder") if value.form == "value" else value
        return distribute(low, key, lambda each: _sequence_item(low, place, each, item))
    only = key.type.only
    if only is not None and only.tag in {"WholeItem", "LabelItem"}:
        key = as_plain(low, key)
        only = key.type.only
    if only is not None and only.tag not in {"int", "bool"} and not isinstance(only, InstanceShape):
        what = {"str": "string", "range": "range"}.get(value.type.shapes[0].tag, value.type.shapes[0].tag)
        noun = "indices must be integers, not" if what == "string" else "indices must be integers or slices, not"
        return low.type_error(f"{what} {noun} {_quoted(python_type_name(only), what)}")
    if key.type.never:
        return low.never()
    return Operand(item, low.fallible(rs.Method(low.receiver(value), "item", (small_index(low, key, subscript=True),))))


def _quoted(name: str, what: str) -> str:
    return f"'{name}'" if what == "string" else name


def _tuple_item(low: Lowering, value: Operand, key: Operand, shape: TupleShape) -> Operand:
    only = key.type.only
    index = key.constant
    if index is None and isinstance(only, IntShape) and only.low == only.high:
        index = only.low
    if isinstance(index, bool):
        index = int(index)
    if isinstance(index, int):
        if not -len(shape.items) <= index < len(shape.items):
            return low.type_error("tuple index out of range", "INDEX_ERROR")
        index %= len(shape.items)
        if isinstance(value.expr, rs.Tuple) and value.form == "value" and all(map(_does_nothing, value.expr.items)):
            return Operand(shape.items[index], value.expr.items[index])
        place = value if value.form != "value" or isinstance(value.expr, rs.Name) else low.named(value, "parts")
        return Operand(shape.items[index], rs.Field(place.expr, str(index)), "place")
    target = seq_of(join_all(shape.items))
    assert isinstance(target.shapes[0], SeqShape)
    return _sequence_item(low, Operand(target, low.convert(value, target)), key, target.shapes[0].item)


def _does_nothing(expr: rs.Expression) -> bool:
    """Whether evaluating it, or not, makes no difference."""
    match expr:
        case rs.Name() | rs.Integer() | rs.Float() | rs.Boolean() | rs.Text():
            return True
        case rs.Tuple(items=items):
            return all(map(_does_nothing, items))
        case rs.Field(operand=inner) | rs.Method(receiver=inner, name="clone", arguments=()):
            return _does_nothing(inner)
        case rs.Call(function=rs.Name(path="Str::literal" | "Int::from"), arguments=(only,)):
            return _does_nothing(only)
        case _:
            return False


def _instance_item(low: Lowering, value: Operand, key: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method, has_method

    shape = value.type.shapes[0]
    assert isinstance(shape, InstanceShape)
    if has_method(value, "__getitem__"):
        return call_method(low, value, "__getitem__", [stored(low, key)])
    if shape.cls.named_tuple:
        from sovereign.migration.depyler.classes import as_plain_tuple

        return item_of(low, as_plain_tuple(low, value), key)
    return low.type_error(f"'{shape.cls.name}' object is not subscriptable")


# slices


def slice_of(low: Lowering, value: Operand, node: ast.Slice) -> Operand:
    """`value[a:b:c]` of a value of one type."""
    return _slice(low, value, node)


def _slice(low: Lowering, value: Operand, node: ast.Slice) -> Operand:
    from sovereign.migration.depyler.classes import as_plain_tuple

    value = as_plain_tuple(low, value)
    shape = value.type.shapes[0]
    if shape.tag in LIBRARY_SLICES:
        return LIBRARY_SLICES[shape.tag](low, value, node)
    if isinstance(shape, TupleShape):
        found = _tuple_slice(low, value, node, shape)
        if found is not None:
            return found
        target = seq_of(join_all(shape.items))
        value = Operand(target, low.convert(value, target))
        shape = target.shapes[0]
    if isinstance(shape, InstanceShape):
        from sovereign.migration.depyler.slices import slice_value

        return _instance_item(low, value, slice_value(low, node))
    if isinstance(shape, OpaqueShape | IterShape):
        raise low.refuse(node, f"a slice of `{python_type_name(shape)}`")
    if shape.tag not in {"list", "str", "bytes", "tuple", "range"}:
        return low.type_error(f"'{python_type_name(shape)}' object is not subscriptable")
    parts = [low.expression(p) if p is not None else None for p in (node.lower, node.upper, node.step)]
    bounds = [optional(low, part) for part in parts]
    type_ = value.type
    if isinstance(shape, ListShape):
        type_ = low.list_of(low.contents(shape.cell), shape.kind)
        made = type_.only
        assert isinstance(made, ListShape)
        made.cell.unite(shape.cell)
    step = parts[2]
    if (step is None or step.constant == 1 or step.type == NONE) and shape.tag != "range":
        return Operand(type_, rs.Method(low.receiver(value), "slice", (bounds[0], bounds[1])))
    return _stepped(low, value, type_, bounds, step)


def _stepped(low: Lowering, value: Operand, type_: Type, bounds: list[rs.Expression], step: Operand | None) -> Operand:
    if step is None:
        step_value: rs.Expression = rs.Integer(1)
    elif step.type.get("none") is not None:
        step_value = rs.Method(bounds[2], "unwrap_or", (rs.Integer(1),))
    else:
        step_value = small_index(low, step, subscript=True)
    expr = rs.Method(low.receiver(value), "slice_step", (bounds[0], bounds[1], step_value))
    if step is None or (isinstance(step.constant, int) and step.constant != 0):
        return Operand(type_, rs.Method(expr, "unwrap"))
    return Operand(type_, low.fallible(expr))


def _tuple_slice(low: Lowering, value: Operand, node: ast.Slice, shape: TupleShape) -> Operand | None:
    """A slice with constant bounds of a tuple of known length."""
    constants: list[int | None] = []
    for part in (node.lower, node.upper, node.step):
        if part is None:
            constants.append(None)
            continue
        found = low.expression(part).constant
        if not isinstance(found, int):
            return None
        constants.append(found)
    indexes = range(len(shape.items))[slice(*constants)]
    parts = low.tuple_parts(value, shape)
    chosen = [parts[i] for i in indexes]
    from sovereign.migration.depyler.expressions import make_tuple

    return make_tuple(low, chosen)


# assignment


def assign_subscript(low: Lowering, node: ast.Subscript, value: Operand) -> None:
    """`container[key] = value`."""
    container = low.expression(node.value)
    if isinstance(node.slice, ast.Slice):
        _assign_slice(low, container, node.slice, value)
        return
    container, key = _pair(low, container, node.slice)
    store_item(low, container, key, value)


def store_item(low: Lowering, container: Operand, key: Operand, value: Operand) -> None:
    """`container[key] = value` with operands."""
    if container.type.never:
        low.emit(rs.Evaluate(low.after(value, rs.Tuple())))
        return
    if len(container.type.shapes) > 1:
        value = low.named(stored(low, value), "assigned")
        key = low.named(stored(low, key), "key")

    def one(a: Operand) -> Operand:
        _store_one(low, a, key, value)
        return Operand(NONE, rs.Tuple())

    result = distribute(low, container, one)
    if not isinstance(result.expr, rs.Tuple):
        low.emit(rs.Evaluate(result.expr, low.line))


def _store_one(low: Lowering, container: Operand, key: Operand, value: Operand) -> None:
    shape = container.type.shapes[0]
    value, key = stored(low, value), stored(low, key)
    if isinstance(shape, ListShape):
        shape.cell.join(value.type)
        low.changes.add(shape.cell)
        converted = low.put(value, shape.cell)
        expr = rs.Method(low.receiver(container), "set_item", (small_index(low, key, subscript=True), converted))
        low.emit(rs.Evaluate(low.fallible(expr), low.line))
    elif isinstance(shape, DictShape):
        shape.key.join(key.type)
        shape.value.join(value.type)
        arguments = (low.put(key, shape.key), low.put(value, shape.value))
        low.emit(rs.Evaluate(rs.Method(low.receiver(container), "set_item", arguments), low.line))
    elif isinstance(shape, InstanceShape):
        _store_instance(low, container, key, value)
    elif shape.tag in LIBRARY_SUBSCRIPT_ASSIGNMENT:
        LIBRARY_SUBSCRIPT_ASSIGNMENT[shape.tag](low, container, key, value)
    else:
        name = python_type_name(shape)
        low.emit(rs.Evaluate(low.type_error(f"'{name}' object does not support item assignment").expr, low.line))


def _store_instance(low: Lowering, container: Operand, key: Operand, value: Operand) -> None:
    from sovereign.migration.depyler.calls import call_method, has_method

    shape = container.type.shapes[0]
    assert isinstance(shape, InstanceShape)
    if not has_method(container, "__setitem__"):
        error = low.type_error(f"'{shape.cls.name}' object does not support item assignment")
        low.emit(rs.Evaluate(error.expr, low.line))
        return
    low.emit(rs.Evaluate(call_method(low, container, "__setitem__", [key, value]).expr, low.line))


def _assign_slice(low: Lowering, container: Operand, node: ast.Slice, value: Operand) -> None:
    from sovereign.migration.depyler.builtin_functions import list_from

    shape = container.type.only
    if isinstance(shape, InstanceShape):
        from sovereign.migration.depyler.slices import slice_value

        store_item(low, container, slice_value(low, node), value)
        return
    if not isinstance(shape, ListShape):
        if container.type.never:
            return
        if shape is not None and shape.tag in LIBRARY_SLICE_ASSIGNMENT:
            LIBRARY_SLICE_ASSIGNMENT[shape.tag](low, container, node, value)
            return
        raise low.refuse(node, "an assignment to a slice of something that is no list")
    low.changes.add(shape.cell)
    source = list_from(low, value)
    inner = source.type.only
    assert isinstance(inner, ListShape)
    shape.cell.unite(inner.cell)
    items = rs.Method(low.receiver(source), "to_vec")
    parts = [low.expression(p) if p is not None else None for p in (node.lower, node.upper, node.step)]
    bounds = [optional(low, part) for part in parts]
    if parts[2] is None:
        expr = rs.Method(low.receiver(container), "set_slice", (bounds[0], bounds[1], items))
        low.emit(rs.Evaluate(expr, low.line))
        return
    arguments = (bounds[0], bounds[1], small_index(low, parts[2], subscript=True), items)
    low.emit(rs.Evaluate(low.fallible(rs.Method(low.receiver(container), "set_slice_step", arguments)), low.line))


def augment_subscript(low: Lowering, node: ast.Subscript, symbol: str, value_node: ast.expr) -> None:
    """`container[key] symbol= value`: container and key are evaluated once."""
    from sovereign.migration.depyler.statements import augment_in_place

    container = low.expression(node.value)
    if isinstance(node.slice, ast.Slice):
        part = None if container.type.only is None else _slice(low, low.named(container, "container"), node.slice)
        if part is None or not augment_in_place(low, part, symbol, low.expression(value_node)):
            raise low.refuse(node, "an augmented assignment to a slice")
        return
    container, key = _pair(low, container, node.slice)
    container = low.named(container, "container")
    key = low.named(stored(low, key), "key")
    current = distribute(low, container, lambda one: item_of(low, one, key))
    value = low.expression(value_node)
    if not _is_copied(container, key) and augment_in_place(low, current, symbol, value):
        return
    current = low.settled(current)
    result = binary(low, symbol, current, value, inplace=True)
    store_item(low, container, key, result)


def _is_copied(container: Operand, key: Operand) -> bool:
    """Whether `container[key]` is a copy, so that changing it would change nothing: a part by a mask or by places."""
    only = key.type.only
    keys = only.items if isinstance(only, TupleShape) else (key.type,)
    picks = any(isinstance(shape, ListShape | OpaqueShape) for each in keys for shape in each)
    return picks and container.type.only is not None and container.type.only.tag in ELEMENTWISE


def delete_subscript(low: Lowering, node: ast.Subscript) -> None:
    """`del container[key]`."""
    container = low.expression(node.value)
    shape = container.type.only
    if isinstance(shape, ListShape):
        low.changes.add(shape.cell)
    if isinstance(node.slice, ast.Slice):
        _delete_slice(low, container, node.slice)
        return
    key = stored(low, low.expression(node.slice))
    if isinstance(shape, ListShape):
        expr = rs.Method(low.receiver(container), "del_item", (small_index(low, key, subscript=True),))
        low.emit(rs.Evaluate(low.fallible(expr), low.line))
    elif isinstance(shape, DictShape):
        from sovereign.migration.depyler.methods import into_element

        reference = into_element(low, key, low.contents(shape.key))
        low.emit(rs.Evaluate(low.fallible(rs.Method(low.receiver(container), "del_item", (reference,))), low.line))
    elif isinstance(shape, InstanceShape):
        from sovereign.migration.depyler.calls import call_method

        low.emit(rs.Evaluate(call_method(low, container, "__delitem__", [key]).expr, low.line))
    elif shape is not None and shape.tag in LIBRARY_DELETION:
        LIBRARY_DELETION[shape.tag](low, container, key)
    elif not container.type.never:
        raise low.refuse(node, f"`del` of an item of {container.type!r}")


def _delete_slice(low: Lowering, container: Operand, node: ast.Slice) -> None:
    parts = [low.expression(p) if p is not None else None for p in (node.lower, node.upper, node.step)]
    bounds = [optional(low, part) for part in parts]
    if parts[2] is None:
        low.emit(rs.Evaluate(rs.Method(low.receiver(container), "del_slice", (bounds[0], bounds[1])), low.line))
        return
    arguments = (bounds[0], bounds[1], small_index(low, parts[2], subscript=True))
    low.emit(rs.Evaluate(low.fallible(rs.Method(low.receiver(container), "del_slice_step", arguments)), low.line))
