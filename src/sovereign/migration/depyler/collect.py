"""A module as functions, classes and variables, before anything is typed.

Enters: source text. Leaves: a `Module`. Functions and classes of the module's body that are bound once have fixed
meanings; variables that functions use become statics, literals among them constants.
"""

from __future__ import annotations

import ast
import io
import tokenize
from typing import TYPE_CHECKING

from sovereign.migration.depyler.applied import FIRST_NAME, apply
from sovereign.migration.depyler.class_bodies import simplify_classes
from sovereign.migration.depyler.constants import is_literal, split_constants
from sovereign.migration.depyler.library_forms import rewritten
from sovereign.migration.depyler.lowering import safe_name
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.program import ClassInfo, FunctionInfo, Global, Module
from sovereign.migration.depyler.redefining import separate
from sovereign.migration.depyler.scopes import module_scope
from sovereign.migration.depyler.unfolding import unfold
from sovereign.migration.depyler.unrolling import unroll

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import Program
    from sovereign.migration.depyler.scopes import Scope

__all__ = ["class_info", "collect", "comments_of", "function_info"]


def comments_of(source: str) -> dict[int, tuple[str, bool]]:
    """Comments by line: the text without `#`, and whether it stands behind code."""
    found: dict[int, tuple[str, bool]] = {}
    if "#" not in source:
        return found
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                behind = bool(token.line[: token.start[1]].strip())
                text = token.string.lstrip("#")
                found[token.start[0]] = (text.removeprefix(" ").rstrip(), behind)
    except (tokenize.TokenError, IndentationError):
        return found
    return found


def function_info(node: ast.FunctionDef, scope: Scope, module: Module, cls: ClassInfo | None = None) -> FunctionInfo:
    """A function as written."""
    kind = "function" if cls is None else "method"
    decorators = []
    for decorator in node.decorator_list:
        name = (
            decorator.id
            if isinstance(decorator, ast.Name)
            else decorator.attr
            if isinstance(decorator, ast.Attribute)
            else ""
        )
        if cls is not None and name in {"staticmethod", "classmethod", "property", "cached_property"}:
            kind = {"staticmethod": "static", "classmethod": "class"}.get(name, "property")
        elif cls is not None and name == "setter":
            kind = "setter"
        elif name in {"abstractmethod", "override", "final", "overload"}:
            continue
        elif name in {"getter", "deleter"}:
            kind = "other"
        else:
            decorators.append(decorator)
    if cls is not None and node.name in {"__new__", "__init_subclass__", "__class_getitem__"}:
        kind = "class" if node.name != "__new__" else "static"
    return FunctionInfo(getattr(node, FIRST_NAME, node.name), node, scope, module, cls, kind, decorators)


def class_info(node: ast.ClassDef, scope: Scope, module: Module, program: Program) -> ClassInfo:
    """A class with its methods and constants; its bases are resolved later."""
    taken = {cls.unique for cls in program.classes}
    unique = safe_name(node.name, program)
    number = 1
    while unique in taken:
        number += 1
        unique = f"{safe_name(node.name, program)}{number}"
    cls = ClassInfo(node.name, unique, node, scope, module)
    program.classes.append(cls)
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef):
            info = function_info(statement, scope.children[statement], module, cls)
            ending = {"setter": ".setter", "other": ".deleter"}.get(info.kind, "")
            name = statement.name + ending
            cls.methods[name] = info
        elif isinstance(statement, ast.ClassDef):
            cls.nested[statement.name] = class_info(statement, scope.children[statement], module, program)
        elif (
            isinstance(statement, ast.Assign)
            and len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
        ):
            cls.constants[statement.targets[0].id] = statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            cls.constants[statement.target.id] = statement.value
    return cls


def _aliases(cls: ClassInfo) -> None:
    """`__radd__ = __add__` in a class."""
    for name, value in list(cls.constants.items()):
        if isinstance(value, ast.Name) and value.id in cls.methods:
            cls.methods[name] = cls.methods[value.id]
            del cls.constants[name]


