"""Enums whose members are numbers or text, aliases, and members with attributes of their own.

Enters: classes and operands. Leaves: the value of a member where Python takes it for one (`IntEnum`, `StrEnum`, a
class that also derives from `int` or `str`), the members without their aliases, and properties for what `__init__` of
an enum assigns.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.types import InstanceShape
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import ClassInfo

__all__ = ["VALUE_TEXT", "as_value_of_enum", "is_value_enum", "mixed_in", "real_members"]

VALUE_TEXT = frozenset(("IntEnum", "StrEnum", "IntFlag"))
"""Enums whose members print as their values."""
_KINDS = {"IntEnum": "int", "IntFlag": "int", "int": "int", "StrEnum": "str", "str": "str", "float": "float"}


def mixed_in(cls: ClassInfo) -> str:
    """The builtin type that members of an enum also are; empty where there is none."""
    if cls.enum_members is None:
        return ""
    for owner in cls.mro():
        for base in owner.node.bases:
            name = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
            if name in _KINDS:
                return _KINDS[name]
    return ""


def is_value_enum(cls: ClassInfo) -> bool:
    """Whether `str` and `format` of a member are those of its value."""
    return cls.enum_members is not None and cls.builtin_root() in VALUE_TEXT


def as_value_of_enum(low: Lowering, operand: Operand) -> Operand:
    """A member that also is a number or text, as that; other operands as they are."""
    shape = operand.type.only
    if not isinstance(shape, InstanceShape) or not mixed_in(shape.cls):
        return operand
    from sovereign.migration.depyler.classes import enum_value_type

    return Operand(enum_value_type(low, shape.cls), rs.Method(low.own(operand), "value"))


def real_members(cls: ClassInfo) -> dict[str, ast.expr]:
    """The members of an enum; a name whose value is that of an earlier one is put among the aliases."""
    found: dict[str, ast.expr] = {}
    values: dict[str, str] = {}
    for name, node in cls.constants.items():
        if name.startswith("__") or name in {"_ignore_", "_order_"}:
            continue
        text = ast.dump(node)
        if text in values and not any(isinstance(part, ast.Call) for part in walk(node)):
            cls.enum_aliases[name] = values[text]
            continue
        values[text] = name
        found[name] = node
    return found
