"""Methods of lists, deques and tuples.

Enters: call sites. Leaves: operands; what is put in grows the list's cell.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import (
    LENGTH,
    _may_hold,
    by_key,
    index_argument,
    into_element,
    method,
    optional_index,
    value_method,
)
from sovereign.migration.depyler.operators import truth
from sovereign.migration.depyler.types import NEVER, NONE, Cell, ListShape, SeqShape, TupleShape, Type, join_all
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite

__all__ = ["cell_of", "extend_with"]


def cell_of(site: CallSite) -> Cell:
    """The cell of the list that a method is called on."""
    assert site.receiver is not None
    shape = site.receiver.type.only
    assert isinstance(shape, ListShape)
    return shape.cell


def _element(site: CallSite, position: int) -> rs.Expression:
    """An argument that goes into the list."""
    low = site.low
    operand = stored(low, site.operands[position])
    cell = cell_of(site)
    cell.join(operand.type)
    return low.put(operand, cell)


@method("list", "append")
def _append(site: CallSite) -> Operand:
    value = _element(site, 0)
    return value_method(site, "append", NONE, value)


method("deque", "append")(_append)


@method("deque", "appendleft")
def _appendleft(site: CallSite) -> Operand:
    return value_method(site, "appendleft", NONE, _element(site, 0))


@method("list", "insert")
def _insert(site: CallSite) -> Operand:
    at, value = index_argument(site, 0), _element(site, 1)
    return value_method(site, "insert", NONE, at, value)


method("deque", "insert")(_insert)


def extend_with(low: Lowering, receiver: Operand, cell: Cell, source: Operand, name: str = "extend") -> Operand:
    """Add all items of something that can be iterated."""
    shape = source.type.only
    if isinstance(shape, ListShape):
        cell.unite(shape.cell)
    each = iterate(low, source)
    return _extend(low, receiver, cell, each, name)


def _extend(low: Lowering, receiver: Operand, cell: Cell, each: object, name: str) -> Operand:
    from sovereign.migration.depyler.iteration import Iteration

    assert isinstance(each, Iteration)
    cell.join(each.item)
    held = low.contents(cell)
    if each.item.never:
        return Operand(NONE, rs.Tuple())
    if each.fallible:
        if low.rust(each.item) != low.rust(held):
            raise low.refuse(low.node, "extending with an iterator of items of another type")
        return Operand(NONE, low.fallible(rs.Method(low.receiver(receiver), f"{name}_iter", (each.iterator,))))
    iterator = each.iterator
    if low.rust(each.item) != low.rust(held):
        variable = low.fresh("item")
        body = low.convert_apart(Operand(each.item, rs.Name(variable)), held)
        source = rs.Method(iterator, "into_iter") if isinstance(iterator, rs.Array) else iterator
        iterator = rs.Method(source, "map", (rs.Closure(((rs.Bind(variable), None),), body),))
    return Operand(NONE, rs.Method(low.receiver(receiver), name, (iterator,)))


@method("list", "extend")
def _extend_method(site: CallSite) -> Operand:
    return _extend_named(site, "extend")


method("deque", "extend")(_extend_method)
method("deque", "extendleft")(lambda site: _extend_named(site, "extendleft"))


def _extend_named(site: CallSite, name: str) -> Operand:
    from sovereign.migration.depyler.comprehensions import each_item
    from sovereign.migration.depyler.loops import source_of

    low = site.low
    assert site.receiver is not None
    if site.given is not None:
        return extend_with(low, site.receiver, cell_of(site), site.operands[0], name)
    node = site.nodes[0]
    if isinstance(node, ast.GeneratorExp):
        cell = cell_of(site)
        add = "append" if name == "extend" else "appendleft"
        held = low.named(site.receiver, "target")

        def body(item: Operand) -> None:
            cell.join(item.type)
            low.changes.add(cell)
            low.emit(rs.Evaluate(rs.Method(held.expr, add, (low.put(item, cell),))))

        each_item(low, node, body)
        return Operand(NONE, rs.Tuple())
    if isinstance(node, ast.Call):
        return _extend(low, site.receiver, cell_of(site), source_of(low, node), name)
    return extend_with(low, site.receiver, cell_of(site), site.operands[0], name)


@method("list", "pop")
def _pop(site: CallSite) -> Operand:
    item = site.low.contents(cell_of(site))
    if site.count == 0:
        return value_method(site, "pop", item, raises=True)
    return value_method(site, "pop_at", item, index_argument(site, 0), raises=True)


@method("deque", "pop")
def _deque_pop(site: CallSite) -> Operand:
    return value_method(site, "pop", site.low.contents(cell_of(site)), raises=True)


@method("deque", "popleft")
def _popleft(site: CallSite) -> Operand:
    return value_method(site, "popleft", site.low.contents(cell_of(site)), raises=True)


@method("deque", "rotate")
def _rotate(site: CallSite) -> Operand:
    return value_method(site, "rotate", NONE, index_argument(site, 0, "n", 1))


@method("list", "clear")
def _clear(site: CallSite) -> Operand:
    return value_method(site, "clear", NONE)


@method("list", "reverse")
def _reverse(site: CallSite) -> Operand:
    return value_method(site, "reverse", NONE)


for _name, _handler in (("clear", _clear), ("reverse", _reverse)):
    method("deque", _name)(_handler)


@method("list", "copy")
def _copy(site: CallSite) -> Operand:
    low = site.low
    assert site.receiver is not None
    shape = site.receiver.type.only
    assert isinstance(shape, ListShape)
    type_ = low.list_of(low.contents(shape.cell), shape.kind)
    made = type_.only
    assert isinstance(made, ListShape)
    made.cell.unite(shape.cell)
    return value_method(site, "copy", type_)


method("deque", "copy")(_copy)


def _searched(site: CallSite, held: Type) -> rs.Expression | None:
    item = _may_hold(site.low, stored(site.low, site.operands[0]), held)
    return None if item is None else into_element(site.low, item, held)


@method("list", "remove")
@by_key
def _remove(site: CallSite) -> Operand:
    wanted = _searched(site, site.low.contents(cell_of(site)))
    if wanted is None:
        return site.low.type_error("list.remove(x): x not in list", "VALUE_ERROR")
    return value_method(site, "remove", NONE, wanted, raises=True)


method("deque", "remove")(_remove)


def _held(site: CallSite) -> Type:
    assert site.receiver is not None
    shape = site.receiver.type.only
    if isinstance(shape, ListShape):
        return site.low.contents(shape.cell)
    if isinstance(shape, TupleShape):
        return join_all(shape.items)
    return shape.item if isinstance(shape, SeqShape) else NEVER


def _as_sequence(site: CallSite) -> CallSite:
    from sovereign.migration.depyler.iteration import as_seq

    assert site.receiver is not None
    if isinstance(site.receiver.type.only, TupleShape):
        site.receiver = as_seq(site.low, site.receiver)
    return site


def _index(site: CallSite) -> Operand:
    wanted = _searched(site, _held(site))
    if wanted is None:
        return site.low.type_error("value is not in the sequence", "VALUE_ERROR")
    site = _as_sequence(site)
    if site.count == 1:
        return value_method(site, "index", LENGTH, wanted, raises=True)
    return value_method(
        site, "index_between", LENGTH, wanted, optional_index(site, 1), optional_index(site, 2), raises=True
    )


def _count(site: CallSite) -> Operand:
    wanted = _searched(site, _held(site))
    if wanted is None:
        return Operand(LENGTH, rs.Integer(0))
    return value_method(_as_sequence(site), "count", LENGTH, wanted)


for _tag in ("list", "deque", "tuple"):
    method(_tag, "index")(_index)
    method(_tag, "count")(_count)


@method("list", "sort")
def _sort(site: CallSite) -> Operand:
    from sovereign.migration.depyler.sorting import (
        asked_order,
        compare_closure,
        is_cmp_to_key,
        key_closure,
        needs_asking,
        raising,
    )

    low = site.low
    reverse = site.keyword("reverse")
    backwards = rs.Boolean(False) if reverse is None else truth(low, reverse)
    item = low.contents(cell_of(site))
    if item.never:
        return Operand(NONE, rs.Tuple())
    key = site.keyword("key")
    if key is None or key.type == NONE:
        if needs_asking(low, item):
            return value_method(site, "sort_raising", NONE, backwards, asked_order(low, item), raises=True)
        return value_method(site, "sort", NONE, backwards)
    if is_cmp_to_key(key):
        compared = compare_closure(low, key, item)
        return value_method(site, "sort_by_compare", NONE, backwards, compared, raises=True)
    closures = key_closure(low, key, item)
    return value_method(site, f"sort_by_key{raising(closures)}", NONE, backwards, *closures, raises=True)