def _bindings(tree: ast.Module) -> dict[str, list[ast.stmt]]:
    """Every statement of the module, in whatever block, that binds a name."""
    found: dict[str, list[ast.stmt]] = {}

    def look(body: list[ast.stmt], *, nested: bool) -> None:
        for statement in body:
            for name in _bound(statement):
                found.setdefault(name, []).append(statement)
                if nested:
                    found[name].append(statement)
            for block in _blocks(statement):
                look(block, nested=True)

    look(tree.body, nested=False)
    return found


def _bound(statement: ast.stmt) -> list[str]:
    """Names that a statement binds itself."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.For | ast.With):
        return [n.id for n in _targets(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return []


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The blocks of a statement that belong to the same scope."""
    handlers = [child.body for child in ast.iter_child_nodes(statement) if isinstance(child, ast.ExceptHandler)]
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return handlers
    inner = [getattr(statement, block, None) for block in ("body", "orelse", "finalbody")]
    return [*handlers, *(block for block in inner if isinstance(block, list))]


def _targets(statement: ast.stmt) -> list[ast.AST]:
    parts: list[ast.AST] = []
    if isinstance(statement, ast.Assign):
        parts = list(statement.targets)
    elif isinstance(statement, ast.With):
        parts = [item.optional_vars for item in statement.items if item.optional_vars is not None]
    else:
        parts = [statement.target]  # type: ignore[attr-defined]
    return [n for part in parts for n in walk(part)]


def _used_in_functions(scope: Scope) -> set[str]:
    """Names of the module that functions, classes and lambdas use."""
    names: set[str] = set()
    for inner in scope.all():
        if inner is scope:
            continue
        for name in inner.used | inner.globals | inner.bound:
            if inner.owner(name) is scope:
                names.add(name)
    return names


def collect(name: str, path: str, source: str, program: Program) -> Module:
    """A module from its source.

    Raises:
        SyntaxError: The source is no Python.
    """
    tree = rewritten(ast.parse(source, path))
    simplify_classes(tree)
    separate(tree)
    unfold(tree)
    apply(tree, is_main=name == "__main__")
    tree = unroll(tree)
    split_constants(tree)
    scope = module_scope(tree)
    module = Module(name, path, source, tree, scope, comments=comments_of(source))
    bindings = _bindings(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and len(bindings[node.name]) == 1:
            module.functions[node.name] = function_info(node, scope.children[node], module)
        elif isinstance(node, ast.ClassDef) and len(bindings[node.name]) == 1:
            module.classes[node.name] = class_info(node, scope.children[node], module, program)
            _aliases(module.classes[node.name])
    used = _used_in_functions(scope)
    if name != "__main__":
        used |= set(bindings)  # other modules may ask for any of them
    for variable in sorted(used & set(bindings) - set(module.functions) - set(module.classes)):
        module.globals[variable] = _global(variable, bindings[variable], scope, program)
    for variable in sorted({n for inner in scope.all() for n in inner.globals} - set(bindings)):
        module.globals[variable] = Global(variable, _free_name(variable, program))
    program.modules[name] = module
    if "__context__" in source:
        program.statics["asks context"] = True
    return module


def _global(name: str, statements: list[ast.stmt], scope: Scope, program: Program) -> Global:
    constant = None
    first = statements[0]
    value = first.value if isinstance(first, ast.Assign | ast.AnnAssign) else None
    assigned_within = any(name in inner.globals and name in inner.bound for inner in scope.all() if inner is not scope)
    if len(statements) == 1 and value is not None and is_literal(value) and not assigned_within:
        single = isinstance(first, ast.AnnAssign) or (
            isinstance(first, ast.Assign) and isinstance(first.targets[0], ast.Name)
        )
        constant = value if single else None
    return Global(name, _free_name(name, program), constant=constant)


def _free_name(name: str, program: Program) -> str:
    rust_name = safe_name(name.upper(), program)
    taken = {variable.rust_name for module in program.modules.values() for variable in module.globals.values()}
    while rust_name in taken:
        rust_name += "_"
    return rust_name
