"""Classes of the program: bases, construction, class attributes, enums, `super()`.

Enters: classes as collected. Leaves: constructor calls and attribute accesses. The class is a struct of its own even
where it inherits: it has the fields and methods of its bases itself, specialised, so that no call is looked up at run
time.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sovereign.migration.depyler.enum_values import real_members
from sovereign.migration.depyler.lowering import Lowering, Operand, safe_name
from sovereign.migration.depyler.nodes import walk
from sovereign.migration.depyler.operators import DUNDERS, call
from sovereign.migration.depyler.program import ClassInfo, FieldInfo, FunctionInfo, FunctionValue, Global
from sovereign.migration.depyler.synthesis import add_methods, dataclass_options
from sovereign.migration.depyler.types import (
    NONE,
    STR,
    InstanceShape,
    ListShape,
    SeqShape,
    TupleShape,
    Type,
    seq_of,
)
from sovereign.migration.depyler.variables import find_web, load_global, static, stored
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import Module, Program

__all__ = [
    "InitState",
    "assign_class_attribute",
    "builtin_instance_method",
    "class_attribute",
    "class_method_call",
    "construct",
    "enum_attribute",
    "find_constant",
    "frozen_error",
    "initial_assignment",
    "is_exception",
    "local_class",
    "resolve_classes",
    "returns_not_implemented",
    "simple_init",
    "special_attribute",
    "super_attribute",
    "super_call",
]

_ENUMS = {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}
_PLAIN_BASES = {"object", "ABC", "Protocol", "Generic", "NamedTuple", "TypedDict"}
_EXCEPTIONS = frozenset(
    name
    for name, value in vars(__import__("builtins")).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


@dataclass
class InitState:
    """A constructor on its way: the fields assigned so far, as locals."""

    cls: ClassInfo
    locals: dict[str, Operand] = field(default_factory=dict)
    arguments: list[Operand] | None = None


# bases


def resolve_classes(program: Program) -> None:
    """Connect classes with their bases, and add the methods that Python writes itself."""
    for cls in program.classes:
        if not hasattr(cls, "_resolved"):
            _resolve_bases(cls)
    for cls in program.classes:
        if cls.dataclass is None and not hasattr(cls, "_resolved"):
            cls.dataclass = dataclass_options(cls)
    for cls in sorted(program.classes, key=lambda c: len(c.mro())):
        if not hasattr(cls, "_resolved"):
            cls._resolved = True  # type: ignore[attr-defined]
            add_methods(cls)


def _resolve_bases(cls: ClassInfo) -> None:
    for node in cls.node.bases:
        base = node.value if isinstance(node, ast.Subscript) else node
        name = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
        found = _find_class(cls.module, base)
        if found is not None:
            cls.bases.append(found)
            found.subclasses.append(cls)
            cls.forget_order()
            if found.enum_members is not None:
                cls.enum_members = real_members(cls)
        elif name in _ENUMS:
            cls.enum_members = real_members(cls)
            cls.builtin_base = name
        elif name == "NamedTuple":
            cls.named_tuple = True
        elif name in _EXCEPTIONS or name not in _PLAIN_BASES:
            cls.builtin_base = name


def _find_class(module: Module, node: ast.expr) -> ClassInfo | None:
    if isinstance(node, ast.Name):
        found = module.classes.get(node.id)
        if found is not None:
            return found
        imported = module.imports.get(node.id)
        if isinstance(imported, Operand) and imported.static is not None:
            what = imported.static.what
            return what if isinstance(what, ClassInfo) else None
    return None


def is_exception(cls: ClassInfo) -> bool:
    """Whether instances can be raised."""
    return cls.builtin_root() in _EXCEPTIONS


def simple_init(cls: ClassInfo) -> bool:
    """Whether the constructor only assigns each field once, at the top of its body, before the object is used."""
    cached = getattr(cls, "_simple", None)
    if cached is None:
        cached = _is_simple(cls)
        cls._simple = cached  # type: ignore[attr-defined]
    return bool(cached)


def _is_simple(cls: ClassInfo) -> bool:
    found = cls.find_method("__init__")
    if found is None:
        return True
    node = found[1].node
    assert isinstance(node, ast.FunctionDef)
    if not node.args.args:
        return False
    receiver = node.args.args[0].arg
    last = -1
    assigned = {index: _assigned(statement, receiver) for index, statement in enumerate(node.body)}
    for index, names in assigned.items():
        if names is None:
            return False
        if names:
            last = index
    used_before = any(_escapes(statement, receiver, cls) for statement in node.body[: last + 1])
    return not used_before and not _returns(node)


def _returns(node: ast.FunctionDef) -> bool:
    return any(isinstance(n, ast.Return) for n in walk(node))


def _assigned(statement: ast.stmt, receiver: str) -> list[str] | None:
    """Fields that a statement at the top of the body assigns; None where one is assigned deeper."""
    top: list[str] = []
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        flat = [e for t in targets for e in (t.elts if isinstance(t, ast.Tuple | ast.List) else [t])]
        for target in flat:
            if _is_field(target, receiver):
                assert isinstance(target, ast.Attribute)
                top.append(target.attr)
        return top
    for node in walk(statement):
        if _is_field(node, receiver) and isinstance(node.ctx, ast.Store):  # type: ignore[attr-defined]
            return None
    return top


def _is_field(node: ast.AST, receiver: str) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == receiver


def _escapes(statement: ast.stmt, receiver: str, cls: ClassInfo) -> bool:
    """Whether the object is used other than by its fields."""
    plain = set()
    for node in walk(statement):
        if _is_field(node, receiver):
            assert isinstance(node, ast.Attribute)
            if cls.find_method(node.attr) is None:
                plain.add(id(node.value))
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "super"
            and not (is_exception(cls) and _last_init(cls))
        ):
            return True
        if isinstance(node, ast.Lambda | ast.FunctionDef) and any(
            isinstance(n, ast.Name) and n.id == receiver for n in walk(node)
        ):
            return True
    return any(isinstance(n, ast.Name) and n.id == receiver and id(n) not in plain for n in walk(statement))


def _last_init(cls: ClassInfo) -> bool:
    """Whether `super().__init__` of the constructor is that of a builtin class."""
    found = cls.find_method("__init__")
    order = cls.mro()
    return found is None or not any("__init__" in c.methods for c in order[order.index(found[0]) + 1 :])


# construction


def construct(low: Lowering, cls: ClassInfo, node: ast.Call) -> Operand:
    """`Class(...)`."""
    from sovereign.migration.depyler.calls import evaluate_arguments

    positional, keywords = evaluate_arguments(low, node)
    return make(low, cls, positional, keywords)


def make(low: Lowering, cls: ClassInfo, positional: list[Operand], keywords: dict[str, Operand]) -> Operand:
    """A new object of a class from operands."""
    if cls.find_method("__del__") is not None:
        raise low.refuse(low.node, f"an object of the class `{cls.name}`, which has `__del__`")
    if cls.enum_members is not None:
        return _enum_by_value(low, cls, positional)
    abstract = _abstract_names(cls)
    if abstract:
        plural = "" if len(abstract) == 1 else "s"
        return low.type_error(
            f"Can't instantiate abstract class {cls.name} with abstract method{plural} {', '.join(abstract)}"
        )
    root = cls.builtin_root()
    if root and not is_exception(cls):
        raise low.refuse(low.node, f"the class `{cls.name}` derives from `{root}`")
    if cls.find_method("__new__"):
        raise low.refuse(low.node, f"the class `{cls.name}` has `__new__`")
    if any(
        k.arg == "metaclass" and not (isinstance(k.value, ast.Name) and k.value.id == "ABCMeta")
        for k in cls.node.keywords
    ):
        raise low.refuse(cls.node, f"the class `{cls.name}` has a metaclass")
    type_ = Type((InstanceShape(cls),))
    made(low, cls)
    found = cls.find_method("__init__")
    if found is None:
        return _without_init(low, cls, positional, keywords, type_)
    return _with_init(low, cls, found[1], positional, keywords, type_)


def made(low: Lowering, cls: ClassInfo) -> None:
    """Note that objects of the class exist."""
    if not cls.made:
        cls.made = True
        for base in cls.mro():
            base.readers.tell()
    request_protocol(low, cls)


PROTOCOL = ("__repr__", "__str__", "__eq__", "__hash__", "__bool__", "__len__", "__lt__", "__gt__", "__le__", "__ge__")


def request_protocol(low: Lowering, cls: ClassInfo) -> None:
    """Have the methods lowered by which containers print, compare and order objects."""
    from sovereign.migration.depyler.calls import bind, request

    receiver = Operand(Type((InstanceShape(cls),)), rs.Name("self"), "ref")
    for name in PROTOCOL:
        found = cls.find_method(name)
        if found is None or found[1].kind != "method":
            continue
        binary = name in {"__eq__", "__lt__", "__gt__", "__le__", "__ge__"}
        operands = [receiver, receiver] if binary else [receiver]
        with low.capture():
            bound = bind(low, found[1], operands, {})
        if isinstance(bound, Operand):
            continue
        instance = request(low, FunctionValue(found[1], cls.environment), bound, cls, waits=True)
        cls.instances[name] = [instance]


def _abstract_names(cls: ClassInfo) -> list[str]:
    names = {name for base in cls.mro() for name in base.methods}
    result = []
    for name in sorted(names):
        found = cls.find_method(name)
        assert found is not None
        node = found[1].node
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        if any(
            (isinstance(d, ast.Name) and d.id == "abstractmethod")
            or (isinstance(d, ast.Attribute) and d.attr == "abstractmethod")
            for d in decorators
        ):
            result.append(name.removesuffix(".setter"))
    return result if _is_abc(cls) else []


def _is_abc(cls: ClassInfo) -> bool:
    for base in cls.mro():
        names = [b.id if isinstance(b, ast.Name) else getattr(b, "attr", "") for b in base.node.bases]
        metaclass = [k.value.id for k in base.node.keywords if k.arg == "metaclass" and isinstance(k.value, ast.Name)]
        if "ABC" in names or "ABCMeta" in metaclass:
            return True
    return False


def _without_init(
    low: Lowering, cls: ClassInfo, positional: list[Operand], keywords: dict[str, Operand], type_: Type
) -> Operand:
    if is_exception(cls):
        return Operand(type_, call(f"{cls.unique}::new", arguments_vector(low, positional)))
    if positional or keywords:
        return low.type_error(f"{cls.name}() takes no arguments")
    for info in cls.fields.values():
        if not info.late:
            info.late = True
            info.cell.mark("late")
    return Operand(type_, call(f"{cls.unique}::new"))


def arguments_vector(low: Lowering, operands: list[Operand]) -> rs.Expression:
    """`vec![argument(a), ...]`: what an exception carries."""
    return rs.MacroCall("vec", tuple(call("argument", low.own(stored(low, o))) for o in operands), "[")


def _with_init(
    low: Lowering,
    cls: ClassInfo,
    info: FunctionInfo,
    positional: list[Operand],
    keywords: dict[str, Operand],
    type_: Type,
) -> Operand:
    from sovereign.migration.depyler.calls import bind, pass_arguments, request

    receiver = Operand(type_, rs.Name("this"), "place")
    keeps = is_exception(cls) and bool(positional) and _keeps_arguments(cls)
    if keeps:
        positional = [low.named(operand, "argument") for operand in positional]
    bound = bind(low, info, [receiver, *positional], keywords)
    if isinstance(bound, Operand):
        return Operand(bound.type, bound.expr)
    instance = request(low, FunctionValue(info, cls.environment), bound, cls, constructs=True)
    arguments = pass_arguments(low, instance, bound, skip_self=True)
    from sovereign.migration.depyler.functions import maker_name

    expr: rs.Expression = call(f"{cls.unique}::{maker_name(instance)}", *arguments)
    if instance.raises:
        expr = low.fallible(expr)
    if keeps:
        made = low.named(Operand(type_, expr), "error")
        vector = arguments_vector(low, [Operand(o.type, o.expr, "place") for o in positional])
        low.emit(rs.Evaluate(rs.Method(rs.Field(made.expr, "arguments"), "set", (vector,))))
        return made
    return Operand(type_, expr)


def _keeps_arguments(cls: ClassInfo) -> bool:
    """Whether an exception's arguments are those of its call, because no `__init__` hands any to the builtin class."""
    for owner in cls.mro():
        found = owner.methods.get("__init__")
        if found is None:
            continue
        handed = any(
            isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "__init__"
            for n in walk(found.node)
        )
        if not handed:
            return True
    return False


