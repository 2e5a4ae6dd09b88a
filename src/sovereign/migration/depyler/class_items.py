"""Classes, enums of the program, statics: items of the Rust tree that no function is.

Enters: a solved program. Leaves: structs with their `impl`, enums for values of several types, statics for variables
that functions share.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from sovereign.migration.depyler.attributes import field_kind
from sovereign.migration.depyler.classes import enum_values, is_exception, simple_init, variant
from sovereign.migration.depyler.enum_values import VALUE_TEXT, mixed_in
from sovereign.migration.depyler.exceptions import class_kind, kind_of
from sovereign.migration.depyler.functions import maker_name, wrap_field
from sovereign.migration.depyler.lowering import Lowering, Operand, safe_name
from sovereign.migration.depyler.operators import call
from sovereign.migration.depyler.rust_types import default_value, rust
from sovereign.migration.depyler.types import BOOL, NONE, STR, Type
from sovereign.migration.rust import tree as rs

if TYPE_CHECKING:
    from sovereign.migration.depyler.program import ClassInfo, Global, Instance, Program

__all__ = ["class_items", "global_item", "union_item"]

_OWN = rs.RefType(rs.NamedType("Rc", (rs.NamedType("Self"),)))
_FIELD_TYPES = {"cell": "Cell", "field": "Field", "late": "Late"}


def global_item(program: Program, variable: Global) -> rs.Static:
    """The static of a variable that functions share."""
    type_ = rs.NamedType("Global", (rust(variable.cell.read(None), program),))
    return rs.Static(variable.rust_name, type_, call("Global::new", rs.Text(variable.name)))


def union_item(program: Program, name: str, type_: Type, variants: dict[str, str]) -> list[rs.Item]:
    """An enum for a value of several types, and that it is an object."""
    made = tuple(rs.Variant(variants[s.tag], (rust(Type((s,)), program),)) for s in type_)
    docs = "Any of " + ", ".join(_word(s.tag) for s in type_) + "."
    enum = rs.Enum(name, made, docs=docs, attributes=(rs.Attribute("derive(Clone)"),))
    listed = tuple(rs.Name(v.name) for v in made)
    items: list[rs.Item] = [enum, rs.MacroItem("union_object", (rs.Name(name), *listed))]
    if type_.tags() <= {"int", "float", "bool"}:
        items.append(rs.MacroItem("number_order", (rs.Name(name), *listed)))
    if frozenset(type_.tags()) in program.statics.get("ordered objects", set()):  # type: ignore[operator]
        items.append(_union_order(program, name, type_, variants))
    items.extend(_json_items(program, name, type_, listed))
    return items


def _union_order(program: Program, name: str, type_: Type, variants: dict[str, str]) -> rs.Impl:
    """The order of objects of several classes, from the `__lt__` that each has."""
    from sovereign.migration.depyler.calls import call_method

    assert program.main is not None
    low = Lowering(program.main)
    arms = []
    for left in type_:
        for right in type_:
            sides = [Operand(Type((shape,)), rs.Name(n), "ref") for shape, n in ((left, "a"), (right, "b"))]
            first, second = (_lesser(call_method(low, x, "__lt__", [y]).expr) for x, y in (sides, reversed(sides)))
            pattern = rs.TuplePattern(
                tuple(
                    rs.VariantPattern(f"{name}::{variants[s.tag]}", (rs.Bind(n),))
                    for s, n in ((left, "a"), (right, "b"))
                )
            )
            arms.append(rs.Arm(pattern, call("order_of", first, second)))
    own = rs.RefType(rs.NamedType("Self"))
    result = rs.NamedType("Option", (rs.NamedType("core::cmp::Ordering"),))
    body = rs.Match(rs.Tuple((rs.Name("self"), rs.Name("other"))), tuple(arms))
    function = rs.Function("compare", (rs.SelfParameter(), rs.Parameter("other", own)), result, rs.Block((), body))
    return rs.Impl(rs.NamedType(name), (function,), trait=rs.NamedType("Ordered"))


def _lesser(expr: rs.Expression) -> rs.Expression:
    return call("answered", expr.operand) if isinstance(expr, rs.TryOperator) else expr


def _json_items(program: Program, name: str, type_: Type, listed: tuple[rs.Name, ...]) -> list[rs.Item]:
    """How the enum is read from and written as JSON, where the program does so."""
    from sovereign.migration.depyler.library.json import jsonable

    assert program.main is not None
    made: list[rs.Item] = []
    if type_.tags() == {"bool", "int", "float", "str", "list", "dict"} and "json value" in program.statics:
        made.append(rs.MacroItem("json_value", (rs.Name(name),)))
    if "writes json" in program.statics and jsonable(Lowering(program.main), type_):
        made.append(rs.MacroItem("json_written", (rs.Name(name), *listed)))
    return made


def _word(tag: str) -> str:
    return f"`{tag.removeprefix('instance ')}`"


def class_items(program: Program, cls: ClassInfo, instances: list[Instance]) -> list[rs.Item]:
    """The items of a class: struct, methods, and how objects print and compare."""
    assert program.main is not None
    low = Lowering(program.main)
    if cls.enum_members is not None:
        return _enum(low, cls, instances)
    fields = []
    for field in cls.fields.values():
        kind = field_kind(low, cls, field)
        type_ = rust(field.cell.read(None), program)
        if kind in _FIELD_TYPES:
            type_ = rs.NamedType(_FIELD_TYPES[kind], (type_,))
        fields.append(rs.FieldDeclaration(safe_name(field.name, program), type_))
    if is_exception(cls):
        fields.append(
            rs.FieldDeclaration("arguments", rs.NamedType("Field", (rs.NamedType("Vec", (rs.NamedType("Argument"),)),)))
        )
    docs = ast.get_docstring(cls.node) or ""
    if is_exception(cls) and not cls.made and not instances:
        return [_kind_static(cls)]
    items: list[rs.Item] = [rs.Struct(cls.unique, tuple(fields), docs=docs, line=cls.node.lineno)]
    methods = [i.item for i in instances if i.item is not None]
    maker = _maker(low, cls, instances)
    all_methods = (*maker, *methods)
    if is_exception(cls):
        items.append(_kind_static(cls))
        all_methods = (*all_methods, *_raised(cls))
    if all_methods:
        items.append(rs.Impl(rs.NamedType(cls.unique), all_methods))
    items.append(_protocol(low, cls))
    order = _order(low, cls)
    if order is not None:
        items.append(order)
    return items


def _maker(low: Lowering, cls: ClassInfo, instances: list[Instance]) -> list[rs.Function]:
    """`new` where `__init__` does not give it: without one, and where it is run on a blank object."""
    found = cls.find_method("__init__")
    if found is not None and simple_init(cls):
        return []
    result = rs.NamedType("Rc", (rs.NamedType(cls.unique),))
    if found is None:
        fields = [
            (safe_name(f.name, low.program), wrap_field(field_kind(low, cls, f), None)) for f in cls.fields.values()
        ]
        parameters: tuple[rs.Parameter, ...] = ()
        if is_exception(cls):
            fields.append(("arguments", call("Field::new", rs.Name("arguments"))))
            parameters = (rs.Parameter("arguments", rs.NamedType("Vec", (rs.NamedType("Argument"),))),)
        made = call("Rc::new", rs.StructLiteral(cls.unique, tuple(fields)))
        return [rs.Function("new", parameters, result, rs.Block((), made))]
    return [m for i in instances if i.info is found[1] for m in [_blank_maker(low, cls, i)]]


def _blank_maker(low: Lowering, cls: ClassInfo, instance: Instance) -> rs.Function:
    item = instance.item
    assert item is not None
    fields = []
    for field in cls.fields.values():
        kind = field_kind(low, cls, field)
        begin = None if kind == "late" else default_value(field.cell.read(None), low.program)
        fields.append((safe_name(field.name, low.program), wrap_field(kind, begin)))
    if is_exception(cls):
        fields.append(("arguments", call("Field::new", call("Vec::new"))))
    made = call("Rc::new", rs.StructLiteral(cls.unique, tuple(fields)))
    parameters = tuple(p for p in item.parameters if isinstance(p, rs.Parameter))
    arguments = tuple(rs.Name(p.name) for p in parameters)
    init: rs.Expression = rs.Method(rs.Name("this"), item.name, arguments)
    result: rs.Type = rs.NamedType("Rc", (rs.NamedType(cls.unique),))
    value: rs.Expression = rs.Name("this")
    if instance.raises:
        init = rs.TryOperator(init)
        result = rs.NamedType("Result", (result, rs.NamedType("Exc")))
        value = call("Ok", value)
    body = rs.Block((rs.Let(rs.Bind("this"), None, made), rs.Evaluate(init)), value)
    return rs.Function(maker_name(instance), tuple(rs.Parameter(p.name, p.type) for p in parameters), result, body)


# protocol


def _instance_of(cls: ClassInfo, name: str) -> Instance | None:
    found = cls.instances.get(name)
    return found[0] if found and found[0].item is not None else None


def _asked(instance: Instance, value: rs.Expression) -> rs.Expression:
    """The answer of a method that is asked where no error can be handed on: an error ends the program, as uncaught."""
    return call("answered", value) if instance.raises else value


def _checked(low: Lowering, cls: ClassInfo, instance: Instance, name: str) -> str:
    """The Rust name of a method that containers call; it can neither raise nor need the counted pointer."""
    del low, cls
    return instance.rust_name or name


def _protocol(low: Lowering, cls: ClassInfo) -> rs.Impl:
    """`impl Class for X`: what `print`, `==` and containers ask."""
    functions: list[rs.Function] = []
    out = rs.Parameter("out", rs.RefType(rs.NamedType("String"), mutable=True))
    for name, method in (("__repr__", "repr_into"), ("__str__", "str_into")):
        instance = _instance_of(cls, name)
        if instance is not None:
            text = _asked(instance, rs.Method(rs.Name("self"), _checked(low, cls, instance, name)))
            given = instance.result.read(None)
            if given == STR.join(NONE):
                message = rs.Text(f"{name} returned non-string (type NoneType)")
                error = rs.Closure((), call("Exc::new", rs.Borrow(rs.Name("TYPE_ERROR")), message))
                text = call("answered", rs.Method(text, "ok_or_else", (error,)))
            elif given != STR:
                continue
            push = rs.Method(rs.Name("out"), "push_str", (rs.Borrow(text),))
            functions.append(
                rs.Function(method, (rs.SelfParameter(type=_OWN), out), None, rs.Block((rs.Evaluate(push),)))
            )
    functions.extend(_comparing(low, cls))
    if is_exception(cls):
        functions.extend(_exception_text(functions))
    constant = rs.Constant("NAME", rs.RefType(rs.NamedType("str"), lifetime="static"), rs.Text(cls.name))
    return rs.Impl(rs.NamedType(cls.unique), (constant, *functions), trait=rs.NamedType("Class"))


def _exception_text(present: list[rs.Function]) -> list[rs.Function]:
    out = rs.Parameter("out", rs.RefType(rs.NamedType("String"), mutable=True))
    made = []
    names = {f.name for f in present}
    for method, source in (("repr_into", "argument_repr"), ("str_into", "argument_text")):
        if method not in names:
            text = rs.Method(rs.Name("self"), source)
            push = rs.Method(rs.Name("out"), "push_str", (rs.Borrow(text),))
            made.append(rs.Function(method, (rs.SelfParameter(type=_OWN), out), None, rs.Block((rs.Evaluate(push),))))
    return made


def _comparing(low: Lowering, cls: ClassInfo) -> list[rs.Function]:
    functions = []
    equal = _instance_of(cls, "__eq__")
    if equal is not None and equal.result.read(None) == BOOL:
        same = _asked(equal, rs.Method(rs.Name("self"), _checked(low, cls, equal, "__eq__"), (rs.Name("other"),)))
        functions.append(
            rs.Function(
                "same_as",
                (rs.SelfParameter(type=_OWN), rs.Parameter("other", _OWN)),
                rs.NamedType("bool"),
                rs.Block((), same),
            )
        )
    hashed = _instance_of(cls, "__hash__")
    if hashed is not None:
        value = _asked(hashed, rs.Method(rs.Name("self"), _checked(low, cls, hashed, "__hash__")))
        value = rs.Method(value, "hash")
        functions.append(
            rs.Function("hash_code", (rs.SelfParameter(type=_OWN),), rs.NamedType("u64"), rs.Block((), value))
        )
    for name in ("__bool__", "__len__"):
        found = _instance_of(cls, name)
        if found is not None:
            truth = _asked(found, rs.Method(rs.Name("self"), _checked(low, cls, found, name)))
            if name == "__len__":
                truth = rs.Method(truth, "truth")
            functions.append(
                rs.Function("is_true", (rs.SelfParameter(type=_OWN),), rs.NamedType("bool"), rs.Block((), truth))
            )
            break
    return functions


def _order(low: Lowering, cls: ClassInfo) -> rs.Impl | None:
    """`impl ClassOrder`: from `__lt__`, or from `__gt__` the other way round."""
    less, greater = _instance_of(cls, "__lt__"), _instance_of(cls, "__gt__")
    chosen = less or greater
    if chosen is None or chosen.result.read(None) != BOOL:
        return None
    name = _checked(low, cls, chosen, "__lt__")
    left, right = (rs.Name("self"), rs.Name("other")) if less is not None else (rs.Name("other"), rs.Name("self"))
    test = _asked(chosen, rs.Method(left, name, (right,)))
    function = rs.Function(
        "comes_before",
        (rs.SelfParameter(type=_OWN), rs.Parameter("other", _OWN)),
        rs.NamedType("bool"),
        rs.Block((), test),
    )
    return rs.Impl(rs.NamedType(cls.unique), (function,), trait=rs.NamedType("ClassOrder"))


# exceptions


def _kind_static(cls: ClassInfo) -> rs.Static:
    base = next((b for b in cls.bases if is_exception(b)), None)
    parent = class_kind(base) if base is not None else kind_of(cls.builtin_root())
    made = call("Kind::new", rs.Text(cls.name), rs.Borrow(rs.Name(parent)))
    return rs.Static(class_kind(cls), rs.NamedType("Kind"), made)


def _raised(cls: ClassInfo) -> list[rs.Function]:
    """The object as `Exc`, and its text from its arguments."""
    arguments = rs.Method(rs.Field(rs.Name("self"), "arguments"), "get")
    carried = call("Exc::carrying", rs.Borrow(rs.Name(class_kind(cls))), arguments, rs.Method(rs.Name("self"), "clone"))
    raised = rs.Function("raised", (rs.SelfParameter(type=_OWN),), rs.NamedType("Exc"), rs.Block((), carried))
    made = [raised]
    for name in ("argument_text", "argument_repr"):
        kind = rs.Text(cls.name)
        body = call(
            f"{name}_of",
            rs.Borrow(rs.Method(rs.Field(rs.Name("self"), "arguments"), "get")),
            *((kind,) if name == "argument_repr" else ()),
        )
        made.append(rs.Function(name, (rs.SelfParameter(),), rs.NamedType("Str"), rs.Block((), body)))
    return made


# enums of Python


def _enum(low: Lowering, cls: ClassInfo, instances: list[Instance]) -> list[rs.Item]:
    members = enum_values(low, cls)
    derive = rs.Attribute("derive(Clone, Copy, PartialEq, Eq)")
    variants = tuple(rs.Variant(variant(name)) for name, _ in members)
    enum = rs.Enum(
        cls.unique, variants, docs=ast.get_docstring(cls.node) or "", attributes=(derive,), line=cls.node.lineno
    )
    type_ = Type()
    for _, operand in members:
        type_ = type_.join(operand.type)
    own = rs.SelfParameter(borrowed=False)

    def matched(values: list[rs.Expression]) -> rs.Block:
        arms = tuple(
            rs.Arm(rs.VariantPattern(f"Self::{variant(n)}"), v) for (n, _), v in zip(members, values, strict=True)
        )
        return rs.Block((), rs.Match(rs.Name("self"), arms))

    names = [call("Str::literal", rs.Text(name)) for name, _ in members]
    values = [low.convert(operand, type_) for _, operand in members]
    everything = rs.Array(tuple(rs.Name(f"Self::{variant(n)}") for n, _ in members))
    all_members = rs.Constant("ALL", rs.ArrayType(rs.NamedType("Self"), rs.Integer(len(members))), everything)
    functions: list[rs.Function | rs.Constant] = [
        all_members,
        rs.Function("name", (own,), rs.NamedType("Str"), matched(names)),
        rs.Function("value", (own,), low.rust(type_), matched(values)),
    ]
    functions.extend(_lookups(low, cls, type_))
    methods = [i.item for i in instances if i.item is not None]
    items: list[rs.Item] = [enum, rs.Impl(rs.NamedType(cls.unique), (*functions, *methods))]
    items.append(_enum_object(low, cls, type_))
    if mixed_in(cls):
        items.append(_enum_order(cls))
    return items


def _enum_order(cls: ClassInfo) -> rs.Impl:
    """The order of members that also are numbers or text: that of their values."""
    own, others = (rs.Method(rs.Name(name), "value") for name in ("self", "other"))
    values = rs.Method(own, "compare", (rs.Borrow(others),))
    other = rs.Parameter("other", rs.RefType(rs.NamedType("Self")))
    result = rs.NamedType("Option", (rs.NamedType("core::cmp::Ordering"),))
    function = rs.Function("compare", (rs.SelfParameter(), other), result, rs.Block((), values))
    return rs.Impl(rs.NamedType(cls.unique), (function,), trait=rs.NamedType("Ordered"))


def _lookups(low: Lowering, cls: ClassInfo, type_: Type) -> list[rs.Function]:
    result = rs.NamedType("Result", (rs.NamedType("Self"), rs.NamedType("Exc")))
    value = rs.Parameter("value", rs.RefType(low.rust(type_)))
    shown = rs.MacroCall("format", (rs.Text(f"{{}} is not a valid {cls.name}"), call("repr", rs.Name("value"))))
    missing = call("Err", call("Exc::new", rs.Borrow(rs.Name("VALUE_ERROR")), shown))
    member = rs.Name("member")
    same = rs.Method(rs.Method(member, "value"), "equals", (rs.Name("value"),))
    found = rs.If(same, rs.Block((rs.Evaluate(rs.Return(call("Ok", member))),)))
    loop = rs.For(rs.Bind("member"), rs.Name("Self::ALL"), rs.Block((rs.Evaluate(found),)))
    from_value = rs.Function("from_value", (value,), result, rs.Block((loop,), missing))
    name = rs.Parameter("name", rs.RefType(rs.NamedType("Str")))
    unknown = call("Err", call("Exc::missing_key", rs.Name("name")))
    same_name = rs.Binary("==", rs.Method(member, "name"), rs.Deref(rs.Name("name")))
    found_name = rs.If(same_name, rs.Block((rs.Evaluate(rs.Return(call("Ok", member))),)))
    loop_name = rs.For(rs.Bind("member"), rs.Name("Self::ALL"), rs.Block((rs.Evaluate(found_name),)))
    return [from_value, rs.Function("from_name", (name,), result, rs.Block((loop_name,), unknown))]


def _enum_object(low: Lowering, cls: ClassInfo, type_: Type) -> rs.Item:
    """`impl Object` of an enum: `<Color.RED: 1>` and `Color.RED`."""
    out = rs.Parameter("out", rs.RefType(rs.NamedType("String"), mutable=True))
    root = cls.builtin_root()
    text = f"<{cls.name}.{{}}: {{}}>"
    own_repr, own_str = _instance_of(cls, "__repr__"), _instance_of(cls, "__str__")
    shown: rs.Expression = rs.MacroCall(
        "format",
        (
            rs.Text(text),
            rs.Method(rs.Name("self"), "name"),
            call("repr", rs.Borrow(rs.Method(rs.Name("self"), "value"))),
        ),
    )
    if own_repr is not None:
        shown = rs.Method(rs.Name("self"), own_repr.rust_name or "__repr__")
    plain: rs.Expression = rs.MacroCall("format", (rs.Text(f"{cls.name}.{{}}"), rs.Method(rs.Name("self"), "name")))
    if own_str is not None:
        plain = rs.Method(rs.Name("self"), own_str.rust_name or "__str__")
    elif root in VALUE_TEXT:
        plain = rs.MacroCall("format", (rs.Text("{}"), call("show", rs.Borrow(rs.Method(rs.Name("self"), "value")))))

    def push(value: rs.Expression) -> rs.Block:
        return rs.Block((rs.Evaluate(rs.Method(rs.Name("out"), "push_str", (rs.Borrow(value),))),))

    other = rs.Parameter("other", rs.RefType(rs.NamedType("Self")))
    functions = (
        rs.Function("write_repr", (rs.SelfParameter(), out), None, push(shown)),
        rs.Function("write_str", (rs.SelfParameter(), out), None, push(plain)),
        rs.Function(
            "equals",
            (rs.SelfParameter(), other),
            rs.NamedType("bool"),
            rs.Block((), rs.Binary("==", rs.Name("self"), rs.Name("other"))),
        ),
        rs.Function(
            "hash",
            (rs.SelfParameter(),),
            rs.NamedType("u64"),
            rs.Block((), rs.Method(rs.Method(rs.Name("self"), "name"), "hash")),
        ),
        rs.Function(
            "type_name",
            (rs.SelfParameter(),),
            rs.RefType(rs.NamedType("str"), lifetime="static"),
            rs.Block((), rs.Text(cls.name)),
        ),
    )
    del low, type_
    return rs.Impl(rs.NamedType(cls.unique), functions, trait=rs.NamedType("Object"))
