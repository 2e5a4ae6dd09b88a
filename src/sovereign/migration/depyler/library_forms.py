"""Calls of the library that are statements in disguise: `namedtuple` makes a class, `suppress` is a `try`.

Enters: the tree of a module. Leaves: the same tree, where `P = namedtuple("P", ...)` is a class of
`typing.NamedTuple`, a class whose base is such a call has its fields, and `with suppress(A): ...` is `try: ... except
A: pass`. Calls whose fields are not written out stay, and are refused.
"""

from __future__ import annotations

import ast

from sovereign.migration.depyler.nodes import walk

__all__ = ["rewritten"]

_CONTEXTS = {"suppress", "nullcontext", "closing"}
_FORMS = _CONTEXTS | {"namedtuple", "NewType", "Struct", "collections", "typing", "contextlib", "struct"}


def rewritten(tree: ast.Module) -> ast.Module:
    """Write the calls as what they mean."""
    if not any(isinstance(n, ast.alias) and n.name in _FORMS for n in walk(tree)):
        return tree
    changed = _Records(_records(tree)).visit(_Replace().visit(tree))
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
        for part in walk(made):
            if isinstance(part, ast.stmt | ast.expr) and not hasattr(part, "lineno"):
                ast.copy_location(part, node)
        return ast.copy_location(made, node)


def _identity(name: str, place: ast.AST) -> ast.stmt:
    """`UserId = NewType("UserId", int)`: a function that gives back what it gets."""
    made = ast.parse(f"def {name}(value):\n    return value").body[0]
    for node in walk(made):
        if hasattr(node, "lineno"):
            ast.copy_location(node, place)
    return made


def _records(tree: ast.Module) -> dict[str, ast.Constant]:
    """Names that stand for one `struct.Struct` with a written format, and are used for nothing but its members."""
    found: dict[str, ast.Constant] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _called(node.value) == "Struct":
            assert isinstance(node.value, ast.Call)
            given = node.value.args[0] if len(node.value.args) == 1 and not node.value.keywords else None
            if isinstance(given, ast.Constant) and isinstance(given.value, str) and len(node.targets) == 1:
                found[node.targets[0].id] = given
    uses = [n for n in walk(tree) if isinstance(n, ast.Name)]
    plain = {id(n.value) for n in walk(tree) if isinstance(n, ast.Attribute) and n.attr in _RECORD}
    arguments = {n.arg for n in walk(tree) if isinstance(n, ast.arg)}
    for use in uses:
        if isinstance(use.ctx, ast.Load) and id(use) not in plain:
            found.pop(use.id, None)
    stores = [n.id for n in uses if not isinstance(n.ctx, ast.Load)]
    return {name: text for name, text in found.items() if stores.count(name) == 1 and name not in arguments}


_RECORD = {"pack", "unpack", "unpack_from", "iter_unpack", "size", "format"}


class _Records(ast.NodeTransformer):
    """`HEADER.pack(...)` as `struct.pack(FORMAT, ...)`."""

    def __init__(self, records: dict[str, ast.Constant]) -> None:
        self.records = records
        self.module = "struct_module"

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """The module of the functions under a name that no program has."""
        if not self.records:
            return node
        self.generic_visit(node)
        place = next(i for i, n in enumerate(node.body) if isinstance(n, ast.Import | ast.ImportFrom))
        brought = ast.Import([ast.alias("struct", self.module)])
        node.body.insert(place + 1, ast.copy_location(brought, node.body[place]))
        return node

    def _function(self, name: str, place: ast.AST) -> ast.expr:
        module = ast.copy_location(ast.Name(self.module, ast.Load()), place)
        return ast.copy_location(ast.Attribute(module, name, ast.Load()), place)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        """Where it is made, its format is checked."""
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id in self.records and _called(node.value) == "Struct":
            checked = ast.Call(self._function("calcsize", node), [self.records[target.id]], [])
            return ast.copy_location(ast.Expr(ast.copy_location(checked, node)), node)
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A method."""
        self.generic_visit(node)
        function = node.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            text = self.records.get(function.value.id)
            if text is not None:
                node.func = self._function(function.attr, function)
                node.args = [text, *node.args]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """An attribute that is no method."""
        self.generic_visit(node)
        text = self.records.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if text is None or node.attr not in {"size", "format"}:
            return node
        if node.attr == "format":
            return ast.copy_location(ast.Constant(text.value), node)
        return ast.copy_location(ast.Call(self._function("calcsize", node), [text], []), node)


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
    for node in (made, *walk(made)):
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
