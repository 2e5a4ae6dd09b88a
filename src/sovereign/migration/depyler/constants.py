"""Assignments of several constants at once, written out one by one.

Enters: the tree of a module. Leaves: the same tree where `A, B = 1, 2` and `A, B = range(2)` of the module are an
assignment for each name, so that `collect.py` sees that they are constants.
"""

from __future__ import annotations

import ast

from sovereign.migration.depyler.nodes import walk

__all__ = ["is_literal", "split_constants"]


def split_constants(tree: ast.Module) -> None:
    """Write out the assignments of several constants in the statements of a module, in place."""
    counts = not any(name == "range" for node in walk(tree) for name in _bound(node))
    tree.body = [part for statement in tree.body for part in _parts(statement, counts=counts)]


def is_literal(node: ast.expr) -> bool:
    """Whether it is a literal of something that cannot change.

    >>> is_literal(ast.parse("-1", mode="eval").body), is_literal(ast.parse("[]", mode="eval").body)
    (True, False)
    """
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant)


def _bound(node: ast.AST) -> list[str]:
    """Names that a node gives a meaning, in whatever scope."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.ImportFrom | ast.Import):
        # What a star brings is not known.
        return [alias.asname or alias.name.replace("*", "range") for alias in node.names]
    return [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []


def _parts(statement: ast.stmt, *, counts: bool) -> list[ast.stmt]:
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return [statement]
    target = statement.targets[0]
    if not isinstance(target, ast.Tuple | ast.List) or not all(isinstance(name, ast.Name) for name in target.elts):
        return [statement]
    values = _values(statement.value, counts=counts)
    if values is None or len(values) != len(target.elts):
        return [statement]
    return [
        ast.copy_location(ast.Assign([name], value), statement) for name, value in zip(target.elts, values, strict=True)
    ]


def _values(value: ast.expr, *, counts: bool) -> list[ast.expr] | None:
    if isinstance(value, ast.Tuple | ast.List):
        return value.elts if all(map(is_literal, value.elts)) else None
    if not counts or not isinstance(value, ast.Call) or value.keywords:
        return None
    bounds = [part.value for part in value.args if isinstance(part, ast.Constant)]
    numbers = [bound for bound in bounds if type(bound) is int]
    if not isinstance(value.func, ast.Name) or value.func.id != "range" or len(numbers) != len(value.args):
        return None
    if not 1 <= len(numbers) <= 2 or abs(numbers[-1]) > _MOST:
        return None
    return [ast.copy_location(ast.Constant(number), value) for number in range(*numbers)]


_MOST = 1000
