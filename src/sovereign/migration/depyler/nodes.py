"""Walking trees of `ast`, faster than `ast` itself does.

Enters: a node. Leaves: the nodes below it, or calls of a visitor's methods. Which fields of a class may hold nodes is
looked up once; contexts (`Load`, `Store`, `Del`) are no nodes here.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Visitor", "walk"]

_PLAIN = frozenset(("ctx", "kind", "type_comment", "type_ignores", "lineno", "id", "attr", "arg", "n", "s", "level"))
_NAMED = frozenset((ast.Global, ast.Nonlocal, ast.Constant))


class _Fields(dict[type, tuple[str, ...]]):
    """The fields of a class in which nodes may stand."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        fields: tuple[str, ...] = getattr(kind, "_fields", ())
        plain = {*fields} if kind in _NAMED else _PLAIN
        found = self[kind] = tuple(name for name in fields if name not in plain or self._is_node(kind, name))
        return found

    @staticmethod
    def _is_node(kind: type, name: str) -> bool:
        return name == "arg" and kind is not ast.arg and kind is not ast.keyword


_FIELDS = _Fields()


def walk(node: ast.AST) -> list[ast.AST]:
    """A node and all below it, a level at a time as `ast.walk` has them.

    >>> [type(each).__name__ for each in walk(ast.parse("x = f(1)"))]
    ['Module', 'Assign', 'Name', 'Call', 'Name', 'Constant']
    """
    found = [node]
    fields = _FIELDS
    for each in found:
        for name in fields[each.__class__]:
            value = getattr(each, name, None)
            if value.__class__ is list:
                found += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


class Visitor:
    """Calls `visit_<class>` for a node where there is one, else visits what is below it."""

    _methods: ClassVar[dict[type, Callable[[Any, ast.AST], None]]] = {}

    def __init_subclass__(cls) -> None:
        names = [name for name in dir(cls) if name.startswith("visit_") and hasattr(ast, name[6:])]
        cls._methods = {getattr(ast, name[6:]): getattr(cls, name) for name in names}

    def visit(self, node: ast.AST) -> None:
        """Visit a node."""
        method = self._methods.get(node.__class__)
        if method is None:
            self.generic_visit(node)
        else:
            method(self, node)

    def generic_visit(self, node: ast.AST) -> None:
        """Visit what is directly below a node."""
        for name in _FIELDS[node.__class__]:
            value = getattr(node, name, None)
            if value.__class__ is list:
                for item in value:
                    if isinstance(item, ast.AST):
                        self.visit(item)
            elif isinstance(value, ast.AST):
                self.visit(value)
