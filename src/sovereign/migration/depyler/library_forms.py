"""Calls of the library that are statements in disguise: `namedtuple` makes a class, `suppress` is a `try`.

Enters: the tree of a module. Leaves: the same tree, where `P = namedtuple("P", ...)` is a class of
`typing.NamedTuple`, a class whose base is such a call has its fields, and `with suppress(A): ...` is `try: ... except
A: pass`. Calls whose fields are not written out stay, and are refused.
"""

from __future__ import annotations

import ast

__all__ = ["rewritten"]

_FORMS = {"namedtuple", "suppress", "nullcontext", "closing", "NewType", "collections", "typing", "contextlib"}
_CONTEXTS = {"suppress", "nullcontext", "closing"}


def rewritten(tree: ast.Module) -> ast.Module:
    """Write the calls as what they mean."""
    if not any(isinstance(n, ast.alias) and n.name in _FORMS for n in ast.walk(tree)):
        return tree
    changed = _Replace().visit(tree)
    assert isinstance(changed, ast.Module)
    return ast.fix_missing_locations(changed)


def _called(node: ast.expr) -> str:
    """The last word of the name of what is called."""
    if not isinstance(node, ast.Call):
        return ""
    function = node.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def _copied(made: ast.With, like: ast.With) -> ast.With:
    return ast.copy_location(made, like)


class _Replace(ast.NodeTransformer):
    def __init__(self) -> None:
        self.count = 0

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        """`P = namedtuple("P", ...)`."""
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Name):
            made = _class(node.value, node)
            if made is not None and made.name == target.id:
                return made
            if _called(node.value) == "NewType":
                return _identity(target.id, node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        """`class P(namedtuple("P", ...))`."""
        self.generic_visit(node)
        made = _class(node.bases[0], node) if len(node.bases) == 1 else None
        if made is not None and not any(isinstance(n, ast.FunctionDef) and n.name == "__new__" for n in node.body):
            node.bases, node.body = made.bases, [*made.body, *node.body]
        return node

    def visit_With(self, node: ast.With) -> ast.stmt:
        """`with suppress(A, B): ...`, and the like."""
        self.generic_visit(node)
        place = next((i for i, item in enumerate(node.items) if _called(item.context_expr) in _CONTEXTS), None)
        if place is None:
            return node
        inner, outer = node.items[place + 1 :], node.items[:place]
        body: list[ast.stmt] = [self.visit_With(_copied(ast.With(inner, node.body), node))] if inner else node.body
        made = self.context(node.items[place], body, node)
        return _copied(ast.With(outer, [made]), node) if outer else made

    def context(self, item: ast.withitem, body: list[ast.stmt], node: ast.With) -> ast.stmt:
        """The statement that one such context with its body is."""
        call = item.context_expr
        assert isinstance(call, ast.Call)
        name = _called(call)
        if name != "suppress":
            return self.entered(item, call, body, node)
        kinds = ast.copy_location(ast.Tuple(call.args, ast.Load()), call)
        handler = ast.copy_location(ast.ExceptHandler(kinds, None, [ast.copy_location(ast.Pass(), call)]), call)
        return ast.copy_location(ast.Try(list(body), [handler], [], []), node)

    def entered(self, item: ast.withitem, call: ast.Call, body: list[ast.stmt], node: ast.With) -> ast.stmt:
        """`nullcontext(x)` gives x and does nothing more; `closing(x)` gives x and closes it."""
        given = call.args[0] if call.args else ast.Constant(None)
        ends: list[ast.stmt] = []
        if _called(call) == "closing":
            self.count += 1
            name = f"closing_{self.count}"
            first: list[ast.stmt] = [ast.Assign([ast.Name(name, ast.Store())], given)]
            given = ast.Name(name, ast.Load())
            close = ast.Call(ast.Attribute(ast.Name(name, ast.Load()), "close", ast.Load()), [], [])
            ends = [ast.Expr(close)]
        else:
            first = [] if item.optional_vars is not None else [ast.Expr(given)]
        if item.optional_vars is not None:
            first.append(ast.Assign([item.optional_vars], given))
        inner = [ast.Try(body, [], [], ends)] if ends else body
        made = ast.If(ast.Constant(True), [*first, *inner], [])
        for part in ast.walk(made):
            if isinstance(part, ast.stmt | ast.expr) and not hasattr(part, "lineno"):
                ast.copy_location(part, node)
        return ast.copy_location(made, node)


def _identity(name: str, place: ast.AST) -> ast.stmt:
    """`UserId = NewType("UserId", int)`: a function that gives back what it gets."""
    made = ast.parse(f"def {name}(value):\n    return value").body[0]
    for node in ast.walk(made):
        if hasattr(node, "lineno"):
            ast.copy_location(node, place)
    return made


def _class(call: ast.expr, place: ast.AST) -> ast.ClassDef | None:
    """The class that a call of `namedtuple` makes; None where it is no such call, or not one that is known."""
    if not isinstance(call, ast.Call) or len(call.args) != 2:
        return None
    name, fields = call.args[0], _fields(call.args[1])
    if (
        _called(call) != "namedtuple"
        or fields is None
        or not isinstance(name, ast.Constant)
        or not isinstance(name.value, str)
    ):
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
