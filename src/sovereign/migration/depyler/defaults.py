"""Defaults of parameters: constants are written at each call, what can change is made once.

Enters: the node of a default. Leaves: an operand at the call.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.lowering import Lowering, Operand, safe_name
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.program import Global
from sovereign.migration.depyler.synthesis import each_call
from sovereign.migration.depyler.variables import load_global, stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import FunctionInfo

__all__ = ["default_value_of", "is_fixed", "set_defaults"]


def _is_constant(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp):
        return _is_constant(node.operand)
    if isinstance(node, ast.Tuple):
        return all(map(_is_constant, node.elts))
    return isinstance(node, ast.Name | ast.Attribute | ast.Lambda)


def is_fixed(node: ast.expr) -> bool:
    """Whether a default is the same whenever it is evaluated."""
    if isinstance(node, ast.UnaryOp):
        return is_fixed(node.operand)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Tuple) and all(map(is_fixed, node.elts)))


def _changing(info: FunctionInfo, node: ast.expr) -> bool:
    """Whether a default names a variable around the function that is assigned more than once."""
    outer = info.scope.parent
    names = {n.id for n in walk(node) if isinstance(n, ast.Name)}
    return outer is not None and bool(names & outer.bound & outer.rebound)


def set_defaults(low: Lowering, info: FunctionInfo) -> None:
    """At the definition of a function of the module: defaults that name changing variables have their values now."""
    node = info.node
    assert isinstance(node, ast.FunctionDef)
    for default in (*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)):
        if _changing(info, default):
            variable = _at_definition(low, info, default)
            value = stored(low, low.expression(default))
            variable.cell.join(value.type)
            converted = low.put(value, variable.cell)
            low.emit(rs.Evaluate(rs.Method(rs.Name(variable.rust_name), "set", (converted,)), low.line))


def _at_definition(low: Lowering, info: FunctionInfo, node: ast.expr) -> Global:
    made = low.program.definition_defaults.get(node)
    if made is None:
        name = safe_name(f"{info.name}_default_value_{len(low.program.definition_defaults)}".upper(), low.program)
        made = low.program.definition_defaults[node] = Global(name, name)
        info.module.globals[f" {name}"] = made
    return made


def default_value_of(low: Lowering, info: FunctionInfo, node: ast.expr) -> Operand:
    """The operand of a default at a call."""
    if _changing(info, node):
        fixed = info.scope.parent is info.scope.module() and info in info.module.functions.values()
        if fixed:
            return load_global(low, _at_definition(low, info, node))
        if info.scope is not low.info.scope:
            raise low.refuse(node, "a default that is a variable which changes")
    if _is_constant(node) or each_call(node):
        return _evaluate(low, info, node)
    if isinstance(node, ast.List | ast.Dict | ast.Set | ast.Call) and not _changes(info, node):
        return _evaluate(low, info, node)
    if info.scope.parent is not None and info.scope.parent.is_function:
        raise low.refuse(node, "a default that can change, of a nested function")
    return _shared(low, info, node)


def _evaluate(low: Lowering, info: FunctionInfo, node: ast.expr) -> Operand:
    """The value, with names as the module of the function has them."""
    if info.module is low.module and not (info.scope.parent is not None and info.scope.parent.is_function):
        return stored(low, _in_module(low, info, node))
    return stored(low, _in_module(low, info, node))


def _in_module(low: Lowering, info: FunctionInfo, node: ast.expr) -> Operand:
    module, low.module = low.module, info.module
    names, low.locals = low.locals, []
    try:
        return low.expression(node)
    finally:
        low.module, low.locals = module, names


def _changes(info: FunctionInfo, node: ast.expr) -> bool:
    """Whether the function may change or keep the object that the default makes."""
    if isinstance(node, ast.Call):
        return not (
            isinstance(node.func, ast.Name)
            and node.func.id in {"int", "float", "str", "frozenset", "range", "tuple", "len"}
        )
    return True


def _shared(low: Lowering, info: FunctionInfo, node: ast.expr) -> Operand:
    """One object for all calls, in a static of the program that is made when the program starts."""
    key = ("default", node)
    shared = low.program.shared_defaults
    if key not in shared:
        name = safe_name(f"{info.name}_default_{len(shared)}".upper(), low.program)
        shared[key] = (Global(name, name), info, node)
        if low.program.main is not None:
            low.program.main.dirty = True
    with low.capture():
        shared[key][0].cell.join(_evaluate(low, info, node).type)
    return load_global(low, shared[key][0])
