"""What a handler knows of a caught error: the objects of the program's classes that it can be.

Enters: an error as `Exc` and the classes that a handler or a test names. Leaves: operands of those classes. The
program is closed: an error of class `A` is an object of `A` or of one of its subclasses that the program makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sovereign.migration.depyler.lowering import Lowering, Operand
from sovereign.migration.depyler.types import EXCEPTION, InstanceShape, Type
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sovereign.migration.depyler.program import ClassInfo

__all__ = ["as_objects", "has_fields", "made_classes", "object_type"]


def has_fields(cls: ClassInfo) -> bool:
    """Whether an exception class keeps more than its arguments, or has methods of its own."""
    return any(set(c.methods) - {"__str__", "__repr__"} or c.constants or c.fields for c in cls.mro())


def made_classes(low: Lowering, classes: Sequence[ClassInfo]) -> list[ClassInfo]:
    """The classes and subclasses of which there are objects, in the order of the program."""
    found: dict[ClassInfo, None] = {}
    pending = list(classes)
    while pending:
        cls = pending.pop(0)
        cls.readers.add(low.instance)
        cls.counters.add(low.instance)
        if cls.made:
            found[cls] = None
        pending.extend(cls.subclasses)
    return [cls for cls in low.program.classes if cls in found]


def object_type(low: Lowering, classes: Sequence[ClassInfo]) -> Type | None:
    """The type of objects of these classes; None where their fields and methods make no difference."""
    made = made_classes(low, classes)
    if not made or not any(map(has_fields, made)):
        return None
    result = Type()
    for cls in made:
        result = result.join(Type((InstanceShape(cls),)))
    return result


def as_objects(low: Lowering, error: Operand, type_: Type) -> Operand:
    """An error that is known to be of a type of the program, as that."""
    assert error.type == EXCEPTION
    held = error if isinstance(error.expr, rs.Name) else low.named(error, "raised")
    result: rs.Expression = rs.MacroCall("unreachable")
    shapes = [shape for shape in type_.shapes if isinstance(shape, InstanceShape)]
    for shape in reversed(shapes):
        found = rs.Method(held.expr, "object", (), (rs.NamedType(shape.cls.unique),))
        only = Type((shape,))
        if len(shapes) == 1:
            return Operand(type_, rs.Method(found, "unwrap"))
        name = low.fresh("object")
        value = low.convert(Operand(only, rs.Name(name)), type_)
        arms = (
            rs.Arm(rs.VariantPattern("Some", (rs.Bind(name),)), value),
            rs.Arm(rs.VariantPattern("None"), result),
        )
        result = rs.Match(found, arms)
    return Operand(type_, result)