def initial_assignment(low: Lowering, operand: Operand, info: FieldInfo, value: Operand) -> bool:
    """`self.x = value` in a simple constructor, before the object exists: a local."""
    state = low.new_object
    if not isinstance(state, InitState) or operand.expr != rs.Name("self"):
        return False
    held = info.cell.read(low.instance)
    converted = low.convert(value, held)
    if isinstance(converted, rs.Name) or info.name in state.locals:
        name = low.fresh(f"{safe_name(info.name, low.program)}_field")
    else:
        base = safe_name(info.name, low.program)
        taken = info.name in low.info.scope.bound
        name = low.fresh(f"{base}_field") if taken else base
    low.emit(rs.Let(rs.Bind(name), low.rust(held) if not converted_is_clear(converted) else None, converted, low.line))
    state.locals[info.name] = Operand(held, rs.Name(name), "place")
    return True


def converted_is_clear(expr: rs.Expression) -> bool:
    """Whether Rust knows the type of an expression without being told."""
    if isinstance(expr, rs.Integer | rs.Tuple):
        return False
    if isinstance(expr, rs.Name) and expr.path == "None":
        return False
    return not (isinstance(expr, rs.Call) and not expr.arguments)


def frozen_error(low: Lowering, cls: ClassInfo, name: str) -> Operand | None:
    """The error of an assignment to a field of a frozen dataclass or named tuple."""
    if cls.named_tuple and low.new_object is None:
        return low.type_error("can't set attribute", "ATTRIBUTE_ERROR")
    frozen = cls.dataclass is not None and cls.dataclass.get("frozen")
    in_init = low.info.name == "__init__" and low.info.cls is not None
    if frozen and not in_init:
        kind = rs.Borrow(rs.Name("FROZEN_INSTANCE_ERROR"))
        return Operand(Type(), low.throw(call("Exc::new", kind, rs.Text(f"cannot assign to field '{name}'"))))
    return None


