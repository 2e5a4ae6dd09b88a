"""An operation on a value of several types: one arm of a `match` for each.

Enters: an operand and what to do with one alternative. Leaves: one operand of the joined type.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.rust_types import is_copy, is_option, union_of
from sovereign.migration.depyler.types import NONE, Type, join_all
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["block_of", "distribute", "distribute_both", "join_branches"]


def block_of(statements: list[rs.Statement], value: rs.Expression) -> rs.Expression:
    """A value with what must be done before it."""
    return rs.BlockExpression(rs.Block(tuple(statements), value)) if statements else value


def join_branches(
    low: Lowering, branches: list[tuple[list[rs.Statement], Operand]]
) -> tuple[Type, list[tuple[list[rs.Statement], rs.Expression]]]:
    """The joined type of branches, and each with its value in that type."""
    joined = join_all(operand.type for _, operand in branches)
    result: list[tuple[list[rs.Statement], rs.Expression]] = []
    for statements, operand in branches:
        with low.capture() as more:
            more.extend(statements)
            low.out = more
            value = low.convert(operand, joined)
        result.append((more, value))
    return joined, result


def distribute(low: Lowering, operand: Operand, each: Callable[[Operand], Operand]) -> Operand:
    """Do `each` with the alternative that the operand is.

    Args:
        low: The function.
        operand: A value of any number of types.
        each: Lowers the operation for an operand of one shape.

    Returns:
        The result; where there is one alternative only, that of `each`.
    """
    shapes = operand.type.shapes
    if not shapes:
        return Operand(operand.type, operand.expr) if operand.form == "value" else low.never()
    if len(shapes) == 1:
        return each(operand)
    place = _seen(low, operand) or low.named(operand)
    if is_option(operand.type):
        return _option(low, place, each)
    return _union(low, place, each)


def _seen(low: Lowering, operand: Operand) -> Operand | None:
    """A reference to a part of a variable, which needs no value of its own as long as nothing assigns the variable."""
    if operand.form != "ref" or isinstance(operand.expr, rs.Name) or not _is_part(operand.expr):
        return None
    if any(isinstance(node, ast.NamedExpr) for node in walk(low.node)):
        return None
    name = low.fresh("value")
    low.emit(rs.Let(rs.Bind(name), None, operand.expr))
    return Operand(operand.type, rs.Name(name), "ref", operand.constant)


def _is_part(expr: rs.Expression) -> bool:
    if isinstance(expr, rs.Method) and expr.name in {"as_ref", "unwrap"} and not expr.arguments:
        return _is_part(expr.receiver)
    return isinstance(expr, rs.Name)


def _bound(low: Lowering, type_: Type, base: str) -> tuple[rs.Bind, Operand]:
    name = low.fresh(base)
    return rs.Bind(name), Operand(type_, rs.Name(name), "ref")


def _arm(low: Lowering, operand: Operand, each: Callable[[Operand], Operand]) -> tuple[list[rs.Statement], Operand]:
    saved = None if low.env is None else dict(low.env)
    with low.capture() as statements:
        result = each(operand)
    low.env = saved
    return statements, result


def _option(low: Lowering, place: Operand, each: Callable[[Operand], Operand]) -> Operand:
    rest = place.type.without("none")
    pattern, inner = _bound(low, rest, "inner")
    some = _arm(low, inner, lambda o: distribute(low, o, each))
    none = _arm(low, Operand(NONE, rs.Tuple()), each)
    joined, (first, second) = join_branches(low, [some, none])
    arms = (
        rs.Arm(rs.VariantPattern("Some", (pattern,)), block_of(*first)),
        rs.Arm(rs.VariantPattern("None"), block_of(*second)),
    )
    return Operand(joined, rs.Match(low.borrow(place), arms))


def _union(low: Lowering, place: Operand, each: Callable[[Operand], Operand]) -> Operand:
    union = union_of(place.type, low.program)
    patterns, branches = [], []
    for shape in place.type:
        pattern, inner = _bound(low, Type((shape,)), "inner")
        patterns.append(rs.VariantPattern(f"{union.name}::{union.variants[shape.tag]}", (pattern,)))
        branches.append(_arm(low, inner, each))
    joined, values = join_branches(low, branches)
    arms = tuple(rs.Arm(p, block_of(*v)) for p, v in zip(patterns, values, strict=True))
    return Operand(joined, rs.Match(low.borrow(place), arms))


def distribute_both(
    low: Lowering, left: Operand, right: Operand, each: Callable[[Operand, Operand], Operand]
) -> Operand:
    """Do `each` with the alternatives that both operands are."""
    if len(left.type.shapes) == 1 and len(right.type.shapes) == 1:
        return each(left, right)
    if len(right.type.shapes) > 1 and right.form == "value" and not is_copy(right.type):
        left = low.named(left, "left")
        right = low.named(right, "right")
    return distribute(low, left, lambda a: distribute(low, right, lambda b: each(a, b)))
