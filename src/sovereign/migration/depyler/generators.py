"""`yield` and `yield from`, and generators that are sent values or give a result.

Enters: their nodes within a generator function, and calls of methods of generators. Leaves: values handed out through
the coroutine's channel. A generator whose `yield` has a value that is used, or whose `return` gives something, is a
`Generator` of three types: what it gives, what it is sent, and its result; every other one is an iterator.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.migration.depyler.iteration import LIBRARY_ITERATION, Iteration, iterate
from sovereign.migration.depyler.loops import source_of
from sovereign.migration.depyler.lowering import Lowering, Operand, expression
from sovereign.migration.depyler.methods import method
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.registry import SHOWN
from sovereign.migration.depyler.types import NONE, Cell, OpaqueShape, Type
from sovereign.migration.depyler.variables import stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.calls import CallSite
    from sovereign.migration.depyler.program import FunctionInfo, Instance

__all__ = ["Talk", "is_talk", "next_item", "talk_of"]

SHOWN["Generator"] = "generator"


@dataclass(eq=False)
class Talk:
    """What passes between a generator and its users, beside what it gives."""

    given: Cell
    sent: Cell
    result: Cell

    @property
    def type(self) -> Type:
        """The type of the generator."""
        return Type((OpaqueShape("Generator", (self.given, self.sent, self.result)),))


def talk_of(instance: Instance, given: Cell) -> Talk:
    """The cells of a generator, the same in each round."""
    found = instance.memory.get("talk")
    if not isinstance(found, Talk):
        found = instance.memory["talk"] = Talk(given, Cell(), Cell())
    return found


def is_talk(info: FunctionInfo) -> bool:
    """Whether a generator function takes what it is sent, or gives a result."""
    node = info.node
    if isinstance(node, ast.Lambda | ast.Module):
        return False
    own = list(_own_nodes(node.body))
    unused = {id(n.value) for n in own if isinstance(n, ast.Expr)}
    for inner in own:
        if isinstance(inner, ast.Yield | ast.YieldFrom) and id(inner) not in unused:
            return True
        if isinstance(inner, ast.Return) and not (inner.value is None or _is_none(inner.value)):
            return True
    delegates = any(isinstance(inner, ast.YieldFrom) for inner in own)
    asked = {n.attr for n in walk(info.module.tree) if isinstance(n, ast.Attribute)}
    return delegates and bool(asked & {"send", "throw"})


def _own_nodes(body: list[ast.stmt]) -> list[ast.AST]:
    """The nodes of a function that are not those of functions and classes within."""
    found: list[ast.AST] = []
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))
    return found


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


@expression(ast.Yield)
def _yield(low: Lowering, node: ast.Yield) -> Operand:
    value = Operand(NONE, rs.Tuple()) if node.value is None else stored(low, low.expression(node.value))
    return _give(low, value)


def _give(low: Lowering, value: Operand) -> Operand:
    """Hand an item out; what was sent for it."""
    cell = low.yielding
    assert cell is not None
    cell.join(value.type)
    held = cell.read(low.instance)
    given = low.fallible(rs.Await(rs.Method(rs.Name("yielder"), "give", (low.convert(value, held),))))
    sent = Type() if low.talk is None else low.contents(low.talk.sent)
    if sent.never:
        low.emit(rs.Evaluate(given, low.line))
        return Operand(NONE, rs.Tuple())
    name = low.fresh("sent")
    type_ = sent.join(NONE)
    low.emit(rs.Let(rs.Bind(name), low.rust(type_), given, low.line))
    return Operand(type_, rs.Name(name), "place")


@expression(ast.YieldFrom)
def _yield_from(low: Lowering, node: ast.YieldFrom) -> Operand:
    if low.talk is not None:
        operand = low.expression(node.value)
        shape = operand.type.only
        if isinstance(shape, OpaqueShape) and shape.name == "Generator":
            return _delegate(low, low.talk, operand, shape, is_new=isinstance(node.value, ast.Call))
        each = iterate(low, operand)
    else:
        known = isinstance(node.value, ast.Call)
        each = source_of(low, node.value) if known else iterate(low, low.expression(node.value))
    each.loop(low, "item", lambda item: low.emit(rs.Evaluate(_give(low, item).expr)))
    return Operand(NONE, rs.Tuple())


def _delegate(low: Lowering, talk: Talk, operand: Operand, shape: OpaqueShape, *, is_new: bool) -> Operand:
    """`yield from generator`: what this one is sent goes to the other, whose result is the value."""
    given, sent, result = shape.cells
    talk.given.unite(given)
    talk.sent.unite(sent)
    run = rs.Method(low.receiver(operand), "run", (rs.Borrow(rs.Name("yielder")),))
    value = low.fallible(rs.Await(run))
    type_ = low.contents(result)
    if is_new:
        return low.named(Operand(type_, rs.Method(value, "unwrap")), "outcome")
    if type_.get("none") is not None:
        return low.named(Operand(type_, rs.Method(value, "unwrap_or", (low.convert(_nothing(), type_),))), "outcome")
    return low.named(Operand(type_.join(NONE), value), "outcome")


def _nothing() -> Operand:
    return Operand(NONE, rs.Tuple())


# generators as objects


def _shape(site: CallSite) -> OpaqueShape:
    assert site.receiver is not None
    shape = site.receiver.type.only
    assert isinstance(shape, OpaqueShape)
    return shape


def _iteration(low: Lowering, operand: Operand) -> Iteration:
    shape = operand.type.only
    assert isinstance(shape, OpaqueShape)
    return Iteration(low.contents(shape.cells[0]), rs.Method(low.receiver(operand), "iter"), fallible=True)


LIBRARY_ITERATION["Generator"] = _iteration


def next_item(low: Lowering, operand: Operand) -> Operand:
    """`next(generator)`."""
    shape = operand.type.only
    assert isinstance(shape, OpaqueShape)
    return Operand(low.contents(shape.cells[0]), low.fallible(rs.Method(low.receiver(operand), "next_item")))


@method("Generator", "__next__")
def _next(site: CallSite) -> Operand:
    assert site.receiver is not None
    return next_item(site.low, site.receiver)


@method("Generator", "send")
def _send(site: CallSite) -> Operand:
    low, shape = site.low, _shape(site)
    assert site.receiver is not None
    value = stored(low, site.operands[0])
    if value.type == NONE:
        return next_item(low, site.receiver)
    rest = value.type.without("none")
    shape.cells[1].join(rest)
    held = low.contents(shape.cells[1])
    name, target = ("send", held) if rest == value.type else ("send_option", held.join(NONE))
    sent = rs.Method(low.receiver(site.receiver), name, (low.convert(value, target),))
    return Operand(low.contents(shape.cells[0]), low.fallible(sent))


def _error(site: CallSite) -> rs.Expression:
    from sovereign.migration.depyler.exceptions import as_error

    if site.count != 1:
        raise site.refuse("`throw` with other than one argument")
    error = as_error(site.low, site.operands[0], site.node)
    return rs.MacroCall("unreachable") if error is None else error


@method("Generator", "throw")
def _throw(site: CallSite) -> Operand:
    low, shape = site.low, _shape(site)
    assert site.receiver is not None
    thrown = rs.Method(low.receiver(site.receiver), "throw", (_error(site),))
    return Operand(low.contents(shape.cells[0]), low.fallible(thrown))


@method("Generator", "close")
def _close(site: CallSite) -> Operand:
    assert site.receiver is not None
    return Operand(NONE, site.low.fallible(rs.Method(site.low.receiver(site.receiver), "close")))


@method("iterator", "throw")
def _throw_into_iterator(site: CallSite) -> Operand:
    low = site.low
    assert site.receiver is not None
    each = iterate(low, site.receiver)
    return Operand(each.item, low.fallible(rs.Method(low.receiver(site.receiver), "throw", (_error(site),))))


@method("iterator", "send")
def _send_nothing(site: CallSite) -> Operand:
    low = site.low
    assert site.receiver is not None
    if site.operands[0].type != NONE:
        # Nobody looks at what is sent; only the first time it matters.
        given = low.named(stored(low, site.operands[0]), "given")
        absent = given.type.get("none") is not None
        nothing = rs.Method(given.expr, "is_none") if absent else rs.Boolean(False)
        sent = rs.Method(low.receiver(site.receiver), "send_unseen", (nothing,))
        return Operand(iterate(low, site.receiver).item, low.fallible(sent))
    return Operand(iterate(low, site.receiver).item, low.fallible(rs.Method(low.receiver(site.receiver), "next_item")))
