"""`with`: files and library objects, objects with `__enter__` and `__exit__`, and generators as context managers.

Enters: the operand of a context manager and a way to write the body. Leaves: statements that end the context on every
way out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.lowering import Attempt, Lowering, Operand
from sovereign.migration.depyler.operators import truth
from sovereign.migration.depyler.statements import assign_target, leave
from sovereign.migration.depyler.types import NONE, InstanceShape, OpaqueShape
from sovereign.migration.depyler.variables import merge_envs
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

__all__ = ["LIBRARY_CONTEXTS", "LIBRARY_ENTERED", "enter"]

LIBRARY_CONTEXTS: dict[str, str] = {"File": "close", "StringIO": "close"}
"""Opaque types that may stand in `with`, and the method that ends them."""
LIBRARY_ENTERED: dict[str, Callable[[Lowering, Operand], Operand]] = {}
"""What `as` binds, where that is not the object itself."""


def enter(low: Lowering, manager: Operand, item: ast.withitem, body: Callable[[], None]) -> None:
    """Write one context with its body."""
    shape = manager.type.only
    if isinstance(shape, InstanceShape):
        _object(low, manager, item, body)
    elif isinstance(shape, OpaqueShape) and shape.name == "ContextManager":
        _managed(low, manager, item, body)
    elif isinstance(shape, OpaqueShape) and shape.name in LIBRARY_CONTEXTS:
        held = low.named(manager, "context")
        if item.optional_vars is not None:
            entered = LIBRARY_ENTERED.get(shape.name)
            assign_target(low, item.optional_vars, held if entered is None else entered(low, held))
        ended = low.named(held, "context")
        _guarded(low, body, lambda: low.emit(rs.Evaluate(rs.Method(ended.expr, LIBRARY_CONTEXTS[shape.name]))))
    elif manager.type.never:
        low.emit(rs.Evaluate(manager.expr))
    else:
        raise low.refuse(item.context_expr, f"`with` and {manager.type!r}")


def _guarded(low: Lowering, body: Callable[[], None], ending: Callable[[], None]) -> None:
    """The body, then `ending`, however the body is left."""
    from sovereign.migration.depyler.exceptions import _end_of, _flow_value, _resume

    final = Attempt(low.label("context"), is_final=True)
    before = None if low.env is None else dict(low.env)
    low.frames.append(final)
    with low.capture() as statements:
        body()
    low.frames.pop()
    after = low.env
    if not final.raised and not final.flow:
        low.out.extend(statements)
        ending()
        return
    next_ = rs.Call(rs.Name("Ok"), (rs.Name("Flow::Next"),))
    result_type = low.returned()
    flow = low.fresh("flow")
    value = _flow_value(low, final, result_type)
    type_ = rs.NamedType("Result", (rs.NamedType("Flow", (value,)), rs.NamedType("Exc")))
    block = rs.Block(tuple(statements))
    block = rs.Block(block.statements, next_ if after is not None else _end_of(block))
    low.emit(rs.Let(rs.Bind(flow), type_, rs.BlockExpression(block, final.label)))
    low.env = merge_envs([before, *final.states, after])
    ending()
    known = low.env
    _resume(low, flow, final, falls=after is not None)
    low.env = known if after is not None else None


def _object(low: Lowering, manager: Operand, item: ast.withitem, body: Callable[[], None]) -> None:
    from sovereign.migration.depyler.calls import call_method

    name = low.fresh("context")
    low.emit(rs.Let(rs.Bind(name), None, low.own(manager)))
    held = Operand(manager.type, rs.Name(name), "place")
    entered = call_method(low, held, "__enter__", [])
    if item.optional_vars is not None:
        assign_target(low, item.optional_vars, low.named(entered, "entered"))
    else:
        low.emit(rs.Evaluate(entered.expr))
    _object_body(low, held, body)


def _object_body(low: Lowering, held: Operand, body: Callable[[], None]) -> None:
    """The body between `__enter__` and `__exit__`."""
    from sovereign.migration.depyler.calls import call_method
    from sovereign.migration.depyler.types import EXCEPTION, Atom, Type

    nothing = Operand(NONE, rs.Tuple())

    def ending() -> None:
        low.emit(rs.Evaluate(call_method(low, held, "__exit__", [nothing, nothing, nothing]).expr))

    def asked(raised: rs.Expression) -> rs.Expression:
        option = EXCEPTION.join(NONE)
        kind = Type((Atom("ExceptionType"),)).join(NONE)
        error, kind_name = low.fresh("error"), low.fresh("kind")
        low.emit(rs.Let(rs.Bind(error), low.rust(option), rs.Method(raised, "cloned")))
        low.emit(rs.Let(rs.Bind(kind_name), low.rust(kind), rs.Method(rs.Name(error), "clone")))
        arguments = [Operand(kind, rs.Name(kind_name), "place"), Operand(option, rs.Name(error), "place"), nothing]
        return truth(low, call_method(low, held, "__exit__", arguments))

    _between(low, body, ending, asked)


def _managed(low: Lowering, manager: Operand, item: ast.withitem, body: Callable[[], None]) -> None:
    """A generator as a context."""
    shape = manager.type.only
    assert isinstance(shape, OpaqueShape)
    held = low.named(manager, "context")
    entered = Operand(low.contents(shape.cells[0]), low.fallible(rs.Method(held.expr, "enter")))
    if item.optional_vars is not None:
        assign_target(low, item.optional_vars, low.named(entered, "entered"))
    else:
        low.emit(rs.Evaluate(entered.expr))

    def asked(raised: rs.Expression) -> rs.Expression:
        return low.fallible(rs.Method(held.expr, "leave", (raised,)))

    _between(low, body, lambda: low.emit(rs.Evaluate(asked(rs.Name("None")))), asked)


def _between(
    low: Lowering, body: Callable[[], None], ending: Callable[[], None], asked: Callable[[rs.Expression], rs.Expression]
) -> None:
    """The body, then `ending`, or where an error or a jump may leave it, `asked`, whose true answer ends an error."""
    from sovereign.migration.depyler.exceptions import _end_of, _flow_value

    final = Attempt(low.label("context"), is_final=True)
    before = None if low.env is None else dict(low.env)
    low.frames.append(final)
    with low.capture() as statements:
        body()
    low.frames.pop()
    after = low.env
    if not final.raised and not final.flow:
        low.out.extend(statements)
        if low.env is not None:
            ending()
        return
    next_ = rs.Call(rs.Name("Ok"), (rs.Name("Flow::Next"),))
    flow = low.fresh("flow")
    value = _flow_value(low, final, low.returned())
    type_ = rs.NamedType("Result", (rs.NamedType("Flow", (value,)), rs.NamedType("Exc")))
    block = rs.Block(tuple(statements))
    block = rs.Block(block.statements, next_ if after is not None else _end_of(block))
    low.emit(rs.Let(rs.Bind(flow), type_, rs.BlockExpression(block, final.label)))
    low.env = merge_envs([before, *final.states, after])
    known = low.env
    answer = asked(rs.Method(rs.Method(rs.Name(flow), "as_ref"), "err"))
    suppress = low.fresh("suppressed")
    low.emit(rs.Let(rs.Bind(suppress), None, answer))
    _resume_unless(low, flow, final, suppress)
    low.env = known


def _resume_unless(low: Lowering, flow: str, final: Attempt, suppress: str) -> None:
    from sovereign.migration.depyler.lowering import Loop

    arms: list[rs.Arm] = []
    if "return" in final.flow:
        name = low.fresh("value")
        pattern = rs.VariantPattern("Ok", (rs.VariantPattern("Flow::Return", (rs.Bind(name),)),))
        arms.append(rs.Arm(pattern, leave(low, "return", None, rs.Name(name))))
    loops = {frame.label: frame for frame in low.frames if isinstance(frame, Loop)}
    for entry in sorted(final.flow):
        kind, _, label = entry.partition(":")
        if label and label in loops:
            pattern = rs.VariantPattern("Ok", (rs.LiteralPattern(rs.Name(f"Flow::{kind.capitalize()}")),))
            arms.append(rs.Arm(pattern, leave(low, kind, loops[label])))
    if final.raised:
        name = low.fresh("error")
        guard = rs.Unary("!", rs.Name(suppress))
        arms.append(rs.Arm(rs.VariantPattern("Err", (rs.Bind(name),)), low.throw(rs.Name(name)), guard))
    arms.append(rs.Arm(rs.Wildcard(), rs.BlockExpression(rs.Block())))
    low.emit(rs.Evaluate(rs.Match(rs.Name(flow), tuple(arms))))
