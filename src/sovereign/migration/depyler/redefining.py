"""Functions whose names are bound again: each gets a name of its own, and the name is a variable that holds them.

Enters: the tree of a module. Leaves: the same tree where a name that a `def` binds beside another statement of its
scope is assigned: `def f` is `def f_1` and `f = f_1`. A definition that nobody can have called before the next is left
out.
"""

from __future__ import annotations

import ast

from sovereign.migration.depyler.applied import FIRST_NAME, last_name
from sovereign.migration.depyler.nodes import walk

__all__ = ["separate"]

_Scope = ast.Module | ast.FunctionDef


def separate(tree: ast.Module) -> None:
    """Give functions that share a name within a scope names of their own, in place."""
    nodes = list(walk(tree))
    taken = {n.id for n in nodes if isinstance(n, ast.Name)} | {a.arg for a in nodes if isinstance(a, ast.arg)}
    taken |= {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    read = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    scopes: list[_Scope] = [tree, *(n for n in nodes if isinstance(n, ast.FunctionDef))]
    for scope in scopes:
        _forget_replaced(scope)
        names = _shared(scope) & read
        if names:
            _rename(scope, names, taken)


def _forget_replaced(scope: _Scope) -> None:
    """Leave out what is defined again before any code runs."""
    kept: list[ast.stmt] = []
    later: set[str] = set()
    for statement in reversed(scope.body):
        if isinstance(statement, ast.FunctionDef) and any(last_name(d) == "overload" for d in statement.decorator_list):
            continue
        if not _is_quiet(statement):
            later = set()
        elif isinstance(statement, ast.FunctionDef):
            if statement.name in later:
                continue
            later.add(statement.name)
        kept.append(statement)
    scope.body = kept[::-1]


def _is_quiet(statement: ast.stmt) -> bool:
    """Whether a statement calls nothing of the program."""
    if isinstance(statement, ast.FunctionDef):
        defaults = [*statement.args.defaults, *(d for d in statement.args.kw_defaults if d is not None)]
        return not statement.decorator_list and all(isinstance(d, ast.Constant | ast.Name) for d in defaults)
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass)


def _statements(scope: ast.AST) -> list[ast.stmt]:
    """The statements of a scope in all of its blocks."""
    found: list[ast.stmt] = []
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.stmt):
            found.append(child)
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            found += _statements(child)
    return found


def _bound(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    parts: list[ast.AST] = []
    if isinstance(statement, ast.Assign):
        parts = list(statement.targets)
    elif isinstance(statement, ast.AugAssign | ast.AnnAssign | ast.For):
        parts = [statement.target]
    elif isinstance(statement, ast.With):
        parts = [item.optional_vars for item in statement.items if item.optional_vars is not None]
    return {n.id for part in parts for n in walk(part) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _shared(scope: _Scope) -> set[str]:
    """Names that a `def` and another statement bind."""
    seen: set[str] = set()
    shared: set[str] = set()
    defined: set[str] = set()
    for statement in _statements(scope):
        names = _bound(statement)
        shared |= names & seen
        seen |= names
        if isinstance(statement, ast.FunctionDef):
            defined.add(statement.name)
    return shared & defined


def _rename(scope: ast.AST, names: set[str], taken: set[str]) -> None:
    for field in ("body", "orelse", "finalbody"):
        body = getattr(scope, field, None)
        if isinstance(body, list):
            setattr(scope, field, [made for statement in body for made in _renamed(statement, names, taken)])
    for child in (*getattr(scope, "handlers", ()), *getattr(scope, "cases", ())):
        _rename(child, names, taken)


def _renamed(statement: ast.stmt, names: set[str], taken: set[str]) -> list[ast.stmt]:
    if isinstance(statement, ast.ClassDef):
        return [statement]
    if not isinstance(statement, ast.FunctionDef):
        _rename(statement, names, taken)
        return [statement]
    if statement.name not in names:
        return [statement]
    shown, number = statement.name, 1
    while f"{shown}_{number}" in taken:
        number += 1
    statement.name = f"{shown}_{number}"
    taken.add(statement.name)
    setattr(statement, FIRST_NAME, shown)
    assigned = ast.Assign([ast.Name(shown, ast.Store())], ast.Name(statement.name, ast.Load()))
    return [statement, ast.fix_missing_locations(ast.copy_location(assigned, statement))]