# class attributes


def find_constant(cls: ClassInfo, name: str) -> tuple[ClassInfo, ast.expr] | None:
    """The class that has a constant of this name, and its value."""
    return next(((c, c.constants[name]) for c in cls.mro() if name in c.constants), None)


def class_attribute(low: Lowering, cls: ClassInfo, name: str) -> Operand:
    """`Class.name`."""
    name = cls.enum_aliases.get(name, name)
    if cls.enum_members is not None and name in cls.enum_members:
        return enum_member(cls, name)
    if name in {"__name__", "__qualname__"}:
        return Operand(STR, call("Str::literal", rs.Text(cls.name)), constant=cls.name)
    for base in cls.mro():
        base.readers.add(low.instance)
        base.counters.add(low.instance)
    found = find_constant(cls, name)
    if found is not None:
        return load_global(low, class_global(low, found[0], name))
    method = cls.find_method(name)
    if method is not None:
        kind = method[1].kind
        bound = static("class", cls.unique, cls) if kind == "class" else None
        return static("function", name, FunctionValue(method[1], cls.environment, bound))
    special = _special_class_attribute(low, cls, name)
    if special is not None:
        return special
    nested = next((base.nested[name] for base in cls.mro() if name in base.nested), None)
    if nested is not None:
        return static("class", nested.unique, nested)
    if hasattr(type, name):
        raise low.refuse(low.node, f"the attribute `{name}` of the class `{cls.name}`")
    return low.type_error(f"type object '{cls.name}' has no attribute '{name}'", "ATTRIBUTE_ERROR")


