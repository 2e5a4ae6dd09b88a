"""Decorators that are not written out: what stands above a function or class is called with it.

Enters: the tree of a module after `unfolding.py`. Leaves: the same tree where `@d def f` is `def f` and `d(f)`, if `d`
gives back what it takes or nobody uses `f`, else `def f_plain` and `f = d(f_plain)`. Decorators of the library stay:
`decorators.py` knows them.
"""

from __future__ import annotations

import ast

from sovereign.migration.depyler.nodes import walk

__all__ = ["FIRST_NAME", "apply", "last_name"]

FIRST_NAME = "first_name"
"""The attribute of a renamed function's node that tells the name it has for the program."""
_LIBRARY = frozenset(
    "cache lru_cache wraps contextmanager total_ordering dataclass staticmethod classmethod property cached_property "
    "abstractmethod unique final override overload runtime_checkable singledispatch verify".split()
)


def apply(tree: ast.Module, *, is_main: bool) -> None:
    """Call the decorators of functions and of classes, in place; `is_main` says that no other module uses its names."""
    _Module(tree, is_main=is_main).block(tree, "body")


def last_name(node: ast.expr) -> str:
    """The last word of a decorator."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


class _Module:
    def __init__(self, tree: ast.Module, *, is_main: bool) -> None:
        self.is_main = is_main
        self.functions: dict[str, list[ast.FunctionDef]] = {}
        self.methods: dict[str, list[ast.FunctionDef]] = {}
        self.taken: set[str] = set()
        self.loaded: set[str] = set()
        for node in walk(tree):
            if isinstance(node, ast.Name):
                self.taken.add(node.id)
                if not isinstance(node.ctx, ast.Store):
                    self.loaded.add(node.id)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                self.taken.add(node.name)
        self.find(tree)

    def find(self, tree: ast.Module) -> None:
        for node in walk(tree):
            if isinstance(node, ast.ClassDef):
                for item in node.body:
                    if isinstance(item, ast.FunctionDef):
                        self.methods.setdefault(item.name, []).append(item)
                        if item.name == "__call__":
                            self.functions.setdefault(node.name, []).append(item)
        methods = {id(each) for found in self.methods.values() for each in found}
        for node in walk(tree):
            if isinstance(node, ast.FunctionDef) and id(node) not in methods:
                self.functions.setdefault(node.name, []).append(node)

    def block(self, owner: ast.AST, name: str) -> None:
        body: list[ast.stmt] = []
        for node in getattr(owner, name):
            self.within(node)
            if isinstance(node, ast.FunctionDef) and not isinstance(owner, ast.ClassDef):
                body += self.function(node)
            elif isinstance(node, ast.ClassDef):
                body += self.decorated_class(node)
            else:
                body.append(node)
        setattr(owner, name, body)

    def within(self, node: ast.AST) -> None:
        for name in ("body", "orelse", "finalbody"):
            if isinstance(getattr(node, name, None), list):
                self.block(node, name)
        for child in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            self.within(child)

    def function(self, node: ast.FunctionDef) -> list[ast.stmt]:
        found = node.decorator_list
        if not found or any(last_name(d) in _LIBRARY and last_name(d) not in self.functions for d in found):
            return [node]
        node.decorator_list = []
        plain = all(map(self.gives_back, found)) or (self.is_main and node.name not in self.loaded)
        if plain:
            value = _called(found, ast.Name(node.name, ast.Load()))
            return [node, _located(ast.Expr(value), node)]
        shown = str(getattr(node, FIRST_NAME, node.name))
        name = node.name
        node.name = self.free(f"{shown}_plain")
        setattr(node, FIRST_NAME, shown)
        value = _called(found, ast.Name(node.name, ast.Load()))
        return [node, _located(ast.Assign([ast.Name(name, ast.Store())], value), node)]

    def decorated_class(self, node: ast.ClassDef) -> list[ast.stmt]:
        own = [d for d in node.decorator_list if last_name(d) not in _LIBRARY]
        if not own or not all(map(self.gives_back, own)):
            return [node]
        node.decorator_list = [d for d in node.decorator_list if d not in own]
        return [node, _located(ast.Expr(_called(own, ast.Name(node.name, ast.Load()))), node)]

    def free(self, name: str) -> str:
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def gives_back(self, decorator: ast.expr) -> bool:
        """Whether a decorator returns the very thing that it is called with."""
        if isinstance(decorator, ast.Call):
            name = last_name(decorator)
            if isinstance(decorator.func, ast.Name) and any(f.name == "__call__" for f in self.functions.get(name, ())):
                return self.all_of(self.functions[name], lambda f: _returns_argument(f, is_method=True))
            return self.all_of(self.named(decorator.func), _makes_such)
        is_method = isinstance(decorator, ast.Attribute)
        return self.all_of(self.named(decorator), lambda f: _returns_argument(f, is_method=is_method))

    def named(self, function: ast.expr) -> list[ast.FunctionDef]:
        if isinstance(function, ast.Name):
            return [f for f in self.functions.get(function.id, ()) if f.name != "__call__"]
        return self.methods.get(function.attr, []) if isinstance(function, ast.Attribute) else []

    @staticmethod
    def all_of(found: list[ast.FunctionDef], test: object) -> bool:
        assert callable(test)
        return bool(found) and all(map(test, found))


def _called(decorators: list[ast.expr], value: ast.expr) -> ast.expr:
    for decorator in reversed(decorators):
        value = ast.Call(decorator, [value], [])
    return value


def _located(made: ast.stmt, like: ast.AST) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(made, like))


def _own(function: ast.FunctionDef) -> list[ast.AST]:
    """The nodes of a function's body, without those of functions and classes within it."""
    found: list[ast.AST] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _returns_argument(function: ast.FunctionDef, *, is_method: bool = False) -> bool:
    """Whether a function of one parameter gives that back, whatever happens."""
    names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    is_static = any(last_name(d) == "staticmethod" for d in function.decorator_list)
    if is_method and not is_static:
        names = names[1:]
    if len(names) != 1 or function.args.vararg or function.args.kwarg or function.args.kwonlyargs:
        return False
    others = [d for d in function.decorator_list if last_name(d) not in {"staticmethod", "classmethod"}]
    return not others and _returns(function, names[0])


def _returns(function: ast.FunctionDef, name: str) -> bool:
    nodes = _own(function)
    if any(isinstance(n, ast.Yield | ast.YieldFrom) for n in nodes):
        return False
    if any(isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load) for n in nodes):
        return False
    returned = [n.value for n in nodes if isinstance(n, ast.Return)]
    same = all(isinstance(value, ast.Name) and value.id == name for value in returned)
    return same and isinstance(function.body[-1], ast.Return)


def _makes_such(function: ast.FunctionDef) -> bool:
    """Whether a function gives back an inner function that returns its argument."""
    inner = [s for s in function.body if isinstance(s, ast.FunctionDef)]
    return any(_returns_argument(each) and _returns(function, each.name) for each in inner)
