"""Classes as values: `type(value)` of a value of several types, and classes beside it.

Enters: operands. Leaves: operands of the type `type`, which print, compare and have a name.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.operators import call, python_type_name
from sovereign.migration.depyler.program import ClassInfo
from sovereign.migration.depyler.types import Atom, InstanceShape, StaticShape, Type
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.types import Shape

__all__ = ["CLASS", "as_class_value", "mro_values", "type_value"]

CLASS = Type((Atom("type"),))
"""A class that is known at run time only."""


def type_value(low: Lowering, operand: Operand) -> Operand:
    """`type(operand)` at run time."""
    return distribute(low, operand, lambda one: _type_of_one(low, one))


def _type_of_one(low: Lowering, operand: Operand) -> Operand:
    shape = operand.type.shapes[0]
    if shape.tag in {"exception", "ExceptionType"}:
        return Operand(CLASS, call("type_of_error", low.borrow(operand)))
    return Operand(CLASS, low.after(operand, _object(shape)))


def _object(shape: Shape) -> rs.Expression:
    if isinstance(shape, InstanceShape):
        return call("TypeObject::own", rs.Text(shape.cls.name))
    return call("TypeObject::builtin", rs.Text(python_type_name(shape)))


def mro_values(low: Lowering, cls: ClassInfo, *, only_bases: bool = False) -> list[Operand]:
    """The classes of `__mro__`, or of `__bases__`, as values."""
    plain = {"ABC", "Protocol", "Generic"}
    if cls.builtin_root() or any(
        ast.unparse(base).partition("[")[0] in plain for c in cls.mro() for base in c.node.bases
    ):
        raise low.refuse(
            low.node, f"the order of the bases of `{cls.name}`, some of which are no classes of the program"
        )
    found = cls.bases if only_bases else cls.mro()
    values = [Operand(CLASS, call("TypeObject::own", rs.Text(c.name))) for c in found]
    if not only_bases or not found:
        values.append(Operand(CLASS, call("TypeObject::builtin", rs.Text("object"))))
    return values


def as_class_value(low: Lowering, operand: Operand) -> Operand | None:
    """A class that is known while translating as such a value; None where the operand is no class."""
    if operand.type == CLASS:
        return operand
    known = operand.static
    if not isinstance(known, StaticShape):
        return None
    if known.kind == "class" and isinstance(known.what, ClassInfo):
        return Operand(CLASS, call("TypeObject::own", rs.Text(known.what.name)))
    if known.kind == "builtin" and "." not in known.name:
        return Operand(CLASS, call("TypeObject::builtin", rs.Text(known.name)))
    del low
    return None
