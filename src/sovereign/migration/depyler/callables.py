"""Callables that are handed to the support module: closures over items.

Enters: a callable operand and the types of its arguments. Leaves: a Rust closure and the type of its result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import block_of
from sovereign.migration.depyler.captures import captures_of, held_function
from sovereign.migration.depyler.function_values import inline_call
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.operators import call, truth
from sovereign.migration.depyler.types import BOOL, Type
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["closure_of", "test_of"]


def closure_of(
    low: Lowering,
    function: Operand,
    types: list[Type],
    *,
    target: Type | None = None,
    finish: Callable[[Operand], Operand] | None = None,
) -> tuple[rs.Expression, Type]:
    """A closure that owns what it uses and gives a `Result`.

    Args:
        low: The function.
        function: What is called.
        types: Types of the arguments, which come by value.
        target: The type that the result is converted to; that of the result itself where None.
        finish: A change of the result.

    Returns:
        The closure, as an expression whose captures were cloned before, and the type of what it gives.
    """
    names = [low.fresh("item") for _ in types]
    frames, low.frames = low.frames, []
    generator, low.in_generator = low.in_generator, False
    env = None if low.env is None else dict(low.env)
    low.closure_depth += 1
    captures: list[rs.Statement] = []
    if function.static is not None and function.static.kind not in {"builtin", "class", "method"}:
        captures = captures_of(low, function)
    elif function.static is None:
        held = low.fresh("function")
        captures = [rs.Let(rs.Bind(held), None, low.own(function))]
        function = Operand(function.type, rs.Name(held), "place")
    with low.capture() as statements, low.owning(captures):
        function = held_function(low, function)
        arguments = [Operand(t, rs.Name(n), "place") for t, n in zip(types, names, strict=True)]
        result = stored(low, inline_call(low, function, arguments))
        if finish is not None:
            result = finish(result)
        wanted = result.type if target is None else target
        value = low.convert(result, wanted)
    low.closure_depth -= 1
    low.in_generator = generator
    low.frames = frames
    low.env = env
    body = rs.BlockExpression(rs.Block(tuple(statements), call("Ok", value)))
    parameters = tuple((rs.Bind(n), low.rust(t)) for t, n in zip(types, names, strict=True))
    returned = rs.NamedType("Result", (low.rust(wanted), rs.NamedType("Exc")))
    return block_of(captures, rs.Closure(parameters, body, returned, moves=True)), wanted


def test_of(low: Lowering, function: Operand, item: Type) -> rs.Expression:
    """A closure that tells whether the callable's answer counts as true."""
    closure, _ = closure_of(low, function, [item], finish=lambda result: Operand(BOOL, truth(low, result)))
    return closure
