"""What closures and coroutines take with them: clones of the variables that they use.

Enters: functions and comprehensions as values. Leaves: statements that clone variables before the closure, and,
inside it, references to what is used by reference around it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.lowering import Lowering, Operand, safe_name
from sovereign.migration.depyler.program import FunctionValue
from sovereign.migration.depyler.rust_types import is_copy
from sovereign.migration.depyler.types import StaticShape, Type
from sovereign.migration.depyler.variables import boxed, find_web
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["borrowed_again", "captured_clones", "captures_of", "holds_object", "inside"]


def borrowed_again(low: Lowering, captures: Sequence[rs.Statement], body: object) -> list[rs.Statement]:
    """`let x = &x;` in a closure for each clone that the function around it knows as a reference."""
    references = _references(low)
    names = [name for s in captures if (name := _bound(s)) in references]
    return [rs.Let(rs.Bind(name), None, rs.Borrow(rs.Name(name))) for name in names if _as_argument(body, name)]


def _references(low: Lowering) -> set[str]:
    """Names of Rust variables that are references in this function."""
    found = {local.rust_name for names in low.locals for local in names.values() if local.form == "ref"}
    if low.in_generator:
        return found
    found |= {safe_name(name, low.program) for name in low.info.scope.free}
    webs = low.info.webs
    for name, web in (webs.parameters if webs is not None else {}).items():
        if low.instance.passes.get(name):
            found.add(low.rust_name(web))
    return found


def _as_argument(node: object, name: str) -> bool:
    """Whether a variable stands anywhere but before a dot or parentheses."""
    if isinstance(node, rs.Name):
        return node.path == name
    if isinstance(node, tuple | list):
        return any(_as_argument(part, name) for part in node)
    if isinstance(node, str):
        return False
    slots = getattr(type(node), "__slots__", ())
    if isinstance(node, rs.Method) and isinstance(node.receiver, rs.Name):
        slots = tuple(slot for slot in slots if slot != "receiver")
    if isinstance(node, rs.Call) and isinstance(node.function, rs.Name):
        slots = tuple(slot for slot in slots if slot != "function")
    return any(_as_argument(getattr(node, slot), name) for slot in slots)


def captures_of(low: Lowering, operand: Operand) -> list[rs.Statement]:
    """Clones of the variables that the closure takes with it."""
    known = operand.static
    assert known is not None
    if known.kind == "lambda":
        assert isinstance(known.what, ast.Lambda)
        parameters = {a.arg for a in known.what.args.args}
        return [s for s in captured_clones(low, known.what.body) if _bound(s) not in parameters]
    if known.kind == "method":
        receiver, _ = known.what
        return _clone_of(low, receiver)
    if known.kind == "partial":
        function, given, keywords = known.what
        cloned = [s for g in (*given, *keywords.values()) for s in _clone_of(low, g)]
        return [*(captures_of(low, function) if function.static is not None else []), *cloned]
    value = known.what
    if isinstance(value, FunctionValue):
        if isinstance(value.bound, Operand) and value.bound.static is None:
            return _clone_of(low, value.bound)
        if value.environment is not None:
            return _captured_by(low, value)
    return []


def _bound(item: rs.Statement) -> str:
    return item.pattern.name if isinstance(item, rs.Let) and isinstance(item.pattern, rs.Bind) else ""


def _clone_of(low: Lowering, receiver: Operand) -> list[rs.Statement]:
    if not isinstance(receiver.expr, rs.Name) or is_copy(receiver.type):
        return []
    return [_clone(low, receiver.expr.path)]


def _clone(low: Lowering, name: str) -> rs.Statement:
    """`let x = x.clone();`; the object itself is called `this` in closures."""
    if name == "self" and not low.instance.self_as_value:
        low.instance.self_as_value = True
        low.instance.tell()
    return rs.Let(rs.Bind("this" if name == "self" else name), None, rs.Method(rs.Name(name), "clone"))


def holds_object(captures: Sequence[rs.Statement]) -> bool:
    """Whether a closure takes the object whose method makes it."""
    return any(_bound(s) == "this" for s in captures)


def inside(operand: Operand) -> Operand:
    """A bound method of the object itself, as the closure that takes the object knows it."""
    known = operand.static
    value = None if known is None else known.what
    if not isinstance(value, FunctionValue) or not isinstance(value.bound, Operand):
        return operand
    if value.bound.expr != rs.Name("self"):
        return operand
    assert known is not None
    bound = Operand(value.bound.type, rs.Name("this"), "place")
    shape = StaticShape(known.kind, known.name, FunctionValue(value.info, value.environment, bound))
    return Operand(Type((shape,)), operand.expr)


def _captured_by(low: Lowering, value: FunctionValue) -> list[rs.Statement]:
    """Clones of what a nested function captures from here."""
    result: list[rs.Statement] = []
    names: set[str] = set()
    for instance in value.info.instances.values():
        names |= set(instance.captured)
    for name in sorted(names):
        web = find_web(low, low.node, name)
        if web is None and low.info.webs is not None:
            same = low.info.webs.by_name.get(name, [])
            web = same[0] if same else None
        if web is not None:
            held = low.instance.variable(web).read(low.instance)
            rust_name = low.rust_name(web)
            if boxed(low, name) or not is_copy(held):
                result.append(_clone(low, rust_name))
        elif name in low.info.scope.free:
            result.append(_clone(low, safe_name(name, low.program)))
    return result


def captured_clones(low: Lowering, node: ast.AST) -> list[rs.Statement]:
    """`let x = x.clone();` for the variables that a coroutine holds."""
    result: list[rs.Statement] = []
    seen: set[str] = set()
    bound = {n.id for g in getattr(node, "generators", []) for n in ast.walk(g.target) if isinstance(n, ast.Name)}
    for name in ast.walk(node):
        if not isinstance(name, ast.Name) or not isinstance(name.ctx, ast.Load) or name.id in seen or name.id in bound:
            continue
        seen.add(name.id)
        web = find_web(low, name, name.id)
        local = next((names[name.id] for names in reversed(low.locals) if name.id in names), None)
        if local is not None:
            if local.form == "slot" or not is_copy(local.type):
                rust_name = rs.Name(local.rust_name)
                result.append(rs.Let(rs.Bind(local.rust_name), None, rs.Method(rust_name, "clone")))
        elif web is not None:
            held = low.instance.variable(web).read(low.instance)
            if ("definition", name.id) in low.instance.memory or ("definition", web) in low.instance.memory:
                continue
            if boxed(low, name.id) or not is_copy(held):
                result.append(_clone(low, low.rust_name(web)))
        elif name.id in low.info.scope.free and name.id in low.instance.captured:
            rust_name = rs.Name(safe_name(name.id, low.program))
            result.append(rs.Let(rs.Bind(rust_name.path), None, rs.Method(rust_name, "clone")))
    return result