def _special_class_attribute(low: Lowering, cls: ClassInfo, name: str) -> Operand | None:
    """Attributes that classes have without defining them."""
    from sovereign.migration.depyler.expressions import constant, make_tuple
    from sovereign.migration.depyler.synthesis import field_list
    from sovereign.migration.depyler.type_values import mro_values

    if name == "_fields" and cls.named_tuple:
        return make_tuple(low, [constant(low, field.name) for field in field_list(cls)])
    if name == "__doc__":
        return constant(low, ast.get_docstring(cls.node, clean=False))
    if name in {"__mro__", "__bases__"}:
        return make_tuple(low, mro_values(low, cls, only_bases=name == "__bases__"))
    if name == "__members__" and cls.enum_members is not None:
        raise low.refuse(low.node, "`__members__` of an enum")
    return None


def class_global(low: Lowering, cls: ClassInfo, name: str) -> Global:
    """The variable that a class attribute is."""
    if name not in cls.globals:
        value = cls.constants[name]
        literal = isinstance(value, ast.Constant) or (
            isinstance(value, ast.UnaryOp) and isinstance(value.operand, ast.Constant)
        )
        assigned = name in cls.undeclared or name in _assigned_class_attributes(low.program)
        rust_name = f"{cls.unique}_{name}".upper()
        cls.globals[name] = Global(name, rust_name, constant=value if literal and not assigned else None)
    return cls.globals[name]


