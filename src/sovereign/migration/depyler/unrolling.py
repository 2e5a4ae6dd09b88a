"""Loops over classes and functions that are written out: `for kind in (Circle, Square)` is one body for each of them.

Enters: the tree of a module. Leaves: the same tree, where comprehensions and loops over a display of names of classes
or functions of the module are displays and statements, so that each is known by name.
"""

from __future__ import annotations

import ast
import copy

from sovereign.migration.depyler.nodes import walk

__all__ = ["unroll"]

MOST = 12
"""No longer display is written out."""


def unroll(tree: ast.Module) -> ast.Module:
    """Write out loops over classes and functions of the module."""
    counts: dict[str, int] = {}
    nodes = walk(tree)
    if not any(map(_is_over_names, nodes)):
        # Nodes that were made have no places yet.
        is_placed = all("lineno" in node.__dict__ or not isinstance(node, ast.stmt | ast.expr) for node in nodes)
        return tree if is_placed else ast.fix_missing_locations(tree)
    for node in nodes:
        for name in _bound(node):
            counts[name] = counts.get(name, 0) + 1
    known = {n.name for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef) and counts.get(n.name) == 1}
    changed = _Unroll(known).visit(tree)
    assert isinstance(changed, ast.Module)
    return ast.fix_missing_locations(changed)


def _is_over_names(node: ast.AST) -> bool:
    """Whether it is a loop over names that are written out."""
    if not isinstance(node, ast.For | ast.comprehension):
        return False
    source = node.iter
    return isinstance(source, ast.Tuple | ast.List) and any(isinstance(item, ast.Name) for item in source.elts)


def _bound(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return [node.id]
    return [node.arg] if isinstance(node, ast.arg) else []


class _Substitute(ast.NodeTransformer):
    def __init__(self, name: str, value: ast.expr) -> None:
        self.name = name
        self.value = value

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(copy.deepcopy(self.value), node) if node.id == self.name else node


class _Unroll(ast.NodeTransformer):
    def __init__(self, known: set[str]) -> None:
        self.known = known

    def items(self, target: ast.expr, source: ast.expr) -> tuple[str, list[ast.expr]] | None:
        """The name that a loop binds and what it stands for in turn; None where that is nothing of the kind."""
        if not isinstance(target, ast.Name) or not isinstance(source, ast.Tuple | ast.List):
            return None
        if not 0 < len(source.elts) <= MOST:
            return None
        named = all(isinstance(e, ast.Name) and e.id in self.known for e in source.elts)
        return (target.id, source.elts) if named else None

    def parts(self, generators: list[ast.comprehension], *nodes: ast.expr) -> list[tuple[ast.expr, ...]] | None:
        """The results of a comprehension one by one."""
        only = generators[0]
        if len(generators) != 1 or only.ifs or only.is_async:
            return None
        found = self.items(only.target, only.iter)
        if found is None or any(_rebinds(node, found[0]) for node in nodes):
            return None
        name, values = found
        return [tuple(_Substitute(name, value).visit(copy.deepcopy(node)) for node in nodes) for value in values]

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        self.generic_visit(node)
        made = self.parts(node.generators, node.elt)
        return node if made is None else ast.copy_location(ast.List([m[0] for m in made], ast.Load()), node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.expr:
        self.generic_visit(node)
        made = self.parts(node.generators, node.key, node.value)
        if made is None:
            return node
        return ast.copy_location(ast.Dict([m[0] for m in made], [m[1] for m in made]), node)

    def visit_For(self, node: ast.For) -> ast.stmt | list[ast.stmt]:
        self.generic_visit(node)
        found = self.items(node.target, node.iter)
        stops = any(isinstance(n, ast.Break | ast.Continue | ast.FunctionDef | ast.Lambda) for n in walk(node))
        if found is None or node.orelse or stops or any(_rebinds(statement, found[0]) for statement in node.body):
            return node
        name, values = found
        return [_Substitute(name, value).visit(copy.deepcopy(s)) for value in values for s in node.body]


def _rebinds(node: ast.AST, name: str) -> bool:
    return any(name in _bound(inner) for inner in walk(node))
