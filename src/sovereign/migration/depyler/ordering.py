"""What is evaluated before an operand that never arrives, because a function always raises.

Enters: an expression whose operands are all evaluated, in order. Leaves: statements for those before the first that
raises, and that one; the operation itself, for which Rust would need a type, is not reached. Such calls are remembered
where they are met; their statement is then lowered anew.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.lowering import Lowering, Operand

__all__ = ["until_raised"]


def until_raised(low: Lowering, node: ast.expr) -> Operand | None:
    """The operand that never arrives, after those before it; None where each arrives, or the first does not."""
    operands = _operands(node)
    number = next((n for n, operand in enumerate(operands) if operand in low.raising), 0)
    if number == 0:
        return None
    mark = low.mark()
    for operand in operands[:number]:
        _evaluate(low, low.expression(operand))
    found = low.expression(operands[number])
    if found.type.never:
        return found
    low.take_back(mark)
    low.raising.pop(operands[number])
    return None


def _evaluate(low: Lowering, operand: Operand) -> None:
    if operand.form == "value" and operand.static is None and not isinstance(operand.expr, rs.Name | rs.Tuple):
        low.emit(rs.Evaluate(operand.expr, low.line))


def _operands(node: ast.expr) -> list[ast.expr]:
    """What an expression evaluates in any case, in order; nothing where that depends."""
    return [part for operand in _parts(node) for part in _shown(operand)]


def _shown(node: ast.expr) -> list[ast.expr]:
    """The values within a text that is put together, for who takes that writes its parts at once."""
    return _parts(node) if isinstance(node, ast.JoinedStr) else [node]


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod(), right=ast.Tuple(elts=items)):
            return list(map(_inner, items))
        case ast.BinOp(left=left, right=right) | ast.Compare(left=left, comparators=[right]):
            return [left, right]
        case ast.Call(func=function, args=positional, keywords=keywords):
            receiver = [function.value] if isinstance(function, ast.Attribute) else []
            return [*receiver, *map(_inner, positional), *(k.value for k in keywords)]
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return list(map(_inner, items))
        case ast.Dict(keys=keys, values=values):
            return [part for pair in zip(keys, values, strict=True) for part in pair if part is not None]
        case ast.JoinedStr(values=values):
            return [v.value for v in values if isinstance(v, ast.FormattedValue)]
        case ast.Subscript(value=value, slice=index):
            return [value] if isinstance(index, ast.Slice) else [value, index]
    return []


def _inner(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Starred) else node
