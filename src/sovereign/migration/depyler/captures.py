"""What closures and coroutines take with them: clones of the variables that they use.

Enters: functions and comprehensions as values. Leaves: statements that clone variables before the closure; inside it,
`Lowering.owning` has them as values of its own.
"""

from __future__ import annotations

import ast

from sovereign.migration.depyler.lowering import Lowering, Operand, safe_name
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.program import FunctionValue
from sovereign.migration.depyler.rust_types import is_copy
from sovereign.migration.depyler.types import StaticShape, Type
from sovereign.migration.depyler.variables import boxed, find_web
from sovereign.migration.rust import tree as rs

__all__ = ["captured_clones", "captures_of", "held_function"]


def held_function(low: Lowering, operand: Operand) -> Operand:
    """A function whose receiver and given arguments are those that the closure owns."""
    known = operand.static
    if known is None:
        return low.held(operand)
    what = known.what
    if known.kind == "method":
        what = (low.held(what[0]), what[1])
    elif known.kind == "partial":
        function, given, keywords = what
        held = {name: low.held(value) for name, value in keywords.items()}
        what = (held_function(low, function), [low.held(value) for value in given], held)
    elif isinstance(what, FunctionValue) and isinstance(what.bound, Operand):
        what = FunctionValue(what.info, what.environment, low.held(what.bound))
    return Operand(Type((StaticShape(known.kind, known.name, what),)), operand.expr, operand.form)


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
    return [low.clone_named(receiver.expr.path)]


def _captured_by(low: Lowering, value: FunctionValue) -> list[rs.Statement]:
    """Clones of what a nested function captures from here."""
    result: list[rs.Statement] = []
    names: set[str] = set()
    value.info.readers.add(low.instance)
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
                result.append(low.clone_named(rust_name))
        elif name in low.info.scope.free:
            result.append(low.clone_named(safe_name(name, low.program)))
    return result


def captured_clones(low: Lowering, node: ast.AST) -> list[rs.Statement]:
    """`let x = x.clone();` for the variables that a coroutine holds."""
    result: list[rs.Statement] = []
    seen: set[str] = set()
    bound = {n.id for g in getattr(node, "generators", []) for n in walk(g.target) if isinstance(n, ast.Name)}
    for name in walk(node):
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
                result.append(low.clone_named(low.rust_name(web)))
        elif name.id in low.info.scope.free and name.id in low.instance.captured:
            rust_name = rs.Name(safe_name(name.id, low.program))
            result.append(rs.Let(rs.Bind(rust_name.path), None, rs.Method(rust_name, "clone")))
    return result
