"""Which scope a name belongs to: what `symtable` knows, tied to the nodes of the tree.

Enters: a module's tree. Leaves: a `Scope` for the module, each function, lambda and class. Comprehensions are no
scope of their own here, because they become loops; their targets are kept apart by `webs.py`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TypeAlias

from sovereign.migration.depyler.nodes import Visitor, walk

__all__ = ["FunctionNode", "Scope", "ScopeNode", "module_scope", "target_names"]

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
ScopeNode: TypeAlias = ast.Module | ast.ClassDef | FunctionNode
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(eq=False)
class Scope:
    """The names of one module, class, function or lambda."""

    node: ScopeNode
    parent: Scope | None
    bound: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    captured: set[str] = field(default_factory=set)
    free: dict[str, Scope] = field(default_factory=dict)
    children: dict[ast.AST, Scope] = field(default_factory=dict)
    is_generator: bool = False
    rebound: set[str] = field(default_factory=set)

    @property
    def is_function(self) -> bool:
        """Whether the scope is that of a function or lambda."""
        return not isinstance(self.node, ast.Module | ast.ClassDef)

    def owner(self, name: str) -> Scope | None:
        """The scope that a name used here belongs to; None for builtins and unknown names."""
        if name in self.globals:
            return self.module()
        if name in self.bound and name not in self.nonlocals:
            return self
        scope = self.parent
        while scope is not None:
            if name in scope.globals and not isinstance(scope.node, ast.ClassDef):
                return self.module()
            if name in scope.bound and not isinstance(scope.node, ast.ClassDef) and name not in scope.nonlocals:
                return scope
            scope = scope.parent
        return None

    def module(self) -> Scope:
        """The scope of the module."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def all(self) -> list[Scope]:
        """The scope and all within."""
        return [self, *(inner for child in self.children.values() for inner in child.all())]


def target_names(target: ast.AST) -> list[str]:
    """The names that an assignment target binds."""
    return [n.id for n in walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


class _Collector(Visitor, ast.NodeVisitor):
    """Fills one scope and opens those within."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._hidden: list[set[str]] = []
        self._loops = 0

    def _bind(self, name: str) -> None:
        if name in self.scope.bound or self._loops:
            self.scope.rebound.add(name)
        self.scope.bound.add(name)

    def _open(self, node: ScopeNode) -> Scope:
        child = Scope(node, self.scope)
        child.bound = set()
        self.scope.children[node] = child
        return child

    def visit_Name(self, node: ast.Name) -> None:
        if any(node.id in names for names in self._hidden):
            return
        if isinstance(node.ctx, ast.Load):
            self.scope.used.add(node.id)
        else:
            self._bind(node.id)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.visit(node.generators[0].iter)
        self._hidden.append({name for g in node.generators for name in target_names(g.target)})
        for number, generator in enumerate(node.generators):
            if number:
                self.visit(generator.iter)
            for condition in generator.ifs:
                self.visit(condition)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)
        self._hidden.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        self._loops += 1
        self.generic_visit(node)
        self._loops -= 1

    visit_For = visit_AsyncFor = visit_While = _loop

    def _function(self, node: FunctionNode) -> None:
        arguments = node.args
        for default in (*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)):
            self.visit(default)
        child = self._open(node)
        names = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        child.bound |= {a.arg for a in names if a is not None}
        inner = _Collector(child)
        inner._hidden = list(self._hidden)
        if isinstance(node, ast.Lambda):
            inner.visit(node.body)
        else:
            for statement in node.body:
                inner.visit(statement)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._bind(node.name)
        for decorator in node.decorator_list:
            self.visit(decorator)
        self._function(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node.name)
        for part in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
            self.visit(part)
        inner = _Collector(self._open(node))
        for statement in node.body:
            inner.visit(statement)

    def visit_Global(self, node: ast.Global) -> None:
        self.scope.globals |= set(node.names)
        module = self.scope.module()
        for name in node.names:
            module.bound.add(name)
            module.rebound.add(name)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.nonlocals |= set(node.names)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._bind(node.name)
        self.generic_visit(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self._bind(alias.asname or alias.name.split(".")[0])

    visit_Import = visit_ImportFrom = _import

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if isinstance(node.target, ast.Name) and node.value is None:
            self.scope.bound.add(node.target.id)
        else:
            self.visit(node.target)
        if node.value is not None:
            self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            self.scope.rebound.add(node.target.id)

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> None:
        self.scope.is_generator = True
        self.generic_visit(node)

    visit_Yield = visit_YieldFrom = _yield

    def _capture_pattern(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self._bind(node.name)
        self.generic_visit(node)

    visit_MatchAs = visit_MatchStar = _capture_pattern

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self._bind(node.rest)
        self.generic_visit(node)


def _resolve(scope: Scope) -> None:
    for name in scope.used | scope.bound:
        if name in scope.bound and name not in scope.nonlocals and name not in scope.globals:
            continue
        owner = scope.owner(name)
        if owner is not None and owner is not scope and owner.is_function:
            if name in scope.nonlocals and name in scope.bound:
                owner.rebound.add(name)
            _capture(scope, name, owner)
    for child in scope.children.values():
        _resolve(child)


def _capture(scope: Scope, name: str, owner: Scope) -> None:
    owner.captured.add(name)
    inner: Scope | None = scope
    while inner is not None and inner is not owner:
        inner.free[name] = owner
        inner = inner.parent


def module_scope(tree: ast.Module) -> Scope:
    """The scope of a module with all scopes within, names resolved."""
    scope = Scope(tree, None)
    collector = _Collector(scope)
    for statement in tree.body:
        collector.visit(statement)
    _resolve(scope)
    return scope
