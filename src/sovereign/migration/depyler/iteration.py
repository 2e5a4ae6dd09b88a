"""What can be iterated, and the Rust loop over it.

Enters: an operand. Leaves: an `Iteration`: the type of an item, and how a loop over it is written. A list is walked
by index, so that a loop sees it grow, as in Python.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import block_of
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.operators import python_type_name
from sovereign.migration.depyler.program import ANYTHING
from sovereign.migration.depyler.types import (
    NEVER,
    STR,
    Atom,
    Cell,
    DictShape,
    InstanceShape,
    IterShape,
    ListShape,
    OpaqueShape,
    SeqShape,
    SetShape,
    StaticShape,
    TupleShape,
    Type,
    integer,
    join_all,
    seq_of,
)
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LENGTH", "Iteration", "as_iter", "iterate"]

LENGTH = 1 << 40
"""No container is longer: its items would not fit into memory."""


@dataclass
class Iteration:
    """A loop to be written: `iterator` is a Rust iterator over `item`, or over `Result` where it is fallible.

    `cell` is that of the list whose items these are.
    """

    item: Type
    iterator: rs.Expression
    fallible: bool = False
    items: list[Operand] | None = None
    before: list[rs.Statement] = field(default_factory=list)
    cell: Cell | None = None

    def loop(self, low: Lowering, name: str, body: Callable[[Operand], None], label: str = "") -> None:
        """Write `for name in iterator { body }`."""
        variable = low.fresh(name)
        with low.capture() as statements:
            body(Operand(self.item, rs.Name(variable), "place"))
        low.emit(self.statement(low, rs.Bind(variable), statements, label))

    def statement(
        self, low: Lowering, pattern: rs.Pattern, statements: list[rs.Statement], label: str = ""
    ) -> rs.Statement:
        """The loop with a body that is written already."""
        block = tuple(statements)
        if not self.fallible:
            made = self.iterator
            if isinstance(made, rs.Method) and isinstance(made.receiver, rs.Array) and made.name == "into_iter":
                made = made.receiver
            return rs.For(pattern, made, rs.Block(block), label, low.line)
        low.changes.add(ANYTHING)
        name = low.fresh("iterator")
        low.emit(rs.Let(rs.Bind(name), None, self.iterator))
        following = low.fallible(rs.Method(rs.Name(name), "step"))
        condition = rs.LetCondition(rs.VariantPattern("Some", (pattern,)), following)
        return rs.While(condition, rs.Block(block), label, low.line)


def iterate(low: Lowering, operand: Operand) -> Iteration:
    """How a value is iterated.

    Raises:
        Refuse: It is of several types that are not iterated alike.
    """
    if operand.type.never:
        return Iteration(NEVER, rs.Call(rs.Name("core::iter::empty::<()>")))
    shape = operand.type.only
    if shape is None:
        return _several(low, operand)
    handler = _HANDLERS.get(type(shape))
    if handler is not None:
        found = handler(low, operand)
        if found is not None:
            return found
    if shape.tag in LIBRARY_ITERATION:
        return LIBRARY_ITERATION[shape.tag](low, operand)
    if isinstance(shape, StaticShape):
        return _static(low, shape)
    if isinstance(shape, OpaqueShape):
        raise low.refuse(low.node, f"iteration over `{python_type_name(shape)}`")
    error = low.type_error(f"'{python_type_name(shape)}' object is not iterable")
    return Iteration(NEVER, block_of([rs.Evaluate(error.expr)], rs.Call(rs.Name("core::iter::empty::<()>"))))


def _static(low: Lowering, shape: StaticShape) -> Iteration:
    """The members of an enum; nothing else that is known while translating is iterated."""
    members = getattr(shape.what, "enum_members", None)
    if shape.kind != "class" or members is None:
        raise low.refuse(low.node, f"iteration over the {shape.kind} `{shape.name}`")
    item = Type((InstanceShape(shape.what),))
    return Iteration(item, rs.Method(rs.Name(f"{shape.name}::ALL"), "into_iter"))


def _several(low: Lowering, operand: Operand) -> Iteration:
    """A value of several types: each becomes an iterator of items of the joined type."""
    from sovereign.migration.depyler.alternatives import distribute

    operand = low.named(operand, "values")
    found: list[Type] = []

    def look(one: Operand) -> Operand:
        with low.capture():
            found.append(iterate(low, one).item)
        return one

    for shape in operand.type:
        with low.capture():
            look(low.narrow(operand, Type((shape,))))
    item = join_all(found)
    result = distribute(low, operand, lambda one: as_iter(low, one, item))
    return Iteration(item, low.own(result), fallible=True)


def as_iter(low: Lowering, operand: Operand, item: Type | None = None) -> Operand:
    """An iterator object over a value."""
    shape = operand.type.only
    if isinstance(shape, IterShape) and (item is None or low.contents(shape.cell) == item):
        return operand
    each = iterate(low, operand)
    wanted = each.item if item is None else item
    type_ = low.iter_of(wanted)
    inner = type_.only
    assert isinstance(inner, IterShape)
    held = low.contents(inner.cell)
    if each.fallible:
        name = low.fresh("item")
        body = low.convert_apart(Operand(each.item, rs.Name(name)), held)
        if low.rust(each.item) == low.rust(held):
            return Operand(type_, each.iterator)
        mapped = rs.Method(each.iterator, "mapped", (rs.Closure(((rs.Bind(name), None),), body, moves=True),))
        return Operand(type_, mapped)
    iterator = each.iterator
    if isinstance(iterator, rs.Array):
        iterator = rs.Method(iterator, "into_iter")
    if low.rust(each.item) != low.rust(held):
        name = low.fresh("item")
        body = low.convert_apart(Operand(each.item, rs.Name(name)), held)
        iterator = rs.Method(iterator, "map", (rs.Closure(((rs.Bind(name), None),), body, moves=True),))
    return Operand(type_, rs.Call(rs.Name("Iter::infallible"), (iterator,)))


def _list(low: Lowering, operand: Operand) -> Iteration:
    shape = operand.type.only
    assert isinstance(shape, ListShape | SetShape)
    iterator = rs.Method(low.receiver(operand), "iter")
    if shape.kind == "deque":
        return Iteration(low.contents(shape.cell), rs.Call(rs.Name("Iter::fallible"), (iterator,)), fallible=True)
    return Iteration(low.contents(shape.cell), iterator, cell=shape.cell if shape.kind == "list" else None)


def _dict(low: Lowering, operand: Operand) -> Iteration:
    shape = operand.type.only
    assert isinstance(shape, DictShape)
    return Iteration(low.contents(shape.key), rs.Method(low.receiver(operand), "keys"))


def _iterator(low: Lowering, operand: Operand) -> Iteration:
    shape = operand.type.only
    assert isinstance(shape, IterShape)
    return Iteration(low.contents(shape.cell), low.own(operand), fallible=True)


def _tuple(low: Lowering, operand: Operand) -> Iteration:
    shape = operand.type.only
    if isinstance(shape, SeqShape):
        return Iteration(shape.item, rs.Method(low.receiver(operand), "iter"))
    assert isinstance(shape, TupleShape)
    joined = join_all(shape.items)
    if not shape.items:
        return Iteration(NEVER, rs.Call(rs.Name("core::iter::empty::<()>")))
    parts = low.tuple_parts(operand, shape)
    values = tuple(low.convert(part, joined) for part in parts)
    return Iteration(joined, rs.Method(rs.Array(values), "into_iter"))


def _atom(low: Lowering, operand: Operand) -> Iteration | None:
    shape = operand.type.only
    assert isinstance(shape, Atom)
    if shape.name == "str":
        return Iteration(STR, rs.Method(low.receiver(operand), "iter"))
    if shape.name == "range":
        return Iteration(integer(-(1 << 62), 1 << 62), rs.Method(low.receiver(operand), "iter"))
    if shape.name in {"bytes", "bytearray"}:
        return Iteration(integer(0, 255), rs.Method(low.receiver(operand), "iter"))
    return None


def _instance(low: Lowering, operand: Operand) -> Iteration | None:
    from sovereign.migration.depyler.calls import has_method
    from sovereign.migration.depyler.classes import as_plain_tuple

    plain = as_plain_tuple(low, operand)
    if plain is not operand:
        return _tuple(low, plain)
    if has_method(operand, "__iter__"):
        return iterate(low, _iter_result(low, operand))
    if has_method(operand, "__next__"):
        return _next_loop(low, operand)
    if has_method(operand, "__getitem__"):
        return _getitem_loop(low, operand)
    return None


def _iter_result(low: Lowering, operand: Operand) -> Operand:
    from sovereign.migration.depyler.calls import call_method

    result = call_method(low, operand, "__iter__", [])
    shape = result.type.only
    if isinstance(shape, InstanceShape):
        each = _next_loop(low, result)
        return Operand(low.iter_of(each.item), each.iterator)
    return result


def _next_loop(low: Lowering, operand: Operand) -> Iteration:
    """An object with `__next__`: `StopIteration` ends the loop."""
    from sovereign.migration.depyler.calls import call_method

    held = low.named(operand, "iterable")
    low.closure_depth += 1
    frames, low.frames = low.frames, []
    with low.capture() as statements:
        result = call_method(low, held, "__next__", [])
        type_ = low.iter_of(result.type)
        shape = type_.only
        assert isinstance(shape, IterShape)
        value = low.put(result, shape.cell)
    low.frames = frames
    low.closure_depth -= 1
    body = block_of(statements, rs.Call(rs.Name("Ok"), (value,)))
    maker = rs.Call(rs.Name("Iter::from_next"), (rs.Closure((), body, moves=True),))
    cloned = rs.Let(rs.Bind(held.expr.path), None, low.own(Operand(held.type, held.expr, "place")))  # type: ignore[union-attr]
    block = rs.Block((cloned,), maker)
    return Iteration(low.contents(shape.cell), rs.BlockExpression(block), fallible=True)


def _getitem_loop(low: Lowering, operand: Operand) -> Iteration:
    """An object with `__getitem__`: it is asked for 0, 1, 2 and so on, until it raises IndexError."""
    from sovereign.migration.depyler.calls import call_method
    from sovereign.migration.depyler.synthesis import ITEMS_METHOD, add_items_method

    shape = operand.type.only
    assert isinstance(shape, InstanceShape)
    add_items_method(shape.cls)
    return iterate(low, call_method(low, operand, ITEMS_METHOD, []))


_HANDLERS: dict[type, Callable[[Lowering, Operand], Iteration | None]] = {
    ListShape: _list,
    SetShape: _list,
    DictShape: _dict,
    IterShape: _iterator,
    TupleShape: _tuple,
    SeqShape: _tuple,
    Atom: _atom,
    InstanceShape: _instance,
}
LIBRARY_ITERATION: dict[str, Callable[[Lowering, Operand], Iteration]] = {}


def length_type() -> Type:
    """What `len` gives."""
    return integer(0, LENGTH)


def as_seq(low: Lowering, operand: Operand) -> Operand:
    """A tuple as one of unknown length."""
    shape = operand.type.only
    if isinstance(shape, TupleShape):
        target = seq_of(join_all(shape.items))
        return Operand(target, low.convert(operand, target))
    return operand
