"""Keys and orders: what `sort`, `sorted`, `min` and `max` compare by.

Enters: a callable operand and the type of its argument. Leaves: a Rust closure that gives the key.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import block_of
from sovereign.migration.depyler.enum_values import mixed_in
from sovereign.migration.depyler.function_values import inline_call
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.operators import python_type_name
from sovereign.migration.depyler.rust_types import is_copy, is_union
from sovereign.migration.depyler.types import DictShape, InstanceShape, ListShape, SeqShape, TupleShape, Type
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__ = ["compare_closure", "is_cmp_to_key", "item_closure", "key_closure", "key_of", "require_order"]

_NO_ORDER = {"none", "dict", "defaultdict", "Counter", "function", "complex"}


def require_order(low: Lowering, item: Type) -> Operand | None:
    """The TypeError of comparing such items; None where they have an order.

    Raises:
        Refuse: Some of them have an order and some have not.
    """
    if item.never:
        return None
    if is_union(item) or item.get("none") is not None:
        if item.tags() <= {"int", "float", "bool"} or _ordered_objects(low, item):
            return None
        raise low.refuse(low.node, f"sorting items of several types: {item!r}")
    shape = item.shapes[0]
    if isinstance(shape, InstanceShape):
        if shape.cls.find_method("__lt__") or shape.cls.find_method("__gt__"):
            shape.cls.ordered = True  # type: ignore[attr-defined]
            return None
        if mixed_in(shape.cls):
            return None
        name = shape.cls.name
        return low.type_error(f"'<' not supported between instances of '{name}' and '{name}'")
    if shape.tag in _NO_ORDER:
        name = python_type_name(shape)
        return low.type_error(f"'<' not supported between instances of '{name}' and '{name}'")
    return _inner_order(low, item)


def _ordered_objects(low: Lowering, item: Type) -> bool:
    """Objects of several classes, each of which compares itself with any of the others."""
    from sovereign.migration.depyler.calls import call_method, has_method

    operands = [Operand(Type((shape,)), rs.Name("object"), "place") for shape in item]
    if not all(has_method(operand, "__lt__") for operand in operands):
        return False
    for left in operands:
        for right in operands:
            with low.capture():
                call_method(low, left, "__lt__", [right])
    ordered = low.program.statics.setdefault("ordered objects", set())
    assert isinstance(ordered, set)
    ordered.add(frozenset(item.tags()))
    return True


def _inner_order(low: Lowering, item: Type) -> Operand | None:
    shape = item.shapes[0]
    inner: tuple[Type, ...] = ()
    if isinstance(shape, ListShape):
        inner = (low.contents(shape.cell),)
    elif isinstance(shape, TupleShape):
        inner = shape.items
    elif isinstance(shape, SeqShape):
        inner = (shape.item,)
    for part in inner:
        found = require_order(low, part)
        if found is not None:
            if isinstance(shape, TupleShape):
                raise low.refuse(low.node, f"sorting tuples that hold {part!r}")
            return found
    return None


def item_closure(low: Lowering, key: Operand, item: Type, *, wrap: bool = True) -> tuple[rs.Expression, Type]:
    """A closure from a reference to an item to a `Result` of what the callable gives for it."""
    name = low.fresh("item")
    argument = Operand(item, rs.Name(name), "ref")
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    env = None if low.env is None else dict(low.env)
    with low.capture() as statements:
        if is_copy(item):
            argument = Operand(item, rs.Deref(rs.Name(name)), "value")
            argument = low.named(argument, "value")
        result = stored(low, inline_call(low, key, [argument]))
        value = low.own(result)
    low.env = env
    low.closure_depth -= 1
    low.frames = frames
    wrapped = rs.Call(rs.Name("Ok"), (value,)) if wrap else value
    body = block_of(statements, wrapped)
    parameter = (rs.Bind(name), rs.RefType(low.rust(item)))
    returned = rs.NamedType("Result", (low.rust(result.type), rs.NamedType("Exc")))
    if not isinstance(body, rs.BlockExpression):
        body = rs.BlockExpression(rs.Block((), body))
    return rs.Closure((parameter,), body, returned if wrap else None), result.type


def is_cmp_to_key(key: Operand) -> bool:
    """Whether a key is `functools.cmp_to_key(...)`."""
    return key.static is not None and key.static.kind == "cmp_to_key"


def key_of(site: CallSite) -> Operand | None:
    """The `key=` of a call; in `max(d, key=d.get)` every key is there, and `d.get` is `d[...]`."""
    low = site.low
    node = site.keyword_nodes.get("key") if site.given is None else None
    if not isinstance(node, ast.Attribute) or node.attr != "get" or len(site.nodes) != 1:
        return site.keyword("key")
    source = site.nodes[0]
    if not isinstance(source, ast.Name) or not isinstance(node.value, ast.Name) or source.id != node.value.id:
        return site.keyword("key")
    if not isinstance(low.expression(source).type.only, DictShape):
        return site.keyword("key")
    made = low.instance.memory.get(("key", node))
    if not isinstance(made, ast.Lambda):
        made = ast.parse("lambda key: key[key]", mode="eval").body
        assert isinstance(made, ast.Lambda)
        for part in ast.walk(made):
            ast.copy_location(part, node)
        assert isinstance(made.body, ast.Subscript)
        made.body.value = node.value
        low.instance.memory["key", node] = made
    assert isinstance(made, ast.expr)
    return low.expression(made)


def key_closure(low: Lowering, key: Operand, item: Type) -> rs.Expression:
    """The closure for a `key=` argument."""
    closure, type_ = item_closure(low, key, item)
    error = require_order(low, type_)
    if error is not None and not type_.never:
        raise low.refuse(low.node, f"a key without an order: {type_!r}")
    return closure


def compare_closure(low: Lowering, key: Operand, item: Type) -> rs.Expression:
    """The comparing function behind `cmp_to_key`, on references to two items."""
    from sovereign.migration.depyler.methods import small_index

    known = key.static
    assert known is not None
    function = known.what
    assert isinstance(function, Operand)
    names = (low.fresh("a"), low.fresh("b"))
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    with low.capture() as statements:
        arguments = [Operand(item, rs.Name(n), "ref") for n in names]
        result = stored(low, inline_call(low, function, arguments))
        value = small_index(low, result)
    low.closure_depth -= 1
    low.frames = frames
    body = rs.BlockExpression(rs.Block(tuple(statements), rs.Call(rs.Name("Ok"), (value,))))
    parameters = tuple((rs.Bind(n), rs.RefType(low.rust(item))) for n in names)
    return rs.Closure(parameters, body)
