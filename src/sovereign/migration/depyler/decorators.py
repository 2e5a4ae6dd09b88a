"""Decorators: those of the library that are known, and those of the program.

Enters: functions with decorators. Leaves: how they are called.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.class_bodies import unusual
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.types import OpaqueShape, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.program import ClassInfo, FunctionInfo, FunctionValue

__all__ = ["check_class", "check_function", "decorated_call", "function_attribute"]

_TRANSPARENT = {"wraps", "staticmethod", "abstractmethod"}
_OF_CLASSES = {"dataclass", "total_ordering", "unique", "final", "runtime_checkable"}


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def check_function(low: Lowering, info: FunctionInfo) -> None:
    """Refuse a function whose decorators would be forgotten: they are called where it is defined, used or not."""
    for decorator in info.decorators:
        name = _name(decorator)
        if name not in _TRANSPARENT and not (name == "contextmanager" and info.is_generator):
            raise low.refuse(decorator, f"the decorator `{name}`")


def check_class(low: Lowering, cls: ClassInfo) -> None:
    """Refuse a class with decorators or statements that would be forgotten, or a method with such."""
    for decorator in cls.node.decorator_list:
        if _name(decorator) not in _OF_CLASSES:
            raise low.refuse(decorator, f"the decorator `{_name(decorator)}` of a class")
    for info in cls.methods.values():
        check_function(low, info)
    if (statement := unusual(cls.node)) is not None:
        raise low.refuse(statement, "such a statement in a class")


def decorated_call(
    low: Lowering, value: FunctionValue
) -> Callable[[list[Operand], dict[str, Operand]], Operand] | None:
    """How a function with decorators of the program is called; None where it is called as it is."""
    remaining = [d for d in value.info.decorators if _name(d) not in _TRANSPARENT]
    if not remaining:
        return None
    if [_name(d) for d in remaining] == ["contextmanager"] and value.info.is_generator:
        return lambda positional, keywords: _context(low, value, positional, keywords)
    raise low.refuse(remaining[0], f"the decorator `{_name(remaining[0])}`")


def _context(low: Lowering, value: FunctionValue, positional: list[Operand], keywords: dict[str, Operand]) -> Operand:
    """A call of a function that `contextmanager` decorates."""
    from sovereign.migration.depyler.calls import call_plain
    from sovereign.migration.depyler.iteration import iterate
    from sovereign.migration.depyler.types import IterShape

    generator = call_plain(low, value, positional, keywords)
    if generator.type.never:
        return generator
    shape = generator.type.only
    if not isinstance(shape, IterShape):
        raise low.refuse(low.node, "a context manager whose generator takes or returns a value")
    type_ = Type((OpaqueShape("ContextManager", (shape.cell,)),))
    return Operand(type_, call("ContextManager::new", iterate(low, generator).iterator))


def function_attribute(low: Lowering, operand: Operand, name: str) -> Operand:
    """An attribute of a function."""
    known = operand.static
    assert known is not None
    raise low.refuse(low.node, f"the attribute `{name}` of the function `{known.name}`")
