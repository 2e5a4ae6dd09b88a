"""Slices as values: `slice(1, 3)`, and what `__getitem__` and `__setitem__` of a class are given for `x[1:3]`.

Enters: nodes and operands. Leaves: operands of the type `slice`, and parts of sequences that such a value names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.attributes import LIBRARY_ATTRIBUTES
from sovereign.migration.depyler.builtin_functions import builtin
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.methods import index_argument, method, optional
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.types import (
    NONE,
    Atom,
    ListShape,
    TupleShape,
    Type,
    integer,
    join_all,
    seq_of,
    tuple_of,
)
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    import ast

    from sovereign.migration.depyler.calls import CallSite

__all__ = ["SLICE", "part_by", "slice_value"]

SLICE = Type((Atom("slice"),))
_BOUND = integer(-(1 << 62), 1 << 62)


def slice_value(low: Lowering, node: ast.Slice) -> Operand:
    """`start:stop:step` as a value."""
    parts = [None if p is None else low.expression(p) for p in (node.lower, node.upper, node.step)]
    return Operand(SLICE, call("SliceObject::new", *(optional(low, part) for part in parts)))


@builtin("slice")
def _slice(site: CallSite) -> Operand:
    low = site.low
    operands: list[Operand | None] = list(site.operands)
    if len(operands) == 1:
        operands = [None, *operands]
    operands += [None] * (3 - len(operands))
    return Operand(SLICE, call("SliceObject::new", *(optional(low, part) for part in operands)))


def part_by(low: Lowering, value: Operand, key: Operand) -> Operand:
    """`value[key]` where the key is a slice."""
    shape = value.type.only
    if isinstance(shape, TupleShape):
        target = seq_of(join_all(shape.items))
        value = Operand(target, low.convert(value, target))
    type_ = value.type
    if isinstance(shape, ListShape):
        type_ = low.list_of(low.contents(shape.cell), shape.kind)
        made = type_.only
        assert isinstance(made, ListShape)
        made.cell.unite(shape.cell)
    elif shape is None or shape.tag not in {"str", "bytes", "tuple", "range"}:
        raise low.refuse(low.node, f"a slice that is a value, of {value.type!r}")
    held = low.named(key, "part")
    start, stop, step = (rs.Field(held.expr, name) for name in ("start", "stop", "step"))
    expr = rs.Method(low.receiver(value), "slice_step", (start, stop, rs.Method(step, "unwrap_or", (rs.Integer(1),))))
    return Operand(type_, low.fallible(expr))


for _name in ("start", "stop", "step"):
    LIBRARY_ATTRIBUTES["slice", _name] = lambda low, operand, name=_name: Operand(  # type: ignore[misc]
        _BOUND.join(NONE), rs.Field(low.receiver(operand), name), "place"
    )


@method("slice", "indices")
def _indices(site: CallSite) -> Operand:
    assert site.receiver is not None
    found = rs.Method(site.low.receiver(site.receiver), "indices", (index_argument(site, 0),))
    return Operand(tuple_of(_BOUND, _BOUND, _BOUND), site.low.fallible(found))
