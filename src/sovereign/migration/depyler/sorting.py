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
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.rust_types import is_copy, is_union
from sovereign.migration.depyler.types import (
    DictShape,
    InstanceShape,
    ListShape,
    SeqShape,
    StaticShape,
    TupleShape,
    Type,
)
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__ = [
    "asked_order",
    "compare_closure",
    "is_cmp_to_key",
    "item_closure",
    "key_closure",
    "key_of",
    "needs_asking",
    "raising",
]

_NO_ORDER = {"none", "dict", "defaultdict", "Counter", "OrderedDict", "function", "complex", "range", "iterator"}


def needs_asking(low: Lowering, item: Type, seen: frozenset[int] = frozenset()) -> bool:
    """Whether comparing two such items may raise, so that each comparison must be asked for."""
    if item.never:
        return False
    if is_union(item) or item.get("none") is not None:
        return not (item.tags() <= {"int", "float", "bool"} or _ordered_objects(low, item))
    shape = item.shapes[0]
    if isinstance(shape, InstanceShape):
        if shape.cls.enum_members is not None and not mixed_in(shape.cls):
            return True
        if shape.cls.find_method("__lt__") or shape.cls.find_method("__gt__"):
            shape.cls.ordered = True  # type: ignore[attr-defined]
            return False
        return True
    if shape.tag in _NO_ORDER or isinstance(shape, StaticShape):
        return True
    if isinstance(shape, ListShape):
        root = id(shape.cell.find())
        return root in seen or needs_asking(low, low.contents(shape.cell), seen | {root})
    if isinstance(shape, TupleShape):
        return any(needs_asking(low, part, seen) for part in shape.items)
    return isinstance(shape, SeqShape) and needs_asking(low, shape.item, seen)


def asked_order(low: Lowering, item: Type, symbol: str = "<") -> rs.Expression:
    """A closure over references to two items that compares them, or raises."""
    from sovereign.migration.depyler.operators import compare, truth

    names = (low.fresh("a"), low.fresh("b"))
    frames, low.frames = low.frames, []
    low.closure_depth += 1
    env = None if low.env is None else dict(low.env)
    with low.capture() as statements:
        sides = [Operand(item, rs.Name(name), "ref") for name in names]
        if is_copy(item):
            sides = [low.named(Operand(item, rs.Deref(rs.Name(name))), "value") for name in names]
        value = truth(low, compare(low, symbol, *sides))
    low.env = env
    low.closure_depth -= 1
    low.frames = frames
    body = rs.BlockExpression(rs.Block(tuple(statements), rs.Call(rs.Name("Ok"), (value,))))
    parameters = tuple((rs.Bind(n), rs.RefType(low.rust(item))) for n in names)
    returned = rs.NamedType("Result", (rs.NamedType("bool"), rs.NamedType("Exc")))
    return rs.Closure(parameters, body, returned)


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
    node = site.keyword_node("key") if site.given is None else None
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
        for part in walk(made):
            ast.copy_location(part, node)
        assert isinstance(made.body, ast.Subscript)
        made.body.value = node.value
        low.instance.memory["key", node] = made
    assert isinstance(made, ast.expr)
    return low.expression(made)


def key_closure(low: Lowering, key: Operand, item: Type, symbol: str = "<") -> tuple[rs.Expression, ...]:
    """The closure for a `key=` argument, and how keys are compared where that may raise."""
    closure, type_ = item_closure(low, key, item)
    return (closure, asked_order(low, type_, symbol)) if needs_asking(low, type_) else (closure,)


def raising(arguments: tuple[rs.Expression, ...]) -> str:
    """The end of the name of the function that takes what `key_closure` gives."""
    return "_raising" if len(arguments) > 1 else ""


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
