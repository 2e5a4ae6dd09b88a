"""The body of a class as plain statements: one name for one value.

Enters: the tree of a module. Leaves: the same tree where `a, b = 1, 2` and `a = b = 0` within a class are one
assignment for each name. What else stands in a class and is more than definitions is found by `unusual`.
"""

from __future__ import annotations

import ast
import copy

from sovereign.migration.depyler.nodes import walk

__all__ = ["simplify_classes", "unusual"]


def simplify_classes(tree: ast.Module) -> None:
    """Write out the assignments of classes that bind several names, in place."""
    for node in walk(tree):
        if isinstance(node, ast.ClassDef):
            node.body = [made for statement in node.body for made in _simple(statement)]


def unusual(node: ast.ClassDef) -> ast.stmt | None:
    """The first statement of a class that is neither a definition nor a plain assignment."""
    return next((s for s in node.body if not _is_usual(s)), None)


def _simple(statement: ast.stmt) -> list[ast.stmt]:
    if not isinstance(statement, ast.Assign):
        return [statement]
    targets = statement.targets
    if len(targets) > 1 and all(isinstance(t, ast.Name) for t in targets):
        first = targets[0]
        assert isinstance(first, ast.Name)
        others = [_assigned(t, ast.Name(first.id, ast.Load()), statement) for t in targets[1:]]
        return [_assigned(first, statement.value, statement), *others]
    names = targets[0].elts if len(targets) == 1 and isinstance(targets[0], ast.Tuple | ast.List) else []
    values = _values(statement.value)
    bound = {n.id for n in names if isinstance(n, ast.Name)}
    # All values are computed before the first name is bound.
    are_apart = not any(isinstance(part, ast.Name) and part.id in bound for value in values for part in walk(value))
    if names and len(bound) == len(names) == len(values) and are_apart:
        return [_assigned(n, v, statement) for n, v in zip(names, values, strict=True)]
    return [statement]


def _assigned(target: ast.expr, value: ast.expr, like: ast.stmt) -> ast.stmt:
    made = ast.Assign([copy.deepcopy(target)], value)
    return ast.fix_missing_locations(ast.copy_location(made, like))


def _values(node: ast.expr) -> list[ast.expr]:
    """The values that are taken apart, where they are seen in the text."""
    match node:
        case ast.Tuple(elts=items) | ast.List(elts=items) if not any(isinstance(i, ast.Starred) for i in items):
            return items
        case ast.Call(func=ast.Name(id="range"), args=[*numbers], keywords=[]) if numbers:
            known = [n.value for n in numbers if isinstance(n, ast.Constant) and type(n.value) is int]
            if len(known) == len(numbers) <= 3 and (len(known) < 3 or known[2]):
                return [ast.Constant(value) for value in range(*known)[:_MOST]]
    return []


_MOST = 1000


def _is_usual(statement: ast.stmt) -> bool:
    match statement:
        case ast.FunctionDef() | ast.ClassDef() | ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name()]) | ast.AnnAssign(target=ast.Name()):
            return True
    return False
