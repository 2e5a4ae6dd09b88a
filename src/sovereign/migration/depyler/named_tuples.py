"""`collections.namedtuple` as the class that it makes.

Enters: the tree of a module. Leaves: the same tree, where `P = namedtuple("P", ...)` is a class of `typing.NamedTuple`, and a
class whose base is such a call has its fields. Calls whose fields are not written out stay, and are refused.
"""

from __future__ import annotations

import ast

__all__ = ["with_named_tuples"]


def with_named_tuples(tree: ast.Module) -> ast.Module:
    """Replace the calls of `namedtuple`."""
    if not any(isinstance(n, ast.alias) and n.name in {"namedtuple", "collections"} for n in ast.walk(tree)):
        return tree
    changed = _Replace().visit(tree)
    assert isinstance(changed, ast.Module)
    return ast.fix_missing_locations(changed)


class _Replace(ast.NodeTransformer):
    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        """`P = namedtuple("P", ...)`."""
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Name):
            made = _class(node.value, node)
            if made is not None and made.name == target.id:
                return made
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        """`class P(namedtuple("P", ...))`."""
        self.generic_visit(node)
        made = _class(node.bases[0], node) if len(node.bases) == 1 else None
        if made is not None and not any(isinstance(n, ast.FunctionDef) and n.name == "__new__" for n in node.body):
            node.bases, node.body = made.bases, [*made.body, *node.body]
        return node


def _class(call: ast.expr, place: ast.AST) -> ast.ClassDef | None:
    """The class that a call of `namedtuple` makes; None where it is no such call, or not one that is known."""
    if not isinstance(call, ast.Call) or len(call.args) != 2:
        return None
    function, name = call.func, call.args[0]
    called = function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    fields = _fields(call.args[1])
    if called != "namedtuple" or fields is None or not isinstance(name, ast.Constant) or not isinstance(name.value, str):
        return None
    defaults: list[ast.expr] = []
    for keyword in call.keywords:
        if keyword.arg != "defaults" or not isinstance(keyword.value, ast.List | ast.Tuple):
            return None
        defaults = keyword.value.elts
    if any(not f.isidentifier() or f.startswith("_") for f in fields) or len(defaults) > len(fields):
        return None
    values = [None] * (len(fields) - len(defaults)) + defaults
    body: list[ast.stmt] = [
        ast.AnnAssign(ast.Name(field, ast.Store()), ast.Name("object", ast.Load()), value, 1)
        for field, value in zip(fields, values, strict=True)
    ]
    made = ast.ClassDef(name.value, [ast.Name("NamedTuple", ast.Load())], [], body or [ast.Pass()], [])
    for node in (made, *ast.walk(made)):
        if isinstance(node, ast.stmt | ast.expr) and not hasattr(node, "lineno"):
            ast.copy_location(node, place)
    return made


def _fields(node: ast.expr) -> list[str] | None:
    """The names of the fields as written."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace(",", " ").split()
    if isinstance(node, ast.List | ast.Tuple):
        names = [e.value for e in node.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
        return names if len(names) == len(node.elts) else None
    return None
