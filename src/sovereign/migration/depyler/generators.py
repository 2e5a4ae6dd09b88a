"""`yield` and `yield from`.

Enters: their nodes within a generator function. Leaves: values handed out through the coroutine's channel.
"""

from __future__ import annotations

import ast

from sovereign.migration.depyler.iteration import iterate
from sovereign.migration.depyler.loops import source_of
from sovereign.migration.depyler.lowering import Lowering, Operand, expression
from sovereign.migration.depyler.types import NONE
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

__all__: list[str] = []


@expression(ast.Yield)
def _yield(low: Lowering, node: ast.Yield) -> Operand:
    value = Operand(NONE, rs.Tuple()) if node.value is None else stored(low, low.expression(node.value))
    _give(low, value)
    return Operand(NONE, rs.Tuple())


def _give(low: Lowering, value: Operand) -> None:
    cell = low.yielding
    assert cell is not None
    cell.join(value.type)
    held = cell.read(low.instance)
    given = rs.Method(rs.Name("yielder"), "give", (low.convert(value, held),))
    low.emit(rs.Evaluate(low.fallible(rs.Await(given)), low.line))


@expression(ast.YieldFrom)
def _yield_from(low: Lowering, node: ast.YieldFrom) -> Operand:
    if not _is_statement(low, node):
        raise low.refuse(node, "the value of `yield from`")
    each = source_of(low, node.value) if isinstance(node.value, ast.Call) else iterate(low, low.expression(node.value))
    each.loop(low, "item", lambda item: _give(low, item))
    return Operand(NONE, rs.Tuple())


def _is_statement(low: Lowering, node: ast.YieldFrom) -> bool:
    """Whether nothing asks for the value."""
    return any(isinstance(outer, ast.Expr) and outer.value is node for outer in ast.walk(low.info.node))
