"""Attributes: fields and properties of objects, members of modules and classes.

Enters: operands and names. Leaves: operands. A field that is never assigned after its object exists is a plain field
of the struct; others are a `Cell` or a `Field`, so that objects stay shared.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.alternatives import distribute
from sovereign.migration.depyler.lowering import Lowering, Operand, expression, safe_name
from sovereign.migration.depyler.operators import binary, python_type_name
from sovereign.migration.depyler.program import ClassInfo, FieldInfo, FunctionInfo, FunctionValue
from sovereign.migration.depyler.rust_types import is_copy
from sovereign.migration.depyler.types import EXCEPTION, NONE, STR, InstanceShape, IterShape, OpaqueShape, Type
from sovereign.migration.depyler.variables import load_global, static, stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from collections.abc import Callable

    from sovereign.migration.depyler.program import Module
    from sovereign.migration.depyler.types import StaticShape

__all__ = [
    "LIBRARY_ASSIGNMENTS",
    "LIBRARY_ATTRIBUTES",
    "assign_attribute",
    "attribute",
    "augment_attribute",
    "field_kind",
    "field_name",
]

LIBRARY_ATTRIBUTES: dict[tuple[str, str], Callable[[Lowering, Operand], Operand]] = {}
LIBRARY_ASSIGNMENTS: dict[tuple[str, str], Callable[[Lowering, Operand, Operand], None]] = {}


_OF_ERRORS = frozenset(("__cause__", "__context__", "__suppress_context__", "__notes__"))


@expression(ast.Attribute)
def _attribute(low: Lowering, node: ast.Attribute) -> Operand:
    if node.attr in _OF_ERRORS and isinstance(node.value, ast.Name):
        caught = next((error for name, error in reversed(low.caught) if name == node.value.id), None)
        if caught is not None:
            return _one(low, Operand(EXCEPTION, rs.Name(caught), "place"), node.attr)
    return attribute(low, low.expression(node.value), node.attr)


def attribute(low: Lowering, operand: Operand, name: str) -> Operand:
    """`operand.name`."""
    known = operand.static
    if known is not None:
        return _static(low, operand, name)
    return distribute(low, operand, lambda one: _one(low, one, name))


def _static(low: Lowering, operand: Operand, name: str) -> Operand:
    known = operand.static
    assert known is not None
    if known.kind == "class":
        from sovereign.migration.depyler.classes import class_attribute

        assert isinstance(known.what, ClassInfo)
        return class_attribute(low, known.what, name)
    if known.kind == "super":
        from sovereign.migration.depyler.classes import super_attribute

        return super_attribute(low, name)
    if known.kind == "module":
        return module_attribute(low, known.what, known.name, name)
    if known.kind == "builtin":
        from sovereign.migration.depyler.builtin_functions import builtin_attribute

        return builtin_attribute(low, known.name, name)
    if known.kind in {"function", "lambda"} and name in {"__name__", "__qualname__"}:
        shown = "<lambda>" if known.kind == "lambda" else _function_name(low, known, name)
        return low.expression(ast.copy_location(ast.Constant(shown), low.node))
    if known.kind == "function" and name == "__doc__":
        value = known.what.info if isinstance(known.what, FunctionValue) else known.what
        docs = ast.get_docstring(value.node, clean=False) if isinstance(value.node, ast.FunctionDef) else None
        return low.expression(ast.copy_location(ast.Constant(docs), low.node))
    if known.kind == "function":
        from sovereign.migration.depyler.decorators import function_attribute

        return function_attribute(low, operand, name)
    raise low.refuse(low.node, f"the attribute `{name}` of the {known.kind} `{known.name}`")


def _function_name(low: Lowering, known: StaticShape, name: str) -> str:
    """`__name__` or `__qualname__` of a function."""
    info = known.what.info if isinstance(known.what, FunctionValue) else known.what
    assert isinstance(info, FunctionInfo)
    is_inner = info.cls is not None or info.scope.parent is not info.scope.module()
    if info.decorators or (name == "__qualname__" and is_inner):
        raise low.refuse(low.node, f"the attribute `{name}` of the function `{known.name}`")
    return info.name


def module_attribute(low: Lowering, module: object, module_name: str, name: str) -> Operand:
    """A name of a module: of the program, or of the library."""
    from sovereign.migration.depyler.builtin_functions import library_name
    from sovereign.migration.depyler.program import Module as ProgramModule

    if isinstance(module, ProgramModule):
        return program_module_attribute(low, module, name)
    return library_name(low, module_name, name)


def program_module_attribute(low: Lowering, module: Module, name: str) -> Operand:
    """A name of another module of the program."""
    if name in module.functions:
        return static("function", name, module.functions[name])
    if name in module.classes:
        return static("class", module.classes[name].unique, module.classes[name])
    if name in module.globals:
        return load_global(low, module.globals[name])
    if name in module.imports:
        found = module.imports[name]
        if isinstance(found, Operand):
            return found
    return low.type_error(f"module '{module.name}' has no attribute '{name}'", "ATTRIBUTE_ERROR")


def _one(low: Lowering, operand: Operand, name: str) -> Operand:
    shape = operand.type.shapes[0]
    if isinstance(shape, InstanceShape):
        return _instance(low, operand, shape.cls, name)
    handler = LIBRARY_ATTRIBUTES.get((shape.tag, name))
    if handler is not None:
        return handler(low, operand)
    if shape.tag == "Namespace":
        from sovereign.migration.depyler.library.argparse import attribute_of

        return attribute_of(low, operand, name)
    if name == "__class__":
        return static("builtin", shape.tag)
    if shape.tag in {"ExceptionType", "type"} and name in {"__name__", "__qualname__"}:
        return Operand(STR, rs.Method(operand.expr, "kind_name" if shape.tag == "ExceptionType" else "name"))
    if shape.tag in {"type", "function"}:
        raise low.refuse(low.node, f"the attribute `{name}` of a class or function that is a value")
    if shape.tag == "exception":
        from sovereign.migration.depyler.exceptions import exception_attribute

        return exception_attribute(low, operand, name)
    from sovereign.migration.depyler.methods import bound_method

    found = bound_method(low, operand, name)
    if found is not None:
        return found
    is_special = name.startswith("__") and name.endswith("__")
    if is_special or isinstance(shape, OpaqueShape | IterShape):
        raise low.refuse(low.node, f"the attribute `{name}` of `{python_type_name(shape)}` is not translated")
    return low.type_error(f"'{python_type_name(shape)}' object has no attribute '{name}'", "ATTRIBUTE_ERROR")


def field_name(name: str, low: Lowering) -> str:
    """A field in Rust."""
    return safe_name(name, low.program)


def field_kind(low: Lowering, cls: ClassInfo, field: FieldInfo) -> str:
    """How the struct has a field: "plain", "cell", "field" or "late"."""
    from sovereign.migration.depyler.classes import simple_init

    cls.readers.add(low.instance)
    type_ = field.cell.read(None)
    if simple_init(cls) and not field.reassigned(low.instance) and not field.late:
        return "plain"
    if field.late or (not simple_init(cls) and _default(low, type_) is None):
        return "late"
    return "cell" if is_copy(type_) else "field"


def _default(low: Lowering, type_: Type) -> rs.Expression | None:
    from sovereign.migration.depyler.rust_types import default_value

    return default_value(type_, low.program)


def _instance(low: Lowering, operand: Operand, cls: ClassInfo, name: str) -> Operand:
    from sovereign.migration.depyler import classes

    found = cls.find_method(name)
    if found is not None and found[1].kind == "property":
        from sovereign.migration.depyler.calls import invoke

        return invoke(low, operand, cls, found[1], [], {})
    if cls.enum_members is not None:
        return classes.enum_attribute(low, operand, cls, name)
    if name in cls.fields:
        return read_field(low, operand, cls, cls.fields[name])
    cls.counters.add(low.instance)
    special = classes.special_attribute(low, operand, cls, name)
    if special is not None:
        return special
    if found is not None:
        from sovereign.migration.depyler.program import FunctionValue

        held = low.named(operand, "receiver")
        return static("function", name, FunctionValue(found[1], cls.environment, held))
    constant = classes.find_constant(cls, name)
    if constant is not None or any(name in base.nested for base in cls.mro()):
        return classes.class_attribute(low, cls, name)
    if name.startswith("__"):
        raise low.refuse(low.node, f"the attribute `{name}`")
    return low.type_error(f"'{cls.name}' object has no attribute '{name}'", "ATTRIBUTE_ERROR")


def _own_or_class(low: Lowering, cls: ClassInfo, field: FieldInfo, place: rs.Expression) -> Operand:
    """An attribute that some objects have themselves, and the others from their class."""
    from sovereign.migration.depyler import classes

    shared = classes.class_attribute(low, cls, field.name)
    field.cell.join(shared.type)
    type_ = field.cell.read(low.instance)
    own = rs.Method(place, "get", (rs.Text(cls.name), rs.Text(field.name)))
    other = rs.Closure(((rs.Wildcard(), None),), low.convert_apart(shared, type_))
    return Operand(type_, rs.Method(own, "unwrap_or_else", (other,)))


def read_field(low: Lowering, operand: Operand, cls: ClassInfo, field: FieldInfo) -> Operand:
    """The value of a field."""
    initial = low.new_object
    if initial is not None and operand.expr == rs.Name("self"):
        local: Operand | None = initial.locals.get(field.name)  # type: ignore[attr-defined]
        if local is not None:
            return local
    type_ = field.cell.read(low.instance)
    place = rs.Field(low.receiver(operand), field_name(field.name, low))
    kind = field_kind(low, cls, field)
    if kind == "plain":
        held = Operand(type_, place, "place")
        key = ("field", operand.expr.path, field.name) if isinstance(operand.expr, rs.Name) else None
        known = low.env.get(key) if low.env is not None and key is not None else None
        return held if known is None else low.narrow(held, known)
    if kind == "late":
        from sovereign.migration.depyler import classes

        if classes.find_constant(cls, field.name) is not None and cls.dataclass is None:
            return _own_or_class(low, cls, field, place)
        return Operand(type_, low.fallible(rs.Method(place, "get", (rs.Text(cls.name), rs.Text(field.name)))))
    return Operand(type_, rs.Method(place, "get"))


def assign_attribute(low: Lowering, operand: Operand, name: str, value: Operand) -> None:
    """`operand.name = value`."""
    value = stored(low, value)
    known = operand.static
    if known is not None:
        if known.kind == "class" and isinstance(known.what, ClassInfo):
            from sovereign.migration.depyler.classes import assign_class_attribute

            assign_class_attribute(low, known.what, name, value)
            return
        raise low.refuse(low.node, f"an assignment to `{name}` of the {known.kind} `{known.name}`")

    def one(receiver: Operand) -> Operand:
        _assign_one(low, receiver, name, value)
        return Operand(NONE, rs.Tuple())

    if len(operand.type.shapes) == 1:
        _assign_one(low, operand, name, value)
        return
    if operand.type.never:
        return
    value = low.named(value, "assigned")
    result = distribute(low, operand, one)
    low.emit(rs.Evaluate(result.expr, low.line))


def _assign_one(low: Lowering, operand: Operand, name: str, value: Operand) -> None:
    shape = operand.type.shapes[0]
    if (shape.tag, name) in LIBRARY_ASSIGNMENTS:
        LIBRARY_ASSIGNMENTS[shape.tag, name](low, operand, value)
        return
    if shape.tag == "Namespace":
        from sovereign.migration.depyler.library.argparse import assign_attribute_of

        assign_attribute_of(low, operand, name, value)
        return
    if isinstance(shape, OpaqueShape):
        raise low.refuse(low.node, f"an assignment to `{name}` of `{python_type_name(shape)}`")
    if not isinstance(shape, InstanceShape):
        error = low.type_error(f"'{python_type_name(shape)}' object has no attribute '{name}'", "ATTRIBUTE_ERROR")
        low.emit(rs.Evaluate(error.expr, low.line))
        return
    cls = shape.cls
    setter = cls.find_method(f"{name}.setter")
    if setter is not None:
        from sovereign.migration.depyler.calls import invoke

        low.emit(rs.Evaluate(invoke(low, operand, cls, setter[1], [value], {}).expr, low.line))
        return
    found = cls.find_method(name)
    if found is not None and found[1].kind == "property":
        error = low.type_error(f"property '{name}' of '{cls.name}' object has no setter", "ATTRIBUTE_ERROR")
        low.emit(rs.Evaluate(error.expr, low.line))
        return
    from sovereign.migration.depyler.classes import frozen_error, initial_assignment

    error_operand = frozen_error(low, cls, name)
    if error_operand is not None:
        low.emit(rs.Evaluate(error_operand.expr, low.line))
        return
    field = cls.field_of(name)
    field.cell.join(value.type)
    if initial_assignment(low, operand, field, value):
        return
    field.cell.mark(f"reassigned {name}")
    converted = low.put(value, field.cell)
    place = rs.Field(low.receiver(operand), field_name(name, low))
    low.emit(rs.Evaluate(rs.Method(place, "set", (converted,)), low.line))


def augment_attribute(low: Lowering, target: ast.Attribute, symbol: str, value_node: ast.expr) -> None:
    """`operand.name symbol= value`."""
    from sovereign.migration.depyler.statements import augment_in_place

    operand = low.expression(target.value)
    if operand.static is None:
        operand = low.named(operand, "object")
    current = attribute(low, operand, target.attr)
    value = low.expression(value_node)
    if augment_in_place(low, current, symbol, value):
        return
    result = binary(low, symbol, current, value, inplace=True)
    assign_attribute(low, operand, target.attr, result)