def _assigned_class_attributes(program: Program) -> set[str]:
    """Names that some code assigns through a class: `Class.name = ...`, `cls.name += ...`."""
    if program.class_assignments is None:
        cached = set()
        classes = {c.name for c in program.classes} | {"cls"}
        for module in program.modules.values():
            for node in walk(module.tree):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.ctx, ast.Store)
                    and _names_class(node.value, classes)
                ):
                    cached.add(node.attr)
        program.class_assignments = cached
    return program.class_assignments


def _names_class(node: ast.expr, classes: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in classes
    if isinstance(node, ast.Attribute):
        return node.attr == "__class__"
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"


def assign_class_attribute(low: Lowering, cls: ClassInfo, name: str, value: Operand) -> None:
    """`Class.name = value`."""
    found = find_constant(cls, name)
    if found is None:
        declared = ast.copy_location(ast.Constant(None), cls.node)
        cls.undeclared.add(name)
        cls.constants[name] = declared
        found = (cls, declared)
        cls.readers.tell()
    owner = found[0] if found[0] is cls else cls
    if owner is not found[0]:
        raise low.refuse(low.node, f"`{cls.name}.{name}` hides the attribute of its base")
    variable = class_global(low, owner, name)
    variable.cell.join(value.type)
    converted = low.put(value, variable.cell)
    low.emit(rs.Evaluate(rs.Method(rs.Name(variable.rust_name), "set", (converted,)), low.line))


def class_method_call(low: Lowering, node: ast.Call, name: str, cls: ClassInfo) -> Operand:
    """`Class.name(...)`."""
    from sovereign.migration.depyler.calls import call_function, call_operand, evaluate_arguments, invoke

    found = cls.find_method(name)
    if found is None:
        if cls.named_tuple and name == "_make":
            return _made_of_items(low, cls, node)
        return call_operand(low, class_attribute(low, cls, name), node)
    info = found[1]
    positional, keywords = evaluate_arguments(low, node)
    value = FunctionValue(info, cls.environment)
    if info.kind == "class":
        return call_function(low, value, [static("class", cls.unique, cls), *positional], keywords, cls)
    if info.kind == "static":
        return call_function(low, value, positional, keywords, cls)
    if not positional:
        return low.type_error(f"{cls.name}.{name}() missing 1 required positional argument: 'self'")
    receiver = positional[0]
    shape = receiver.type.only
    if isinstance(shape, InstanceShape):
        return invoke(low, receiver, shape.cls, info, positional[1:], keywords)
    raise low.refuse(node, f"`{cls.name}.{name}` called with something that is no {cls.name}")


def _made_of_items(low: Lowering, cls: ClassInfo, node: ast.Call) -> Operand:
    """`P._make(items)`."""
    from sovereign.migration.depyler.calls import evaluate_arguments
    from sovereign.migration.depyler.synthesis import field_list

    positional, _ = evaluate_arguments(low, node)
    shape = positional[0].type.only
    if isinstance(shape, TupleShape):
        return make(low, cls, low.tuple_parts(positional[0], shape), {})
    if not isinstance(shape, ListShape | SeqShape):
        raise low.refuse(node, "`_make` of something that is no list or tuple")
    item = low.contents(shape.cell) if isinstance(shape, ListShape) else shape.item
    held = low.named(positional[0], "items")
    count = len(field_list(cls))
    check = call("argument_check", rs.Method(held.expr, "len"), rs.Integer(count), rs.Integer(count), rs.Text("_make"))
    low.emit(rs.Evaluate(low.fallible(check)))
    return make(low, cls, [Operand(item, rs.Method(held.expr, "at", (rs.Integer(i),))) for i in range(count)], {})


def super_call(low: Lowering, node: ast.Call, name: str) -> Operand:
    """`super().name(...)`."""
    from sovereign.migration.depyler.calls import call_function, evaluate_arguments, invoke

    cls, own = low.info.cls, low.instance.self_class
    if cls is None or own is None:
        raise low.refuse(node, "`super()` outside of a method")
    order = own.mro()
    after = order[order.index(cls) + 1 :] if cls in order else []
    info = next((c.methods[name] for c in after if name in c.methods), None)
    positional, keywords = evaluate_arguments(low, node)
    if info is None:
        return _super_builtin(low, node, name, own, positional)
    if low.info.kind == "class":
        return call_function(
            low, FunctionValue(info, own.environment), [static("class", own.unique, own), *positional], keywords, own
        )
    return invoke(low, receiver_of(low), own, info, positional, keywords)


def super_attribute(low: Lowering, name: str) -> Operand:
    """`super().name`: a property, a method, or an attribute of a base."""
    from sovereign.migration.depyler.calls import invoke

    cls, own = low.info.cls, low.instance.self_class
    assert cls is not None
    assert own is not None
    order = own.mro()
    after = order[order.index(cls) + 1 :]
    owner = next((c for c in after if name in c.methods or name in c.constants), None)
    if owner is None:
        raise low.refuse(low.node, f"`super().{name}` of a builtin class")
    if name in owner.constants:
        return load_global(low, class_global(low, owner, name))
    info = owner.methods[name]
    if info.kind == "property":
        return invoke(low, receiver_of(low), own, info, [], {})
    raise low.refuse(low.node, f"the method `super().{name}` as a value")


def receiver_of(low: Lowering) -> Operand:
    """`self` in a method."""
    own = low.instance.self_class
    assert own is not None
    return low.held(Operand(Type((InstanceShape(own),)), rs.Name("self"), "ref"))


def _super_builtin(low: Lowering, node: ast.Call, name: str, own: ClassInfo, positional: list[Operand]) -> Operand:
    if name == "__init__":
        if is_exception(own):
            state = low.new_object
            if isinstance(state, InitState):
                state.arguments = [low.named(stored(low, o), "argument") for o in positional]
            else:
                vector = arguments_vector(low, positional)
                low.emit(rs.Evaluate(rs.Method(rs.Field(rs.Name("self"), "arguments"), "set", (vector,))))
        return Operand(NONE, rs.Tuple())
    if name in {"__str__", "__repr__"} and is_exception(own):
        from sovereign.migration.depyler.exceptions import instance_text

        return instance_text(low, receiver_of(low), repr_=name == "__repr__")
    if name in {"__init_subclass__", "__post_init__"}:
        return Operand(NONE, rs.Tuple())
    if name == "__eq__":
        return Operand(Type(), rs.MacroCall("unreachable"))
    raise low.refuse(node, f"`super().{name}` of a builtin class")


def returns_not_implemented(low: Lowering, receiver: Operand, name: str, other: Operand) -> bool:
    """Whether a binary method surely gives NotImplemented for the other operand: its first lines test the type."""
    shape = receiver.type.only
    assert isinstance(shape, InstanceShape)
    found = shape.cls.find_method(name)
    if found is None:
        return True
    node = found[1].node
    assert isinstance(node, ast.FunctionDef)
    if not any(isinstance(n, ast.Name) and n.id == "NotImplemented" for n in walk(node)):
        return False
    from sovereign.migration.depyler.calls import bind, request

    with low.capture():
        bound = bind(low, found[1], [receiver, other], {})
    if isinstance(bound, Operand):
        return False
    instance = request(low, FunctionValue(found[1], shape.cls.environment), bound, shape.cls)
    result = instance.result.read(low.instance)
    declines = bool(instance.memory.get("not implemented"))
    if declines and not result.never and _has_counterpart(name, shape.cls, other):
        raise low.refuse(low.node, f"`NotImplemented` that depends on values, from `{shape.cls.name}.{name}`")
    return result.never and declines


def _has_counterpart(name: str, cls: ClassInfo, other: Operand) -> bool:
    """Whether the class of the other operand has the operator from its side."""
    shape = other.type.only
    if not isinstance(shape, InstanceShape) or shape.cls is cls:
        return False
    backward = next((names[1] for names in DUNDERS.values() if names[0] == name), "")
    return bool(backward) and shape.cls.find_method(backward) is not None


# enums


def enum_member(cls: ClassInfo, name: str) -> Operand:
    """A member of an enum."""
    return Operand(Type((InstanceShape(cls),)), rs.Name(f"{cls.unique}::{variant(name)}"), "value", constant=None)


def variant(name: str) -> str:
    """The Rust variant of a member."""
    words = [word for word in name.split("_") if word]
    joined = "".join(word[:1].upper() + word[1:].lower() for word in words)
    return joined if joined and not joined[0].isdigit() else f"Member{joined}"


def enum_attribute(low: Lowering, operand: Operand, cls: ClassInfo, name: str) -> Operand:
    """`.name` and `.value` of a member, and its other attributes."""
    if name in {"name", "_name_"}:
        return Operand(STR, rs.Method(low.own(operand), "name"))
    if name in {"value", "_value_"}:
        return Operand(enum_value_type(low, cls), rs.Method(low.own(operand), "value"))
    if cls.enum_members and name in cls.enum_members:
        return enum_member(cls, name)
    if name == "__class__":
        return static("class", cls.unique, cls)
    if name.startswith("__"):
        raise low.refuse(low.node, f"the attribute `{name}` of a member of an enum")
    return low.type_error(f"'{cls.name}' object has no attribute '{name}'", "ATTRIBUTE_ERROR")


def enum_values(low: Lowering, cls: ClassInfo) -> list[tuple[str, Operand]]:
    """Members with their values; `auto()` counts."""
    result: list[tuple[str, Operand]] = []
    last = 0
    for name, node in (cls.enum_members or {}).items():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            word = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if word == "auto":
                text = cls.builtin_root() == "StrEnum"
                last = last * 2 if cls.builtin_root() in {"Flag", "IntFlag"} and last else last + 1
                constant = ast.Constant(name.lower() if text else last)
                result.append((name, low.expression(ast.copy_location(constant, node))))
                continue
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            last = node.value
        result.append((name, stored(low, low.expression(node))))
    return result


def enum_value_type(low: Lowering, cls: ClassInfo) -> Type:
    """The type of `.value`."""
    from sovereign.migration.depyler.types import join_all

    cached = low.program.statics.get(f"enum type {cls.unique}")
    if cached is None:
        with low.capture():
            cached = join_all(operand.type for _, operand in enum_values(low, cls))
        low.program.statics[f"enum type {cls.unique}"] = cached
    return cached  # type: ignore[return-value]


def _enum_by_value(low: Lowering, cls: ClassInfo, positional: list[Operand]) -> Operand:
    if len(positional) != 1:
        raise low.refuse(low.node, f"`{cls.name}(...)` with other than one value")
    wanted = enum_value_type(low, cls)
    type_ = Type((InstanceShape(cls),))
    if not set(positional[0].type.tags()) <= set(wanted.tags()):
        raise low.refuse(low.node, f"`{cls.name}(...)` with a value of another type than its members have")
    value = low.convert(positional[0], wanted)
    return Operand(type_, low.fallible(call(f"{cls.unique}::from_value", rs.Borrow(value))))


# attributes of builtin bases


def special_attribute(low: Lowering, operand: Operand, cls: ClassInfo, name: str) -> Operand | None:
    """`__class__`, `__dict__`, and what exceptions have."""
    if name == "__class__":
        return static("class", cls.unique, cls)
    if is_exception(cls) and name == "args":
        from sovereign.migration.depyler.exceptions import ARGUMENT

        vector = rs.Method(rs.Field(low.receiver(operand), "arguments"), "get")
        return Operand(seq_of(ARGUMENT), call("Seq::from", vector))
    if is_exception(cls) and name in {"__cause__", "__context__", "__suppress_context__", "__traceback__", "__notes__"}:
        raise low.refuse(low.node, f"`{name}` of an exception of the program that is caught as such")
    if name == "__dict__":
        raise low.refuse(low.node, "`__dict__`")
    del operand
    return None


def builtin_instance_method(low: Lowering, receiver: Operand, name: str, node: ast.Call) -> Operand | None:
    """Methods that objects have without defining them."""
    shape = receiver.type.only
    assert isinstance(shape, InstanceShape)
    if shape.cls.named_tuple and name == "_replace":
        from sovereign.migration.depyler.calls import evaluate_arguments
        from sovereign.migration.depyler.synthesis import field_list

        held = low.named(receiver, "original")
        _, keywords = evaluate_arguments(low, node)
        from sovereign.migration.depyler.attributes import attribute

        values = [keywords.get(f.name) or attribute(low, held, f.name) for f in field_list(shape.cls)]
        return make(low, shape.cls, values, {})
    return None


def as_plain_tuple(low: Lowering, operand: Operand) -> Operand:
    """A named tuple as the tuple of its fields; other operands as they are."""
    shape = operand.type.only
    if not isinstance(shape, InstanceShape) or not shape.cls.named_tuple:
        return operand
    from sovereign.migration.depyler.attributes import attribute
    from sovereign.migration.depyler.expressions import make_tuple
    from sovereign.migration.depyler.synthesis import field_list

    held = low.named(operand, "row")
    return make_tuple(low, [attribute(low, held, field.name) for field in field_list(shape.cls)])


def local_class(low: Lowering, node: ast.ClassDef) -> None:
    """A class statement: class attributes are evaluated here."""
    from sovereign.migration.depyler.decorators import check_class

    cls = low.module.classes.get(node.name) if not low.info.scope.is_function else None
    if cls is None:
        cls = _nested_class(low, node)
    check_class(low, cls)
    for name in cls.constants:
        if name in cls.undeclared:
            continue
        if cls.enum_members is not None or (cls.dataclass is not None and _is_field_default(cls, name)):
            continue
        variable = class_global(low, cls, name)
        if variable.constant is not None:
            continue
        value = stored(low, _in_class(low, cls, cls.constants[name]))
        variable.cell.join(value.type)
        converted = low.put(value, variable.cell)
        low.emit(rs.Evaluate(rs.Method(rs.Name(variable.rust_name), "set", (converted,)), low.line))


def _in_class(low: Lowering, cls: ClassInfo, node: ast.expr) -> Operand:
    """The value of a class attribute; names are first those of the class."""

    class Own(ast.NodeTransformer):
        def visit_Name(self, inner: ast.Name) -> ast.expr:
            if inner.id not in cls.constants or not isinstance(inner.ctx, ast.Load):
                return inner
            owner = ast.copy_location(ast.Name(cls.name, ast.Load()), inner)
            return ast.copy_location(ast.Attribute(owner, inner.id, ast.Load()), inner)

    found = low.instance.memory.get(("class attribute", node))
    if not isinstance(found, ast.expr):
        found = Own().visit(copy.deepcopy(node))
        low.instance.memory["class attribute", node] = found
    return low.expression(found)


def _is_field_default(cls: ClassInfo, name: str) -> bool:
    return any(
        isinstance(s, ast.AnnAssign)
        and isinstance(s.target, ast.Name)
        and s.target.id == name
        and "ClassVar" not in ast.unparse(s.annotation)
        for s in cls.node.body
    )


def _nested_class(low: Lowering, node: ast.ClassDef) -> ClassInfo:
    from sovereign.migration.depyler.collect import class_info

    key = ("class", node)
    found = low.instance.memory.get(key)
    if not isinstance(found, ClassInfo):
        found = class_info(node, low.info.scope.children[node], low.module, low.program)
        found.environment = low.instance if low.info.scope.is_function else None
        low.instance.memory[key] = found
        _resolve_local(low, found)
    operand = static("class", found.unique, found)
    low.define(node.name, find_web(low, node, node.name), operand)
    if not low.info.scope.is_function:
        low.module.imports[node.name] = operand
    return found


def _resolve_local(low: Lowering, cls: ClassInfo) -> None:
    for base in cls.node.bases:
        known = low.instance.memory.get(("definition", getattr(base, "id", "")))
        if isinstance(known, Operand) and known.static is not None and isinstance(known.static.what, ClassInfo):
            low.module.imports.setdefault(base.id, known)  # type: ignore[attr-defined]
    resolve_classes(low.program)
